"""The number of threads of a run on a machine that other programs keep busy.

The threads of one operation wait for each other. Where fewer processors are free than there are threads, each
operation waits for a thread that the system has set aside. A plain token of the stories target on two cores takes, in
two threads and in one:

- eager, 6.8 ms on a quiet machine; beside two busy loops 69 and 14 ms; beside six, 104 and 30 ms
- compiled, 2.5 ms on a quiet machine; beside two busy loops 8.4 and 7.1 ms; beside six, 33 and 13 ms
"""

import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psutil
import torch

WINDOW = 0.05  # seconds over which processor time is counted; systems count it in steps of 0.01
END = object()  # what a generator never yields


def with_free_threads(steps: Generator[Any, None, None]) -> Iterator[Any]:
    """The steps of a generator, each computed in as many threads as processors are free before the first one, and in
    one at least; closing the result closes the generator.

    The limit is set for each step: PyTorch keeps it for each thread of the program, and any of these may ask for the
    next step."""
    free = max(1, round(free_processors()))
    with closing(steps):
        while True:
            with _limited_to(free):
                one = next(steps, END)
            if one is END:
                return
            yield one


def free_processors() -> float:
    """The number of processors of the machine that no other process keeps busy, measured over `WINDOW` seconds. All of
    them where the system does not tell."""
    processors = psutil.cpu_count() or 1
    with suppress(psutil.Error, OSError):
        return processors - _busy_elsewhere()
    return processors


def _busy_elsewhere() -> float:
    process, began = psutil.Process(), time.monotonic()
    own, others = sum(process.cpu_times()[:2]), _busy_seconds()
    time.sleep(WINDOW)
    elsewhere = (_busy_seconds() - others) - (sum(process.cpu_times()[:2]) - own)
    return elsewhere / (time.monotonic() - began)


def _busy_seconds() -> float:
    """The time that all processors have been busy since the machine was started."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0) - getattr(times, "guest", 0)


@contextmanager
def _limited_to(threads: int) -> Iterator[None]:
    usual = torch.get_num_threads()
    torch.set_num_threads(min(usual, threads))
    try:
        yield
    finally:
        torch.set_num_threads(usual)
