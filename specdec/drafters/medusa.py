"""Extra heads on the target's last hidden state guess several tokens at once (Medusa, Cai et al. 2024).

Needs heads that were trained on the target (`specdec/models/heads.py` says which files are read). Costs one small
product per head, together counted as one pass, and no pass of a model. The heads do not see each other's guesses, so a
chain of them tires quickly, and a tree that keeps several of each pays better: `--branching 4,2,1`, or `dynamic`.
"""

from collections.abc import Sequence
from dataclasses import replace

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
    """Under every node of depth d stand guesses from head d's own law: which one it follows makes no difference to a
    head. At temperature 0 they are its best tokens; else they are drawn, as a draft model's are: of a drawn guess
    Σ min(p, q) is kept, of the best one only p.
    """

    needs = frozenset({"hidden"})

    def __init__(self, heads: MedusaHeads) -> None:
        self.heads, self.longest = heads, len(heads)

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings
        self.target, self.output = target, target.module.get_output_embeddings()

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """The newest hidden state is that of the last token but one: what the target makes of it is the last token,
        which is known, and the heads guess what comes behind."""
        shape = shape[: len(self.heads)]
        if not shape or context.hidden is None or not len(context.hidden):
            return certain_chain([], self.target.device)  # a prompt of one token has no hidden state yet
        logits = self.heads(context.hidden[-1], self.output, len(shape))  # [depth, V]
        said = _Said(self.target, logits)
        draft = grow(said, context.tokens, shape, coins, self.settings, self.target.vocab_size)
        return replace(draft, passes=1)


class _Said:
    """What the heads said, [depth, V], as a session that drafts grow on: whatever a node is, the heads say the same of
    what follows it."""

    def __init__(self, model: LanguageModel, logits: Tensor) -> None:
        self.model, self.rows = model, iter(logits[:, None])

    def forward(self, tokens: list[int]) -> Tensor:
        return next(self.rows)

    def grow(self, ids: Tensor, parents: Sequence[int]) -> Tensor:
        return next(self.rows).expand(len(ids), -1)


def make(pair: Pair, settings: Settings) -> MedusaDrafter:
    return MedusaDrafter(pair.heads["medusa"])
