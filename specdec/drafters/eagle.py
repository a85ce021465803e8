"""One layer that guesses the target's next feature, and so its next token (EAGLE, Li et al. 2024a; EAGLE-2, 2024b).

Needs a head that was trained on the target (`specdec/models/heads.py` says which files are read). A feature is what the
target's output layer sees. The head reads the feature of a token together with the token after it, which a model that
only saw features would have to guess, and predicts that token's feature; the target's own output layer makes a guess of
it. Costs one pass of one layer and an output layer per depth; reads the prompt in the first round. Pays more than a draft
model, as most of the work was done by the target.

`--branching dynamic` grows EAGLE-2's tree: the head's probabilities, multiplied along a path, tell how likely the target
will come by, so at every depth only the WIDTH likeliest nodes are followed, and of all nodes the NODES likeliest are
judged.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from specdec.drafters.draft import Context, Draft, Outcome, Shape, certain_chain
from specdec.drafters.model import grow
from specdec.models.cache import SlotCache
from specdec.models.heads import EagleHead
from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins
from specdec.settings import DYNAMIC, Settings

# The paper's trees have 10 and 60, on GPUs where a pass over 60 tokens takes hardly longer than one over a single
# token. These are smaller, so that a tree may pay on a CPU too and can be looked at.
WIDTH = 8  # nodes that are followed at every depth, and children of each
NODES = 24  # nodes that the target judges


class EagleDrafter:
    """Chains and trees are drawn from the head's own law; a dynamic tree holds picks that are certain, not drawn."""

    needs = frozenset({"hidden"})
    model = None

    def __init__(self, head: EagleHead) -> None:
        self.head = head

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings = settings
        self.session = FeatureSession(self.head, target)

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        if not shape or context.hidden is None or not len(context.hidden):
            return certain_chain([], self.session.model.device)  # a prompt of one token has no feature yet
        self.session.fresh = context.hidden
        if self.settings.branching == DYNAMIC:
            return grow_dynamic(self.session, context.tokens, len(shape))
        return grow(self.session, context.tokens, shape, coins, self.settings, self.session.model.vocab_size)

    def observe(self, outcome: Outcome) -> None:
        """Nothing is kept of a draft: its features were guessed, and the next round brings the true ones."""

    def finish(self, tokens: list[int]) -> None:
        pass


class FeatureSession:
    """The head's cache, and the draft that grows behind it. Entry i joins the feature of token i and token i + 1.

    Who may see whom stays on the device: `seen` [1 + N, L] has a row for the context and one for every node fed.
    """

    def __init__(self, head: EagleHead, target: LanguageModel) -> None:
        self.head, self.model = head, target
        self.embed, self.output = target.module.get_input_embeddings(), target.module.get_output_embeddings()
        self.cache = SlotCache(layers=1)
        self.fresh: Tensor | None = None  # [M, H], the target's own, up to the last token but one

    def forward(self, tokens: list[int]) -> Tensor:
        """Feed the fresh features, where earlier drafts may stand, each with the token after it; logits [1, V]."""
        self.end = len(tokens) - 1
        self.cache.reserve(self.end)
        slots = torch.arange(self.end - len(self.fresh), self.end, device=self.model.device)
        causal = torch.arange(self.cache.size, device=self.model.device) <= slots[:, None]
        ids = self.model.tensor(tokens[-len(self.fresh) :])
        self.features = self._pass(ids, self.fresh, slots, causal)[-1:]  # [1 + N, H], predicted
        self.seen = causal[-1:]
        return self.output(self.features)

    def grow(self, ids: Tensor, parents: Sequence[int] | Tensor) -> Tensor:
        """Feed more nodes; parents index all that were fed (-1: the context). Returns logits [len(ids), V]."""
        above = torch.as_tensor(parents, device=ids.device) + 1
        first = self.end + len(self.features) - 1
        self.cache.reserve(first + len(ids))
        slots = torch.arange(first, first + len(ids), device=ids.device)
        self.seen = torch.nn.functional.pad(self.seen, (0, self.cache.size - self.seen.shape[1]))
        seen = self.seen[above].scatter(1, slots[:, None], True)
        features = self._pass(ids, self.features[above], slots, seen)
        self.features, self.seen = torch.cat([self.features, features]), torch.cat([self.seen, seen])
        return self.output(features)

    def _pass(self, ids: Tensor, features: Tensor, slots: Tensor, seen: Tensor) -> Tensor:
        self.cache.slots = slots
        positions = seen.sum(-1) - 1  # as many stand before a node as it can see
        return self.head(self.embed(ids), features, positions, seen, self.cache)


def grow_dynamic(session: FeatureSession, tokens: list[int], depth: int) -> Draft:
    """EAGLE-2's tree. Its shape is known to the device only, so the end waits for it, once.

    All guesses lie in a pool, level by level, the children of likelier parents first and likelier siblings first; so
    a parent stands before its children, and as no child is likelier than its parent, it is chosen before them.
    """
    logits = session.forward(tokens)
    device, width = logits.device, min(WIDTH, logits.shape[-1])
    sure = torch.zeros(1, device=device)  # log probability of the path to each node that was fed last
    fed, above = (torch.tensor([-1], device=device) for _ in range(2))  # their numbers in the session and in the pool
    ids, worth, parents = [], [], []
    for level in range(depth):
        likely, tokens_here = torch.log_softmax(logits.float(), dim=-1).topk(width)  # [F, width]
        ids.append(tokens_here.flatten())
        worth.append((sure[:, None] + likely).flatten())
        parents.append(above.repeat_interleave(width))
        if level < depth - 1:
            sure, best = worth[-1].topk(width)
            logits = session.grow(ids[-1][best], fed[best // width])
            fed = torch.arange(level * width, (level + 1) * width, device=device)
            above = best + sum(map(len, ids[:-1]))
    return _likeliest(torch.cat(ids), torch.cat(worth), torch.cat(parents), passes=depth)


def _likeliest(ids: Tensor, worth: Tensor, parents: Tensor, passes: int) -> Draft:
    """The NODES best of a pool, in its order."""
    best = worth.sort(descending=True, stable=True).indices[:NODES].sort().values  # of equals, the one nearer the root
    place = torch.zeros_like(parents).scatter(0, best, torch.arange(len(best), device=best.device))
    kept = parents[best]
    renamed = torch.where(kept < 0, kept, place[kept.clamp(min=0)])
    return Draft(ids[best], tuple(renamed.tolist()), None, (None,) * len(best), passes)
