"""The mixed drafter copies where that is expected to bring more, and the trace says who guessed."""

from dataclasses import replace

import pytest
import torch

import specdec
from specdec import drafters
from specdec.drafters.draft import Context, Outcome
from specdec.drafters.eagle import FeatureSession
from specdec.errors import UserError
from specdec.lab.bench import bench
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import DYNAMIC, Settings
from specdec.trace import loads

REPEATED = "The fox sang. The fox sang. The fox"


@pytest.fixture
def pair(tiny_pair):
    return replace(tiny_pair, memory={})


def sources(trace):
    return [{token.drafter for token in one.draft} for one in trace.rounds if one.draft]


@pytest.mark.parametrize(
    "choices", [{}, {"temperature": 0.9, "rule": "rejection", "seed": 3}, {"branching": (2, 1)}], ids=str
)
def test_every_round_is_of_one_drafter_and_the_trace_names_it(pair, choices):
    trace = specdec.run(REPEATED, pair, drafter="mixed", max_new_tokens=60, **choices)
    assert all(len(one) == 1 for one in sources(trace))
    assert set().union(*sources(trace)) <= {"suffix", "model"}
    again = loads(trace.dumps())
    assert sources(again) == sources(trace)


def test_a_trace_of_one_drafter_does_not_name_it_at_every_token(pair):
    trace = specdec.run(REPEATED, pair, drafter="model", max_new_tokens=8)
    assert '"drafter":null' not in trace.dumps() and sources(trace) == [{None}] * len(sources(trace))


def begun(pair, text=REPEATED):
    drafter = drafters.make("mixed", pair, Settings(draft_length=4))
    tokens = pair.target.tokenizer.encode(text)
    drafter.start(pair.target, tokens, Settings(draft_length=4))
    return drafter, tokens


def propose(drafter, tokens, **seen):
    return drafter.propose(Context(tokens, **seen), (1, 1, 1, 1), Coins(0))


def test_copies_that_come_true_are_preferred_and_copies_that_fail_are_given_up(pair):
    drafter, tokens = begun(pair)
    draft = propose(drafter, tokens)
    assert draft.source == "suffix" and draft.passes == 0, "the text has repeated itself twice"
    for _ in range(20):
        if draft.source != "suffix":
            break
        drafter.observe(Outcome((), ()))  # nothing of it was accepted
        draft = propose(drafter, tokens)
    assert draft.source == "model" and draft.q is not None
    for _ in range(20):
        if draft.source != "model":
            break
        drafter.observe(Outcome((), ()))  # the model fails as well
        draft = propose(drafter, tokens)
    assert draft.source == "suffix"


def test_without_anything_to_copy_the_other_drafter_guesses(pair):
    drafter, tokens = begun(pair, "abcdefg")
    assert propose(drafter, tokens).source == "model"


def test_a_head_is_given_the_features_of_the_rounds_that_were_copied(tiny_model, monkeypatch):
    target = tiny_model("llama")
    pair = Pair(None, target, None, 4, heads={"eagle": EagleHead.random(target)})
    drafter, tokens = begun(pair)
    features = torch.randn(len(tokens) + 1, target.config.hidden_size)
    first = propose(drafter, tokens, hidden=features[: len(tokens) - 1])
    assert first.source == "suffix"
    drafter.observe(Outcome((), ()))
    given = []
    forward = FeatureSession.forward
    monkeypatch.setattr(FeatureSession, "forward", lambda self, ids: given.append(self.fresh) or forward(self, ids))
    drafter.trust = 0.0  # copies have failed
    second = propose(drafter, [*tokens, 5, 6], hidden=features[len(tokens) - 1 :])
    assert second.source == "eagle" and torch.equal(given[0], features)


def test_short_heads_guess_no_further_than_they_can(tiny_model):
    target = tiny_model("llama")
    pair = Pair(None, target, None, 4, heads={"medusa": MedusaHeads.random(target, 2)})
    plain, mixed = (specdec.run("One day", pair, drafter=name, max_new_tokens=30) for name in ("none", "mixed"))
    assert mixed.ids == plain.ids
    assert max(len(one.draft) for one in mixed.rounds if one.draft and one.draft[0].drafter == "medusa") <= 2


def test_it_is_refused_without_a_draft_model_and_without_heads(pair):
    with pytest.raises(UserError, match="needs a draft model or a head"):
        drafters.make("mixed", replace(pair, draft=None), Settings())
    with pytest.raises(UserError, match="dynamic|sure"):
        drafters.make("mixed", pair, Settings(branching=DYNAMIC))


def test_in_a_benchmark_no_lane_copies_what_another_one_wrote(pair):
    settings = Settings(max_new_tokens=40, draft_length=4)
    prompts = ["Once there was a fox", "One day, a boat"]

    def passes(lanes, name):
        found = bench(pair, lanes, prompts, settings, runs=1)
        return [(one.totals.rounds, one.totals.accepted) for one in found if one.drafter == name]

    assert passes(["mixed", "suffix"], "suffix") == passes(["suffix"], "suffix")
    assert passes(["mixed", "suffix"], "mixed") == passes(["mixed"], "mixed")
