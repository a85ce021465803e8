"""The hardware that a run uses: its description, the number of threads, and peak memory."""

import os
import platform
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import torch

from specdec.trace import Hardware, MessageRecord

PEAK, FORGET = Path("/proc/self/clear_refs"), "5"  # the one written to the other, Linux counts a peak anew


def describe(
    device: torch.device, dtype: str, mode: str = "eager", mode_reason: MessageRecord | None = None
) -> Hardware:
    """For a trace's header; `mode_reason` is what keeps the passes eager."""
    count, name = len(_gpus(device)), name_of(device)
    name = f"{count} × {name}" if count > 1 else name
    return Hardware(device.type, name, dtype, torch.get_num_threads(), mode, mode_reason)


def devices() -> tuple[str, ...]:
    """What a run can be asked to take on this machine; of several GPUs each by its number, too."""
    count = torch.cuda.device_count()
    gpus = ("cuda", *(f"cuda:{index}" for index in range(count if count > 1 else 0))) if count else ()
    return ("auto", "cpu", *gpus, *(["mps"] if torch.backends.mps.is_available() else []))


@lru_cache
def name_of(device: torch.device) -> str:
    """The GPU's own name, or the processor's with its number of cores."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores"


def _processor() -> str:
    """Linux names the processor in a file; elsewhere the platform does."""
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


@lru_cache
def set_threads() -> None:
    """Let PyTorch compute with no more threads than there are processors for this process: it counts those of the
    machine, and threads that wait for a share of a processor make every pass several times as long. What the
    environment asks for stands."""
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(torch.get_num_threads(), processors()))


def processors(root: Path = Path("/")) -> int:
    """How many processors this process may keep busy: those it is bound to, within a container's quota of their time
    (control groups, version 2 and version 1)."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    groups = root / "sys/fs/cgroup"
    both = groups / "cpu.max"
    parts = [both] if both.is_file() else [groups / "cpu" / f"cpu.cfs_{name}_us" for name in ("quota", "period")]
    with suppress(OSError, ValueError):
        quota, period = (int(number) for part in parts for number in part.read_text(encoding="ascii").split())
        if quota > 0:
            return max(1, min(bound, quota // period))
    return bound


def _gpus(device: torch.device) -> list[int]:
    """Those that hold something of this process: a model may be spread over several."""
    count = torch.cuda.device_count() if device.type == "cuda" else 0
    return [index for index in range(count) if torch.cuda.memory_allocated(index)]


def reset_peak_memory(device: torch.device) -> None:
    if device.type == "cpu":
        with suppress(OSError):
            PEAK.write_text(FORGET)
    for index in _gpus(device):
        torch.cuda.reset_peak_memory_stats(index)


def peak_memory(device: torch.device) -> int | None:
    """The peak memory in bytes since the reset: of all GPUs in use, or of the whole process on a CPU; None where the
    system does not count it."""
    if device.type == "cpu":
        return _peak_of_process()
    if device.type != "cuda":
        return None
    return sum(torch.cuda.max_memory_allocated(index) for index in _gpus(device))


def _peak_of_process() -> int | None:
    """Linux counts it, and lets it be counted anew (proc(5): clear_refs, VmHWM)."""
    if not os.access(PEAK, os.W_OK):
        return None
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)
