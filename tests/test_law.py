"""The law of what the real loop writes is exactly the target's, and this test would notice if it were not.

A toy target of four tokens starts afresh every three tokens, so the triples of a run are independent draws from a law
that can be enumerated. Rounds begin anywhere in a triple, so every place in a draft meets every place in a triple.
All seeds are fixed. A right engine with other seeds would fail one check of these in a million: that is LEVEL.
"""

from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch

from specdec import decode, sampling
from specdec.drafters.model import ModelDrafter
from specdec.models.loading import Pair
from specdec.settings import Settings
from specdec.trace import Round
from specdec.verify import RULES, Rule
from specdec.verify.judgment import Judgment, up_to_first_failure

LEVEL = 1e-6
SIZE, DEPTH = 4, 3
PROMPT = "xyz"  # three tokens of the tiny tokenizer


class ToySession:
    """What the loop and the model drafter ask of a Session; there is nothing to cache."""

    def __init__(self, model):
        self.model, self.parents = model, []

    def prefill(self, tokens):
        pass

    def forward(self, context, ids=None, parents=()):
        self.context, self.paths, self.parents = tuple(context), [], []
        rows = self.model.row(self.context)[None]
        return torch.cat([rows, self.grow(ids, list(parents))]) if parents else rows

    def grow(self, ids, parents):
        for token, parent in zip(ids.tolist(), parents, strict=True):
            self.paths.append((self.paths[parent] if parent >= 0 else self.context) + (token,))
        self.parents += parents
        return torch.stack([self.model.row(path) for path in self.paths[-len(parents) :]])

    def keep(self, path, ids):
        self.parents = []


class ToyModel:
    """A table of logits, by the tokens since the last multiple of DEPTH."""

    name, dtype, device, parameters = "toy", "float32", torch.device("cpu"), 0
    vocab_size, limit, end_ids = SIZE, 1 << 20, frozenset()

    def __init__(self, tokenizer, table):
        self.tokenizer, self.table = tokenizer, table

    def row(self, path):
        return self.table[path[len(path) - len(path) % DEPTH :]]

    def session(self):
        return ToySession(self)


def make_tables():
    rng = np.random.default_rng(12)
    histories = [history for depth in range(DEPTH) for history in product(range(SIZE), repeat=depth)]
    target = {history: rng.normal(0, 1, SIZE) for history in histories}
    draft = {history: row + rng.normal(0, 1.6, SIZE) for history, row in target.items()}
    return [{h: torch.tensor(row, dtype=torch.float32) for h, row in table.items()} for table in (target, draft)]


TARGET, DRAFT = make_tables()


@pytest.fixture(scope="module")
def toy_pair(tiny_tokenizer):
    assert len(tiny_tokenizer.encode(PROMPT)) == DEPTH
    return Pair(None, ToyModel(tiny_tokenizer, TARGET), ToyModel(tiny_tokenizer, DRAFT), 2)


def next_token_law(history, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0):
    """In float64 and apart from specdec.sampling: what the target's filtered distribution should be."""
    weights = np.exp(TARGET[history].double().numpy() / temperature)
    p = weights / weights.sum()
    order = np.argsort(-p, kind="stable")
    if top_k:
        p[order[top_k:]] = 0
        p /= p.sum()
    if top_p < 1:
        before = np.cumsum(p[order]) - p[order]
        p[order[before >= top_p]] = 0
        p /= p.sum()
    p[p < min_p * p.max()] = 0
    return p / p.sum()


def exact_law(**filters):
    """{triple: probability}"""
    law = {(): 1.0}
    for _ in range(DEPTH):
        law = {(*h, x): mass * p for h, mass in law.items() for x, p in enumerate(next_token_law(h, **filters))}
    return law


def written(pair, drafter, **settings):
    rounds = [line for line in decode.rounds(pair, drafter, PROMPT, Settings(**settings)) if isinstance(line, Round)]
    ids = [token.id for one in rounds for token in one.committed]
    assert len(ids) == settings["max_new_tokens"]  # an error would have ended the run early
    return ids


def triples(pair, drafter, seed=0, count=500, **settings):
    """One long run, cut into triples."""
    ids = written(pair, drafter, seed=seed, max_new_tokens=DEPTH * count, **settings)
    return Counter(zip(*[iter(ids)] * DEPTH, strict=True))


def first_triples(pair, drafter, count=400, **settings):
    """The first triple of many runs, each with its own seed."""
    return Counter(tuple(written(pair, drafter, seed=s, max_new_tokens=DEPTH, **settings)) for s in range(count))


def p_value(counts, law):
    """Pearson's χ² of counts against a law; cells that expect fewer than five are put together."""
    total = sum(counts.values())
    assert all(law[cell] > 0 for cell in counts), "something was written that the target never writes"
    big = [cell for cell, p in law.items() if p * total >= 5]
    expected = [law[cell] * total for cell in big]
    seen = [counts[cell] for cell in big]
    if total - sum(expected) >= 5:
        expected, seen = [*expected, total - sum(expected)], [*seen, total - sum(seen)]
    assert len(expected) > 8
    statistic = sum((s - e) ** 2 / e for s, e in zip(seen, expected, strict=True))
    freedom = torch.tensor((len(expected) - 1) / 2, dtype=torch.float64)
    return torch.special.gammaincc(freedom, torch.tensor(statistic / 2, dtype=torch.float64)).item()


