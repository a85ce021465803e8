"""Learning rate over tokens: warm-up, stable, linear cool-down (WSD: Hu et al. 2024; Hägele et al. 2024).

Only the cool-down depends on the total, so a run resumed with a smaller total simply cools down earlier.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Schedule:
    """All in tokens. However short the rest, warming up takes `least_warm_up`, and may not come to its end."""

    total: int
    warm_up: int
    cool_down: int
    least_warm_up: int = 0

    def shortened(self, total: int) -> "Schedule":
        """The same shape within fewer tokens; a schedule that is short enough stays."""
        if total >= self.total:
            return self
        share = total / self.total
        return replace(self, total=total, warm_up=round(self.warm_up * share), cool_down=round(self.cool_down * share))

    def factor(self, seen: int) -> float:
        """What the peak learning rate is multiplied by after `seen` tokens; 0 at the end, never below."""
        warm_up = max(self.warm_up, self.least_warm_up)
        rising = (seen + 1) / warm_up if warm_up else 1.0
        falling = (self.total - seen) / self.cool_down if self.cool_down else 1.0
        return max(0.0, min(1.0, rising, falling))
