"""Ways of guessing, one file each. A drafter proposes a tree of tokens; the loop and the rules do the rest."""

from collections.abc import Callable
from functools import lru_cache

import torch

from specdec.drafters.draft import Draft, Drafter, certain_chain
from specdec.drafters.lookup import LookupDrafter
from specdec.drafters.model import ModelDrafter
from specdec.drafters.none import NoDrafter
from specdec.errors import UserError
from specdec.models.language_model import LanguageModel
from specdec.models.loading import Pair
from specdec.settings import Settings
from specdec.words import say


Factory = Callable[[Pair, Settings], Drafter]


def _none(pair: Pair, settings: Settings) -> Drafter:
    return NoDrafter()


def _lookup(pair: Pair, settings: Settings) -> Drafter:
    return LookupDrafter()


def _model(pair: Pair, settings: Settings) -> Drafter:
    if pair.draft is None:
        raise UserError(say("errors.draft_missing"))
    _check_tokenizers(pair.target, pair.draft)
    return ModelDrafter(pair.draft)


DRAFTERS: dict[str, Factory] = {"none": _none, "model": _model, "lookup": _lookup}


def make(name: str, pair: Pair, settings: Settings) -> Drafter:
    """A drafter ready for one run; raises UserError for an unknown name or what the pair or the drafter cannot do."""
    if name not in DRAFTERS:
        raise UserError(say("errors.drafter_unknown", value=name, choices=", ".join(DRAFTERS)))
    return DRAFTERS[name](pair, settings)


def nothing(device: torch.device) -> Draft:
    """The empty draft: the round decodes plainly."""
    return certain_chain([], device)


def best(pair: Pair) -> str:
    """The drafter a pair is run with when none is asked for."""
    return "model" if pair.draft else "lookup"


def _check_tokenizers(target: LanguageModel, draft: LanguageModel) -> None:
    """Output layers may be padded differently; the tokens themselves must be the same."""
    if not _same_vocabulary(target, draft):
        sizes = {"target_size": f"{len(target.tokenizer):,}", "draft_size": f"{len(draft.tokenizer):,}"}
        raise UserError(say("errors.tokenizers_differ", target=target.name, draft=draft.name, **sizes))


@lru_cache(maxsize=8)  # comparing 150,000 entries takes longer than many a round
def _same_vocabulary(one: LanguageModel, other: LanguageModel) -> bool:
    return one.tokenizer.get_vocab() == other.tokenizer.get_vocab()
