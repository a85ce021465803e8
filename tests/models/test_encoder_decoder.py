"""Encoder–decoders: passes over their caches are those of transformers without one, and they run in the same loop."""

import random
from dataclasses import replace

import pytest
import torch
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    MT5Config,
    MT5ForConditionalGeneration,
    PegasusConfig,
    PegasusForConditionalGeneration,
    T5Config,
    T5ForConditionalGeneration,
    UMT5Config,
    UMT5ForConditionalGeneration,
)

from specdec import drafters
from specdec.drafters import datastore
from specdec.drafters.draft import Context
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.methods import DRAFTERS
from specdec.models import encoder_decoder, loading
from specdec.models.encoder_decoder import LIMIT, EncoderDecoderModel
from specdec.models.kv_cache import BUCKET
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings
from specdec.trace import Footer, Header, Round

PROMPT = "The old lamp on the harbour wall burns all night, and the boats come home by it: the old lamp on the wall."
SIZES = {"vocab_size": 300, "d_model": 32, "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
T5_SIZES = SIZES | {
    "d_kv": 8,
    "d_ff": 64,
    "num_layers": 2,
    "num_heads": 4,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 24,
    "initializer_factor": 1.5,
}
BART_SIZES = SIZES | {
    "encoder_layers": 2,
    "decoder_layers": 3,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 512,
    "init_std": 0.3,
    "bos_token_id": 2,
    "forced_eos_token_id": None,
}
GATED = {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}
KINDS = {
    "t5 tied": (T5ForConditionalGeneration, T5Config(**T5_SIZES)),
    "t5 gated": (T5ForConditionalGeneration, T5Config(**T5_SIZES, **GATED)),
    "mt5": (MT5ForConditionalGeneration, MT5Config(**T5_SIZES)),
    "umt5": (UMT5ForConditionalGeneration, UMT5Config(**T5_SIZES)),
    "deep decoder": (T5ForConditionalGeneration, T5Config(**T5_SIZES, num_decoder_layers=3)),
    "bart": (BartForConditionalGeneration, BartConfig(**BART_SIZES)),
    "pegasus": (PegasusForConditionalGeneration, PegasusConfig(**BART_SIZES)),
}


@pytest.fixture(scope="module")
def build(ending_tokenizer):
    """`build(kind)`: a model of that kind, with a bias that changes much with every place."""
    made = {}

    def make(kind):
        if kind not in made:
            torch.manual_seed(1)
            module = KINDS[kind][0](KINDS[kind][1]).eval()
            module.set_attn_implementation("sdpa")
            with torch.no_grad():
                for name, weight in module.named_parameters():
                    if "relative_attention_bias" in name:
                        weight *= 20
            if kind == "bart":
                module.generation_config.forced_bos_token_id = 7
            made[kind] = EncoderDecoderModel(kind.split()[0], module, ending_tokenizer)
        return made[kind]

    return make


@pytest.fixture(params=KINDS)
def model(request, build):
    return build(request.param)


@pytest.fixture(scope="module")
def t5_pair(tiny_model, noisy):
    target = tiny_model("t5", seed=2)
    return Pair(None, target, noisy(target, 0.02), 4)


@pytest.fixture(autouse=True)
def no_gradients():
    with torch.inference_mode():
        yield


def tokens(count, seed=0):
    rng = random.Random(seed)
    return [rng.randrange(3, 290) for _ in range(count)]


SOURCE = [*tokens(17, 100), 1]


def check(model, session, context, ids=(), source=SOURCE):
    """Row 0 follows the context, row i + 1 the guesses up to the i-th: as transformers says without any cache.

    Compared as log-probabilities, whose size does not depend on how wide random weights spread the logits."""
    found = session.forward(context, model.tensor(ids), range(-1, len(ids) - 1)).log_softmax(-1)
    whole = {"input_ids": [source], "decoder_input_ids": [[*context, *ids]]}
    expected = model.module(**{k: torch.tensor(v) for k, v in whole.items()}, use_cache=False).logits[0]
    expected = expected[-len(ids) - 1 :].log_softmax(-1)
    assert found.shape == expected.shape
    assert ((found - expected).abs() / expected.abs().clamp(min=1)).max() < 2e-4  # T5 does not scale: logits ± 50


def started(model, source=SOURCE):
    session = model.session()
    session.begin(source)
    return session


# ----------------------------------------------------------------------------------------------- a session's numbers


@pytest.mark.parametrize("length", [0, 1, 5, 30])
def test_a_block_behind_the_start_is_what_a_cache_free_pass_says(model, length):
    check(model, started(model), list(model.start), tokens(length))


def test_blocks_at_any_offset_stay_right_through_keeping_and_rewinding(model):
    rng, session, context = random.Random(3), started(model), list(model.start)
    lengths = set()
    for i in range(24):
        ids = tokens(rng.randrange(0, 7), 10 + i)
        check(model, session, context, ids)
        kept = rng.randrange(len(ids) + 1)
        session.keep(range(kept), ids[:kept])
        assert session.tokens == [*context, *ids[:kept]]
        context = [*context, *ids[:kept], 5 + i]
        if i % 5 == 4:  # the text changes its mind
            context = [*context[: rng.randrange(1, len(context))], 200 + i]
        lengths.add(len(context))
    assert max(lengths) > 24  # beyond the last of the distances that T5's bias tells apart


def test_a_draft_that_grows_token_by_token_is_seen_as_one_block(model):
    context, ids = [*model.start, *tokens(6)], tokens(5, 1)
    session, whole = started(model), started(model)
    rows = [session.forward(context)[0]]
    rows += [session.grow(model.tensor([token]), [node - 1])[0] for node, token in enumerate(ids)]
    expected = whole.forward(context, model.tensor(ids), range(-1, len(ids) - 1))
    assert (torch.stack(rows).log_softmax(-1) - expected.log_softmax(-1)).abs().max() < 1e-2
    session.keep(range(3), ids[:3])
    check(model, session, [*context, *ids[:3], 9], tokens(4, 2))


def test_buffers_may_grow_under_a_decoder(build):
    model = build("t5 gated")
    session, context = started(model), [*model.start, *tokens(BUCKET - 4)]
    check(model, session, context, tokens(2, 1))
    assert session.cache.size == BUCKET
    check(model, session, [*context, 8], tokens(9, 2))
    assert session.cache.size == 2 * BUCKET


def test_two_sessions_hold_two_sources(model):
    other = [*tokens(9, 50), 1]
    one, two = started(model), started(model, other)
    for i in range(3):
        context = [*model.start, *tokens(4 + i, i)]
        check(model, one, context, tokens(3, i))
        check(model, two, context, tokens(3, i), source=other)


def test_a_session_that_begins_anew_forgets_the_first_source(build):
    model = build("t5 tied")
    session = started(model)
    check(model, session, [*model.start, *tokens(5)], tokens(3))
    other = [*tokens(30, 60), 1]
    session.begin(other)
    check(model, session, [*model.start, *tokens(5)], tokens(3), source=other)


def test_a_block_in_the_wrong_place_would_be_noticed(build):
    """The test of the tests: a cache that always says 0, as those of decoders that are told positions do."""
    model = build("t5 gated")
    session = started(model)
    for layer in session.cache.self_attention_cache.layers:
        layer.get_seq_length = lambda: 0
    with pytest.raises(AssertionError):
        check(model, session, [*model.start, *tokens(6)], tokens(3))
        check(model, session, [*model.start, *tokens(6), *tokens(1)], tokens(3, 1))


# ---------------------------------------------------------------------------------------------------------- a run


def run(pair, drafter, prompt=PROMPT, **choices):
    settings = Settings(**({"max_new_tokens": 40} | choices))
    header, *rounds, footer = loop.rounds(prepare(pair, Request(prompt, drafter, settings)))
    assert isinstance(header, Header) and isinstance(footer, Footer) and footer.reason != "error", footer
    return header, rounds, footer


def written(rounds: list[Round]) -> list[int]:
    return [t.id for r in rounds for t in (*(g for g in r.draft if g.verdict == "accepted"), r.final) if t is not None]


def generated(model, prompt, length):
    source = torch.tensor([model.tokenizer.encode(prompt)])
    out = model.module.generate(source, max_new_tokens=length, do_sample=False, num_beams=1)
    return out[0].tolist()


@pytest.mark.parametrize("drafter", ["none", "model", "lookup"])
def test_greedy_text_is_that_of_transformers_own_generate(t5_pair, drafter):
    _, rounds, footer = run(t5_pair, drafter)
    assert written(rounds) == generated(t5_pair.target, PROMPT, 40)[1:]
    assert drafter != "model" or footer.totals.accepted > 0


def test_a_datastore_is_looked_up_behind_what_the_decoder_wrote(t5_pair, tmp_path):
    plain = generated(t5_pair.target, PROMPT, 40)[1:]
    (tmp_path / "known.txt").write_text("The boats come home. The old lamp burns all night.", encoding="utf-8")
    datastore.build([tmp_path / "known.txt"], tmp_path / "store", t5_pair.target.tokenizer)
    assert written(run(t5_pair, "retrieval", datastore=str(tmp_path / "store"))[1]) == plain


def test_a_draft_length_may_be_chosen_for_every_round(t5_pair):
    _, rounds, _ = run(t5_pair, "model", draft_length="auto")
    assert written(rounds) == generated(t5_pair.target, PROMPT, 40)[1:]
    assert all(one.plan is not None for one in rounds)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_writes_what_generate_writes(build, noisy, kind):
    model = build(kind)
    pair = Pair(None, model, noisy(model, 0.01), 4)
    if kind == "deep decoder":  # here `generate` itself needs as many encoder layers
        expected = written(run(pair, "none")[1])
    else:
        expected = generated(model, PROMPT, 40 + len(model.start) - 1)[len(model.start) :]
    assert written(run(pair, "model")[1]) == expected


@pytest.mark.parametrize("rule", ["rejection", "block"])
@pytest.mark.parametrize("drafter", ["model", "lookup"])
def test_sampled_runs_follow_the_rules_and_repeat(t5_pair, rule, drafter):
    choices = {"rule": rule, "temperature": 0.9, "seed": 5}
    first, second = (run(t5_pair, drafter, **choices)[1] for _ in range(2))
    assert written(first) == written(second)


def test_a_draft_equal_to_the_target_is_never_refused(tiny_model):
    """p and q meet token by token only if both caches, encoders included, stand where the text stands."""
    target = tiny_model("t5", seed=2)
    _, _, footer = run(Pair(None, target, target, 4), "model", temperature=1.0, seed=3)
    assert footer.totals.rejected == 0 and footer.totals.accepted > 20


def test_the_encoder_runs_once_per_model_and_run_and_before_the_clock(t5_pair):
    calls = {"target": 0, "draft": 0}
    hooks = []
    for name in calls:
        encoder = getattr(t5_pair, name).module.get_encoder()

        def count(*_, name=name):
            calls[name] += 1

        hooks.append(encoder.register_forward_hook(count))
    lines = loop.rounds(prepare(t5_pair, Request(PROMPT, "model", Settings(max_new_tokens=20))))
    next(lines)
    assert calls == {"target": 1, "draft": 1}
    rounds = [line for line in lines if isinstance(line, Round)]
    assert calls == {"target": 1, "draft": 1}
    assert all(one.passes.target == 1 for one in rounds)
    for hook in hooks:
        hook.remove()


def test_keys_and_values_of_the_source_are_computed_once(t5_pair):
    calls = []
    attention = t5_pair.target.module.decoder.block[0].layer[1].EncDecAttention
    hook = attention.k.register_forward_hook(lambda *_: calls.append(1))
    run(t5_pair, "model")
    hook.remove()
    assert len(calls) == 1


def test_the_header_tells_source_tokens_and_the_output_no_special_ones(t5_pair):
    header, rounds, _ = run(t5_pair, "model")
    tokenizer = t5_pair.target.tokenizer
    assert header.target.encoder_decoder
    assert [token.id for token in header.prompt.tokens] == tokenizer.encode(PROMPT)
    assert "".join(token.text for token in header.prompt.tokens) == PROMPT
    shown = [t for r in rounds for t in (*(g for g in r.draft if g.verdict == "accepted"), r.final) if t is not None]
    text = "".join(token.text for token in shown)
    assert text and text == tokenizer.decode(written(rounds), skip_special_tokens=True)
    assert "</s>" not in text and "<pad>" not in text


def test_a_run_ends_at_the_end_token(tiny_model, noisy):
    model = tiny_model("t5", seed=2)
    expected = generated(model, PROMPT, 12)[1:]
    module = noisy(model, 0.0).module
    module.generation_config.eos_token_id = expected[-1]
    target = EncoderDecoderModel("ends", module, model.tokenizer)
    _, rounds, footer = run(Pair(None, target, target, 4), "model", max_new_tokens=100)
    assert footer.reason == "eos"
    assert written(rounds) == expected[: expected.index(expected[-1]) + 1]


def test_copies_come_from_the_source(tiny_model):
    """What the decoder writes is looked up in what the encoder read."""
    target = tiny_model("t5", seed=2)
    settings = Settings()
    drafter = drafters.make("lookup", Pair(None, target, None, 4), settings)
    drafter.start(target, SOURCE, settings)
    draft = drafter.propose(Context([*target.start, *SOURCE[4:8]], source=SOURCE), (1, 1, 1), Coins(0))
    assert draft.ids.tolist() == SOURCE[8:11]


# ------------------------------------------------------------------------------------------- facts, loading, refusals


def test_a_model_knows_its_own_facts(build):
    t5, bart, deep = build("t5 tied"), build("bart"), build("deep decoder")
    assert (t5.layers, deep.layers, bart.layers) == (2, 3, 3)
    assert (t5.limit, bart.limit) == (LIMIT, 512)
    assert (t5.start, bart.start) == ([0], [0, 7])
    assert t5.end_ids == {1} and t5.vocab_size == 300
    assert t5.begin("boats") == (t5.tokenizer.encode("boats"), [0])
    assert t5.begin("boats")[0][-1] == 1


def test_every_kind_that_is_offered_is_tested():
    assert set(encoder_decoder.KINDS) == {config.model_type for _, config in KINDS.values()}


@pytest.fixture(scope="module")
def folder(t5_pair, tmp_path_factory):
    path = tmp_path_factory.mktemp("t5")
    for name in ("target", "draft"):
        getattr(t5_pair, name).module.save_pretrained(path / name)
        t5_pair.target.tokenizer.save_pretrained(path / name)
    return path


def test_a_pair_in_a_folder_is_loaded_and_runs(folder, t5_pair):
    pair = loading.load(target=str(folder / "target"), draft=str(folder / "draft"), device="cpu")
    assert isinstance(pair.target, EncoderDecoderModel) and isinstance(pair.draft, EncoderDecoderModel)
    assert pair.target.begin("boats") == t5_pair.target.begin("boats")
    assert written(run(pair, "model")[1]) == written(run(t5_pair, "model")[1])


def test_a_dtype_that_overflows_is_never_chosen_for_an_encoder_decoder():
    for device in map(torch.device, ("cpu", "cuda", "mps")):
        assert loading.pick_dtype("auto", device, has_encoder=True) in (torch.float32, torch.bfloat16)


def sentence(caught):
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith("."), said
    return said


def test_models_of_two_sorts_are_not_loaded_together(folder, tiny_pair_folder):
    t5, llama = str(folder / "target"), str(tiny_pair_folder / "target")
    for target, draft in ((t5, llama), (llama, t5)):
        with pytest.raises(UserError) as caught:
            loading.load(target=target, draft=draft, device="cpu")
        assert "encoder-decoder" in sentence(caught) and "choose" in sentence(caught)


REFUSED = {
    "suffix": ("suffix", {}),
    "lookahead": ("lookahead", {}),
    "early exit": ("early_exit", {}),
    "medusa": ("medusa", {}),
    "eagle": ("eagle", {}),
    "tree": ("model", {"branching": (2, 1)}),
    "dynamic tree": ("model", {"branching": "dynamic"}),
    "tree of copies": ("lookup", {"branching": (2, 1)}),
    "match": ("model", {"rule": "match", "temperature": 1.0}),
    "typical": ("model", {"rule": "typical", "temperature": 1.0}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_an_encoder_decoder_cannot_do_is_refused_before_the_run(t5_pair, case):
    drafter, choices = REFUSED[case]
    with pytest.raises(UserError) as caught:
        drafters.make(drafter, t5_pair, Settings(**choices))
    assert "choose" in sentence(caught) or "leave" in sentence(caught)
    if drafter in DRAFTERS:
        with pytest.raises(UserError):
            next(loop.rounds(prepare(t5_pair, Request(PROMPT, drafter, Settings(**choices)))))


def test_pairs_of_two_sorts_are_refused_before_the_run(t5_pair, tiny_pair):
    for pair in (replace(t5_pair, draft=tiny_pair.draft), replace(tiny_pair, draft=t5_pair.draft)):
        with pytest.raises(UserError) as caught:
            next(loop.rounds(prepare(pair, Request(PROMPT, "model", Settings()))))
        assert "encoder-decoder" in sentence(caught)
        assert run(pair, "lookup")  # which needs no draft model


def test_a_prompt_beyond_what_a_model_can_hold_is_refused(build):
    model = build("bart")
    with pytest.raises(UserError) as caught:
        next(loop.rounds(prepare(Pair(None, model, None, 4), Request("boats " * 600, "none", Settings()))))
    assert "512" in sentence(caught)
