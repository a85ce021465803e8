"""How far a command is, on one line of a terminal that is written over; elsewhere nothing."""

import sys


def show(so_far: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + so_far)
        sys.stderr.flush()


def done() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
