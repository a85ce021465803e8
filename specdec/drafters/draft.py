"""What a drafter hands to the loop, and what the loop hands back."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins
from specdec.settings import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """N guesses as a tree. A chain's parents are -1, 0, 1, …

    ids [N] on the target's device; q [N, V] the distribution each was drawn from, or None where guesses are certain
    (one-hot); coins: what drew each, None where nothing was drawn; passes: the drafter's own forward passes.
    """

    ids: Tensor
    parents: tuple[int, ...]
    q: Tensor | None
    coins: tuple[float | None, ...]
    passes: int


@dataclass(frozen=True, slots=True)
class Context:
    """What is committed when a round begins, prompt included."""

    tokens: list[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last draft: indices of the kept nodes, and their ids."""

    path: tuple[int, ...]
    ids: tuple[int, ...]


class Drafter(Protocol):
    """One way of guessing. `needs` names what the target must hand over besides tokens."""

    needs: frozenset[str]
    model: LanguageModel | None

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        """A new run begins."""

    def propose(self, context: Context, length: int, coins: Coins) -> Draft:
        """At most `length` guesses behind the context."""

    def observe(self, outcome: Outcome) -> None:
        """The target has judged the last draft."""

    def finish(self, tokens: list[int]) -> None:
        """The run ended with these tokens."""


def certain_chain(ids: list[int], device: torch.device) -> Draft:
    """The draft of a drafter that knows tokens and no probabilities."""
    parents = tuple(range(-1, len(ids) - 1))
    return Draft(torch.tensor(ids, dtype=torch.long, device=device), parents, None, (None,) * len(ids), passes=0)
