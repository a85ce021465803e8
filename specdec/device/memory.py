"""The memory that is free here, and whether public models fit into it. Torch is imported only to ask a GPU."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from specdec.catalog.hub import CONTEXT
from specdec.catalog.memory import gigabytes, needed, place
from specdec.errors import UserError

if TYPE_CHECKING:
    import torch

CGROUPS = (  # where a container's limit of memory and what it uses stand: version 2, version 1
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)


def free(device: "torch.device") -> int | None:
    """The free bytes of a GPU, of all GPUs together if the device has no index, else of main memory; None if the
    system does not report them."""
    if device.type != "cuda":
        return main_memory()
    import torch

    devices = range(torch.cuda.device_count()) if device.index is None else [device.index]
    return sum(torch.cuda.mem_get_info(index)[0] for index in devices)


def main_memory(root: Path = Path("/")) -> int | None:
    """Bytes that a process may still take: what the system has available, within a container's limit; None where the
    system does not tell."""
    try:
        return min(psutil.virtual_memory().available, *_left(root / "sys/fs/cgroup"))
    except (psutil.Error, OSError):
        return None


def _left(groups: Path) -> list[int]:
    """Bytes that a container's limit leaves; files that were read before can be forgotten."""
    found = [2**63]
    for limit, used, parts in CGROUPS:
        most, now = _number(groups / limit), _number(groups / used)
        if most is not None and now is not None:
            cached = re.search(r"^inactive_file (\d+)$", (groups / parts).read_text(), re.M)
            found.append(max(0, most - now + (int(cached[1]) if cached else 0)))
    return found


def _number(file: Path) -> int | None:
    """What a file holds; None where it is missing or says `max`."""
    text = file.read_text(encoding="ascii").strip() if file.is_file() else ""
    return int(text) if text.isdigit() else None


def check(sources: Iterable[str | None], device: "torch.device", dtype: str) -> None:
    """Refuse public models that do not fit, before anything of them is fetched. Raises UserError."""
    need = needed(sources, device.type, dtype)
    has = free(device) if need.models else None
    if has is not None and need.size > has:
        counted = {"models": " + ".join(need.models), "dtype": need.dtype, "context": f"{CONTEXT:,}"}
        sizes = {"needed": gigabytes(need.size), "free": gigabytes(has), "place": place(device.type)}
        raise UserError("errors.no_room", **counted, **sizes)
