"""Drafters guess as they say they do, and leave their caches where the next round needs them."""

import copy
from dataclasses import replace

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

import specdec
from specdec import drafters
from specdec.catalog.pairs import best
from specdec.drafters.cross_tokenizer import TranslatedDrafter
from specdec.drafters.draft import Context, Outcome, certain_chain, certain_tree
from specdec.drafters.draft_model import ModelDrafter, fit
from specdec.drafters.mixed import MixedDrafter
from specdec.drafters.tree_sampling import children
from specdec.errors import UserError
from specdec.methods import DRAFTERS, PLAIN
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair, same_vocabulary
from specdec.sampling import Coins, draw
from specdec.settings import Settings


def test_the_best_drafter_is_the_draft_model_if_there_is_one(tiny_pair):
    assert best(tiny_pair) == "model"
    assert best(Pair(None, tiny_pair.target, None, 4)) == "lookup"


# ------------------------------------------------------------------------------------------------- draft model


def begin(pair, prompt, **choices):
    drafter = drafters.make("model", pair, Settings(**choices))
    drafter.start(pair.target, prompt, Settings(**choices))
    return drafter


def chain(length):
    return (1,) * length


def from_scratch(model, ids):
    with torch.inference_mode():
        return model.module(torch.tensor([ids]), use_cache=False).logits[0, -1]


def test_a_draft_model_with_a_shorter_context_stops_guessing_and_the_text_goes_on(tiny_pair, noisy):
    draft = noisy(tiny_pair.target)
    draft.config.max_position_embeddings = 24
    pair = replace(tiny_pair, draft=draft)
    plain = specdec.run("The old lamp", pair, drafter="none", max_new_tokens=40)
    for shape in ({"branching": None}, {"branching": (2, 1)}, {"branching": "dynamic"}):
        trace = specdec.run("The old lamp", pair, drafter="model", max_new_tokens=40, **shape)
        assert trace.ids == plain.ids
        assert trace.rounds[0].draft and not trace.rounds[-1].draft
    long = specdec.run("The old lamp " * 20, pair, drafter="model", max_new_tokens=4)
    assert not any(one.draft for one in long.rounds)


def test_a_draft_with_a_special_token_more_is_of_the_same_vocabulary(tiny_pair):
    tokenizer = copy.deepcopy(tiny_pair.draft.tokenizer)
    tokenizer.add_tokens([AddedToken("<|tool|>", special=True)])
    pair = replace(tiny_pair, draft=replace(tiny_pair.draft, tokenizer=tokenizer))
    assert isinstance(drafters.make("model", pair, Settings(branching=(2, 1))), ModelDrafter)
    tokenizer = copy.deepcopy(tokenizer)
    tokenizer.add_tokens(["lampion"])
    assert not same_vocabulary(pair.target, replace(pair.draft, tokenizer=tokenizer))


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_guess_costs_one_pass_of_the_draft_model(tiny_pair, length):
    passes = []
    drafter = begin(tiny_pair, [5, 6, 7])
    hook = tiny_pair.draft.module.register_forward_hook(lambda *_: passes.append(1))
    draft = drafter.propose(Context([5, 6, 7]), chain(length), Coins(0))
    hook.remove()
    assert draft.passes == len(passes) == len(draft.ids) == length
    assert draft.parents == tuple(range(-1, length - 1))


def test_without_temperature_every_guess_is_the_draft_models_own_best(tiny_pair):
    tokens = [5, 6, 7]
    for rule in ("greedy", "rejection"):
        draft = begin(tiny_pair, tokens, rule=rule).propose(Context(tokens), chain(5), Coins(0))
        assert draft.coins == (None,) * 5
        text = list(tokens)
        for token in draft.ids.tolist():
            assert token == from_scratch(tiny_pair.draft, text).argmax().item()
            text.append(token)


def test_recorded_coins_draw_the_same_guesses_again_from_the_recorded_law(tiny_pair):
    tokens = [5, 6, 7]
    choice = {"temperature": 0.9, "top_k": 20, "top_p": 0.95}
    draft = begin(tiny_pair, tokens, **choice).propose(Context(tokens), chain(6), Coins(4))
    assert draft.coins == tuple(Coins(4).draft(6))
    again = draw(draft.q, torch.tensor(draft.coins, dtype=torch.float64))
    assert torch.equal(again, draft.ids)
    assert (draft.q > 0).sum(-1).max() <= 20 and torch.allclose(draft.q.sum(-1), torch.ones(6))


