"""Makes code, in processes of their own, while nothing else needs the machine."""

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
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from threading import Condition, Lock, Thread

from specdec.accelerate.artifact import Order, folder
from specdec.device.machine import processors
from specdec.messages import Message

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 4  # processes at most: each may take a gigabyte


class BuildQueue:
    """What is to be made on a machine, the processes that make it, and the runs that want the machine for themselves.

    `ordered`: keys of what was ordered here, made or not; `processes` are running now.
    """

    def __init__(self) -> None:
        self.ordered: set[str] = set()
        self.processes: list[subprocess.Popen] = []
        self._waiting: SimpleQueue[Order] = SimpleQueue()
        self._lock = Lock()
        self._measured = 0  # runs that want the machine for themselves
        self._calm = Condition()  # guards that number and the processes
        self._worker: Thread | None = None
        atexit.register(self.stop)

    def in_background(self, orders: Iterable[Order]) -> None:
        """One after the other; none twice."""
        with self._lock:
            for one in orders:
                if one.key not in self.ordered:
                    self.ordered.add(one.key)
                    self._waiting.put(one)
                    self._start_worker()

    def _start_worker(self) -> None:
        if self._worker is None:
            self._worker = Thread(target=self._work, name="compile", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while True:
            try:
                self._make_all([self._waiting.get()], self._waiting)
            except OSError as error:  # a cache that cannot be written, say
                log.warning("passes stay eager, their code could not be kept: %s", error)

    def at_once(self, orders: Iterable[Order]) -> None:
        """As many side by side as there are processors. Raises OSError where a file cannot be kept."""
        queue: SimpleQueue[Order] = SimpleQueue()
        for one in orders:
            queue.put(one)
        count = min(SIDE_BY_SIDE, processors(), queue.qsize())
        with ThreadPoolExecutor(max(1, count)) as pool:
            try:
                for made in [pool.submit(self._make_all, (), queue) for _ in range(count)]:
                    made.result()
            except BaseException:  # an interrupt, say
                for _ in _taken(queue):
                    pass
                self.stop()
                raise

    def _make_all(self, first: Iterable[Order], queue: SimpleQueue[Order]) -> None:
        """Those and what the queue holds, by one maker as long as it lives. Raises OSError where a file cannot be
        kept."""
        folder().mkdir(parents=True, exist_ok=True)
        maker = None
        try:
            for orders in (first, _taken(queue)):
                for one in orders:
                    maker = maker or Maker(self)
                    if not maker.make(one):
                        maker.close()
                        maker = None
        finally:
            if maker:
                maker.close()

    def start(self, command: list[str], **pipes) -> subprocess.Popen:
        """Start a process, once no run is measured."""
        with self._calm:
            self._calm.wait_for(lambda: not self._measured)
            process = subprocess.Popen(command, start_new_session=True, text=True, **pipes)
            self.processes.append(process)
        return process

    def ended(self, process: subprocess.Popen) -> None:
        with self._calm:
            self.processes.remove(process)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """While open, nothing is made: a run that is measured has the machine for itself."""
        with self._calm:
            self._measured += 1
            self._signal("SIGSTOP")
        try:
            yield
        finally:
            with self._calm:
                self._measured -= 1
                if not self._measured:
                    self._signal("SIGCONT")
                    self._calm.notify_all()

    def stop(self) -> None:
        """End what is being made; it may be ordered again."""
        self._signal("SIGTERM")
        self._signal("SIGCONT")  # one that stands still hears nothing

    def _signal(self, name: str) -> None:
        """To the processes, and to the compilers that they run."""
        for process in list(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, getattr(signal, name))

    def throw_away(self, one: Order) -> None:
        """Code that cannot be loaded: a file that was cut short is made anew, what was made here would fail again."""
        with suppress(OSError):
            one.path.unlink(missing_ok=True)
            if one.key in self.ordered:
                refuse(one, Message("compiled.unloadable"))


def _taken(queue: SimpleQueue[Order]) -> Iterator[Order]:
    with suppress(Empty):
        while True:
            yield queue.get_nowait()


class Maker:
    """A process that makes one piece after the other: it takes as long to start as to make a small one."""

    def __init__(self, builds: BuildQueue) -> None:
        self._builds, self._errors = builds, TemporaryFile()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._errors}
        self._process = builds.start([sys.executable, "-m", "specdec.accelerate.build_worker"], **pipes)

    def make(self, one: Order) -> bool:
        """Whether it lives on. What it cannot make is refused; but if it was stopped from outside, may be tried
        again."""
        self._builds.ordered.add(one.key)
        with suppress(BrokenPipeError):
            print(json.dumps([one.text, str(one.path)]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            if self._process.wait() > 0:
                self._errors.seek(0)
                refuse(one, _failed(self._errors.read().decode(errors="replace")))
            return False
        if why := json.loads(answer):
            refuse(one, _failed(why))
        return True

    def close(self) -> None:
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._errors.close()
        self._builds.ended(self._process)


def _failed(complaint: str) -> Message:
    """The last line says why."""
    return Message("compiled.failed", why=(complaint.strip().splitlines() or [""])[-1])


def refuse(one: Order, why: Message) -> None:
    """It is not tried again."""
    one.refuse(why)
    log.warning("passes stay eager: %s", why)
