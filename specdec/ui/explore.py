"""Explore: one run, step by step."""

from collections.abc import Iterator

import gradio as gr

import specdec
from specdec.settings import Settings
from specdec.trace import Line, TraceError, loads
from specdec.ui import engine, live, tab
from specdec.ui.settings import parse
from specdec.views import figures, player
from specdec.words import say

FIGURES = ("position_acceptance", "accepted_lengths", "time_split")


def explore(
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
) -> Iterator[live.Shown]:
    """Continue a prompt. Yields the trace so far (newline-delimited JSON that only grows) and a notice."""
    fields = (draft_length, rule, temperature, top_k, top_p, min_p, seed, max_new_tokens, stop)
    yield from live.patient(_lines(prompt, drafter, fields))


def _lines(prompt: str, drafter: str, fields: tuple) -> Iterator[Line]:
    settings: Settings = parse(*fields)
    from specdec import decode

    yield from decode.rounds(engine.load(), drafter, prompt, settings)


def build() -> None:
    look = tab.Look(
        template=player.TEMPLATE_STAGE,
        on_load=player.ON_LOAD_STAGE,
        recording="stories",
        action=say("settings.run"),
        drafters=("model", "lookup", "none"),
    )
    tab.build("explore", look, explore, _figures)


def _figures(stage: gr.HTML):
    with gr.Column(visible=False, elem_classes="figures") as section:
        with gr.Row():
            plots = []
            for name in FIGURES:
                with gr.Column(min_width=280):
                    gr.HTML(html_template="<h3>${value}</h3>", value=say(f"app.{name}"))
                    plots.append(gr.Plot(show_label=False, container=False))
    return _draw, [section, *plots]


def _draw(ndjson: str) -> list:
    """The three figures of a run that has ended; nothing for one that has not."""
    try:
        trace = loads(ndjson)
    except TraceError:
        return [gr.skip()] * (1 + len(FIGURES))
    return [gr.update(visible=True), *(getattr(figures, name)(trace) for name in FIGURES)]
