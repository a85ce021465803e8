"""What a session computes from its cache is what the model computes from scratch, wherever the cache has been."""

import copy
import random

import pytest
import torch
from transformers import AutoModelForCausalLM, Gemma3nTextConfig, Gemma3TextConfig, LlamaConfig, MistralConfig

from specdec.engine.request import Request, prepare
from specdec.engine.run import Run
from specdec.errors import UserError
from specdec.models import checkpoint, loading
from specdec.models.kv_cache import BUCKET, bucketed
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.session import PREFILL_CHUNK
from specdec.settings import Settings

ARCHITECTURES = ("llama", "qwen3", "opt", "gpt2", "neox")
CLOSE = 1e-4  # what float32 rounds, differently on every processor; a wrong mask is hundreds of times as much
CHAIN = (-1, 0, 1, 2)
TREE = (-1, -1, 0, 0, 1, 4, 2, -1)


@pytest.fixture(params=ARCHITECTURES)
def model(request, tiny_model):
    return tiny_model(request.param)


@pytest.fixture(autouse=True)
def no_gradients():
    with torch.inference_mode():
        yield


def tokens(count, seed=0, low=1):
    rng = random.Random(seed)
    return [rng.randrange(low, 290) for _ in range(count)]


def from_scratch(model, ids):
    """Logits [V] behind `ids`, by transformers alone, without a cache."""
    return model.module(torch.tensor([ids]), use_cache=False).logits[0, -1]


def path_to(node, ids, parents):
    path = []
    while node >= 0:
        path.append(ids[node])
        node = parents[node]
    return path[::-1]


def check(model, logits, context, ids=(), parents=()):
    """Row 0 follows the context, row i + 1 the path from the root to node i."""
    assert logits.shape == (len(ids) + 1, model.vocab_size)
    for row, node in zip(logits, range(-1, len(ids)), strict=True):
        assert (row - from_scratch(model, [*context, *path_to(node, ids, parents)])).abs().max() < CLOSE


def judged(model, session, context, ids, parents):
    check(model, session.forward(context, model.tensor(ids), parents), context, ids, parents)


@pytest.mark.parametrize("parents", [(), CHAIN, TREE], ids=["none", "chain", "tree"])
def test_a_draft_behind_a_prompt_is_seen_as_each_path_alone(model, parents):
    context, ids = tokens(20), tokens(len(parents), 1)
    session = model.session()
    session.prefill(context[:-1])
    judged(model, session, context, ids, parents)


def test_a_prompt_of_one_token_needs_no_prefill(model):
    session = model.session()
    session.prefill([])
    judged(model, session, tokens(1), tokens(4, 1), CHAIN)


def test_a_path_of_a_tree_is_kept_and_the_next_tree_stands_behind_it(model):
    context, session = tokens(12), model.session()
    session.prefill(context[:-1])
    for i, path in enumerate(([1, 4, 5], [0, 2, 6], [7], [], [0, 3], [1])):
        ids = tokens(len(TREE), 10 + i)
        judged(model, session, context, ids, TREE)
        kept = [ids[node] for node in path]
        session.keep(path, kept)
        assert session.tokens == [*context, *kept]
        context = [*context, *kept, 17 + i]


def test_a_draft_that_grows_node_by_node_is_seen_as_each_path_alone(model):
    context, ids = tokens(9), tokens(len(TREE), 2)
    session = model.session()
    rows = [session.forward(context)[0]]
    for node, parent in enumerate(TREE):
        rows.append(session.grow(model.tensor([ids[node]]), [parent])[0])
    check(model, torch.stack(rows), context, ids, TREE)


def test_a_draft_may_grow_by_several_nodes_at_once_and_be_kept(model):
    context, ids = tokens(9), tokens(len(TREE), 2)
    session = model.session()
    first = session.forward(context, model.tensor(ids[:3]), TREE[:3])
    rest = session.grow(model.tensor(ids[3:]), TREE[3:])
    check(model, torch.cat([first, rest]), context, ids, TREE)
    session.keep([1, 4, 5], [ids[1], ids[4], ids[5]])
    judged(model, session, [*context, ids[1], ids[4], ids[5], 3], tokens(4, 4), CHAIN)


def test_a_context_that_changed_its_mind_is_rewound_to_what_is_common(model):
    context, session = tokens(30), model.session()
    session.prefill(context)
    for cut in (30, 22, 10, 11, 1, 0):
        context = context[:cut] + tokens(5, 100 + cut)
        judged(model, session, context, tokens(4, cut), CHAIN)
        session.keep([0], tokens(4, cut)[:1])  # and what is kept may be taken back too


def test_a_shorter_context_forgets_what_was_behind_it(model):
    context, session = tokens(30), model.session()
    session.prefill(context)
    for length in (30, 8, 1):
        judged(model, session, context[:length], tokens(3, length), CHAIN[:3])


