"""Drafting from counts: given the continuations that followed earlier occurrences of the current tokens, build the
tree of the most frequent ones."""

from collections.abc import Sequence
from typing import NamedTuple

from specdec.drafters.draft import Shape

RAREST = 0.1  # the smallest share of continuations that a guess must agree with: rarer ones cost more than they gain


class Branches(NamedTuple):
    """A tree of guesses. `paths`: every guess as the tokens on the path to it, the likeliest first, so that parents
    come before children. `kept`: how many of the guesses the target would keep on average if it continued like one of
    the rows, chosen at random."""

    paths: list[tuple[int, ...]]
    kept: float


def count(rows: Sequence[Sequence[int]], shape: Shape) -> Branches:
    """The likeliest guesses within a shape, given rows of continuations. The probability of a guess is estimated as
    the share of rows that begin with its path, which SuffixDecoding (Oliaro et al. 2024) computes as a product of
    counts from a suffix tree. Of equally likely guesses, the one from the earlier row comes first.

    >>> count([[5, 6], [5, 7], [5, 6], [8, 9]], (2, 1))
    Branches(paths=[(5,), (5, 6), (8,), (8, 9)], kept=1.75)
    """
    found: list[tuple[tuple[int, ...], list[Sequence[int]]]] = []
    level: list[tuple[tuple[int, ...], list[Sequence[int]]]] = [((), list(rows))]
    for depth, width in enumerate(shape):
        level = [
            ((*path, token), same)
            for path, members in level
            for token, same in _split(members, depth, width)
            if len(same) >= RAREST * len(rows)
        ]
        found += level
    found.sort(key=lambda guess: -len(guess[1]))  # stable: a child has no more rows than its parent
    return Branches([path for path, _ in found], sum(len(same) for _, same in found) / max(1, len(rows)))


def _split(rows: list[Sequence[int]], depth: int, width: int) -> list[tuple[int, list[Sequence[int]]]]:
    """The rows grouped by their token at a depth; the `width` largest groups, largest first."""
    groups: dict[int, list[Sequence[int]]] = {}
    for row in rows:
        if len(row) > depth:
            groups.setdefault(row[depth], []).append(row)
    return sorted(groups.items(), key=lambda group: -len(group[1]))[:width]
