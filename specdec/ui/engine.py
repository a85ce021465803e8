"""The door from the page to the engine, opened late: torch is imported by the first run or by the warm-up."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

import specdec
from specdec.catalog.pairs import EMBEDDED, PAIRS, is_model, knowing
from specdec.errors import UserError
from specdec.messages import say
from specdec.settings import Settings
from specdec.trace import Header

if TYPE_CHECKING:
    from specdec.models.pair import Pair

log = logging.getLogger(__name__)
ENTRIES = tuple(PAIRS[name] for name in EMBEDDED)  # the default first
_loading = Lock()
_warming = Lock()


def tasks() -> tuple[str, ...]:
    """All that the embedded pairs have learned."""
    return tuple(task for entry in ENTRIES for task in entry.tasks)


def load(task: str = "", draft: str = "") -> "Pair":
    """The embedded pair of a task, with one of its drafts by name or else its best; loads it once, whoever asks first.

    Raises UserError where it is not on disk, and for a draft that it does not have: nothing else that a visitor may
    name is looked for.
    """
    entry = knowing(task)
    if not entry.on_disk:
        raise UserError("app.models_missing")
    best, *others = entry.drafts
    if draft and draft not in entry.drafts:
        raise UserError("errors.draft_unknown", value=draft, choices=", ".join(entry.drafts))
    with _loading:
        pair = specdec.load(entry.name, **({"draft": draft} if draft in others else {}))
        return _compiled(pair)


def _compiled(pair: "Pair") -> "Pair":
    """With compiled passes once they are there; the rest is made meanwhile, unless $SPECDEC_COMPILE is `off`."""
    if not _wants_compiled():
        return pair
    from specdec.accelerate import compiled

    compiled.make_in_background(pair)
    return compiled.compiled(pair)


def _wants_compiled() -> bool:
    return os.environ.get("SPECDEC_COMPILE") != "off"


def why_eager(header: Header) -> str:
    """What keeps the passes of a run on this page eager, in a sentence; "" where they were not, or were so by choice,
    or until their code is made."""
    if header.source != "live" or header.hardware.mode != "eager" or not (_wants_compiled() and is_loaded()):
        return ""
    from specdec.accelerate import compiled

    targets = {Path(entry.target).name: entry for entry in ENTRIES}
    if (entry := targets.get(header.target.name)) is None:
        return ""
    drafts = {Path(folder).name: name for name, folder in entry.drafts.items()}
    return str(compiled.remark(load(entry.tasks[0], drafts.get(header.drafter.model, ""))) or "")


@contextmanager
def quiet() -> Iterator[None]:
    """While a run is measured nothing else is made."""
    from specdec.accelerate import compiled

    with compiled.quiet():
        yield


def load_all() -> None:
    """Every embedded pair with every draft of it that is on disk."""
    for entry in filter(lambda entry: entry.on_disk, ENTRIES):
        for name, folder in entry.drafts.items():
            if is_model(folder):
                load(entry.tasks[0], name)


def is_loaded() -> bool:
    return "specdec.models.loading" in sys.modules and not _loading.locked()


def warm_up() -> None:
    """Load the pair in the background, once for all visitors: the first of them has his page already."""
    if ENTRIES[0].on_disk and _warming.acquire(blocking=False):
        Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    pair = load()
    from specdec.engine import loop

    loop.warm_up(pair, "model", say("examples.lily_prompt"), Settings(max_new_tokens=8))
    log.info("the default pair is ready")
