"""The tab Explore: one run, shown step by step."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from specdec.backend import PairChoice, RunRequest
from specdec.messages import say
from specdec.methods import DRAFTERS
from specdec.settings import Settings
from specdec.ui import bundled_traces, tab
from specdec.ui.run_summary import ended, told
from specdec.ui.sent_runs import SentRuns
from specdec.ui.text_line import text_line
from specdec.views import player

NAME = "explore"
FIGURES = {"position": "position_acceptance", "length": "accepted_lengths", "time": "time_split"}
RECORDING = "stories"
HIDE = "() => ['', { __type__: 'update', visible: false }]"


def build(runs: SentRuns) -> None:
    parts = tab.build(
        tab.Tab(
            name=NAME,
            action=say("settings.run"),
            drafters=tuple(DRAFTERS),
            template=player.TEMPLATE_STAGE,
            on_load=player.ON_LOAD_STAGE,
            recording=RECORDING,
            experiment=_one_run,
        ),
        runs,
    )
    with parts.show:
        line = text_line(told(bundled_traces.read(RECORDING)), elem_classes="diagnosis")
        with gr.Row(visible=False, elem_classes="figures") as section:
            plots = [_figure(say(f"figures.{name}_title")) for name in FIGURES]
    private = {"api_visibility": "private", "show_progress": "hidden"}
    parts.started.then(None, None, [line, section], js=HIDE, **private)  # clears those of the run before
    for end in parts.ended:
        end.then(_drawn(runs), None, [line, section, *plots], **private)


def _one_run(pair: PairChoice, prompt: str, drafter: str, settings: Settings) -> RunRequest:
    return RunRequest(pair, prompt, drafter, settings)


def _figure(title: str) -> gr.Plot:
    with gr.Column(min_width=280):
        gr.HTML(value=title, html_template="<h3>${value}</h3>")
        return gr.Plot(show_label=False, container=False)


def _drawn(runs: SentRuns) -> Callable[[gr.Request], list[Any]]:
    """An event that shows the summary and figures of the page's last run if that has ended, and else changes
    nothing."""

    def draw(request: gr.Request) -> list[Any]:
        sent = runs.last(request.session_hash, NAME)
        return summary(sent.text if sent else "")

    return draw


def summary(ndjson: str) -> list[Any]:
    """Updates for the summary line, its section and the figures below a run; gr.skip() for each if it has not
    ended."""
    from specdec.views import figures  # plotly is slow to import, and the page opens without figures

    trace = ended(ndjson)
    if trace is None:
        return [gr.skip()] * (2 + len(FIGURES))
    return [told(ndjson), gr.update(visible=True), *(getattr(figures, name)(trace) for name in FIGURES.values())]
