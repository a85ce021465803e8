"""A race or a run on a busy machine is no measurement, and nothing is told of its times."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

import specdec
from specdec.lab.validity import disturbance, speedup
from specdec.messages import say
from specdec.trace import Seconds, loads
from specdec.views import diagnosis, terminal

CASES = json.loads((Path(__file__).resolve().parents[1] / "golden" / "validity.json").read_text(encoding="utf-8"))
TRACES = Path(specdec.__file__).parents[1] / "assets" / "traces"


@pytest.fixture
def lane(hand_made):
    """A run whose rounds made so many guesses and took so many seconds."""

    def make(rounds, **choices):
        one = hand_made.trace(*("a" * drafted for drafted, _ in rounds), **choices)
        timed, clock = [], 0.0
        for round_, (_, taken) in zip(one.rounds, rounds, strict=True):
            parts = Seconds(0.0, taken, 0.0)
            timed.append(replace(round_, start=clock, end=clock + taken, seconds=parts))
            clock += taken
        totals = replace(one.totals, seconds=clock)
        return replace(one, rounds=tuple(timed), footer=replace(one.footer, totals=totals))

    return make


@pytest.fixture
def lanes(lane):
    def make(case):
        return lane(case["plain"], drafter="none"), lane(case["speculative"])

    return make


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_race_is_judged_as_the_golden_cases_say(lanes, case):
    plain, speculative = lanes(case)
    assert disturbance(speculative, plain) == case["disturbance"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_no_speed_is_told_of_a_race_on_a_busy_machine(lanes, case):
    result = terminal.race_result(*lanes(case))
    assert (result.strip() == say("terminal.race_busy")) is (case["disturbance"] is not None)
    assert ("×" in result) is (case["disturbance"] is None)


@pytest.mark.parametrize("cost", [0.2, 0.94, 0.96, 1.001, 1.5, 9.0])
def test_a_race_never_tells_a_speed_up_above_the_tokens_per_pass(lane, cost):
    plain, speculative = lane([(0, 0.01)] * 20, drafter="none"), lane([(4, 0.01 * cost)] * 4)
    assert (disturbance(speculative, plain) == "impossible") is (cost < 0.95)
    assert speedup(speculative, plain) == pytest.approx(5 / max(1, cost))
    assert speedup(speculative, plain) <= speculative.totals.tokens_per_pass


def test_rounds_of_no_length_and_runs_without_rounds_are_judged(lane):
    for rounds in ([], [(4, 0.0)] * 6, [(0, 1e308)] * 6, [(4, 5e-324)] * 6):
        for others in ([], [(0, 0.0)] * 6, [(0, 1e308)] * 6):
            disturbance(lane(rounds), lane(others, drafter="none"))
            disturbance(lane(rounds))


# ------------------------------------------------------------------------------------------------- a run by itself


def with_plain_round(trace, seconds):
    return replace(trace, footer=replace(trace.footer, plain_round_seconds=seconds))


def test_advice_is_withheld_where_the_passes_of_a_run_scatter(lane):
    quiet = with_plain_round(lane([(4, 0.014)] * 9), 0.008)
    busy = with_plain_round(lane([(4, 0.014), (4, 0.05), (4, 0.02)] * 3), 0.008)
    assert disturbance(quiet) is None and say("diagnosis.busy") != diagnosis.sentence(quiet) != ""
    assert disturbance(busy) == "scattered" and diagnosis.sentence(busy) == say("diagnosis.busy")


@pytest.mark.parametrize("plain", [0.0001, 0.0018, 0.022, 1.0])
def test_advice_is_withheld_where_a_plain_round_contradicts_the_run(lane, plain):
    """A pass over five tokens takes no longer than five passes, nor less than one."""
    one = with_plain_round(lane([(4, 0.014)] * 9), plain)
    assert disturbance(one) == "impossible" and diagnosis.sentence(one) == say("diagnosis.busy")


def test_passes_over_more_than_the_draft_may_take_longer(lane):
    rounds = [(1, 0.014)] * 9
    assert disturbance(with_plain_round(lane(rounds), 0.003)) == "impossible"
    assert disturbance(with_plain_round(lane(rounds, drafter="lookahead"), 0.003)) is None


def test_the_recorded_run_of_the_page_was_made_on_a_quiet_machine():
    assert disturbance(loads((TRACES / "stories.ndjson").read_text(encoding="utf-8"))) is None
