"""The warmup–stable–decay (WSD) learning rate schedule with linear decay (Hu et al. 2024; Hägele et al. 2024).

Only the decay depends on the total, so a run that is resumed with a smaller total simply decays earlier.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Schedule:
    """The phases of the schedule in tokens. The warm-up takes at least `least_warm_up` tokens, even if the run is
    shorter."""

    total: int
    warm_up: int
    cool_down: int
    least_warm_up: int = 0

    def shortened(self, total: int) -> "Schedule":
        """The schedule scaled down to `total` tokens; unchanged if it is not longer."""
        if total >= self.total:
            return self
        share = total / self.total
        return replace(self, total=total, warm_up=round(self.warm_up * share), cool_down=round(self.cool_down * share))

    def factor(self, seen: int) -> float:
        """The factor on the peak learning rate after `seen` tokens, between 0 and 1; 0 at the end."""
        warm_up = max(self.warm_up, self.least_warm_up)
        rising = (seen + 1) / warm_up if warm_up else 1.0
        falling = (self.total - seen) / self.cool_down if self.cool_down else 1.0
        return max(0.0, min(1.0, rising, falling))
