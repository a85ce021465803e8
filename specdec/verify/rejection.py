"""Rejection sampling, on a chain (Leviathan et al. 2023; Chen et al. 2023) and on a tree (Sequoia, Chen et al. 2024).

A guess x is kept while u < min(1, p(x)/q(x)). After a refusal the next sibling is judged with the residual
normalize(max(0, p − q)) in place of p, and with the q that this sibling was drawn from. When all siblings are refused,
the target's token is drawn from the last residual; after the last guess it is drawn from p. The output has exactly the
target's distribution, whatever q is, as long as every x was drawn from its q given its earlier siblings.
"""

import torch
from torch import Tensor

from specdec.sampling import draw, exact, residual
from specdec.verify.judgment import Judgment, Tree, at, first_that_pass, of, tree, with_none


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor) -> Judgment:
    """Shapes as in `specdec.verify`; the last coin draws the final token.

    >>> p, q = torch.tensor([[1/3, 2/3], [0.5, 0.5]]), torch.tensor([[2/3, 1/3]])
    >>> verdict = judge(torch.tensor([0]), (-1,), p, q, torch.tensor([0.6, 0.0]))
    >>> round(verdict.accept_prob.item(), 4), verdict.accepted.tolist(), verdict.final.item()
    (0.5, [False], 1)
    """
    shape = tree(parents, ids.device)
    judged_p = p[:-1] if shape.is_chain else distributions_in_turn(shape, p, q)
    accept = acceptance(judged_p, q, ids)
    kept, tried, row = first_that_pass(shape, coins[:-1] < accept)
    last = shape.last_judged(row)  # the last guess that was refused there, if there was any
    final_p = at(p, row)  # on a chain, a refused guess was judged with p itself
    if not shape.is_chain:
        final_p = at(torch.cat([judged_p, final_p[None]]), last)
    final = draw(residual(final_p, at(with_none(q), last)), coins[-1])
    if shape.is_chain:
        return Judgment(kept, tried, accept, final, row)
    # a node that was not tried has no residual of its own: the trace shows the target's distribution there
    shown = torch.where(tried[:, None], judged_p, p[shape.rows])
    moment = torch.where(tried, accept, acceptance(shown, q, ids))
    return Judgment(kept, tried, moment, final, row, judged_p=torch.cat([shown, final_p[None]]))


def distributions_in_turn(shape: Tree, p: Tensor, q: Tensor) -> Tensor:
    """The distribution that each node is judged with if all its earlier siblings were refused, [N, V]. Siblings depend
    only on each other, so all second children are computed together, then all third ones."""
    judged_p = p.index_select(0, shape.rows)
    for nodes in shape.ranks[1:]:
        before = shape.previous[nodes]
        judged_p = judged_p.index_copy(0, nodes, residual(judged_p[before], q[before]))
    return judged_p


def acceptance(judged_p: Tensor, q: Tensor, ids: Tensor) -> Tensor:
    """min(1, p(x)/q(x)) for every node, [N]."""
    return (of(judged_p, ids).to(exact(judged_p.device)) / of(q, ids)).nan_to_num(0.0).clamp(max=1)
