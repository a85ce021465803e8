"""What a run ran on."""

import os
import platform
from functools import lru_cache
from pathlib import Path

import torch

from specdec.trace import Hardware


def describe(device: torch.device, dtype: str, mode: str = "eager") -> Hardware:
    """For a trace's header."""
    return Hardware(device.type, name_of(device), dtype, torch.get_num_threads(), mode)


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


def reset_peak_memory(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak_memory(device: torch.device) -> int | None:
    """Bytes of device memory at the fullest moment since the reset; None where the device does not count them."""
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else None
