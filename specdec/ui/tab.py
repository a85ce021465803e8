"""The common structure of a tab: settings with Run and Stop on the left, a notice and a stage on the right."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from specdec.messages import Words
from specdec.ui import api, bundled_traces, form
from specdec.ui.gpu import LANE, on_gpu
from specdec.ui.sent_runs import SentRuns, message
from specdec.ui.streaming import Experiment, on_page, paced, race_stopped, runner, stopped, unbroken
from specdec.ui.text_line import text_line

RUNNING = "() => window.specdec.running('{tab}', {running})"  # what becomes of Run and Stop
STOPPING = "() => [{{ __type__: 'update', interactive: false }}, {stopping}]"
IDLE = """(notice) => [
  ...window.specdec.running('{tab}', false),
  notice === {stopping} ? "" : notice,
]"""


@dataclass(frozen=True, slots=True)
class Tab:
    """The definition of a tab: what differs between tabs."""

    name: str  # also the name of its API endpoint
    action: str
    drafters: tuple[str, ...]
    template: str
    on_load: str
    recording: str
    experiment: Experiment
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a tab to which it adds its own components and events."""

    show: gr.Column  # the stage's column; a tab adds components below the stage
    started: gr.events.Dependency  # the event of a run's beginning
    ended: list[gr.events.Dependency]  # the events of its end, one for each way to end


def build(tab: Tab, runs: SentRuns, words: Words) -> Parts:
    recording = bundled_traces.read(tab.recording)
    with gr.Row(elem_classes="split", equal_height=False):
        with gr.Column(elem_classes="settings", scale=0, min_width=0):
            controls = form.build(tab.name, tab.action, tab.drafters, bundled_traces.last_header(recording), words)
        with gr.Column(elem_classes="show", scale=1, min_width=0) as show:
            notice = text_line(elem_classes="message")
            stage = gr.HTML(
                message(recording, tab.recording),
                html_template=tab.template,
                js_on_load=tab.on_load,
                apply_default_css=False,
                elem_id=f"{tab.name}-stage",
                server_functions=[_lines(runs)],
            )
    return Parts(show, *_wire(tab, controls, stage, notice, runs, words))


def _lines(runs: SentRuns) -> Callable[[Any], str]:
    """The server function that the page's script calls as `server.lines`. A plain function, since Gradio sets
    attributes on it, which a method does not allow."""

    def lines(asked: Any) -> str:
        return runs.lines(asked)

    return lines


def _wire(tab: Tab, controls: form.Controls, stage: gr.HTML, notice: gr.HTML, runs: SentRuns, words: Words) -> tuple:
    buttons = [controls.run, controls.stop]
    run = unbroken(paced(on_gpu(runner(tab.experiment, tab.silent, words))))
    stopping = json.dumps(words.say("app.stopping"))
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    prompt: Any = controls.inputs["prompt"]  # a text box
    triggers = [controls.run.click, prompt.submit]
    started = gr.on(triggers, None, None, buttons, js=RUNNING.format(tab=tab.name, running="true"), **private)
    stage.run_live(None, None, None, js=f"() => document.getElementById('{controls.run.elem_id}').click()", **private)
    running = gr.on(
        triggers,
        on_page(run, tab.name, controls.inputs, runs),
        set(controls.inputs.values()),
        [stage, notice],
        api_visibility="private",
        show_progress="minimal",
        show_progress_on=notice,
        preprocess=False,  # `Settings` reports a bad value, in a sentence that names the field
        **LANE,
    )
    api.add(tab.name, run, tab.drafters, {name: part.value for name, part in controls.inputs.items()}, words)
    controls.stop.click(None, None, [controls.stop, notice], js=STOPPING.format(stopping=stopping), **private)
    controls.stop.click(None, cancels=[running], **private)
    # Gradio reports a stopped run as failed, after its last line has been sent, so the run is closed on that event. An
    # event on the click itself would come too early: a late line would undo its effect.
    if tab.silent:
        closed = running.failure(race_stopped(words), None, notice, queue=False, **private)
    else:
        closed = running.failure(stopped(tab.name, runs), None, [stage, notice], queue=False, **private)
    ended = running.success, closed.then
    idle = {"inputs": notice, "outputs": [*buttons, notice], "js": IDLE.format(tab=tab.name, stopping=stopping)}
    return started, [then(None, **idle, **private) for then in ended]
