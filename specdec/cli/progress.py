"""The progress of a command on stderr: one line that is overwritten on a terminal, a few lines in a log."""

import sys
from collections.abc import Callable
from typing import Any

from specdec.backend import Progress, Report
from specdec.lab.jobs import Steps

LINES = 10  # at most, where there is no terminal


class Bar:
    """The progress of a command that takes `total` steps."""

    def __init__(self, total: int) -> None:
        self.total, self.told = total, 0

    def show(self, done: int, so_far: str) -> None:
        """Show the sentence `so_far` after `done` steps; in a log only after each further tenth of the whole."""
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
    """Run a job to its end and return its report, showing its progress in the meantime. `at` maps a step to the number
    of steps done and the sentence to show; `total` is the number of all steps, 0 for the one that the job gives."""
    bar: Bar | None = None
    for step in steps:
        if isinstance(step, Report):
            return step.values
        bar = bar or Bar(total or step.most or 1)
        bar.show(*at(step))
    raise RuntimeError("a job ends with its report")
