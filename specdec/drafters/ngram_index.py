"""An incremental n-gram index: it finds the earlier occurrences of the last tokens of a text.

The index grows with the text and never reads old tokens again, so a round costs time only for the tokens it adds.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice

NOWHERE = 0  # the end of a list of places: no n-gram can end before the text begins


class Places:
    """A text, and for every n-gram of `shortest` to `longest` tokens in it the places where its continuations begin.

    The places of one n-gram form a linked list from the latest to the earliest: `latest` holds the head, and
    `earlier[size][i]` the place before place i. Links are written before the head that leads to them and never
    changed, so another thread may read while the text grows.
    """

    def __init__(self, shortest: int, longest: int) -> None:
        self.sizes = range(shortest, longest + 1)
        self.tokens: list[int] = []
        self.latest: dict[tuple[int, ...], int] = {}
        self.earlier = {size: array("q", [NOWHERE]) for size in self.sizes}
        self.begins = 0  # where the current text begins: no n-gram reaches back beyond it

    def extend(self, tokens: Sequence[int]) -> None:
        """Append tokens, and enter every n-gram that now has a token after it."""
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
        """Append a mark that ends this text; another text follows, and no n-gram contains the mark."""
        self.begins = len(self.tokens) + 1
        self.extend([mark])

    def places_after(self, run: tuple[int, ...], until: int | None = None) -> Iterator[int]:
        """The places after the occurrences of an n-gram, latest first; with `until`, only those that existed when the
        text had that many tokens."""
        place = self.latest.get(run, NOWHERE)
        links = self.earlier.get(len(run), ())
        while place != NOWHERE:
            if until is None or place < until:
                yield place
            place = links[place]

    def suffixes(self, tokens: Sequence[int], most: int, until: int | None = None) -> Iterator[tuple[int, list[int]]]:
        """For every suffix of `tokens` that occurs in the text, longest first: its size, and at most `most` places
        after its occurrences."""
        for size in reversed(self.sizes[: max(0, len(tokens) - self.sizes[0] + 1)]):
            if places := list(islice(self.places_after(tuple(tokens[-size:]), until), most)):
                yield size, places

    def copied(self, place: int, length: int) -> list[int]:
        """Exactly `length` tokens from a place on. A copy that reaches the end of the text continues with its own
        beginning, as if its tokens had been appended.

        >>> places = Places(2, 8)
        >>> places.extend([9, 1, 2, 3, 1, 2])
        >>> places.copied(3, 7)
        [3, 1, 2, 3, 1, 2, 3]
        """
        row = self.tokens[place : place + length]
        if len(row) < length:
            row = (row * (length // len(row) + 1))[:length]
        return row
