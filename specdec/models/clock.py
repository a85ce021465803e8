"""How long drafting and the target's pass took.

On a CPU a glance at the clock is exact. On a GPU work is queued, so marks are events in that queue, read only after
the round's one synchronisation.
"""

from time import perf_counter

import torch


class Stopwatch:
    """Marks in the order of work; `between(i)` seconds from mark i to mark i + 1, valid after a synchronisation."""

    def __init__(self, device: torch.device) -> None:
        self._queue = {"cuda": torch.cuda, "mps": torch.mps}.get(device.type)
        self._marks: list = []

    def mark(self) -> None:
        if self._queue is None:
            self._marks.append(perf_counter())
            return
        make = self._queue.Event if hasattr(self._queue, "Event") else self._queue.event.Event
        event = make(enable_timing=True)
        event.record()
        self._marks.append(event)

    def between(self, i: int) -> float:
        first, second = self._marks[i], self._marks[i + 1]
        return second - first if self._queue is None else first.elapsed_time(second) / 1000


def synchronize(device: torch.device) -> None:
    """Wait until the device has done all its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
