"""The summary sentence below the stage of a run that has ended."""

from specdec.messages import ENGLISH, Words
from specdec.trace import Trace, TraceError, loads
from specdec.ui.bundled_traces import before_last_run, last_run
from specdec.views import diagnosis


def ended(ndjson: str) -> Trace | None:
    """The last run in an NDJSON stream if it has ended; None if it has not, or cannot be read."""
    return _ended(last_run(ndjson)) if isinstance(ndjson, str) else None


def _ended(run: str) -> Trace | None:
    try:
        trace = loads(run)
    except TraceError:
        return None
    return trace if trace.footer else None


def explanation(ndjson: str, words: Words = ENGLISH) -> str:
    """Where the time of the run went, and why its passes were eager."""
    if (trace := ended(ndjson)) is None:
        return ""
    plain = _ended(before_last_run(ndjson))
    return " ".join(filter(None, (diagnosis.sentence(trace, plain, words=words), _why_eager(trace, words))))


def _why_eager(trace: Trace, words: Words) -> str:
    reason = trace.header.hardware.mode_reason
    return words.say("compiled.eager", why=reason.message) if reason else ""
