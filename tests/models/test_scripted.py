"""A model that was given another's shape writes what was laid down, and a draft misses as often as it was told to."""

import pytest
import torch

from specdec.catalog.hub import HUB_MODELS
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.models import synthetic
from specdec.settings import Settings
from specdec.trace import gather

ARCHITECTURES = ("llama", "qwen3", "opt", "gpt2", "neox")


def written(pair, drafter="none", tokens=12, context=30, **choices):
    settings = Settings(max_new_tokens=tokens, **choices)
    return gather(loop.rounds(prepare(pair, Request(synthetic.text(context), drafter, settings))))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_whatever_the_kind_of_model_its_text_is_the_script(shape_of, architecture):
    pair = synthetic.load(shape_of(architecture), device="cpu")
    assert written(pair, tokens=105).ids == [*range(100), *range(5)]
    assert pair.draft is None and pair.target.end_ids == frozenset()


def test_a_model_has_the_shape_it_was_given_and_an_output_layer_of_its_own(shape_of, tiny_model):
    model, own = synthetic.load(shape_of("llama", layers=3), device="cpu").target, tiny_model("llama", layers=3)
    shapes = [(name, weight.shape) for name, weight in own.module.named_parameters()]
    assert [(name, weight.shape) for name, weight in model.module.named_parameters()] == shapes
    module = model.module
    assert module.get_output_embeddings().weight is not module.get_input_embeddings().weight
    assert model.limit == synthetic.POSITIONS > own.limit


def test_all_that_does_not_write_into_the_stream_is_random(shape_of):
    module = synthetic.load(shape_of(), device="cpu").target.module
    for name, weight in module.named_parameters():
        if weight.ndim > 1:
            assert (weight.std() > 0) is not any(part in name for part in ("o_proj", "down_proj")), name


def test_the_same_shapes_give_the_same_weights_and_two_models_others(shape_of):
    pairs = [synthetic.load(shape_of(), shape_of(), device="cpu") for _ in range(2)]
    target, draft, again = (
        model.module.get_input_embeddings().weight for model in (pairs[0].target, pairs[0].draft, pairs[1].target)
    )
    assert torch.equal(target, again) and not torch.equal(target, draft)


def answers(model):
    """What follows each token, by the weights: the output row that is nearest to its row of signs."""
    module = model.module
    return (module.get_input_embeddings().weight @ module.get_output_embeddings().weight.T).argmax(1)


@pytest.mark.parametrize(("share", "seed"), [(0.0, 0), (0.2, 0), (0.2, 1), (0.9, 0), (1.0, 0)])
def test_a_draft_misses_behind_just_the_share_of_every_period(shape_of, share, seed):
    pair = synthetic.load(shape_of("llama", layers=2), shape_of("llama", layers=1), device="cpu")
    synthetic.differ(pair, share, seed)
    missed = answers(pair.draft) != answers(pair.target)
    assert pair.target.vocab_size >= 200
    assert missed[:100].sum() == missed[100:200].sum() == round(100 * share)


def test_a_wrong_guess_never_leads_back_into_the_text(shape_of):
    pair = synthetic.load(shape_of("llama", layers=2), shape_of("llama", layers=1), device="cpu")
    for share in (0.01, 0.4, 1.0):
        synthetic.differ(pair, share)
        missed = (answers(pair.draft) != answers(pair.target)).nonzero().flatten()
        assert (answers(pair.draft)[missed[missed < 100]] >= 100).all()


def test_where_a_draft_misses_depends_on_the_seed_and_on_nothing_that_went_before(shape_of):
    pair = synthetic.load(shape_of(), shape_of(), device="cpu")
    seen = []
    for seed in (0, 1, 0):
        synthetic.differ(pair, 0.5, seed)
        seen.append(answers(pair.draft).tolist())
    assert seen[0] == seen[2] != seen[1]


