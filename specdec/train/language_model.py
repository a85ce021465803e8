"""A small Llama model: its dimensions, initialization and training loss."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel, PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train.corpus import Rows
from specdec.train.loss import token_loss


@dataclass(frozen=True)
class Shape:
    """The dimensions of a Llama model. Attention heads have 64 dimensions, as in most larger Llama models."""

    layers: int = 12
    width: int = 256
    head_width: int = 64
    positions: int = 2048

    @property
    def feed_forward(self) -> int:
        """The hidden size of the SwiGLU layers: 8/3 of the width, rounded up to a multiple of 16 (Shazeer 2020;
        Touvron et al. 2023)."""
        return math.ceil(self.width * 8 / 3 / 16) * 16


def build_model(shape: Shape, tokenizer: PreTrainedTokenizerFast, seed: int) -> LlamaForCausalLM:
    """A randomly initialized model with tied embeddings. Raises UserError if the width is not a multiple of the head
    width."""
    if shape.width % shape.head_width:
        raise UserError("train.width", width=shape.width, head_width=shape.head_width)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.width,
        intermediate_size=shape.feed_forward,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.width // shape.head_width,
        num_key_value_heads=shape.width // shape.head_width,
        max_position_embeddings=shape.positions,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


@torch.no_grad()
def grow(model: LlamaForCausalLM, seed: LlamaForCausalLM) -> None:
    """Initialize a deep model from a shallower one by repeating its layers in order (stacking, Gong et al. 2019)."""
    for name in ("embed_tokens", "norm"):
        getattr(model.model, name).load_state_dict(getattr(seed.model, name).state_dict())
    for index, layer in enumerate(model.model.layers):
        layer.load_state_dict(seed.model.layers[index % len(seed.model.layers)].state_dict())


@dataclass(frozen=True)
class EarlyExit:
    """LayerSkip training (Elhoushi et al. 2024): layer dropout, which grows with depth, and an additional loss at an
    early layer, so that the first layers alone predict well.

    dropout: the probability of skipping the last layer; it decreases exponentially towards the first. weight: the
    share of the early loss in the total.
    """

    dropout: float = 0.1
    weight: float = 0.2

    def skipped(self, layers: int, random: np.random.Generator) -> np.ndarray:
        """Which layers are skipped in this micro-batch, [layers] bool."""
        chance = self.dropout * np.expm1(np.arange(layers) * math.log(2) / max(1, layers - 1))
        return random.random(layers) < chance

    def layer(self, layers: int, random: np.random.Generator) -> int:
        """The number of layers before the early exit of a micro-batch, drawn from the first half."""
        return int(random.integers(1, max(2, layers // 2 + 1)))


def hidden_states(
    model: LlamaForCausalLM, inputs: Tensor, skipped: Sequence[bool] = (), read_out: int | None = None
) -> tuple[Tensor, Tensor | None]:
    """Normalized hidden states [R, L, H] after the last layer and after layer `read_out` (None: no early exit);
    `skipped` layers are not applied."""
    body = model.model
    hidden, early = body.embed_tokens(inputs), None
    turns = body.rotary_emb(hidden, torch.arange(inputs.shape[1], device=inputs.device)[None])
    for index, layer in enumerate(body.layers):
        if not (len(skipped) and skipped[index]):
            hidden = layer(hidden, attention_mask=None, position_embeddings=turns)
        if index + 1 == read_out:
            early = body.norm(hidden)
    return body.norm(hidden), early


def rows_loss(
    model: LlamaForCausalLM,
    rows: Rows,
    teacher: PreTrainedModel | None = None,
    mix: float = 0.0,
    early_exit: EarlyExit | None = None,
    random: np.random.Generator | None = None,
) -> Tensor:
    """The loss in nats, summed over all positions of rows [R, L] that have a label.

    `teacher` and `mix` are those of `token_loss`. With `early_exit`, the early loss is computed on a quarter of the
    rows and scaled to its share of the total; `random` draws the skipped layers and the exit.
    """
    inputs, labels = (torch.as_tensor(part, device=model.device) for part in rows)
    layers, weight = len(model.model.layers), model.lm_head.weight
    if early_exit is None:
        hidden, early = hidden_states(model, inputs)
    else:
        assert random is not None, "skipped layers are drawn"
        skipped, layer = early_exit.skipped(layers, random).tolist(), early_exit.layer(layers, random)
        hidden, early = hidden_states(model, inputs, skipped, layer)
    logits = None
    if teacher is not None:
        with torch.no_grad():
            logits = teacher(input_ids=inputs, use_cache=False).logits.flatten(0, 1)
    loss = token_loss(hidden.flatten(0, 1), weight, labels.flatten(), logits, mix)
    if early is None or early_exit is None:
        return loss
    count = max(1, len(inputs) // 4)
    share = early_exit.weight * len(inputs) / count
    read_out = token_loss(early[:count].flatten(0, 1), weight, labels[:count].flatten())
    return (1 - early_exit.weight) * loss + share * read_out


@torch.no_grad()
def measure(model: LlamaForCausalLM, rows: Rows, micro_batch: int = 4096) -> float:
    """The mean cross-entropy in nats per label over rows [R, L]; `micro_batch` is the number of tokens per pass."""
    size = max(1, micro_batch // rows.inputs.shape[1])
    parts = zip(*(torch.from_numpy(part).split(size) for part in rows), strict=True)
    with torch.compiler.set_stance("force_eager"):  # layers are compiled for the shape of training rows
        total = sum(rows_loss(model, Rows(*part)).item() for part in parts)
    return total / max(1, int((rows.labels >= 0).sum()))
