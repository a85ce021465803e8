"""How near a run comes to what the memory allows.

A pass has to read the weights once, and the keys and values of its context; it cannot be done before the device could
have copied as many bytes. Arithmetic, other reads and waiting come on top, so a share of 1 is the bound, not the rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import torch

from specdec.device.clock import synchronize
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair

COPIED = 2**30  # bytes: far more than any cache holds
COPIES, TURNS = 8, 5


@dataclass(frozen=True, slots=True)
class Reads:
    """What one pass of a model reads at least, in bytes: the weights, and what every token of the context adds."""

    weights: int
    per_token: int


@dataclass(frozen=True, slots=True)
class Memory:
    """`speed`: bytes per second that a device reads and writes while it copies."""

    speed: float
    target: Reads
    draft: Reads | None

    def share(self, target_passes: float, draft_passes: float, context: float, seconds: float) -> float:
        """Of `seconds`, the part that so many passes over `context` tokens cannot do without.

        >>> Memory(1000.0, Reads(90, 1), Reads(5, 0)).share(target_passes=4, draft_passes=20, context=10, seconds=2.0)
        0.25
        """
        passes = [(self.target, target_passes), *([(self.draft, draft_passes)] if self.draft else [])]
        needed = sum(count * (model.weights + context * model.per_token) for model, count in passes)
        return needed / self.speed / seconds


def memory(pair: Pair) -> Memory | None:
    """Measured on a GPU; None elsewhere, where caches hold small models, and for an encoder–decoder, whose decoder
    reads what the encoder left as well."""
    if pair.target.device.type != "cuda" or pair.target.encoder_decoder:
        return None
    return Memory(copy_speed(pair.target.device), reads(pair.target), reads(pair.draft) if pair.draft else None)


def reads(model: LanguageModel) -> Reads:
    """All weights but the tables that a token's row is looked up in, and the slots of the cache."""
    layers = model.module.modules()
    tables = {id(layer.weight) for layer in layers if isinstance(layer, torch.nn.Embedding)}
    tables.discard(id(model.module.get_output_embeddings().weight))  # a table that is both is read whole
    session = model.session()
    session.prefill([0])
    slots = _bytes(session.cache.buffers())
    return Reads(_bytes(w for w in model.module.parameters() if id(w) not in tables), slots // session.cache.size)


def _bytes(tensors: Iterable[torch.Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def copy_speed(device: torch.device, size: int = COPIED) -> float:
    """Bytes per second, read and written alike, of copies within a device: the median of a few turns."""
    source = torch.zeros(size, dtype=torch.uint8, device=device)
    copy = torch.empty_like(source)
    seconds = []
    for _ in range(1 + TURNS):  # the first one warms up
        synchronize(device)
        start = perf_counter()
        for _ in range(COPIES):
            copy.copy_(source)
        synchronize(device)
        seconds.append(perf_counter() - start)
    return 2 * COPIES * size / median(seconds[1:])
