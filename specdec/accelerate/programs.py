"""Passes as programs that can be compiled: pure functions of tensors, described by their shapes.

Compiled code depends on shapes and not on weights. So a program describes its shapes as plain JSON values, and the
worker process builds a program of the same shapes, with uninitialized weights.
"""

from abc import abstractmethod
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.export import Dim
from transformers import LlamaConfig, PreTrainedConfig
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from specdec.models.accelerator import PassInputs
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.heads import EagleHead
from specdec.models.kv_cache import SlotCache
from specdec.models.language_model import LanguageModel
from specdec.models.synthetic import blank
from specdec.sampling import distribution_of_kind, draw

PROMPT, SLOTS, SOME = 11, 300, 5  # lengths of the prompt, cache and pass in tracing, for dimensions that are variable
UNIMPORTANT = {"_name_or_path", "transformers_version", "architectures", "dtype"}  # config fields without an effect


class Code(nn.Module):
    """A program to be compiled: a pure function of tensors, forward(*inputs)."""

    dtype: torch.dtype

    @property
    def threads(self) -> int:
        """The number of threads that the code uses."""
        return torch.get_num_threads()

    @abstractmethod
    def shapes(self) -> dict[str, Any]:
        """Everything that the code depends on besides number format and machine, as JSON values."""

    @classmethod
    @abstractmethod
    def build(cls, shapes: dict[str, Any], dtype: torch.dtype) -> Self:
        """A program of these shapes, with arbitrary weights."""

    @abstractmethod
    def trace(self, tokens: int | None) -> torch.export.ExportedProgram:
        """The exported program for a pass over `tokens` tokens; over any number from 2 on if None."""


class Pass(Code):
    """A pass as a program, forward(*inputs, buffers) → logits [T, V] and hidden states [T, H]. The inputs are the
    tensors of a `PassInputs`, the buffers those of a cache, whose lengths are variable dimensions."""

    @abstractmethod
    def cache(self) -> SlotCache:
        """A cache whose buffers are allocated, to trace with."""

    def worked_on(self, cache: SlotCache) -> list[Tensor]:
        """The buffers of a cache that the pass reads and writes."""
        return cache.buffers()

    def inputs(self, tokens: int, size: int) -> list[Tensor]:
        """Example inputs of a pass over `tokens` tokens and a cache of `size` slots, to trace with."""
        return _some(tokens, size).tensors()

    @torch.no_grad()
    def trace(self, tokens: int | None) -> torch.export.ExportedProgram:
        cache = self.cache()
        cache.reserve(SLOTS)
        buffers = [buffer.clone() for buffer in self.worked_on(cache)]
        slots, prompt = (Dim(name, min=2, max=1 << 20) for name in ("slots", "prompt"))
        some = {} if tokens else {0: Dim("tokens", min=2, max=1 << 16)}
        lengths = [{one.ndim - 2: slots if one.shape[-2] == cache.size else prompt} for one in buffers]
        inputs = self.inputs(tokens or SOME, cache.size)
        free = [some | ({1: slots} if one.dtype == torch.bool else {}) for one in inputs]
        return torch.export.export(self, (*inputs, buffers), dynamic_shapes=(*free, lengths), strict=False)


class ModelPass(Pass):
    """A language model's pass as a program."""

    def __init__(self, model: LanguageModel) -> None:
        super().__init__()
        self.model, self.module, self.dtype = model, model.module, model.module.dtype

    def shapes(self) -> dict[str, Any]:
        return {"kind": "model", "config": _relevant(self.module.config)}

    @classmethod
    def build(cls, shapes: dict[str, Any], dtype: torch.dtype) -> Self:
        config = CONFIG_MAPPING[shapes["config"]["model_type"]].from_dict(shapes["config"])
        kind = EncoderDecoderModel if config.is_encoder_decoder else LanguageModel
        return cls(kind("shapes", blank(config, dtype), None))

    def cache(self) -> SlotCache:
        session = self.model.session()
        session.begin([0] * PROMPT)
        return session.cache

    def worked_on(self, cache: SlotCache) -> list[Tensor]:
        """The buffers of this model's layers: the first layers of a model share the cache of the whole model."""
        found = cache.buffers()
        return found if self.model.encoder_decoder else found[: 2 * self.model.layers]

    def forward(
        self, ids: Tensor, slots: Tensor, positions: Tensor, mask: Tensor, buffers: list[Tensor]
    ) -> tuple[Tensor, ...]:
        cache = self.model.cache()
        cache.put(buffers)
        logits, hidden = self.model.eager(cache, PassInputs(ids, slots, positions, mask), outputs=0, keep_hidden=True)
        assert hidden is not None  # it was asked for
        return logits, hidden


