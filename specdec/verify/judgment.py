"""What a rule decided about one draft."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Judgment:
    """Device tensors, so that a round needs one host synchronisation and no more.

    kept [N] bool; tried [N] bool (a node that was not tried is discarded); accept_prob [N] or None where the rule
    has none; final [] the token the target writes; final_row [] the row of p it was drawn from.
    """

    kept: Tensor
    tried: Tensor
    accept_prob: Tensor | None
    final: Tensor
    final_row: Tensor


def up_to_first_failure(passed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """On a chain: passed [N] → kept [N], tried [N], and how many were kept [].

    >>> import torch
    >>> kept, tried, count = up_to_first_failure(torch.tensor([True, False, True]))
    >>> kept.tolist(), tried.tolist(), count.item()
    ([True, False, False], [True, True, False], 1)
    """
    kept = passed.long().cumprod(0).bool()
    count = kept.sum()
    tried = kept.clone()
    tried[1:] |= kept[:-1]
    tried[:1] = True
    return kept, tried, count


def require_chain(parents: tuple[int, ...]) -> None:
    """Raises ValueError for a draft with branches."""
    if any(parent != i - 1 for i, parent in enumerate(parents)):
        raise ValueError("this rule judges chains, and the draft has branches")
