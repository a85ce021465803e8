"""Models in the shape of others whose text is laid down, for what depends on shapes and not on weights.

The weights are random and all of the work is done, but what layers add to the stream of hidden states is nothing: the
weights of their last products are zero. So the last layer hands over the token's own row of signs, and the output
layer, which holds the rows of all tokens in another order, answers with the token that follows in the script: after 0
comes 1, after 99 comes 0 again, after 199 comes 100. A draft can be made to answer otherwise on a share of all tokens.
"""

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)
from transformers.initialization import no_init_weights

from specdec.catalog.hub import HUB_MODELS
from specdec.catalog.memory import gigabytes, place
from specdec.catalog.pairs import DEFAULT_DRAFT_LENGTH
from specdec.device.clock import synchronize
from specdec.device.memory import free as free_memory
from specdec.errors import UserError, first_line
from specdec.models import checkpoint, device_map
from specdec.models.language_model import LanguageModel
from specdec.models.linear import quicken
from specdec.models.loading import pick_device, pick_dtype
from specdec.models.pair import Pair

PERIOD = 100  # tokens, after which a text comes round
POSITIONS = 8192  # at least, so that any length fits
SPREAD = 0.02  # of the random weights
# What writes into the stream: the last products of attention and of the inner layer, and learned positions.
SILENT = {"o_proj", "down_proj", "out_proj", "fc2", "c_proj", "dense", "dense_4h_to_h", "embed_positions", "wpe"}


def load(target: str, draft: str | None = None, *, device: str = "auto", dtype: str = "auto") -> Pair:
    """A pair in the shape of these models (hub ids or folders), of which only the configurations are read; it has
    POSITIONS at least, and agrees on every token. Device and dtype are those of `specdec.models.loading.load`.

    Output layers are never shared with the embeddings: that changes what a model holds, not what a pass reads or does.
    Raises UserError for what cannot be found or does not fit, and for a kind of model that does not keep its script.
    """
    place = pick_device(device)
    number_format = pick_dtype(dtype, place)
    shapes = [(Path(source).name, configuration_of(source)) for source in filter(None, (target, draft))]
    _check_room(shapes, place, number_format)
    tokenizer = _numbers(min(config.vocab_size for _, config in shapes))
    models = [
        LanguageModel(name, _module(config, place, number_format, seed), tokenizer)
        for seed, (name, config) in enumerate(shapes)
    ]
    for model in models:
        _follow_script(model)
    return Pair(None, models[0], models[1] if draft else None, DEFAULT_DRAFT_LENGTH)


def text(tokens: int) -> str:
    """So many tokens, the last of which ends a period: what follows begins it anew.

    >>> text(3)
    '97 98 99'
    """
    return " ".join(str(place % PERIOD) for place in range(-tokens, 0))


def differ(pair: Pair, share: float, seed: int = 0) -> None:
    """Make the draft guess another token than the target writes behind a share of all tokens: behind equally many of
    every period, at random places. A wrong guess leads into another period, so never back into the text: transformers
    finds guesses by their text where output layers are of two sizes, and would take one place for the other."""
    if (draft := pair.draft) is None:
        raise UserError("errors.draft_missing")
    size = draft.vocab_size
    places = torch.arange(size) // PERIOD + torch.rand(size, generator=torch.Generator().manual_seed(seed))
    missed = places.argsort()[torch.arange(size) % PERIOD < round(share * PERIOD)]
    answers = _script(size)
    answers[missed] = answers[missed.roll(-round(share * PERIOD))]
    _write(draft, answers)
    synchronize(draft.device)  # else the next clock to start would count the writing


def blank(config: PreTrainedConfig, dtype: torch.dtype, device: str | torch.device = "cpu") -> PreTrainedModel:
    """A model whose numbers are what lies in fresh memory."""
    reader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    with torch.device(device), no_init_weights():
        return reader.from_config(config, dtype=dtype, attn_implementation=checkpoint.attention(config))


def configuration_of(source: str) -> PreTrainedConfig:
    """The catalog's, else that of a folder or the hub; without a token that ends a text."""
    name = Path(source).name if Path(source).is_dir() else source
    try:
        known = HUB_MODELS.get(source)
        options = checkpoint.options(source, checkpoint.CONFIG)
        config = AutoConfig.for_model(**known.config) if known else AutoConfig.from_pretrained(source, **options)
        checkpoint.check_config(config, name)
    except OSError as error:
        raise UserError("errors.model_unknown", value=name, why=first_line(error)) from None
    except UserError:
        raise
    except (ValueError, KeyError) as error:
        raise UserError("errors.model_kind", value=name, why=checkpoint.why(error)) from None
    if config.is_encoder_decoder:
        raise UserError("errors.scripted_encoder", value=name)
    config = copy.deepcopy(config.get_text_config())
    config.bos_token_id = config.eos_token_id = config.pad_token_id = None
    config.tie_word_embeddings = False
    config.max_position_embeddings = max(POSITIONS, config.max_position_embeddings)
    return config


def _check_room(shapes: Sequence[tuple[str, PreTrainedConfig]], device: torch.device, dtype: torch.dtype) -> None:
    """Refuse what does not fit before any of it is made."""
    needed = sum(device_map.weight_bytes(config, dtype) for _, config in shapes)
    free = free_memory(torch.empty(0, device=device).device)  # of one GPU, where there are several
    if free is not None and needed > free:
        sizes = {
            "needed": gigabytes(needed),
            "free": gigabytes(free),
            "place": place(device.type),
        }
        raise UserError("errors.scripted_room", models=" + ".join(name for name, _ in shapes), **sizes)


@torch.no_grad()
def _module(config: PreTrainedConfig, device: torch.device, dtype: torch.dtype, seed: int) -> PreTrainedModel:
    """Random weights, embeddings of signs, and layers that add nothing. Made where it will run."""
    module = blank(config, dtype, device).eval().requires_grad_(False)
    generator = torch.Generator(device).manual_seed(seed)
    for name, weight in module.named_parameters():
        if weight.ndim > 1:
            weight.normal_(std=SPREAD, generator=generator)
        else:
            weight.fill_(1 if name.endswith("weight") else 0)  # a norm's scale; a bias
    silent = [part for name, part in module.named_modules() if name.rpartition(".")[2] in SILENT]
    for weight in (weight for part in silent for weight in part.parameters()):
        weight.zero_()
    module.get_input_embeddings().weight.bernoulli_(generator=generator).mul_(2).sub_(1)
    return quicken(module)


def _follow_script(model: LanguageModel) -> None:
    """Raises UserError for a kind of model whose layers are not silent."""
    _write(model, _script(model.vocab_size))
    if model.session().forward([0, 1]).argmax() != 2:
        raise UserError("errors.scripted_kind", value=model.name)


def _script(size: int) -> Tensor:
    """What follows each token, [V]: the next one of its period; each follows one."""
    token = torch.arange(size)
    first = token - token % PERIOD
    following = first + (token + 1) % PERIOD
    return torch.where(following < size, following, first)


@torch.no_grad()
def _write(model: LanguageModel, answers: Tensor) -> None:
    """Let every token be followed by its answer, [V]. All rows of signs are as long, so that none is as near to one as
    itself."""
    signs, output = model.module.get_input_embeddings().weight, model.module.get_output_embeddings().weight
    output[answers.to(model.device)] = signs


def _numbers(size: int) -> PreTrainedTokenizerFast:
    """A tokenizer whose words are the numbers of its tokens."""
    tokenizer = Tokenizer(WordLevel({str(token): token for token in range(size)}, unk_token="0"))
    tokenizer.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)