class GuessPass(ModelPass):
    """Several steps of a draft chain as one program, each token chosen from the logits after the one before:
    forward(id [1], slot [1], coins [T], numbers [2], buffers) → tokens [T], distributions [T, V], next slot [1].
    `choice` is the kind of a `specdec.sampling.Choice`, and `numbers` are its temperature and top-p."""

    def __init__(self, model: LanguageModel, choice: str) -> None:
        super().__init__(model)
        self.choice = choice

    def shapes(self) -> dict[str, Any]:
        return {**super().shapes(), "kind": "guess", "choice": self.choice}

    @classmethod
    def build(cls, shapes: dict[str, Any], dtype: torch.dtype) -> Self:
        return cls(ModelPass.build(shapes, dtype).model, shapes["choice"])

    def inputs(self, tokens: int, size: int) -> list[Tensor]:
        first = _some(1, size)
        return [first.ids, first.slots, torch.zeros(tokens, dtype=torch.float64), torch.ones(2)]

    def forward(
        self, ids: Tensor, slots: Tensor, coins: Tensor, numbers: Tensor, buffers: list[Tensor]
    ) -> tuple[Tensor, ...]:
        places, links = torch.arange(buffers[0].shape[-2]), []
        for coin in coins.split(1):
            logits, _ = super().forward(ids, slots, slots, places <= slots[:, None], buffers)
            q = distribution_of_kind(self.choice, logits, numbers)
            ids, slots = logits.argmax(-1) if self.choice == "greedy" else draw(q, coin), slots + 1
            links.append((ids, q))
        return *map(torch.cat, zip(*links, strict=True)), slots


class EaglePass(Pass):
    """The pass of an EAGLE head as a program, including the target's embeddings and output layer."""

    def __init__(self, head: EagleHead, embed: nn.Embedding, output: nn.Linear) -> None:
        super().__init__()
        self.head, self.embed, self.output, self.dtype = head, embed, output, head.fc.weight.dtype

    def shapes(self) -> dict[str, Any]:
        sizes = {"embed": list(self.embed.weight.shape), "output": list(self.output.weight.shape)}
        biases = {"bias": self.head.fc.bias is not None, "output_bias": self.output.bias is not None}
        return {"kind": "eagle", "config": _relevant(self.head.llama), **sizes, **biases}

    @classmethod
    def build(cls, shapes: dict[str, Any], dtype: torch.dtype) -> Self:
        embed, (entries, hidden) = nn.Embedding(*shapes["embed"]), shapes["output"]
        output = nn.Linear(hidden, entries, bias=shapes["output_bias"])
        head = EagleHead(LlamaConfig.from_dict(shapes["config"]), embed.embedding_dim, shapes["bias"])
        return cls(head.to(dtype), embed.to(dtype), output.to(dtype))

    def cache(self) -> SlotCache:
        cache, place = SlotCache(layers=1), torch.arange(1)
        cache.slots = place
        features = torch.zeros(1, self.output.weight.shape[1], dtype=self.dtype)
        self.head(self.embed(place), features, place, torch.arange(cache.size)[None] < 1, cache)
        return cache

    def inputs(self, tokens: int, size: int) -> list[Tensor]:
        features = torch.zeros(tokens, self.output.weight.shape[1], dtype=self.dtype)
        return _some(tokens, size)._replace(features=features).tensors()

    def forward(
        self, ids: Tensor, slots: Tensor, positions: Tensor, mask: Tensor, features: Tensor, buffers: list[Tensor]
    ) -> tuple[Tensor, Tensor]:
        cache = SlotCache(layers=1)
        cache.put(buffers)
        cache.slots = slots
        made = self.head(self.embed(ids), features, positions, mask, cache)
        return self.output(made), made


def _some(tokens: int, size: int) -> PassInputs:
    """Example inputs: the first `tokens` tokens of a sequence, over a cache of `size` slots."""
    ids, slots, positions = (torch.arange(tokens) for _ in range(3))
    return PassInputs(ids, slots, positions, torch.ones(tokens, size, dtype=torch.bool).tril())


def _relevant(config: PreTrainedConfig) -> dict[str, Any]:
    return {name: value for name, value in config.to_dict().items() if name not in UNIMPORTANT}
