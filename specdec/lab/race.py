"""Plain decoding against speculation: one after the other, on the same model, cache, dtype and device."""

from collections.abc import Iterator

from specdec.engine import loop
from specdec.errors import UserError
from specdec.methods import PLAIN
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Footer, Line


def race(pair: Pair, prompt: str, drafter: str, settings: Settings, *, source: str = "live") -> Iterator[Line]:
    """After a warm-up of both, the lines of the plain run, then those of the speculative one, as they happen.

    A plain run that failed ends the race. Raises UserError before the first line for what cannot be run.
    """
    if drafter == PLAIN:
        raise UserError("errors.race_needs_drafter")
    for name in (PLAIN, drafter):
        loop.warm_up(pair, name, prompt, settings)
    for name in (PLAIN, drafter):
        for line in loop.rounds(pair, name, prompt, settings, source=source):
            yield line
            if isinstance(line, Footer) and line.reason == "error":
                return
