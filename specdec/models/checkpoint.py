"""Checks of a checkpoint, given as a folder or a hub id, before and after it is loaded: its weights must be complete
and match its configuration, and its architecture must work with this program's cache. No code from a checkpoint is
ever executed."""

import inspect
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from safetensors import safe_open
from torch import nn
from transformers import AutoTokenizer, PretrainedConfig, PreTrainedTokenizerBase
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING, MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING
from transformers.quantizers.auto import AUTO_QUANTIZATION_CONFIG_MAPPING
from transformers.utils import cached_file

from specdec.catalog.reach import CONFIG, is_here
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.models import encoder_decoder

TOKENIZER, WEIGHTS, INDEX = "tokenizer.json", "model.safetensors", "model.safetensors.index.json"
MOST_LAYERS = 1000  # eight times those of the deepest published model
UNSUITED_LAYERS = {"linear_attention", "mamba", "conv", "recurrent", "hybrid", "chunked_attention"}
NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")  # the number of a layer in a tensor's name
WHOLE = re.compile(r"[IU]\d+")  # the integer number formats, as safetensors names them
COUNTS = {"vocab_size": 1 << 31, "num_hidden_layers": MOST_LAYERS, "num_attention_heads": 1 << 31}


def options(source: str, file: str) -> dict[str, bool]:
    """The options for `from_pretrained`: never execute code from the checkpoint, and if this file is in the hub's
    cache, read only the cache. An unreachable hub would otherwise be asked several times, which takes a minute."""
    return {"trust_remote_code": False, "local_files_only": is_here(source, file)}


def weights_file(source: str) -> str:
    """The file whose presence in the hub's cache shows that a model's weights are there."""
    return WEIGHTS if is_here(source, WEIGHTS) else INDEX


def why(error: Exception) -> str | Message:
    """What transformers complained of, where it speaks of its own arguments or of a report that it has printed."""
    said = str(error)
    if "trust_remote_code" in said:
        return Message("errors.why_own_code")
    if "ignore_mismatched_sizes" in said:
        return Message("errors.why_sizes")
    return Message("errors.why_unconverted") if "above report" in said else first_line(error)


def tokenizer(source: str) -> PreTrainedTokenizerBase:
    """A model's tokenizer. One small file is requested first, so that an unreachable hub is asked only once, instead
    of once for every file that a tokenizer may have."""
    _found(source, CONFIG)
    return AutoTokenizer.from_pretrained(source, **options(source, TOKENIZER))


def attention(config: PretrainedConfig) -> str:
    """The attention implementation: `sdpa`, PyTorch's fused attention, or `eager` for the few families without it
    (those with softcapped scores)."""
    return "sdpa" if getattr(_class(config), "_supports_sdpa", True) else "eager"


def check_config(config: PretrainedConfig, name: str) -> None:
    """Raises UserError for an architecture that the cache does not support, and for impossible sizes."""
    text = config.get_text_config()
    if config.is_encoder_decoder and config.model_type not in encoder_decoder.KINDS:
        _refuse(name, Message("errors.why_encoder_decoder", kinds=", ".join(encoder_decoder.KINDS)))
    if UNSUITED_LAYERS & set(getattr(text, "layer_types", None) or ()):
        _refuse(name, Message("errors.why_recurrent"))
    _check_sizes(text, name)
    _check_quantisation(config, name)
    if not config.is_encoder_decoder:
        _check_forward(config, name)


def _check_sizes(config: PretrainedConfig, name: str) -> None:
    for key, most in COUNTS.items():
        value = getattr(config, key, None)
        if isinstance(value, int) and not 1 <= value <= most:
            _refuse(name, Message("errors.why_size", field=key, value=value))
    positions = getattr(config, "max_position_embeddings", None)
    if isinstance(positions, int) and positions < 1:
        _refuse(name, Message("errors.why_size", field="max_position_embeddings", value=positions))


def _check_quantisation(config: PretrainedConfig, name: str) -> None:
    quantised = getattr(config, "quantization_config", None)
    method = quantised.get("quant_method") if isinstance(quantised, dict) else None
    if quantised is None and getattr(config, "quantization", None):
        method = "MLX"
    if method is not None and method not in AUTO_QUANTIZATION_CONFIG_MAPPING:
        _refuse(name, Message("errors.why_quantised", method=method))


