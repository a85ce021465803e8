"""A small Llama: its shape, its weights at the start, its loss on rows of tokens."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train.loss import token_loss


@dataclass(frozen=True)
class Shape:
    """Llama's dimensions; heads are 64 wide, as in most larger Llamas."""

    layers: int = 8
    width: int = 256
    head_width: int = 64
    positions: int = 1024

    @property
    def feed_forward(self) -> int:
        """SwiGLU at 8/3 of the width, rounded up to a multiple of 16 (Shazeer 2020; Touvron et al. 2023)."""
        return math.ceil(self.width * 8 / 3 / 16) * 16


def build_model(shape: Shape, tokenizer: PreTrainedTokenizerFast, seed: int) -> LlamaForCausalLM:
    """A fresh model with tied embeddings."""
    if shape.width % shape.head_width:
        raise UserError(f"The width {shape.width} is not a multiple of the head width {shape.head_width}.")
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


def rows_loss(
    model: LlamaForCausalLM, rows: torch.Tensor, teacher: LlamaForCausalLM | None = None, mix: float = 0.0
) -> torch.Tensor:
    """Summed loss in nats over rows [R, L + 1]: position i predicts token i + 1."""
    inputs, labels = rows[:, :-1], rows[:, 1:].flatten()
    hidden = model.model(input_ids=inputs, use_cache=False).last_hidden_state.flatten(0, 1)
    logits = None
    if teacher is not None:
        with torch.no_grad():
            logits = teacher(input_ids=inputs, use_cache=False).logits.flatten(0, 1)
    return token_loss(hidden, model.lm_head.weight, labels, logits, mix)


@torch.no_grad()
def measure(model: LlamaForCausalLM, rows: np.ndarray, micro_batch: int = 4096) -> float:
    """Mean cross-entropy in nats per token over rows [R, L + 1]."""
    model.eval()
    size = max(1, micro_batch // (rows.shape[1] - 1))
    parts = torch.from_numpy(rows).split(size)
    total = sum(rows_loss(model, part).item() for part in parts)
    model.train()
    return total / (rows.shape[0] * (rows.shape[1] - 1))
