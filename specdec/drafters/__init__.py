"""The drafters, one file each. A drafter proposes a tree of tokens; the loop and the verification rules do the rest.

`specdec.methods` lists the drafters; each file ends with the function `make`, which creates its drafter.
"""

from functools import lru_cache

import torch

from specdec import methods
from specdec.catalog import capabilities
from specdec.drafters.draft import Draft, Drafter
from specdec.errors import UserError
from specdec.models.encoder_decoder import check_alike
from specdec.models.pair import Pair
from specdec.settings import Settings


def make(name: str, pair: Pair, settings: Settings) -> Drafter:
    """A new drafter for one run. Raises UserError for an unknown name, and for settings that the pair or the drafter
    does not support."""
    method = methods.drafter(name)
    if method.draft_model and pair.draft is not None:
        check_alike(pair.target, pair.draft)
    if pair.target.encoder_decoder:
        capabilities.check_encoder(method, settings, pair.target.name)
    capabilities.check_shape(method, settings)
    if lacking := capabilities.lacking(method, pair, pair.target.name, settings.datastore):
        raise UserError(lacking)
    return methods.resolve(method.code)(pair, settings)


def settle(name: str, pair: Pair, settings: Settings) -> Settings:
    """The settings with the drafter's own defaults filled in, so that they appear in the trace."""
    method = methods.drafter(name)
    return methods.resolve(method.settle)(pair, settings) if method.settle else settings


@lru_cache(maxsize=16)
def nothing(device: torch.device, size: int) -> Draft:
    """The empty draft over a vocabulary of `size`: the round becomes one step of plain decoding."""
    ids = torch.zeros(0, dtype=torch.long, device=device)
    return Draft(ids, (), torch.zeros(0, size, device=device), (), passes=0)
