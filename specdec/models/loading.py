"""From a hub id or a folder to a model that is ready to run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from logging import getLogger
from pathlib import Path
from weakref import WeakValueDictionary

import torch
from huggingface_hub.errors import GatedRepoError, StrictDataclassError
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedModel
from transformers.utils import logging

from specdec.catalog import reach
from specdec.catalog.memory import usual_dtype
from specdec.catalog.pairs import DEFAULT_DRAFT_LENGTH, DEFAULT_PAIR, PAIRS, PairEntry, is_known
from specdec.device import memory
from specdec.device.machine import devices, set_threads
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.models import checkpoint, device_map, encoder_decoder, gguf
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.heads import kind, load_heads
from specdec.models.language_model import LanguageModel
from specdec.models.linear import quicken
from specdec.models.pair import Pair

log = getLogger(__name__)
logging.disable_progress_bar()  # a terminal shows the run, and nothing else

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
NOT_A_MODEL = (  # what a folder brings about that holds something else, or half of it
    *(SafetensorError, StrictDataclassError, ImportError, RuntimeError),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
)


def load(
    pair: str = DEFAULT_PAIR,
    *,
    target: str | None = None,
    draft: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
) -> Pair:
    """Load a named pair, or a target by hub id or folder; a draft given by name (of the pair's drafts, or a pair's),
    id or folder replaces the pair's own: the draft model, or the heads of its kind if that is what it is.

    device `auto` is cuda, else mps, else cpu; dtype `auto` is float32 on a CPU, bfloat16 on CUDA, float16 on MPS (but
    float32 for an encoder–decoder: T5's activations leave what float16 can hold). On several GPUs, none of them named,
    a model that is too large for one is spread over all.
    Models are kept in memory for the next call; the pair begins with a memory of its own, that of no earlier run.
    Raises UserError for what cannot be found, read or run, and for public models that do not fit.
    """
    return replace(loaded(pair, target, draft, device, dtype), memory={})


@lru_cache(maxsize=8)
def loaded(pair: str, target: str | None, draft: str | None, device: str, dtype: str) -> Pair:
    """The pair of which `load` returns copies. Cached."""
    set_threads()
    if "" in (target, draft):
        raise UserError("errors.source_empty")
    entry = None if target else _entry(pair)
    drafter = entry.drafter if entry and not draft else None
    if entry and draft in entry.drafts:
        draft = _named_draft(entry, draft)
    elif draft in PAIRS:
        draft = _draft_of(PAIRS[draft])
    target = entry.target if entry else target
    place = pick_device(device)
    pick_dtype(dtype, place)  # refused before anything is asked for
    for source in filter(None, (target, draft)):
        reach.check(source)
    named = list(entry.heads.values()) if entry else []
    if draft and kind(draft):
        named, draft = [*named, draft], None
    if entry and not draft:
        draft = entry.draft
    memory.check([one for one in (target, draft, *named) if (one, place, dtype) not in _held], place, dtype)
    target_model = load_model(target, place, dtype)
    draft_model = load_model(draft, place, dtype) if draft else None
    if draft_model:
        encoder_decoder.check_alike(target_model, draft_model)
    return Pair(
        name=entry.name if entry else None,
        target=target_model,
        draft=draft_model,
        draft_length=entry.draft_length if entry else DEFAULT_DRAFT_LENGTH,
        datastore=entry.datastore if entry else None,
        drafter=drafter,
        heads={kind(source) or "": load_heads(source, target_model) for source in named},
    )


def _entry(name: str) -> PairEntry:
    if name not in PAIRS:
        raise UserError("errors.pair_unknown", value=name, choices=", ".join(PAIRS))
    if not (PAIRS[name].is_public or PAIRS[name].on_disk):
        raise UserError("errors.pair_missing", value=name)
    return PAIRS[name]


def _named_draft(entry: PairEntry, name: str) -> str:
    if not is_known(entry.drafts[name]):
        raise UserError("errors.draft_not_here", value=name)
    return entry.drafts[name]


def _draft_of(entry: PairEntry) -> str:
    if entry.draft is None:
        raise UserError("errors.pair_draftless", value=entry.name)
    return entry.draft


def pick_device(name: str) -> torch.device:
    """`auto`, `cpu`, `cuda`, `cuda:1`, `mps` → a device that is there; raises UserError."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError):  # the last for a name whose backend is not there
        raise UserError("errors.device_unknown", value=name, choices=", ".join(devices())) from None
    if device.type not in ("cpu", "cuda", "mps"):
        raise UserError("errors.device_unknown", value=name, choices=", ".join(devices()))
    return device


def pick_dtype(name: str, device: torch.device, has_encoder: bool = False) -> torch.dtype:
    """Raises UserError for a name that is not `auto`, `float32`, `bfloat16` or `float16`.

    >>> pick_dtype("auto", torch.device("mps")), pick_dtype("auto", torch.device("mps"), has_encoder=True)
    (torch.float16, torch.float32)
    """
    if name == "auto":
        name = usual_dtype(device.type, has_encoder)
    if name not in DTYPES:
        raise UserError("errors.dtype_unknown", value=name)
    return DTYPES[name]


_held: WeakValueDictionary[tuple[str, torch.device, str], LanguageModel] = WeakValueDictionary()  # in memory now


@lru_cache(maxsize=8)
def load_model(source: str, device: torch.device, dtype: str) -> LanguageModel:
    """One model and its tokenizer, on the device or, too large for one GPU, spread over all. Only safetensors, or GGUF
    that is converted to them; never code from a hub. Raises UserError."""
    place = files_of(source)
    name = Path(place).name if Path(place).exists() else source
    with _refusing(name):
        config = AutoConfig.from_pretrained(place, **checkpoint.options(place, checkpoint.CONFIG))
        checkpoint.check_config(config, name)
        has_encoder = config.is_encoder_decoder
        number_format = pick_dtype(dtype, device, has_encoder)
        tokenizer = checkpoint.tokenizer(place)
        module = _module(place, config, number_format, device, name)
    kind_of_model = EncoderDecoderModel if has_encoder else LanguageModel
    model = _held[source, device, dtype] = kind_of_model(name, quicken(module.eval()), tokenizer)
    if model.unfollowed:
        log.warning(Message("errors.unfollowed", model=name, settings=", ".join(model.unfollowed)))
    return model


def files_of(source: str) -> str:
    """The hub id or folder that the files of a model are loaded from: the converted folder of a GGUF file; the folder
    of a model that was fetched from a package, if the hub's cache lacks it; else the source itself. Raises UserError.
    """
    if (file := gguf.file_of(source)) is not None:
        return str(gguf.converted(file))
    return str(reach.packaged(source) or source)


def _module(source: str, config, dtype: torch.dtype, device: torch.device, name: str) -> PreTrainedModel:
    """The model with its weights, all of which come from the files."""
    reader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    choices = {"config": config, "dtype": dtype, "attn_implementation": checkpoint.attention(config)}
    choices |= checkpoint.options(source, checkpoint.weights_file(source))
    is_spread = device_map.is_needed(name, config, dtype, device)
    found = checkpoint.tensors(source)
    checkpoint.check_layers(found, config, name)
    places = {"device_map": "auto"} if is_spread else {}
    module, info = reader.from_pretrained(source, **choices, **places, use_safetensors=True, output_loading_info=True)
    checkpoint.check_loaded(info, found, module, name)
    return device_map.gathered(module) if is_spread else module.to(device)


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """A context in which a library's errors are raised as UserErrors about the model of this name."""
    try:
        yield
    except UserError:
        raise
    except OSError as error:
        if any(isinstance(one, GatedRepoError) for one in (error, error.__cause__)):
            raise UserError("errors.model_gated", value=name) from None
        raise UserError("errors.model_unknown", value=name, why=first_line(error)) from None
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise UserError("errors.model_memory", value=name, why=first_line(error)) from None
    except NOT_A_MODEL as error:
        raise UserError("errors.model_kind", value=name, why=checkpoint.why(error)) from None
