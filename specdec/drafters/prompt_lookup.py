"""Guess that the text goes on as it did before: prompt lookup (Saxena 2023; the "LLMA" of Yang et al. 2023).

Needs no model and no training; costs a few dictionary look-ups a round, however long the text has become. Pays where
text repeats: editing, quoting, code. An encoder–decoder copies from its encoder's input as well.

One token that stood here before says little of what follows it, unless it stood here only once: a name, a rare word.
So a match of a single token counts if there is just one.

As a tree, the draft holds the different ways in which the text went on before: longest match first, then the most
recent. How often is not counted; `suffix` does that.
"""

from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_tree
from specdec.drafters.ngram_index import Places
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

LONGEST, SHORTEST = 8, 1  # tokens of the suffix that has to match
MOST_PLACES = 64  # looked at for one tree


class LookupDrafter(Drafter):
    """Finds earlier occurrences of the longest suffix it can, and copies what followed."""

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device
        self.places = Places(SHORTEST, LONGEST)
        self.places.extend(prompt)

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        self.places.extend(context.tokens[len(self.places.tokens) - len(context.source) :])
        most = 1 if max(shape) == 1 else MOST_PLACES
        rows = [self.places.copied(place, len(shape)) for place in self._matches(most)]
        return certain_tree(dict.fromkeys(map(tuple, rows)), shape, self.device)

    def _matches(self, most: int) -> list[int]:
        """Different places behind the longest matches, then behind shorter ones; each time the most recent first."""
        seen: dict[int, None] = {}
        for size, places in self.places.suffixes(self.places.tokens[-LONGEST:], max(most, 2)):
            if size == 1 and len(places) > 1:
                break
            seen.update(dict.fromkeys(places))
            if len(seen) >= most:
                break
        return list(seen)[:most]


def make(pair: Pair, settings: Settings) -> LookupDrafter:
    return LookupDrafter()
