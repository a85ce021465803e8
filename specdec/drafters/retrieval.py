"""Retrieval drafting, REST (He et al. 2023): the draft copies what other texts contain after the same words.

It needs a datastore in the target's tokens (`python -m specdec datastore build`) and no model. It costs a few dozen
memory reads a round, whose number grows with the logarithm of the datastore's size. It pays where the output resembles
the texts: code of a known library, answers from a known collection. The context itself is not searched; the drafter
`lookup` does that.

The longest suffix of the context that occurs in the datastore is found by binary search. The continuations of its
occurrences are counted: the probability of a guess is the share of occurrences that continue with it, and guesses
below a tenth are not made.
"""

from dataclasses import replace

from specdec.drafters.continuation_counts import count
from specdec.drafters.datastore import Datastore
from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_tree
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

LONGEST, SHORTEST = 16, 2  # tokens of the suffix that has to match
MOST_PLACES = 64  # occurrences that are counted for one match, at equal distances in the suffix array


class RetrievalDrafter(Drafter):
    """Copies from a datastore, which any number of runs may share, since it is only read."""

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        size, rows = self._longest(context.tokens[-LONGEST:])
        found = self.datastore.followers(rows, size, len(shape), MOST_PLACES) if rows else []
        return certain_tree(count(found, shape).paths, shape, self.device)

    def _longest(self, recent: list[int]) -> tuple[int, range]:
        """The size of the longest suffix that occurs in the datastore, and its range in the suffix array. Binary
        search works because all shorter suffixes occur as well."""
        low, high, best = SHORTEST, min(len(recent), self.datastore.info.depth), range(0)
        while low <= high:
            size = (low + high) // 2
            if rows := self.datastore.stretch(recent[-size:]):
                low, best = size + 1, rows
            else:
                high = size - 1
        return low - 1, best


def settle(pair: Pair, settings: Settings) -> Settings:
    """The settings with the pair's datastore, if none is given."""
    return settings if settings.datastore else replace(settings, datastore=pair.datastore)


def make(pair: Pair, settings: Settings) -> RetrievalDrafter:
    """The drafter over the settings' datastore or the pair's. Raises UserError for one that cannot be read or was
    built with another tokenizer."""
    named = settle(pair, settings).datastore
    assert named is not None, "`drafters.make` refuses a pair without one"
    datastore = Datastore(named)
    datastore.check(pair.target.tokenizer, pair.target.name)
    return RetrievalDrafter(datastore)