def test_cached_slots_survive_the_growth_of_the_buffers(model):
    context, session = tokens(BUCKET - 3), model.session()
    session.prefill(context[:-1])
    assert session.cache.size == BUCKET
    judged(model, session, context, tokens(len(TREE), 5), TREE)
    assert session.cache.size == 2 * BUCKET
    kept = [tokens(len(TREE), 5)[node] for node in (1, 4, 5)]
    session.keep([1, 4, 5], kept)
    judged(model, session, [*context, *kept, 9], tokens(4, 6), CHAIN)


def test_a_prompt_longer_than_a_chunk_is_cached_as_one(model):
    context, session = tokens(PREFILL_CHUNK + 70), model.session()
    session.prefill(context[:-1])
    assert session.tokens == context[:-1]
    judged(model, session, context, tokens(4, 7), CHAIN)


def test_two_sessions_of_one_model_do_not_see_each_other(model):
    one, other = model.session(), model.session()
    first, second = tokens(10), tokens(14, 1)
    one.prefill(first[:-1])
    other.prefill(second[:-1])
    judged(model, one, first, tokens(4, 2), CHAIN)
    judged(model, other, second, tokens(4, 3), CHAIN)
    one.keep([0], tokens(4, 2)[:1])
    judged(model, one, [*first, *tokens(4, 2)[:1], 4], tokens(4, 4), CHAIN)


def next_logits_agree(session, committed):
    """What a session holds is a prefix of the text, and the logits behind the text are those of a cache-free pass.

    Asks a copy, so the run that is looked at goes on undisturbed."""
    assert session.tokens == committed[: len(session.tokens)]
    twin = copy.copy(session)
    twin.cache, twin.tokens, twin.parents = copy.deepcopy(session.cache), list(session.tokens), []
    check(session.model, twin.forward(committed), committed)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_after_every_round_both_caches_hold_exactly_what_is_committed(model, noisy, temperature):
    pair = Pair(None, model, noisy(model), 4)
    settings = Settings(temperature=temperature, max_new_tokens=24, seed=1)
    run = Run(prepare(pair, Request("The old lamp", "model", settings)))
    seen, reason = set(), None
    while reason is None:
        one, reason = run.round()
        missing = 0 if one.final is None else 1
        assert len(run.session.tokens) == len(run.tokens) - missing
        next_logits_agree(run.session, run.tokens)
        kept, drafted = len(one.path), len(one.draft)
        if drafted:
            fed = min(kept, drafted - 1)  # the last guess is never fed
            assert len(run.drafter.session.tokens) == len(run.tokens) - missing - (kept - fed)
        next_logits_agree(run.drafter.session, run.tokens)
        seen.add("all" if kept == drafted else "some" if kept else "none")
    assert {"all", "some"} <= seen


def test_buffers_never_hold_a_bucket_more_than_is_asked_for():
    assert [bucketed(n) for n in (0, 1, BUCKET, BUCKET + 1, 2 * BUCKET, 2 * BUCKET + 1)] == [
        BUCKET,
        BUCKET,
        BUCKET,
        2 * BUCKET,
        2 * BUCKET,
        3 * BUCKET,
    ]


# ------------------------------------------------------------------------------------------------- facts and loading


def test_a_model_knows_its_own_facts(tiny_model):
    model = tiny_model("llama", layers=2)
    assert (model.layers, model.vocab_size, model.dtype, model.device.type) == (2, 300, "float32", "cpu")
    assert model.parameters == sum(weight.numel() for weight in model.module.parameters())
    assert model.limit == 1024
    assert model.end_ids == {model.tokenizer.eos_token_id}


@pytest.mark.parametrize(("given", "expected"), [(7, {0, 7}), ([7, 9], {0, 7, 9})])
def test_the_tokens_that_end_a_text_are_the_models_and_the_tokenizers(tiny_model, given, expected):
    model = tiny_model("llama")
    module = copy.deepcopy(model.module)
    module.generation_config.eos_token_id = given
    assert LanguageModel("x", module, model.tokenizer).end_ids == expected


def test_settings_that_a_model_brings_and_that_are_not_followed_are_named(tiny_model):
    model = tiny_model("llama")
    assert model.unfollowed == ()
    module = copy.deepcopy(model.module)
    module.generation_config.update(repetition_penalty=1.5, min_new_tokens=9, no_repeat_ngram_size=0, num_beams=1)
    assert LanguageModel("x", module, model.tokenizer).unfollowed == ("repetition_penalty", "min_new_tokens")


def test_a_token_that_the_model_has_no_entry_for_is_refused_before_the_run(tiny_model):
    model = tiny_model("llama", vocab_size=280)
    text = model.tokenizer.decode([299])
    with pytest.raises(UserError, match="no entry for"):
        prepare(Pair(None, model, None, 4), Request(text, "none"))


def test_models_saved_to_a_folder_are_loaded_again(tiny_pair, tiny_pair_folder):
    choice = {"target": str(tiny_pair_folder / "target"), "draft": str(tiny_pair_folder / "draft"), "device": "cpu"}
    pair = loading.load(**choice)
    assert (pair.name, pair.target.name, pair.draft.name) == (None, "target", "draft")
    ids = tokens(8)
    assert torch.equal(from_scratch(pair.target, ids), from_scratch(tiny_pair.target, ids))
    assert not pair.target.module.training
    assert loading.load(**choice).target is pair.target  # loaded once
    half = loading.load(**choice, dtype="bfloat16")
    assert half.target.dtype == "bfloat16"


