"""The tab Explore: one run, shown step by step."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from specdec.backend import PairChoice, RunRequest
from specdec.messages import ENGLISH, Words
from specdec.methods import DRAFTERS
from specdec.settings import Settings
from specdec.ui import bundled_traces, tab
from specdec.ui.run_summary import ended, explanation
from specdec.ui.sent_runs import SentRuns
from specdec.ui.text_line import text_line
from specdec.views import player

NAME = "explore"
FIGURES = {"position": "position_acceptance", "length": "accepted_lengths", "time": "time_split"}
RECORDING = "stories"
HIDE = "() => ['', { __type__: 'update', visible: false }]"


def build(runs: SentRuns, words: Words) -> None:
    parts = tab.build(
        tab.Tab(
            name=NAME,
            action=words.say("settings.run"),
            drafters=tuple(DRAFTERS),
            template=player.TEMPLATE_STAGE,
            on_load=player.ON_LOAD_STAGE,
            recording=RECORDING,
            experiment=_one_run,
        ),
        runs,
        words,
    )
    with parts.show:
        line = text_line(explanation(bundled_traces.read(RECORDING), words), elem_classes="diagnosis")
        with gr.Row(visible=False, elem_classes="figures") as section:
            plots = [_figure(words.say(f"figures.{name}_title")) for name in FIGURES]
    private = {"api_visibility": "private", "show_progress": "hidden"}
    parts.started.then(None, None, [line, section], js=HIDE, **private)  # clears those of the run before
    for end in parts.ended:
        end.then(_drawn(runs, words), None, [line, section, *plots], **private)


def _one_run(pair: PairChoice, prompt: str, drafter: str, settings: Settings) -> RunRequest:
    return RunRequest(pair, prompt, drafter, settings)


def _figure(title: str) -> gr.Plot:
    with gr.Column(min_width=280):
        gr.HTML(value=title, html_template="<h3>${value}</h3>")
        return gr.Plot(show_label=False, container=False)


def _drawn(runs: SentRuns, words: Words) -> Callable[[gr.Request], list[Any]]:
    """The sentence and the figures of the run that was last sent to a page; unchanged if it has not ended."""

    def draw(request: gr.Request) -> list[Any]:
        sent = runs.last(request.session_hash, NAME)
        return summary(sent.text if sent else "", words)

    return draw


def summary(ndjson: str, words: Words = ENGLISH) -> list[Any]:
    """The line and the figures under a run that has ended."""
    from specdec.views import figures  # plotly is heavy, and the first page shows none of it

    trace = ended(ndjson)
    if trace is None:
        return [gr.skip()] * (2 + len(FIGURES))
    return [
        explanation(ndjson, words),
        gr.update(visible=True),
        *(getattr(figures, name)(trace, words) for name in FIGURES.values()),
    ]
