"""`models`: list the pairs in this repository and whether they are on disk, and the public pairs and whether they fit
into this machine's memory; `models fetch NAME`: fetch the models of a public pair. Imports torch only to fetch, or if
there may be a GPU."""

import argparse
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from specdec.catalog import memory
from specdec.catalog.hub import CONTEXT
from specdec.catalog.pairs import PAIRS, PairEntry, best, is_model, parameters
from specdec.device import memory as machine_memory
from specdec.errors import UserError
from specdec.messages import Words
from specdec.paths import ASSETS
from specdec.views import tables, terminal

FETCH = "fetch"
EXAMPLES = ("models", "models fetch smollm2-135m", "models --json")
GPUS = ("/dev/nvidia0", "/dev/dxg", "/dev/kfd")  # device files of NVIDIA, WSL and AMD


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    fetching = parser.add_argument_group(words.say("cli.group_fetch"))
    fetching.add_argument("action", nargs="?", choices=(FETCH,), help=words.say("cli.models_action"))
    fetching.add_argument("names", nargs="*", metavar="NAME", help=words.say("cli.models_names"))
    output = parser.add_argument_group(words.say("cli.group_output"))
    output.add_argument("--json", action="store_true", help=words.say("cli.json_models"))


def main(options: argparse.Namespace, words: Words) -> int:
    return _fetch(options.names, words) if options.action == FETCH else _list(options, words)


def _fetch(names: list[str], words: Words) -> int:
    """Fetch the models of public pairs. Raises UserError for an unknown name and for models that cannot be had."""
    for name in names:
        if name not in PAIRS:
            raise UserError("errors.pair_unknown", value=name, choices=", ".join(PAIRS))
    if not names:
        raise UserError("cli.fetch_nothing", choices=", ".join(one.name for one in PAIRS.values() if one.is_public))
    from specdec.models.fetching import fetch

    for source in dict.fromkeys(source for name in names for source in PAIRS[name].sources):
        if not Path(source).exists():
            print(terminal.one_line(words.render(fetch(source))), file=sys.stderr, flush=True)
    return 0


def _list(options: argparse.Namespace, words: Words) -> int:
    shipped = [_pair(entry) for entry in PAIRS.values() if not entry.is_public]
    device, free = this_machine()
    public = [_public(entry, device, free, words) for entry in PAIRS.values() if entry.is_public]
    if options.json:
        print(terminal.tame_json(json.dumps(shipped + public, ensure_ascii=False, indent=2)))
    else:
        sys.stdout.write(tables.models(shipped, words) + "\n" + tables.public_models(public, words))
    return 0


def _pair(entry: PairEntry) -> dict[str, Any]:
    drafts = {name: described(folder) for name, folder in entry.drafts.items()}
    models = {"target": described(entry.target), "draft": entry.draft and described(entry.draft), "drafts": drafts}
    facts = {"draft_length": entry.draft_length, "tasks": entry.tasks, "on_disk": entry.on_disk}
    return {"name": entry.name, **facts, **models}


def _public(entry: PairEntry, device: str, free: int | None, words: Words) -> dict[str, Any]:
    """The keys of `_pair`, and what there is to know before anything is fetched. Which tasks such a pair knows is not
    known; `fits` is null where nobody tells what is free."""
    need = memory.needed(entry.sources, device)
    fits = None if free is None else need.size <= free
    room = {
        "device": device,
        "place": words.render(memory.place(device)),
        "dtype": need.dtype,
        "context_tokens": CONTEXT,
    }
    room |= {"needed_bytes": need.size, "free_bytes": free, "fits": fits}
    models = [_published(source) for source in entry.sources]
    why = words.say(f"catalog.{entry.name.replace('-', '_').replace('.', '_')}")
    return {**_pair(entry), "tasks": None, "drafter": best(entry), "memory": room, "models": models, "why": why}


def _published(source: str) -> dict[str, Any]:
    model = memory.KNOWN[source]
    terms = {"licence": model.licence, "gated": model.gated, "dtype": model.dtype}
    return {"location": source, "parameters": model.parameters, **terms}


def this_machine() -> tuple[str, int | None]:
    """The kind of device that runs use by default, and its free memory in bytes (None: not known)."""
    may_have_gpu = platform.system() == "Darwin" or shutil.which("nvidia-smi") or any(map(os.path.exists, GPUS))
    if not may_have_gpu:
        return "cpu", machine_memory.main_memory()
    from specdec.models.loading import pick_device

    device = pick_device("auto")
    return device.type, machine_memory.free(device)


def described(source: str) -> dict[str, Any]:
    """The facts of a model: of a folder what is on disk; of a hub id what is published, whether or not the hub's cache
    holds it."""
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
