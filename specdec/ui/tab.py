"""What every tab is made of: settings on the left, a notice and a stage on the right, Run and Stop between them."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from specdec.ui import recorded, settings
from specdec.ui.gpu import LANE, on_gpu
from specdec.ui.line import text_line
from specdec.ui.live import closed

RUNNING = "() => [false, true].map((interactive) => ({ __type__: 'update', interactive }))"
IDLE = "() => [true, false].map((interactive) => ({ __type__: 'update', interactive }))"


@dataclass(frozen=True, slots=True)
class Look:
    """What a tab shows its runs on, and the recorded run it opens with."""

    template: str
    on_load: str
    recording: str
    action: str
    drafters: tuple[str, ...]


def build(name: str, look: Look, function: Callable, after: Callable[[gr.HTML], tuple[Callable, list]]) -> None:
    """Lay the tab out and wire it. `after(stage)` builds what follows below and returns what fills it at the end."""
    recording = recorded.read(look.recording)
    with gr.Row(elem_classes="split", equal_height=False):
        with gr.Column(elem_classes="settings", scale=0, min_width=0):
            controls = settings.build(recorded.last_header(recording), look.drafters, look.action)
        with gr.Column(elem_classes="show", scale=1, min_width=0):
            notice = text_line(elem_classes="notice")
            stage = gr.HTML(
                recording, html_template=look.template, js_on_load=look.on_load, elem_id=f"{name}-stage", padding=False
            )
            draw, drawn = after(stage)
    _wire(name, function, controls, stage, notice, draw, drawn)


def _wire(name, function, controls, stage, notice, draw, drawn) -> None:
    buttons = [controls.run, controls.stop]
    private = {"api_visibility": "private", "show_progress": "hidden"}
    triggers = [controls.run.click, controls.prompt.submit]
    gr.on(triggers, None, None, buttons, js=RUNNING, **private)
    running = gr.on(
        triggers,
        on_gpu(function),
        controls.inputs,
        [stage, notice],
        api_name=name,
        show_progress="minimal",
        show_progress_on=notice,
        **LANE,
    )
    # Stop first ends the run and only then takes what has arrived: the other way round, a late line would be lost.
    stopped = controls.stop.click(None, cancels=[running], **private).then(closed, stage, stage, queue=False, **private)
    for ended in (running, stopped):
        ended.then(None, None, buttons, js=IDLE, **private).then(draw, stage, drawn, **private)
