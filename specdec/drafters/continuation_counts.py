"""From the ways in which a text went on before to the tree of guesses that was right most often."""

from collections.abc import Sequence
from typing import NamedTuple

from specdec.drafters.draft import Shape

RAREST = 0.1  # a guess that fewer rows than this share would keep costs more than it brings


class Branches(NamedTuple):
    """`paths`: every guess as the tokens that lead to it, the likeliest first, so parents come before children.
    `kept`: how many of the guesses the target would keep on average, if it went on like one of the rows."""

    paths: list[tuple[int, ...]]
    kept: float


def count(rows: Sequence[Sequence[int]], shape: Shape) -> Branches:
    """The likeliest guesses within a shape. A guess is as likely as the share of rows that begin with its path: what
    SuffixDecoding (Oliaro et al. 2024) multiplies together from the counts of a suffix tree. Among equals, the row
    that comes first decides.

    >>> count([[5, 6], [5, 7], [5, 6], [8, 9]], (2, 1))
    Branches(paths=[(5,), (5, 6), (8,), (8, 9)], kept=1.75)
    """
    found: list[tuple[tuple[int, ...], list[Sequence[int]]]] = []
    level = [((), list(rows))]
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
    """Rows apart by their token at a depth: the largest groups."""
    groups: dict[int, list[Sequence[int]]] = {}
    for row in rows:
        if len(row) > depth:
            groups.setdefault(row[depth], []).append(row)
    return sorted(groups.items(), key=lambda group: -len(group[1]))[:width]