def refused(**choice):
    with pytest.raises(UserError) as caught:
        loading.load(**choice)
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith("."), said
    return said


def test_what_cannot_be_loaded_is_refused_in_one_sentence(tiny_pair_folder, tmp_path):
    target = str(tiny_pair_folder / "target")
    assert "no-such-pair" in refused(pair="no-such-pair")
    assert "no/such" in refused(target="no/such", device="cpu")
    assert "toaster" in refused(target=target, device="toaster")
    assert "float8" in refused(target=target, device="cpu", dtype="float8")
    (tmp_path / "config.json").write_text("{}")
    refused(target=str(tmp_path), device="cpu")
    (tmp_path / "config.json").write_text("not json")
    refused(target=str(tmp_path), device="cpu")


def test_models_that_cannot_be_rewound_or_have_an_unknown_encoder_are_refused(tmp_path):
    for kind, word in (("led", "encoder-decoder"), ("mamba", "running state")):
        folder = tmp_path / kind
        folder.mkdir()
        (folder / "config.json").write_text(f'{{"model_type": "{kind}"}}')
        assert word in refused(target=str(folder), device="cpu")


def test_weights_that_are_pickled_are_not_read(tiny_pair, tmp_path):
    tiny_pair.target.tokenizer.save_pretrained(tmp_path)
    LlamaConfig(**tiny_pair.target.config.to_dict()).save_pretrained(tmp_path)
    torch.save(tiny_pair.target.module.state_dict(), tmp_path / "pytorch_model.bin")
    refused(target=str(tmp_path), device="cpu")


# ------------------------------------------------------------------------------------------ windows, shared layers

SIZES = {
    "vocab_size": 300,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "initializer_range": 0.3,
    "bos_token_id": None,
    "eos_token_id": None,
    "pad_token_id": 0,
}
MIXED = ["sliding_attention", "full_attention"] * 2
WINDOWS = {
    "every layer": MistralConfig(**SIZES, sliding_window=8),
    "some layers": Gemma3TextConfig(**SIZES, head_dim=8, query_pre_attn_scalar=8, sliding_window=8, layer_types=MIXED),
}


def made(config, tokenizer, seed=0):
    torch.manual_seed(seed)
    with torch.inference_mode(False):
        module = AutoModelForCausalLM.from_config(config, attn_implementation=checkpoint.attention(config)).eval()
        for weight in module.parameters():
            if weight.ndim > 1:
                torch.nn.init.normal_(weight, std=0.2)
    return LanguageModel("made", module, tokenizer)


@pytest.mark.parametrize("kind", WINDOWS)
@pytest.mark.parametrize("parents", [CHAIN, TREE], ids=["chain", "tree"])
def test_beyond_its_window_a_model_sees_what_transformers_lets_it_see(tiny_tokenizer, kind, parents):
    model = made(WINDOWS[kind], tiny_tokenizer)
    assert (model.window, model.limit) == (8, 256)
    context, ids = tokens(40), tokens(len(parents), 1)
    session = model.session()
    session.prefill(context[:-1])
    judged(model, session, context, ids, parents)


def test_layers_that_read_the_keys_of_others_have_no_slots_to_move(tiny_tokenizer):
    sizes = {
        **SIZES,
        "intermediate_size": [64] * 4,
        "vocab_size_per_layer_input": 300,
        "hidden_size_per_layer_input": 8,
    }
    own = {
        "num_kv_shared_layers": 2,
        "altup_num_inputs": 2,
        "laurel_rank": 8,
        "activation_sparsity_pattern": [0.0] * 4,
    }
    model = made(Gemma3nTextConfig(**sizes, **own, head_dim=8, layer_types=MIXED), tiny_tokenizer)
    assert (model.layers, model.cached_layers) == (4, 2)
    context, ids = tokens(12), tokens(len(TREE), 2)
    session = model.session()
    judged(model, session, context, ids, TREE)
    session.keep([1, 4, 5], [ids[1], ids[4], ids[5]])
    judged(model, session, [*context, ids[1], ids[4], ids[5], 3], tokens(4, 4), CHAIN)


def test_longrope_is_run_within_its_original_context_and_refused_beyond(tiny_tokenizer):
    factors = {"short_factor": [1.0] * 4, "long_factor": [8.0] * 4, "original_max_position_embeddings": 48}
    rope = {"rope_type": "longrope", "rope_theta": 1e4, **factors}
    model = made(LlamaConfig(**SIZES, rope_parameters=rope), tiny_tokenizer)
    assert model.limit == 48
    pair = Pair(None, model, None, 4)
    with pytest.raises(UserError, match="beyond 48 tokens made encodes positions in another way"):
        prepare(pair, Request("a b c", "none", Settings(max_new_tokens=64)))
