"""What is loaded is what was named; what cannot be is refused in one sentence, before anything large is fetched."""

import json
import shutil
from types import SimpleNamespace

import pytest
import torch
from huggingface_hub.errors import GatedRepoError
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM, GPTNeoConfig

from specdec.catalog.pairs import PairEntry, best
from specdec.device import memory
from specdec.errors import UserError
from specdec.models import loading, synthetic

PUBLIC = "meta-llama/Llama-3.2-1B-Instruct"


@pytest.fixture
def fetched(monkeypatch):
    """What was asked of the hub; nothing is ever there."""
    asked = []

    def refuse(source, **options):
        asked.append(source)
        raise OSError("nobody is there.\nTry again.")

    monkeypatch.setattr(AutoConfig, "from_pretrained", refuse)
    return asked


@pytest.mark.parametrize(
    "named", [{"pair": "llama3.1-8b"}, {"target": "meta-llama/Llama-3.1-8B-Instruct", "draft": PUBLIC}]
)
def test_what_does_not_fit_is_refused_before_anything_is_fetched(monkeypatch, fetched, named):
    monkeypatch.setattr(memory, "main_memory", lambda: 10**10)
    with pytest.raises(UserError, match=r"38\.4 GB are needed .* 10\.0 GB of main memory are free"):
        loading.load(**named, device="cpu")
    assert not fetched


def test_a_public_pair_that_fits_is_looked_for_on_the_hub(monkeypatch, fetched):
    monkeypatch.setattr(memory, "main_memory", lambda: 10**12)
    with pytest.raises(UserError, match="nobody is there"):
        loading.load("llama3.1-8b", draft="draft", device="cpu")
    assert fetched == ["meta-llama/Llama-3.1-8B-Instruct"]


def test_a_number_format_that_is_not_known_is_refused_before_memory_is_counted(fetched):
    with pytest.raises(UserError, match="number format 'int3'"):
        loading.load("qwen3-8b", device="cpu", dtype="int3")


def test_a_gated_model_says_what_opens_it(monkeypatch):
    answer = SimpleNamespace(headers={}, request=None)

    def refuse(source, **options):
        raise OSError("You are trying to access a gated repo.\nMake sure …") from GatedRepoError(
            "401", response=answer
        )

    monkeypatch.setattr(AutoConfig, "from_pretrained", refuse)
    with pytest.raises(UserError, match=f"accept its terms at huggingface.co/{PUBLIC} .*HF_TOKEN"):
        loading.load_model(PUBLIC, loading.pick_device("cpu"), "auto")


def test_the_draft_of_a_pair_without_one_is_refused():
    with pytest.raises(UserError, match="'layerskip-1b' has no draft model"):
        loading.load(draft="layerskip-1b", device="cpu")


def test_a_pair_without_a_draft_is_run_with_what_it_is_for(monkeypatch, tiny_pair_folder):
    target, draft = (str(tiny_pair_folder / name) for name in ("target", "draft"))
    entry = PairEntry("leaves", target, None, 4, drafter="early_exit")
    assert entry.on_disk and not entry.drafts
    monkeypatch.setitem(loading.PAIRS, "leaves", entry)
    pair = loading.load("leaves", device="cpu")
    assert pair.draft is None and best(pair) == "early_exit"
    assert best(loading.load("leaves", draft=draft, device="cpu")) == "model"


