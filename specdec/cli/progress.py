"""How far a command is: on one line of a terminal that is written over, elsewhere in a few lines of a log."""

import sys
from collections.abc import Callable
from typing import Any

from specdec.backend import Progress, Report
from specdec.lab.jobs import Steps

LINES = 10  # at most, where there is no terminal


class Bar:
    """Of a command that takes `total` steps."""

    def __init__(self, total: int) -> None:
        self.total, self.told = total, 0

    def show(self, done: int, so_far: str) -> None:
        """Say how far it is after so many steps; in a log only where that is another tenth of the whole."""
        if sys.stderr.isatty():
            sys.stderr.write("\r" + so_far)
            sys.stderr.flush()
        elif (reached := done * LINES // self.total) > self.told:
            self.told = reached
            print(so_far, file=sys.stderr, flush=True)


def done() -> None:
    """Clear the terminal's line."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")


def report(steps: Steps, at: Callable[[Progress], tuple[int, str]], total: int = 0) -> dict[str, Any]:
    """The report that a job ends with. Meanwhile it is told how far it is: `at` says of a step how many of all are
    done, and the sentence; all are `total`, or as many as the step says."""
    bar: Bar | None = None
    for step in steps:
        if isinstance(step, Report):
            return step.values
        bar = bar or Bar(total or step.most or 1)
        bar.show(*at(step))
    raise RuntimeError("a job ends with its report")
