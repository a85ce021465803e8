"""Medusa drafting (Cai et al. 2024): extra heads on the target's last hidden state guess several tokens at once.

It needs heads that were trained on the target (`specdec/models/heads.py` says which files are read). It costs one
small matrix product per head, together counted as one pass, and no pass of a model. The heads do not see each other's
guesses, so the acceptance of a chain falls quickly with depth, and a tree with several guesses of each head pays more:
`--branching 4,2,1`, or `dynamic`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import torch
from torch import Tensor

from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_chain
from specdec.drafters.draft_model import grow
from specdec.models.heads import MedusaHeads
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings


class MedusaDrafter(Drafter):
    """Drafts with Medusa heads. Every node at depth d has children from the distribution of head d, which does not
    depend on the node. At temperature 0 these are the head's most probable tokens; otherwise they are drawn, as a
    draft model's are, since a drawn guess is kept with probability Σ min(p, q), and the most probable token x only
    with p(x).
    """

    needs = frozenset({"hidden"})
    heads: MedusaHeads

    def __init__(self, heads: MedusaHeads) -> None:
        self.heads, self.longest = heads, len(heads)

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings
        self.target, self.output = target, target.module.get_output_embeddings()

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """The newest hidden state is that of the last token but one. The target's output layer has made the last token
        from it, and the heads guess the tokens after that one."""
        shape = shape[: len(self.heads)]
        if not shape or context.hidden is None or not len(context.hidden):
            return certain_chain([], self.target.device)  # a prompt of one token has no hidden state yet
        logits = self.heads(context.hidden[-1], self.output, len(shape))  # [depth, V]
        said = _Said(self.target, logits)
        draft = grow(said, context.tokens, shape, coins, self.settings, self.target.vocab_size)
        return replace(draft, passes=1)


class _Said:
    """The heads' logits [depth, V] in the form of a session that `grow` can use: all nodes at a depth get the same
    logits."""

    def __init__(self, model: LanguageModel, logits: Tensor) -> None:
        self.model, self.rows = model, iter(logits[:, None])

    def forward(self, tokens: list[int]) -> Tensor:
        return next(self.rows)

    def grow(self, ids: Tensor, parents: Sequence[int]) -> Tensor:
        return next(self.rows).expand(len(ids), -1)


def make(pair: Pair, settings: Settings) -> MedusaDrafter:
    return MedusaDrafter(cast(MedusaHeads, pair.heads["medusa"]))
