"""The trace: everything one run showed, as plain frozen values and as newline-delimited JSON (schema 1).

A header, one line per round as it happens, a footer. Append-only: a stream cut anywhere after the header is still
a trace, also inside a line, which then is no part of it. This module imports nothing of ours, so whatever reads traces
needs neither torch nor a model.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from reprlib import repr as excerpt
from types import NoneType, UnionType
from typing import Any, Literal, NewType, TypedDict, Union, get_args, get_origin, get_type_hints

SCHEMA = 1
MAX_DEPTH = 32  # of lists and objects in each other, in the fields that the schema leaves free
MAX_WHOLE = 2**63 - 1

Whole = NewType("Whole", int)  # from 0 to MAX_WHOLE: ids, counts, sizes

Verdict = Literal["accepted", "rejected", "discarded"]
FinalVerdict = Literal["correction", "bonus", "plain"]
Reason = Literal["eos", "length", "stop", "cancelled", "error"]


class TraceError(ValueError):
    """A trace that cannot be read: one sentence that names the line."""


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what the token adds to the output (possibly ""); `piece` is what a chip shows, never empty."""

    id: Whole
    piece: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    text: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Hardware:
    device: str
    name: str
    dtype: str
    threads: Whole
    mode: Literal["eager", "compiled", "graphs"]


@dataclass(frozen=True, slots=True)
class TargetInfo:
    name: str
    parameters: Whole
    encoder_decoder: bool


@dataclass(frozen=True, slots=True)
class DrafterInfo:
    """`model` names the draft model or the heads that guess, `parameters` counts theirs; null where neither does."""

    name: str
    model: str | None
    parameters: Whole | None


class NeededSettings(TypedDict):
    """The settings that no trace lacks."""

    rule: str
    draft_length: Whole | Literal["auto"]


class KnownSettings(NeededSettings, total=False):
    """The settings that a reader may look at; others may stand beside them."""

    branching: Literal["dynamic"] | tuple[Whole, ...] | None
    temperature: float
    top_k: Whole
    top_p: float
    min_p: float
    seed: Whole
    max_new_tokens: Whole
    stop: tuple[str, ...]
    epsilon: float
    delta: float


@dataclass(frozen=True, slots=True)
class Header:
    created: str
    source: Literal["live", "recorded"]
    software: dict[str, Any]
    hardware: Hardware
    target: TargetInfo
    drafter: DrafterInfo
    settings: dict[str, Any]
    calibration: dict[str, Any] | None
    prompt: Prompt
    prefill_seconds: float


@dataclass(frozen=True, slots=True)
class Seconds:
    draft: float
    verify: float
    other: float


@dataclass(frozen=True, slots=True)
class Passes:
    draft: Whole
    target: Whole


Top = tuple[tuple[Whole, str, float, float, float], ...]  # (id, piece, p, q, residual), largest max(p, q) first
Tail = tuple[float, float, float]  # mass of p, q and residual outside `top`


@dataclass(frozen=True, slots=True)
class DraftToken:
    """One guess. `parent` is an index into the round's draft, -1 for a child of the last committed token."""

    id: Whole
    piece: str
    text: str
    parent: int
    draft_prob: float
    draft_coin: float | None
    target_prob: float
    accept_prob: float | None
    coin: float | None
    verdict: Verdict
    rule: dict[str, Any] | None
    top: Top
    tail: Tail


@dataclass(frozen=True, slots=True)
class FinalToken:
    """The token the target wrote itself: drawn from the residual (correction) or from p (bonus, plain)."""

    id: Whole
    piece: str
    text: str
    verdict: FinalVerdict
    target_prob: float
    coin: float | None
    top: Top
    tail: Tail


@dataclass(frozen=True, slots=True)
class Round:
    """`start` and `end` are seconds since the clock started, which is after prefill."""

    index: Whole
    start: float
    end: float
    seconds: Seconds
    passes: Passes
    plan: dict[str, Any] | None
    draft: tuple[DraftToken, ...]
    final: FinalToken | None

    @property
    def path(self) -> tuple[DraftToken, ...]:
        """The accepted tokens, in the order they were committed."""
        return tuple(token for token in self.draft if token.verdict == "accepted")

    @property
    def committed(self) -> tuple[DraftToken | FinalToken, ...]:
        """Every token this round added to the output."""
        return self.path if self.final is None else (*self.path, self.final)

    @property
    def refused(self) -> bool:
        """Whether every tried child at some reached depth was refused.

        >>> Round(0, 0.0, 1.0, Seconds(0, 1, 0), Passes(0, 1), None, (), None).refused
        False
        """
        last = max((i for i, token in enumerate(self.draft) if token.verdict == "accepted"), default=-1)
        return any(token.verdict == "rejected" and token.parent == last for token in self.draft)

    @property
    def depth(self) -> int:
        """Guesses along the longest path of the draft."""
        depths: list[int] = []
        for token in self.draft:
            depths.append(1 if token.parent < 0 else depths[token.parent] + 1)
        return max(depths, default=0)


