"""What is told of a run below its stage, once it has ended."""

from specdec.trace import Trace, TraceError, loads
from specdec.ui import engine
from specdec.ui.recorded import last_run
from specdec.views import diagnosis


def ended(ndjson: str) -> Trace | None:
    """The last run of a stream if it has ended; None for one that has not, or that cannot be read."""
    try:
        trace = loads(last_run(ndjson))
    except TraceError:
        return None
    return trace if trace.footer else None


def told(ndjson: str) -> str:
    """Where its time went, and what kept its passes eager."""
    if (trace := ended(ndjson)) is None:
        return ""
    return " ".join(filter(None, (diagnosis.sentence(trace), engine.why_eager(trace.header))))
