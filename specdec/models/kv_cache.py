"""Keys and values in numbered slots, preallocated and written in place.

A position in the sequence says where a token stands; a slot says where its keys and values lie. On a committed
sequence both are equal; the branches of a draft tree share positions but not slots. Who may see whom is the mask's
business alone, so forgetting a token is moving a length: no copy, no concatenation.
"""

from collections.abc import Hashable
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

BUCKET = 64  # slots that buffers grow by: attention reads empty ones too, so few stay empty


def bucketed(length: int, bucket: int = BUCKET) -> int:
    """The buffer length that holds `length` slots.

    >>> bucketed(1), bucketed(64), bucketed(65), bucketed(700, 256)
    (64, 64, 128, 768)
    """
    return max(1, -(-length // bucket)) * bucket


class SlotLayer(CacheLayerMixin):
    """One layer's buffers, [1, heads, L, head size]: the first L slots of memory that may hold more. Whoever runs the
    model sets `cache.slots` first."""

    is_sliding = False

    def __init__(self, cache: "SlotCache") -> None:
        super().__init__()
        self.cache = cache

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        self._memory = [
            torch.zeros(*x.shape[:2], self.cache.capacity, x.shape[-1], dtype=x.dtype, device=x.device)
            for x in (key_states, value_states)
        ]
        self.is_initialized = True
        self.resize(self.cache.size)

    def update(self, key_states: Tensor, value_states: Tensor, *args, **kwargs) -> tuple[Tensor, Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        slots = self.cache.slots_on(self.keys.device)
        self.keys.index_copy_(2, slots, key_states)
        self.values.index_copy_(2, slots, value_states)
        return self.keys, self.values

    def resize(self, size: int) -> None:
        if self.is_initialized:
            if (grown := size - self._memory[0].shape[2]) > 0:
                self._memory = [torch.nn.functional.pad(x, (0, 0, 0, grown)) for x in self._memory]
            self.put(*(x[:, :, :size] for x in self._memory))

    def clear(self) -> None:
        if self.is_initialized:
            for buffer in self._memory:
                buffer.zero_()

    def put(self, keys: Tensor, values: Tensor) -> None:
        self.keys, self.values, self.is_initialized = keys, values, True

    def move(self, source: Tensor, target: Tensor) -> None:
        """Copy slots; `index_select` reads all before anything is written, so ranges may overlap."""
        source, target = source.to(self.keys.device), target.to(self.keys.device)
        for buffer in (self.keys, self.values):
            buffer.index_copy_(2, target, buffer.index_select(2, source))

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return self.cache.size, 0

    def get_seq_length(self) -> Tensor | int:
        return 0  # positions and masks are always given explicitly; nobody may derive them from here

    def get_max_length(self) -> int:
        return -1


class SlotCache(Cache):
    """A SlotLayer for every layer of a model, sharing one size L, which grows by `bucket`, and the slots of the pass
    that runs.

    Within the capacity it begins with, buffers stay where they are; recordings of passes over them (`graphs`) last as
    long.
    """

    def __init__(self, layers: int, capacity: int = BUCKET, bucket: int = BUCKET) -> None:
        self.bucket, self.size, self.capacity = bucket, bucket, capacity
        self.slots: Tensor | None = None
        self.recordings: dict[Hashable, Any] = {}
        super().__init__(layers=[SlotLayer(self) for _ in range(layers)])

    def slots_on(self, device: torch.device) -> Tensor:
        """The slots of the pass, for a layer that may lie on another GPU than its tokens."""
        assert self.slots is not None, "a pass says where its tokens go"
        return self.slots if self.slots.device == device else self.slots.to(device)

    def reserve(self, length: int) -> None:
        """Make room for `length` slots; keeps what is there."""
        if length > self.size:
            self._resize(bucketed(length, self.bucket))

    @torch.inference_mode()  # the buffers were made in it
    def clear(self) -> None:
        """Be as a new one: small, and without a trace of what was written. No mask hides what is not a number."""
        for layer in self.layers:
            layer.clear()
        self._resize(self.bucket)

    def _resize(self, size: int) -> None:
        self.size = size
        if size > self.capacity:
            self.capacity = size
            self.recordings.clear()
        for layer in self.layers:
            layer.resize(size)

    @property
    def is_ready(self) -> bool:
        """Whether the buffers are there: a model's first pass makes them."""
        return self.layers[-1].is_initialized

    def buffers(self) -> list[Tensor]:
        """All that a pass reads and writes here: every layer's keys and values."""
        return [buffer for layer in self.layers for buffer in (layer.keys, layer.values)]

    def put(self, buffers: list[Tensor]) -> None:
        """Stand on other buffers, in that order."""
        self.size = buffers[0].shape[2]
        for layer, keys, values in zip(self.layers, buffers[::2], buffers[1::2], strict=True):
            layer.put(keys, values)

    @torch.inference_mode()  # the buffers were made in it
    def move(self, source: Tensor, target: Tensor) -> None:
        for layer in self.layers:
            layer.move(source, target)