@dataclass(frozen=True, slots=True)
class Totals:
    rounds: Whole
    drafted: Whole
    accepted: Whole
    rejected: Whole
    discarded: Whole
    refusals: Whole
    tokens: Whole
    seconds: float
    peak_memory_bytes: Whole | None

    @property
    def acceptance_rate(self) -> float | None:
        """α = accepted ÷ (accepted + refusals); None when nothing was judged."""
        judged = self.accepted + self.refusals
        return self.accepted / judged if judged else None

    @property
    def tokens_per_pass(self) -> float | None:
        """Committed tokens ÷ target passes (one pass a round)."""
        return self.tokens / self.rounds if self.rounds else None

    @property
    def draft_efficiency(self) -> float | None:
        """Accepted ÷ drafted. Not α: discarded tokens count here."""
        return self.accepted / self.drafted if self.drafted else None


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
    """What several runs come to; of memory, the fullest moment of any."""
    runs = tuple(runs)
    counts = [one.name for one in fields(Totals) if one.name != "peak_memory_bytes"]
    peaks = [one.peak_memory_bytes for one in runs if one.peak_memory_bytes is not None]
    sums = {name: sum(getattr(one, name) for one in runs) for name in counts}
    return Totals(**sums, peak_memory_bytes=max(peaks, default=None))


@dataclass(frozen=True, slots=True)
class Footer:
    """`plain_round_seconds`: what a round without a guess took where the text had ended, measured behind the run and
    outside its clock; None where it was not measured, and in older traces."""

    reason: Reason
    message: str | None
    totals: Totals
    plain_round_seconds: float | None = None


Line = Header | Round | Footer
KINDS: dict[str, type] = {"header": Header, "round": Round, "footer": Footer}
NAMES = {cls: kind for kind, cls in KINDS.items()}


@dataclass(frozen=True)  # no slots: the package lends notebooks a `_repr_html_`
class Trace:
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


