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

spin_briefly()  # has to run before torch is imported, and every module that imports torch imports this package first


def load(pair: str = "stories", **choices: Any) -> Pair:
    """Load a pair of models, by its catalog name or by `target=` and `draft=`: see `specdec.models.loading.load`."""
    from specdec.models import loading

    return loading.load(pair, **choices)


@with_settings
def rounds(
    prompt: str, pair: str | Pair = "stories", *, drafter: str | None = None, chat: str = "auto", **settings: Any
) -> Iterator[Line]:
    """Run once and yield the trace's lines, header, rounds and footer, as they happen; `settings` are those of
    `specdec.settings.Settings`.

    `drafter` and `draft_length` default to the pair's best. `chat` is `auto`, `on` or `off`; with `auto` the prompt is
    put into the target's chat template if it has one. Raises UserError for bad input.
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
    """Run once and return the whole trace; the arguments are those of `rounds`."""
    return gather(rounds(prompt, pair, drafter=drafter, chat=chat, **settings))


def replay(trace: Trace, pair: Pair, **changes: Any) -> Trace:
    """Repeat a recorded run with its prompt, drafter, settings, seed and calibration, whatever the speed of this
    machine.

    The same pair writes the same text, round by round: text that its drafters remember from other runs is not used.
    `changes` override settings, such as the path of the datastore. Raises UserError for what this version or this pair
    cannot run.
    """
    from dataclasses import replace

    from specdec.engine import loop
    from specdec.engine.request import Request, prepare
    from specdec.settings import Settings

    header = trace.header
    settings = Settings.read(header.settings)
    if settings.datastore:  # the trace has only its file name; the pair has the path of its own
        changes = {"datastore": pair.datastore or settings.datastore} | changes
    request = Request(header, header.drafter.name, replace(settings, **changes))
    return gather(loop.rounds(prepare(replace(pair, memory={}), request)))


def _as_html(trace: Trace) -> str:
    from specdec.views import page

    return page.notebook(trace)


setattr(Trace, "_repr_html_", _as_html)  # noqa: B010  set here, since `specdec.trace` must not import views
