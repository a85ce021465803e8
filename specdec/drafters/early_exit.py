"""The target's own first layers guess (Draft & Verify, Zhang et al. 2023; LayerSkip, Elhoushi et al. 2024).

Needs no second model: after E of its L layers the target's own final norm and output layer make a guess, and the keys
and values of those layers go into the very slots where the whole target's pass computes them anew, so no memory is
added. Costs E/L of a target pass, and an output layer, per depth of the draft; LayerSkip's own code spares the
verifying pass what these layers have computed, this one does not. Pays where early layers know the answer: for models
trained to leave early, such as LayerSkip's on the hub (facebook/layerskip-llama2-7B and its like, which load as the
plain Llamas they are); an ordinary model's first layers guess poorly.
"""

import copy

import torch
from torch import nn

from specdec.drafters.draft import Context, Draft, Outcome, Shape
from specdec.drafters.model import grow
from specdec.errors import UserError
from specdec.models.language_model import LanguageModel
from specdec.models.session import Session
from specdec.sampling import Coins
from specdec.settings import Settings
from specdec.words import say


class EarlyExitDrafter:
    """Leaves after `exit_layer` layers; by default after a quarter of them (LayerSkip's 7B: 8 of 32)."""

    needs = frozenset({"layers"})
    model = None

    def __init__(self, target: LanguageModel, exit_layer: int | None = None) -> None:
        self.first = LanguageModel(target.name, _first_layers(target, _exit(target, exit_layer)), target.tokenizer)

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """The target's cache is the truth: what is committed there is committed here."""
        session = Session(self.first, cache=context.session.cache)
        session.tokens = list(context.session.tokens)
        return grow(session, context.tokens, shape, coins, self.settings, self.first.vocab_size)

    def observe(self, outcome: Outcome) -> None:
        pass

    def finish(self, tokens: list[int]) -> None:
        pass


def usual_exit(target: LanguageModel) -> int:
    """A quarter of the layers."""
    return max(1, target.layers // 4)


def _exit(target: LanguageModel, layer: int | None) -> int:
    """Raises UserError for a layer that does not come before the last."""
    if target.layers < 2:
        raise UserError(say("errors.exit_single", target=target.name))
    if layer is None:
        return usual_exit(target)
    if not 1 <= layer < target.layers:
        sizes = {"layers": target.layers, "high": target.layers - 1, "value": layer}
        raise UserError(say("errors.exit_range", target=target.name, **sizes))
    return layer


def _first_layers(target: LanguageModel, count: int) -> nn.Module:
    """The target's module with its later layers left out: the same weights, and the target stays as it is."""
    stacks = (
        name
        for name, module in target.module.named_modules()
        if isinstance(module, nn.ModuleList) and len(module) == target.layers
    )
    if (path := next(stacks, None)) is None:
        raise UserError(say("errors.exit_unknown", target=target.name))
    layers = list(target.module.get_submodule(path))
    return _with(target.module, path.split("."), nn.ModuleList(layers[:count]))


def _with(module: nn.Module, path: list[str], part: nn.Module) -> nn.Module:
    """A copy of a module with one part replaced; only the modules on the way to it are copied, and none of their
    weights."""
    if not path:
        return part
    made = copy.copy(module)
    made._modules = dict(module._modules)  # a copied module would share its table of parts
    made._modules[path[0]] = _with(module._modules[path[0]], path[1:], part)
    return made
