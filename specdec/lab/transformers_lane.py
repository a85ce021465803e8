"""transformers' `generate` as a lane of a benchmark: plain, with a draft model (assisted generation), or with prompt
lookup.

Its settings are those of our run. The draft length is set on the assistant's generation config, the only place where
transformers reads it, with a constant schedule and no confidence threshold. The sampling settings that the models'
authors recommend are left out, and so is transformers' default top-k of 50. In the lane `hf-assisted-defaults` the
assistant keeps transformers' defaults. Linear layers are PyTorch's. The modules are shared with our engine, so
everything is restored afterwards.
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
    """The result of one `generate`: the new token ids, the seconds including the reading of the prompt, and the number
    of forward passes of both models, the target's first of which also reads the prompt."""

    ids: tuple[int, ...]
    seconds: float
    passes: Passes
    peak_memory_bytes: int | None


@torch.inference_mode()
def generate(pair: Pair, lane: str, prompt: str, settings: Settings) -> Generation:
    """One run of transformers' `generate`. Raises UserError for two models that transformers would combine wrongly or
    only after changing one of them (see `_assistant`); any other error is transformers' own."""
    target, draft = pair.target, pair.draft if lane in (ASSISTED, DEFAULTS) else None
    begun = prepare(pair, Request(prompt, methods.PLAIN, settings)).opening  # the tokens that our run begins with
    given = target.tensor(list(begun.given))[None]
    copied = {"prompt_lookup_num_tokens": settings.draft_length} if lane == LOOKUP else {}
    config = hf_generate.configured(target, max_new_tokens=settings.max_new_tokens, **_sampling(settings), **copied)
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


def _sampling(settings: Settings) -> dict[str, Any]:
    if settings.temperature == 0:
        return {"do_sample": False}
    filters = {"top_k": settings.top_k, "top_p": settings.top_p, "min_p": settings.min_p or None}
    return {"do_sample": True, "temperature": settings.temperature, **filters}


def _drafting(lane: str, length: int) -> GenerationConfig:
    """The assistant's generation config: drafts of a fixed `length`, or transformers' defaults in lane DEFAULTS."""
    if lane == DEFAULTS:
        return GenerationConfig()
    return GenerationConfig(
        num_assistant_tokens=length, num_assistant_tokens_schedule="constant", assistant_confidence_threshold=0.0
    )


def _assistant(target: LanguageModel, draft: LanguageModel, settings: Settings) -> dict[str, Any]:
    """Keyword arguments of `generate` for the draft model, with both tokenizers where the vocabularies differ in size:
    transformers then translates between them through text.

    Raises UserError where transformers would take one model's token ids for the other's (equal sizes, different
    tokens), and where it would cut the draft model's output layer.
    """
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
    """A list that grows by one entry with every forward pass of `module` while the context is open. The hook takes
    microseconds, a pass milliseconds."""
    passes: list[None] = []
    hook = module.register_forward_pre_hook(lambda *_: passes.append(None))
    try:
        yield passes
    finally:
        hook.remove()
