"""The baseline that every model must beat: an interpolated Kneser–Ney n-gram model (Kneser and Ney 1995, in the
interpolated form of Chen and Goodman 1999), on the same tokens.

An n-gram of token ids is one integer, its ids as digits to the base of the vocabulary, so counting is sorting.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from specdec.errors import UserError


@dataclass(frozen=True)
class _Order:
    """n-grams of one length: their keys in order with counts, and per context the sum and the number of kinds."""

    grams: np.ndarray
    counts: np.ndarray
    contexts: np.ndarray
    sums: np.ndarray
    kinds: np.ndarray


class NGram:
    """p(w | h) = max(c(hw) − D, 0) / c(h) + D · kinds(h) / c(h) · p(w | h without its first token).

    Below the highest order a count is the number of different preceding tokens; the lowest level is uniform.
    Histories reach across documents, as a language model's rows do.
    """

    def __init__(self, documents: Sequence[np.ndarray], vocabulary: int, order: int = 4, discount: float = 0.75):
        if vocabulary**order >= 2**63:
            raise UserError("train.ngram_large", order=order, vocabulary=f"{vocabulary:,}")
        self.vocabulary, self.discount = vocabulary, discount
        keys, counts = np.unique(self._keys(np.concatenate(documents), order), return_counts=True)
        self.orders = [self._order(keys, counts)]
        for length in range(order - 1, 0, -1):
            keys, counts = np.unique(keys % vocabulary**length, return_counts=True)
            self.orders.insert(0, self._order(keys, counts))

    @property
    def order(self) -> int:
        return len(self.orders)

    def loss(self, tokens: np.ndarray) -> float:
        """Mean cross-entropy in nats of the tokens [N] that have a full history before them."""
        keys = self._keys(tokens, self.order)
        if not len(keys):
            return math.nan
        chance = np.full(len(keys), 1.0 / self.vocabulary)
        for length, order in enumerate(self.orders, start=1):
            chance = self._interpolate(order, keys % self.vocabulary**length, chance)
        return float(-np.log(chance).mean())

    def _interpolate(self, order: _Order, keys: np.ndarray, lower: np.ndarray) -> np.ndarray:
        seen = _look_up(order.grams, order.counts, keys)
        contexts = keys // self.vocabulary
        sums, kinds = (_look_up(order.contexts, values, contexts) for values in (order.sums, order.kinds))
        known = np.maximum(sums, 1)
        mixed = np.maximum(seen - self.discount, 0) / known + self.discount * kinds / known * lower
        return np.where(sums > 0, mixed, lower)

    def _keys(self, tokens: np.ndarray, length: int) -> np.ndarray:
        """[N - length + 1], the last token as the lowest digit."""
        count = max(0, len(tokens) - length + 1)
        return sum(
            (tokens[i : i + count].astype(np.int64) * self.vocabulary ** (length - 1 - i) for i in range(length)),
            start=np.zeros(count, np.int64),
        )

    def _order(self, grams: np.ndarray, counts: np.ndarray) -> _Order:
        contexts, first = np.unique(grams // self.vocabulary, return_index=True)
        kinds = np.diff([*first, len(grams)])
        return _Order(grams, counts, contexts, np.add.reduceat(counts, first), kinds)


def _look_up(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The values of sorted keys, 0 for those that are not there."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)
