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

from specdec.paths import cache

CONTEXT = 4096  # tokens in the KV cache for which memory is counted
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}  # per number


@dataclass(frozen=True, slots=True)
class Package:
    """A package on the Python package index whose wheel contains a model as a GGUF file."""

    distribution: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class HubModel:
    """A public model or head.

    gated: its terms must be accepted on its page. dtype: the format in which the weights are published. parameters:
    counted as PyTorch does, tied weights once. kept: numbers in the KV cache per token, its keys and values in all
    layers; for an encoder–decoder the cross-attention's as well. package: where it can be had if the hub cannot be
    reached.
    """

    id: str
    licence: str
    gated: bool
    dtype: str
    parameters: int
    kept: int
    config: dict[str, Any]
    package: Package | None = None

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


def packaged_folder(id: str, package: Package) -> Path:
    """The folder in the cache for a model that was fetched from a package; its name tells the quantisation."""
    return cache("models") / id.replace("/", "--") / Path(package.file).stem


def _model(row: dict[str, Any]) -> HubModel:
    package = row.get("package")
    return HubModel(**{**row, "package": package and Package(**package)})


_HUB = json.loads(Path(__file__).with_name("hub.json").read_text(encoding="utf-8"))
HUB_MODELS = {row["id"]: _model(row) for row in _HUB["models"]}
HUB_HEADS = {row["id"]: _model(row) for row in _HUB["heads"]}
HUB_PAIRS = {row["name"]: HubPair(**row) for row in _HUB["pairs"]}
