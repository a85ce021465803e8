"""Extra heads on the target's last hidden state guess several tokens at once (Medusa, Cai et al. 2024).

Needs heads that were trained on the target (`specdec/models/heads.py` says which files are read). Costs one small
product per head, together counted as one pass, and no pass of a model. The heads do not see each other's guesses, so a
chain of them tires quickly, and a tree that keeps several of each pays better: `--branching 4,2,1`, or `dynamic`.
"""

from dataclasses import replace

import torch
from torch import Tensor

from specdec.drafters.draft import Context, Draft, Outcome, Shape, certain_chain
from specdec.drafters.dynamic import likeliest_tree
from specdec.drafters.tree import levels
from specdec.models.heads import MedusaHeads
from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins
from specdec.settings import DYNAMIC, Settings


class MedusaDrafter:
    """Head d's best tokens stand under every node of depth d: which one it follows makes no difference to a head.

    The picks are certain, not drawn, so they have no law and need no coins.
    """

    needs = frozenset({"hidden"})
    model = None

    def __init__(self, heads: MedusaHeads) -> None:
        self.heads = heads

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings
        self.device, self.output = target.device, target.module.get_output_embeddings()

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """The newest hidden state is that of the last token but one: what the target makes of it is the last token,
        which is known, and the heads guess what comes behind."""
        shape = shape[: len(self.heads)]
        if not shape or context.hidden is None or not len(context.hidden):
            return certain_chain([], self.device)  # a prompt of one token has no hidden state yet
        logits = self.heads(context.hidden[-1], self.output, len(shape))  # [depth, V]
        if self.settings.branching == DYNAMIC:
            return _likeliest(logits)
        return _product(logits, shape)

    def observe(self, outcome: Outcome) -> None:
        pass

    def finish(self, tokens: list[int]) -> None:
        pass


def _likeliest(logits: Tensor) -> Draft:
    """The likeliest combinations: whatever a node is, the heads say the same of what follows it."""
    later = iter(logits[1:])
    tree = likeliest_tree(logits[:1], lambda ids, parents: next(later).expand(len(ids), -1), len(logits))
    return replace(tree, passes=1)


def _product(logits: Tensor, shape: Shape) -> Draft:
    """Every combination of the best tokens: logits [depth, V], one row per depth.

    >>> draft = _product(torch.tensor([[0.0, 2.0, 1.0], [5.0, 0.0, 0.0]]), (2, 1))
    >>> draft.ids.tolist(), draft.parents
    ([1, 2, 0, 0], (-1, -1, 0, 1))
    """
    rows = levels(shape)
    ids = [
        scores.topk(width).indices.repeat(len(row) // width)
        for scores, width, row in zip(logits, shape, rows, strict=True)
    ]
    parents = sum(rows, ())
    return Draft(torch.cat(ids), parents, None, (None,) * len(parents), passes=1)
