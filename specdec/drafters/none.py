"""The drafter without guesses: speculative decoding with empty drafts is plain decoding."""

from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_chain
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings


class NoDrafter(Drafter):
    """Plain decoding, the baseline. It uses the same loop, cache and clock as every other drafter."""

    longest = 0

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.device = target.device

    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        return certain_chain([], self.device)


def make(pair: Pair, settings: Settings) -> NoDrafter:
    return NoDrafter()
