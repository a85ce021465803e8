"""From lines as they happen to the strings a page shows: the trace so far, which only grows, and a notice."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import wraps
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from specdec.catalog import capabilities
from specdec.errors import UserError
from specdec.messages import say
from specdec.methods import PLAIN
from specdec.settings import Settings
from specdec.trace import Footer, Header, Line, MessageRecord, Reason, Round, TraceError, count, dump, loads
from specdec.ui import engine
from specdec.ui.bundled_traces import last_run
from specdec.ui.form import parse

if TYPE_CHECKING:
    from specdec.models.pair import Pair

FRAME, PER_CHARACTER = 0.04, 3e-7  # seconds that a page needs for an update: any, and for each character of its trace
BREATH = 0.5  # seconds between two looks up from a race: often enough to be stopped, seldom enough not to disturb

Experiment = Callable[["Pair", str, str, Settings], Iterator[Line]]  # (pair, prompt, drafter, settings) → lines
Shown = tuple[str | dict, str]  # what Gradio is given: the trace so far or "leave it as it is", and a notice


class Update(NamedTuple):
    """What a run has to tell: its trace so far (newline-delimited JSON, it only grows) and a notice for the reader."""

    trace: str | None  # None: nothing new
    notice: str = ""
    refused: bool = False  # the notice says why there is no run


RunFunction = Callable[..., Iterator[Update]]


def runner(experiment: Experiment, silent: bool = False) -> RunFunction:
    """The function behind a tab's Run: one update a line. A bad request leaves the stage alone and says why.

    `silent` holds the lines back until the experiment has ended, so nothing is sent while a race's clock is running.
    """

    def run(
        prompt: str,
        drafter: str,
        draft_length: float,
        rule: str,
        temperature: float,
        top_k: float,
        top_p: float,
        min_p: float,
        seed: float,
        max_new_tokens: float,
        stop: str,
        shape: str = "chain",
        branching: str = "",
        exit_layer: float | None = None,
        epsilon: float | None = None,
        delta: float | None = None,
        task: str = "",
        draft: str = "",
    ) -> Iterator[Update]:
        try:
            prompt, drafter, task, draft = map(
                capabilities.text, ("prompt", "drafter", "task", "draft"), (prompt, drafter, task, draft)
            )
            usual = (drafter, draft_length, rule, temperature, top_k, top_p, min_p, seed, max_new_tokens, stop)
            settings = parse(*usual, shape, branching, exit_layer, epsilon, delta)
            text = capabilities.wrapped(task or None, prompt, engine.tasks())
            if not engine.is_loaded():
                yield Update(None, say("app.loading"))
            pair = engine.load(task, draft if drafter == "model" else "")
            lines = experiment(pair, text, drafter, settings)
            with engine.quiet():
                yield from _at_the_end(lines) if silent else _by_line(lines)
        except UserError as error:
            yield Update(None, str(error), refused=True)

    return run


def _by_line(lines: Iterator[Line]) -> Iterator[Update]:
    text = ""
    for line in lines:
        text += dump(line)
        yield Update(text)


def _at_the_end(lines: Iterator[Line]) -> Iterator[Update]:
    """Everything at once when the last clock has stopped; until then now and then a word on how far it is."""
    text, tokens, lane, looked_up = "", 0, "plain", -BREATH
    for line in lines:
        text += dump(line)
        if isinstance(line, Header):
            tokens, lane = 0, "plain" if line.drafter.name == PLAIN else "speculative"
        elif isinstance(line, Round):
            tokens += len(line.committed)
        if monotonic() - looked_up > BREATH:
            looked_up = monotonic()
            yield Update(None, say(f"app.racing_{lane}", n=tokens))
    yield Update(text)


def paced(run: RunFunction) -> RunFunction:
    """A run function that sends no more than a page can take: every update has the whole trace, and Gradio's page goes
    through all of it several times, so hundreds of rounds a second would stop it. The last update always comes."""

    @wraps(run)
    def paced_run(*inputs: Any) -> Iterator[Update]:
        held, due = None, 0.0
        try:
            with closing(run(*inputs)) as updates:
                for update in updates:
                    held = update
                    if monotonic() >= due:
                        yield update
                        held, due = None, monotonic() + FRAME + PER_CHARACTER * len(update.trace or "")
        except Exception:
            if held:
                yield held
            raise
        if held:
            yield held

    return paced_run


def unbroken(run: RunFunction) -> RunFunction:
    """A run function whose trace is closed when it fails from outside: the time that a GPU was lent for was over, say.

    The error goes on to Gradio, which tells it. Gradio counts a run that is stopped as failed too, so what a page does
    on failure is what it does on Stop.
    """

    @wraps(run)
    def closing_run(*inputs: Any) -> Iterator[Update]:
        text = None
        try:
            with closing(run(*inputs)) as updates:
                for update in updates:
                    text = update.trace or text
                    yield update
        except Exception:
            if text is not None:
                yield Update(closed(text, "error", MessageRecord("app.cut_off")))
            raise

    return closing_run


def on_page(run: RunFunction) -> Callable[..., Iterator[Shown]]:
    """A run function as an event of the page: a refusal is a notice, and leaves the stage as it is."""

    def shown(*inputs: Any) -> Iterator[Shown]:
        with closing(run(*inputs)) as updates:
            for update in updates:
                yield gr.skip() if update.trace is None else update.trace, update.notice

    return shown


def stopped(ndjson: str) -> Shown:
    """What had come when the reader stopped a run; the stage stays as it is where that is no trace."""
    try:
        return closed(capabilities.text("stage", ndjson)), ""
    except (TraceError, UserError):
        return gr.skip(), ""


def race_stopped() -> str:
    """Of a silent experiment nothing had come."""
    return say("app.race_stopped")


def closed(ndjson: str, reason: Reason = "cancelled", message: MessageRecord | None = None) -> str:
    """A stream that was cut off, with the footer it lacks; a whole one stays as it is.

    >>> closed("")
    ''
    """
    if not ndjson:
        return ndjson
    trace = loads(last_run(ndjson))
    return ndjson if trace.footer else ndjson + dump(Footer(reason, message, count(trace.rounds)))
