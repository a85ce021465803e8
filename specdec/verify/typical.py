"""Typical acceptance (Cai et al. 2024, Medusa): a guess is kept if the target finds it plausible enough. Not lossless.

A guess passes if p(x) > min(ε, δ · e^(−H(p))), where H is the entropy of p: the more undecided the target, the lower
the threshold. The drafter's probability q(x) plays no part, so tokens that the drafter prefers are written too often,
and the output's distribution is not the target's.
"""

import torch
from torch import Tensor

from specdec.sampling import draw, exact
from specdec.verify.judgment import Judgment, at, longest_that_pass, of, tree


def judge(
    ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor, epsilon: float, delta: float
) -> Judgment:
    """Shapes as in `specdec.verify`. The longest path that passes is kept; the last coin draws the next token from p.

    >>> p = torch.tensor([[0.9, 0.1], [0.5, 0.5]])
    >>> verdict = judge(torch.tensor([1]), (-1,), p, None, torch.tensor([0.0, 0.0]), epsilon=0.09, delta=0.3)
    >>> verdict.accepted.tolist(), verdict.rule["threshold"].tolist()
    ([True], [0.09])
    """
    shape = tree(parents, ids.device)
    judged_p = p[shape.rows].to(exact(p.device))
    entropy = torch.special.entr(judged_p).sum(-1)
    threshold = (delta * torch.exp(-entropy)).clamp(max=epsilon)
    kept, tried, row = longest_that_pass(shape, of(judged_p, ids) > threshold)
    # The target's own token is drawn from p in every case.
    residuals = torch.cat([judged_p, at(p, row)[None].to(judged_p.dtype)])
    rule = {"entropy": entropy, "threshold": threshold}
    return Judgment(kept, tried, None, draw(at(p, row), coins[-1]), row, residuals=residuals, rule=rule)
