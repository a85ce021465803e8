"""Heads are read from the files they are published in, fit their target, and say in one sentence when they do not."""

import copy
import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

import specdec
from specdec.catalog.pairs import PairEntry
from specdec.errors import UserError
from specdec.models import loading
from specdec.models.heads import EagleHead, MedusaHeads, kind, load_heads, save

SIZE, LLAMA_LAYER = 32, "layers.0.self_attn.{}_proj.weight"


@pytest.fixture(scope="module")
def target(tiny_pair):
    return tiny_pair.target


def written(folder, config, tensors=None, name="model.safetensors"):
    """A folder as others publish it."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    if tensors:
        save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, folder / name)
    return str(folder)


def refused(source, target):
    with pytest.raises(UserError) as caught:
        load_heads(source, target)
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith("."), said
    return said


def same(one, other):
    mine, theirs = one.state_dict(), other.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[key], theirs[key]) for key in mine)


def eagle_config(**more):
    """What the authors' config.json holds: a Llama of one layer, and nothing that says EAGLE."""
    sizes = {"hidden_size": SIZE, "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 2}
    named = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1, "vocab_size": 300}
    return {**named, **sizes, "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "torch_dtype": "float16", **more}


def eagle_tensors(**more):
    numbers = torch.Generator().manual_seed(0)
    shapes = {
        "fc.weight": (SIZE, 2 * SIZE),
        LLAMA_LAYER.format("q"): (SIZE, SIZE),
        LLAMA_LAYER.format("k"): (SIZE // 2, SIZE),
        LLAMA_LAYER.format("v"): (SIZE // 2, SIZE),
        LLAMA_LAYER.format("o"): (SIZE, SIZE),
        "layers.0.mlp.gate_proj.weight": (48, SIZE),
        "layers.0.mlp.up_proj.weight": (48, SIZE),
        "layers.0.mlp.down_proj.weight": (SIZE, 48),
        "layers.0.post_attention_layernorm.weight": (SIZE,),
        "embed_tokens.weight": (300, SIZE),
    }
    return {key: torch.randn(shape, generator=numbers) for key, shape in shapes.items()} | more


def medusa_tensors(heads=2, blocks=1, output=True, prefix="", vocab_size=300):
    tensors = {}
    for head in range(heads):
        for block in range(blocks):
            tensors[f"{prefix}{head}.{block}.linear.weight"] = torch.randn(SIZE, SIZE)
            tensors[f"{prefix}{head}.{block}.linear.bias"] = torch.randn(SIZE)
        if output:
            tensors[f"{prefix}{head}.{blocks}.weight"] = torch.randn(vocab_size, SIZE)
    return tensors


# ------------------------------------------------------------------------------------------------- what is written


@pytest.mark.parametrize("blocks", [1, 2])
@pytest.mark.parametrize("shared", [False, True])
def test_medusa_heads_come_back_as_they_were_saved(target, tmp_path, blocks, shared):
    heads = MedusaHeads.random(target, heads=4, blocks=blocks, shared=shared, seed=3)
    save(heads, tmp_path)
    again = load_heads(str(tmp_path), target)
    assert kind(str(tmp_path)) == "medusa" and isinstance(again, MedusaHeads) and same(heads, again)
    hidden, output = torch.randn(SIZE), target.module.get_output_embeddings()
    assert torch.allclose(heads(hidden, output), again(hidden, output), atol=1e-5)
    assert again(hidden, output).shape == (4, 300)


def test_an_eagle_head_comes_back_as_it_was_saved(target, tmp_path):
    head = EagleHead.random(target, seed=3)
    save(head, tmp_path)
    again = load_heads(str(tmp_path), target)
    assert kind(str(tmp_path)) == "eagle" and isinstance(again, EagleHead) and same(head, again)
    inputs = torch.randn(5, SIZE), torch.randn(5, SIZE), torch.arange(5), torch.ones(5, 5).tril().bool()
    assert torch.allclose(head(*inputs), again(*inputs), atol=1e-5)


def test_a_draft_vocabulary_comes_back_and_its_logits_are_those_of_the_whole_output_layer(target, tmp_path):
    ids = torch.tensor([7, 2, 250, 31])
    save(EagleHead.random(target, draft_ids=ids), tmp_path)
    head = load_heads(str(tmp_path), target)
    assert torch.equal(head.draft_ids, ids) and head.size == EagleHead.random(target).size
    features, whole = torch.randn(5, SIZE), target.module.get_output_embeddings()
    found, expected = head.spread(head.output_layer(whole)(features)), whole(features)
    assert found.shape == expected.shape and torch.allclose(found[:, ids], expected[:, ids], atol=1e-5)
    others = [token for token in range(expected.shape[1]) if token not in ids]
    assert (found[:, others] == -torch.inf).all()


@pytest.mark.parametrize("ids", [[], [3, 3], [-1, 2], [2, 10**6], [[1, 2]], [0.5]], ids=str)
def test_a_draft_vocabulary_that_is_none_is_refused(target, tmp_path, ids):
    save(EagleHead.random(target, draft_ids=torch.tensor([1, 2])), tmp_path)
    file = tmp_path / "model.safetensors"
    save_file(load_file(file) | {"draft_ids": torch.tensor(ids)}, file)
    with pytest.raises(UserError, match="draft_ids"):
        load_heads(str(tmp_path), target)


@pytest.mark.parametrize("made", [MedusaHeads.random, EagleHead.random])
def test_random_heads_depend_on_their_seed_and_on_nothing_else(target, made):
    torch.manual_seed(0)
    one = made(target, seed=1)
    before = torch.get_rng_state()
    assert same(one, made(target, seed=1)) and not same(one, made(target, seed=2))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("made", [MedusaHeads.random, EagleHead.random])
def test_heads_take_the_number_format_of_their_target(tiny_model, tmp_path, made):
    model = tiny_model("llama")
    save(made(model), tmp_path)
    half = replace(model, module=type(model.module)(model.module.config).to(torch.bfloat16))
    loaded = load_heads(str(tmp_path), half)
    assert {tensor.dtype for tensor in loaded.state_dict().values()} == {torch.bfloat16}
    assert not any(tensor.is_meta for tensor in [*loaded.parameters(), *loaded.buffers()])


# ------------------------------------------------------------------------------------------------- what others publish


@pytest.mark.parametrize("prefix", ["", "medusa_head."])
def test_public_medusa_heads_are_read(target, tmp_path, prefix):
    """The published config often names another number of heads than the file holds."""
    config = {"medusa_num_heads": 2, "medusa_num_layers": 1, "base_model_name_or_path": "lmsys/vicuna-7b-v1.3"}
    tensors = medusa_tensors(heads=5, prefix=prefix)
    heads = load_heads(written(tmp_path, config, tensors, "medusa_lm_head.safetensors"), target)
    assert len(heads) == 5 and not heads.shared
    hidden = torch.randn(SIZE)
    weight, bias, output = (tensors[prefix + key] for key in ("3.0.linear.weight", "3.0.linear.bias", "3.1.weight"))
    by_hand = output @ (hidden + torch.nn.functional.silu(weight @ hidden + bias))
    assert torch.allclose(heads(hidden, None)[3], by_hand, atol=1e-5)


def test_medusa_heads_without_an_output_layer_use_the_targets(target, tmp_path):
    tensors = medusa_tensors(output=False)
    heads = load_heads(written(tmp_path, {"model_type": "medusa"}, tensors), target)
    hidden, output = torch.randn(SIZE), target.module.get_output_embeddings()
    seen = hidden + torch.nn.functional.silu(tensors["1.0.linear.weight"] @ hidden + tensors["1.0.linear.bias"])
    assert heads.shared and torch.allclose(heads(hidden, output)[1], output(seen), atol=1e-5)


@pytest.mark.parametrize("biased", [False, True])
def test_public_eagle_heads_are_read(target, tmp_path, biased):
    tensors = eagle_tensors(**({"fc.bias": torch.randn(SIZE)} if biased else {}))
    head = load_heads(written(tmp_path, eagle_config(bias=biased), tensors), target)
    assert torch.equal(head.fc.weight, tensors["fc.weight"]) and (head.fc.bias is not None) == biased
    assert torch.equal(head.layers[0].mlp.up_proj.weight, tensors["layers.0.mlp.up_proj.weight"])
    assert head.llama.rope_parameters["rope_theta"] == 500000.0 and head.llama.rms_norm_eps == 1e-5
    assert "embed_tokens.weight" not in head.state_dict()


def test_an_eagle_layer_is_a_llama_layer_without_its_first_norm(target, tmp_path):
    """Alone in its context a token attends to itself only, so the layer can be computed by hand."""
    tensors = eagle_tensors()
    head = load_heads(written(tmp_path, eagle_config(), tensors), target)
    embedded, feature = torch.randn(SIZE), torch.randn(SIZE)
    mixed = tensors["fc.weight"] @ torch.cat([embedded, feature])
    value = (tensors[LLAMA_LAYER.format("v")] @ mixed).view(2, 8).repeat_interleave(2, 0).flatten()
    middle = mixed + tensors[LLAMA_LAYER.format("o")] @ value
    normed = middle / (middle.square().mean() + 1e-5).sqrt() * tensors["layers.0.post_attention_layernorm.weight"]
    gate, up, down = (tensors[f"layers.0.mlp.{name}_proj.weight"] for name in ("gate", "up", "down"))
    by_hand = middle + down @ (torch.nn.functional.silu(gate @ normed) * (up @ normed))
    alone = head(embedded[None], feature[None], torch.tensor([7]), torch.ones(1, 1, dtype=torch.bool))
    assert torch.allclose(alone[0], by_hand, rtol=1e-4, atol=1e-3)


def test_eagle_heads_of_qwen2_have_three_biases(target, tmp_path):
    biases = {
        LLAMA_LAYER.format(name).replace("weight", "bias"): torch.randn(size)
        for name, size in zip("qkv", (32, 16, 16), strict=True)
    }
    head = load_heads(written(tmp_path, eagle_config(), eagle_tensors(**biases)), target)
    assert torch.equal(head.layers[0].self_attn.q_proj.bias, biases["layers.0.self_attn.q_proj.bias"])
    assert not head.layers[0].self_attn.o_proj.bias.any()


def test_a_model_is_not_taken_for_heads(tiny_pair_folder, tmp_path):
    assert kind(str(tiny_pair_folder / "draft")) is None
    single = tmp_path / "single"
    written(single, eagle_config())
    assert kind(str(single)) == "eagle"
    (single / "tokenizer_config.json").write_text("{}")  # a draft model of one layer speaks for itself
    assert kind(str(single)) is None
    assert kind(str(tmp_path)) is None and kind("nobody/nothing") is None and kind("no such thing at all!") is None


# ------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("config", "file"), [({"medusa_num_heads": 5}, "medusa_lm_head.pt"), (eagle_config(), "pytorch_model.bin")]
)
def test_pickled_heads_are_refused_with_what_to_do(target, tmp_path, config, file):
    written(tmp_path, config)
    torch.save({"a": torch.zeros(1)}, tmp_path / file)
    said = refused(str(tmp_path), target)
    assert "safetensors" in said and "pickled" in said and "convert" in said


def test_eagle_3_is_refused_by_its_config_or_by_its_tensors(target, tmp_path):
    assert "EAGLE-3" in refused(written(tmp_path / "a", eagle_config(draft_vocab_size=200)), target)
    assert "EAGLE-3" in refused(written(tmp_path / "b", {"architectures": ["LlamaForCausalLMEagle3"]}), target)
    strange = {"midlayer.hidden_norm.weight": torch.ones(SIZE), "fc.weight": torch.randn(SIZE, 3 * SIZE)}
    assert "EAGLE-3" in refused(written(tmp_path / "c", eagle_config(), strange), target)


def test_heads_of_another_size_are_refused(target, tmp_path, tiny_model):
    wide = {
        "0.0.linear.weight": torch.randn(64, 64),
        "0.0.linear.bias": torch.randn(64),
        "0.1.weight": torch.randn(300, 64),
    }
    said = refused(written(tmp_path / "a", {"medusa_num_heads": 1}, wide), target)
    assert "64 numbers" in said and "have 32" in said and target.name in said
    said = refused(written(tmp_path / "b", {"medusa_num_heads": 1}, medusa_tensors(vocab_size=256)), target)
    assert "256 tokens" in said and "300" in said
    fc = {"fc.weight": torch.randn(64, 128)}
    assert "64 numbers" in refused(written(tmp_path / "c", eagle_config(hidden_size=64), fc), target)
    said = refused(written(tmp_path / "d", eagle_config(vocab_size=32000), eagle_tensors()), target)
    assert "32,000 tokens" in said
    save(EagleHead.random(tiny_model("llama", vocab_size=320)), tmp_path / "e")
    assert "320 tokens" in refused(str(tmp_path / "e"), target)


def test_files_that_are_no_heads_are_refused_by_what_is_wrong_with_them(target, tmp_path):
    missing = eagle_tensors()
    del missing["layers.0.mlp.up_proj.weight"]
    assert "layers.0.mlp.up_proj.weight" in refused(written(tmp_path / "a", eagle_config(), missing), target)
    extra = medusa_tensors() | {"2.0.linear.weight": torch.randn(SIZE, SIZE)}
    assert "2.0.linear.bias" in refused(written(tmp_path / "b", {"medusa_num_heads": 2}, extra), target)
    other = {"lm_heads.0.weight": torch.randn(300, SIZE), "blocks.0.layers.0.weight": torch.randn(SIZE, SIZE)}
    assert "0.0.linear.weight" in refused(written(tmp_path / "c", {"model_type": "medusa"}, other), target)
    folder = written(tmp_path / "d", {"medusa_num_heads": 2})
    (tmp_path / "d" / "model.safetensors").write_bytes(b"not tensors at all")
    assert "cannot be read" in refused(folder, target)
    (tmp_path / "d" / "config.json").write_text("{broken")
    assert "cannot be read" in refused(folder, target)
    (tmp_path / "d" / "config.json").write_text("[1]")
    assert "cannot be read" in refused(folder, target)
    odd = eagle_config(num_attention_heads=5)
    assert "cannot be read" in refused(written(tmp_path / "e", odd, eagle_tensors()), target)
    assert "no heads" in refused(str(tmp_path), target)


@pytest.mark.parametrize(
    ("odd", "mention"),
    [
        ({"vocab_size": "x"}, "vocab_size"),
        ({"vocab_size": None}, "vocab_size"),
        ({"vocab_size": [300]}, "vocab_size"),
        ({"num_attention_heads": 0}, "zero"),
        ({"intermediate_size": -1}, "negative"),
        ({"quantization_config": 5}, "to_dict"),
        ({"model_type": 5}, "model_type"),
        ({"architectures": [1]}, "architectures"),
        ({"architectures": 5}, "architectures"),
    ],
)
def test_a_config_of_odd_values_is_refused_in_a_sentence(target, tmp_path, odd, mention):
    said = refused(written(tmp_path, eagle_config(**odd), eagle_tensors()), target)
    assert "cannot be read" in said and mention in said


def test_a_config_nested_without_end_is_refused_in_a_sentence(target, tmp_path):
    folder = written(tmp_path, {}, medusa_tensors())
    (tmp_path / "config.json").write_text('{"a":' + "[" * 100_000)
    assert "cannot be read" in refused(folder, target)


@pytest.mark.parametrize(
    "name", ["0abc.weight", "0abc", "", "\n", "9" * 5000 + ".0", "999999999.0.linear.weight", "²."]
)
def test_a_tensor_of_an_odd_name_is_refused_in_a_sentence(target, tmp_path, name):
    folder = written(tmp_path, {"medusa_num_heads": 2}, medusa_tensors() | {name: torch.zeros(1)})
    said = refused(folder, target)
    assert "cannot be read" in said and repr(name)[:200] in said


@pytest.mark.parametrize("size", ["intermediate_size", "num_key_value_heads", "head_dim"])
def test_a_config_of_a_huge_layer_is_refused_before_any_memory_is_given_to_it(target, tmp_path, size):
    """A petabyte: it could be given to nobody."""
    folder = written(tmp_path, eagle_config(**{size: 1 << 40}), eagle_tensors())
    said = refused(folder, target)
    assert "cannot be read" in said and "layers.0" in said


@pytest.mark.parametrize("scaling", [{"rope_type": "yarn", "factor": 2.0}, {"rope_type": "linear", "factor": 4.0}])
def test_an_eagle_turns_its_positions_as_its_config_says(target, tmp_path, scaling):
    config = eagle_config(rope_scaling=scaling, max_position_embeddings=64)
    head = load_heads(written(tmp_path, config, eagle_tensors()), target)
    expected = LlamaRotaryEmbedding(LlamaConfig.from_dict(config)).inv_freq
    assert torch.equal(head.rotary.inv_freq, expected) and not head.rotary.inv_freq.is_meta


@pytest.mark.parametrize("dtype", [torch.int64, torch.int8, torch.bool])
def test_tensors_of_whole_numbers_are_refused_in_a_sentence(target, tmp_path, dtype):
    tensors = {key: tensor.to(dtype) if "up_proj" in key else tensor for key, tensor in eagle_tensors().items()}
    said = refused(written(tmp_path / "a", eagle_config(), tensors), target)
    assert "cannot be read" in said and "up_proj" in said and str(dtype).removeprefix("torch.") in said
    tensors = {key: tensor.to(dtype) if "1.1" in key else tensor for key, tensor in medusa_tensors().items()}
    assert "'1.1.weight'" in refused(written(tmp_path / "b", {"medusa_num_heads": 2}, tensors), target)


def test_an_output_layer_that_is_a_number_is_refused_in_a_sentence(target, tmp_path):
    tensors = medusa_tensors() | {"0.1.weight": torch.tensor(1.0)}
    assert "0.1.weight" in refused(written(tmp_path, {"medusa_num_heads": 2}, tensors), target)


# ------------------------------------------------------------------------------------------------- in a pair


@pytest.mark.parametrize(("made", "field"), [(MedusaHeads.random, "medusa"), (EagleHead.random, "eagle")])
def test_a_draft_may_be_heads_and_goes_where_they_belong(tiny_pair_folder, target, tmp_path, made, field):
    save(made(target), tmp_path)
    pair = specdec.load(target=str(tiny_pair_folder / "target"), draft=str(tmp_path), device="cpu")
    assert pair.draft is None and same(pair.heads[field], made(target)) and len(pair.heads) == 1
    trace = specdec.run("The old lamp", pair, max_new_tokens=12)
    assert trace.header.drafter.name == field and trace.totals.drafted > 0
    heads = pair.heads[field]
    parameters = sum(tensor.numel() for tensor in load_file(tmp_path / "model.safetensors").values())
    assert trace.header.drafter.model == heads.name == tmp_path.name
    assert trace.header.drafter.parameters == heads.size == parameters


def test_a_named_pair_brings_its_heads_and_its_datastore(tiny_pair_folder, target, tmp_path, monkeypatch):
    save(MedusaHeads.random(target), tmp_path / "medusa")
    save(EagleHead.random(target), tmp_path / "eagle")
    folders = [str(tiny_pair_folder / name) for name in ("target", "draft")]
    own = {name: str(tmp_path / name) for name in ("medusa", "eagle")}
    entry = PairEntry("tiny", *folders, 3, heads=own, datastore="some/file")
    monkeypatch.setitem(loading.PAIRS, "tiny", entry)
    pair = loading.load("tiny", device="cpu")
    assert same(pair.heads["medusa"], MedusaHeads.random(target))
    assert same(pair.heads["eagle"], EagleHead.random(target))
    assert pair.draft is not None and pair.datastore == "some/file"
    save(MedusaHeads.random(target, heads=1), tmp_path / "other")
    other = loading.load("tiny", draft=str(tmp_path / "other"), device="cpu")
    assert len(other.heads["medusa"]) == 1 and other.heads["eagle"] is not None and other.draft is pair.draft


def test_what_is_saved_can_be_read_by_others(target, tmp_path):
    """The names in the file are those that the authors' own programs look for."""
    save(MedusaHeads.random(target, heads=1), tmp_path / "medusa")
    assert set(load_file(tmp_path / "medusa" / "model.safetensors")) == set(medusa_tensors(heads=1))
    save(EagleHead.random(target), tmp_path / "eagle")
    names = set(load_file(tmp_path / "eagle" / "model.safetensors"))
    assert names == {*eagle_tensors(), "fc.bias"} - {"embed_tokens.weight"}


def test_positions_turn_as_exactly_in_half_precision(target, tmp_path):
    half = copy.deepcopy(target.module).to(torch.bfloat16)
    save(EagleHead.random(target), tmp_path)
    head = load_heads(str(tmp_path), replace(target, module=half))
    assert head.fc.weight.dtype == torch.bfloat16
    assert torch.equal(head.rotary.inv_freq, EagleHead.random(target).rotary.inv_freq)


@pytest.mark.parametrize(
    "config",
    [
        {"speculators_model_type": "eagle", "architectures": ["EagleSpeculator"], "transformer_layer_config": {}},
        {"model_type": "eagle", "architectures": ["EAGLEModel"], "model": {"model_type": "llama"}},
    ],
)
def test_heads_in_the_packaging_of_other_engines_are_refused_by_its_name(tmp_path, tiny_model, config):
    assert "packaging of vLLM or speculators" in refused(written(tmp_path / "heads", config), tiny_model("llama"))
