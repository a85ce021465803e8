"""The queue of artifacts to be compiled. Separate processes compile them, and are paused while a run is measured."""

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

SIDE_BY_SIDE = 4  # parallel processes at most, since each may take a gigabyte of memory


class BuildQueue:
    """The artifacts that are to be compiled on this machine, and the worker processes that compile them. While a run
    is measured, the workers are paused.

    `ordered`: the keys of everything ordered in this process, compiled or not; `processes`: the running workers.
    """

    def __init__(self) -> None:
        self.ordered: set[str] = set()
        self.processes: list[subprocess.Popen] = []
        self._waiting: SimpleQueue[Order] = SimpleQueue()
        self._lock = Lock()
        self._measured = 0  # runs that are being measured and need the machine for themselves
        self._calm = Condition()  # guards `_measured` and `processes`
        self._worker: Thread | None = None
        atexit.register(self.stop)

    def in_background(self, orders: Iterable[Order]) -> None:
        """Compile artifacts in a background thread, one after the other; those ordered before are left out."""
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
            except OSError as error:  # the cache cannot be written, for instance
                log.warning("passes stay eager, their code could not be kept: %s", error)

    def at_once(self, orders: Iterable[Order]) -> None:
        """Compile artifacts now, in parallel on all processors, and wait for them. Raises OSError if a file cannot be
        written."""
        queue: SimpleQueue[Order] = SimpleQueue()
        for one in orders:
            queue.put(one)
        count = min(SIDE_BY_SIDE, processors(), queue.qsize())
        with ThreadPoolExecutor(max(1, count)) as pool:
            try:
                for made in [pool.submit(self._make_all, (), queue) for _ in range(count)]:
                    made.result()
            except BaseException:  # also an interrupt from the keyboard
                for _ in _taken(queue):
                    pass
                self.stop()
                raise

    def _make_all(self, first: Iterable[Order], queue: SimpleQueue[Order]) -> None:
        """Compile the orders in `first`, then those in the queue until it is empty. One worker process compiles them;
        it is replaced if it dies. Raises OSError if a file cannot be written."""
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
        """Start a worker process, after waiting until no run is measured."""
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
        """A context in which all workers are paused, so that a measured run has the machine for itself."""
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
        """Terminate all workers. Unfinished artifacts may be ordered again."""
        self._signal("SIGTERM")
        self._signal("SIGCONT")  # a paused process handles SIGTERM only after it continues

    def _signal(self, name: str) -> None:
        """Send a signal to the workers and to the compilers that they run (their process groups)."""
        for process in list(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, getattr(signal, name))

    def throw_away(self, one: Order) -> None:
        """Delete an artifact that cannot be loaded, so that it is compiled again. If this process has ordered it, it
        is refused instead, since it would fail again."""
        with suppress(OSError):
            one.path.unlink(missing_ok=True)
            if one.key in self.ordered:
                refuse(one, Message("compiled.unloadable"))


def _taken(queue: SimpleQueue[Order]) -> Iterator[Order]:
    with suppress(Empty):
        while True:
            yield queue.get_nowait()


class Maker:
    """A worker process that compiles one artifact after the other, since starting it takes as long as compiling a
    small artifact."""

    def __init__(self, builds: BuildQueue) -> None:
        self._builds, self._errors = builds, TemporaryFile()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._errors}
        self._process = builds.start([sys.executable, "-m", "specdec.accelerate.build_worker"], **pipes)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def make(self, one: Order) -> bool:
        """Compile one artifact. Returns whether the process is still alive. An artifact that cannot be compiled is
        refused; if the process was killed by a signal, the artifact may be tried again."""
        self._builds.ordered.add(one.key)
        with suppress(BrokenPipeError):
            print(json.dumps([one.text, str(one.path)]), file=self._orders, flush=True)
        answer = self._answers.readline()
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
            self._orders.close()
        self._answers.close()
        self._process.wait()
        self._errors.close()
        self._builds.ended(self._process)


def _failed(complaint: str) -> Message:
    """The message for a failed compilation, with the last line of the error output as its reason."""
    return Message("compiled.failed", why=(complaint.strip().splitlines() or [""])[-1])


def refuse(one: Order, why: Message) -> None:
    """Mark an artifact as impossible to compile, so that it is not tried again, and log the reason."""
    one.refuse(why)
    log.warning("passes stay eager: %s", why)
