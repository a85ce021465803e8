"""The memory that public models need, told from what is published of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from specdec.catalog.hub import HUB_HEADS, HUB_MODELS
from specdec.messages import Message

KNOWN = {**HUB_MODELS, **HUB_HEADS}


def usual_dtype(device: str, has_encoder: bool = False) -> str:
    """The number format that a kind of device is given where none is asked for.

    >>> usual_dtype("mps"), usual_dtype("mps", has_encoder=True)
    ('float16', 'float32')
    """
    return {"cpu": "float32", "cuda": "bfloat16", "mps": "float32" if has_encoder else "float16"}[device]


@dataclass(frozen=True, slots=True)
class Need:
    """What public models take on a kind of device: bytes of weights, keys and values, in a number format."""

    models: tuple[str, ...]
    dtype: str
    size: int


def needed(sources: Iterable[str | None], device: str, dtype: str = "auto") -> Need:
    """Of those of the models that are public."""
    ids = tuple(source for source in sources if source in KNOWN)
    if dtype == "auto":
        dtype = usual_dtype(device, any(KNOWN[id].config.get("is_encoder_decoder") for id in ids))
    return Need(ids, dtype, sum(KNOWN[id].memory(dtype) for id in ids))


def place(device: str) -> Message:
    """What the memory of a kind of device is called."""
    return Message("terminal.room_gpu" if device == "cuda" else "terminal.room_main")


def gigabytes(size: int) -> str:
    """
    >>> gigabytes(16_985_450_496)
    '17.0'
    """
    return f"{size / 1e9:.1f}"