def _check_forward(config: PretrainedConfig, name: str) -> None:
    """Raises UserError for a model that does not accept explicit positions. The passes here need them, since the
    branches of a draft tree share positions."""
    module = _class(config)
    taken = inspect.signature(module.forward).parameters if module else {"position_ids": None, "cache": None}
    if "position_ids" not in taken or "cache" not in taken:
        _refuse(name, Message("errors.why_positions"))
    if getattr(config.get_text_config(), "alibi", False):
        _refuse(name, Message("errors.why_alibi"))


def _class(config: PretrainedConfig) -> type[nn.Module] | None:
    """The transformers class for a configuration; None if transformers has none."""
    mapping = MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING if config.is_encoder_decoder else MODEL_FOR_CAUSAL_LM_MAPPING
    found = mapping.get(type(config), None)
    return found[0] if isinstance(found, tuple) else found


def tensors(source: str) -> dict[str, str]:
    """A model's tensors, name → number format, from the headers of its safetensors files. Empty if there are no files
    under the usual names; transformers may still find others."""
    return {key: dtype for file in _files(source) for key, dtype in _header(file)}


def _files(source: str) -> list[str]:
    if whole := _found(source, WEIGHTS):
        return [whole]
    if (index := _found(source, INDEX)) is None:
        return []
    names = set(json.loads(Path(index).read_text(encoding="utf-8"))["weight_map"].values())
    return [file for one in sorted(names) if (file := _found(source, one))]


def _found(source: str, file: str) -> str | None:
    quiet = {"_raise_exceptions_for_missing_entries": False}
    return cached_file(source, file, local_files_only=is_here(source, file), **quiet)


def _header(file: str) -> Iterable[tuple[str, str]]:
    with safe_open(file, framework="pt") as opened:
        return [(key, opened.get_slice(key).get_dtype()) for key in opened.keys()]  # noqa: SIM118


def check_layers(found: dict[str, str], config: PretrainedConfig, name: str) -> None:
    """Raises UserError if the configuration has more layers than the files contain. It is called before any layer is
    allocated."""
    layers = getattr(config.get_text_config(), "num_hidden_layers", 0)
    most = 1 + max((int(number) for key in found for number in NUMBER.findall(key)), default=-1)
    if found and isinstance(layers, int) and layers > most:
        _refuse(name, Message("errors.why_layers", layers=layers, n=most))


def check_loaded(info: dict[str, Any], found: dict[str, str], module: nn.Module, name: str) -> None:
    """Raises UserError for weights that are missing from the files and were initialized at random, for tensors of the
    model's layers that it has no place for, and for integer weights without a quantization config."""
    if missing := sorted(info["missing_keys"]):
        _refuse(name, Message("errors.why_missing", n=len(missing), tensor=missing[0]))
    if strange := sorted(key for key in info["unexpected_keys"] if _is_inside(key, module)):
        _refuse(name, Message("errors.why_unexpected", n=len(strange), tensor=strange[0]))
    if getattr(module.config, "quantization_config", None) is None:
        names = {key for key, _ in module.named_parameters()}
        ends = {key.partition(".")[2] for key in names}  # a checkpoint without an output layer has no prefix
        whole = sorted(key for key, dtype in found.items() if WHOLE.fullmatch(dtype) and key in names | ends)
        if whole:
            _refuse(name, Message("errors.why_whole", tensor=whole[0], dtype=found[whole[0]]))


def _is_inside(key: str, module: nn.Module) -> bool:
    """Whether an unexpected tensor belongs to an additional layer or to a layer that the model has. It does not if it
    belongs to a part that the model is loaded without, such as another task's head."""
    parts = dict(module.named_modules())
    parts |= {name.partition(".")[2]: part for name, part in parts.items() if "." in name}
    above = key.split(".")
    known = (".".join(above[:end]) for end in range(len(above) - 1, 0, -1))
    nearest = next((parts[name] for name in known if name in parts), None)
    return nearest is not None and (isinstance(nearest, nn.ModuleList) or not any(nearest.children()))


def _refuse(name: str, reason: str | Message) -> NoReturn:
    raise UserError("errors.model_kind", value=name, why=reason)
