"""A draft length for every round: the one that would have paid best, by what was measured and kept so far.

Costs are measured once, before the run (`Calibration`); how often guesses are kept is estimated while it goes on, from
verdicts of earlier rounds only, so choosing K looks at nothing that is still to be drawn and the output's law stays.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from specdec import theory
from specdec.trace import Calibration, Plan, Round

WIDTHS = (1, 2, 5, 6, 9, 10, 13)  # tokens in the passes that are measured: compiled ones cost more from 2, 6, 10 on
LONGEST = WIDTHS[-1] - 1  # guesses a round
PRIOR = (2.0, 1.0)  # kept and refused, as if seen before the first round
MEMORY = 0.97  # what a round counts for one round later: texts change
PROBE = 8  # rounds between two single guesses while drafting does not pay, to notice when it does again


def interpolate(widths: Sequence[int], costs: Sequence[float]) -> tuple[float, ...]:
    """Costs of all widths from those of some. A wider pass is never cheaper; where it was, that was noise.

    >>> interpolate((1, 2, 4), (1.0, 0.9, 1.2))
    (1.0, 1.0, 1.1, 1.2)
    """
    rising = list(accumulate(costs, max))
    v: list[float] = []
    for (low, start), (high, end) in pairwise(zip(widths, rising, strict=True)):
        v += [start + (end - start) * (width - low) / (high - low) for width in range(low, high)]
    return (*v, rising[-1])


class Planner:
    """Chooses K before a round, never more than `longest`, and learns from the round behind it."""

    def __init__(self, costs: Calibration, longest: float = LONGEST) -> None:
        self.costs, self.longest = costs, int(min(longest, LONGEST))
        self.kept, self.refused = PRIOR
        self.idle = 0  # rounds since the last guess

    def plan(self, most: int) -> Plan:
        """What the next round drafts, and why; `most` guesses still fit into the text."""
        alpha = self.kept / (self.kept + self.refused)
        costs = (self.costs.c, self.costs.v, self.costs.o)
        length, gain = theory.best_draft_length(alpha, *costs, longest=self.longest)
        if length == 0 and self.idle >= PROBE and most:
            kind, length = "probe", 1
        elif length == 0:
            kind = "none"
        else:
            kind = "cut" if length > most else "best"
        length = min(length, most)
        self.idle = 0 if length else self.idle + 1
        return Plan(draft_length=length, acceptance=alpha, gain=gain, kind=kind, most=most)

    def learn(self, one: Round) -> None:
        """Count what was judged; older rounds count less and less."""
        if not one.draft:
            return
        self.kept = MEMORY * self.kept + len(one.path)
        self.refused = MEMORY * self.refused + one.refused

    def follow(self, one: Round) -> None:
        """Be where the planner of an earlier run was after a round of it."""
        self.idle = 0 if one.plan and one.plan.draft_length else self.idle + 1
        self.learn(one)
