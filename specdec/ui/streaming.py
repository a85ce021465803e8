"""From lines as they happen to what a page is sent: what is new of a trace, and a notice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import wraps
from time import monotonic
from typing import Any, NamedTuple

import gradio as gr

from specdec.backend import Job, PairChoice, RunRequest, lines
from specdec.catalog import capabilities
from specdec.errors import UserError
from specdec.messages import ENGLISH, Words
from specdec.methods import PLAIN
from specdec.settings import Settings, from_form
from specdec.trace import Footer, Header, Line, MessageRecord, Reason, Round, count, dump, loads
from specdec.ui import engine
from specdec.ui.bundled_traces import last_run
from specdec.ui.sent_runs import SentRun, SentRuns

FRAME, PER_CHARACTER = 0.04, 3e-7  # seconds that a page needs for an update: any, and for each character of it
BREATH = 0.5  # seconds between two looks up from a race: often enough to be stopped, seldom enough not to disturb

TEXTS = ("prompt", "drafter", "task", "draft", "rule", "shape", "branching", "stop")  # fields that hold one

Work = RunRequest | Job
Experiment = Callable[[PairChoice, str, str, Settings], Work]  # (pair, prompt, drafter, settings) → what to submit
Fields = Mapping[str, Any]  # what a form holds, by the fields' names
Shown = tuple[dict[str, Any], str]  # for Gradio: a message for the stage or "leave it as it is", and a notice


class Update(NamedTuple):
    """What a run has to tell: new lines of its trace (newline-delimited JSON) and a notice for the reader."""

    lines: str = ""
    notice: str = ""
    refused: bool = False  # the notice says why there is no run


RunFunction = Callable[[Fields], Iterator[Update]]


def runner(experiment: Experiment, silent: bool = False, words: Words = ENGLISH) -> RunFunction:
    """The function of a tab's Run: one update a line. A bad request leaves the stage alone and says why.

    `silent` holds the lines back until the experiment has ended, so nothing is sent while a race's clock is running.
    """

    def run(fields: Fields) -> Iterator[Update]:
        try:
            texts = {name: capabilities.text(name, fields.get(name)) for name in TEXTS}
            drafter, task = texts["drafter"], texts["task"]
            settings = from_form({**fields, **texts}, drafter)
            prompt = capabilities.wrapped(task or None, texts["prompt"], engine.tasks())
            choice = engine.choose(task, texts["draft"] if drafter == "model" else "")
            if not engine.BACKEND.is_ready():
                yield Update(notice=words.say("app.loading"))
            came = lines(engine.BACKEND.submit(experiment(choice, prompt, drafter, settings)))
            yield from _at_the_end(came, words) if silent else _by_line(came)
        except UserError as error:
            yield Update(notice=words.render(error.message), refused=True)

    return run


def _by_line(lines: Iterator[Line]) -> Iterator[Update]:
    for line in lines:
        yield Update(dump(line))


def _at_the_end(lines: Iterator[Line], words: Words) -> Iterator[Update]:
    """Everything at once when the last clock has stopped; until then now and then a word on how far it is."""
    held, tokens, lane, looked_up = [], 0, "plain", -BREATH
    for line in lines:
        held.append(dump(line))
        if isinstance(line, Header):
            tokens, lane = 0, "plain" if line.drafter.name == PLAIN else "speculative"
        elif isinstance(line, Round):
            tokens += len(line.committed)
        if monotonic() - looked_up > BREATH:
            looked_up = monotonic()
            yield Update(notice=words.say(f"app.racing_{lane}", n=tokens))
    yield Update("".join(held))


def paced(run: RunFunction) -> RunFunction:
    """A run function that sends no more updates than a page can take: hundreds of rounds a second come together. The
    last update always comes."""

    @wraps(run)
    def paced_run(fields: Fields) -> Iterator[Update]:
        held, due = Update(), 0.0
        try:
            with closing(run(fields)) as updates:
                for update in updates:
                    held = update._replace(lines=held.lines + update.lines)
                    if monotonic() >= due:
                        yield held
                        held, due = Update(), monotonic() + FRAME + PER_CHARACTER * len(update.lines)
        except Exception:
            if held != Update():
                yield held
            raise
        if held != Update():
            yield held

    return paced_run


def unbroken(run: RunFunction) -> RunFunction:
    """A run function whose trace is closed when it fails from outside: the time that a GPU was lent for was over, say.

    The error goes on to Gradio, which tells it. Gradio counts a run that is stopped as failed too, so what a page does
    on failure is what it does on Stop.
    """

    @wraps(run)
    def closing_run(fields: Fields) -> Iterator[Update]:
        sent: list[str] = []
        try:
            with closing(run(fields)) as updates:
                for update in updates:
                    sent.append(update.lines)
                    yield update
        except Exception:
            if ending := missing_footer("".join(sent), "error", MessageRecord("app.cut_off")):
                yield Update(ending)
            raise

    return closing_run


def on_page(run: RunFunction, tab: str, inputs: Mapping[str, Any], runs: SentRuns) -> Callable[..., Iterator[Shown]]:
    """A run function as an event of the page, which takes a set of components. A refusal is a notice, and leaves the
    stage as it is."""

    def shown(given: dict[Any, Any], request: gr.Request) -> Iterator[Shown]:
        sent: SentRun | None = None
        with closing(run({name: given[part] for name, part in inputs.items()})) as updates:
            for update in updates:
                if update.lines and sent is None:
                    sent = runs.begin(request.session_hash, tab)
                yield sent.add(update.lines) if update.lines else gr.skip(), update.notice

    return shown


def stopped(tab: str, runs: SentRuns) -> Callable[..., Shown]:
    """The event of a run that was stopped: the footer that it lacks; where nothing had come, the stage stays."""

    def shown(request: gr.Request) -> Shown:
        sent = runs.last(request.session_hash, tab)
        ending = missing_footer(sent.text) if sent else ""
        return sent.add(ending) if ending else gr.skip(), ""

    return shown


def race_stopped(words: Words) -> Callable[[], str]:
    """The event of a silent experiment that was stopped: nothing of it had come."""

    def shown() -> str:
        return words.say("app.race_stopped")

    return shown


def missing_footer(ndjson: str, reason: Reason = "cancelled", message: MessageRecord | None = None) -> str:
    """The line that a stream lacks which was cut off; "" for a whole one, and for nothing.

    >>> missing_footer("")
    ''
    """
    trace = loads(last_run(ndjson)) if ndjson else None
    return "" if trace is None or trace.footer else dump(Footer(reason, message, count(trace.rounds)))
