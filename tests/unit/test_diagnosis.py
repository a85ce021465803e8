"""The diagnosis: costs by hand from rounds by hand, and the same best K as the formula's."""

import pytest
from msgspec.structs import replace

from specdec import theory
from specdec.lab.diagnosis import diagnose
from specdec.trace import Seconds

MIXED = ("aaaa", "aard", "rddd", "aaar", "aaaa")  # 18 tokens; 13 guesses kept, 3 refusals
PLAIN = 0.008


@pytest.fixture
def trace_of(hand_made):
    """A run of rounds, 3 ms drafting, 10 ms target pass, 1 ms rest unless said otherwise, whose plain round took 8."""

    def make(*drafts, plain=PLAIN, seconds=(0.003, 0.010, 0.001), **choices):
        one = hand_made.trace(*drafts, **choices)
        rounds = tuple(replace(r, seconds=Seconds(*seconds)) if r.draft else r for r in one.rounds)
        return replace(one, rounds=rounds, footer=replace(one.footer, plain_round_seconds=plain))

    return make


def test_costs_are_those_of_a_round_in_plain_rounds(trace_of):
    found = diagnose(trace_of(*MIXED))
    assert (found.draft, found.verify, found.other) == pytest.approx((3 / 14, 10 / 14, 1 / 14))
    assert found.alpha == 13 / 16 and found.silent == 0
    costs = found.costs
    assert (costs.c, costs.v, costs.o) == pytest.approx((3 / 4 / 8, 10 / 8, 1 / 8))
    assert costs.speedup == pytest.approx(18 * 8 / (5 * 14)), "what 18 plain tokens take over what 5 rounds took"


def test_a_slow_first_round_changes_shares_and_no_cost(trace_of):
    even = trace_of(*MIXED)
    first, *others = even.rounds
    slow = replace(even, rounds=(replace(first, seconds=Seconds(0.003, 2.0, 0.5)), *others))
    assert diagnose(slow).costs == diagnose(even).costs
    assert diagnose(slow).verify > 0.75 > diagnose(even).verify


def test_a_guess_of_a_tree_is_a_level_of_it(trace_of):
    tree = [("x", -1, "r"), ("y", -1, "a"), ("z", 1, "a"), ("w", 1, "d")]
    costs = diagnose(trace_of(*[tree] * 5, branching=[2, 2], draft_length=2)).costs
    assert costs.c == pytest.approx(3 / 2 / 8) and costs.v == pytest.approx(10 / 8)
    assert costs.speedup == pytest.approx(3 * 8 / 14)


def test_rounds_without_a_guess_cost_their_time_and_no_guess(trace_of):
    found = diagnose(trace_of(*MIXED, *[""] * 5, drafter="lookup"))
    assert found.silent == 0.5 and found.costs.c == pytest.approx(3 / 4 / 8)
    assert found.costs.speedup == pytest.approx((18 + 5) * 8 / (10 * 14))


def test_a_race_counts_in_rounds_of_the_plain_run_that_was_seen(trace_of, hand_made):
    one, plain = hand_made.trace(*[""] * 3, drafter="none"), trace_of(*MIXED)
    lengths = (0.004, 0.008, 0.9)
    rounds = tuple(replace(r, start=0.0, end=end) for r, end in zip(one.rounds, lengths, strict=True))
    disturbed = trace_of(*MIXED, plain=0.011)
    assert diagnose(disturbed, replace(one, rounds=rounds)).costs == diagnose(plain).costs != diagnose(disturbed).costs
    assert diagnose(disturbed, replace(one, rounds=())).costs == diagnose(disturbed).costs


def test_a_plain_round_slower_than_judging_a_draft_was_noise(trace_of):
    costs = diagnose(trace_of(*MIXED, plain=1.0)).costs
    assert costs.v + costs.o == pytest.approx(1) and costs.v == pytest.approx(10 / 11)


def test_without_a_plain_round_only_the_shares_are_known(trace_of):
    for one in (trace_of(*MIXED, plain=None), replace(trace_of(*MIXED), footer=None)):
        found = diagnose(one)
        assert found.costs is None and found.verify == pytest.approx(10 / 14) and found.alpha == 13 / 16


