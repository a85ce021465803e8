"""How close a run comes to the bound that memory bandwidth sets.

A forward pass has to read the weights once, and the keys and values of its context, so it takes at least as long as
the device needs to copy that many bytes. Arithmetic, other reads and waiting come on top: a share of 1 is the bound
and is rarely reached.
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
    """The least that one forward pass of a model reads, in bytes: the weights, and what each token of the context
    adds."""

    weights: int
    per_token: int


@dataclass(frozen=True, slots=True)
class Memory:
    """A device's memory bandwidth and what the models of a pair read from it.

    `speed`: bytes per second, reads and writes together, measured by copying on the device.
    """

    speed: float
    target: Reads
    draft: Reads | None

    def share(self, target_passes: float, draft_passes: float, context: float, seconds: float) -> float:
        """The share of `seconds` that these passes over `context` tokens need at least, for reading memory alone.

        >>> Memory(1000.0, Reads(90, 1), Reads(5, 0)).share(target_passes=4, draft_passes=20, context=10, seconds=2.0)
        0.25
        """
        passes = [(self.target, target_passes), *([(self.draft, draft_passes)] if self.draft else [])]
        needed = sum(count * (model.weights + context * model.per_token) for model, count in passes)
        return needed / self.speed / seconds


def memory(pair: Pair) -> Memory | None:
    """The memory bandwidth of a pair's device, measured, and the bytes that its models read.

    None unless the device is a CUDA GPU, since the caches of a CPU can hold a small model, and None for an
    encoder–decoder, whose decoder also reads the encoder's output.
    """
    if pair.target.device.type != "cuda" or pair.target.encoder_decoder:
        return None
    return Memory(copy_speed(pair.target.device), reads(pair.target), reads(pair.draft) if pair.draft else None)


def reads(model: LanguageModel) -> Reads:
    """The bytes that one pass of a model reads: all weights except embedding tables, of which a pass reads single
    rows only, and the KV cache."""
    layers = model.module.modules()
    tables = {id(layer.weight) for layer in layers if isinstance(layer, torch.nn.Embedding)}
    tables.discard(id(model.module.get_output_embeddings().weight))  # tied with the output layer: read whole
    session = model.session()
    session.prefill([0])
    slots = _bytes(session.cache.buffers())
    return Reads(_bytes(w for w in model.module.parameters() if id(w) not in tables), slots // session.cache.size)


def _bytes(tensors: Iterable[torch.Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def copy_speed(device: torch.device, size: int = COPIED) -> float:
    """Bytes per second, reads and writes together, of copies within a device: the median of a few repetitions."""
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
