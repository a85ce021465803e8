"""The verification rules: which guesses of a draft are accepted, given the target's distributions. Each is a pure
function on tensors, `judge(ids, parents, p, q, coins, **settings of the rule) → Judgment`; the uniform random numbers
(coins) that it decides with are arguments. `specdec.methods.RULES` lists the rules.

Shapes: N drafted nodes, V tokens. `ids` [N], `parents` N indices (-1: child of the last committed token), `p`
[N + 1, V] (row 0 follows the last committed token, row i + 1 follows node i), `q` [N, V], `coins` [N + 1].
"""
