"""The page: header, tabs, and what Gradio is told when it is launched."""

from typing import Any

import gradio as gr

from specdec.ui import engine, explore, race
from specdec.ui.gpu import ZERO
from specdec.ui.theme import theme
from specdec.views import player
from specdec.words import say

WAITING = 32  # requests that may stand in line for the lane; more are told that it is full

HEADER = """
<header class="top">
  <p class="name"></p><p class="tagline"></p>
  <button type="button" class="theme"></button>
</header>
"""
HEADER_ON_LOAD = "window.specdec.header(element);"


def build() -> gr.Blocks:
    with gr.Blocks(title=f"{say('app.name')}: {say('app.tagline')}", fill_width=True, analytics_enabled=False) as page:
        gr.HTML(html_template=HEADER, js_on_load=HEADER_ON_LOAD, apply_default_css=False)
        with gr.Tabs(elem_classes="tabs"):
            with gr.Tab(say("app.explore"), id="explore"):
                explore.build()
            with gr.Tab(say("app.race"), id="race"):
                race.build()
        if ZERO:
            engine.load_all()  # ZeroGPU moves to its GPUs only what was loaded before the first call
        else:
            page.load(engine.warm_up, queue=False, api_visibility="private")
    return page.queue(max_size=WAITING)


def launch_options() -> dict[str, Any]:
    return {
        "theme": theme(),
        "head": player.head("page"),
        "i18n": gr.I18n(en={"common.complete": say("app.complete")}),  # Gradio speaks this key and lacks its words
        "footer_links": ["api"],
        "show_error": True,
    }
