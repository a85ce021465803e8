"""Guess what other texts say after the same words: REST (He et al. 2023).

Needs a datastore in the target's tokens (`python -m specdec datastore build`); costs a few dozen memory reads a round,
which grow with the logarithm of its size, and no model. Pays where the output resembles the texts: code of a known
library, answers from a known collection. The context itself is not searched; `lookup` does that.

The longest suffix of the context that stands in the datastore is found by halving. What follows it there is counted:
a guess is as likely as the share of places that go on with it, and those under a tenth are not made.
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
MOST_PLACES = 64  # counted for one match, at equal distances in the sorted order


class RetrievalDrafter(Drafter):
    """Copies from a datastore. It may be shared by any number of runs: nothing writes to it."""

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        size, rows = self._longest(context.tokens[-LONGEST:])
        found = self.datastore.followers(rows, size, len(shape), MOST_PLACES) if rows else []
        return certain_tree(count(found, shape).paths, shape, self.device)

    def _longest(self, recent: list[int]) -> tuple[int, range]:
        """The longest suffix that stands in the datastore, and where. If one does, so do all that are shorter."""
        low, high, best = SHORTEST, min(len(recent), self.datastore.info.depth), range(0)
        while low <= high:
            size = (low + high) // 2
            if rows := self.datastore.stretch(recent[-size:]):
                low, best = size + 1, rows
            else:
                high = size - 1
        return low - 1, best


def settle(pair: Pair, settings: Settings) -> Settings:
    """The pair's own datastore where none is named."""
    return settings if settings.datastore else replace(settings, datastore=pair.datastore)


def make(pair: Pair, settings: Settings) -> RetrievalDrafter:
    """Raises UserError for a datastore that cannot be read or holds another tokenizer's tokens."""
    datastore = Datastore(settle(pair, settings).datastore)
    datastore.check(pair.target.tokenizer, pair.target.name)
    return RetrievalDrafter(datastore)
