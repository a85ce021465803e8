"""The KV cache: keys and values in numbered slots, preallocated and written in place.

A token's position is its place in the sequence; its slot is where its keys and values are stored. On a committed
sequence both are equal; the branches of a draft tree share positions but not slots. Only the attention mask decides
which slots a token sees, so removing tokens means only to reduce a length, without copying.
"""

from collections.abc import Hashable
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

BUCKET = 64  # slots that buffers grow by; a small number, since attention reads empty slots too


def bucketed(length: int, bucket: int = BUCKET) -> int:
    """The buffer length for at least `length` slots: a multiple of `bucket`, and not 0.

    >>> bucketed(1), bucketed(64), bucketed(65), bucketed(700, 256)
    (64, 64, 128, 768)
    """
    return max(1, -(-length // bucket)) * bucket


class SlotLayer(CacheLayerMixin):
    """One layer's keys and values, [1, heads, L, head size] each: views of the first L slots of buffers that may be
    larger. `cache.slots` must be set before a pass."""

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
        """Copy the contents of slots to others. The ranges may overlap, since `index_select` reads everything before
        anything is written."""
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
    """A model's KV cache: one SlotLayer for every layer. They share the size L, which grows by `bucket`, and the slots
    of the current pass.

    Buffers keep their addresses until L exceeds the capacity; CUDA graphs recorded over them (`recordings`) remain
    valid that long.
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
        """Grow the buffers to at least `length` slots; their contents are kept."""
        if length > self.size:
            self._resize(bucketed(length, self.bucket))

    @torch.inference_mode()  # the buffers are inference tensors
    def clear(self) -> None:
        """Set all buffers to zero and return to the smallest size. Zeroing matters because a mask does not hide
        NaN."""
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
        """Whether the buffers are allocated, which a model's first pass does."""
        return self.layers[-1].is_initialized

    def buffers(self) -> list[Tensor]:
        """The tensors that a pass reads and writes: every layer's keys and values."""
        return [buffer for layer in self.layers for buffer in (layer.keys, layer.values)]

    def put(self, buffers: list[Tensor]) -> None:
        """Use other buffers instead, in the order of `buffers`."""
        self.size = buffers[0].shape[2]
        for layer, keys, values in zip(self.layers, buffers[::2], buffers[1::2], strict=True):
            layer.put(keys, values)

    @torch.inference_mode()  # the buffers are inference tensors
    def move(self, source: Tensor, target: Tensor) -> None:
        for layer in self.layers:
            layer.move(source, target)
