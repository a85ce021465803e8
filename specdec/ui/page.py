"""The page: its header and tabs, and how Gradio serves it."""

import os
from collections.abc import Callable
from html import escape

import gradio as gr
from starlette.middleware import Middleware

from specdec.messages import ENGLISH, Words
from specdec.ui import engine, explore, race
from specdec.ui.door import Door, title
from specdec.ui.gpu import ZERO
from specdec.ui.proxy import no_proxy
from specdec.ui.sent_runs import SentRuns
from specdec.ui.theme import theme
from specdec.views import player

WAITING = 32  # requests that may wait in the queue; further ones are refused as Gradio does when it is full

HEADER = """
<header class="top">
  <h1><span class="name"></span> <span class="tagline"></span></h1>
  <button type="button" class="theme"></button>
</header>
<p class="intro">{about} {links}</p>
"""
PAPER = "https://arxiv.org/abs/2211.17192"  # Leviathan, Kalman and Matias: Fast Inference from Transformers
SPACE = "https://huggingface.co/spaces/{name}/blob/main/README.md"
KEPT = 3600  # seconds after which files in Gradio's cache are deleted
HEADER_ON_LOAD = "window.specdec.header(element);"


def build(words: Words = ENGLISH) -> gr.Blocks:
    runs = SentRuns()
    with gr.Blocks(title=title(words), fill_width=True, analytics_enabled=False, delete_cache=(KEPT, KEPT)) as page:
        gr.HTML(html_template=_header(words), js_on_load=HEADER_ON_LOAD, apply_default_css=False)
        with gr.Tabs(elem_classes="tabs"):
            with gr.Tab(words.say("app.explore"), id="explore"):
                explore.build(runs, words)
            with gr.Tab(words.say("app.race"), id="race"):
                race.build(runs, words)
        if ZERO:
            engine.load_all()  # ZeroGPU moves only models to its GPUs that were loaded before the first call
        else:
            page.load(_warm_up(words), queue=False, api_visibility="private")
        page.unload(_forget(runs))
    return page.queue(max_size=WAITING, api_open=False)  # otherwise direct API calls would bypass the queue


def _warm_up(words: Words) -> Callable[[], None]:
    def warm_up() -> None:
        engine.warm_up(words)

    return warm_up


def _forget(runs: SentRuns) -> Callable[[gr.Request], None]:
    def forget(request: gr.Request) -> None:
        runs.forget(request.session_hash)

    return forget


def serve(page: gr.Blocks, host: str | None = None, port: int | None = None, words: Words = ENGLISH) -> None:
    """Serve the page until the process ends, by default at an address that Gradio chooses. Raises OSError if the port
    is taken."""
    with no_proxy():
        page.launch(
            server_name=host,
            server_port=port,
            theme=theme(),
            head=player.head("page", words),
            i18n=gr.I18n(
                **{words.language: {"common.complete": words.say("app.complete")}}
            ),  # Gradio speaks this key and lacks its words
            footer_links=["api"],
            show_error=True,
            max_file_size=0,
            app_kwargs={"middleware": [Middleware(Door, words=words)]},
            prevent_thread_lock=True,
        )
    page.block_thread()


def _header(words: Words) -> str:
    """A heading, what this is in two sentences, and where more is said."""
    links = {"app.paper": PAPER}
    if name := os.environ.get("SPACE_ID"):
        links["app.source"] = SPACE.format(name=name)
    shown = [
        f'<a href="{escape(address)}" target="_blank">{escape(words.say(key))}</a>' for key, address in links.items()
    ]
    return HEADER.format(about=escape(words.say("app.about")), links=" · ".join(shown))
