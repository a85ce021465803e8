"""Guess that the text goes on as it did before: prompt lookup (Saxena 2023; the "LLMA" of Yang et al. 2023).

Needs no model; costs a few dictionary look-ups a round. Pays where text repeats: editing, quoting, code.
"""

from specdec.drafters.draft import Context, Draft, Outcome, Shape, certain_chain
from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins
from specdec.settings import Settings

LONGEST, SHORTEST = 8, 2  # tokens of the suffix that has to match


class LookupDrafter:
    """Finds the most recent earlier occurrence of the longest suffix it can and copies what followed."""

    needs = frozenset()
    model = None

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device
        self.after: dict[tuple[int, ...], int] = {}  # n-gram → where what followed it begins
        self.indexed = 0

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        self._index(context.tokens)
        return certain_chain(self._continuation(context.tokens, len(shape)), self.device)

    def _index(self, tokens: list[int]) -> None:
        """Enter every n-gram that has a follower by now; what was indexed is never read again."""
        for end in range(max(1, self.indexed), len(tokens)):
            for size in range(SHORTEST, min(LONGEST, end) + 1):
                self.after[tuple(tokens[end - size : end])] = end
        self.indexed = len(tokens)

    def _continuation(self, tokens: list[int], length: int) -> list[int]:
        for size in range(min(LONGEST, len(tokens)), SHORTEST - 1, -1):
            if start := self.after.get(tuple(tokens[-size:])):
                period = len(tokens) - start  # a copy that reaches its own start repeats itself
                return [tokens[start + i % period] for i in range(length)]
        return []

    def observe(self, outcome: Outcome) -> None:
        pass

    def finish(self, tokens: list[int]) -> None:
        pass
