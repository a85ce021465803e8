"""GGUF files run as the models that they were made from, and are refused in one sentence if they cannot be read."""

import json
import sys

import gguf as library
import numpy as np
import pytest
import torch

from specdec.backend import PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.errors import UserError
from specdec.models import gguf, loading
from specdec.settings import Settings
from specdec.trace import gather

CPU = torch.device("cpu")
FORMATS = {"F32": (0, torch.float32), "F16": (1, torch.float16), "Q8_0": (7, torch.bfloat16)}


def interleaved(weights, heads):
    """The rows of a query or key projection in the order of llama.cpp, whose rotary embedding turns neighbours."""
    halves = weights.reshape(heads, 2, len(weights) // heads // 2, -1)
    return halves.swapaxes(1, 2).reshape(weights.shape)


def write(model, path, number_format="F32"):
    """A Llama and its tokenizer as a GGUF file."""
    config, tokenizer = model.config, model.tokenizer
    kind = library.GGMLQuantizationType[number_format]
    writer = library.GGUFWriter(path, "llama")
    writer.add_file_type(FORMATS[number_format][0])
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    backend = tokenizer.backend_tokenizer
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    special = set(tokenizer.all_special_ids)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocabulary])
    writer.add_token_types([3 if id in special else 1 for _, id in vocabulary])
    writer.add_token_merges([" ".join(pair) for pair in merges(backend)])
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_chat_template("{{ messages[0]['content'] }}!")
    names = library.get_tensor_name_map(library.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, tensor in model.module.state_dict().items():
        array = tensor.float().numpy()
        for part, heads in (("q_proj", config.num_attention_heads), ("k_proj", config.num_key_value_heads)):
            array = interleaved(array, heads) if part in name else array
        wanted = kind if array.ndim > 1 else library.GGMLQuantizationType.F32
        stored = library.quants.quantize(np.ascontiguousarray(array), wanted)
        writer.add_tensor(names.get_name(name.removesuffix(".weight")) + ".weight", stored, raw_dtype=wanted)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def merges(backend):
    return json.loads(backend.to_str())["model"]["merges"]


@pytest.fixture
def model(tiny_model):
    return tiny_model("llama")


@pytest.mark.parametrize("number_format", FORMATS)
def test_a_gguf_file_runs_as_the_model_that_it_was_made_from(model, tmp_path, number_format):
    file = write(model, tmp_path / f"tiny.{number_format}.gguf", number_format)
    loaded = loading.load_model(str(file), CPU, "float32")
    folder = gguf.converted(file)
    assert loaded.name == f"tiny.{number_format}"
    assert loaded.tokenizer.encode("A fox.") == model.tokenizer.encode("A fox.")
    assert loaded.tokenizer.chat_template.endswith("!")
    ids = model.tensor(model.tokenizer.encode("Once upon a time"))[None]
    with torch.inference_mode():
        expected, found = (one.module(input_ids=ids).logits for one in (model, loaded))
    exact = {"F32": 1e-4, "F16": 0.05, "Q8_0": 1.0}[number_format]
    assert (found - expected).abs().max() < exact * expected.std()
    stored = loading.checkpoint.tensors(str(folder))
    name = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}[FORMATS[number_format][1]]
    assert set(stored.values()) == {name}


def test_a_folder_with_one_gguf_file_is_that_file_and_with_several_it_is_refused(model, tmp_path):
    write(model, tmp_path / "a.gguf")
    request = RunRequest(PairChoice(target=str(tmp_path)), "Once", "lookup", Settings(max_new_tokens=4))
    trace = gather(LocalBackend().submit(request))
    assert trace.header.target.name == "a" and trace.totals.tokens == 4
    (tmp_path / "b.gguf").write_bytes(b"GGUF")
    with pytest.raises(UserError, match=r"several GGUF files \(a.gguf, b.gguf\)"):
        gguf.file_of(str(tmp_path))


def test_a_file_is_converted_once_and_again_when_it_has_changed(model, tmp_path, monkeypatch):
    file = write(model, tmp_path / "a.gguf")
    folder = gguf.converted(file)
    made = (folder / "model.safetensors").stat().st_mtime_ns
    assert gguf.converted(file) == folder and (folder / "model.safetensors").stat().st_mtime_ns == made
    file.touch()
    assert gguf.converted(file) != folder


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "GGUF"), (b"<html>", "GGUF"), (b"GGUF", "broken.gguf"), (b"GGUF" + b"\xff" * 400, "broken")],
)
def test_a_file_that_is_no_gguf_is_refused_in_one_sentence(tmp_path, content, said):
    (tmp_path / "broken.gguf").write_bytes(content)
    with pytest.raises(UserError, match=said) as refused:
        loading.load_model(str(tmp_path / "broken.gguf"), CPU, "float32")
    assert "\n" not in str(refused.value)
    with pytest.raises(UserError, match="There is no file 'missing.gguf'"):
        loading.load_model(str(tmp_path / "missing.gguf"), CPU, "float32")


def test_without_the_packages_that_read_gguf_the_sentence_says_what_to_install(model, tmp_path, monkeypatch):
    file = write(model, tmp_path / "a.gguf")
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(UserError, match=r"needs the package gguf .*specdec-stage\[gguf\]"):
        gguf.converted(file)
