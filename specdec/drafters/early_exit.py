"""Early-exit drafting with the target's first layers (Draft & Verify, Zhang et al. 2023; LayerSkip, Elhoushi et al.
2024).

It needs no second model: after E of the L layers, the target's final norm and output layer make a guess. The keys and
values of these layers go into the same cache slots into which the target's whole pass writes them again, so it needs
no additional memory. It costs E/L of a target pass, and an output layer, per depth of the draft. (LayerSkip's own code
reuses the results of these layers in the verifying pass; this code does not.) It pays where early layers predict well,
as in models that were trained for it, such as LayerSkip's on the hub (facebook/layerskip-llama2-7B and others, which
load as plain Llamas); the first layers of an ordinary model guess poorly.
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
    """Drafts with the target's first layers (`specdec.models.truncated`)."""

    needs = frozenset({"layers"})

    def __init__(self, first: LanguageModel) -> None:
        self.first = first

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """Drafts in a session over the target's cache, which already holds all committed tokens."""
        assert context.session is not None, "`needs` asks for it"
        session = Session(self.first, cache=context.session.cache)
        session.tokens = list(context.session.tokens)
        return guess(session, context.tokens, shape, coins, self.settings, self.first.vocab_size)


def settle(pair: Pair, settings: Settings) -> Settings:
    """The settings with the usual exit layer, if none is given."""
    return settings if settings.exit_layer else replace(settings, exit_layer=usual_exit(pair.target))


def make(pair: Pair, settings: Settings) -> EarlyExitDrafter:
    """The drafter that exits after `settings.exit_layer`. Raises UserError for a layer that the target cannot exit
    after."""
    if pair.first is not None and settings.exit_layer in (None, pair.first.layers):
        return EarlyExitDrafter(pair.first)
    return EarlyExitDrafter(first_layers(pair.target, settings.exit_layer))
