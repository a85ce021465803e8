"""Progress on stderr: a bar with the time left on a terminal, lines in a log."""

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINES = 10  # in a log, for `Bar`


class Bar:
    """A bar on a terminal; nothing elsewhere. It is drawn only when it is updated: a thread that redraws it would
    disturb what a benchmark measures."""

    def __init__(self) -> None:
        self.bar: Progress | None = None
        self.task: TaskID

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def is_seen(self) -> bool:
        return sys.stderr.isatty()

    def show(self, done: int, total: int, sentence: str) -> None:
        """Show that `done` of `total` steps are done, and a sentence."""
        if not self.is_seen:
            return
        if self.bar is None:
            self.bar = _bar()
            self.bar.start()
            self.task = self.bar.add_task(sentence, total=total, completed=done)
        self.bar.update(self.task, completed=done, total=total, description=sentence, refresh=True)

    def print(self, text: str) -> None:
        """Print a line above the bar."""
        if self.bar is None:
            print(text, file=sys.stderr, flush=True)
        else:
            self.bar.console.out(text, highlight=False)

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)


class LoggedBar(Bar):
    """A bar on a terminal; elsewhere the sentence, once after each tenth of the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.logged = 0

    def show(self, done: int, total: int, sentence: str) -> None:
        super().show(done, total, sentence)
        if not self.is_seen and (reached := done * LINES // total) > self.logged:
            self.logged = reached
            self.print(sentence)
