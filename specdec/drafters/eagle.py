"""EAGLE drafting (Li et al. 2024a; EAGLE-2, 2024b): one transformer layer predicts the target's next feature, and from
it the next token.

It needs a head that was trained on the target (`specdec/models/heads.py` says which files are read). A feature is the
input of the target's output layer. The head reads the feature of a token together with the embedding of the token
after it, which the feature does not determine, and predicts the feature of that next token; the target's output layer
turns it into a guess. It costs one pass of one layer and of the output layer per depth, and reads the prompt in the
first round. A head with a draft vocabulary guesses only the tokens in it, with fewer rows of the output layer. It pays
because the features already contain most of the target's work, so that the head guesses better than a draft model of
its size.

`--branching dynamic` is EAGLE-2's tree (`specdec/drafters/dynamic_tree.py`).
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor

from specdec.device.transfer import upload
from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_chain
from specdec.drafters.draft_model import grow
from specdec.drafters.dynamic_tree import likeliest_tree
from specdec.models.accelerator import PassInputs
from specdec.models.heads import EagleHead
from specdec.models.kv_cache import SlotCache
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import DYNAMIC, Settings


class EagleDrafter(Drafter):
    """Drafts with an EAGLE head. Chains and trees are drawn from the head's distribution; the nodes of a dynamic tree
    are chosen deterministically. Nothing of a draft is kept in the head's cache: its features were predicted, and the
    next round provides those of the target."""

    needs = frozenset({"hidden"})
    heads: EagleHead

    def __init__(self, head: EagleHead) -> None:
        self.heads = head

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings
        self.session = FeatureSession(self.heads, target)

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        if not shape or context.hidden is None or not len(context.hidden):
            return certain_chain([], self.session.model.device)  # a prompt of one token has no feature yet
        self.session.fresh = context.hidden
        if self.settings.branching == DYNAMIC:
            return likeliest_tree(self.session.forward(context.tokens), self.session.grow, len(shape))
        return grow(self.session, context.tokens, shape, coins, self.settings, self.session.model.vocab_size)


class FeatureSession:
    """An EAGLE head's cache, and the draft that grows after it. Entry i is made from the feature of token i and the
    embedding of token i + 1.

    The attention mask stays on the device: `seen` [1 + N, L] has a row for the context and one for every node fed.
    """

    def __init__(self, head: EagleHead, target: LanguageModel) -> None:
        self.head, self.model = head, target
        self.embed = target.module.get_input_embeddings()
        self.output = head.output_layer(target.module.get_output_embeddings())
        self.cache = SlotCache(layers=1)
        self.fresh: Tensor  # [M, H], set before each draft:, new features of the target, up to the last token but one

    def forward(self, tokens: list[int]) -> Tensor:
        """Feed the fresh features, each with the token after it, over the slots of earlier drafts; logits [1, V]."""
        self.end = len(tokens) - 1
        self.cache.reserve(self.end)
        slots = torch.arange(self.end - len(self.fresh), self.end, device=self.model.device)
        causal = torch.arange(self.cache.size, device=self.model.device) <= slots[:, None]
        ids = self.model.tensor(tokens[-len(self.fresh) :])
        logits, features = self._pass(ids, self.fresh, slots, causal, outputs=1)
        self.features, self.seen = features[-1:], causal[-1:]  # [1 + N, H], predicted
        return logits

    def grow(self, ids: Tensor, parents: Sequence[int] | Tensor) -> Tensor:
        """Feed more nodes; parents index all nodes fed so far (-1: the context). Returns logits [len(ids), V]."""
        if not isinstance(parents, Tensor):
            parents = upload(parents, torch.long, ids.device)
        above = parents + 1
        first = self.end + len(self.features) - 1
        self.cache.reserve(first + len(ids))
        slots = torch.arange(first, first + len(ids), device=ids.device)
        self.seen = torch.nn.functional.pad(self.seen, (0, self.cache.size - self.seen.shape[1]))
        seen = self.seen[above].scatter(1, slots[:, None], True)
        logits, features = self._pass(ids, self.features[above], slots, seen, outputs=len(ids))
        self.features, self.seen = torch.cat([self.features, features]), torch.cat([self.seen, seen])
        return logits

    def _pass(self, ids: Tensor, features: Tensor, slots: Tensor, seen: Tensor, outputs: int) -> tuple[Tensor, Tensor]:
        """Logits [outputs, V] of the last tokens, and the predicted features [T, H] of all."""
        positions = seen.sum(-1) - 1  # a node sees itself and all its ancestors, so their number gives its position
        inputs = PassInputs(ids, slots, positions, seen, features)
        if self.head.accelerator.takes(self.cache, inputs):
            logits, made = self.head.accelerator.forward(self.cache, inputs)
            return self.head.spread(logits[-outputs:]), made
        self.cache.slots = slots
        made = self.head(self.embed(ids), features, positions, seen, self.cache)
        return self.head.spread(self.output(made[-outputs:])), made


def make(pair: Pair, settings: Settings) -> EagleDrafter:
    return EagleDrafter(cast(EagleHead, pair.heads["eagle"]))
