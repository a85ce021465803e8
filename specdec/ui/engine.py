"""The page's access to its backend: only the embedded pairs can be run, whatever else a visitor's request names."""

import logging
import os
from threading import Lock, Thread
from typing import Literal

from specdec.backend import Backend, PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.catalog.pairs import EMBEDDED, PAIRS, is_model, knowing
from specdec.errors import UserError
from specdec.messages import Words
from specdec.settings import Settings

log = logging.getLogger(__name__)
BACKEND: Backend = LocalBackend()
ENTRIES = tuple(PAIRS[name] for name in EMBEDDED)  # the default first
_warming = Lock()


def tasks() -> tuple[str, ...]:
    """All tasks that the embedded pairs were trained on."""
    return tuple(task for entry in ENTRIES for task in entry.tasks)


def choose(task: str = "", draft: str = "") -> PairChoice:
    """The embedded pair of a task, with the draft model of that name or its best one. Its passes run compiled as soon
    as their code is ready, unless $SPECDEC_COMPILE is `off`.

    Raises UserError if the pair is not on disk, and for a draft model that it does not have.
    """
    entry = knowing(task)
    if not entry.on_disk:
        raise UserError("app.models_missing")
    best, *others = entry.drafts
    if draft and draft not in entry.drafts:
        raise UserError("errors.draft_unknown", value=draft, choices=", ".join(entry.drafts))
    compiled: Literal["background", "off"] = "background" if _wants_compiled() else "off"
    return PairChoice(entry.name, draft=draft if draft in others else None, compiled=compiled)


def _wants_compiled() -> bool:
    return os.environ.get("SPECDEC_COMPILE") != "off"


def load_all() -> None:
    """Load every embedded pair with each of its draft models that is on disk."""
    for entry in filter(lambda entry: entry.on_disk, ENTRIES):
        for name, folder in entry.drafts.items():
            if is_model(folder):
                BACKEND.load(choose(entry.tasks[0], name))


def warm_up(words: Words) -> None:
    """Load the pair in the background, once for all visitors: the first of them has his page already."""
    if ENTRIES[0].on_disk and _warming.acquire(blocking=False):
        Thread(target=_warm_up, args=[words], name="warm-up", daemon=True).start()


def _warm_up(words: Words) -> None:
    request = RunRequest(choose(), words.say("examples.lily_prompt"), "model", Settings(max_new_tokens=8))
    BACKEND.warm_up(request)
    log.info("the default pair is ready")
