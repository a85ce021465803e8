"""Learning rate over tokens: warm-up, stable, linear cool-down (WSD: Hu et al. 2024; Hägele et al. 2024).

Only the cool-down depends on the total, so a run resumed with a smaller total simply cools down earlier.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """All three in tokens."""

    total: int
    warm_up: int
    cool_down: int

    def shortened(self, total: int) -> "Schedule":
        """The same shape within fewer tokens; a schedule that is short enough stays."""
        if total >= self.total:
            return self
        share = total / self.total
        return Schedule(total, round(self.warm_up * share), round(self.cool_down * share))

    def factor(self, seen: int) -> float:
        """What the peak learning rate is multiplied by after `seen` tokens; 0 at the end, never below."""
        rising = (seen + 1) / self.warm_up if self.warm_up else 1.0
        falling = (self.total - seen) / self.cool_down if self.cool_down else 1.0
        return max(0.0, min(1.0, rising, falling))
