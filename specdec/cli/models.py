"""`models`: the pairs that ship with the project, as they are on this disk. Needs no torch."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from specdec.models.catalog import PAIRS, PairEntry, is_model, parameters
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
    drafts = {name: _model(folder) for name, folder in entry.drafts.items()}
    models = {"target": _model(entry.target), "draft": _model(entry.draft), "drafts": drafts}
    facts = {"draft_length": entry.draft_length, "tasks": entry.tasks, "on_disk": entry.on_disk}
    return {"name": entry.name, **facts, **models}


def _model(source: str) -> dict[str, Any]:
    """A folder's facts; a hub id has its location only, since what the hub's cache holds is the hub's business."""
    folder = Path(source)
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        "location": _location(source),
        "parameters": parameters(source),
        "size_bytes": sum(file.stat().st_size for file in files),
        "on_disk": is_model(source),
    }


def _location(source: str) -> str:
    root = ASSETS.parent
    return str(Path(source).relative_to(root)) if Path(source).is_relative_to(root) else source
