"""Block verification (Sun et al. 2024): the guesses are judged together, and the last check that passes decides.

With P_0 = 1 and P_i = min(1, P_{i−1} · p(x_i)/q(x_i)): Z_i = Σ_x max(0, P_i p(x) − q(x)) one place further on,
h_i = Z_i / (Z_i + 1 − P_i), and h_K = P_K. Everything up to the last i with u_i < h_i is kept; the target's token is
drawn from normalize(max(0, P_i p − q)), or from p after the last guess. The output has exactly the target's
distribution, and on average at least as many guesses are kept as by token-wise rejection sampling.
"""

import torch
from torch import Tensor

from specdec.sampling import draw, exact
from specdec.verify.judgment import Judgment, at, last_row, of, require_chain


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: Tensor) -> Judgment:
    """Shapes as in `specdec.verify`; chains only. The last coin draws the final token.

    >>> p, q = torch.tensor([[1/3, 2/3]] * 3), torch.tensor([[2/3, 1/3]] * 2)
    >>> verdict = judge(torch.tensor([0, 1]), (-1, 0), p, q, torch.tensor([0.9, 0.9, 0.0]))
    >>> verdict.rule["product"].tolist(), verdict.accepted.tolist()
    ([0.5, 1.0], [True, True])
    """
    require_chain(parents)
    count = len(ids)
    wide = exact(p.device)
    p, q = p.to(wide), q.to(wide)
    product = _products(of(p[:-1], ids) / of(q, ids))  # P_1 … P_K
    before = torch.cat([product.new_ones(1), product])  # P_0 … P_K
    left = (before[:-1, None] * p[:-1] - q).clamp(min=0)  # weights that a correction at each place is drawn with
    sums = left.sum(-1, keepdim=True)
    mass = torch.cat([sums[1:, 0], product.new_zeros(1)])[:count]  # Z_1 … Z_{K−1}; 0 after the last guess
    threshold = (mass / (mass + 1 - product)).nan_to_num(1.0)  # 0/0 means P_i = 1, and p = q at the next place: keep
    if count:
        threshold = torch.cat([threshold[:-1], product[-1:]])
    kept, row = up_to_the_last(coins[:-1] < threshold)
    left = torch.cat([torch.where(sums > 0, left / sums, p[:-1]), p[-1:]])  # [K + 1, V]
    tried = torch.arange(count, device=ids.device) <= row
    return Judgment(
        kept,
        tried,
        None,
        final=draw(at(left, row), coins[-1]),
        final_row=row,
        residuals=torch.cat([left[:-1], at(left, row)[None]]),
        rule={"product": product, "threshold": threshold, "mass": mass},
    )


def _products(ratios: Tensor) -> Tensor:
    """P_i = min(1, P_{i−1} r_i): [K] → [K]."""
    products = [ratios.new_ones(())]
    for ratio in ratios.nan_to_num(0.0):
        products.append((products[-1] * ratio).clamp(max=1))
    return torch.stack(products)[1:]


def up_to_the_last(passed: Tensor) -> tuple[Tensor, Tensor]:
    """Keeps every guess up to the last one that passes, passed [K] → kept [K], and the row [] of p after it."""
    row = last_row(passed)
    return torch.arange(len(passed), device=passed.device) < row, row
