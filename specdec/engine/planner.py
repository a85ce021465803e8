"""Choosing the draft length K of every round: the one with the largest expected speed-up.

Costs are measured once, before the run (`Calibration`). The acceptance rate is estimated during the run from the
verdicts of earlier rounds only, so K depends on nothing that is still to be drawn, and the output's distribution stays
the same.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal

from specdec import theory
from specdec.trace import Calibration, Plan, Round

WIDTHS = (1, 2, 5, 6, 9, 10, 13)  # tokens in the measured passes: compiled passes become slower at 2, 6 and 10
LONGEST = WIDTHS[-1] - 1  # guesses in a round
PRIOR = (2.0, 1.0)  # kept and refused guesses that are assumed before the first round
MEMORY = 0.97  # how much the counts of a round weigh one round later, since a text may become easier or harder
PROBE = 8  # while drafting does not pay, a single guess is made after this many rounds, to notice when it pays again


def interpolate(widths: Sequence[int], costs: Sequence[float]) -> tuple[float, ...]:
    """The costs of all widths from those of the measured ones, by linear interpolation. A wider pass never costs less:
    where it was measured to, that was noise.

    >>> interpolate((1, 2, 4), (1.0, 0.9, 1.2))
    (1.0, 1.0, 1.1, 1.2)
    """
    rising = list(accumulate(costs, max))
    v: list[float] = []
    for (low, start), (high, end) in pairwise(zip(widths, rising, strict=True)):
        v += [start + (end - start) * (width - low) / (high - low) for width in range(low, high)]
    return (*v, rising[-1])


class Planner:
    """Chooses the draft length before each round, never more than `longest`, and learns from the round's verdicts."""

    def __init__(self, costs: Calibration, longest: float = LONGEST) -> None:
        self.costs, self.longest = costs, int(min(longest, LONGEST))
        self.kept, self.refused = PRIOR
        self.idle = 0  # rounds since the last guess

    def plan(self, most: int) -> Plan:
        """The draft length of the next round and the reason for it; at most `most` guesses still fit into the text."""
        alpha = self.kept / (self.kept + self.refused)
        costs = (self.costs.c, self.costs.v, self.costs.o)
        kind: Literal["best", "cut", "none", "probe"]
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
        """Count the kept and the refused guesses of a round; earlier rounds count less with every later one."""
        if not one.draft:
            return
        self.kept = MEMORY * self.kept + len(one.path)
        self.refused = MEMORY * self.refused + one.refused

    def follow(self, one: Round) -> None:
        """Update the state as the planner of an earlier run did after this round of it."""
        self.idle = 0 if one.plan and one.plan.draft_length else self.idle + 1
        self.learn(one)
