"""A causal language model of transformers behind one static-shape step function."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from specdec.device.transfer import upload
from specdec.models.accelerator import EAGER, Accelerator, Chain, ChainInputs, PassInputs
from specdec.models.kv_cache import SlotCache
from specdec.models.session import Session
from specdec.sampling import Choice


@dataclass(frozen=True)
class LanguageModel:
    """Weights and tokenizer; holds no state of a run. `name` is a hub id or a folder's last part; `accelerator`: how
    its short passes are run."""

    name: str
    module: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    accelerator: Accelerator = EAGER

    encoder_decoder: ClassVar[bool] = False

    @cached_property
    def device(self) -> torch.device:
        """Where its tokens go: embeddings come first, also in a model that is spread over several devices."""
        return self.module.device

    @cached_property
    def start(self) -> list[int]:
        """Tokens that a decoder begins with which has an encoder before it; none here."""
        return []

    @property
    def dtype(self) -> str:
        return str(self.module.dtype).removeprefix("torch.")

    @property
    def mode(self) -> str:
        """How its passes are run."""
        return self.accelerator.mode

    @cached_property
    def config(self):
        return self.module.config.get_text_config()

    @cached_property
    def layers(self) -> int:
        return self.config.num_hidden_layers

    @cached_property
    def vocab_size(self) -> int:
        """Entries of the output layer: at least the tokenizer's, often padded beyond."""
        return self.module.get_output_embeddings().weight.shape[0]

    @cached_property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.module.parameters())

    @cached_property
    def limit(self) -> int:
        """The longest sequence it is exact for: its positions, or its attention window if it has one."""
        bounds = [getattr(self.config, name, None) for name in ("max_position_embeddings", "sliding_window")]
        if not self._slides:
            bounds = bounds[:1]
        return min((b for b in bounds if b), default=1 << 20)

    @cached_property
    def _slides(self) -> bool:
        kinds = getattr(self.config, "layer_types", None)
        return "sliding_attention" in kinds if kinds else getattr(self.config, "use_sliding_window", True)

    @cached_property
    def end_ids(self) -> frozenset[int]:
        """Tokens that end a text."""
        generation = self.module.generation_config
        found = generation.eos_token_id if generation is not None else None
        if found is None:
            found = self.config.eos_token_id if self.config.eos_token_id is not None else self.tokenizer.eos_token_id
        return frozenset([found] if isinstance(found, int) else found or ())

    def begin(self, prompt: str) -> tuple[list[int], list[int]]:
        """What an encoder reads (nothing, here), and the tokens the text goes on from. Where a chat template has
        written out the token that texts begin with, the tokenizer does not put another one before it."""
        first = self.tokenizer.bos_token
        opened = bool(first) and prompt.startswith(first)
        return [], self.tokenizer.encode(prompt, add_special_tokens=not opened)

    def session(self, keeps_hidden: bool = False) -> Session:
        return Session(self, keeps_hidden)

    def cache(self) -> SlotCache:
        return self.accelerator.lease() or SlotCache(self.layers)

    def release(self, cache: SlotCache) -> None:
        """A cache that was asked for is no longer needed."""
        self.accelerator.release(cache)

    def tensor(self, ids: list[int]) -> Tensor:
        return upload(ids, torch.long, self.device)

    @torch.inference_mode()
    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        """run(inputs), the steps of a chain and the choices between them, as quickly as can be."""
        return self.accelerator.chain(cache, choice, length, run, inputs) if cache.is_ready else run(inputs)

    @torch.inference_mode()
    def step(
        self, cache: SlotCache, inputs: PassInputs, outputs: int, keep_hidden: bool = False, once: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Logits [outputs, V] of the last tokens; and, if asked for, what the output layer saw to compute them,
        [outputs, H]. `once`: another pass of this length is not to be expected, so nothing is prepared for it.

        Keys and values go into the cache's slots, in place. The only way anything here runs a model.
        """
        if not once and self.accelerator.takes(cache, inputs):
            logits, hidden = self.accelerator.forward(cache, inputs)
            return logits[-outputs:], hidden[-outputs:] if keep_hidden else None
        return self.eager(cache, inputs, outputs, keep_hidden)

    def eager(
        self, cache: SlotCache, inputs: PassInputs, outputs: int, keep_hidden: bool
    ) -> tuple[Tensor, Tensor | None]:
        """A step by the modules of transformers, one operation after the other; no `outputs` mean all."""
        cache.slots = inputs.slots
        seen: list[Tensor] = []
        with _watched(self.module.get_output_embeddings(), seen) if keep_hidden else nullcontext():
            logits = self._run(cache, inputs, outputs)
        return logits, seen[0] if seen else None

    def _run(self, cache: SlotCache, inputs: PassInputs, outputs: int) -> Tensor:
        result = self.module(
            input_ids=inputs.ids[None],
            position_ids=inputs.positions[None],
            attention_mask=self.added(inputs.mask),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=outputs,
        )
        return result.logits[0]

    def added(self, mask: Tensor) -> Tensor:
        """What attention adds to its scores, [1, 1, T, L]: every layer would make that of a boolean mask by itself."""
        return torch.zeros_like(mask, dtype=self.module.dtype).masked_fill(~mask, -torch.inf)[None, None]


@contextmanager
def _watched(layer: torch.nn.Module, seen: list[Tensor]) -> Iterator[None]:
    """While open, what goes into a layer is noted, [T, H]: whatever the architecture calls its last hidden state."""
    hook = layer.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][0]))
    try:
        yield
    finally:
        hook.remove()
