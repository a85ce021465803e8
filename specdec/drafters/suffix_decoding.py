"""SuffixDecoding (Oliaro et al. 2024): the draft copies what most often followed the last tokens, in this text or in
earlier outputs.

It looks for the last tokens in this run's prompt and output, and in the outputs of earlier runs of the same pair,
which a `Memory` holds. The continuations are counted: the probability of a guess is the share of occurrences that
continue with it. Of the matches of all sizes, the one with the most expected accepted guesses is used, the longest of
equals. So the counts decide how far to draft and, in a tree, which branches to take; a match of few tokens never gives
a long draft.

It needs no model and no training, and costs a few dictionary look-ups a round, and some 30 MB for every target that
has written much. It pays where outputs resemble each other: agents, templates, the same question asked again.

Runs learn from earlier runs, so a run may draft differently once the memory has learned more. With sampling its text
may then differ too, as another sample of the same distribution. A run does not see what other runs learn while it is
running. A sampled run ignores texts that were drawn with its own seed: they depend on the same random numbers that
will judge its guesses, and guesses that depend on these numbers would bias the output's distribution. Greedy texts
depend on no random numbers, and texts of other seeds on other numbers.
"""

from array import array
from collections.abc import Iterator
from threading import Lock

from specdec.drafters.continuation_counts import Branches, count
from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_tree
from specdec.drafters.ngram_index import Places
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

NAME = "suffix"
LONGEST, SHORTEST = 8, 1  # tokens of the suffix that has to match
REACH = 2  # the longest draft, in guesses per token of the match
MOST_PLACES = 32  # occurrences that are counted for one match: the most recent ones
MOST_TOKENS = 1 << 14  # tokens of earlier outputs that are remembered for every target
END = -1  # the mark after an earlier output
GREEDY = -1  # in place of a seed: the text was decoded without random numbers


class Memory:
    """The outputs of earlier runs; the oldest are forgotten. Several threads may read it and add to it."""

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self.most = most
        self.lock = Lock()
        self.places = Places(SHORTEST, LONGEST)
        self.seeds = array("q")  # for each token, the seed of the run that wrote its text

    def learn(self, tokens: list[int], seed: int = GREEDY) -> None:
        """Remember a text. When there are too many tokens, the later half is moved into a new index, so that a run
        which is reading the old index can continue to do so."""
        with self.lock:
            self._read(tokens[1 - self.most // 2 :], seed)
            if len(self.places.tokens) > self.most:
                self._keep_later_half()

    def _read(self, tokens: list[int], seed: int) -> None:
        self.seeds.extend([seed] * (len(tokens) + 1))
        self.places.extend(tokens)
        self.places.separate(END)

    def _keep_later_half(self) -> None:
        tokens, seeds = self.places.tokens, self.seeds
        self.places, self.seeds = Places(SHORTEST, LONGEST), array("q")
        start = tokens.index(END, len(tokens) - self.most // 2 - 1) + 1
        while start < len(tokens):
            end = tokens.index(END, start)
            self._read(tokens[start:end], seeds[start])
            start = end + 1

    def now(self) -> tuple[Places, array, int]:
        """The index, the seeds of its tokens, and the current length of both."""
        with self.lock:
            return self.places, self.seeds, len(self.places.tokens)


class SuffixDrafter(Drafter):
    """Drafts from its own run, and from the earlier runs of the same target in its `memory`."""

    def __init__(self, memory: Memory | None = None) -> None:
        self.memory = Memory() if memory is None else memory

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device
        self.seed = settings.seed if settings.temperature > 0 else GREEDY
        self.earlier, self.seeds, self.until = self.memory.now()
        self.places = Places(SHORTEST, LONGEST)
        self.places.extend(prompt)
        self.given = len(prompt)

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        return certain_tree(self.continuations(context, shape).paths, shape, self.device)

    def continuations(self, context: Context, shape: Shape) -> Branches:
        """The continuations with the most expected accepted guesses, and that number (`kept`)."""
        self.places.extend(context.tokens[len(self.places.tokens) - len(context.source) :])
        best = Branches([], 0.0)
        for size, rows in self._matches(len(shape)):
            within = shape[: REACH * size]
            if best.kept < len(within) and (branches := count(rows, within)).kept > best.kept:
                best = branches
        return best

    def _matches(self, length: int) -> Iterator[tuple[int, list[list[int]]]]:
        """The matches of the last tokens, each as its size and the rows of tokens that followed: first those in this
        run, then those in earlier ones, and the longest first in each."""
        recent = self.places.tokens[-LONGEST:]
        for size, places in _telling(self.places, recent):
            yield size, [self.places.copied(place, length) for place in places]
        for size, places in _telling(self.earlier, recent, self.until):
            if others := [place for place in places if self.may_see(place)]:
                yield size, [self._remembered(place, length) for place in others]

    def may_see(self, place: int) -> bool:
        """Whether the text at a place was drawn with other random numbers than those that judge this run."""
        return self.seed == GREEDY or self.seeds[place] != self.seed

    def _remembered(self, place: int, length: int) -> list[int]:
        row = self.earlier.tokens[place : place + length]
        return row[: row.index(END)] if END in row else row

    def finish(self, tokens: list[int]) -> None:
        """Remember the output, together with as much of the prompt as is needed to match its first tokens."""
        if len(tokens) > self.given:
            self.memory.learn(tokens[max(0, self.given - LONGEST) :], self.seed)


def _telling(places: Places, recent: list[int], until: int | None = None) -> Iterator[tuple[int, list[int]]]:
    """The matches that add information, longest first: not those that occur only where a longer match does, and none
    after the first that occurs often enough for its counts to be reliable."""
    seen = 0
    for size, found in places.suffixes(recent, MOST_PLACES, until):
        if len(found) > seen:
            yield size, found
        seen = len(found)
        if seen == MOST_PLACES:
            return


def make(pair: Pair, settings: Settings) -> SuffixDrafter:
    return SuffixDrafter(pair.memory.setdefault(NAME, Memory()))
