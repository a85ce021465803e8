"""The interface through which the page and the command line start runs and experiments. They use nothing below it.

A request is a frozen dataclass of plain values: a `RunRequest`, which is answered by the lines of its trace, or a job
of `specdec.lab`, which is answered by `Progress` while it is running and a `Report` at the end. The answer is an
iterator; closing it stops the work.
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
    """Takes work and yields its results as they come. UserError is raised, instead of the first result, for work that
    cannot be done."""

    @overload
    def submit(self, work: RunRequest) -> Iterator[Line]: ...

    @overload
    def submit(self, work: Job) -> Iterator[Progress | Report]: ...

    def submit(self, work: Any) -> Iterator[Any]: ...

    def load(self, choice: PairChoice) -> Any:
        """Load a pair before it is needed."""

    def warm_up(self, request: RunRequest) -> None:
        """Do the work that only the first run of its kind needs, so that no measured time includes it."""

    def is_ready(self) -> bool:
        """Whether the next request can begin at once, without waiting for libraries and weights to be loaded."""


def lines(steps: Iterator[Line] | Iterator[Progress | Report]) -> Iterator[Line]:
    """The trace lines among the results of a run, or of a job that is made of runs, such as a race."""
    for one in steps:
        if isinstance(one, Progress):
            yield one.partial
        elif not isinstance(one, Report):
            yield one
