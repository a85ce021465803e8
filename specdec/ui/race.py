"""Race: plain decoding, then speculation, on one clock."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from specdec.settings import DRAFTERS, Settings
from specdec.trace import Line
from specdec.ui import tab
from specdec.views import player
from specdec.words import say

if TYPE_CHECKING:
    from specdec.models.loading import Pair


def build() -> None:
    tab.build(
        tab.Tab(
            name="race",
            action=say("settings.race"),
            drafters=tuple(name for name in DRAFTERS if name != "none"),
            template=player.TEMPLATE_RACE,
            on_load=player.ON_LOAD_RACE,
            recording="race-stories",
            experiment=_lanes,
            silent=True,
        )
    )


def _lanes(pair: "Pair", prompt: str, drafter: str, settings: Settings) -> Iterator[Line]:
    from specdec.lab.race import race

    return race(pair, prompt, drafter, settings)
