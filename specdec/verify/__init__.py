"""The rules: how one target pass becomes verdicts. Pure functions on tensors, with their coins as arguments:
`judge(ids, parents, p, q, coins, **settings of the rule) → Judgment`. `specdec.methods.RULES` lists them.

Shapes: N drafted nodes, V tokens. `ids` [N], `parents` N indices (-1: child of the last committed token), `p`
[N + 1, V] (row 0 follows the last committed token, row i + 1 follows node i), `q` [N, V], `coins` [N + 1].
"""
