"""What the page asks its backend for: the embedded pairs, and nothing else that a visitor may name."""

import logging
import os
from pathlib import Path
from threading import Lock, Thread

from specdec.backend import Backend, PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.catalog.pairs import EMBEDDED, PAIRS, is_model, knowing
from specdec.errors import UserError
from specdec.messages import ENGLISH, Words
from specdec.settings import Settings
from specdec.trace import Header

log = logging.getLogger(__name__)
BACKEND: Backend = LocalBackend()
ENTRIES = tuple(PAIRS[name] for name in EMBEDDED)  # the default first
_warming = Lock()


def tasks() -> tuple[str, ...]:
    """All that the embedded pairs have learned."""
    return tuple(task for entry in ENTRIES for task in entry.tasks)


def choose(task: str = "", draft: str = "") -> PairChoice:
    """The embedded pair of a task, with one of its drafts by name or else its best. Its passes are compiled once their
    code is there, unless $SPECDEC_COMPILE is `off`.

    Raises UserError where it is not on disk, and for a draft that it does not have.
    """
    entry = knowing(task)
    if not entry.on_disk:
        raise UserError("app.models_missing")
    best, *others = entry.drafts
    if draft and draft not in entry.drafts:
        raise UserError("errors.draft_unknown", value=draft, choices=", ".join(entry.drafts))
    compiled = "background" if _wants_compiled() else "off"
    return PairChoice(entry.name, draft=draft if draft in others else None, compiled=compiled)


def _wants_compiled() -> bool:
    return os.environ.get("SPECDEC_COMPILE") != "off"


def why_eager(header: Header, words: Words = ENGLISH) -> str:
    """What keeps the passes of a run on this page eager, in a sentence; "" where they were not, or were so by choice,
    or until their code is made."""
    if header.source != "live" or header.hardware.mode != "eager" or not (_wants_compiled() and BACKEND.is_ready()):
        return ""
    from specdec.accelerate import accelerated

    targets = {Path(entry.target).name: entry for entry in ENTRIES}
    if (entry := targets.get(header.target.name)) is None:
        return ""
    drafts = {Path(folder).name: name for name, folder in entry.drafts.items()}
    pair = BACKEND.load(choose(entry.tasks[0], drafts.get(header.drafter.model, "")))
    return words.render(accelerated.remark(pair) or "")


def load_all() -> None:
    """Every embedded pair with every draft of it that is on disk."""
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
