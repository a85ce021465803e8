"""What pages were sent, kept on the server: a page that lost lines asks for them, and what follows a run (its footer
when it is stopped, what is told and drawn under it) is made without the page sending its trace back.
"""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock
from time import monotonic
from typing import Any

KEPT = 3600  # seconds
MOST_CHARACTERS = 200_000_000  # of all visitors' runs; a run of 4,000 tokens has a few million


@dataclass(slots=True)
class SentRun:
    """A run as one page was sent it. `id` cannot be guessed: whoever knows it may read the lines."""

    session: str
    tab: str
    id: str = field(default_factory=lambda: token_urlsafe(12))
    lines: list[str] = field(default_factory=list)
    begun: float = field(default_factory=monotonic)
    characters: int = 0

    def add(self, lines: str) -> dict[str, Any]:
        """New lines of NDJSON → the message that brings them to the page."""
        first = len(self.lines)
        self.lines += [f"{line}\n" for line in lines.split("\n")[:-1]]  # other line ends may stand in a text
        self.characters += len(lines)
        return message(lines, self.id, first)

    @property
    def text(self) -> str:
        return "".join(self.lines)


def message(lines: str, run: str, first: int = 0) -> dict[str, Any]:
    """What a stage or race on the page takes: new lines of one run, and the number of the first (`core/feed.js`)."""
    return {"run": run, "first": first, "lines": lines}


class SentRuns:
    """The last run of every tab of every session, until the session ends; the oldest give way to newer ones."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], SentRun] = {}
        self._lock = Lock()

    def begin(self, session: str, tab: str) -> SentRun:
        with self._lock:
            self._runs.pop((session, tab), None)
            run = self._runs[session, tab] = SentRun(session, tab)
            self._make_room()
        return run

    def _make_room(self) -> None:
        *older, _ = self._runs.items()
        spare = sum(run.characters for run in self._runs.values()) - MOST_CHARACTERS
        for key, run in older:
            if spare > 0 or monotonic() - run.begun > KEPT:
                spare -= run.characters
                del self._runs[key]

    def last(self, session: str, tab: str) -> SentRun | None:
        return self._runs.get((session, tab))

    def lines(self, asked: Any) -> str:
        """The lines of a run from one on, for a page that lost them; "" where there are none."""
        run, first = (asked.get("run"), asked.get("first")) if isinstance(asked, dict) else (None, None)
        if type(first) is not int or first < 0:
            return ""
        with self._lock:
            return next(("".join(one.lines[first:]) for one in self._runs.values() if one.id == run), "")

    def forget(self, session: str) -> None:
        with self._lock:
            for key in [key for key in self._runs if key[0] == session]:
                del self._runs[key]