def test_a_folder_with_half_of_a_model_is_refused_in_one_sentence(tiny_pair_folder, tmp_path):
    folder = tmp_path / "cloned"
    shutil.copytree(tiny_pair_folder / "target", folder)
    (folder / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    with pytest.raises(UserError, match=r"^[^\n]*'cloned'[^\n]*$"):
        loading.load_model(str(folder), loading.pick_device("cpu"), "auto")


def test_what_is_in_memory_needs_no_room(monkeypatch, tiny_pair_folder):
    asked = []
    monkeypatch.setattr(memory, "check", lambda sources, *_: asked.append([*sources]))
    target, draft = (str(tiny_pair_folder / name) for name in ("target", "draft"))
    kept = loading.load(target=target, device="cpu", dtype="float32")
    loading.load(target=target, draft=draft, device="cpu", dtype="float32")
    assert asked[-1] == [draft] and kept.draft is None


def changed(folder, to, tensors=None, **config):
    """A copy of a model's folder, some of its configuration and perhaps its tensors replaced."""
    shutil.copytree(folder, to)
    whole = json.loads((to / "config.json").read_text()) | config
    (to / "config.json").write_text(json.dumps(whole))
    if tensors is not None:
        weights = load_file(to / "model.safetensors")
        save_file(tensors(weights), to / "model.safetensors", metadata={"format": "pt"})
    return str(to)


def refusal(source):
    with pytest.raises(UserError) as caught:
        loading.load_model(source, loading.pick_device("cpu"), "auto")
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith("."), said
    return said


def test_a_checkpoint_that_lacks_weights_is_refused(tiny_pair_folder, tmp_path):
    folder = tiny_pair_folder / "target"
    for lost in ("lm_head", "layers.1.mlp.up_proj", "embed_tokens"):
        source = changed(
            folder, tmp_path / lost, lambda all, lost=lost: {k: v for k, v in all.items() if lost not in k}
        )
        assert "lack" in refusal(source) and lost in refusal(source)


def test_a_checkpoint_with_other_layers_than_its_configuration_is_refused(tiny_pair_folder, tmp_path):
    folder = tiny_pair_folder / "target"
    assert "40 layers" in refusal(changed(folder, tmp_path / "more", num_hidden_layers=40))
    assert "no place for" in refusal(changed(folder, tmp_path / "fewer", num_hidden_layers=2))


def test_a_checkpoint_with_tensors_of_other_sizes_or_whole_numbers_is_refused(tiny_pair_folder, tmp_path):
    folder = tiny_pair_folder / "target"
    assert "other sizes" in refusal(changed(folder, tmp_path / "sizes", intermediate_size=48))
    whole = refusal(changed(folder, tmp_path / "whole", lambda all: {k: v.to(torch.int32) for k, v in all.items()}))
    assert "whole numbers" in whole and "I32" in whole


@pytest.mark.parametrize("key", ["num_hidden_layers", "vocab_size", "max_position_embeddings"])
@pytest.mark.parametrize("value", [0, -5])
def test_a_size_that_no_model_has_is_refused(tiny_pair_folder, tmp_path, key, value):
    said = refusal(changed(tiny_pair_folder / "target", tmp_path / "made", **{key: value}))
    assert f"{key} {value}" in said


def test_more_layers_than_any_model_has_are_refused_and_none_is_made(tiny_pair_folder, tmp_path):
    source = changed(tiny_pair_folder / "target", tmp_path / "deep", num_hidden_layers=10**9)
    assert "num_hidden_layers 1000000000" in refusal(source)
    with pytest.raises(UserError, match="num_hidden_layers 1000000000"):
        synthetic.load(source, device="cpu")


def test_code_in_a_models_folder_is_neither_run_nor_asked_about(tiny_pair_folder, tmp_path, capfd):
    own = {"model_type": "unheard", "auto_map": {"AutoConfig": "unheard.UnheardConfig"}}
    source = changed(tiny_pair_folder / "target", tmp_path / "own", **own)
    (tmp_path / "own" / "unheard.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    assert "code from a model’s folder is never run" in refusal(source)
    with pytest.raises(UserError, match="never run"):
        synthetic.load(source, device="cpu")
    assert not (tmp_path / "ran").exists() and "y/N" not in "".join(capfd.readouterr())


def test_formats_of_other_programs_are_refused_by_their_names(tiny_pair_folder, tmp_path):
    folder = tiny_pair_folder / "target"
    exl2 = {"quantization_config": {"quant_method": "exl2", "bits": 4}}
    assert "by exl2" in refusal(changed(folder, tmp_path / "exl2", **exl2))
    assert "by MLX" in refusal(changed(folder, tmp_path / "mlx", quantization={"bits": 4}))


@pytest.mark.parametrize(
    ("kind", "word"), [("bloom", "positions"), ("pegasus_decoder", "positions"), ("falcon", "ALiBi")]
)
def test_decoders_that_are_told_no_positions_are_refused(tmp_path, kind, word):
    config = {
        "bloom": {"model_type": "bloom"},
        "pegasus_decoder": {"model_type": "pegasus", "is_encoder_decoder": False, "is_decoder": True},
        "falcon": {"model_type": "falcon", "alibi": True},
    }[kind]
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert word in refusal(str(tmp_path))


def test_a_family_without_fused_attention_runs_with_the_plain_one(tiny_tokenizer, tmp_path):
    few = {"hidden_size": 32, "num_layers": 2, "attention_types": [[["global"], 2]], "num_heads": 4, "vocab_size": 300}
    module = AutoModelForCausalLM.from_config(GPTNeoConfig(**few, bos_token_id=None, eos_token_id=None))
    module.save_pretrained(tmp_path)
    tiny_tokenizer.save_pretrained(tmp_path)
    pair = loading.load(target=str(tmp_path), device="cpu")
    ids = pair.target.tokenizer.encode("The old lamp")
    ours = pair.target.session().forward(ids)[0]
    assert torch.allclose(ours, pair.target.module(torch.tensor([ids])).logits[0, -1], atol=1e-4)


@pytest.mark.parametrize("named", [{"target": ""}, {"draft": ""}])
def test_an_empty_name_is_no_default(named):
    with pytest.raises(UserError, match="empty"):
        loading.load(**named, device="cpu")
