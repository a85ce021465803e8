"""Plain decoding against speculation: one after the other, on the same model, cache, dtype and device."""

from collections.abc import Iterator
from typing import Literal

from specdec.engine import loop
from specdec.engine.calibration import warm_up
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.methods import PLAIN
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Footer, Line


def race(
    pair: Pair, prompt: str, drafter: str, settings: Settings, *, source: Literal["live", "recorded"] = "live"
) -> Iterator[Line]:
    """After a warm-up of both, the lines of the plain run, then those of the speculative one, as they happen.

    A plain run that failed ends the race. Raises UserError before the first line for what cannot be run.
    """
    if drafter == PLAIN:
        raise UserError("errors.race_needs_drafter")
    lanes = [prepare(pair, Request(prompt, name, settings, source)) for name in (PLAIN, drafter)]
    for lane in lanes:
        warm_up(lane)
    for lane in lanes:
        for line in loop.rounds(lane):
            yield line
            if isinstance(line, Footer) and line.reason == "error":
                return
