"""What is loaded is what was named; what cannot be is refused in one sentence, before anything large is fetched."""

import shutil
from types import SimpleNamespace

import pytest
from huggingface_hub.errors import GatedRepoError
from transformers import AutoConfig

from specdec.catalog.pairs import PairEntry, best
from specdec.device import memory
from specdec.errors import UserError
from specdec.models import loading

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
