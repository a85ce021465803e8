"""Run a job to its end with its progress on stderr."""

from collections.abc import Callable
from typing import Any

from specdec.backend import Progress, Report
from specdec.lab.jobs import Steps
from specdec.progress import LoggedBar


def report(steps: Steps, at: Callable[[Progress], tuple[int, str]], total: int = 0) -> dict[str, Any]:
    """The report of a job. `at` maps a step to the number of steps done and the sentence to show; `total` is the
    number of all steps, 0 for the one that the job gives."""
    with LoggedBar() as bar:
        for step in steps:
            if isinstance(step, Report):
                return step.values
            done, sentence = at(step)
            bar.show(done, total or step.most or 1, sentence)
    raise RuntimeError("a job ends with its report")