def dump(line: Line) -> str:
    """One line of NDJSON, newline included; floats with full precision.

    Non-ASCII text stays readable, but U+2028 and U+2029 are escaped: some readers take them for line ends. A lone
    surrogate, as in a folder's name that is no UTF-8, is written as U+FFFD.
    """
    record: dict[str, Any] = {"kind": NAMES[type(line)]}
    if isinstance(line, Header):
        record["schema"] = SCHEMA
    record |= asdict(line)
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return unicode(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")) + "\n"


def unicode(text: str) -> str:
    """The text with U+FFFD for every lone surrogate, which no encoding has a form for.

    >>> unicode("a\\ud800") == "a\\ufffd"
    True
    """
    return text if _is_unicode(text) else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def gather(lines: Iterable[Line]) -> Trace:
    """Lines as they came → a Trace. Raises TraceError when the order is not header, rounds, footer."""
    return _gather(enumerate(lines, start=1))


def _gather(lines: Iterable[tuple[int, Line]]) -> Trace:
    header: Header | None = None
    rounds: list[Round] = []
    footer: Footer | None = None
    for number, line in lines:
        if isinstance(line, Header) is (header is not None):
            raise TraceError(f"Line {number}: a trace has exactly one header, and it comes first.")
        if footer is not None:
            raise TraceError(f"Line {number}: nothing may follow the footer.")
        if isinstance(line, Header):
            header = line
        elif isinstance(line, Round):
            if line.index != len(rounds):
                raise TraceError(f"Line {number}: round {line.index} stands where round {len(rounds)} should.")
            if rounds and line.start < rounds[-1].end - _SLACK:
                raise TraceError(f"Line {number}: round {line.index} begins before the one before it has ended.")
            rounds.append(line)
        else:
            footer = line
            if footer.totals != (counted := count(rounds, footer.totals.peak_memory_bytes)):
                wrong = next(
                    f.name for f in fields(Totals) if getattr(footer.totals, f.name) != getattr(counted, f.name)
                )
                raise TraceError(f"Line {number}: the total of {wrong} is not what the rounds add up to.")
    if header is None:
        raise TraceError("Line 1: the trace is empty.")
    return Trace(header, tuple(rounds), footer)


def loads(text: str) -> Trace:
    """Read a trace. Raises TraceError, naming the line, for anything that is not one.

    A last line without its end is left out if it was cut: a program or a disk may stop in the middle of a write.
    """
    lines: list[tuple[int, Line]] = []
    rule = None
    for number, raw in enumerate(_without_cut_line(text).split("\n"), start=1):
        if not raw.strip():
            continue
        line = _parse(raw, number)
        if isinstance(line, Header):
            _check_settings(line.settings, number)
            rule = line.settings["rule"]
        elif isinstance(line, Round):
            _check_round(line, rule, number)
        elif line.plain_round_seconds is not None and line.plain_round_seconds <= 0:
            raise TraceError(f"Line {number}: a plain round of {line.plain_round_seconds} seconds cannot have been.")
        lines.append((number, line))
    return _gather(lines)


def _without_cut_line(text: str) -> str:
    """The text without a last line that has no end and is the beginning of an object; a whole one stays."""
    before, _, last = text.rpartition("\n")
    try:
        if before.strip() and last.lstrip().startswith("{"):
            json.loads(last)
    except (ValueError, RecursionError):
        return before
    return text


def _parse(raw: str, number: int) -> Line:
    try:
        record = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise TraceError(f"Line {number}: this is not JSON.") from None
    kind = record.pop("kind", None) if isinstance(record, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise TraceError(f"Line {number}: a line must be a header, a round or a footer.")
    schema = record.pop("schema", None) if kind == "header" else SCHEMA
    if schema != SCHEMA or type(schema) is not int:
        raise TraceError(f"Line {number}: schema {excerpt(schema)} is unknown; this program reads schema {SCHEMA}.")
    return _build(KINDS[kind], record, number, kind)


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _build(hint: Any, value: Any, number: int, where: str) -> Any:
    """JSON value → the annotated type, checked all the way down. `where` is the dotted path for the message."""
    if is_dataclass(hint):
        return _build_dataclass(hint, value, number, where)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in args:
            return None
        *others, last = (one for one in args if one is not NoneType)
        for other in others:
            with suppress(TraceError):
                return _build(other, value, number, where)
        return _build(last, value, number, where)
    if hint is Whole and type(value) is int and 0 <= value <= MAX_WHOLE:
        return value
    if hint is str and type(value) is str and _is_unicode(value):
        return value
    if origin is Literal and value in args:
        return value
    if origin is tuple and isinstance(value, list):
        if args[-1] is Ellipsis:
            return tuple(_build(args[0], v, number, f"{where}[{i}]") for i, v in enumerate(value))
        if len(value) == len(args):
            return tuple(_build(a, v, number, where) for a, v in zip(args, value, strict=True))
    if origin is dict and isinstance(value, dict) and _is_plain(value):
        return value
    if hint is float and type(value) in (int, float) and _is_finite(value):
        return float(value)
    if hint in (int, bool) and type(value) is hint:
        return value
    raise TraceError(f"Line {number}: {where} has a value that does not belong there.")


def _is_finite(value: float) -> bool:
    return -sys.float_info.max <= value <= sys.float_info.max  # unlike math.isfinite, takes an int of any size


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a free field can be written and computed with: no number beyond a float's range, no lone surrogate, no
    nesting that would exhaust the stack."""
    if isinstance(value, dict | list):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return depth < MAX_DEPTH and all(_is_plain(one, depth + 1) for one in inner)
    return _is_unicode(value) if isinstance(value, str) else value is None or _is_finite(value)


_HINTS = {}


def _build_dataclass(cls: type, value: Any, number: int, where: str) -> Any:
    if not isinstance(value, dict):
        raise TraceError(f"Line {number}: {where} has a value that does not belong there.")
    hints = _HINTS.setdefault(cls, get_type_hints(cls))
    if missing := {field.name for field in fields(cls) if field.default is MISSING} - value.keys():
        raise TraceError(f"Line {number}: {where} lacks {min(missing)}.")
    if unknown := value.keys() - hints.keys():
        raise TraceError(f"Line {number}: {where} has an unknown field {excerpt(min(unknown))}.")
    return cls(**{name: _build(hints[name], one, number, f"{where}.{name}") for name, one in value.items()})


_SLACK = 1e-6  # probabilities are computed in float32, and clocks are read in microseconds


def _check_settings(settings: dict[str, Any], number: int) -> None:
    if missing := NeededSettings.__required_keys__ - settings.keys():
        raise TraceError(f"Line {number}: header.settings lacks {min(missing)}.")
    hints = _HINTS.setdefault(KnownSettings, get_type_hints(KnownSettings))
    for name in hints.keys() & settings.keys():
        _build(hints[name], settings[name], number, f"header.settings.{name}")


def _check_round(one: Round, rule: Any, number: int) -> None:
    last = -1  # accepted tokens are one path
    for i, token in enumerate(one.draft):
        where = f"Line {number}: draft[{i}]"
        if not -1 <= token.parent < i:
            raise TraceError(f"{where}: parent {excerpt(token.parent)} does not precede its child.")
        if token.verdict == "accepted" and token.parent != last:
            raise TraceError(f"{where} was accepted, but its parent is not the token accepted before it.")
        last = i if token.verdict == "accepted" else last
        for name in ("draft_prob", "target_prob", "accept_prob"):
            _check_probability(getattr(token, name), f"{where}.{name}")
        for name in ("draft_coin", "coin"):
            _check_coin(getattr(token, name), f"{where}.{name}")
        _check_top(token, where)
        if rule == "rejection" and token.accept_prob is not None:
            _check_acceptance(token, where)
    if rule == "block" and one.final is not None:
        _check_block(one, number)
    if one.final is not None:
        where = f"Line {number}: final"
        _check_probability(one.final.target_prob, f"{where}.target_prob")
        _check_coin(one.final.coin, f"{where}.coin")
        _check_top(one.final, where)
    if one.end < one.start or min(one.start, *asdict(one.seconds).values()) < 0:
        raise TraceError(f"Line {number}: the clock runs backwards.")


def _check_probability(value: float | None, where: str) -> None:
    if value is not None and not -_SLACK <= value <= 1 + _SLACK:
        raise TraceError(f"{where} = {value} is not a probability.")


def _check_coin(value: float | None, where: str) -> None:
    if value is not None and not 0 <= value < 1:
        raise TraceError(f"{where} = {value} is not in [0, 1).")


def _check_top(token: DraftToken | FinalToken, where: str) -> None:
    for _, piece, *masses in token.top:
        for value in masses:
            _check_probability(value, f"{where}.top ({excerpt(piece)})")
    for value in token.tail:
        _check_probability(value, f"{where}.tail")
    own = next((masses for number, _, *masses in token.top if number == token.id), None)
    stated = (token.target_prob, token.draft_prob) if isinstance(token, DraftToken) else (token.target_prob,)
    if own and any(abs(one - mass) > _SLACK for one, mass in zip(stated, own, strict=False)):
        raise TraceError(f"{where}: its probabilities are not those that its own top has for it.")


def _check_acceptance(token: DraftToken, where: str) -> None:
    expected = min(1.0, token.target_prob / token.draft_prob) if token.draft_prob > 0 else None
    if expected is not None and abs(token.accept_prob - expected) > 1e-4:
        raise TraceError(f"{where}: accept_prob {token.accept_prob} is not min(1, p/q) = {expected}.")
    if token.coin is not None and (token.coin < token.accept_prob) is not (token.verdict == "accepted"):
        raise TraceError(f"{where}: coin {token.coin} and accept_prob {token.accept_prob} contradict the verdict.")


def _check_block(one: Round, number: int) -> None:
    """The last check that passes decides how many are kept."""
    thresholds = [(token.rule or {}).get("threshold") for token in one.draft]
    if not all(isinstance(value, float) for value in thresholds) or any(token.coin is None for token in one.draft):
        raise TraceError(f"Line {number}: under the block rule every token has a coin and a threshold.")
    passed = (i for i, token in enumerate(one.draft, start=1) if token.coin < thresholds[i - 1])
    if max(passed, default=0) != len(one.path):
        raise TraceError(f"Line {number}: coins and thresholds contradict how many tokens were kept.")
