"""GGUF files run as the models that they were made from, and are refused in one sentence if they cannot be read."""

import sys

import pytest
import torch

from specdec.backend import PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.errors import UserError
from specdec.models import gguf, loading
from specdec.settings import Settings
from specdec.trace import gather

CPU = torch.device("cpu")
STORED = {"F32": "F32", "F16": "F16", "Q8_0": "BF16"}  # the number format of the converted weights


@pytest.fixture
def model(tiny_model):
    return tiny_model("llama")


@pytest.mark.parametrize("number_format", STORED)
def test_a_gguf_file_runs_as_the_model_that_it_was_made_from(model, write_gguf, tmp_path, number_format):
    file = write_gguf(model, tmp_path / f"tiny.{number_format}.gguf", number_format)
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
    assert set(stored.values()) == {STORED[number_format]}


def test_a_folder_with_one_gguf_file_is_that_file_and_with_several_it_is_refused(model, write_gguf, tmp_path):
    write_gguf(model, tmp_path / "a.gguf")
    request = RunRequest(PairChoice(target=str(tmp_path)), "Once", "lookup", Settings(max_new_tokens=4))
    trace = gather(LocalBackend().submit(request))
    assert trace.header.target.name == "a" and trace.totals.tokens == 4
    (tmp_path / "b.gguf").write_bytes(b"GGUF")
    with pytest.raises(UserError, match=r"several GGUF files \(a.gguf, b.gguf\)"):
        gguf.file_of(str(tmp_path))


def test_a_file_is_converted_once_and_again_when_it_has_changed(model, write_gguf, tmp_path, monkeypatch):
    file = write_gguf(model, tmp_path / "a.gguf")
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


def test_without_the_packages_that_read_gguf_the_sentence_says_what_to_install(
    model, write_gguf, tmp_path, monkeypatch
):
    file = write_gguf(model, tmp_path / "a.gguf")
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(UserError, match=r"needs the package gguf .*specdec-stage\[gguf\]"):
        gguf.converted(file)
