"""The number of threads of a run beside other programs' work."""

import subprocess
import sys
import time
from contextlib import ExitStack

import psutil
import pytest
import torch

from specdec.backend import PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.device import sharing
from specdec.settings import Settings


def threads_by_step(count=3):
    for _ in range(count):
        yield torch.get_num_threads()


@pytest.mark.parametrize(("free", "threads"), [(8.0, 2), (2.0, 2), (1.4, 1), (0.0, 1), (-0.2, 1)])
def test_a_run_takes_no_more_threads_than_processors_are_free(monkeypatch, free, threads):
    monkeypatch.setattr(sharing, "free_processors", lambda: free)
    usual = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        assert list(sharing.with_free_threads(threads_by_step())) == [threads] * 3
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(usual)


def test_a_run_that_is_closed_closes_its_steps_and_gives_the_threads_back(monkeypatch):
    closed = []

    def steps():
        try:
            yield from threads_by_step()
        finally:
            closed.append(True)

    monkeypatch.setattr(sharing, "free_processors", lambda: 0.0)
    usual = torch.get_num_threads()
    run = sharing.with_free_threads(steps())
    assert next(run) == 1
    run.close()
    assert closed and torch.get_num_threads() == usual


def test_busy_loops_are_counted_and_this_process_is_not(monkeypatch):
    monkeypatch.setattr(sharing, "WINDOW", 0.5)
    cores = psutil.cpu_count()
    with ExitStack() as stack:
        for _ in range(cores):
            loop = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(loop.kill)
        time.sleep(0.3)
        assert sharing.free_processors() < 0.75 * cores


def test_a_run_beside_busy_programs_says_that_it_took_one_thread(monkeypatch):
    monkeypatch.setattr(sharing, "free_processors", lambda: 0.0)
    request = RunRequest(PairChoice("stories", compiled="off"), "Once", "lookup", Settings(max_new_tokens=4))
    header, *_ = LocalBackend().submit(request)
    assert header.hardware.threads == 1