@pytest.mark.parametrize("kept", range(5))
def test_whatever_is_kept_the_next_draft_is_as_from_a_fresh_start(tiny_pair, kept):
    """Keeping all is the case that is easily lost: the last guess was never fed."""
    tokens = [5, 6, 7]
    drafter = begin(tiny_pair, tokens)
    ids = drafter.propose(Context(tokens), chain(4), Coins(0)).ids.tolist()[:kept]
    drafter.observe(Outcome(tuple(range(kept)), tuple(ids)))
    text = [*tokens, *ids, 11]
    assert drafter.session.tokens == [*tokens, *ids[:3]]
    follow = drafter.propose(Context(text), chain(4), Coins(0))
    fresh = begin(tiny_pair, text).propose(Context(text), chain(4), Coins(0))
    assert torch.equal(follow.ids, fresh.ids)
    assert torch.allclose(follow.q, fresh.q, atol=1e-5)
    assert drafter.session.tokens == text


def test_rounds_that_were_drafted_by_nobody_are_caught_up_with(tiny_pair):
    drafter = begin(tiny_pair, [5, 6, 7])
    text = [5, 6, 7, 8, 9, 10, 11, 12]
    late = drafter.propose(Context(text), chain(3), Coins(0))
    fresh = begin(tiny_pair, text).propose(Context(text), chain(3), Coins(0))
    assert torch.equal(late.ids, fresh.ids) and torch.allclose(late.q, fresh.q, atol=1e-5)


# ------------------------------------------------------------------------------------------------- vocabularies


@pytest.mark.parametrize(("target_size", "draft_size"), [(320, 300), (300, 320), (320, 310)])
def test_output_layers_of_different_padding_speak_to_each_other(tiny_model, target_size, draft_size):
    target, draft = tiny_model("llama", vocab_size=target_size), tiny_model("llama", vocab_size=draft_size, seed=1)
    pair = Pair(None, target, draft, 3)
    plain = specdec.run("The old lamp", pair, drafter="none", max_new_tokens=40)
    assert specdec.run("The old lamp", pair, drafter="model", max_new_tokens=40).ids == plain.ids
    sampled = specdec.run("The old lamp", pair, drafter="model", max_new_tokens=80, temperature=10, seed=3)
    assert sampled.footer.reason in ("length", "eos")
    drafted = [token.id for one in sampled.rounds for token in one.draft]
    assert max(drafted) < min(target_size, draft_size)
    if target_size > draft_size:
        assert max(sampled.ids) >= draft_size  # a token the draft has no entry for was written, and the run went on


def test_padding_gives_no_mass_and_cutting_leaves_a_distribution(tiny_pair, tiny_model):
    assert fit(torch.zeros(2, 3), 5).softmax(-1).tolist() == [pytest.approx([1 / 3] * 3 + [0, 0])] * 2
    assert fit(torch.zeros(1, 5), 3).shape == (1, 3)
    same = torch.randn(2, 4)
    assert torch.equal(fit(same, 4), same)


