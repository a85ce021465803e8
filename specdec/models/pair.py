"""A target and what guesses for it."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from specdec.models.heads import Heads
from specdec.models.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class Pair:
    """A target and, as far as there are any, a draft model, heads trained on the target by their kind, a datastore of
    its tokens; the target's first layers where they are compiled apart. `drafter`: what the pair is for, where it is
    for one. `memory`: what drafters keep from one run of the pair to the next, by their names."""

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
    """Output layers may be padded differently; the tokens themselves must be the same."""
    return one.tokenizer.get_vocab() == other.tokenizer.get_vocab()
