"""The runs that were sent to pages, stored on the server.

A page that missed lines can request them again, and whatever follows a run (the footer of a stopped run, the summary,
the figures) is computed without the page sending its trace back.
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
    """The lines of a run as they were sent to one page. `id` is a secret: a request with it may read the lines."""

    session: str | None
    tab: str
    id: str = field(default_factory=lambda: token_urlsafe(12))
    lines: list[str] = field(default_factory=list)
    begun: float = field(default_factory=monotonic)
    characters: int = 0

    def add(self, lines: str) -> dict[str, Any]:
        """Store new lines of NDJSON and return the message that sends them to the page."""
        first = len(self.lines)
        self.lines += [f"{line}\n" for line in lines.split("\n")[:-1]]  # texts may hold other line ends
        self.characters += len(lines)
        return message(lines, self.id, first)

    @property
    def text(self) -> str:
        return "".join(self.lines)


def message(lines: str, run: str, first: int = 0) -> dict[str, Any]:
    """A message to a stage or race on the page: new lines of a run, and the index of the first (`core/feed.js`)."""
    return {"run": run, "first": first, "lines": lines}


class SentRuns:
    """The last run of every tab of every session, until the session ends. Runs older than KEPT, and the oldest ones
    when all together exceed MOST_CHARACTERS, are dropped."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str | None, str], SentRun] = {}
        self._lock = Lock()

    def begin(self, session: str | None, tab: str) -> SentRun:
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

    def last(self, session: str | None, tab: str) -> SentRun | None:
        return self._runs.get((session, tab))

    def lines(self, asked: Any) -> str:
        """The lines of run `asked["run"]` from index `asked["first"]` on, for a page that missed them; "" where there
        are none, and for a malformed request."""
        run, first = (asked.get("run"), asked.get("first")) if isinstance(asked, dict) else (None, None)
        if type(first) is not int or first < 0:
            return ""
        with self._lock:
            return next(("".join(one.lines[first:]) for one in self._runs.values() if one.id == run), "")

    def forget(self, session: str | None) -> None:
        with self._lock:
            for key in [key for key in self._runs if key[0] == session]:
                del self._runs[key]
