"""The door from the page to the engine, opened late: torch is imported by the first run or by the warm-up."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import TYPE_CHECKING

import specdec
from specdec.errors import UserError
from specdec.models.catalog import DEFAULT_PAIR, PAIRS, is_model
from specdec.settings import Settings
from specdec.words import say

if TYPE_CHECKING:
    from specdec.models.loading import Pair

log = logging.getLogger(__name__)
ENTRY = PAIRS[DEFAULT_PAIR]
_loading = Lock()
_warming = Lock()


def load(draft: str = "") -> "Pair":
    """The embedded pair, with one of its drafts by name or else its best; loads it once, whoever asks first.

    Raises UserError where it is not on disk, and for a draft that it does not have: nothing else that a visitor may
    name is looked for.
    """
    if not ENTRY.on_disk:
        raise UserError(say("app.models_missing"))
    best, *others = ENTRY.drafts
    if draft and draft not in ENTRY.drafts:
        raise UserError(say("errors.draft_unknown", value=draft, choices=", ".join(ENTRY.drafts)))
    with _loading:
        pair = specdec.load(DEFAULT_PAIR, **({"draft": draft} if draft in others else {}))
        return _compiled(pair)


def _compiled(pair: "Pair") -> "Pair":
    """With compiled passes once they are there; the rest is made meanwhile, unless $SPECDEC_COMPILE is `off`."""
    if os.environ.get("SPECDEC_COMPILE") == "off":
        return pair
    from specdec.models import compiled

    compiled.make_in_background(pair)
    return compiled.compiled(pair)


@contextmanager
def quiet() -> Iterator[None]:
    """While a run is measured nothing else is made."""
    from specdec.models import compiled

    with compiled.quiet():
        yield


def load_all() -> None:
    """The pair with every draft of it that is on disk."""
    for name, folder in ENTRY.drafts.items():
        if is_model(folder):
            load(name)


def is_loaded() -> bool:
    return "specdec.models.loading" in sys.modules and not _loading.locked()


def warm_up() -> None:
    """Load the pair in the background, once for all visitors: the first of them has his page already."""
    if ENTRY.on_disk and _warming.acquire(blocking=False):
        Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    pair = load()
    from specdec import decode

    decode.warm_up(pair, "model", say("examples.lily_prompt"), Settings(max_new_tokens=8))
    log.info("the embedded pair is ready")
