"""The target's own first layers guess (Draft & Verify, Zhang et al. 2023; LayerSkip, Elhoushi et al. 2024).

Needs no second model: after E of its L layers the target's own final norm and output layer make a guess, and the keys
and values of those layers go into the very slots where the whole target's pass computes them anew, so no memory is
added. Costs E/L of a target pass, and an output layer, per depth of the draft; LayerSkip's own code spares the
verifying pass what these layers have computed, this one does not. Pays where early layers know the answer: for models
trained to leave early, such as LayerSkip's on the hub (facebook/layerskip-llama2-7B and its like, which load as the
plain Llamas they are); an ordinary model's first layers guess poorly.
"""

from dataclasses import replace

import torch

from specdec.drafters.draft import Context, Draft, Drafter, Shape
from specdec.drafters.draft_model import guess
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.session import Session
from specdec.models.truncated import first_layers, usual_exit
from specdec.sampling import Coins
from specdec.settings import Settings


class EarlyExitDrafter(Drafter):
    """Guesses by the target's first layers (`specdec.models.truncated`)."""

    needs = frozenset({"layers"})

    def __init__(self, first: LanguageModel) -> None:
        self.first = first

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """The target's cache is the truth: what is committed there is committed here."""
        session = Session(self.first, cache=context.session.cache)
        session.tokens = list(context.session.tokens)
        return guess(session, context.tokens, shape, coins, self.settings, self.first.vocab_size)


def settle(pair: Pair, settings: Settings) -> Settings:
    """The usual layer where none is asked for."""
    return settings if settings.exit_layer else replace(settings, exit_layer=usual_exit(pair.target))


def make(pair: Pair, settings: Settings) -> EarlyExitDrafter:
    """Raises UserError for a layer that the target cannot be left after."""
    if pair.first is not None and settings.exit_layer in (None, pair.first.layers):
        return EarlyExitDrafter(pair.first)
    return EarlyExitDrafter(first_layers(pair.target, settings.exit_layer))
