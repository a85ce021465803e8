"""The law of what the real loop writes is exactly the target's, and this test would notice if it were not.

Two small targets of four tokens, whose laws can be enumerated. The *toy* is a table that starts afresh every three
tokens, so the triples of one long run are independent draws, and rounds begin anywhere in a triple: every place in a
draft meets every place in a triple. The *tiny* one is a real Llama, for the drafters that look inside the target: the
first triples of many runs, each with its own seed. All seeds are fixed. A right engine with other seeds would fail one
check of these in a million: that is LEVEL.
"""

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

from specdec import drafters, sampling
from specdec.drafters import datastore, draft_model, tree_sampling
from specdec.drafters.mixed import MixedDrafter
from specdec.drafters.suffix_decoding import SuffixDrafter
from specdec.engine import loop, run
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.methods import DRAFTERS, RULES, names
from specdec.models.accelerator import EAGER
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.settings import DYNAMIC, Settings
from specdec.trace import Round
from specdec.verify import block, rejection
from specdec.verify.judgment import Judgment, first_that_pass, of
from specdec.verify.judgment import tree as shape_of

LEVEL = 1e-6
SIZE, DEPTH = 4, 3
PROMPT = '!"#'  # tokens 1, 2 and 3 of the tiny tokenizer


class ToySession:
    """What the loop and the model drafter ask of a Session; there is nothing to cache."""

    keeps_hidden = False

    def __init__(self, model):
        self.model, self.parents = model, []

    def begin(self, tokens):
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

    def chain(self, context, length, choose, flips, key):
        logits, ids, laws = self.forward(context), [], []
        for place in range(length):
            if place:
                logits = self.grow(ids[-1], [place - 2])
            token, law = choose(logits, None if flips is None else flips[place : place + 1])
            ids.append(token)
            laws.append(law)
        return torch.cat(ids), torch.cat(laws)

    def keep(self, path, ids):
        self.parents = []


class ToyModel:
    """A table of logits, by the tokens since the last multiple of DEPTH."""

    name, dtype, device, parameters, encoder_decoder = "toy", "float32", torch.device("cpu"), 0, False
    mode, accelerator = "eager", EAGER
    vocab_size, limit, end_ids = SIZE, 1 << 20, frozenset()

    def __init__(self, tokenizer, table):
        self.tokenizer, self.table = tokenizer, table

    def begin(self, prompt):
        return [], self.tokenizer.encode(prompt)

    def row(self, path):
        return self.table[path[len(path) - len(path) % DEPTH :]]

    def session(self, keeps_hidden=False):
        return ToySession(self)

    def tensor(self, ids):
        return torch.tensor(ids, dtype=torch.long)


def make_tables():
    rng = np.random.default_rng(12)
    histories = [history for depth in range(DEPTH) for history in product(range(SIZE), repeat=depth)]
    target = {history: rng.normal(0, 1, SIZE) for history in histories}
    draft = {history: row + rng.normal(0, 1.6, SIZE) for history, row in target.items()}
    return [{h: torch.tensor(row, dtype=torch.float32) for h, row in table.items()} for table in (target, draft)]


TARGET, DRAFT = make_tables()


@pytest.fixture(scope="module")
def plain_tokenizer(tiny_tokenizer):
    """The tiny tokenizer without an end of text: all four tokens are ordinary ones. '!"#' are tokens 1, 2 and 3."""
    return PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer.backend_tokenizer)


@pytest.fixture(scope="module")
def store(plain_tokenizer, tmp_path_factory):
    """A datastore of random text in three of the four tokens."""
    folder = tmp_path_factory.mktemp("datastore")
    text = "".join(np.random.default_rng(3).choice(list('!"#'), 400))
    (folder / "text.txt").write_text(text, encoding="utf-8")
    datastore.build([folder / "text.txt"], folder / "store", plain_tokenizer)
    return str(folder / "store")


