"""The stopwatch that times drafting and the target's pass.

On a CPU it reads the clock. On a GPU work is queued, so marks are events in that queue, which are read only after the
round's single synchronisation.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import torch


class Stopwatch:
    """Marks in the order of work; `between(i)` seconds from mark i to mark i + 1, valid after a synchronisation.

    `aside` tells how many seconds were spent so far on what is on no run's clock: what of them falls between two marks
    is left out.
    """

    def __init__(self, device: torch.device, aside: Callable[[], float] = lambda: 0.0) -> None:
        self._device, self._spent_aside = device, aside
        self._begun = aside()
        self._marks: list = []
        self._aside_at: list[float] = []

    def mark(self) -> None:
        self._marks.append(self._now())
        self._aside_at.append(self._spent_aside())

    def _now(self) -> Any:
        """Seconds on a processor, an event in the queue of any other device."""
        if self._device.type == "cuda":
            event = torch.cuda.Event(enable_timing=True)
            event.record(torch.cuda.current_stream(self._device))  # which need not be the current device's
            return event
        if self._device.type == "mps":
            mark = torch.mps.event.Event(enable_timing=True)
            mark.record()
            return mark
        return perf_counter()

    @property
    def aside(self) -> float:
        """Seconds spent aside since the watch was made."""
        return self._spent_aside() - self._begun

    def between(self, i: int) -> float:
        first, second = self._marks[i], self._marks[i + 1]
        passed = second - first if isinstance(first, float) else first.elapsed_time(second) / 1000
        return max(0.0, passed - (self._aside_at[i + 1] - self._aside_at[i]))


def synchronize(device: torch.device) -> None:
    """Wait until the device has done all its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
