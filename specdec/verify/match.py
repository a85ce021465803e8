"""Sample and match: the target draws its own token, and a guess is kept while it is the same one.

Lossless, since every token written is one the target drew; but a guess is kept with Σ p·q only, where rejection keeps
it with Σ min(p, q). A teaching contrast: it shows what rejection sampling gains.
"""

import torch
from torch import Tensor

from specdec.sampling import draw
from specdec.verify.judgment import Judgment, at, first_that_pass, of, require_chain, tree


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor) -> Judgment:
    """Shapes as in `specdec.verify`; chains only. Coin i draws the target's token where guess i stands.

    >>> p = torch.tensor([[0.5, 0.5], [0.0, 1.0]])
    >>> verdict = judge(torch.tensor([0]), (-1,), p, None, torch.tensor([0.7, 0.0]))
    >>> verdict.kept.tolist(), verdict.final.item(), verdict.accept_prob.tolist()
    ([False], 1, [0.5])
    """
    require_chain(parents)
    own = draw(p, coins)  # [N + 1]
    kept, tried, row = first_that_pass(tree(parents, ids.device), own[:-1] == ids)
    others = torch.cat([p[:-1].scatter(-1, ids[:, None], 0), p[-1:]])  # what else it could have drawn
    left = torch.cat([others[:-1], at(others, row)[None]])
    mass = left.sum(-1, keepdim=True)
    return Judgment(kept, tried, of(p[:-1], ids), at(own, row), row, left=torch.where(mass > 0, left / mass, 0))
