"""What a race says of two runs: given by hand, in a page that has nothing but the race."""

import re

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from specdec.views.player import TEMPLATE_RACE, head, script_json

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(tab, tmp_path):
    """`shown(plain, speculative)`: the race of two traces."""

    def show(plain, speculative):
        message = script_json({"run": "by hand", "first": 0, "lines": plain.dumps() + speculative.dumps()})
        script = f"window.specdec.race(document.body, {{value: {message}}}, () => {{}}, null, {{}});"
        file = tmp_path / "race.html"
        styled = re.sub(r"@font-face \{.*?\}\n", "", head("page"))  # files that Gradio serves
        html = f"<!doctype html>\n{styled}{TEMPLATE_RACE}<script>{script}</script>"
        file.write_text(html, encoding="utf-8")
        race = tab(file.as_uri(), reduced_motion="reduce").locator(".specdec-race")
        expect(race).to_have_attribute("data-phase", "done")
        return race

    return show


@pytest.fixture
def lane(hand_made):
    """A run of ten rounds: what each guessed and how long it took."""

    def make(draft, seconds, **choices):
        one = hand_made.trace(*[draft] * 10, **choices)
        starts = [sum(seconds[:i]) for i in range(10)]
        timed = zip(one.rounds, starts, seconds, strict=True)
        rounds = tuple(replace(r, start=start, end=start + taken) for r, start, taken in timed)
        totals = replace(one.totals, seconds=rounds[-1].end)
        return replace(one, rounds=rounds, footer=replace(one.footer, totals=totals))

    return make


QUIET, STALLED = [0.01] * 10, [0.01, 0.09, 0.02, 0.07, 0.01, 0.08, 0.03, 0.05, 0.01, 0.09]


def test_a_race_on_a_quiet_machine_states_its_speed(shown, lane):
    race = shown(lane("", QUIET, drafter="none"), lane("aaaa", [0.02] * 10))
    expect(race).to_have_attribute("data-speedup", "2.5000")
    expect(race.locator(".race-verdict")).to_contain_text("2.5×")
    expect(race.locator(".race-panel")).to_have_count(3)


@pytest.mark.parametrize(
    ("seconds", "disturbed"), [([0.0049] * 10, "impossible"), (STALLED, "scattered")], ids=["impossible", "scattered"]
)
def test_a_race_on_a_busy_machine_states_no_speed_and_no_time_saved(shown, lane, seconds, disturbed):
    race = shown(lane("", QUIET, drafter="none"), lane("aaaa", seconds))
    expect(race).to_have_attribute("data-disturbed", disturbed)
    assert race.get_attribute("data-speedup") is None and race.get_attribute("data-claim") == "differs"
    for part in (".race-verdict", ".race-summary", ".race-reason"):
        expect(race.locator(part)).not_to_contain_text("×")
    expect(race.locator(".race-panel")).to_have_count(1)  # tokens per pass, which no clock counts


def test_nothing_guessed_is_no_faster_whatever_the_clock_says(shown, lane):
    race = shown(lane("", [0.0102] * 10, drafter="none"), lane("", QUIET, drafter="lookup"))
    expect(race).to_have_attribute("data-speedup", "1.0000")
