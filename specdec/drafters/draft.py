"""What a drafter hands to the loop, and what the loop hands back."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

import torch
from torch import Tensor

from specdec.device.transfer import upload
from specdec.models.heads import Heads
from specdec.models.language_model import LanguageModel
from specdec.models.session import Session
from specdec.sampling import Coins
from specdec.settings import Settings

Shape = tuple[int, ...]  # how many guesses follow each one, depth by depth; (1, 1, 1) is a chain of three


@dataclass(frozen=True, slots=True)
class Extra:
    """E tokens that ride along in the target's pass without being judged: `parents` index them, -1 is the context."""

    ids: Tensor
    parents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """N guesses as a tree. A chain's parents are -1, 0, 1, …; siblings are tried in the order of the array.

    ids [N] on the target's device; q [N, V] the distribution each was drawn from, given its earlier siblings (they
    are drawn without replacement, so theirs have no mass left in it), or None where guesses are certain (one-hot);
    coins: what drew each, None where nothing was drawn; passes: the drafter's own forward passes.
    """

    ids: Tensor
    parents: tuple[int, ...]
    q: Tensor | None
    coins: tuple[float | None, ...]
    passes: int
    extra: Extra | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is there when a round begins, and what the drafter's `needs` asked for.

    tokens: what is committed, prompt included (an encoder–decoder's: what the decoder has read and written); source:
    an encoder's input, else empty.
    `hidden`: hidden [M, H], what the target's output layer saw at every token committed since the last proposal, up
    to the last token but one (the last has not been fed yet): row j belongs to tokens[-1 - M + j].
    `layers`: session, the target's own, whose cache a drafter may share.
    `text`: nothing more; the drafter reads the text, in tokens of its own.
    `logits`: extra [E, V], the target's logits at the last draft's extra tokens, None where there were none.
    """

    tokens: list[int]
    source: Sequence[int] = ()
    hidden: Tensor | None = None
    session: Session | None = None
    extra: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last draft: indices of the kept nodes, and their ids."""

    path: tuple[int, ...]
    ids: tuple[int, ...]


class Drafter(Protocol):
    """One way of guessing. A drafter that inherits from it has to write `start` and `propose` alone.

    needs: what the target must hand over besides tokens, see Context; model: a draft model, heads: draft heads, where
    one of them guesses; longest: the most guesses that it can make in a row.
    """

    needs: frozenset[str] = frozenset()
    model: LanguageModel | None = None
    heads: Heads | None = None
    longest: float = inf

    @abstractmethod
    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        """A new run begins."""

    @abstractmethod
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """At most the tree asked for, as a continuation of the context."""

    def observe(self, outcome: Outcome) -> None:
        """The target has judged the last draft."""
        return None

    def finish(self, tokens: list[int]) -> None:
        """The run ended with these tokens."""
        return None


class TokenDrafter(Drafter):
    """A drafter that guesses a chain of tokens from the tokens before it, and needs nothing else."""

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        return certain_chain(self.guess(context.tokens, len(shape))[: len(shape)], self.device)

    @abstractmethod
    def guess(self, tokens: list[int], length: int) -> list[int]:
        """The next tokens of a text, at most `length`; none where there is no guess. `tokens`: prompt and output."""


def certain_chain(ids: list[int], device: torch.device) -> Draft:
    """The draft of a drafter that knows tokens and no probabilities."""
    return certain_tree([ids], (1,) * len(ids), device)


def certain_tree(continuations: Sequence[Sequence[int]], shape: Shape, device: torch.device) -> Draft:
    """Continuations, best first, merged where they begin alike; what is deeper or wider than the shape is left out.

    >>> draft = certain_tree([[5, 6], [5, 7], [8, 9]], (2, 2), torch.device("cpu"))
    >>> draft.ids.tolist(), draft.parents
    ([5, 6, 7, 8, 9], (-1, 0, 0, -1, 3))
    """
    ids: list[int] = []
    parents: list[int] = []
    children: dict[int, dict[int, int]] = {-1: {}}  # node → token → node
    for tokens in continuations:
        node = -1
        for most, token in zip(shape, tokens, strict=False):
            if token not in children[node]:
                if len(children[node]) == most:
                    break
                children[node][token] = len(ids)
                children[len(ids)] = {}
                ids.append(token)
                parents.append(node)
            node = children[node][token]
    none = (None,) * len(ids)
    return Draft(upload(ids, torch.long, device), tuple(parents), None, none, passes=0)
