"""Race: plain decoding, then speculation, on one clock."""

from collections.abc import Iterator

from specdec.trace import Line
from specdec.ui import engine, live, tab
from specdec.ui.settings import parse
from specdec.views import player
from specdec.words import say


def race(
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
    """Race plain decoding against speculation. Yields both traces, one after the other, and a notice."""
    fields = (draft_length, rule, temperature, top_k, top_p, min_p, seed, max_new_tokens, stop)
    yield from live.patient(_lines(prompt, drafter, fields), silent=True)


def _lines(prompt: str, drafter: str, fields: tuple) -> Iterator[Line]:
    settings = parse(*fields)
    from specdec.lab.race import race as lanes

    yield from lanes(engine.load(), prompt, drafter, settings)


def build() -> None:
    look = tab.Look(
        template=player.TEMPLATE_RACE,
        on_load=player.ON_LOAD_RACE,
        recording="race-stories",
        action=say("settings.race"),
        drafters=("model", "lookup"),
    )
    tab.build("race", look, race)
