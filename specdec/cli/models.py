"""`models`: the pairs that ship with the project, as they are on this disk. Needs no torch."""

import argparse
import json
import math
import struct
import sys
from pathlib import Path
from typing import Any

from specdec.models.catalog import PAIRS, PairEntry
from specdec.views import tables, terminal
from specdec.words import ASSETS, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=say("cli.json_models"))


def main(options: argparse.Namespace) -> int:
    pairs = [_pair(entry) for entry in PAIRS.values()]
    if options.json:
        print(terminal.tame_json(json.dumps(pairs, ensure_ascii=False, indent=2)))
    else:
        sys.stdout.write(tables.models(pairs))
    return 0


def _pair(entry: PairEntry) -> dict[str, Any]:
    models = {"target": _model(entry.target), "draft": _model(entry.draft)}
    return {"name": entry.name, "draft_length": entry.draft_length, "on_disk": entry.on_disk, **models}


def _model(source: str) -> dict[str, Any]:
    """A folder's facts; a hub id has its location only, since what the hub's cache holds is the hub's business."""
    folder = Path(source)
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        "location": _location(source),
        "parameters": _parameters(folder),
        "size_bytes": sum(file.stat().st_size for file in files),
        "on_disk": (folder / "config.json").is_file(),
    }


def _location(source: str) -> str:
    root = ASSETS.parent
    return str(Path(source).relative_to(root)) if Path(source).is_relative_to(root) else source


def _parameters(folder: Path) -> int | None:
    """The numbers that the weight files name in their heads; None where there are none."""
    shapes = [shape for file in folder.glob("*.safetensors") for shape in _shapes(file)]
    return sum(map(math.prod, shapes)) or None


def _shapes(file: Path) -> list[list[int]]:
    """Shapes of the tensors in a safetensors file: eight bytes of length, then a JSON object, then the data.

    None of them for a file that is no such thing, as a Git LFS pointer.
    """
    with file.open("rb") as data:
        try:
            (length,) = struct.unpack("<Q", data.read(8))
            head = json.loads(data.read(min(length, file.stat().st_size)))
        except (ValueError, struct.error):
            return []
    return [tensor["shape"] for name, tensor in head.items() if name != "__metadata__"]
