"""Race: plain decoding, then speculation, on one clock."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from specdec.messages import say
from specdec.methods import DRAFTERS, PLAIN
from specdec.settings import Settings
from specdec.trace import Line
from specdec.ui import bundled_traces, tab
from specdec.ui.run_summary import told
from specdec.ui.text_line import text_line
from specdec.views import player

if TYPE_CHECKING:
    from specdec.models.pair import Pair


RECORDING = "race-stories"


def build() -> None:
    parts = tab.build(
        tab.Tab(
            name="race",
            action=say("settings.race"),
            drafters=tuple(name for name in DRAFTERS if name != PLAIN),
            template=player.TEMPLATE_RACE,
            on_load=player.ON_LOAD_RACE,
            recording=RECORDING,
            experiment=_lanes,
            silent=True,
        )
    )
    with parts.show:
        line = text_line(told(bundled_traces.read(RECORDING)), elem_classes="diagnosis")
    private = {"api_visibility": "private", "show_progress": "hidden"}
    parts.started.then(None, None, line, js="() => ''", **private)
    for end in parts.ended:
        end.then(told, parts.stage, line, **private)


def _lanes(pair: "Pair", prompt: str, drafter: str, settings: Settings) -> Iterator[Line]:
    from specdec.lab.race import race

    return race(pair, prompt, drafter, settings)
