"""A draft length for every round: the one that would have paid best, by what was measured and kept so far.

Costs are measured once, before the run (`Calibration`); how often guesses are kept is estimated while it goes on, from
verdicts of earlier rounds only, so choosing K looks at nothing that is still to be drawn and the output's law stays.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Any

from specdec import theory
from specdec.errors import UserError
from specdec.messages import Message
from specdec.trace import Round

WIDTHS = (1, 2, 5, 6, 9, 10, 13)  # tokens in the passes that are measured: compiled ones cost more from 2, 6, 10 on
LONGEST = WIDTHS[-1] - 1  # guesses a round
PRIOR = (2.0, 1.0)  # kept and refused, as if seen before the first round
MEMORY = 0.97  # what a round counts for one round later: texts change
PROBE = 8  # rounds between two single guesses while drafting does not pay, to notice when it does again


@dataclass(frozen=True, slots=True)
class Calibration:
    """Costs in units of one plain target pass: c, a guess; v[n − 1], a pass over n tokens; o, all else in a round."""

    c: float
    v: tuple[float, ...]
    o: float

    def as_record(self) -> dict[str, Any]:
        return asdict(self) | {"v": list(self.v)}

    @classmethod
    def read(cls, record: dict[str, Any]) -> "Calibration":
        """As it stands in a trace's header; raises UserError for what is no calibration."""
        try:
            costs = cls(float(record["c"]), tuple(map(float, record["v"])), float(record["o"]))
        except (KeyError, TypeError, ValueError):
            costs = None
        if costs is None or not costs.v or not all(cost >= 0 for cost in (costs.c, *costs.v, costs.o)):
            raise UserError("errors.calibration")
        return costs


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

    def plan(self, most: int) -> dict[str, Any]:
        """{draft_length, acceptance, reason} for the next round; `most` guesses still fit into the text."""
        alpha = self.kept / (self.kept + self.refused)
        costs = (self.costs.c, self.costs.v, self.costs.o)
        length, gain = theory.best_draft_length(alpha, *costs, longest=self.longest)
        numbers = {"length": min(length, most), "share": f"{100 * alpha:.0f}", "gain": f"{gain:.2f}"}
        if length == 0 and self.idle >= PROBE and most:
            numbers["length"] = 1
            reason = Message("plan.probe", **numbers)
        elif length == 0:
            reason = Message("plan.none", **numbers)
        else:
            reason = Message("plan.cut" if length > most else "plan.best", **numbers)
        self.idle = 0 if numbers["length"] else self.idle + 1
        return {"draft_length": numbers["length"], "acceptance": alpha, "reason": str(reason)}

    def learn(self, one: Round) -> None:
        """Count what was judged; older rounds count less and less."""
        if not one.draft:
            return
        self.kept = MEMORY * self.kept + len(one.path)
        self.refused = MEMORY * self.refused + one.refused
