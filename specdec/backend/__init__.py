"""Where runs and experiments are carried out. The page and the command line know this interface and nothing below it.

What is asked for is a frozen dataclass of plain values: a `RunRequest`, whose answer are the lines of its trace, or a
job of `specdec.lab`, whose answer is `Progress` while it goes on and at its end a `Report`. An answer is an iterator;
closing it stops the work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

from specdec.catalog.pair_choice import PairChoice
from specdec.lab.jobs import Job, Progress, Report
from specdec.settings import Settings
from specdec.trace import Line

if TYPE_CHECKING:
    from specdec.engine.request import Request
    from specdec.models.pair import Pair

__all__ = ["Backend", "Job", "PairChoice", "Progress", "Report", "RunRequest", "lines"]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One run of one pair."""

    pair: PairChoice
    prompt: str
    drafter: str
    settings: Settings
    source: Literal["live", "recorded"] = "live"

    def steps(self, pair: "Pair") -> Iterator[Line]:
        from specdec.engine import loop
        from specdec.engine.request import prepare

        return loop.rounds(prepare(pair, self.request()))

    def request(self) -> "Request":
        from specdec.engine.request import Request

        return Request(self.prompt, self.drafter, self.settings, self.source)


class Backend(Protocol):
    """Takes work and gives its results as they come. What cannot be done raises UserError, at the first of them."""

    @overload
    def submit(self, work: RunRequest) -> Iterator[Line]: ...

    @overload
    def submit(self, work: Job) -> Iterator[Progress | Report]: ...

    def submit(self, work: Any) -> Iterator[Any]: ...

    def load(self, choice: PairChoice) -> Any:
        """Have a pair ready before it is asked for."""

    def warm_up(self, request: RunRequest) -> None:
        """Do what only the first run of its kind has to do, aside from any clock."""

    def is_ready(self) -> bool:
        """Whether the next request begins at once; it waits for libraries and weights otherwise."""


def lines(steps: Iterator[Line] | Iterator[Progress | Report]) -> Iterator[Line]:
    """Those of a run, or of the runs that a job such as a race is made of."""
    for one in steps:
        if isinstance(one, Progress):
            yield one.partial
        elif not isinstance(one, Report):
            yield one