def test_short_and_plain_runs_say_nothing(trace_of):
    assert diagnose(trace_of(*MIXED[:4])) is None
    assert diagnose(trace_of(*MIXED[:4], *[""] * 20)) is None
    assert diagnose(trace_of(*[""] * 20, drafter="none")) is None
    assert diagnose(replace(trace_of(), footer=None)) is None


# ------------------------------------------------------------------------------------------------- the best K


@pytest.mark.parametrize("seconds", [(0.0002, 0.010, 0.001), (0.003, 0.010, 0.001), (0.010, 0.009, 0.001)], ids=str)
def test_the_best_length_is_the_one_that_the_formula_finds_by_trying_all(trace_of, seconds):
    one = trace_of(*MIXED, seconds=seconds)
    costs = diagnose(one).costs
    checked = costs.v + costs.o
    raw = {k: theory.expected_tokens(13 / 16, k) / (k * costs.c + 1 + (checked - 1) * k / 4) for k in range(1, 9)}
    gains = {0: 1.0} | {k: gain * costs.speedup / raw[4] for k, gain in raw.items()}
    best = max(gains, key=gains.get)
    assert (costs.best_length, costs.best_speedup) == (best, pytest.approx(gains[best]))


def test_cheap_guesses_call_for_longer_drafts_and_dear_ones_for_none(trace_of):
    lengths = [
        diagnose(trace_of(*MIXED, seconds=(draft, 0.008, 0.0005))).costs.best_length for draft in (0.0001, 0.006, 0.2)
    ]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] == 8 and lengths[-1] == 0


def test_the_best_length_at_the_runs_own_is_the_runs_own_speed(trace_of):
    costs = diagnose(trace_of(*MIXED, seconds=(0.006, 0.008, 0.0005))).costs
    assert costs.best_length == 4 and costs.best_speedup == pytest.approx(costs.speedup)


@pytest.mark.parametrize(
    "choices",
    [
        {"draft_length": "auto"},
        {"draft_length": 6},
        {"rule": "block"},
        {"rule": "typical"},
        {"drafter": "lookup"},
        {"drafter": "lookahead"},
        {"drafter": "medusa"},
        {"branching": "dynamic"},
    ],
    ids=str,
)
def test_no_best_length_is_told_where_the_formula_does_not_hold(trace_of, choices):
    costs = diagnose(trace_of(*MIXED, **choices)).costs
    assert costs.best_length is None and costs.best_speedup is None and costs.speedup > 0


# ------------------------------------------------------------------------------------------------- what holds it up

KEPT, REFUSED = ("aaaa",) * 9 + ("rddd",), ("rddd",) * 3 + ("ardd",) * 2


@pytest.mark.parametrize(
    ("drafts", "seconds", "hold"),
    [
        (REFUSED, (0.0005, 0.008, 0.0005), "guesses"),
        (KEPT, (0.020, 0.008, 0.0005), "draft"),
        (KEPT, (0.0005, 0.030, 0.0005), "verify"),
        (KEPT, (0.0005, 0.008, 0.020), "other"),
        ((*KEPT, *[""] * 30), (0.0005, 0.008, 0.0005), "silent"),
        (KEPT, (0.0005, 0.008, 0.0005), None),
    ],
)
def test_what_would_help_is_what_halved_helps_most(trace_of, drafts, seconds, hold):
    assert diagnose(trace_of(*drafts, seconds=seconds)).costs.hold == hold


def test_no_numbers_of_a_hostile_trace_are_too_much(trace_of):
    extremes = (0.0, 5e-324, 1e-300, 1.0, 1e300)
    for plain in extremes[1:]:
        for seconds in ((draft, verify, other) for draft in extremes for verify in extremes for other in extremes):
            for drafts in (MIXED, (*MIXED, "")):
                diagnose(trace_of(*drafts, plain=plain, seconds=seconds))
    one = trace_of(*MIXED)
    for broken in ({}, {"rule": [1]}, {"draft_length": [1]}, {"draft_length": 10**30}, {"branching": 7}):
        settings = one.header.settings | broken if broken else {}
        diagnose(replace(one, header=replace(one.header, settings=settings)))