@pytest.fixture(scope="module")
def toy_pair(plain_tokenizer, store):
    assert len(plain_tokenizer.encode(PROMPT)) == DEPTH
    models = (ToyModel(plain_tokenizer, table) for table in (TARGET, DRAFT))
    return Pair(None, *models, 2, datastore=store)


@pytest.fixture(scope="module")
def tiny(plain_tokenizer):
    """A Llama of four tokens and three layers, with untrained heads."""
    torch.manual_seed(4)
    sizes = {"vocab_size": SIZE, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 3}
    config = LlamaConfig(**sizes, num_attention_heads=2, max_position_embeddings=64, initializer_range=0.15)
    config.eos_token_id = config.bos_token_id = None
    target = LanguageModel("tiny", LlamaForCausalLM(config).eval(), plain_tokenizer)
    return Pair(None, target, None, 3, heads={"medusa": MedusaHeads.random(target), "eagle": EagleHead.random(target)})


def next_token_law(weights, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0):
    """In float64 and apart from specdec.sampling: what a target's filtered distribution should be, from its logits."""
    weights = np.exp(weights.double().numpy() / temperature)
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


def exact_law(logits=TARGET.__getitem__, **filters):
    """{triple: probability}; `logits` of what follows a history."""
    law = {(): 1.0}
    for _ in range(DEPTH):
        steps = {h: next_token_law(logits(h), **filters) for h in law}
        law = {(*h, x): mass * p for h, mass in law.items() for x, p in enumerate(steps[h])}
    return law


def tiny_law(pair):
    """The law of the first triple behind PROMPT, by transformers alone."""
    prompt = pair.target.tokenizer.encode(PROMPT)

    @torch.inference_mode()
    def logits(history):
        return pair.target.module(torch.tensor([[*prompt, *history]]), use_cache=False).logits[0, -1]

    return exact_law(logits)


def written(pair, drafter, **settings):
    rounds = [
        line
        for line in loop.rounds(prepare(pair, Request(PROMPT, drafter, Settings(**settings))))
        if isinstance(line, Round)
    ]
    ids = [token.id for one in rounds for token in one.committed]
    assert len(ids) == settings["max_new_tokens"]  # an error would have ended the run early
    return ids


def triples(pair, drafter, seed=0, count=500, **settings):
    """One long run, cut into triples."""
    ids = written(pair, drafter, seed=seed, max_new_tokens=DEPTH * count, **settings)
    return Counter(zip(*[iter(ids)] * DEPTH, strict=True))


def first_triples(pair, drafter, count=300, **settings):
    """The first triple of many runs, each with its own seed; one token more, so that a draft of three has room."""
    runs = (written(pair, drafter, seed=s, max_new_tokens=DEPTH + 1, **settings) for s in range(count))
    return Counter(tuple(ids[:DEPTH]) for ids in runs)


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


# ------------------------------------------------------------------------------------------------- the law holds

INSIDE = ("early_exit", "medusa", "eagle")  # they look into the target, so it has to be a real model
CHAIN, TREE = {"draft_length": 3}, {"branching": (3, 2)}
ENCODER_DRAFTERS = names(DRAFTERS, lambda method: method.encoder_decoders)
ENCODER_RULES = names(RULES, lambda method: method.encoder_decoders)
SHAPES = {"chain": CHAIN, "tree": TREE, "dynamic": {"branching": DYNAMIC, "draft_length": 3}}


def matrix():
    """Every drafter × lossless sampling rule × shape that settings allow."""
    for drafter, rule, shape in product(list(DRAFTERS)[1:], list(RULES)[1:], SHAPES):
        try:
            Settings(temperature=1.0, rule=rule, **SHAPES[shape])
        except UserError:
            continue
        if RULES[rule].lossless:
            yield drafter, rule, shape


MATRIX = list(matrix())