def test_a_run_keeps_what_the_draft_gets_right_and_the_text_stays(shape_of):
    pair = synthetic.load(shape_of("llama", layers=3), shape_of("llama", layers=1), device="cpu")
    for share, rate in ((0.0, 1.0), (1.0, 0.0)):
        synthetic.differ(pair, share)
        trace = written(pair, "model", tokens=25, draft_length=4)
        assert trace.ids == [*range(25)] and trace.totals.acceptance_rate == rate
    synthetic.differ(pair, 0.4)
    rate = written(pair, "model", tokens=100, draft_length=4).totals.acceptance_rate
    assert 0.4 < rate < 0.8


def test_models_with_padding_of_their_own_share_a_tokenizer(shape_of):
    pair = synthetic.load(shape_of(vocab_size=320), shape_of("qwen3", vocab_size=304), device="cpu")
    assert (pair.target.vocab_size, pair.draft.vocab_size, len(pair.target.tokenizer)) == (320, 304, 304)
    assert written(pair, "model", tokens=15).totals.acceptance_rate == 1.0


def test_the_text_comes_round_so_lookup_finds_it(shape_of):
    pair = synthetic.load(shape_of(), device="cpu")
    totals = written(pair, "lookup", tokens=20, context=150, draft_length=4).totals
    assert totals.acceptance_rate == 1.0 and totals.rounds == 4


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_in_short_number_formats_the_script_is_kept_too(shape_of, dtype):
    pair = synthetic.load(shape_of("llama", layers=2), shape_of("llama", layers=1), device="cpu", dtype=dtype)
    assert pair.target.dtype == pair.draft.dtype == dtype
    assert written(pair, "model", tokens=20).ids == [*range(20)]


def test_an_encoder_decoder_is_refused(shape_of):
    with pytest.raises(UserError, match="encoder-decoder"):
        synthetic.load(shape_of("t5"), device="cpu")


def test_a_kind_of_model_that_does_not_keep_its_script_is_refused(shape_of, monkeypatch):
    monkeypatch.setattr(synthetic, "SILENT", set())
    monkeypatch.setattr(synthetic, "SPREAD", 1.0)
    with pytest.raises(UserError, match="can be silenced"):
        synthetic.load(shape_of(), device="cpu")


def test_what_holds_no_model_is_refused(tmp_path):
    with pytest.raises(UserError, match="'nobody/nothing' is neither a folder"):
        synthetic.load("nobody/nothing", device="cpu")
    with pytest.raises(UserError, match=f"'{tmp_path.name}' is not a language model"):
        synthetic.load(str(tmp_path), device="cpu")


def test_public_models_that_do_not_fit_are_refused_with_both_numbers_and_before_anything_is_made(monkeypatch):
    monkeypatch.setattr(synthetic, "free_memory", lambda device: 10**9)
    monkeypatch.setattr(synthetic, "blank", lambda *_: pytest.fail("a model was made"))
    target, draft = "HuggingFaceTB/SmolLM2-1.7B-Instruct", "HuggingFaceTB/SmolLM2-135M-Instruct"
    with pytest.raises(UserError, match="1.0 GB") as refusal:
        synthetic.load(target, draft, device="cpu", dtype="bfloat16")
    tables = sum(
        HUB_MODELS[name].config["vocab_size"] * HUB_MODELS[name].config["hidden_size"] for name in (target, draft)
    )
    needed = 2 * (HUB_MODELS[target].parameters + HUB_MODELS[draft].parameters + tables)  # output layers of their own
    assert f"{needed / 1e9:.1f} GB" in str(refusal.value)


def test_public_models_are_known_without_the_hub(monkeypatch):
    monkeypatch.setattr(synthetic.AutoConfig, "from_pretrained", lambda *_: pytest.fail("the hub was asked"))
    assert synthetic.configuration_of("Qwen/Qwen2.5-0.5B-Instruct").num_hidden_layers == 24
