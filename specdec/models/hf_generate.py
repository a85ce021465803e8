"""Running transformers' `generate` under the same conditions as our own runs: the model's unmodified distribution, the
same end tokens and the same first tokens.

A model's recommended generation settings (no repeated n-grams, a minimum length) would change the distribution, and
transformers draws from torch's global random generators. Both are replaced during a run and restored after it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import DynamicCache, EncoderDecoderCache, GenerationConfig, PreTrainedModel

from specdec.models.language_model import LanguageModel


def configured(model: LanguageModel, **choices: Any) -> GenerationConfig:
    """The generation config for `generate`. Sampling needs an explicit `top_k` of 0, since transformers' default is
    50.
    """
    return GenerationConfig(
        eos_token_id=sorted(model.end_ids) or None,
        pad_token_id=min(model.end_ids, default=0),
        decoder_start_token_id=model.start[0] if model.encoder_decoder else None,
        disable_compile=True,  # lengths differ from call to call, and each would be compiled again
        **choices,
    )


def first_tokens(model: LanguageModel, rows: int = 1) -> dict[str, Any]:
    """The arguments with the first tokens of an encoder–decoder's decoder; empty for a decoder-only model."""
    if not model.encoder_decoder:
        return {}
    return {
        "decoder_input_ids": model.tensor(model.start).repeat(rows, 1),
        # transformers creates a cache with as many layers as the encoder has, but a decoder may have more
        "cache": EncoderDecoderCache(DynamicCache(), DynamicCache()),
    }


@contextmanager
def recommending(module: PreTrainedModel, config: GenerationConfig) -> Iterator[None]:
    """A context in which `config` is the module's recommended generation config, from which `generate` takes every
    setting that is not given; a blank one recommends nothing."""
    own, module.generation_config = module.generation_config, config
    try:
        yield
    finally:
        module.generation_config = own


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """A context in which torch's global random generators are seeded with this seed."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
