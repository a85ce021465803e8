"""Where the last tokens of a text have stood before.

The index grows with the text: what is in it is never read again, so a round costs what it adds, not what is there.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice

NOWHERE = 0  # no run of tokens ends before the text begins


class Places:
    """A text, and for every run of `shortest` to `longest` of its tokens where what followed it begins.

    The places of one run are a list from the latest to the earliest: `latest` holds its head, and `earlier[size][i]`
    the one before place i. Links are written before the head that leads to them and never changed, so another thread
    may read while the text grows.
    """

    def __init__(self, shortest: int, longest: int) -> None:
        self.sizes = range(shortest, longest + 1)
        self.tokens: list[int] = []
        self.latest: dict[tuple[int, ...], int] = {}
        self.earlier = {size: array("q", [NOWHERE]) for size in self.sizes}
        self.begins = 0  # where the text that is being read begins: no run reaches back across it

    def extend(self, tokens: Sequence[int]) -> None:
        """Read on, and enter every run that has a follower by now."""
        first = max(1, len(self.tokens))
        self.tokens += tokens
        for place in range(first, len(self.tokens)):
            before = tuple(self.tokens[max(self.begins, place - self.sizes[-1]) : place])
            for size in self.sizes:
                run = before[-size:] if size <= len(before) else ()
                self.earlier[size].append(self.latest.get(run, NOWHERE))
                if run:
                    self.latest[run] = place

    def separate(self, mark: int) -> None:
        """End this text; what follows is another one, and no run of this one goes on with the mark."""
        self.begins = len(self.tokens) + 1
        self.extend([mark])

    def behind(self, run: tuple[int, ...], until: int | None = None) -> Iterator[int]:
        """The places behind a run, latest first; with `until`, those that were there when the text was that long."""
        place = self.latest.get(run, NOWHERE)
        links = self.earlier.get(len(run), ())
        while place != NOWHERE:
            if until is None or place < until:
                yield place
            place = links[place]

    def suffixes(self, tokens: Sequence[int], most: int, until: int | None = None) -> Iterator[tuple[int, list[int]]]:
        """Every suffix of `tokens` that stood here before, longest first: its size, and at most so many places."""
        for size in reversed(self.sizes[: max(0, len(tokens) - self.sizes[0] + 1)]):
            if places := list(islice(self.behind(tuple(tokens[-size:]), until), most)):
                yield size, places

    def copied(self, place: int, length: int) -> list[int]:
        """So many tokens from a place on; a copy that reaches the end goes on with what it has just written.

        >>> places = Places(2, 8)
        >>> places.extend([9, 1, 2, 3, 1, 2])
        >>> places.copied(3, 7)
        [3, 1, 2, 3, 1, 2, 3]
        """
        row = self.tokens[place : place + length]
        if len(row) < length:
            row = (row * (length // len(row) + 1))[:length]
        return row
