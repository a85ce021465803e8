"""transformers' own `generate` as a lane: plain, with a draft model, or copying from its context.

It is set as our run is. The draft length stands where alone transformers looks for it, on the assistant's generation
config, with a constant schedule and no confidence threshold; what the models' makers recommend is left out, and
transformers' own top-k of 50 too. In one lane the assistant keeps transformers' defaults. Linear layers are PyTorch's
own. Everything is as it was afterwards: modules are shared.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import torch
from transformers import GenerationConfig, PreTrainedModel

from specdec import methods
from specdec.device.clock import synchronize
from specdec.device.machine import peak_memory, reset_peak_memory
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.models import hf_generate
from specdec.models.language_model import LanguageModel
from specdec.models.linear import stock
from specdec.models.pair import Pair, same_vocabulary
from specdec.settings import Settings
from specdec.trace import Passes

LANES = PLAIN, ASSISTED, DEFAULTS, LOOKUP = "hf-plain", "hf-assisted", "hf-assisted-defaults", "hf-lookup"


@dataclass(frozen=True, slots=True)
class Generation:
    """What was written, the seconds from before the prompt was read, and how often the models were called for it: the
    target's first pass reads the prompt as well."""

    ids: tuple[int, ...]
    seconds: float
    passes: Passes
    peak_memory_bytes: int | None


@torch.inference_mode()
def generate(pair: Pair, lane: str, prompt: str, settings: Settings) -> Generation:
    """One run. Raises UserError for two models that transformers would not join as it found them; whatever else it
    cannot do raises as it does there."""
    target, draft = pair.target, pair.draft if lane in (ASSISTED, DEFAULTS) else None
    begun = prepare(pair, Request(prompt, methods.PLAIN, settings)).opening  # our run would begin with its tokens
    given = target.tensor(list(begun.given))[None]
    copied = {"prompt_lookup_num_tokens": settings.draft_length} if lane == LOOKUP else {}
    config = hf_generate.configured(target, max_new_tokens=settings.max_new_tokens, **_law(settings), **copied)
    start = hf_generate.first_tokens(target) | (_assistant(target, draft, settings) if draft else {})
    recommended = {target.module: GenerationConfig()}
    if draft:
        recommended[draft.module] = _drafting(lane, int(settings.draft_length))
    with ExitStack() as while_open:
        for module, own in recommended.items():
            while_open.enter_context(hf_generate.recommending(module, own))
            while_open.enter_context(stock(module))
        passes = [while_open.enter_context(_counted(module)) for module in recommended]
        while_open.enter_context(hf_generate.seeded(settings.seed, target.device))
        reset_peak_memory(target.device)
        synchronize(target.device)
        begin = perf_counter()
        found = target.module.generate(given, attention_mask=torch.ones_like(given), generation_config=config, **start)
        synchronize(target.device)
        seconds = perf_counter() - begin
    counts = Passes(draft=len(passes[1]) if draft else 0, target=len(passes[0]))
    return Generation(tuple(found[0, len(begun.tokens) :].tolist()), seconds, counts, peak_memory(target.device))


def _law(settings: Settings) -> dict[str, Any]:
    if settings.temperature == 0:
        return {"do_sample": False}
    filters = {"top_k": settings.top_k, "top_p": settings.top_p, "min_p": settings.min_p or None}
    return {"do_sample": True, "temperature": settings.temperature, **filters}


def _drafting(lane: str, length: int) -> GenerationConfig:
    """How the assistant drafts: as far as ours does, or as transformers thinks best."""
    if lane == DEFAULTS:
        return GenerationConfig()
    return GenerationConfig(
        num_assistant_tokens=length, num_assistant_tokens_schedule="constant", assistant_confidence_threshold=0.0
    )


def _assistant(target: LanguageModel, draft: LanguageModel, settings: Settings) -> dict[str, Any]:
    """The draft model; and both tokenizers where the output layers are of two sizes, for transformers then goes by
    their texts. Raises UserError where it would take one model's tokens for the other's, or cut the draft model."""
    models = target, draft
    target_size, draft_size = (model.module.config.get_text_config().vocab_size for model in models)
    if same_vocabulary(*models) and target_size == draft_size:
        return {"assistant_model": draft.module}
    if target_size == draft_size:
        raise UserError("errors.hf_same_size")
    if settings.temperature > 0 and not same_vocabulary(target, draft):
        raise UserError("errors.hf_would_cut")
    tokenizers = {"tokenizer": target.tokenizer, "assistant_tokenizer": draft.tokenizer}
    return {"assistant_model": draft.module, **tokenizers}


@contextmanager
def _counted(module: PreTrainedModel) -> Iterator[list[None]]:
    """While open, an entry more for every pass; noting it takes microseconds, a pass milliseconds."""
    passes: list[None] = []
    hook = module.register_forward_pre_hook(lambda *_: passes.append(None))
    try:
        yield passes
    finally:
        hook.remove()
