"""Rejection sampling on a chain (Leviathan et al. 2023; Chen et al. 2023).

Keep x while u < min(1, p(x)/q(x)); at the first refusal draw from normalize(max(0, p − q)), after the last guess
from p. The law of the output is exactly the target's, whatever q is, as long as x was drawn from q.
"""

import torch
from torch import Tensor

from specdec.sampling import draw, exact, residual
from specdec.verify.judgment import Judgment, require_chain, up_to_first_failure


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor) -> Judgment:
    """Shapes as in `specdec.verify`; the last coin draws the final token.

    >>> p, q = torch.tensor([[1/3, 2/3], [0.5, 0.5]]), torch.tensor([[2/3, 1/3]])
    >>> verdict = judge(torch.tensor([0]), (-1,), p, q, torch.tensor([0.6, 0.0]))
    >>> round(verdict.accept_prob.item(), 4), verdict.kept.tolist(), verdict.final.item()
    (0.5, [False], 1)
    """
    require_chain(parents)
    p_x, q_x = _of(p[:-1], ids), _of(q, ids)  # [N]
    accept_prob = (p_x / q_x).nan_to_num(0.0).clamp(max=1)
    kept, tried, count = up_to_first_failure(coins[:-1] < accept_prob)
    nothing_drafted = torch.zeros_like(p[:1])  # behind the last guess: the residual of p and 0 is p
    left = residual(p[count], torch.cat([q, nothing_drafted])[count])
    return Judgment(kept, tried, accept_prob, final=draw(left, coins[-1]), final_row=count)


def _of(table: Tensor, ids: Tensor) -> Tensor:
    return table.gather(-1, ids[:, None])[:, 0].to(exact(table.device))
