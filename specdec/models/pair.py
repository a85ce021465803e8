"""A target model together with the draft model, heads or datastore that draft for it."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from specdec.models.heads import Heads
from specdec.models.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class Pair:
    """A target with optional parts: a draft model, draft heads by kind, a datastore of tokens. first: the target's
    first layers, if they are compiled separately; drafter: the drafter that the pair is meant for, if any; memory:
    data that drafters keep between runs of the pair, by drafter name."""

    name: str | None
    target: LanguageModel
    draft: LanguageModel | None
    draft_length: int
    heads: Mapping[str, Heads] = field(default_factory=dict, hash=False)
    datastore: str | None = None
    first: LanguageModel | None = None
    drafter: str | None = None
    memory: MutableMapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@lru_cache(maxsize=8)  # comparing 150,000 entries takes longer than many a round
def same_vocabulary(one: LanguageModel, other: LanguageModel) -> bool:
    """Whether two models have the same tokens. Output layers may be padded to different sizes, and special tokens may
    differ."""
    first, second = (set(model.tokenizer.get_vocab().items()) for model in (one, other))
    special = _special_names(one) | _special_names(other)
    return all(name in special for name, _ in first ^ second)


def _special_names(model: LanguageModel) -> set[str]:
    return {token.content for token in model.tokenizer.added_tokens_decoder.values() if token.special}
