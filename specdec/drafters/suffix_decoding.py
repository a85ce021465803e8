"""Guess what followed most often, here or in earlier outputs: SuffixDecoding (Oliaro et al. 2024).

Looks for the last tokens in this run's prompt and output, and in the outputs of earlier runs of the same pair, which
its `Memory` holds. What followed is counted: a guess is as likely as the share of places that went on with it, and the
match is used under which most guesses would be kept, the longest of equals. So counts decide how far to draft and, in
a tree, which branches; and a match of few tokens is never trusted far.

Needs no model and no training; costs a few dictionary look-ups a round, and some 30 MB for every target that has
written much. Pays where outputs resemble each other: agents, templates, the same question asked again.

Runs learn from earlier runs, so with a memory that has learned more a draft may be another, and with sampling the text
too: another sample of the same distribution. What other runs learn meanwhile is not seen. A sampled run ignores what
was drawn with its own seed: that text was made by the very coins that are to judge the guesses, and guesses that know
their judge's coins bend the distribution. Greedy texts depend on no coins, and texts of other seeds on others.
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

LONGEST, SHORTEST = 8, 1  # tokens of the suffix that has to match
REACH = 2  # guesses in a row for every token of the match
MOST_PLACES = 32  # counted for one match: the most recent
MOST_TOKENS = 1 << 14  # of earlier outputs, for every target
END = -1  # of an earlier output
GREEDY = -1  # in place of a seed: the text was made without coins


class Memory:
    """The outputs of earlier runs, the oldest forgotten. Several threads may read and teach it."""

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self.most = most
        self.lock = Lock()
        self.places = Places(SHORTEST, LONGEST)
        self.seeds = array("q")  # whose coins made the text that each token belongs to

    def learn(self, tokens: list[int], seed: int = GREEDY) -> None:
        """Remember a text. When there are too many, the later half is kept, in a new index: who reads the old one may
        go on doing so."""
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
        """The index, the seeds behind it, and how long both are by now."""
        with self.lock:
            return self.places, self.seeds, len(self.places.tokens)


class SuffixDrafter(Drafter):
    """Learns from its own run, and from the earlier ones of the same target that taught its `memory`."""

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
        self.places.extend(context.tokens[len(self.places.tokens) - len(context.source) :])
        best = Branches([], 0.0)
        for size, rows in self._matches(len(shape)):
            within = shape[: REACH * size]
            if best.kept < len(within) and (branches := count(rows, within)).kept > best.kept:
                best = branches
        return certain_tree(best.paths, shape, self.device)

    def _matches(self, length: int) -> Iterator[tuple[int, list[list[int]]]]:
        """Sizes of matches and the rows that followed, longest first, this run's own before earlier ones."""
        recent = self.places.tokens[-LONGEST:]
        for size, places in _telling(self.places, recent):
            yield size, [self.places.copied(place, length) for place in places]
        for size, places in _telling(self.earlier, recent, self.until):
            if others := [place for place in places if self._may_see(place)]:
                yield size, [self._remembered(place, length) for place in others]

    def _may_see(self, place: int) -> bool:
        """Whether a text was made by other coins than those that judge this run."""
        return self.seed == GREEDY or self.seeds[place] != self.seed

    def _remembered(self, place: int, length: int) -> list[int]:
        row = self.earlier.tokens[place : place + length]
        return row[: row.index(END)] if END in row else row

    def finish(self, tokens: list[int]) -> None:
        """Remember the output, and so much of the prompt that its first tokens can be found."""
        if len(tokens) > self.given:
            self.memory.learn(tokens[max(0, self.given - LONGEST) :], self.seed)


def _telling(places: Places, recent: list[int], until: int | None = None) -> Iterator[tuple[int, list[int]]]:
    """The matches that say something: not those that stood only where a longer one did, nor any behind one that was
    seen often enough to be counted upon."""
    seen = 0
    for size, found in places.suffixes(recent, MOST_PLACES, until):
        if len(found) > seen:
            yield size, found
        seen = len(found)
        if seen == MOST_PLACES:
            return


def make(pair: Pair, settings: Settings) -> SuffixDrafter:
    return SuffixDrafter(pair.memory.setdefault("suffix", Memory()))
