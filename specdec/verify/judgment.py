"""The result of a verification rule, and the tree logic that rules share: which nodes are kept or tried, given which
ones pass."""

from dataclasses import dataclass, field
from functools import lru_cache

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a rule decided about one draft of N nodes, as device tensors, so that a round needs only one host
    synchronisation.

    accepted [N] bool; tried [N] bool (a node that was not tried is discarded); accept_prob [N], None if the rule has
    no such probability; final [], the token that the target writes; final_row [], the row of p it was drawn from.

    Optional fields: judged_p [N + 1, V], the target's distribution at the moment each node was judged (last row: at
    the final token), None if that is p at the node's row; residuals [N + 1, V], the distribution that a correction at
    each place is drawn from, None if that is normalize(max(0, judged_p − q)); rule, further numbers [N] that the rule
    computed for every node, by name.
    """

    accepted: Tensor
    tried: Tensor
    accept_prob: Tensor | None
    final: Tensor
    final_row: Tensor
    judged_p: Tensor | None = None
    residuals: Tensor | None = None
    rule: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tree:
    """The shape of a draft tree as index tensors. Row 0 stands for the context, row i + 1 for node i.

    rows [N]: the row that judges each node; ancestors [N, N] bool, the node itself included; aside [N, N] bool, all
    other nodes; depth [N], from 1; earlier [N, N] bool, the siblings that are tried before a node; previous [N], the
    last of these; ranks: the nodes with no, one, two … earlier siblings; last_child [N + 1]: the last node that each
    row judges. In previous and last_child, N means that there is no such node.
    """

    rows: Tensor
    ancestors: Tensor
    aside: Tensor
    depth: Tensor
    earlier: Tensor
    previous: Tensor
    ranks: tuple[Tensor, ...]
    last_child: Tensor

    @property
    def is_chain(self) -> bool:
        """Whether no node has a sibling, so that every guess follows the one before it."""
        return len(self.ranks) < 2

    def last_judged(self, row: Tensor) -> Tensor:
        """The last of the nodes that a row [] judges, N if it judges none."""
        return row if self.is_chain else at(self.last_child, row)


@lru_cache(maxsize=256)
def tree(parents: tuple[int, ...], device: torch.device) -> Tree:
    """The Tree of a draft with these parents, cached by shape and device.

    >>> one = tree((-1, -1, 0), torch.device("cpu"))
    >>> one.depth.tolist(), [nodes.tolist() for nodes in one.ranks], one.last_child.tolist()
    ([1, 1, 2], [[0, 2], [1]], [1, 2, 3, 3])
    """
    count = len(parents)
    ancestors = torch.eye(count, dtype=torch.bool)
    earlier = torch.zeros(count, count, dtype=torch.bool)
    previous, last_child = torch.full((count,), count), torch.full((count + 1,), count)
    for node, parent in enumerate(parents):
        if parent >= 0:
            ancestors[node] |= ancestors[parent]
        earlier[node, [i for i in range(node) if parents[i] == parent]] = True
        previous[node] = last_child[parent + 1]
        last_child[parent + 1] = node
    rank = earlier.sum(-1)
    ranks = tuple((rank == r).nonzero()[:, 0].to(device) for r in range(int(rank.max()) + 1 if count else 0))
    rows = torch.tensor(parents, dtype=torch.long) + 1
    parts = (rows, ancestors, ~ancestors, ancestors.sum(-1), earlier, previous)
    rows, ancestors, others, depths, earlier, previous = (part.to(device) for part in parts)
    return Tree(rows, ancestors, others, depths, earlier, previous, ranks, last_child.to(device))


def first_that_pass(shape: Tree, passed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Tries siblings in order and keeps the first that passes. passed [N] says which nodes would pass if they were
    tried; returns kept [N], tried [N], and the row [] after the last kept node.

    >>> chain = tree((-1, 0, 1), torch.device("cpu"))
    >>> kept, tried, row = first_that_pass(chain, torch.tensor([True, False, True]))
    >>> kept.tolist(), tried.tolist(), row.item()
    ([True, False, False], [True, True, False], 1)
    """
    if shape.is_chain:  # node i is judged by row i
        row = passed.cumprod(0).sum()
        return shape.rows < row, shape.rows <= row, row
    too_late = (shape.earlier & passed).any(-1)  # an earlier sibling passes first
    kept = ((passed & ~too_late) | shape.aside).all(-1)
    return kept, _reached(shape, kept) & ~too_late, last_row(kept)


def longest_that_pass(shape: Tree, passed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Keeps the longest path on which every node passes, the first of equally long ones: passed [N] → kept [N],
    tried [N], and the row [] after the last kept node.

    The children of every passing node are tried. Nodes that pass on another path are neither kept nor refused, so they
    are not marked as tried.
    """
    alive = (passed | shape.aside).all(-1)
    tried = _reached(shape, alive) & ~passed
    if not len(passed):
        return alive, tried, last_row(alive)
    end = torch.where(alive, shape.depth, 0).argmax()  # the first of the deepest
    kept = at(shape.ancestors, end) & alive.any()
    return kept, tried | kept, last_row(kept)


def _reached(shape: Tree, kept: Tensor) -> Tensor:
    """Marks the nodes whose parent was kept or is the context, [N] bool."""
    return torch.cat([kept.new_ones(1), kept]).index_select(0, shape.rows)


def last_row(kept: Tensor) -> Tensor:
    """The row [] after the last kept node, 0 if none was kept. It is the largest index, since indices grow along a
    path."""
    return (_numbers(len(kept), kept.device) * kept).amax() if len(kept) else kept.new_zeros((), dtype=torch.long)


@lru_cache(maxsize=256)
def _numbers(count: int, device: torch.device) -> Tensor:
    """1 … count."""
    return torch.arange(1, count + 1, device=device)


def of(table: Tensor, ids: Tensor) -> Tensor:
    """The probability of token ids[i] in row i: [N, V], [N] → [N]."""
    return table.gather(-1, ids[:, None])[:, 0]


def at(table: Tensor, row: Tensor) -> Tensor:
    """table[row], for an index [] on the device. Plain indexing with a tensor that has no dimensions would copy it to
    the host, and so wait for the device.

    >>> at(torch.tensor([5, 7, 9]), torch.tensor(2)).item()
    9
    """
    return table.index_select(0, row[None])[0]


def with_none(q: Tensor) -> Tensor:
    """The drafter's distributions [N, V] with a row of zeros appended → [N + 1, V]: row N stands for "no guess"."""
    return torch.cat([q, q.new_zeros(1, q.shape[-1])])


def require_chain(parents: tuple[int, ...]) -> None:
    """Raises ValueError for a draft with branches."""
    if any(parent != i - 1 for i, parent in enumerate(parents)):
        raise ValueError("this rule judges chains, and the draft has branches")