@pytest.mark.parametrize(("drafter", "rule", "shape"), MATRIX, ids=lambda name: name)
def test_whoever_guesses_the_law_is_the_targets(toy_pair, tiny, drafter, rule, shape):
    settings = {"temperature": 1.0, "rule": rule, **SHAPES[shape]}
    pair = tiny if drafter in INSIDE else toy_pair
    try:
        drafters.make(drafter, pair, Settings(**settings))
    except UserError as refusal:
        assert (shape, str(refusal).endswith(".")) == ("dynamic", True)  # not every drafter knows how sure it is
        return
    if drafter in INSIDE:
        assert p_value(first_triples(pair, drafter, **settings), tiny_law(pair)) > LEVEL
    else:
        assert p_value(triples(pair, drafter, **settings), exact_law()) > LEVEL


@pytest.mark.parametrize(("rule", "shape"), [one[1:] for one in MATRIX if one[0] == "eagle"])
@pytest.mark.parametrize("ids", [[2], [3, 1], [0, 3, 2]], ids=str)
def test_tokens_that_a_draft_vocabulary_lacks_are_written_as_often_as_by_the_target(tiny, rule, shape, ids):
    head = EagleHead.random(tiny.target, draft_ids=torch.tensor(ids))
    settings = {"temperature": 1.0, "rule": rule, **SHAPES[shape]}
    assert p_value(first_triples(replace(tiny, heads={"eagle": head}), "eagle", **settings), tiny_law(tiny)) > LEVEL


@pytest.mark.parametrize(
    ("drafter", "shape"), sorted({(d, s) for d, _, s in MATRIX if s != "dynamic"}), ids=lambda name: name
)
def test_every_drafter_is_kept_and_refused_in_these_runs(toy_pair, tiny, drafter, shape):
    """Else the tests above would have tested plain decoding."""
    pair, prompt = (tiny, PROMPT * 4) if drafter in INSIDE else (toy_pair, PROMPT)
    length = 40 if drafter in INSIDE else 300
    settings = Settings(temperature=1.0, max_new_tokens=length, **SHAPES[shape])
    *rounds, footer = list(loop.rounds(prepare(pair, Request(prompt, drafter, settings))))[1:]
    assert footer.totals.accepted > 5 and footer.totals.rejected > 5
    branched = any(token.parent != i - 1 for one in rounds for i, token in enumerate(one.draft))
    assert branched is (shape == "tree")


TOP_K, TOP_P, MIN_P = {"temperature": 0.7, "top_k": 3}, {"top_p": 0.8}, {"temperature": 1.5, "min_p": 0.3}
SHORT = {"draft_length": 2}
RUNS = [("model", shape, filters) for shape in (SHORT, TREE) for filters in (TOP_K, TOP_P, MIN_P)]
RUNS += [("model", {"draft_length": "auto"}, {}), ("lookup", TREE, TOP_K), ("none", {"draft_length": 0}, {})]
RUNS += [("model", SHORT | {"rule": "block"}, TOP_P)]


@pytest.mark.parametrize(("drafter", "shape", "filters"), RUNS, ids=str)
def test_filters_are_part_of_the_law(toy_pair, drafter, shape, filters):
    settings = {"temperature": 1.0, **shape, **filters}
    assert p_value(triples(toy_pair, drafter, **settings), exact_law(**filters)) > LEVEL


def test_the_first_rounds_of_many_runs_write_by_the_law_of_the_target(toy_pair):
    counts = first_triples(toy_pair, "model", draft_length=2, temperature=1.0)
    assert p_value(counts, exact_law()) > LEVEL


def test_typical_acceptance_is_another_law(toy_pair):
    """The one rule that is not lossless does what it is labelled with."""
    assert p_value(triples(toy_pair, "model", draft_length=2, temperature=1.0, rule="typical"), exact_law()) < LEVEL


