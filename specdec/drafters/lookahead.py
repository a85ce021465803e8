"""Guess what the target itself has guessed before: lookahead decoding (Fu et al. 2024).

Needs no second model, no training and no repetition in the text. Every target pass carries a window of guesses behind
the context: COLUMNS places wide, LEVELS steps of Jacobi iteration deep. Row 0 is a chain behind the context, column j
of every later row follows the same column of the row above, and what the target ranks first behind the last row is the
next row. Each column is then one run of tokens, all but the first of them the target's own continuations, and goes
into a pool; the draft is the runs of the pool that begin with the last committed token, the most recent first, each
followed by those that begin where it ends.

Costs a wider target pass, COLUMNS × LEVELS tokens more than the draft, which is free only where a pass of that width
takes no longer than a narrow one: on a GPU with a large target. Elsewhere it is a way to see Jacobi iteration work.

The first row is drawn from the prompt's tokens with a fixed seed, and the window moves by the target's best tokens
alone, whatever the temperature. So guesses are certain and depend on nothing that is to be sampled: any lossless rule
keeps the output's law.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from specdec.drafters.draft import Context, Draft, Drafter, Extra, Shape, certain_tree
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

COLUMNS, LEVELS = 5, 3  # of the window; a run of the pool has LEVELS + 1 tokens
MOST_RUNS = 7  # in the pool for one first token
SEED = 0  # of the window's first row

Run = tuple[int, ...]


class LookaheadDrafter(Drafter):
    """`window`: rows of guesses, the latest last. Until all levels are there it is wider, and loses a column with
    every row it gains, since the text moves on by a token meanwhile."""

    needs = frozenset({"logits"})

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.target = target
        chance = random.Random(SEED)
        self.window = [[chance.choice(prompt) for _ in range(COLUMNS + LEVELS - 1)]]
        self.pool: dict[int, dict[Run, None]] = {}  # first token → what followed it, the most recent last

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        if context.extra is not None:
            self._advance(context.extra[-len(self.window[0]) :].argmax(-1).tolist())
        runs = self._continuations(context.tokens[-1], len(shape))
        return replace(certain_tree(list(runs), shape, self.target.device), extra=self._extra(len(context.tokens)))

    def _advance(self, guesses: list[int]) -> None:
        """The target's best tokens behind the last row become a row; once all levels are there, the oldest leaves."""
        if len(self.window) < LEVELS:
            self.window = [row[1:] for row in [*self.window, guesses]]
            return
        for first, *rest in zip(*self.window, guesses, strict=True):
            self._remember(first, tuple(rest))
        self.window = [*self.window[1:], guesses]

    def _remember(self, first: int, run: Run) -> None:
        known = self.pool.setdefault(first, {})
        known.pop(run, None)
        known[run] = None
        if len(known) > MOST_RUNS:
            del known[next(iter(known))]

    def _continuations(self, last: int, length: int) -> Iterator[Run]:
        """Runs that begin with a token, the most recent first, each drawn out to the length asked for."""
        for run in reversed(self.pool.get(last, {})):
            while len(run) < length and run[-1] in self.pool:
                run += next(reversed(self.pool[run[-1]]))
            yield run[:length]

    def _extra(self, length: int) -> Extra | None:
        """The window as a tree behind the context; none where it would reach beyond what the target can hold."""
        columns = len(self.window[0])
        if length + columns + len(self.window) > self.target.limit:
            return None
        ids = self.target.tensor([token for row in self.window for token in row])
        below = len(ids) - columns
        return Extra(ids, (*range(-1, columns - 1), *range(below)))


def make(pair: Pair, settings: Settings) -> LookaheadDrafter:
    return LookaheadDrafter()
