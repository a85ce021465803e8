"""Turn the lines of a run, as they happen, into updates for a page: the new lines of the trace, and a notice."""

from collections.abc import Callable, Generator, Iterator, Mapping
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

FRAME, PER_CHARACTER = 0.04, 3e-7  # seconds that a page needs for an update: in general, and per character of it
BREATH = 0.5  # seconds between two progress notices of a race: it can be stopped then, and is not slowed down by them

TEXTS = ("prompt", "drafter", "task", "draft", "rule", "shape", "branching", "stop")  # fields whose values are texts

Work = RunRequest | Job
Experiment = Callable[[PairChoice, str, str, Settings], Work]  # (pair, prompt, drafter, settings) → what to submit
Fields = Mapping[str, Any]  # the values of a form, by the fields' names
Shown = tuple[dict[str, Any], str]  # Gradio outputs: a message for the stage or gr.skip(), and a notice


class Update(NamedTuple):
    """An update from a run: new lines of its trace (newline-delimited JSON) and a notice for the user."""

    lines: str = ""
    notice: str = ""
    refused: bool = False  # the notice says why there is no run


Updates = Generator[Update, None, None]
RunFunction = Callable[[Fields], Updates]


def runner(experiment: Experiment, silent: bool = False, words: Words = ENGLISH) -> RunFunction:
    """The function of a tab's Run: one update a line. A bad request leaves the stage alone and says why.

    `silent` holds the lines back until the experiment has ended, so that nothing is sent while a race is timed.
    """

    def run(fields: Fields) -> Updates:
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


def _by_line(lines: Iterator[Line]) -> Updates:
    for line in lines:
        yield Update(dump(line))


def _at_the_end(lines: Iterator[Line], words: Words) -> Updates:
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
    """A run function that merges updates so that a page can keep up with hundreds of rounds per second; the last
    update is always sent."""

    @wraps(run)
    def paced_run(fields: Fields) -> Updates:
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
    """A run function that ends its trace with a footer if it fails from outside, for example because the time for
    which a GPU was assigned is over.

    The error is raised again, and Gradio shows it. Gradio also treats a stopped run as failed, so the page's event for
    failure handles Stop as well.
    """

    @wraps(run)
    def closing_run(fields: Fields) -> Updates:
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
    """A run function as an event listener of the page, which takes its inputs as a set of components. A refusal is
    shown as a notice and leaves the stage as it is."""

    def shown(given: dict[Any, Any], request: gr.Request) -> Iterator[Shown]:
        sent: SentRun | None = None
        with closing(run({name: given[part] for name, part in inputs.items()})) as updates:
            for update in updates:
                if update.lines:
                    sent = sent or runs.begin(request.session_hash, tab)
                    yield sent.add(update.lines), update.notice
                else:
                    yield gr.skip(), update.notice

    return shown


def stopped(tab: str, runs: SentRuns) -> Callable[..., Shown]:
    """The event listener for a stopped run: it sends the missing footer. Where no line had been sent, the stage does
    not change."""

    def shown(request: gr.Request) -> Shown:
        sent = runs.last(request.session_hash, tab)
        if sent and (ending := missing_footer(sent.text)):
            return sent.add(ending), ""
        return gr.skip(), ""

    return shown


def race_stopped(words: Words) -> Callable[[], str]:
    """The event of a silent experiment that was stopped: nothing of it had come."""

    def shown() -> str:
        return words.say("app.race_stopped")

    return shown


def missing_footer(ndjson: str, reason: Reason = "cancelled", message: MessageRecord | None = None) -> str:
    """The footer that a cut-off NDJSON stream lacks, as a line; "" for a complete stream and for an empty one.

    >>> missing_footer("")
    ''
    """
    trace = loads(last_run(ndjson)) if ndjson else None
    return "" if trace is None or trace.footer else dump(Footer(reason, message, count(trace.rounds)))
