"""Encoder–decoders: an encoder reads the prompt once, a decoder writes the output.

The decoder is a language model like any other; its committed token list begins with the decoder's start token. Two
things are special. The encoder's states, and the cross-attention keys and values that every decoder layer computes
from them, are computed once a run. And these decoders take no position ids: they number the tokens of a pass from the
length of the cache, so the cache reports where the pass begins. This is correct for chains, after any rewind, but not
for the branches of a tree, which share positions.
"""

from functools import cached_property

import torch
from torch import Tensor
from transformers.cache_utils import DynamicCache, DynamicLayer, EncoderDecoderCache
from transformers.modeling_outputs import BaseModelOutput

from specdec.errors import UserError
from specdec.models.accelerator import PassInputs
from specdec.models.kv_cache import SlotCache, SlotLayer
from specdec.models.language_model import LanguageModel
from specdec.models.session import Session

KINDS = ("t5", "mt5", "umt5", "bart", "pegasus")  # the tests compare each one with passes without a cache
LIMIT = 8192  # tokens: relative positions have no end, but here the encoder's bias, heads × length², takes 2 GiB


class PlacedLayer(SlotLayer):
    def get_seq_length(self) -> Tensor | int:
        """The position at which the pass begins, which on a chain is its first slot. It is a tensor, so that the host
        does not wait for the device."""
        return 0 if self.cache.slots is None else self.cache.slots[0]


class EncodedCache(EncoderDecoderCache):
    """The cache of an encoder–decoder: the decoder's slots, the encoder's states [1, S, H], and the cross-attention
    keys and values, which the first pass computes."""

    def __init__(self, layers: int, encoded: Tensor | None = None) -> None:
        own = SlotCache(layers)
        own.layers = [PlacedLayer(own) for _ in range(layers)]
        super().__init__(own, DynamicCache())
        self.encoded = encoded

    @property
    def size(self) -> int:
        return self.self_attention_cache.size

    @property
    def slots(self) -> Tensor | None:
        return self.self_attention_cache.slots

    @slots.setter
    def slots(self, slots: Tensor) -> None:
        self.self_attention_cache.slots = slots

    @property
    def is_ready(self) -> bool:
        return self.self_attention_cache.is_ready

    def buffers(self) -> list[Tensor]:
        """The decoder's buffers, the encoder's states, and every layer's cross-attention keys and values."""
        read = [buffer for layer in self.cross_attention_cache.layers for buffer in (layer.keys, layer.values)]
        return [*self.self_attention_cache.buffers(), self.encoded, *read]

    def put(self, buffers: list[Tensor]) -> None:
        own = 2 * len(self.self_attention_cache.layers)
        self.self_attention_cache.put(buffers[:own])
        self.encoded, *read = buffers[own:]
        for index, (keys, values) in enumerate(zip(read[::2], read[1::2], strict=True)):
            layer = DynamicLayer()
            layer.keys, layer.values, layer.is_initialized = keys, values, True
            self.cross_attention_cache.layers.append(layer)
            self.is_updated[index] = True

    def reserve(self, length: int) -> None:
        self.self_attention_cache.reserve(length)

    def move(self, source: Tensor, target: Tensor) -> None:
        self.self_attention_cache.move(source, target)


class EncoderDecoderSession(Session):
    """The session of a sequence that a decoder writes, for a prompt that the encoder has read."""

    model: "EncoderDecoderModel"

    def begin(self, prompt: list[int]) -> Tensor | None:
        """Run the encoder over the prompt, and the decoder once, which computes the cross-attention keys and
        values."""
        self.cache = EncodedCache(self.model.layers, self.model.encode(prompt))
        self.tokens, self.parents = [], []
        return self.prefill(self.model.start)


class EncoderDecoderModel(LanguageModel):
    """An encoder–decoder as a LanguageModel. Its distribution is the model's own: generation settings that change it
    (no repeated n-grams, a minimum length) are ignored."""

    encoder_decoder = True

    @cached_property
    def layers(self) -> int:
        """The number of the decoder's layers."""
        names = ("num_decoder_layers", "decoder_layers")
        return next(getattr(self.config, name) for name in names if hasattr(self.config, name))

    @cached_property
    def limit(self) -> int:
        return getattr(self.config, "max_position_embeddings", None) or LIMIT

    @cached_property
    def start(self) -> list[int]:
        """The tokens that the decoder begins with: its start token, and for BART's models a forced first token."""
        generation, config = self.module.generation_config, self.config
        first, forced = generation.decoder_start_token_id, generation.forced_bos_token_id
        first = config.decoder_start_token_id if first is None else first
        return [first] if forced is None else [first, forced]

    def begin(self, prompt: str) -> tuple[list[int], list[int]]:
        """The encoder's input, with the end token that the tokenizer adds, and the decoder's first tokens."""
        return self.known(self.tokenizer.encode(prompt)), list(self.start)

    def session(self, keeps_hidden: bool = False) -> Session:
        return EncoderDecoderSession(self, keeps_hidden)

    def cache(self) -> EncodedCache:
        return EncodedCache(self.layers)

    @torch.inference_mode()
    def encode(self, source: list[int]) -> Tensor:
        """The encoder's states for an input of S tokens, [1, S, H]."""
        return self.module.get_encoder()(input_ids=self.tensor(source)[None]).last_hidden_state

    def _run(self, cache: EncodedCache, inputs: PassInputs, outputs: int) -> Tensor:
        """Run the decoder. It takes the positions from the cache. The encoder's input has no padding, so it needs no
        mask."""
        result = self.module(
            encoder_outputs=BaseModelOutput(last_hidden_state=cache.encoded),
            decoder_input_ids=inputs.ids[None],
            decoder_attention_mask=self.added(inputs.mask),
            cache=cache,
            use_cache=True,
        )
        return result.logits[0, -outputs:]  # with outputs = 0, all of them


def check_alike(target: LanguageModel, draft: LanguageModel) -> None:
    """Raises UserError if only one of the two models has an encoder, since their inputs would differ."""
    if target.encoder_decoder != draft.encoder_decoder:
        key = "errors.encoder_draft" if draft.encoder_decoder else "errors.encoder_target"
        raise UserError(key, target=target.name, draft=draft.name)
