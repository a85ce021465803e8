"""The tab Race: plain and speculative decoding of one prompt, replayed on one clock."""

import gradio as gr

from specdec.lab.jobs import Race
from specdec.messages import Words
from specdec.methods import DRAFTERS, PLAIN
from specdec.ui import bundled_traces, tab
from specdec.ui.run_summary import explanation
from specdec.ui.sent_runs import SentRuns
from specdec.ui.text_line import text_line
from specdec.views import player

NAME = "race"
RECORDING = "race-stories"


def build(runs: SentRuns, words: Words) -> None:
    parts = tab.build(
        tab.Tab(
            name=NAME,
            action=words.say("settings.race"),
            drafters=tuple(name for name in DRAFTERS if name != PLAIN),
            template=player.TEMPLATE_RACE,
            on_load=player.ON_LOAD_RACE,
            recording=RECORDING,
            experiment=Race,
            silent=True,
        ),
        runs,
        words,
    )
    with parts.show:
        line = text_line(recorded := explanation(bundled_traces.read(RECORDING), words), elem_classes="diagnosis")
    private = {"api_visibility": "private", "show_progress": "hidden"}
    parts.started.then(None, None, line, js="() => ''", **private)

    def tell(request: gr.Request) -> str:
        """Of the race on show: one that was stopped has sent nothing and leaves the one before it."""
        sent = runs.last(request.session_hash, NAME)
        return explanation(sent.text, words) if sent and sent.text else recorded

    for end in parts.ended:
        end.then(tell, None, line, **private)
