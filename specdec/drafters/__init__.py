"""Ways of guessing, one file each. A drafter proposes a tree of tokens; the loop and the rules do the rest."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import inf

import torch

from specdec.drafters.cross_tokenizer import TranslatedDrafter
from specdec.drafters.datastore import Datastore
from specdec.drafters.draft import Draft, Drafter
from specdec.drafters.draft_model import ModelDrafter
from specdec.drafters.eagle import EagleDrafter
from specdec.drafters.early_exit import EarlyExitDrafter
from specdec.drafters.lookahead import LookaheadDrafter
from specdec.drafters.medusa import MedusaDrafter
from specdec.drafters.none import NoDrafter
from specdec.drafters.prompt_lookup import LookupDrafter
from specdec.drafters.retrieval import RetrievalDrafter
from specdec.drafters.suffix_decoding import SuffixDrafter
from specdec.errors import UserError
from specdec.models import encoder_decoder
from specdec.models.language_model import LanguageModel
from specdec.models.loading import Pair
from specdec.models.truncated import first_layers, usual_exit
from specdec.settings import DYNAMIC, SURE_DRAFTERS, Settings

Factory = Callable[[Pair, Settings], Drafter]


def _none(pair: Pair, settings: Settings) -> Drafter:
    return NoDrafter()


def _lookup(pair: Pair, settings: Settings) -> Drafter:
    return LookupDrafter()


def _suffix(pair: Pair, settings: Settings) -> Drafter:
    return SuffixDrafter()


def _retrieval(pair: Pair, settings: Settings) -> Drafter:
    path = settle("retrieval", pair, settings).datastore
    if path is None:
        raise UserError("errors.datastore_missing")
    datastore = Datastore(path)
    datastore.check(pair.target.tokenizer, pair.target.name)
    return RetrievalDrafter(datastore)


def _lookahead(pair: Pair, settings: Settings) -> Drafter:
    return LookaheadDrafter()


def _model(pair: Pair, settings: Settings) -> Drafter:
    if pair.draft is None:
        raise UserError("errors.draft_missing")
    if same_vocabulary(pair.target, pair.draft):
        return ModelDrafter(pair.draft)
    _check_translation(pair.target, pair.draft, settings)
    return TranslatedDrafter(pair.draft)


def _early_exit(pair: Pair, settings: Settings) -> Drafter:
    layer = settings.exit_layer
    if pair.first is not None and layer in (None, pair.first.layers):
        return EarlyExitDrafter(pair.first)
    return EarlyExitDrafter(first_layers(pair.target, layer))


def _medusa(pair: Pair, settings: Settings) -> Drafter:
    if pair.medusa is None:
        raise UserError("errors.heads_medusa_missing", target=pair.target.name)
    return MedusaDrafter(pair.medusa)


def _eagle(pair: Pair, settings: Settings) -> Drafter:
    if pair.eagle is None:
        raise UserError("errors.heads_eagle_missing", target=pair.target.name)
    return EagleDrafter(pair.eagle)


DRAFTERS: dict[str, Factory] = {
    "none": _none,
    "model": _model,
    "lookup": _lookup,
    "suffix": _suffix,
    "retrieval": _retrieval,
    "lookahead": _lookahead,
    "early_exit": _early_exit,
    "medusa": _medusa,
    "eagle": _eagle,
}


def make(name: str, pair: Pair, settings: Settings) -> Drafter:
    """A drafter ready for one run; raises UserError for an unknown name or what the pair or the drafter cannot do."""
    if name not in DRAFTERS:
        raise UserError("errors.drafter_unknown", value=name, choices=", ".join(DRAFTERS))
    encoder_decoder.check(name, pair, settings)
    if settings.branching == DYNAMIC and name not in (*SURE_DRAFTERS, "none"):
        raise UserError("errors.dynamic_unsure", drafter=name, choices=", ".join(SURE_DRAFTERS))
    return DRAFTERS[name](pair, settings)


def settle(name: str, pair: Pair, settings: Settings) -> Settings:
    """What a drafter will go by where nothing was asked for, so that a trace can say it."""
    if name == "early_exit" and settings.exit_layer is None:
        return replace(settings, exit_layer=usual_exit(pair.target))
    if name == "retrieval" and settings.datastore is None:
        return replace(settings, datastore=pair.datastore)
    return settings


def longest(name: str, pair: Pair) -> float:
    """How many guesses in a row a drafter can make at most."""
    return len(pair.medusa) if name == "medusa" else inf


@lru_cache(maxsize=16)
def nothing(device: torch.device, size: int) -> Draft:
    """The empty draft, over `size` tokens: the round decodes plainly."""
    ids = torch.zeros(0, dtype=torch.long, device=device)
    return Draft(ids, (), torch.zeros(0, size, device=device), (), passes=0)


def _check_translation(target: LanguageModel, draft: LanguageModel, settings: Settings) -> None:
    """Between different tokenizers guesses go through text: in a chain, and between decoders that continue a text."""
    if target.encoder_decoder:
        sizes = {"target_size": f"{len(target.tokenizer):,}", "draft_size": f"{len(draft.tokenizer):,}"}
        raise UserError("errors.tokenizers_differ", target=target.name, draft=draft.name, **sizes)
    if settings.branching is not None:
        raise UserError("errors.translated_tree", target=target.name, draft=draft.name)


@lru_cache(maxsize=8)  # comparing 150,000 entries takes longer than many a round
def same_vocabulary(one: LanguageModel, other: LanguageModel) -> bool:
    """Output layers may be padded differently, and one of a family may have a special token more; every piece of text
    must be the same token."""
    first, second = (set(model.tokenizer.get_vocab().items()) for model in (one, other))
    special = _special_names(one) | _special_names(other)
    return all(name in special for name, _ in first ^ second)


def _special_names(model: LanguageModel) -> set[str]:
    return {token.content for token in model.tokenizer.added_tokens_decoder.values() if token.special}
