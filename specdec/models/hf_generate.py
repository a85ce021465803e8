"""transformers' own `generate`, held to what our runs hold to: the model's own law, its end tokens, its first tokens.

What a model's makers recommend besides (no n-gram twice, a least length) would change the law, and the generators that
transformers draws from are everybody's: both are as they were once it has run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import DynamicCache, EncoderDecoderCache, GenerationConfig, PreTrainedModel

from specdec.models.language_model import LanguageModel


def configured(model: LanguageModel, **choices: Any) -> GenerationConfig:
    """What `generate` is asked for; sampling without a `top_k` of 0 would be transformers' top-k of 50."""
    return GenerationConfig(
        eos_token_id=sorted(model.end_ids) or None,
        pad_token_id=min(model.end_ids, default=0),
        decoder_start_token_id=model.start[0] if model.encoder_decoder else None,
        disable_compile=True,  # lengths differ from call to call: each would be compiled anew
        **choices,
    )


def first_tokens(model: LanguageModel, rows: int = 1) -> dict[str, Any]:
    """What a decoder begins with beside what its encoder reads; nothing where there is no encoder."""
    if not model.encoder_decoder:
        return {}
    return {
        "decoder_input_ids": model.tensor(model.start).repeat(rows, 1),
        # transformers makes one with as many layers as the encoder has, and a decoder may have more
        "cache": EncoderDecoderCache(DynamicCache(), DynamicCache()),
    }


@contextmanager
def recommending(module: PreTrainedModel, config: GenerationConfig) -> Iterator[None]:
    """While open, this stands where `generate` looks for what was not asked for; a blank one recommends nothing."""
    own, module.generation_config = module.generation_config, config
    try:
        yield
    finally:
        module.generation_config = own


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """While open, torch's global generators draw from this seed."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
