"""From a hub id or a folder to a model that is ready to run."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from weakref import WeakValueDictionary

import torch
from huggingface_hub.errors import GatedRepoError, StrictDataclassError
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer
from transformers.utils import logging

from specdec.catalog.memory import usual_dtype
from specdec.catalog.pairs import DEFAULT_DRAFT_LENGTH, DEFAULT_PAIR, PAIRS, PairEntry, is_known
from specdec.device import memory
from specdec.device.machine import devices, set_threads
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.models import device_map, encoder_decoder
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.heads import kind, load_heads
from specdec.models.language_model import LanguageModel
from specdec.models.linear import quicken
from specdec.models.pair import Pair

logging.disable_progress_bar()  # a terminal shows the run, and nothing else

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
NOT_A_MODEL = (  # what a folder brings about that holds something else, or half of it
    *(SafetensorError, StrictDataclassError, ImportError, RuntimeError),
    *(ValueError, KeyError, TypeError, AttributeError, ArithmeticError),
)
UNSUITED_LAYERS = {"linear_attention", "mamba", "conv", "recurrent", "hybrid", "chunked_attention"}


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
    """The pair that `load` gives away copies of."""
    set_threads()
    entry = None if target else _entry(pair)
    drafter = entry.drafter if entry and not draft else None
    if entry and draft in entry.drafts:
        draft = _named_draft(entry, draft)
    elif draft in PAIRS:
        draft = _draft_of(PAIRS[draft])
    named = list(entry.heads.values()) if entry else []
    if draft and kind(draft):
        named, draft = [*named, draft], None
    if entry and not draft:
        draft = entry.draft
    target = entry.target if entry else target
    place = pick_device(device)
    pick_dtype(dtype, place)  # refused before anything is asked for
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
    """One model and its tokenizer, on the device or, too large for one GPU, spread over all. Only safetensors, never
    code from a hub. Raises UserError."""
    name = Path(source).name if Path(source).is_dir() else source
    try:
        config = AutoConfig.from_pretrained(source)
        _check_kind(config, name)
        has_encoder = config.is_encoder_decoder
        number_format = pick_dtype(dtype, device, has_encoder)
        tokenizer = AutoTokenizer.from_pretrained(source)
        reader = AutoModelForSeq2SeqLM if has_encoder else AutoModelForCausalLM
        options = {"config": config, "dtype": number_format, "attn_implementation": "sdpa", "use_safetensors": True}
        if device_map.is_needed(name, config, number_format, device):
            module = device_map.gathered(reader.from_pretrained(source, **options, device_map="auto"))
        else:
            module = reader.from_pretrained(source, **options).to(device)
    except OSError as error:
        if any(isinstance(one, GatedRepoError) for one in (error, error.__cause__)):
            raise UserError("errors.model_gated", value=name) from None
        raise UserError("errors.model_unknown", value=name, why=first_line(error)) from None
    except UserError:
        raise
    except torch.OutOfMemoryError as error:
        raise UserError("errors.model_memory", value=name, why=first_line(error)) from None
    except NOT_A_MODEL as error:
        raise UserError("errors.model_kind", value=name, why=first_line(error)) from None
    kind_of_model = EncoderDecoderModel if has_encoder else LanguageModel
    model = _held[source, device, dtype] = kind_of_model(name, quicken(module.eval()), tokenizer)
    return model


def _check_kind(config, name: str) -> None:
    text = config.get_text_config()
    if config.is_encoder_decoder and config.model_type not in encoder_decoder.KINDS:
        why = Message("errors.why_encoder_decoder", kinds=", ".join(encoder_decoder.KINDS))
        raise UserError("errors.model_kind", value=name, why=why)
    if UNSUITED_LAYERS & set(getattr(text, "layer_types", None) or ()):
        raise UserError("errors.model_kind", value=name, why=Message("errors.why_recurrent"))
