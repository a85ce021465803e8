"""A race between plain decoding and speculative decoding, taking turns on the same model, cache, dtype and device."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Literal

from specdec.engine import loop
from specdec.engine.calibration import warm_up
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.methods import PLAIN
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Footer, Line, Round

TURN = 8  # tokens that a lane writes before it is the other's turn: two or three rounds of speculation


def race(
    pair: Pair, prompt: str, drafter: str, settings: Settings, *, source: Literal["live", "recorded"] = "live"
) -> Iterator[Line]:
    """Race plain decoding against a drafter, after a warm-up of both; yields the trace lines of the plain run as they
    happen, then those of the speculative run.

    The two runs take turns of a few rounds, so that other work on the machine slows both down alike. The clock of one
    stands still while the other is decoding; the peak memory of each covers both. Lines of the speculative run are
    held back until the plain run has ended. The race ends if the plain run fails. Raises UserError before the first
    line for what cannot be run.
    """
    if drafter == PLAIN:
        raise UserError("errors.race_needs_drafter")
    lanes = [prepare(pair, Request(prompt, name, settings, source)) for name in (PLAIN, drafter)]
    for lane in lanes:
        warm_up(lane)
    with ExitStack() as opened:
        plain, speculative = (opened.enter_context(closing(loop.rounds(lane))) for lane in lanes)
        held: list[Line] = []
        last: Line | None = None
        while not isinstance(last, Footer):
            for last in _turn(plain):
                yield last
            held += _turn(speculative)
        if last.reason != "error":
            yield from held
            yield from speculative


def _turn(lane: Iterator[Line]) -> Iterator[Line]:
    """The next lines of a run, until TURN tokens are written or the run ends."""
    written = 0
    for line in lane:
        yield line
        written += len(line.committed) if isinstance(line, Round) else 0
        if written >= TURN:
            return
