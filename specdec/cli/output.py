"""Write the lines of a trace as they happen to a file and to the screen, and return an exit status. An interrupted run
still ends in a footer."""

import os
import signal
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from threading import Event

from specdec.errors import UserError
from specdec.messages import ENGLISH, Words
from specdec.trace import Footer, Header, Line, Round, Trace, count, dump
from specdec.views import diagnosis, terminal

STATUS = {"error": 1, "cancelled": 130}


@contextmanager
def trace_file(path: str | None) -> Iterator[FileIO | None]:
    """Open the file for a trace, before a model is loaded; raises UserError if it cannot be written.

    Its old content is kept until the run has begun. The file is unbuffered, so a round on the screen is also in the
    file. An existing file, link, pipe or device is written to and never replaced.
    """
    if path is None:
        yield None
        return
    try:
        file = FileIO(path, "a")
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None
    with file:
        yield file


def play(lines: Iterable[Line], file: FileIO | None, as_json: bool = False, *, words: Words = ENGLISH) -> int:
    """Show every line on stdout, copy it to `file`, return the exit status. Ctrl-C ends the run after its round."""
    show = _show_json if as_json else _show_text
    with _interruptible() as interrupted:
        lines = _copied(_until(interrupted, lines), file)
        try:
            return show(lines, words)
        except BrokenPipeError:  # the reader of stdout went away: nobody waits for the rest, but the file gets its end
            interrupted.set()
            for _ in lines:
                pass
            raise


@contextmanager
def _interruptible() -> Iterator[Event]:
    """An event that the first Ctrl-C sets; a second Ctrl-C raises KeyboardInterrupt as usual."""
    pressed = Event()

    def note(*_) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _until(interrupted: Event, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, ended by a footer with reason `cancelled` once the event is set."""
    rounds: list[Round] = []
    for line in lines:
        yield line
        if isinstance(line, Header):
            rounds = []
        elif isinstance(line, Round):
            rounds.append(line)
        if interrupted.is_set():
            if not isinstance(line, Footer):
                yield Footer("cancelled", None, count(rounds))
            return


def _copied(lines: Iterable[Line], file: FileIO | None) -> Iterator[Line]:
    begun = False
    for line in lines:
        if file is not None:
            try:
                if not begun and _is_file(file):
                    file.truncate(0)
                _append(file, dump(line).encode())
            except OSError as error:
                raise _unwritable(file.name, error) from None
        begun = True
        yield line


def _append(file: FileIO, line: bytes) -> None:
    """Append a whole line or nothing: an unbuffered write may write only a part, as it does when the disk is full."""
    size = os.fstat(file.fileno()).st_size
    rest = memoryview(line)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        if _is_file(file):
            file.truncate(size)
        raise


def _is_file(file: FileIO) -> bool:
    """Whether it is a regular file, which can be truncated; a device or a pipe cannot."""
    return stat.S_ISREG(os.fstat(file.fileno()).st_mode)


def _unwritable(path: str, error: Exception) -> UserError:
    return UserError("cli.unwritable", path=path, why=getattr(error, "strerror", None) or error)


def _show_json(lines: Iterable[Line], words: Words) -> int:
    """The trace on stdout; on stderr what went wrong, or where the time went."""
    status = 0
    for line in lines:
        _emit(terminal.tame_json(dump(line)))
        if isinstance(line, Header):
            header, rounds = line, []
        elif isinstance(line, Round):
            rounds.append(line)
        else:
            status = STATUS.get(line.reason, 0)
            trace = Trace(header, tuple(rounds), line)
            note = terminal.ending(line, words) if line.reason == "error" else diagnosis.sentence(trace, words=words)
            _note(note and note + "\n")
    return status


def _show_text(lines: Iterable[Line], words: Words) -> int:
    """The output on stdout; the summary on stderr, so that `> story.txt` holds the output and nothing else."""
    colour = terminal.wants_colour(sys.stdout, os.environ)
    ended: list[Trace] = []
    status = 0
    for line in lines:
        _emit(terminal.show(line, colour))
        if isinstance(line, Header):
            header, rounds = line, []
        elif isinstance(line, Round):
            rounds.append(line)
        else:
            _note(
                "\n"
                + terminal.summary(header, rounds, line, terminal.wants_colour(sys.stderr, os.environ), words=words)
            )
            ended.append(Trace(header, tuple(rounds), line))
            status = STATUS.get(line.reason, 0)
    if len(ended) == 2 and not status:
        _note("\n" + terminal.race_result(ended[0], ended[1], words))
    return status


def _emit(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _note(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
