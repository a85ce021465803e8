"""Lines of a trace, as they happen → a file, the screen, an exit status. An interrupted run still ends in a footer."""

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event
from typing import TextIO

from specdec.errors import UserError
from specdec.trace import Footer, Header, Line, Round, count, dump
from specdec.views import terminal
from specdec.words import say

STATUS = {"error": 1, "cancelled": 130}


def play(lines: Iterable[Line], file: TextIO | None, as_json: bool = False) -> int:
    """Write every line to `file` and show it on stdout; returns the exit status. Ctrl-C ends after the round."""
    shown = _json(file) if as_json else _text(file)
    next(shown)
    status = 0
    with _interruptible() as interrupted:
        for line in _until(interrupted, lines):
            if file is not None:
                _write(file, dump(line))
            try:
                shown.send(line)
            except BrokenPipeError:
                ...
            if isinstance(line, Footer):
                status = STATUS.get(line.reason, 0)
    return status
