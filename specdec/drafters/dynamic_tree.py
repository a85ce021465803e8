"""Dynamic draft trees, which grow where the drafter is most confident (EAGLE-2, Li et al. 2024b).

The product of the drafter's probabilities along a path estimates how likely the target is to accept it. So at every
depth only the WIDTH likeliest nodes are expanded, and of all guessed nodes the NODES likeliest are judged. The nodes
are chosen deterministically, not drawn: they have no q and need no random numbers.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from specdec.drafters.draft import Draft

# The paper expands 10 nodes and judges 60, on GPUs where a pass over 60 tokens takes hardly longer than one over a
# single token. These numbers are smaller, so that a tree may pay on a CPU too and can be shown on the page.
WIDTH = 8  # nodes that are expanded at every depth, and children of each
NODES = 24  # nodes that the target judges

Grow = Callable[[Tensor, Tensor], Tensor]  # ids [F] and parents [F] among all fed nodes (-1: context) → logits [F, V]


def likeliest_tree(logits: Tensor, grow: Grow, depth: int) -> Draft:
    """The draft tree that begins with logits [1, V] after the context; `grow` feeds more nodes. The host has to wait
    for the tree's shape, and a session builds its masks on the host at every level.

    All guesses are collected in a pool: level by level, children of likelier parents first, likelier siblings first.
    """
    device, width = logits.device, min(WIDTH, logits.shape[-1])
    sure = torch.zeros(1, device=device)  # log probability of the path to each node of the level that was fed last
    fed = above = torch.full((1,), -1, device=device)  # the indices of these nodes among all fed ones, and in the pool
    ids, worth, parents, count = [], [], [], 0
    for level in range(depth):
        likely, tokens = torch.log_softmax(logits.float(), dim=-1).topk(width)  # [F, width]
        ids.append(tokens.flatten())
        worth.append((sure[:, None] + likely).flatten())
        parents.append(above.repeat_interleave(width))
        if level < depth - 1:
            sure, best = worth[-1].topk(min(WIDTH, len(worth[-1])))
            logits = grow(ids[-1][best], fed[best // width])
            fed = torch.arange(count, count + len(best), device=device)
            above = best + sum(map(len, ids[:-1]))
            count += len(best)
    return _best(torch.cat(ids), torch.cat(worth), torch.cat(parents), passes=depth)


def _best(ids: Tensor, worth: Tensor, parents: Tensor, passes: int) -> Draft:
    """The NODES likeliest nodes of a pool, in its order. No child is likelier than its parent, which comes before it
    in the pool, so the parent of every chosen node is chosen too."""
    chosen = worth.sort(descending=True, stable=True).indices[:NODES].sort().values  # of equals, those near the root
    place = torch.zeros_like(parents).scatter(0, chosen, torch.arange(len(chosen), device=chosen.device))
    kept = parents[chosen]
    renamed = torch.where(kept < 0, kept, place[kept.clamp(min=0)])
    return Draft(ids[chosen], tuple(renamed.tolist()), None, (None,) * len(chosen), passes)
