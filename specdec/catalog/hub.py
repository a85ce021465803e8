"""Public models and draft heads on the Hugging Face hub and pairs of them, read from `hub.json`. Torch-free.

A model's `config` holds the published configuration, as far as it determines the shapes, in transformers' keywords:
`AutoConfig.for_model(**config)` gives a model of the same shapes. The `config` of heads has the format that
`specdec.models.heads` writes. All weights are published as safetensors (OPT's on the hub's conversion branch, where
transformers finds them).
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONTEXT = 4096  # tokens in the KV cache for which memory is counted
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}  # per number


@dataclass(frozen=True, slots=True)
class HubModel:
    """A public model or head.

    gated: its terms must be accepted on its page. dtype: the format in which the weights are published. parameters:
    counted as PyTorch does, tied weights once. kept: numbers in the KV cache per token, its keys and values in all
    layers; for an encoder–decoder the cross-attention's as well.
    """

    id: str
    licence: str
    gated: bool
    dtype: str
    parameters: int
    kept: int
    config: dict[str, Any]

    def memory(self, dtype: str) -> int:
        """Bytes of the weights and of a KV cache of CONTEXT tokens (or of the model's limit, if that is less) in
        `dtype`. Activations are small and not counted."""
        length = min(CONTEXT, self.config.get("max_position_embeddings", CONTEXT))
        return (self.parameters + length * self.kept) * BYTES[dtype]


@dataclass(frozen=True, slots=True)
class HubPair:
    """A pair of public models: the hub ids of a target and of its draft model or its heads (by kind). `drafter`: the
    drafter that the pair is meant for, where it has neither."""

    name: str
    target: str
    draft: str | None = None
    heads: dict[str, str] = field(default_factory=dict)
    drafter: str | None = None


_HUB = json.loads(Path(__file__).with_name("hub.json").read_text(encoding="utf-8"))
HUB_MODELS = {row["id"]: HubModel(**row) for row in _HUB["models"]}
HUB_HEADS = {row["id"]: HubModel(**row) for row in _HUB["heads"]}
HUB_PAIRS = {row["name"]: HubPair(**row) for row in _HUB["pairs"]}
