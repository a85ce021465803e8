"""Makes code, in processes of their own, behind everything else that runs."""

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from threading import Condition, Lock, Thread

from specdec.accelerate.artifact import Order, folder
from specdec.device.machine import processors
from specdec.messages import Message

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 4  # processes at most: each may take a gigabyte

_waiting: SimpleQueue[Order] = SimpleQueue()
_ordered: set[str] = set()  # in this process, made or not
_lock = Lock()
_running: list[subprocess.Popen] = []
_measured = 0  # runs that want the machine for themselves
_calm = Condition()  # guards the two above


def in_background(orders: Iterable[Order]) -> None:
    """One after the other; none twice in this process."""
    with _lock:
        for one in orders:
            if one.key not in _ordered:
                _ordered.add(one.key)
                _waiting.put(one)
                _start()


@cache
def _start() -> None:
    Thread(target=_work, name="compile", daemon=True).start()


def _work() -> None:
    while True:
        try:
            _make_all([_waiting.get()], _waiting)
        except OSError as error:  # a cache that cannot be written, say
            log.warning("passes stay eager, their code could not be kept: %s", error)


def at_once(orders: Iterable[Order]) -> None:
    """As many side by side as there are processors. Raises OSError where a file cannot be kept."""
    queue: SimpleQueue[Order] = SimpleQueue()
    for one in orders:
        queue.put(one)
    count = min(SIDE_BY_SIDE, processors(), queue.qsize())
    with ThreadPoolExecutor(max(1, count)) as pool:
        try:
            for made in [pool.submit(_make_all, (), queue) for _ in range(count)]:
                made.result()
        except BaseException:  # somebody who does not want to wait, say
            for _ in _taken(queue):
                pass
            _stop()
            raise


def _taken(queue: SimpleQueue[Order]) -> Iterator[Order]:
    with suppress(Empty):
        while True:
            yield queue.get_nowait()


def _make_all(first: Iterable[Order], queue: SimpleQueue[Order]) -> None:
    """Those and what the queue holds, by one maker as long as it lives. Raises OSError where a file cannot be kept."""
    folder().mkdir(parents=True, exist_ok=True)
    maker = None
    try:
        for orders in (first, _taken(queue)):
            for one in orders:
                maker = maker or Maker()
                if not maker.make(one):
                    maker.close()
                    maker = None
    finally:
        if maker:
            maker.close()


class Maker:
    """A process that makes one piece after the other: it takes as long to start as to make a small one."""

    def __init__(self) -> None:
        self._errors = TemporaryFile()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._errors}
        command = [sys.executable, "-m", "specdec.accelerate.build_worker"]
        with _calm:
            _calm.wait_for(lambda: not _measured)
            _stop_at_exit()
            self._process = subprocess.Popen(command, start_new_session=True, text=True, **pipes)
            _running.append(self._process)

    def make(self, one: Order) -> bool:
        """Whether it lives on. What it cannot make is refused; but if it was stopped from outside, may be tried
        again."""
        _ordered.add(one.key)
        with suppress(BrokenPipeError):
            print(json.dumps([one.text, str(one.path)]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            if self._process.wait() > 0:
                self._errors.seek(0)
                refuse(one, self._errors.read().decode(errors="replace"))
            return False
        if why := json.loads(answer):
            refuse(one, why)
        return True

    def close(self) -> None:
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._errors.close()
        with _calm:
            _running.remove(self._process)


def refuse(one: Order, why: str) -> None:
    """It is not tried again; the last line says why."""
    why = (why.strip().splitlines() or [""])[-1]
    one.refusal.write_text(why + "\n", encoding="utf-8")
    log.warning("passes stay eager, their code could not be compiled: %s", why)


def throw_away(one: Order) -> None:
    """Code that cannot be loaded: a file that was cut short is made anew, what was made just now would fail again."""
    with suppress(OSError):
        one.path.unlink(missing_ok=True)
        if one.key in _ordered:
            refuse(one, str(Message("compiled.unloadable")))


@contextmanager
def quiet() -> Iterator[None]:
    """While open, nothing is made: a run that is measured has the machine for itself."""
    global _measured
    with _calm:
        _measured += 1
        _signal("SIGSTOP")
    try:
        yield
    finally:
        with _calm:
            _measured -= 1
            if not _measured:
                _signal("SIGCONT")
                _calm.notify_all()


@cache
def _stop_at_exit() -> None:
    atexit.register(_stop)


def _stop() -> None:
    _signal("SIGTERM")
    _signal("SIGCONT")  # one that stands still hears nothing


def _signal(name: str) -> None:
    """To the processes, and to the compilers that they run."""
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, getattr(signal, name))
