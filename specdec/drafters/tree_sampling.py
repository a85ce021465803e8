"""Sampling the nodes of a draft tree, level by level."""

from functools import lru_cache

import torch
from torch import Tensor

from specdec.drafters.draft import Shape
from specdec.sampling import distribution, draw, one_hot
from specdec.settings import Settings

TINY = 1e-9  # keeps every token possible when siblings have used up the drafter's distribution


@lru_cache(maxsize=64)
def levels(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """The parents of the nodes of every level. Nodes are numbered level by level; -1 is the context.

    >>> levels((2, 1)), levels((1, 1))
    (((-1, -1), (0, 1)), ((-1,), (0,)))
    """
    made: list[tuple[int, ...]] = []
    above: tuple[int, ...] = (-1,)
    count = 0
    for width in shape:
        made.append(tuple(node for node in above for _ in range(width)))
        above = tuple(range(count, count + len(made[-1])))
        count += len(above)
    return tuple(made)


def children(logits: Tensor, settings: Settings, width: int, coins: Tensor | None) -> tuple[Tensor, Tensor]:
    """`width` different children of each of M nodes: logits [M, V] → ids [M · width], q [M · width, V], row by row.

    With coins [M · width] they are drawn without replacement (Sequoia, Chen et al. 2024): q is the drafter's
    distribution without the earlier siblings, normalized. Once that has no mass left (top-p leaves few tokens), the
    unfiltered distribution without the earlier siblings is used, and once that has none either (a small draft
    vocabulary), all tokens that are left, in equal parts. Without coins, the most probable tokens are taken.
    """
    size = logits.shape[-1]
    q = distribution(logits, settings)
    if coins is None:
        ids = (logits.topk(width).indices if width > 1 else logits.argmax(-1)).flatten()
        if settings.rule != "greedy":
            return ids, one_hot(ids, size)
        return ids, q.repeat_interleave(width, 0) if width > 1 else q
    if width == 1:
        return draw(q, coins), q
    rows: list[Tensor] = []
    drawn: list[Tensor] = []
    spare = torch.where(logits == -torch.inf, 0, torch.softmax(logits.float(), dim=-1) + TINY)
    unknown = torch.ones_like(spare)
    for place in range(width):
        q = _normalized(q, _normalized(spare, unknown))
        rows.append(q)
        drawn.append(draw(q, coins[place::width]))
        q, spare, unknown = (one.scatter(-1, drawn[-1][:, None], 0) for one in (q, spare, unknown))
    return torch.stack(drawn, 1).flatten(), torch.stack(rows, 1).flatten(0, 1)


def _normalized(weights: Tensor, otherwise: Tensor) -> Tensor:
    """Weights [M, V] as distributions; rows without any mass have those of `otherwise` instead."""
    mass, other = weights.sum(-1, keepdim=True), otherwise.sum(-1, keepdim=True)
    return torch.where(mass > 0, weights / mass, otherwise / other)
