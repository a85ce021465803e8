"""A small Llama: its shape, its weights at the start, its loss on rows of tokens."""

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
    """Llama's dimensions; heads are 64 wide, as in most larger Llamas."""

    layers: int = 12
    width: int = 256
    head_width: int = 64
    positions: int = 2048

    @property
    def feed_forward(self) -> int:
        """SwiGLU at 8/3 of the width, rounded up to a multiple of 16 (Shazeer 2020; Touvron et al. 2023)."""
        return math.ceil(self.width * 8 / 3 / 16) * 16


def build_model(shape: Shape, tokenizer: PreTrainedTokenizerFast, seed: int) -> LlamaForCausalLM:
    """A fresh model with tied embeddings."""
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
    """Start a deeper model from a shallower one: its layers over and over (stacking, Gong et al. 2019)."""
    for name in ("embed_tokens", "norm"):
        getattr(model.model, name).load_state_dict(getattr(seed.model, name).state_dict())
    for index, layer in enumerate(model.model.layers):
        layer.load_state_dict(seed.model.layers[index % len(seed.model.layers)].state_dict())


@dataclass(frozen=True)
class EarlyExit:
    """LayerSkip (Elhoushi et al. 2024): later layers are left out now and then, so that earlier ones carry more, and
    some of the rows are also read out after one of the first layers.

    `dropout` is the last layer's chance to be left out; the others' falls off exponentially towards the first.
    """

    dropout: float = 0.1
    weight: float = 0.2

    def skipped(self, layers: int, random: np.random.Generator) -> np.ndarray:
        """[layers] bool."""
        chance = self.dropout * np.expm1(np.arange(layers) * math.log(2) / max(1, layers - 1))
        return random.random(layers) < chance

    def layer(self, layers: int, random: np.random.Generator) -> int:
        """After how many of the layers a micro-batch is read out early: one of the first half."""
        return int(random.integers(1, max(2, layers // 2 + 1)))


def hidden_states(
    model: LlamaForCausalLM, inputs: Tensor, skipped: Sequence[bool] = (), read_out: int | None = None
) -> tuple[Tensor, Tensor | None]:
    """Normed states [R, L, H] after the last layer and after the first `read_out`, with some layers left out."""
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
    """Summed loss in nats over the learned positions of rows [R, L].

    With `early_exit`, the part that is read out early weighs `weight` of the whole; only a quarter of the rows is.
    """
    inputs, labels = (torch.as_tensor(part, device=model.device) for part in rows)
    layers, weight = len(model.model.layers), model.lm_head.weight
    if early_exit is None:
        hidden, early = hidden_states(model, inputs)
    else:
        assert random is not None, "which layers are left out is drawn"
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
    """Mean cross-entropy in nats per learned token over rows [R, L]."""
    size = max(1, micro_batch // rows.inputs.shape[1])
    parts = zip(*(torch.from_numpy(part).split(size) for part in rows), strict=True)
    with torch.compiler.set_stance("force_eager"):  # layers are compiled for the shape of training rows
        total = sum(rows_loss(model, Rows(*part)).item() for part in parts)
    return total / max(1, int((rows.labels >= 0).sum()))