@pytest.fixture(scope="module")
def translator(plain_tokenizer, store):
    """A T5 of four tokens, and a draft of it that agrees often."""
    torch.manual_seed(6)
    sizes = {"vocab_size": SIZE, "d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    config = T5Config(**sizes, decoder_start_token_id=0, pad_token_id=0, initializer_factor=0.7)
    config.eos_token_id = None
    modules = [T5ForConditionalGeneration(config).eval() for _ in range(2)]
    for module in modules:
        module.generation_config.eos_token_id = None
    target, draft = (EncoderDecoderModel("tiny-t5", module, plain_tokenizer) for module in modules)
    return Pair(None, target, draft, 3, datastore=store)


@pytest.mark.parametrize(("drafter", "rule"), list(product(ENCODER_DRAFTERS, ENCODER_RULES[1:])), ids="{}".format)
def test_the_law_of_an_encoder_decoder_is_the_targets(translator, drafter, rule):
    source, start = translator.target.begin(PROMPT)

    @torch.inference_mode()
    def logits(history):
        decoded = torch.tensor([[*start, *history]])
        return translator.target.module(input_ids=torch.tensor([source]), decoder_input_ids=decoded).logits[0, -1]

    counts = first_triples(translator, drafter, count=250, temperature=1.0, rule=rule, **CHAIN)
    assert p_value(counts, exact_law(logits)) > LEVEL


def second_runs(pair, rule):
    """Every seed twice: what the second run writes may not know the coins of the first, which were its own."""
    drafter, settings = "suffix", {"temperature": 1.0, "rule": rule, **CHAIN}
    counts = Counter()
    for seed in range(300):
        pair = replace(pair, memory={})  # it remembers one text, and nothing that would outweigh it
        for turn in range(2):
            ids = written(pair, drafter, seed=seed, max_new_tokens=DEPTH + 1, **settings)
            counts.update([tuple(ids[:DEPTH])] * turn)
    return counts


@pytest.mark.parametrize("rule", ["rejection", "block"])
def test_what_a_seed_wrote_before_does_not_guide_it_again(toy_pair, rule):
    assert p_value(second_runs(toy_pair, rule), exact_law()) > LEVEL


def test_guesses_that_know_the_coins_are_caught(toy_pair, monkeypatch):
    monkeypatch.setattr(SuffixDrafter, "may_see", lambda self, place: True)
    assert p_value(second_runs(toy_pair, "rejection"), exact_law()) < LEVEL


# ------------------------------------------------------------------------------------------------- bugs are caught


def judge_with(keep, correct):
    """A rejection rule with two places for a bug: who is kept, and the law of the correction and its draw."""

    def judge(ids, parents, p, q, coins):
        accept = (of(p[:-1], ids).double() / of(q, ids)).clamp(max=1)
        kept, tried, count = first_that_pass(shape_of(parents, ids.device), keep(coins[:-1], accept))
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
    monkeypatch.setitem(RULES, "rejection", replace(RULES["rejection"], code=judge_with(keep, correct)))


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
    class OneSeed:
        def __init__(self, seed):
            drafter, judge = (np.random.default_rng(seed) for _ in range(2))
            self.draft, self.judge = (lambda count, own=own: own.random(count).tolist() for own in (drafter, judge))

    monkeypatch.setattr(run, "Coins", OneSeed)
    counts = first_triples(toy_pair, "model", draft_length=2, temperature=1.0)
    assert p_value(counts, exact_law()) < LEVEL


def test_a_drafter_that_does_not_draw_from_the_law_it_names_is_caught(toy_pair, monkeypatch):
    monkeypatch.setattr(tree_sampling, "draw", lambda law, coins: law.argmax(-1))
    assert p_value(triples(toy_pair, "model", draft_length=2, temperature=1.0), exact_law()) < LEVEL


def test_a_draft_vocabulary_that_the_named_probabilities_do_not_know_of_is_caught(tiny, monkeypatch):
    right, known = tree_sampling.draw, torch.tensor([1.0, 0.0, 1.0, 1.0])
    monkeypatch.setattr(tree_sampling, "draw", lambda law, coins: right(law * known / (law * known).sum(), coins))
    assert p_value(first_triples(tiny, "eagle", temperature=1.0, draft_length=3), tiny_law(tiny)) < LEVEL


def test_a_choice_between_drafters_that_knows_the_coins_is_caught(toy_pair, monkeypatch):
    """It copies just where the first guess of the copy would be accepted by its coin."""
    right = MixedDrafter.propose

    def peeking(self, context, shape, coins):
        low = coins.fork().judge(1)[0] < 0.5
        monkeypatch.setattr(MixedDrafter, "pays", lambda self, copied: bool(copied.paths) and low)
        return right(self, context, shape, coins)

    monkeypatch.setattr(MixedDrafter, "propose", peeking)
    settings = {"draft_length": 2, "temperature": 1.0}
    assert p_value(triples(toy_pair, "mixed", **settings), exact_law()) < LEVEL


def with_replacement(logits, settings, width, coins):
    law = sampling.distribution(logits, settings).repeat_interleave(width, 0)
    return sampling.draw(law, coins), law


def test_siblings_drawn_with_replacement_are_caught(toy_pair, monkeypatch):
    """Named as if they had been drawn without: the law of a second child leaves out the first."""
    right = tree_sampling.children

    def wrong(logits, settings, width, coins):
        _, laws = right(logits, settings, width, coins)
        ids, _ = with_replacement(logits, settings, width, coins)
        return ids, laws

    monkeypatch.setattr(draft_model, "children", wrong)
    assert p_value(triples(toy_pair, "model", temperature=1.0, **TREE), exact_law()) < LEVEL


def test_siblings_drawn_with_replacement_and_named_so_are_right(toy_pair, monkeypatch):
    """A worse draft, but an honest one: what the test above catches is the lie."""
    monkeypatch.setattr(draft_model, "children", with_replacement)
    assert p_value(triples(toy_pair, "model", temperature=1.0, **TREE), exact_law()) > LEVEL


def test_a_tree_that_forgets_what_refusals_leave_is_caught(toy_pair, monkeypatch):
    monkeypatch.setattr(
        rejection,
        "distributions_in_turn",
        lambda shape, p, q: p[shape.rows],  # every sibling meets the whole of p
    )
    assert p_value(triples(toy_pair, "model", temperature=1.0, **TREE), exact_law()) < LEVEL


def first_instead_of_last(passed):
    kept = passed.long().cumprod(0).bool()
    return kept, kept.sum()


@pytest.mark.parametrize("bug", ["first instead of last", "coin flipped", "residual of p"])
def test_a_bug_in_the_block_rule_is_caught(toy_pair, monkeypatch, bug):
    right, last = block.judge, block.up_to_the_last
    if bug == "first instead of last":
        monkeypatch.setattr(block, "up_to_the_last", first_instead_of_last)
    elif bug == "coin flipped":
        monkeypatch.setattr(block, "up_to_the_last", lambda passed: last(~passed))
    else:
        monkeypatch.setattr(block, "draw", lambda left, coin: sampling.draw(torch.full((SIZE,), 0.25), coin))
    monkeypatch.setitem(RULES, "block", replace(RULES["block"], code=right))
    assert p_value(triples(toy_pair, "model", temperature=1.0, rule="block", **CHAIN), exact_law()) < LEVEL


def test_a_bug_is_caught_on_the_real_model_too(tiny, monkeypatch):
    plant(monkeypatch, *RULE_BUGS["always_accept"])
    counts = first_triples(tiny, "early_exit", temperature=1.0, **CHAIN)
    assert p_value(counts, tiny_law(tiny)) < LEVEL


def test_a_filter_that_is_forgotten_is_caught(toy_pair):
    counts = triples(toy_pair, "model", draft_length=2, temperature=0.5)
    assert p_value(counts, exact_law()) < LEVEL
