"""The rules: how one target pass becomes verdicts. Pure functions on tensors, with their coins as arguments.

Shapes: N drafted nodes, V tokens. `ids` [N], `parents` N indices (-1: child of the last committed token), `p`
[N + 1, V] (row 0 follows the last committed token, row i + 1 follows node i), `q` [N, V], `coins` [N + 1].
"""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from specdec.verify import greedy, rejection
from specdec.verify.judgment import Judgment

Judge = Callable[[Tensor, tuple[int, ...], Tensor, Tensor, Tensor | None], Judgment]


@dataclass(frozen=True, slots=True)
class Rule:
    """`lossless`: the output's law is exactly the target's. `coins`: how many a draft of N nodes takes is N + 1."""

    judge: Judge
    lossless: bool
    uses_coins: bool


RULES = {
    "greedy": Rule(greedy.judge, lossless=True, uses_coins=False),
    "rejection": Rule(rejection.judge, lossless=True, uses_coins=True),
}
