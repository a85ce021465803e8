"""Rejection sampling, on a chain (Leviathan et al. 2023; Chen et al. 2023) and on a tree (Sequoia, Chen et al. 2024).

Keep x while u < min(1, p(x)/q(x)). After a refusal the next sibling is judged against what is left of p,
normalize(max(0, p − q)), and the q it was drawn from in its turn; when all are refused, the target's own token is
drawn from what is left then; after the last guess, from p. The law of the output is exactly the target's, whatever
q is, as long as every x was drawn from its q given its earlier siblings.
"""

import torch
from torch import Tensor

from specdec.sampling import draw, exact, residual
from specdec.verify.judgment import Judgment, Tree, at, first_that_pass, of, tree, with_none


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor) -> Judgment:
    """Shapes as in `specdec.verify`; the last coin draws the final token.

    >>> p, q = torch.tensor([[1/3, 2/3], [0.5, 0.5]]), torch.tensor([[2/3, 1/3]])
    >>> verdict = judge(torch.tensor([0]), (-1,), p, q, torch.tensor([0.6, 0.0]))
    >>> round(verdict.accept_prob.item(), 4), verdict.kept.tolist(), verdict.final.item()
    (0.5, [False], 1)
    """
    shape = tree(parents, ids.device)
    laws = p[:-1] if shape.is_chain else distributions_in_turn(shape, p, q)
    accept = acceptance(laws, q, ids)
    kept, tried, row = first_that_pass(shape, coins[:-1] < accept)
    last = shape.last_behind(row)  # of the guesses that were refused there, if there were any
    law = at(p, row)  # on a chain whatever is refused was judged by p itself
    if not shape.is_chain:
        law = at(torch.cat([laws, law[None]]), last)
    final = draw(residual(law, at(with_none(q), last)), coins[-1])
    if shape.is_chain:
        return Judgment(kept, tried, accept, final, row)
    # what was not tried was judged by nobody: it shows the target's own distribution
    shown = torch.where(tried[:, None], laws, p[shape.rows])
    moment = torch.where(tried, accept, acceptance(shown, q, ids))
    return Judgment(kept, tried, moment, final, row, laws=torch.cat([shown, law[None]]))


def distributions_in_turn(shape: Tree, p: Tensor, q: Tensor) -> Tensor:
    """The law that every node meets if all earlier siblings were refused, [N, V]. Families do not touch each other,
    so all second children go together, then all third ones."""
    laws = p.index_select(0, shape.rows)
    for nodes in shape.ranks[1:]:
        before = shape.previous[nodes]
        laws = laws.index_copy(0, nodes, residual(laws[before], q[before]))
    return laws


def acceptance(laws: Tensor, q: Tensor, ids: Tensor) -> Tensor:
    """min(1, p(x)/q(x)) for every node, [N]."""
    return (of(laws, ids).to(exact(laws.device)) / of(q, ids)).nan_to_num(0.0).clamp(max=1)
