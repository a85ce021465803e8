"""Prompt lookup (Saxena 2023; "LLMA", Yang et al. 2023): the draft copies what followed the last tokens when they
occurred earlier in the text.

It needs no model and no training, and costs a few dictionary look-ups a round, independent of the text's length. It
pays where text repeats itself: editing, quoting, code. With an encoder–decoder it also copies from the encoder's
input.

A single token says little about the next one, unless it has occurred only once before, as a name or a rare word may
have. So a match of one token is used only if there is exactly one.

A tree contains the different continuations of earlier occurrences: those of the longest matches first, then the most
recent. How often each occurred is not counted; the drafter `suffix` does that.
"""

from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_tree
from specdec.drafters.ngram_index import Places
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

LONGEST, SHORTEST = 8, 1  # tokens of the suffix that has to match
MOST_PLACES = 64  # occurrences that are used for one tree


class LookupDrafter(Drafter):
    """Finds the earlier occurrences of the longest matching suffix, and copies the tokens after them."""

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device
        self.places = Places(SHORTEST, LONGEST)
        self.places.extend(prompt)

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        self.places.extend(context.tokens[len(self.places.tokens) - len(context.source) :])
        most = 1 if max(shape) == 1 else MOST_PLACES
        rows = [self.places.copied(place, len(shape)) for place in self._matches(most)]
        return certain_tree(list(dict.fromkeys(map(tuple, rows))), shape, self.device)

    def _matches(self, most: int) -> list[int]:
        """At most `most` different places after earlier matches: longer matches first, then the most recent."""
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