def other_tokenizer():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet(), reverse=True)
    tokenizer = Tokenizer(models.BPE({char: i for i, char in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def refused(pair, drafter, **choices):
    with pytest.raises(UserError) as caught:
        drafters.make(drafter, pair, Settings(**choices))
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith("."), said
    return said


def test_a_draft_with_another_tokenizer_guesses_through_text_and_grows_no_tree(tiny_pair):
    stranger = LanguageModel("stranger", tiny_pair.draft.module, other_tokenizer())
    pair = Pair(None, tiny_pair.target, stranger, 4)
    assert isinstance(drafters.make("model", pair, Settings()), TranslatedDrafter)
    assert "translated" in refused(pair, "model", branching=(2, 1))
    drafters.make("lookup", pair, Settings(branching=(2, 1)))  # which needs no draft model


def test_a_drafter_that_is_not_there_is_refused_in_one_sentence(tiny_pair):
    assert "telepathy" in refused(tiny_pair, "telepathy")
    assert "draft model" in refused(Pair(None, tiny_pair.target, None, 4), "model")


def test_a_model_may_draft_for_itself(tiny_model):
    model = tiny_model("llama")
    trace = specdec.run("The old lamp", Pair(None, model, model, 4), max_new_tokens=20)
    assert trace.totals.rejected == 0 and trace.totals.tokens_per_pass == 5


def test_a_certain_chain_has_no_law_and_no_coins():
    draft = certain_chain([4, 2], torch.device("cpu"))
    assert (draft.ids.tolist(), draft.parents, draft.q, draft.coins) == ([4, 2], (-1, 0), None, (None, None))
    assert certain_chain([], torch.device("cpu")).ids.dtype == torch.long


def test_every_drafter_says_what_it_needs_and_which_model_it_is(tiny_pair):
    heads = {"medusa": MedusaHeads.random(tiny_pair.target), "eagle": EagleHead.random(tiny_pair.target)}
    pair = replace(tiny_pair, heads=heads)
    for name in DRAFTERS:
        if name == "retrieval":
            assert "datastore" in refused(pair, name)
            continue
        drafter = drafters.make(name, pair, Settings())
        assert drafter.needs <= {"hidden", "layers", "logits"}
        assert (drafter.model is tiny_pair.draft) is isinstance(drafter, ModelDrafter | MixedDrafter)


@pytest.mark.parametrize(
    "name", [name for name, method in DRAFTERS.items() if not method.probabilities and name != PLAIN]
)
def test_a_drafter_that_is_never_sure_grows_no_dynamic_tree(tiny_pair, name):
    assert "3,2,1" in refused(tiny_pair, name, branching="dynamic")


# ------------------------------------------------------------------------------------------------- trees


def test_siblings_are_different_and_their_laws_leave_out_the_earlier_ones(tiny_pair):
    tokens = [5, 6, 7]
    draft = begin(tiny_pair, tokens, temperature=1.2).propose(Context(tokens), (3, 2), Coins(2))
    assert draft.parents == (-1, -1, -1, 0, 0, 1, 1, 2, 2) and draft.passes == 2
    assert draft.coins == tuple(Coins(2).draft(9))
    ids = draft.ids.tolist()
    for parent in (-1, 0, 1, 2):
        family = [i for i, above in enumerate(draft.parents) if above == parent]
        assert len({ids[i] for i in family}) == len(family)
        for place, node in enumerate(family):
            assert draft.q[node].sum().item() == pytest.approx(1)
            assert draft.q[node, [ids[i] for i in family[:place]]].sum().item() == 0
            assert draw(draft.q[node], torch.tensor(draft.coins[node], dtype=torch.float64)).item() == ids[node]


def test_every_guess_of_a_tree_follows_its_own_path(tiny_pair):
    tokens = [5, 6, 7]
    draft = begin(tiny_pair, tokens).propose(Context(tokens), (2, 2, 1), Coins(0))
    ids = draft.ids.tolist()
    for node, parent in enumerate(draft.parents):
        path = []
        while parent >= 0:
            path.insert(0, ids[parent])
            parent = draft.parents[parent]
        best = from_scratch(tiny_pair.draft, tokens + path).topk(2).indices.tolist()
        assert ids[node] in best


def test_a_law_that_is_used_up_goes_on_with_the_unfiltered_one():
    logits = torch.tensor([[5.0, 4.0, 0.0, -torch.inf]])
    coins = torch.tensor([0.3, 0.3, 0.3], dtype=torch.float64)
    ids, q = children(logits, Settings(temperature=1.0, top_k=1), 3, coins)
    assert ids.tolist() == [0, 1, 2]
    assert q[0].tolist() == [1, 0, 0, 0] and q[1, 0] == 0 and q[1, 1] > 0.9 and q[2].tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize("path", [(), (0,), (1, 6), (0, 3, 9), (2, 8, 14)])
def test_whatever_path_is_kept_the_next_tree_is_as_from_a_fresh_start(tiny_pair, path):
    tokens = [5, 6, 7]
    drafter = begin(tiny_pair, tokens)
    ids = drafter.propose(Context(tokens), (3, 2, 1), Coins(0)).ids.tolist()
    kept = [ids[node] for node in path]
    drafter.observe(Outcome(path, tuple(kept)))
    text = [*tokens, *kept, 11]
    follow = drafter.propose(Context(text), (2, 2), Coins(0))
    fresh = begin(tiny_pair, text).propose(Context(text), (2, 2), Coins(0))
    assert torch.equal(follow.ids, fresh.ids) and torch.allclose(follow.q, fresh.q, atol=1e-5)


def test_continuations_that_begin_alike_share_their_beginning():
    draft = certain_tree([[1, 2, 3], [1, 2, 4], [1, 5, 6], [7], [8]], (2, 2, 1), torch.device("cpu"))
    assert draft.ids.tolist() == [1, 2, 3, 5, 6, 7] and draft.parents == (-1, 0, 1, 0, 3, -1)
    assert draft.q is None and draft.coins == (None,) * 6
