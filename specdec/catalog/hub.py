"""Public models of the Hugging Face hub, heads, and pairs of them: `hub.json`, read. Torch-free.

Configurations are the published ones, as far as they shape a model, in the keywords of transformers:
`AutoConfig.for_model(**config)` is a model of that shape; those of heads are as `specdec.models.heads` writes them.
Every model and every head lies there as safetensors (OPT's by the hub's converter, where transformers finds them).
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONTEXT = 4096  # tokens that keys and values are counted for
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}  # of a number


@dataclass(frozen=True, slots=True)
class HubModel:
    """dtype: the number format that the weights are published in; gated: terms must be accepted on its page.
    parameters: counted as PyTorch counts them, a matrix that is shared is one. kept: numbers that are kept of a token,
    its key and its value in every layer; an encoder–decoder keeps those of the tokens that it reads as well.
    """

    id: str
    licence: str
    gated: bool
    dtype: str
    parameters: int
    kept: int
    config: dict[str, Any]

    def memory(self, dtype: str) -> int:
        """Bytes of the weights, and of the keys and values of CONTEXT tokens (or as many as it takes), in a number
        format. What a pass needs besides is small and not counted."""
        length = min(CONTEXT, self.config.get("max_position_embeddings", CONTEXT))
        return (self.parameters + length * self.kept) * BYTES[dtype]


@dataclass(frozen=True, slots=True)
class HubPair:
    """Hub ids of a target and of its draft model, or of heads by their kind; `drafter`: what the pair is for, where it
    is neither."""

    name: str
    target: str
    draft: str | None = None
    heads: dict[str, str] = field(default_factory=dict)
    drafter: str | None = None


_HUB = json.loads(Path(__file__).with_name("hub.json").read_text(encoding="utf-8"))
HUB_MODELS = {row["id"]: HubModel(**row) for row in _HUB["models"]}
HUB_HEADS = {row["id"]: HubModel(**row) for row in _HUB["heads"]}
HUB_PAIRS = {row["name"]: HubPair(**row) for row in _HUB["pairs"]}
