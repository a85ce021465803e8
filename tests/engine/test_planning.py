"""The draft length that is chosen is the one that measured costs and earlier verdicts call for."""

import pytest

import specdec
from specdec import theory
from specdec.engine import calibration, loop
from specdec.engine.planner import LONGEST, PROBE, Planner
from specdec.engine.request import Request, prepare
from specdec.models.heads import MedusaHeads
from specdec.models.pair import Pair
from specdec.settings import AUTO, Settings
from specdec.trace import Calibration, DraftToken, Passes, Round, Seconds, gather

CHEAP = Calibration(0.05, tuple(1 + 0.02 * n for n in range(LONGEST + 1)), 0.1)
DEAR = Calibration(1.5, (1.0,) * (LONGEST + 1), 0.2)
PROMPT = "The old lamp"


def round_of(kept, drafted):
    verdicts = ["accepted"] * kept + ["rejected"] * (kept < drafted) + ["discarded"] * max(0, drafted - kept - 1)
    tokens = tuple(
        DraftToken(1, "a", "a", i - 1, 0.5, None, 0.5, None, None, verdict, None, (), (0.0, 0.0, 0.0))
        for i, verdict in enumerate(verdicts)
    )
    return Round(0, 0.0, 1.0, Seconds(0, 1, 0), Passes(drafted, 1), None, tokens, None)


def after(planner, *rounds):
    for kept, drafted in rounds:
        planner.learn(round_of(kept, drafted))
    return planner


def test_the_plan_is_the_best_length_for_the_acceptance_so_far():
    planner = after(Planner(CHEAP), (3, 4), (1, 4), (4, 4))
    plan = planner.plan(most=64)
    best, gain = theory.best_draft_length(plan.acceptance, CHEAP.c, CHEAP.v, CHEAP.o, LONGEST)
    assert plan.draft_length == best > 1
    assert (plan.kind, plan.gain, plan.most) == ("best", gain, 64)


def test_what_is_kept_lengthens_the_draft_and_what_is_refused_shortens_it():
    start = Planner(CHEAP).plan(64)
    good, bad = (after(Planner(CHEAP), *[(kept, 6)] * 12).plan(64) for kept in (6, 0))
    assert bad.acceptance < start.acceptance < good.acceptance
    assert bad.draft_length < start.draft_length < good.draft_length <= LONGEST


def test_what_was_long_ago_counts_less():
    planner = after(Planner(CHEAP), *[(6, 6)] * 50)
    for _ in range(60):
        planner.learn(round_of(0, 6))
    assert planner.plan(64).acceptance < 0.5


def test_where_drafting_never_pays_it_is_left_but_for_a_probe_now_and_then():
    planner = Planner(DEAR)
    lengths = [planner.plan(64).draft_length for _ in range(3 * (PROBE + 1))]
    assert set(lengths) == {0, 1} and lengths.count(1) == 3
    assert planner.plan(0).draft_length == 0


def test_no_more_is_planned_than_still_fits():
    for most in range(4):
        assert Planner(CHEAP).plan(most).draft_length <= most


def test_no_more_is_planned_than_there_are_heads(tiny_model):
    target = tiny_model("llama")
    pair = Pair(None, target, None, 2, heads={"medusa": MedusaHeads.random(target, heads=2)})
    settings = Settings(draft_length=AUTO, max_new_tokens=20)
    one = gather(loop.rounds(prepare(pair, Request(PROMPT, "medusa", settings, calibration=CHEAP))))
    assert Planner(CHEAP).plan(64).draft_length > 2 == max(r.plan.draft_length for r in one.rounds)


def test_rounds_without_a_guess_teach_nothing():
    planner = Planner(CHEAP)
    before = planner.plan(64).acceptance
    assert after(planner, (0, 0)).plan(64).acceptance == before


@pytest.mark.parametrize("drafter", ["model", "lookup", "early_exit"])
def test_an_automatic_run_writes_the_plain_text_and_says_why_it_drafted_as_far(tiny_pair, drafter):
    plain = specdec.run(PROMPT, tiny_pair, drafter="none", max_new_tokens=30)
    one = specdec.run(PROMPT, tiny_pair, drafter=drafter, draft_length=AUTO, max_new_tokens=30)
    assert one.ids == plain.ids and specdec.trace.loads(one.dumps()) == one
    assert one.header.settings["draft_length"] == AUTO
    costs = one.header.calibration
    assert costs.v[0] == 1 and len(costs.v) == LONGEST + 1 and min(costs.c, costs.o) >= 0
    for r in one.rounds:
        assert len(r.draft) <= r.plan.draft_length <= LONGEST


def test_a_replay_uses_the_recorded_costs_and_writes_the_same_rounds(tiny_pair):
    settings = Settings(draft_length=AUTO, temperature=0.9, seed=3, max_new_tokens=40)
    one = gather(loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", settings, calibration=CHEAP))))
    again = specdec.replay(specdec.trace.loads(one.dumps()), tiny_pair)
    assert again.header.calibration == one.header.calibration == CHEAP
    assert [r.plan for r in again.rounds] == [r.plan for r in one.rounds]
    assert [r.draft for r in again.rounds] == [r.draft for r in one.rounds] and again.ids == one.ids
    assert len({r.plan.draft_length for r in one.rounds}) > 1


def test_a_replay_of_a_fixed_tree_writes_the_same_rounds(tiny_pair):
    one = specdec.run(PROMPT, tiny_pair, branching=(2, 2), temperature=0.9, seed=3, max_new_tokens=20, stop=["zzz"])
    again = specdec.replay(one, tiny_pair)
    assert [r.draft for r in again.rounds] == [r.draft for r in one.rounds]
    assert again.header.settings == one.header.settings


def test_costs_that_cannot_be_measured_leave_the_failure_to_the_run(tiny_model, noisy):
    broken = noisy(tiny_model("llama"), noise=float("nan"))
    one = specdec.run(PROMPT, Pair(None, broken, None, 4), drafter="lookup", draft_length=AUTO)
    assert one.footer.reason == "error" and specdec.trace.loads(one.dumps()) == one


def test_plain_decoding_needs_no_plan(tiny_pair):
    one = specdec.run(PROMPT, tiny_pair, drafter="none", draft_length=AUTO, max_new_tokens=8)
    assert one.header.calibration is None and all(r.plan is None and not r.draft for r in one.rounds)


def test_a_warm_up_measures_nothing(tiny_pair, monkeypatch):
    monkeypatch.setattr(calibration, "calibrate", lambda *_: pytest.fail("a warm-up is forgotten, costs are not"))
    calibration.warm_up(prepare(tiny_pair, Request(PROMPT, "model", Settings(draft_length=AUTO))))


def test_costs_are_measured_where_the_model_has_hardly_any_room_left(tiny_model, noisy):
    target = tiny_model("opt")  # which has a table of positions
    pair = Pair(None, target, noisy(target), 4)
    size = len(target.tokenizer.encode("lamp " * 330))
    prompt = "lamp " * 330 + "a" * (target.limit - size - 4)
    left = target.limit - len(target.tokenizer.encode(prompt))
    one = specdec.run(prompt, pair, draft_length=AUTO, max_new_tokens=left)
    assert one.footer.reason in ("length", "eos") and 1 <= len(one.header.calibration.v) <= LONGEST
