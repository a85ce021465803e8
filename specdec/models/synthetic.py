"""Models with the shapes of published ones and random weights, for timings, which depend on shapes and not on weights.

Every pass does the full amount of work, but the output is fixed in advance. The last projection of each attention and
feed-forward block is zero, so the layers add nothing to the residual stream, and the final hidden state is the token's
embedding, a random vector of signs. The output layer contains the same vectors in another order: the logit is largest
for the token that follows in a fixed script. After 0 comes 1, after 99 comes 0 again, after 199 comes 100. A draft
model can be made to predict another token after a given share of all tokens.
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

PERIOD = 100  # tokens, after which a text repeats
POSITIONS = 8192  # positions that every model has at least
SPREAD = 0.02  # standard deviation of the random weights
# Modules that add to the residual stream: the last projections of attention and feed-forward blocks, and learned
# position embeddings. Their weights are set to zero.
SILENT = {"o_proj", "down_proj", "out_proj", "fc2", "c_proj", "dense", "dense_4h_to_h", "embed_positions", "wpe"}


def load(target: str, draft: str | None = None, *, device: str = "auto", dtype: str = "auto") -> Pair:
    """A target and draft model with the shapes of these models (hub ids or folders), of which only the configurations
    are read. They predict the same tokens, and have at least POSITIONS positions. Device and dtype are those of
    `specdec.models.loading.load`.

    The output layer is never tied to the embeddings, which changes the memory of a model but not the work of a pass.
    Raises UserError for a model that cannot be found or does not fit into memory, and for an architecture that does
    not produce the script.
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
    """A text of this many tokens that ends at the end of a period.

    >>> text(3)
    '97 98 99'
    """
    return " ".join(str(place % PERIOD) for place in range(-tokens, 0))


def differ(pair: Pair, share: float, seed: int = 0) -> None:
    """Make the draft model predict another token than the target after a share of all tokens: after the same number in
    every period, at random positions. The wrong token is always one of another period. Otherwise a wrong guess could
    be a token of the text itself, and transformers, which compares guesses as text where the two output layers differ
    in size, would confuse the two positions. Raises UserError without a draft model."""
    if (draft := pair.draft) is None:
        raise UserError("errors.draft_missing")
    size = draft.vocab_size
    places = torch.arange(size) // PERIOD + torch.rand(size, generator=torch.Generator().manual_seed(seed))
    missed = places.argsort()[torch.arange(size) % PERIOD < round(share * PERIOD)]
    answers = _script(size)
    answers[missed] = answers[missed.roll(-round(share * PERIOD))]
    _write(draft, answers)
    synchronize(draft.device)  # otherwise the next measurement would include this write


def blank(config: PreTrainedConfig, dtype: torch.dtype, device: str | torch.device = "cpu") -> PreTrainedModel:
    """A model with uninitialized weights."""
    reader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    with torch.device(device), no_init_weights():
        return reader.from_config(config, dtype=dtype, attn_implementation=checkpoint.attention(config))


def configuration_of(source: str) -> PreTrainedConfig:
    """The configuration of a model in the catalog, a folder or the hub, without end token and tied weights. Raises
    UserError."""
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
    """Raise UserError, before anything is allocated, for models that do not fit into memory."""
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
    """A model with random weights, embeddings of signs, and layers that add nothing, created on its device."""
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
    """Make the model predict the script. Raises UserError for an architecture whose layers still add something."""
    _write(model, _script(model.vocab_size))
    if model.session().forward([0, 1]).argmax() != 2:
        raise UserError("errors.scripted_kind", value=model.name)


def _script(size: int) -> Tensor:
    """The token that follows each token, [V]: the next one of its period. It is a permutation."""
    token = torch.arange(size)
    first = token - token % PERIOD
    following = first + (token + 1) % PERIOD
    return torch.where(following < size, following, first)


@torch.no_grad()
def _write(model: LanguageModel, answers: Tensor) -> None:
    """Make the model predict `answers[t]`, [V], after token t. All vectors of signs have the same length, so each has
    its largest product with itself."""
    signs, output = model.module.get_input_embeddings().weight, model.module.get_output_embeddings().weight
    output[answers.to(model.device)] = signs


def _numbers(size: int) -> PreTrainedTokenizerFast:
    """A tokenizer of `size` tokens, each of which is written as its number."""
    tokenizer = Tokenizer(WordLevel({str(token): token for token in range(size)}, unk_token="0"))
    tokenizer.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)
