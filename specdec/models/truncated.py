"""A model made of the first layers of another. It shares the weights; the original is not changed."""

import copy

from torch import nn
from transformers import PreTrainedModel

from specdec.errors import UserError
from specdec.models.language_model import LanguageModel


def usual_exit(model: LanguageModel) -> int:
    """The default number of layers: a quarter (as LayerSkip uses for a 7B model: 8 of 32)."""
    return max(1, model.layers // 4)


def first_layers(model: LanguageModel, count: int | None = None) -> LanguageModel:
    """The model's first `count` layers (default: `usual_exit`), followed by its own final norm and output layer.

    Raises UserError unless 1 ≤ count < number of layers, and for a model whose layers cannot be found.
    """
    count = _checked(model, count)
    stacks = (
        name
        for name, module in model.module.named_modules()
        if isinstance(module, nn.ModuleList) and len(module) == model.layers
    )
    if (path := next(stacks, None)) is None:
        raise UserError("errors.exit_unknown", target=model.name)
    layers = list(model.module.get_submodule(path))
    module: PreTrainedModel = _with(model.module, path.split("."), nn.ModuleList(layers[:count]))
    module.config = copy.deepcopy(model.module.config)
    config = module.config.get_text_config()
    config.num_hidden_layers = count
    if getattr(config, "num_kv_shared_layers", None):
        config.num_kv_shared_layers = max(0, count - model.cached_layers)
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[:count]
    return LanguageModel(model.name, module, model.tokenizer)


def _checked(model: LanguageModel, count: int | None) -> int:
    if model.layers < 2:
        raise UserError("errors.exit_single", target=model.name)
    if count is None:
        return usual_exit(model)
    if not 1 <= count < model.layers:
        sizes = {"layers": model.layers, "high": model.layers - 1, "value": count}
        raise UserError("errors.exit_range", target=model.name, **sizes)
    return count


def _with(module: nn.Module, path: list[str], part: nn.Module) -> nn.Module:
    """A copy of a module with one submodule replaced. Only the modules on the path to it are copied, without their
    weights."""
    if not path:
        return part
    made = copy.copy(module)
    for hooked in ("forward", "_old_forward", "_hf_hook"):  # set by accelerate; they would run the original
        made.__dict__.pop(hooked, None)
    made._modules = dict(module._modules)  # copy.copy shares this dict
    made._modules[path[0]] = _with(module.get_submodule(path[0]), path[1:], part)
    return made
