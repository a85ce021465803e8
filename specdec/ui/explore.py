"""Explore: one run, step by step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from specdec.settings import DRAFTERS, Settings
from specdec.trace import Line, TraceError, loads
from specdec.ui import tab
from specdec.views import player
from specdec.words import say

if TYPE_CHECKING:
    from specdec.models.loading import Pair

FIGURES = {"position": "position_acceptance", "length": "accepted_lengths", "time": "time_split"}
HIDE = "() => ({ __type__: 'update', visible: false })"


def build() -> None:
    parts = tab.build(
        tab.Tab(
            name="explore",
            action=say("settings.run"),
            drafters=DRAFTERS,
            template=player.TEMPLATE_STAGE,
            on_load=player.ON_LOAD_STAGE,
            recording="stories",
            experiment=_rounds,
        )
    )
    with parts.show, gr.Row(visible=False, elem_classes="figures") as section:
        plots = [_figure(say(f"figures.{name}_title")) for name in FIGURES]
    private = {"api_visibility": "private", "show_progress": "hidden"}
    parts.started.then(None, None, section, js=HIDE, **private)  # what is below must belong to what is above
    for ended in parts.ended:
        ended.then(_draw, parts.stage, [section, *plots], **private)


def _rounds(pair: "Pair", prompt: str, drafter: str, settings: Settings) -> Iterator[Line]:
    from specdec import decode

    return decode.rounds(pair, drafter, prompt, settings)


def _figure(title: str) -> gr.Plot:
    with gr.Column(min_width=280):
        gr.HTML(value=title, html_template="<h3>${value}</h3>")
        return gr.Plot(show_label=False, container=False)


def _draw(ndjson: str) -> list[Any]:
    """The figures of a run that has ended; they stay as they are for one that has not."""
    from specdec.views import figures  # plotly is heavy, and the first page shows none of it

    try:
        trace = loads(ndjson)
    except TraceError:
        trace = None
    if trace is None or trace.footer is None:
        return [gr.skip()] * (1 + len(FIGURES))
    return [gr.update(visible=True), *(getattr(figures, name)(trace) for name in FIGURES.values())]
