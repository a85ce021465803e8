"""Checks of a trace's lines beyond their types: each check yields the faults that it finds, as messages."""

import sys
from collections.abc import Iterator, Sequence
from reprlib import repr as excerpt
from typing import Any, get_args

import msgspec

from specdec.messages import Message
from specdec.trace.records import (
    ENGINE,
    SLACK,
    DraftToken,
    FinalToken,
    Header,
    Line,
    MessageRecord,
    Mode,
    Round,
)

MAX_DEPTH = 32  # of lists and objects in each other, where the schema leaves a field free
MODES = get_args(Mode)
ROUNDED = 1e-4  # a ratio of two float32

Faults = Iterator[Message]


def faults(line: Line, header: Header | None) -> Faults:
    """The faults of a line; `header` is the trace's header, if it is known."""
    if isinstance(line, Header):
        yield from _free("header.settings", line.settings)
        yield from _message("header.hardware.mode_reason", line.hardware.mode_reason)
    elif isinstance(line, Round):
        yield from _round(line, header.settings["rule"] if header else None)
    else:
        yield from _message("footer.message", line.message)
    if header and header.engine == ENGINE:
        yield from _unreported(line)


def succession(one: Round, before: list[Round]) -> Message | None:
    """What is wrong with a round, given the rounds before it; None if nothing is."""
    if one.index != len(before):
        return Message("trace.round_index", index=one.index, expected=len(before))
    if before and one.start < before[-1].end - SLACK:
        return Message("trace.round_early", index=one.index)
    return None


def _unreported(line: Line) -> Faults:
    """Faults of a line of this engine: fields that are null although this engine always fills them in."""
    if isinstance(line, Header):
        if line.hardware.mode not in MODES:
            yield Message("trace.mode", mode=excerpt(line.hardware.mode), modes=", ".join(MODES))
        reported: dict[str, object] = {
            "header.hardware.threads": line.hardware.threads,
            "header.target.parameters": line.target.parameters,
            "header.prefill_seconds": line.prefill_seconds,
        }
    elif isinstance(line, Round):
        reported = {"seconds": line.seconds, "passes": line.passes}
        reported |= {f"draft[{i}]": _if_judged(token) for i, token in enumerate(line.draft)}
        reported |= {"final": _if_judged(line.final)} if line.final else {}
    else:
        reported = {}
    missing = (where for where, value in reported.items() if value is None)
    yield from (Message("trace.untold", where=where, engine=ENGINE) for where in missing)


def _if_judged(token: Any) -> DraftToken | FinalToken | None:
    return token if isinstance(token, DraftToken | FinalToken) else None


def _round(one: Round, rule: str | None) -> Faults:
    last = -1  # accepted tokens are one path
    for i, token in enumerate(one.draft):
        where = f"draft[{i}]"
        if not -1 <= token.parent < i:
            yield Message("trace.parent", where=where, parent=excerpt(token.parent))
        if token.verdict == "accepted" and token.parent != last:
            yield Message("trace.path", where=where)
        last = i if token.verdict == "accepted" else last
        if isinstance(token, DraftToken):
            yield from _top(token, where, token.target_prob, token.draft_prob)
            if rule == "rejection" and token.accept_prob is not None:
                yield from _acceptance(token, token.accept_prob, where)
        else:
            yield from _free(f"{where}.said", token.said)
    if isinstance(one.final, FinalToken):
        yield from _top(one.final, "final", one.final.target_prob)
    elif one.final is not None:
        yield from _free("final.said", one.final.said)
    judged = [token for token in one.draft if isinstance(token, DraftToken)]
    if rule == "block" and one.final is not None and len(judged) == len(one.draft):
        yield from _block(judged, kept=len(one.path))
    if len({isinstance(token, DraftToken | FinalToken) for token in (*one.draft, *filter(None, [one.final]))}) > 1:
        yield Message("trace.mixed")
    if one.end < one.start:
        yield Message("trace.clock")


def _top(token: DraftToken | FinalToken, where: str, *stated: float) -> Faults:
    """A token's own row of `top` has its probabilities."""
    own = next((masses for number, _, *masses in token.top if number == token.id), stated)
    if any(abs(one - mass) > SLACK for one, mass in zip(stated, own, strict=False)):
        yield Message("trace.top", where=where)


def _acceptance(token: DraftToken, accept_prob: float, where: str) -> Faults:
    expected = min(1.0, token.target_prob / token.draft_prob) if token.draft_prob > 0 else None
    if expected is not None and abs(accept_prob - expected) > ROUNDED:
        yield Message("trace.accept_prob", where=where, accept_prob=accept_prob, expected=expected)
    if token.coin is not None and (token.coin < accept_prob) is not (token.verdict == "accepted"):
        yield Message("trace.coin", where=where, coin=token.coin, accept_prob=accept_prob)


def _block(draft: Sequence[DraftToken], kept: int) -> Faults:
    """The last check that passes decides how many are kept."""
    checks = [(token.coin, (token.rule or {}).get("threshold")) for token in draft]
    passed = [i for i, (coin, threshold) in enumerate(checks, start=1) if _passes(coin, threshold)]
    if any(None in check for check in checks):
        yield Message("trace.block_fields")
    elif max(passed, default=0) != kept:
        yield Message("trace.block_kept")


def _message(where: str, message: MessageRecord | str | None) -> Faults:
    if isinstance(message, MessageRecord):
        yield from _free(where, msgspec.to_builtins(message))


def _free(where: str, value: Any) -> Faults:
    if not _is_plain(value):
        yield Message("trace.free", where=where)


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a free field can be computed with and written again: no number beyond a float's range, no nesting that
    would exhaust the stack."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return depth < MAX_DEPTH and all(_is_plain(one, depth + 1) for one in inner)
    return value is None or isinstance(value, str) or abs(value) <= sys.float_info.max


def _passes(coin: float | None, threshold: float | None) -> bool:
    return coin is not None and threshold is not None and coin < threshold
