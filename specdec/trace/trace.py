"""A run as its lines, what they add up to, and how a line is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from specdec.errors import UserError
from specdec.trace.records import Footer, Header, Line, Round, Totals


class TraceError(UserError):
    """A trace that cannot be read or written: one sentence, which names the line that was read."""


def count(rounds: Iterable[Round], peak_memory_bytes: int | None = None) -> Totals:
    """Add up rounds. accepted + rejected + discarded = drafted, always."""
    rounds = tuple(rounds)
    verdicts = [token.verdict for one in rounds for token in one.draft]
    return Totals(
        rounds=len(rounds),
        drafted=len(verdicts),
        accepted=verdicts.count("accepted"),
        rejected=verdicts.count("rejected"),
        discarded=verdicts.count("discarded"),
        refusals=sum(one.refused for one in rounds),
        tokens=sum(len(one.committed) for one in rounds),
        seconds=rounds[-1].end if rounds else 0.0,
        peak_memory_bytes=peak_memory_bytes,
    )


def together(runs: Iterable[Totals]) -> Totals:
    """The sums of several runs' totals; for memory, the largest peak of any run."""
    runs = tuple(runs)
    counts = [name for name in Totals.__struct_fields__ if name != "peak_memory_bytes"]
    peaks = [one.peak_memory_bytes for one in runs if one.peak_memory_bytes is not None]
    sums = {name: sum(getattr(one, name) for one in runs) for name in counts}
    return Totals(**sums, peak_memory_bytes=max(peaks, default=None))


class Trace(msgspec.Struct, frozen=True):
    """One run, or what has happened of it so far (`footer` is None while it goes on or was cut off)."""

    header: Header
    rounds: tuple[Round, ...]
    footer: Footer | None

    @property
    def ids(self) -> list[int]:
        """The generated token ids, prompt not included."""
        return [token.id for one in self.rounds for token in one.committed]

    @property
    def text(self) -> str:
        """The generated text, prompt not included."""
        return "".join(token.text for one in self.rounds for token in one.committed)

    @property
    def totals(self) -> Totals:
        return self.footer.totals if self.footer else count(self.rounds)

    def lines(self) -> Iterator[Line]:
        yield self.header
        yield from self.rounds
        if self.footer:
            yield self.footer

    def dumps(self) -> str:
        """The whole trace as NDJSON, a newline after every line."""
        return "".join(map(dump, self.lines()))


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def dump(line: Line) -> str:
    """One line of NDJSON, newline included; floats with full precision. Raises TraceError for a line that would not be
    read as what it is, such as one with a number that is not finite.

    Non-ASCII text stays readable, but U+2028 and U+2029 are escaped: some readers take them for line ends. A lone
    surrogate, as in a folder's name that is no UTF-8, is written as U+FFFD.
    """
    try:
        data = _encode(line)
    except UnicodeEncodeError:
        line = msgspec.convert(_unicode_only(msgspec.to_builtins(line)), type(line))
        data = _encode(line)
    if not _reads_as(data, line):
        raise TraceError("trace.unwritable", kind=type(line).__name__)
    return data.decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n"


def _reads_as(data: bytes, line: Line) -> bool:
    try:
        return _decode(data) == line
    except msgspec.ValidationError:
        return False


def _unicode_only(value: Any) -> Any:
    if isinstance(value, dict):
        return {unicode(key): _unicode_only(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_unicode_only(one) for one in value]
    return unicode(value) if isinstance(value, str) else value


def unicode(text: str) -> str:
    """The text with U+FFFD for every lone surrogate, which no encoding has a form for.

    >>> unicode("a\\ud800") == "a\\ufffd"
    True
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
