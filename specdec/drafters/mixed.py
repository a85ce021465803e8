"""Copying where that brings more tokens, and guessing elsewhere: one drafter made of two.

In each round the suffix drafter (`specdec.drafters.suffix_decoding`) is asked first, which costs no pass. Its
continuation is used if it is expected to bring at least as many accepted tokens as the guesses of the draft model or
head have brought in recent rounds; else that one guesses. Both expectations are learned during the run: the accepted
tokens of a guess, and the share of what the suffix drafter expects that comes true.

The choice depends on the tokens so far and on earlier verdicts, but not on the random numbers of the round, so the
output keeps its distribution. It needs a draft model or heads, and pays for texts that are partly copied: edits,
answers that quote their question, code.
"""

from dataclasses import replace

import torch
from torch import Tensor

from specdec.catalog import capabilities
from specdec.drafters import suffix_decoding
from specdec.drafters.continuation_counts import Branches
from specdec.drafters.draft import Context, Draft, Drafter, Outcome, Shape, certain_tree
from specdec.drafters.suffix_decoding import SuffixDrafter
from specdec.methods import DRAFTERS, resolve
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

NEW = 0.2  # the weight of a new round in the averages
GUESSES = 1.0  # accepted tokens of a guess, before the first one
TRUST = 0.5  # share of the expected tokens of a copy that are accepted, before the first one


class MixedDrafter(Drafter):
    """Drafts with a suffix drafter or with another one, `guesser`, whose name in traces is `name`."""

    def __init__(self, copier: SuffixDrafter, guesser: Drafter, name: str) -> None:
        self.copier, self.guesser, self.name = copier, guesser, name
        self.needs, self.model, self.heads = guesser.needs, guesser.model, guesser.heads

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.copier.start(target, prompt, settings)
        self.guesser.start(target, prompt, settings)
        self.device = target.device
        self.guesses, self.trust = GUESSES, TRUST
        self.expected: float | None = None  # of the last draft, if it was copied
        self.hidden: list[Tensor] = []  # hidden states that the guesser has not been given yet

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        if context.hidden is not None:
            self.hidden.append(context.hidden)
        copied = self.copier.continuations(context, shape)
        self.expected = copied.kept if self.pays(copied) else None
        if self.expected is None:
            return self._guess(context, shape, coins)
        return replace(certain_tree(copied.paths, shape, self.device), source=suffix_decoding.NAME)

    def pays(self, copied: Branches) -> bool:
        return bool(copied.paths) and copied.kept * self.trust >= self.guesses

    def _guess(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        if self.hidden:
            context, self.hidden = replace(context, hidden=torch.cat(self.hidden)), []
        within = shape[: int(min(len(shape), self.guesser.longest))]
        return replace(self.guesser.propose(context, within, coins), source=self.name)

    def observe(self, outcome: Outcome) -> None:
        accepted = len(outcome.path)
        if self.expected is None:
            self.guesser.observe(outcome)
            self.guesses += NEW * (accepted - self.guesses)
        else:
            self.trust += NEW * (min(1.0, accepted / self.expected) - self.trust)

    def finish(self, tokens: list[int]) -> None:
        self.copier.finish(tokens)
        self.guesser.finish(tokens)


def make(pair: Pair, settings: Settings) -> MixedDrafter:
    """The best drafter of the pair that guesses, beside a suffix drafter with the pair's memory."""
    usable = (DRAFTERS[one] for one in DRAFTERS["mixed"].one_of)
    method = next(one for one in usable if capabilities.lacking(one, pair, pair.target.name) is None)
    return MixedDrafter(suffix_decoding.make(pair, settings), resolve(method.code)(pair, settings), method.name)
