"""The interface between the loop and a drafter: the Drafter protocol, and the values that both exchange."""

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

Shape = tuple[int, ...]  # the number of children of every node, depth by depth; (1, 1, 1) is a chain of three guesses


@dataclass(frozen=True, slots=True)
class Extra:
    """E extra tokens that are fed in the target's pass without being judged, ids [E]. `parents` index them; -1 is a
    child of the context."""

    ids: Tensor
    parents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A tree of N guesses. The parents of a chain are -1, 0, 1, …; siblings are tried in the order of the array.

    ids [N] on the target's device; q [N, V], the distribution that each guess was drawn from given its earlier
    siblings (which have no mass in it, since siblings are drawn without replacement), or None if guesses are
    deterministic (one-hot q); coins: the random number that drew each guess, None where nothing was drawn; passes: the
    number of the drafter's forward passes; extra: tokens that are fed but not judged; source: the name of the drafter
    that made it, where a run has several.
    """

    ids: Tensor
    parents: tuple[int, ...]
    q: Tensor | None
    coins: tuple[float | None, ...]
    passes: int
    extra: Extra | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The state at the beginning of a round, and the inputs that the drafter declares in `needs`.

    tokens: the committed tokens, prompt included (for an encoder–decoder, those of the decoder); source: the encoder's
    input, else empty. A drafter with one of these `needs` also gets:

    - `hidden`: hidden [M, H], the input of the target's output layer at every token committed since the last
      proposal, up to the last token but one (the last has not been fed yet): row j belongs to tokens[-1 - M + j];
    - `layers`: session, that of the target, whose cache the drafter may share;
    - `text`: nothing more; it declares that the drafter works on the text, in its own tokens;
    - `logits`: extra [E, V], the target's logits at the last draft's extra tokens, None if there were none.
    """

    tokens: list[int]
    source: Sequence[int] = ()
    hidden: Tensor | None = None
    session: Session | None = None
    extra: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the last draft: the indices of the accepted nodes, and their token ids."""

    path: tuple[int, ...]
    ids: tuple[int, ...]


class Drafter(Protocol):
    """The interface of a drafter. A subclass has to implement only `start` and `propose`.

    needs: the inputs from the target that it needs besides tokens, see Context; model: its draft model, or heads: its
    draft heads, if it has one; longest: the longest chain of guesses that it can make.
    """

    needs: frozenset[str] = frozenset()
    model: LanguageModel | None = None
    heads: Heads | None = None
    longest: float = inf

    @abstractmethod
    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        """Begin a new run with this prompt."""

    @abstractmethod
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """A draft that continues the context: the tree that `shape` describes, or a part of it."""

    def observe(self, outcome: Outcome) -> None:
        """The target has judged the last draft."""
        return None

    def finish(self, tokens: list[int]) -> None:
        """The run ended with these tokens."""
        return None


class TokenDrafter(Drafter):
    """A drafter that guesses a chain of tokens from the committed tokens alone. A subclass implements `guess`."""

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        return certain_chain(self.guess(context.tokens, len(shape))[: len(shape)], self.device)

    @abstractmethod
    def guess(self, tokens: list[int], length: int) -> list[int]:
        """At most `length` next tokens of a text; an empty list for no guess. `tokens`: prompt and output so far."""


def certain_chain(ids: list[int], device: torch.device) -> Draft:
    """A chain of deterministic guesses, from a drafter that has no probabilities."""
    return certain_tree([ids], (1,) * len(ids), device)


def certain_tree(continuations: Sequence[Sequence[int]], shape: Shape, device: torch.device) -> Draft:
    """A tree of deterministic guesses from several continuations, best first. Common prefixes are merged; whatever is
    deeper or wider than the shape is left out.

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
