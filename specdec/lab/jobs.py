"""The experiments as values: what each needs, how far it is, and what it found.

No torch: a job may be made by a process that has no models, and carried out by another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from msgspec import to_builtins

from specdec.catalog.pair_choice import PairChoice
from specdec.settings import Settings
from specdec.trace import Footer

if TYPE_CHECKING:
    from specdec.models.pair import Pair


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps are over (None: their number is not known before the end). `partial` is what the last of
    them found; its type is the job's."""

    done: int
    total: int | None
    partial: Any


@dataclass(frozen=True, slots=True)
class Report:
    """What an experiment found, as plain JSON values."""

    values: dict[str, Any]


Steps = Iterator[Progress | Report]


class Job(Protocol):
    """A frozen dataclass of plain values, among them the pair that it is about.

    `steps` carries it out with that pair: Progress after every step, a Report at the end; closing the iterator stops
    it. Raises UserError for what cannot be run.
    """

    @property
    def pair(self) -> PairChoice: ...

    def steps(self, pair: "Pair") -> Steps: ...


@dataclass(frozen=True, slots=True)
class Race:
    """Plain decoding against a drafter on one prompt (`specdec.lab.race`). A step is a line of one of the two traces;
    the report has the totals of both."""

    pair: PairChoice
    prompt: str
    drafter: str
    settings: Settings
    source: Literal["live", "recorded"] = "live"

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab.race import race

        totals = []
        lines = race(pair, self.prompt, self.drafter, self.settings, source=self.source)
        for number, line in enumerate(lines, start=1):
            if isinstance(line, Footer):
                totals.append(to_builtins(line.totals))
            yield Progress(number, None, line)
        yield Report(dict(zip(("plain", "speculative"), totals, strict=False)))
