"""The memory that public models need, computed from their catalog entries. Torch-free."""

from collections.abc import Iterable
from dataclasses import dataclass

from specdec.catalog.hub import HUB_HEADS, HUB_MODELS
from specdec.messages import Message

KNOWN = {**HUB_MODELS, **HUB_HEADS}


def usual_dtype(device: str, has_encoder: bool = False) -> str:
    """The default dtype on a kind of device.

    >>> usual_dtype("mps"), usual_dtype("mps", has_encoder=True)
    ('float16', 'float32')
    """
    return {"cpu": "float32", "cuda": "bfloat16", "mps": "float32" if has_encoder else "float16"}[device]


@dataclass(frozen=True, slots=True)
class Need:
    """The memory that some public models need: `size`, the bytes of their weights and KV caches in `dtype`."""

    models: tuple[str, ...]
    dtype: str
    size: int


def needed(sources: Iterable[str | None], device: str, dtype: str = "auto") -> Need:
    """The memory that the public models among `sources` need on a kind of device; other models are not counted."""
    ids = tuple(source for source in sources if source is not None and source in KNOWN)
    if dtype == "auto":
        dtype = usual_dtype(device, any(KNOWN[id].config.get("is_encoder_decoder") for id in ids))
    return Need(ids, dtype, sum(KNOWN[id].memory(dtype) for id in ids))


def place(device: str) -> Message:
    """The name of the memory of a kind of device, as a message: GPU memory or main memory."""
    return Message("terminal.room_gpu" if device == "cuda" else "terminal.room_main")


def gigabytes(size: int) -> str:
    """
    >>> gigabytes(16_985_450_496)
    '17.0'
    """
    return f"{size / 1e9:.1f}"
