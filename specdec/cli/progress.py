"""How far a command is: on one line of a terminal that is written over, elsewhere in a few lines of a log."""

import sys

LINES = 10  # at most, where there is no terminal


class Progress:
    """Of a command that takes `total` steps."""

    def __init__(self, total: int) -> None:
        self.total, self.told = total, 0

    def show(self, done: int, so_far: str) -> None:
        """Say how far it is after so many steps; in a log only where that is another tenth of the whole."""
        if sys.stderr.isatty():
            sys.stderr.write("\r" + so_far)
            sys.stderr.flush()
        elif (reached := done * LINES // self.total) > self.told:
            self.told = reached
            print(so_far, file=sys.stderr, flush=True)


def done() -> None:
    """Clear the terminal's line."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
