"""A causal language model of transformers, with a single step function through which all its passes run."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import ClassVar

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from specdec.device.transfer import upload
from specdec.errors import UserError
from specdec.models import chat
from specdec.models.accelerator import EAGER, Accelerator, Chain, ChainInputs, PassInputs
from specdec.models.kv_cache import SlotCache
from specdec.models.session import Session
from specdec.sampling import Choice

SLIDING = "sliding_attention"  # what transformers calls a layer that sees a window
ADJUSTMENTS = {  # of a generation config, with the values that change nothing
    "repetition_penalty": 1.0,
    "encoder_repetition_penalty": 1.0,
    "no_repeat_ngram_size": 0,
    "encoder_no_repeat_ngram_size": 0,
    "min_length": 0,
    "min_new_tokens": 0,
    "bad_words_ids": None,
    "suppress_tokens": None,
    "begin_suppress_tokens": None,
    "forced_eos_token_id": None,
    "sequence_bias": None,
    "exponential_decay_length_penalty": None,
    "guidance_scale": 1.0,
    "num_beams": 1,
}


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
        """The device of the token ids: that of the embeddings, if the model is spread over several devices."""
        return self.module.device

    @cached_property
    def start(self) -> list[int]:
        """The token ids that the decoder of an encoder–decoder begins with; none for a decoder-only model."""
        return []

    @property
    def dtype(self) -> str:
        return str(self.module.dtype).removeprefix("torch.")

    @property
    def mode(self) -> str:
        """How its passes are run: `eager`, `compiled` or `graphs`."""
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
    def cached_layers(self) -> int:
        """The number of layers with their own keys and values: in some families the last layers read those of an
        earlier layer."""
        return self.layers - (getattr(self.config, "num_kv_shared_layers", None) or 0)

    @cached_property
    def limit(self) -> int:
        """The longest sequence in tokens for which passes are exact: the number of positions, or less. LongRoPE uses
        other rotation factors in passes that reach beyond the original context, so results would depend on how a text
        is divided into passes; local attention as in GPT-Neo counts its window in slots."""
        bounds = [getattr(self.config, "max_position_embeddings", None), self.original_context]
        if "local" in (getattr(self.config, "attention_layers", None) or ()):
            bounds.append(self.config.window_size)
        return min((b for b in bounds if b), default=1 << 20)

    @cached_property
    def original_context(self) -> int | None:
        """The length in tokens up to which LongRoPE uses its short factors; None for other position encodings."""
        rope = getattr(self.config, "rope_parameters", None) or {}
        kinds = [one for one in (rope, *rope.values()) if isinstance(one, dict) and one.get("rope_type") == "longrope"]
        own = getattr(self.config, "original_max_position_embeddings", None)
        found = [one.get("original_max_position_embeddings", own) for one in kinds]
        return min((length for length in found if length is not None), default=None)

    @cached_property
    def window(self) -> int | None:
        """The window of sliding-window layers in tokens, the token itself included; None without such layers."""
        kinds = getattr(self.config, "layer_types", None)
        slides = SLIDING in kinds if kinds else getattr(self.config, "use_sliding_window", True)
        return getattr(self.config, "sliding_window", None) if slides else None

    @cached_property
    def end_ids(self) -> frozenset[int]:
        """The ids of tokens that end a text: those of the generation config, the model and the tokenizer, and the end
        of a turn in the chat template. Chat models are often published without one of them, and would continue after
        their turn."""
        generation = self.module.generation_config
        found = [generation.eos_token_id if generation is not None else None, self.config.eos_token_id]
        found += [self.tokenizer.eos_token_id, chat.end_of_turn(self.tokenizer)] if self.tokenizer is not None else []
        lists = [[one] if isinstance(one, int) else one or () for one in found]
        return frozenset(chain.from_iterable(lists))

    @cached_property
    def unfollowed(self) -> tuple[str, ...]:
        """The names of settings in the generation config that would change the distribution and are not applied."""
        generation = self.module.generation_config
        asked = ((name, getattr(generation, name, None)) for name in ADJUSTMENTS)
        return tuple(name for name, value in asked if value and value != ADJUSTMENTS[name])

    def begin(self, prompt: str) -> tuple[list[int], list[int]]:
        """The encoder's token ids (none for a decoder-only model) and the token ids of the prompt. A text from a chat
        template already contains its special tokens, so the tokenizer adds none. Raises UserError for a token that the
        model lacks."""
        return [], self.known(self.tokenizer.encode(prompt, add_special_tokens=not isinstance(prompt, chat.Templated)))

    def known(self, ids: list[int]) -> list[int]:
        """The same ids. Raises UserError for one beyond the embeddings, if the tokenizer has more entries than the
        model."""
        size = self.module.get_input_embeddings().weight.shape[0]
        if (strange := next((one for one in ids if one >= size), None)) is not None:
            token = self.tokenizer.convert_ids_to_tokens(strange)
            raise UserError("errors.token_unknown", token=token, model=self.name, size=f"{size:,}")
        return ids

    def session(self, keeps_hidden: bool = False) -> Session:
        return Session(self, keeps_hidden)

    def cache(self) -> SlotCache:
        return self.accelerator.lease() or SlotCache(self.cached_layers)

    def release(self, cache: SlotCache) -> None:
        """Take back a cache that `cache` returned, when it is no longer needed."""
        self.accelerator.release(cache)

    def tensor(self, ids: list[int]) -> Tensor:
        return upload(ids, torch.long, self.device)

    @torch.inference_mode()
    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        """The result of run(inputs), the steps of a chain and the choices between them, computed by the accelerator if
        it can."""
        return self.accelerator.chain(cache, choice, length, run, inputs) if cache.is_ready else run(inputs)

    @torch.inference_mode()
    def step(
        self, cache: SlotCache, inputs: PassInputs, outputs: int, keep_hidden: bool = False, once: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Logits [outputs, V] of the last tokens; and, if asked for, the inputs of the output layer [outputs, H].
        `once`: no other pass of this length is expected, so nothing is prepared for it.

        Keys and values are written to the cache in place. All passes of a model go through this method.
        """
        if not once and self.accelerator.takes(cache, inputs):
            logits, hidden = self.accelerator.forward(cache, inputs)
            return logits[-outputs:], hidden[-outputs:] if keep_hidden else None
        return self.eager(cache, inputs, outputs, keep_hidden)

    def eager(
        self, cache: SlotCache, inputs: PassInputs, outputs: int, keep_hidden: bool
    ) -> tuple[Tensor, Tensor | None]:
        """A step in eager mode, by the modules of transformers. With `outputs` 0, the logits of all tokens."""
        cache.slots = inputs.slots
        seen: list[Tensor] = []
        with _watched(self.module.get_output_embeddings(), seen) if keep_hidden else nullcontext():
            logits = self._run(cache, inputs, outputs)
        return logits, seen[0] if seen else None

    def _run(self, cache: SlotCache, inputs: PassInputs, outputs: int) -> Tensor:
        result = self.module(
            input_ids=inputs.ids[None],
            position_ids=inputs.positions[None],
            attention_mask=self.masks(inputs.mask),
            cache=cache,
            use_cache=True,
            logits_to_keep=outputs,
        )
        return result.logits[0]

    def masks(self, mask: Tensor) -> Tensor | dict[str, Tensor]:
        """The attention mask as a term added to the scores; one for each type of layer if only some layers have a
        window."""
        if self.window is None:
            return self.added(mask)
        sliding = self.added(windowed(mask, self.window))
        kinds = set(getattr(self.config, "layer_types", None) or ())
        return (
            {SLIDING: sliding, **{one: self.added(mask) for one in kinds - {SLIDING}}} if len(kinds) > 1 else sliding
        )

    def added(self, mask: Tensor) -> Tensor:
        """A boolean mask as a term added to the scores, [1, 1, T, L]. Otherwise each layer would convert it again."""
        return torch.zeros_like(mask, dtype=self.module.dtype).masked_fill(~mask, -torch.inf)[None, None]


def windowed(mask: Tensor, window: int) -> Tensor:
    """The mask [T, L] bool restricted to the last `window` slots that each row sees. Ancestors are in slots in the
    order of their positions, also in a tree.

    >>> windowed(torch.tensor([[True, True, False, True]]), 2).tolist()
    [[False, True, False, True]]
    """
    return mask & (mask.flip(-1).cumsum(-1).flip(-1) <= window)


@contextmanager
def _watched(layer: torch.nn.Module, seen: list[Tensor]) -> Iterator[None]:
    """A context in which the inputs of a layer [T, H] are appended to `seen`. At the output layer these are the last
    hidden states, whatever the architecture calls them."""
    hook = layer.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][0]))
    try:
        yield
    finally:
        hook.remove()
