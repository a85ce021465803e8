"""What every tab is made of: settings on the left, a notice and a stage on the right, Run and Stop between them."""

from dataclasses import dataclass

import gradio as gr

from specdec.ui import recorded, settings
from specdec.ui.gpu import LANE, on_gpu
from specdec.ui.line import text_line
from specdec.ui.live import Experiment, broken_off, race_stopped, runner, stopped

RUNNING = "() => [false, true].map((interactive) => ({ __type__: 'update', interactive }))"
IDLE = "() => [true, false].map((interactive) => ({ __type__: 'update', interactive }))"


@dataclass(frozen=True, slots=True)
class Tab:
    """What sets one tab apart from the others."""

    name: str  # also the name of its run function for API clients
    action: str
    drafters: tuple[str, ...]
    template: str
    on_load: str
    recording: str
    experiment: Experiment
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What a tab may build on."""

    show: gr.Column  # the stage's column, for what a tab has below it
    stage: gr.HTML
    started: gr.events.Dependency  # to hang on to the beginning of a run
    ended: list[gr.events.Dependency]  # and to its end, however it ends


def build(tab: Tab) -> Parts:
    recording = recorded.read(tab.recording)
    with gr.Row(elem_classes="split", equal_height=False):
        with gr.Column(elem_classes="settings", scale=0, min_width=0):
            controls = settings.build(tab.name, tab.action, tab.drafters, recorded.last_header(recording))
        with gr.Column(elem_classes="show", scale=1, min_width=0) as show:
            notice = text_line(elem_classes="message")
            stage = gr.HTML(
                recording,
                html_template=tab.template,
                js_on_load=tab.on_load,
                apply_default_css=False,
                elem_id=f"{tab.name}-stage",
            )
    return Parts(show, stage, *_wire(tab, controls, stage, notice))


def _wire(tab: Tab, controls: settings.Controls, stage: gr.HTML, notice: gr.HTML) -> tuple:
    buttons = [controls.run, controls.stop]
    private = {"api_visibility": "private", "show_progress": "hidden"}
    triggers = [controls.run.click, controls.prompt.submit]
    started = gr.on(triggers, None, None, buttons, js=RUNNING, **private)
    stage.run_live(None, None, None, js=f"() => document.getElementById('{controls.run.elem_id}').click()", **private)
    running = gr.on(
        triggers,
        on_gpu(runner(tab.experiment, tab.silent)),
        controls.inputs,
        [stage, notice],
        api_name=tab.name,
        show_progress="minimal",
        show_progress_on=notice,
        **LANE,
    )
    # Stop first ends the run and then takes what has arrived: the other way round, a late line would be lost.
    halted = controls.stop.click(None, cancels=[running], **private)
    if tab.silent:
        kept = halted.then(race_stopped, None, notice, queue=False, **private)
    else:
        kept = halted.then(stopped, stage, [stage, notice], queue=False, **private)
        running.failure(broken_off, stage, stage, queue=False, **private)
    return started, [ended.then(None, None, buttons, js=IDLE, **private) for ended in (running, kept)]
