"""Speculative decoding, run for real and shown step by step.

>>> import specdec
>>> trace = specdec.run("Once upon a time", max_new_tokens=8)  # the embedded pair, greedy
>>> len(trace.ids) <= 8
True

`load`, `rounds`, `run` and `replay` import torch when they are first called; `specdec.trace` and `specdec.views`
never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from specdec.device.waiting import spin_briefly
from specdec.settings import with_settings
from specdec.trace import Line, Trace, gather
from specdec.version import __version__

if TYPE_CHECKING:
    from specdec.models.pair import Pair

__all__ = ["Trace", "__version__", "load", "replay", "rounds", "run"]

spin_briefly()  # here, since whatever imports torch has imported this package before


def load(pair: str = "stories", **choices: Any) -> Pair:
    """A pair of models, by its catalog name or `target=` and `draft=`: see `specdec.models.loading.load`."""
    from specdec.models import loading

    return loading.load(pair, **choices)


@with_settings
def rounds(
    prompt: str, pair: str | Pair = "stories", *, drafter: str | None = None, chat: str = "auto", **settings: Any
) -> Iterator[Line]:
    """Header, rounds and footer of one run, as they happen; `settings` are those of `specdec.settings.Settings`.

    Without `drafter` and `draft_length` the pair's own best are taken. The prompt goes through the target's chat
    template where it has one: `chat` is `auto`, `on` or `off`. Raises UserError for bad input.
    """
    from specdec.catalog.pairs import best
    from specdec.engine import loop
    from specdec.engine.request import Request, prepare
    from specdec.settings import Settings

    pair = load(pair) if isinstance(pair, str) else pair
    settings.setdefault("draft_length", pair.draft_length)
    return loop.rounds(prepare(pair, Request(prompt, drafter or best(pair), Settings(**settings), chat=chat)))


@with_settings
def run(
    prompt: str, pair: str | Pair = "stories", *, drafter: str | None = None, chat: str = "auto", **settings: Any
) -> Trace:
    """One whole run. The same as `rounds`, gathered."""
    return gather(rounds(prompt, pair, drafter=drafter, chat=chat, **settings))


def replay(trace: Trace, pair: Pair, **changes: Any) -> Trace:
    """A recorded run once more: its prompt, drafter, settings, seed and calibration, whatever this machine's speed.

    The same pair writes the same text, round by round: nothing that it has learned from other runs plays a part.
    `changes` are settings, such as where the datastore lies now. Raises UserError for what this program
    or pair cannot run.
    """
    from dataclasses import replace

    from specdec.engine import loop
    from specdec.engine.request import Request, prepare
    from specdec.settings import Settings

    header = trace.header
    settings = Settings.read(header.settings)
    if settings.datastore:  # recorded by its name: the pair knows where its own lies
        changes = {"datastore": pair.datastore or settings.datastore} | changes
    request = Request(header, header.drafter.name, replace(settings, **changes))
    return gather(loop.rounds(prepare(replace(pair, memory={}), request)))


def _as_html(trace: Trace) -> str:
    from specdec.views import page

    return page.notebook(trace)


Trace._repr_html_ = _as_html  # `trace` is a leaf and knows no view: the package gives it its face
