"""A run says what it ran on: one device by its name, or as many GPUs as its models are spread over."""

import os

import pytest
import torch

from specdec.device import machine, transfer

CUDA = torch.device("cuda", 0)


@pytest.fixture
def gpus(monkeypatch):
    """`gpus(3, 0, 5)`: so many bytes are held on each; the fullest moment held ten more."""

    def held(*sizes):
        monkeypatch.setattr(torch.cuda, "device_count", lambda: len(sizes))
        monkeypatch.setattr(torch.cuda, "memory_allocated", lambda index: sizes[index])
        monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda index: sizes[index] + 10)
        monkeypatch.setattr(machine, "name_of", lambda device: "GPU")

    return held


def test_one_gpu_is_called_by_its_name(gpus):
    gpus(3, 0)
    assert machine.describe(CUDA, "bfloat16").name == "GPU" and machine.peak_memory(CUDA) == 13


def test_several_gpus_are_counted_and_their_memory_is_added(gpus):
    gpus(3, 0, 5)
    assert machine.describe(CUDA, "bfloat16").name == "2 × GPU" and machine.peak_memory(CUDA) == 28


def test_on_a_processor_no_gpu_is_asked(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", pytest.fail)
    cpu = torch.device("cpu")
    assert "cores" in machine.describe(cpu, "float32").name
    machine.reset_peak_memory(cpu)
    machine.peak_memory(cpu)


@pytest.mark.skipif(not os.access(machine.PEAK, os.W_OK), reason="this system does not count a process's memory anew")
def test_the_peak_of_a_process_is_counted_from_the_reset_on():
    cpu, size = torch.device("cpu"), 1 << 28
    machine.reset_peak_memory(cpu)
    before = machine.peak_memory(cpu)
    torch.ones(size // 4)
    full = machine.peak_memory(cpu)
    machine.reset_peak_memory(cpu)
    assert full > before + size // 2 and machine.peak_memory(cpu) < full - size // 2


def test_where_nobody_counts_a_process_has_no_peak(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "PEAK", tmp_path / "nowhere" / "clear_refs")
    cpu = torch.device("cpu")
    machine.reset_peak_memory(cpu)
    assert machine.peak_memory(cpu) is None


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({}, 8),
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu.max": "200000 100000\n"}, 2),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 8),
    ],
)
def test_a_process_has_the_processors_that_its_container_leaves_it(tmp_path, monkeypatch, files, count):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for name, text in files.items():
        file = tmp_path / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert machine.processors(tmp_path) == count


@pytest.mark.parametrize(("asked", "expected"), [(None, [2]), ("6", [])])
def test_threads_are_no_more_than_processors_unless_the_environment_says_so(monkeypatch, asked, expected):
    seen = []
    monkeypatch.setattr(torch, "get_num_threads", lambda: 16)
    monkeypatch.setattr(torch, "set_num_threads", seen.append)
    monkeypatch.setattr(machine, "processors", lambda: 2)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if asked:
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
    machine.set_threads.__wrapped__()
    assert seen == expected


def test_what_is_fetched_as_one_tensor_comes_back_as_the_several_it_was():
    given = [torch.tensor(7), torch.tensor([True, False]), torch.rand(3, 2), torch.rand(2, dtype=torch.float64)]
    fetched = transfer.packed([*given, torch.tensor([], dtype=torch.long), torch.tensor([[2**24 - 1]])])
    assert [one.dtype for one in fetched[:4]] == [one.dtype for one in given]
    assert [one.tolist() for one in fetched] == transfer.download(
        [*given, torch.tensor([]), torch.tensor([[2**24 - 1]])]
    )
