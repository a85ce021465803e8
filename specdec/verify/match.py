"""Sample and match: the target draws its own token at every place, and a guess is kept while it equals that token.

It is lossless, since every token written was drawn by the target. But a guess is kept with probability Σ p·q, where
rejection sampling keeps it with Σ min(p, q). The rule is here for comparison: it shows what rejection sampling gains.
"""

import torch
from torch import Tensor

from specdec.sampling import draw
from specdec.verify.judgment import Judgment, at, first_that_pass, of, require_chain, tree


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor) -> Judgment:
    """Shapes as in `specdec.verify`; chains only. Coin i draws the target's token where guess i stands.

    >>> p = torch.tensor([[0.5, 0.5], [0.0, 1.0]])
    >>> verdict = judge(torch.tensor([0]), (-1,), p, None, torch.tensor([0.7, 0.0]))
    >>> verdict.accepted.tolist(), verdict.final.item(), verdict.accept_prob.tolist()
    ([False], 1, [0.5])
    """
    require_chain(parents)
    own = draw(p, coins)  # [N + 1]
    kept, tried, row = first_that_pass(tree(parents, ids.device), own[:-1] == ids)
    others = torch.cat([p[:-1].scatter(-1, ids[:, None], 0), p[-1:]])  # the tokens other than the guess
    left = torch.cat([others[:-1], at(others, row)[None]])
    mass = left.sum(-1, keepdim=True)
    return Judgment(kept, tried, of(p[:-1], ids), at(own, row), row, residuals=torch.where(mass > 0, left / mass, 0))
