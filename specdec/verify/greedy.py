"""Greedy verification: a guess is kept while it is the target's most probable token. The output equals greedy decoding
with the target alone."""

from torch import Tensor

from specdec.verify.judgment import Judgment, at, first_that_pass, tree


def judge(ids: Tensor, parents: tuple[int, ...], p: Tensor, q: Tensor, coins: None = None) -> Judgment:
    """Shapes as in `specdec.verify`; q and coins are not used.

    >>> import torch
    >>> p = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    >>> verdict = judge(torch.tensor([0, 0]), (-1, 0), p, None)
    >>> verdict.accepted.tolist(), verdict.final.item()
    ([True, False], 1)
    """
    shape = tree(parents, ids.device)
    best = p.argmax(-1)  # [N + 1]
    kept, tried, row = first_that_pass(shape, best.index_select(0, shape.rows) == ids)
    return Judgment(kept, tried, None, final=at(best, row), final_row=row)
