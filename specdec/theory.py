"""The arithmetic of speculative decoding: expected tokens, costs and speed-ups, as pure functions of numbers.

α is the probability that a guess is kept, assumed to be the same at every place and independent (measured acceptance
curves show how far that is from true). K is the number of guesses in a round. Costs are in units of one plain target
pass: c, one guess; v[n − 1], a pass over n tokens; o, everything else in a round.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import prod


def expected_tokens(alpha: float, draft_length: int) -> float:
    """The expected tokens that a round writes, the target's own token included: (1 − α^{K+1}) / (1 − α) (Leviathan et
    al. 2023, eq. 1).

    >>> round(expected_tokens(0.8, 5), 5), expected_tokens(1.0, 5), expected_tokens(0.0, 5)
    (3.68928, 6.0, 1.0)
    """
    return sum(alpha**place for place in range(draft_length + 1))


def round_cost(draft_length: int, c: float, v: Sequence[float] = (1.0,), o: float = 0.0) -> float:
    """The cost of a round, K·c + v(K + 1) + o. A pass wider than all measured ones is assumed to cost as much as the
    widest of them.

    >>> round_cost(4, 0.1), round(round_cost(2, 0.1, (1.0, 1.1, 1.2), 0.05), 6)
    (1.4, 1.45)
    """
    return draft_length * c + v[min(draft_length, len(v) - 1)] + o


def speedup(alpha: float, draft_length: int, c: float, v: Sequence[float] = (1.0,), o: float = 0.0) -> float:
    """The expected speed-up, the time of plain decoding over that of speculative decoding: E[tokens] / (K·c + v(K+1) +
    o). With v = 1 and o = 0 it is Theorem 3.8 of Leviathan et al. 2023, (1 − α^{K+1}) / ((1 − α)(K·c + 1)).

    >>> round(speedup(0.8, 6, 0.1), 2), round(speedup(0.8, 2, 0.5), 2)
    (2.47, 1.22)
    """
    return expected_tokens(alpha, draft_length) / round_cost(draft_length, c, v, o)


def best_draft_length(
    alpha: float, c: float, v: Sequence[float] = (1.0,), o: float = 0.0, longest: int = 64
) -> tuple[int, float]:
    """The K from 0 to `longest` with the largest speed-up (the smallest of equals), and that speed-up. K = 0 is plain
    decoding, whose speed-up is 1 by definition.

    >>> [(best_draft_length(0.8, c)[0], round(best_draft_length(0.8, c)[1], 2)) for c in (0.01, 0.05, 0.1, 0.2, 0.5)]
    [(14, 4.23), (8, 3.09), (6, 2.47), (4, 1.87), (2, 1.22)]
    >>> best_draft_length(0.3, 0.9)
    (0, 1.0)
    """
    gains = [1.0, *(speedup(alpha, length, c, v, o) for length in range(1, longest + 1))]
    best = max(range(len(gains)), key=gains.__getitem__)
    return best, gains[best]


def operations(alpha: float, draft_length: int, c: float) -> float:
    """The factor by which speculative decoding increases the arithmetic operations, (1 − α)(K·ĉ + K + 1) /
    (1 − α^{K+1}) (Leviathan et al. 2023, Thm 3.11). Here `c` is ĉ, the draft model's operations for one token as a
    share of the target's.

    >>> round(operations(0.8, 5, 0.05), 3)
    1.694
    """
    return (draft_length * c + draft_length + 1) / expected_tokens(alpha, draft_length)


def acceptance_rate(accepted: int, refusals: int) -> float | None:
    """α = accepted / (accepted + refusals): the maximum-likelihood estimate for geometric runs of accepted guesses
    that are cut off at the draft length. None if nothing was judged.

    >>> acceptance_rate(612, 186), acceptance_rate(0, 0)
    (0.7669172932330827, None)
    """
    return accepted / (accepted + refusals) if accepted + refusals else None


def overlap(p: Sequence[float], q: Sequence[float]) -> float:
    """β = Σ min(p, q) = 1 − TV(p, q): the probability that rejection sampling keeps a guess.

    >>> overlap([0.5, 0.5], [0.75, 0.25])
    0.75
    """
    return sum(map(min, p, q))


def match_rate(p: Sequence[float], q: Sequence[float]) -> float:
    """Σ p·q: the probability that independent draws from p and q are the same token.

    >>> match_rate([0.5, 0.5], [0.75, 0.25])
    0.5
    """
    return sum(a * b for a, b in zip(p, q, strict=True))


def rejection_accepted(p: Sequence[float], q: Sequence[float], draft_length: int) -> float:
    """The expected number of guesses that rejection sampling keeps in a round if every place has the same p and q:
    β + β² + … + β^K.

    >>> round(9 * rejection_accepted([1 / 3, 2 / 3], [2 / 3, 1 / 3], 2), 9)
    10.0
    """
    return expected_tokens(overlap(p, q), draft_length) - 1


def block_accepted(p: Sequence[float], q: Sequence[float], draft_length: int) -> float:
    """The expected number of guesses that block verification (Sun et al. 2024) keeps in a round if every place has the
    same p and q, by enumerating all V^K drafts.

    >>> round(9 * block_accepted([1 / 3, 2 / 3], [2 / 3, 1 / 3], 2), 9)
    11.0
    """
    drafts = product(range(len(q)), repeat=draft_length)
    return sum(
        prod(q[x] for x in ids) * _kept([p[x] / q[x] for x in ids], p, q) for ids in drafts if all(q[x] for x in ids)
    )


def _kept(ratios: Sequence[float], p: Sequence[float], q: Sequence[float]) -> float:
    """The expected number of kept guesses of one draft with these ratios p/q: Σ n · P(the n-th check is the last that
    passes)."""
    thresholds = block_thresholds(
        ratios, lambda product: sum(max(0.0, product * a - b) for a, b in zip(p, q, strict=True))
    )
    none_later, kept = 1.0, 0.0
    for n in range(len(ratios), 0, -1):
        kept += n * thresholds[n - 1] * none_later
        none_later *= 1 - thresholds[n - 1]
    return kept


def block_thresholds(ratios: Sequence[float], mass: Callable[[float], float]) -> list[float]:
    """The acceptance thresholds h_1 … h_K of block verification, from the ratio p/q of every guess and
    Z_i = mass(P_i), the residual mass at the next place.

    >>> [round(h, 6) for h in block_thresholds([0.6, 1.5], lambda product: 0.12)]
    [0.230769, 0.9]
    """
    thresholds, so_far = [], 1.0
    for place, ratio in enumerate(ratios, start=1):
        so_far = min(1.0, so_far * ratio)
        left = mass(so_far)
        whole = left + 1 - so_far
        thresholds.append(so_far if place == len(ratios) else left / whole if whole else 1.0)
    return thresholds