TOP_K, TOP_P, MIN_P = {"temperature": 0.7, "top_k": 3}, {"top_p": 0.8}, {"temperature": 1.5, "min_p": 0.3}
RUNS = [("model", 2, filters) for filters in ({}, TOP_K, TOP_P, MIN_P)]
RUNS += [("model", 3, {}), ("model", 3, TOP_P), ("lookup", 3, {}), ("lookup", 3, TOP_K), ("none", 0, {})]


# ------------------------------------------------------------------------------------------------- the law holds


@pytest.mark.parametrize(("drafter", "draft_length", "filters"), RUNS, ids=str)
def test_a_long_run_writes_by_the_law_of_the_target(toy_pair, drafter, draft_length, filters):
    settings = {"draft_length": draft_length, "temperature": 1.0, **filters}
    assert p_value(triples(toy_pair, drafter, **settings), exact_law(**filters)) > LEVEL


def test_the_first_rounds_of_many_runs_write_by_the_law_of_the_target(toy_pair):
    counts = first_triples(toy_pair, "model", draft_length=2, temperature=1.0)
    assert p_value(counts, exact_law()) > LEVEL


def test_the_toy_runs_keep_correct_and_discard_guesses(toy_pair):
    """Else the tests above would have tested plain decoding."""
    for drafter in ("model", "lookup"):
        lines = list(decode.rounds(toy_pair, drafter, PROMPT, Settings(temperature=1.0, draft_length=3)))
        rounds = lines[1:-1]
        assert {t.verdict for r in rounds for t in r.draft} == {"accepted", "rejected", "discarded"}
        assert {"correction", "bonus"} <= {r.final.verdict for r in rounds if r.final}
        assert lines[-1].totals.accepted > 10 and lines[-1].totals.rejected > 10


# ------------------------------------------------------------------------------------------------- bugs are caught


def judge_with(keep, correct):
    """A rejection rule with two places for a bug: who is kept, and the law of the correction and its draw."""

    def judge(ids, parents, p, q, coins):
        p_x, q_x = p[:-1].gather(-1, ids[:, None])[:, 0], q.gather(-1, ids[:, None])[:, 0]
        accept = (p_x.double() / q_x).clamp(max=1)
        kept, tried, count = up_to_first_failure(keep(coins[:-1], accept))
        if count == len(ids):
            final = sampling.draw(p[count], coins[-1])
        else:
            final = correct(p[count], q[count], coins[-1])
        return Judgment(kept, tried, accept, final, count)

    return judge


def right_keep(coins, accept):
    return coins < accept


def right_correction(p, q, coin):
    return sampling.draw(sampling.residual(p, q), coin)


def correction_from_p(p, q, coin):
    return sampling.draw(p, coin)


def correction_not_renormalized(p, q, coin):
    steps = (p - q).clamp(min=0).double().cumsum(-1)
    return torch.searchsorted(steps, coin[None], right=True)[0].clamp(max=SIZE - 1)


def correction_from_q_minus_p(p, q, coin):
    return sampling.draw(sampling.residual(q, p), coin)


RULE_BUGS = {
    "correction_from_p": (right_keep, correction_from_p),
    "correction_not_renormalized": (right_keep, correction_not_renormalized),
    "correction_from_q_minus_p": (right_keep, correction_from_q_minus_p),
    "coin_flipped": (lambda coins, accept: coins > accept, right_correction),
    "always_accept": (lambda coins, accept: coins < 2, right_correction),
    "accept_only_what_p_prefers": (lambda coins, accept: accept >= 1, right_correction),
}


def plant(monkeypatch, keep, correct):
    monkeypatch.setitem(RULES, "rejection", Rule(judge_with(keep, correct), lossless=False, uses_coins=True))


def test_the_rule_with_places_for_bugs_is_right_without_one(toy_pair, monkeypatch):
    plant(monkeypatch, right_keep, right_correction)
    assert p_value(triples(toy_pair, "model", draft_length=2, temperature=1.0), exact_law()) > LEVEL


@pytest.mark.parametrize("bug", RULE_BUGS)
def test_a_bug_in_the_rule_is_caught(toy_pair, monkeypatch, bug):
    plant(monkeypatch, *RULE_BUGS[bug])
    assert p_value(triples(toy_pair, "model", draft_length=2, temperature=1.0), exact_law()) < LEVEL


@pytest.mark.parametrize("bug", ["coin_flipped", "always_accept"])
def test_a_bug_in_the_rule_is_caught_with_certain_guesses(toy_pair, monkeypatch, bug):
    plant(monkeypatch, *RULE_BUGS[bug])
    assert p_value(triples(toy_pair, "lookup", draft_length=3, temperature=1.0), exact_law()) < LEVEL


def test_one_seed_for_drafter_and_judge_is_caught(toy_pair, monkeypatch):
    class OneSeed(sampling.Coins):
        def __init__(self, seed):
            self._draft, self._judge = np.random.default_rng(seed), np.random.default_rng(seed)

    monkeypatch.setattr(decode, "Coins", OneSeed)
    counts = first_triples(toy_pair, "model", draft_length=2, temperature=1.0)
    assert p_value(counts, exact_law()) < LEVEL


def test_a_drafter_that_does_not_draw_from_the_law_it_names_is_caught(toy_pair, monkeypatch):
    monkeypatch.setattr(ModelDrafter, "_pick", lambda self, q, coin: q.argmax(-1))
    assert p_value(triples(toy_pair, "model", draft_length=2, temperature=1.0), exact_law()) < LEVEL


def test_a_filter_that_is_forgotten_is_caught(toy_pair):
    counts = triples(toy_pair, "model", draft_length=2, temperature=0.5)
    assert p_value(counts, exact_law()) < LEVEL
