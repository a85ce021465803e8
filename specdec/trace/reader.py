"""Text → a trace. Whatever is not one is refused in one sentence that names the line.

The types of `specdec.trace.records` say what a line may hold, `specdec.trace.checks` what must be true of it.
"""

import re
from collections.abc import Iterable, Iterator
from reprlib import repr as excerpt
from typing import Any

import msgspec

from specdec.messages import Message
from specdec.trace import checks, schema1
from specdec.trace.records import SCHEMA, Footer, Header, Line, Round, Totals
from specdec.trace.records import Settings as SettingsRecord
from specdec.trace.trace import Trace, TraceError, count

KINDS = ("header", "round", "footer")


def loads(text: str) -> Trace:
    """Read a trace of schema 1 or 2. Raises TraceError, naming the line, for anything that is not one.

    A last line without its end is left out if it was cut: a program or a disk may stop in the middle of a write.
    """
    return _gather(list(_lines(_without_cut_line(text))))


def gather(lines: Iterable[Line]) -> Trace:
    """Lines as they came → a Trace. Raises TraceError when the order is not header, rounds, footer."""
    return _gather(enumerate(lines, start=1))


def _gather(lines: Iterable[tuple[int, Line]]) -> Trace:
    header: Header | None = None
    rounds: list[Round] = []
    footer: Footer | None = None
    for number, line in lines:
        if fault := _misplaced(line, header, rounds, footer):
            raise _refusal(number, fault)
        if isinstance(line, Header):
            header = line
        elif isinstance(line, Round):
            rounds.append(line)
        else:
            footer = line
    if header is None:
        raise _refusal(1, Message("trace.empty"))
    return Trace(header, tuple(rounds), footer)


def _misplaced(line: Line, header: Header | None, rounds: list[Round], footer: Footer | None) -> Message | None:
    """What is wrong with a line, given the lines before it; None if nothing is."""
    if isinstance(line, Header) is (header is not None):
        return Message("trace.one_header")
    if footer is not None:
        return Message("trace.after_footer")
    if isinstance(line, Round):
        return checks.succession(line, rounds)
    return _wrong_total(line.totals, rounds) if isinstance(line, Footer) else None


def _wrong_total(totals: Totals, rounds: list[Round]) -> Message | None:
    counted = count(rounds, totals.peak_memory_bytes)
    wrong = (name for name in Totals.__struct_fields__ if getattr(totals, name) != getattr(counted, name))
    return Message("trace.total", name=name) if (name := next(wrong, None)) else None


def _refusal(number: int, fault: Message) -> TraceError:
    return TraceError("trace.line", line=number, fault=fault)


def _without_cut_line(text: str) -> str:
    """The text without a last line that has no end and is the beginning of an object; a whole one stays."""
    before, _, last = text.rpartition("\n")
    cut = before.strip() and last.lstrip().startswith("{") and _json(last) is msgspec.UNSET
    return before if cut else text


def _lines(text: str) -> Iterator[tuple[int, Line]]:
    schema, header = SCHEMA, None
    for number, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        record = _json(raw)
        if fault := _unknown(record):
            raise _refusal(number, fault)
        schema = record["schema"] if record["kind"] == "header" else schema
        line = _typed(schema1.upgraded(record) if schema == schema1.SCHEMA else record, number)
        header = line if isinstance(line, Header) else header
        if fault := next(checks.faults(line, header), None):
            raise _refusal(number, fault)
        yield number, line


def _json(raw: str) -> Any:
    """The value of a line; UNSET where it is not JSON."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return msgspec.UNSET


def _unknown(record: Any) -> Message | None:
    """The reason why a JSON value is not a line of a trace; None if it may be one."""
    if record is msgspec.UNSET:
        return Message("trace.not_json")
    if not isinstance(record, dict) or record.get("kind") not in KINDS:
        return Message("trace.kind")
    schema = record.get("schema")
    if record["kind"] == "header" and (type(schema) is not int or schema not in (schema1.SCHEMA, SCHEMA)):
        return Message("trace.schema", schema=excerpt(schema), oldest=schema1.SCHEMA, newest=SCHEMA)
    return None


def _typed(record: dict[str, Any], number: int) -> Line:
    """A line as its type. Raises TraceError for a field that is missing, unknown or of another type."""
    kind = record["kind"]
    line = _converted(record, Line, "" if kind == "round" else kind, number)
    if isinstance(line, Header):
        _converted(line.settings, SettingsRecord, "header.settings", number)
    return line


def _converted(value: Any, to: Any, where: str, number: int) -> Any:
    try:
        return msgspec.convert(value, to)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _refusal(number, _fault(str(error), value, where)) from None


_NAMED = re.compile(r"Object (missing required|contains unknown) field `(.*)`", re.DOTALL)


def _fault(said: str, value: Any, where: str) -> Message:
    """The error of msgspec as a message. msgspec puts the place after its sentence, as in `$.draft[0].coin`."""
    why, _, path = said.rpartition(" - at `") if " - at `" in said else (said, "", "$`")
    path = path.removesuffix("`").partition("$")[2].replace("[...]", "")
    place = f"{where}{path}".removeprefix(".")
    if named := _NAMED.fullmatch(why):
        key = "trace.lacks" if named[1].startswith("missing") else "trace.unknown_field"
        return Message(key, where=place or "round", name=excerpt(named[2]) if "unknown" in key else named[2])
    return Message("trace.value", where=place or "round", value=excerpt(_at(value, path)), why=why)


def _at(value: Any, path: str) -> Any:
    """What stands at a place such as `.draft[0].coin`; for a value of an object, the object."""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value
