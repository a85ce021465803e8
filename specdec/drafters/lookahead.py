"""Lookahead decoding (Fu et al. 2024): the draft consists of n-grams that the target itself has guessed before.

It needs no second model, no training and no repetition in the text. Every target pass also feeds a window of guesses
after the context, COLUMNS places wide and LEVELS steps of Jacobi iteration deep. Row 0 is a chain after the context;
column j of every later row follows the same column of the row above; the target's most probable tokens after the last
row become the next row. Each column is then an n-gram, in which every token but the first is the target's own
continuation, and goes into a pool. The draft consists of the n-grams in the pool that begin with the last committed
token, the most recent first, each extended by those that begin where it ends.

It costs a wider target pass, of COLUMNS × LEVELS more tokens than the draft, which is free only where a pass of that
width takes no longer than a narrow one: on a GPU with a large target. Elsewhere it serves to show Jacobi iteration.

The first row is drawn from the prompt's tokens with a fixed seed, and the window is updated with the target's most
probable tokens only, at any temperature. So the guesses are deterministic and depend on nothing that is still to be
sampled: with any lossless rule the output keeps its distribution.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from specdec.drafters.draft import Context, Draft, Drafter, Extra, Shape, certain_tree
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

COLUMNS, LEVELS = 5, 3  # size of the window; an n-gram of the pool has LEVELS + 1 tokens
MOST_RUNS = 7  # n-grams that the pool keeps for one first token
SEED = 0  # with which the window's first row is drawn

Run = tuple[int, ...]


class LookaheadDrafter(Drafter):
    """Drafts from a pool of n-grams. `window` holds the rows of guesses, the latest last. Until it has all LEVELS rows
    it is wider, and loses a column with every row it gains, since the text grows by a token meanwhile."""

    needs = frozenset({"logits"})

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.target = target
        chance = random.Random(SEED)
        self.window = [[chance.choice(prompt) for _ in range(COLUMNS + LEVELS - 1)]]
        self.pool: dict[int, dict[Run, None]] = {}  # first token → what followed it, the most recent last

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        if context.extra is not None:
            self.advance(context.extra[-len(self.window[0]) :].argmax(-1).tolist())
        runs = self._continuations(context.tokens[-1], len(shape))
        return replace(certain_tree(list(runs), shape, self.target.device), extra=self._extra(len(context.tokens)))

    def advance(self, guesses: list[int]) -> None:
        """Append the target's most probable tokens after the last row as a new row. If all LEVELS rows are there, the
        columns go into the pool, and the oldest row is removed."""
        if len(self.window) < LEVELS:
            self.window = [row[1:] for row in [*self.window, guesses]]
            return
        for first, *rest in zip(*self.window, guesses, strict=True):
            self.remember(first, tuple(rest))
        self.window = [*self.window[1:], guesses]

    def remember(self, first: int, run: Run) -> None:
        known = self.pool.setdefault(first, {})
        known.pop(run, None)
        known[run] = None
        if len(known) > MOST_RUNS:
            del known[next(iter(known))]

    def _continuations(self, last: int, length: int) -> Iterator[Run]:
        """The continuations of a token in the pool, the most recent first, each extended to `length` where
        possible."""
        for run in reversed(self.pool.get(last, {})):
            while len(run) < length and run[-1] in self.pool:
                run += next(reversed(self.pool[run[-1]]))
            yield run[:length]

    def _extra(self, length: int) -> Extra | None:
        """The window as a tree after the context; None if it would exceed the target's context length."""
        columns = len(self.window[0])
        if length + columns + len(self.window) > self.target.limit:
            return None
        ids = self.target.tensor([token for row in self.window for token in row])
        below = len(ids) - columns
        return Extra(ids, (*range(-1, columns - 1), *range(below)))


def make(pair: Pair, settings: Settings) -> LookaheadDrafter:
    return LookaheadDrafter()
