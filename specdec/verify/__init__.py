"""The rules: how one target pass becomes verdicts. Pure functions on tensors, with their coins as arguments.

Shapes: N drafted nodes, V tokens. `ids` [N], `parents` N indices (-1: child of the last committed token), `p`
[N + 1, V] (row 0 follows the last committed token, row i + 1 follows node i), `q` [N, V], `coins` [N + 1].
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from specdec.verify import block, greedy, match, rejection, typical
from specdec.verify.judgment import Judgment

Judge = Callable[..., Judgment]  # (ids, parents, p, q, coins, **options)


@dataclass(frozen=True, slots=True)
class Rule:
    """`lossless`: the output's law is exactly the target's. A draft of N nodes is judged with N + 1 coins, if any.

    coins: whose coins mean something: nobody's; the final token's; also those of the nodes that were tried; or every
    node's. `redraws`: a refused guess's coin has drawn the target's own token. `options`: settings that it takes.
    """

    judge: Judge
    lossless: bool
    coins: Literal["none", "final", "tried", "all"]
    redraws: bool = False
    options: tuple[str, ...] = ()


RULES = {
    "greedy": Rule(greedy.judge, lossless=True, coins="none"),
    "rejection": Rule(rejection.judge, lossless=True, coins="tried"),
    "block": Rule(block.judge, lossless=True, coins="all"),
    "match": Rule(match.judge, lossless=True, coins="tried", redraws=True),
    "typical": Rule(typical.judge, lossless=False, coins="final", options=("epsilon", "delta")),
}
