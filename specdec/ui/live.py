"""From lines as they happen to the strings a page shows: the trace so far, which only grows, and a notice."""

from collections.abc import Iterator
from time import monotonic

import gradio as gr

from specdec.errors import UserError
from specdec.trace import Footer, Line, TraceError, count, dump, loads
from specdec.ui import engine
from specdec.words import say

BREATH = 0.5  # seconds between two looks up from a race: often enough to be stopped, seldom enough not to disturb

Shown = tuple[str | dict, str]  # (trace so far or "leave it as it is", notice)


def patient(lines: Iterator[Line], silent: bool = False) -> Iterator[Shown]:
    """Yield once a line; a bad request leaves the run that is on the stage and says what is wrong.

    `silent` holds a run's lines back until it has ended: nothing is sent while the clock of a race is running.
    """
    if not engine.is_loaded():
        yield gr.skip(), say("app.loading")
    text, last = "", monotonic()
    try:
        for line in lines:
            text += dump(line)
            if not silent or isinstance(line, Footer):
                yield text, ""
            elif monotonic() - last > BREATH:
                last = monotonic()
                yield gr.skip(), say("app.racing")
    except UserError as error:
        yield gr.skip(), str(error)


def closed(ndjson: str) -> str:
    """A stopped stream with the footer it lacks, so that it is a whole trace; what is whole stays as it is.

    >>> closed("")
    ''
    """
    start = ndjson.rfind('{"kind":"header"')
    if start < 0:
        return ndjson
    trace = loads(ndjson[start:])
    return ndjson if trace.footer else ndjson + dump(Footer("cancelled", None, count(trace.rounds)))
