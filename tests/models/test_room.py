"""What does not fit this machine is refused with both numbers before anything of it is fetched."""

from types import SimpleNamespace

import psutil
import pytest
import torch

from specdec.catalog.hub import HUB_MODELS
from specdec.catalog.memory import Need, needed
from specdec.device import memory
from specdec.errors import UserError

CPU = torch.device("cpu")
TARGET, DRAFT = "HuggingFaceTB/SmolLM2-1.7B-Instruct", "HuggingFaceTB/SmolLM2-135M-Instruct"
NEED = sum(HUB_MODELS[id].memory("float32") for id in (TARGET, DRAFT))


def machine(root, available, **files):
    """The free memory of a container with these files of its control groups, on a machine with so many bytes free."""
    for name, text in files.items():
        file = root / "sys/fs/cgroup" / name.replace("__", "/").replace("memory_", "memory.")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=available))
        return memory.main_memory(root)


def test_memory_is_what_the_system_has_available(tmp_path):
    assert machine(tmp_path, 5_000_000) == 5_000_000


def test_a_container_has_what_its_limit_leaves_and_files_read_before_can_be_forgotten(tmp_path):
    files = {"memory_max": "1000000\n", "memory_current": "700000\n", "memory_stat": "anon 1\ninactive_file 200000\n"}
    assert machine(tmp_path, 5_000_000, **files) == 500_000


def test_an_older_container_says_the_same_in_other_places(tmp_path):
    files = {
        "memory__memory.limit_in_bytes": "1000000\n",
        "memory__memory.usage_in_bytes": "700000\n",
        "memory__memory.stat": "cache 5\ninactive_file 100000\ntotal_inactive_file 100000\n",
    }
    assert machine(tmp_path, 5_000_000, **files) == 400_000


def test_a_container_without_a_limit_has_what_the_machine_has(tmp_path):
    assert machine(tmp_path, 5_000_000, memory_max="max\n", memory_current="7\n", memory_stat="") == 5_000_000


def test_it_is_not_known_where_the_system_does_not_tell(monkeypatch):
    def refuse():
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "virtual_memory", refuse)
    assert memory.main_memory() is None


def test_models_that_do_not_fit_are_refused_with_both_numbers(monkeypatch):
    monkeypatch.setattr(memory, "main_memory", lambda: NEED - 1)
    with pytest.raises(UserError) as refused:
        memory.check([TARGET, DRAFT], CPU, "auto")
    for part in (TARGET, DRAFT, "9.2 GB are needed", "float32", "4,096", "9.2 GB of main memory"):
        assert part in str(refused.value)


def test_models_that_fit_just_so_in_the_number_format_asked_for_are_let_through(monkeypatch):
    monkeypatch.setattr(memory, "main_memory", lambda: NEED)
    memory.check([TARGET, None, DRAFT], CPU, "auto")
    monkeypatch.setattr(memory, "main_memory", lambda: NEED // 2)
    memory.check([TARGET, DRAFT], CPU, "bfloat16")


def test_nothing_is_refused_where_nobody_tells_what_is_free(monkeypatch):
    monkeypatch.setattr(memory, "main_memory", lambda: None)
    memory.check([TARGET, DRAFT], CPU, "auto")


def test_of_models_that_are_not_listed_nothing_is_asked(monkeypatch):
    monkeypatch.setattr(memory, "main_memory", pytest.fail)
    memory.check(["owner/model", "assets/folder", None], CPU, "auto")


def test_without_a_number_all_gpus_count_and_with_one_that_gpu(monkeypatch):
    free = [3, 50]
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(free))
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: (free[index], 99))
    assert memory.free(torch.device("cuda")) == 53 and memory.free(torch.device("cuda:1")) == 50


def test_an_encoder_decoder_and_its_draft_are_counted_in_the_format_they_run_in():
    target = "google/flan-t5-small"
    assert needed([target], "mps") == Need((target,), "float32", HUB_MODELS[target].memory("float32"))
    assert needed([target], "cuda").dtype == "bfloat16"
