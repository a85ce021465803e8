"""How long drafting and the target's pass took.

On a CPU a glance at the clock is exact. On a GPU work is queued, so marks are events in that queue, read only after
the round's one synchronisation.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import torch


class Stopwatch:
    """Marks in the order of work; `between(i)` seconds from mark i to mark i + 1, valid after a synchronisation. What
    was done `aside` meanwhile is left out; `aside` is all of that, in seconds."""

    latest: "Stopwatch | None" = None

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._marks: list = []
        self._aside: list[float] = [0.0]  # before the first mark, then behind each
        Stopwatch.latest = self

    def mark(self) -> None:
        self._marks.append(self._now())
        self._aside.append(0.0)

    def _now(self):
        if self._device.type == "cuda":
            event = torch.cuda.Event(enable_timing=True)
            event.record(torch.cuda.current_stream(self._device))  # which need not be the current device's
            return event
        if self._device.type == "mps":
            event = torch.mps.event.Event(enable_timing=True)
            event.record()
            return event
        return perf_counter()

    def pause(self, seconds: float) -> None:
        self._aside[-1] += seconds

    @property
    def aside(self) -> float:
        return sum(self._aside)

    def between(self, i: int) -> float:
        first, second = self._marks[i], self._marks[i + 1]
        passed = second - first if isinstance(first, float) else first.elapsed_time(second) / 1000
        return max(0.0, passed - self._aside[i + 1])


@contextmanager
def aside(device: torch.device) -> Iterator[None]:
    """What is done in here, once for many runs, is on nobody's clock."""
    synchronize(device)
    start = perf_counter()
    try:
        yield
    finally:
        synchronize(device)
        if Stopwatch.latest is not None:
            Stopwatch.latest.pause(perf_counter() - start)


def synchronize(device: torch.device) -> None:
    """Wait until the device has done all its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
