"""The n-gram baseline against its definition, counted by hand."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from specdec.errors import UserError
from specdec.train.ngram import NGram


def kneser_ney(text, history, token, vocabulary, order, discount=0.75):
    """p(token | history) by the recursion of Chen and Goodman 1999, from counts in dictionaries."""
    grams = {n: Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1)) for n in range(1, order + 1)}
    counts = {order: Counter(tuple(text[i : i + order]) for i in range(len(text) - order + 1))}
    for n in range(order - 1, 0, -1):
        fronts = defaultdict(set)
        for gram in counts[n + 1]:
            fronts[gram[1:]].add(gram[0])
        counts[n] = Counter({gram: len(front) for gram, front in fronts.items()})
    assert grams[order] == counts[order]
    chance = 1 / vocabulary
    for n in range(1, order + 1):
        context = tuple(history[len(history) - (n - 1) :])
        same = {gram: count for gram, count in counts[n].items() if gram[:-1] == context}
        if total := sum(same.values()):
            seen = max(same.get((*context, token), 0) - discount, 0) / total
            chance = seen + discount * len(same) / total * chance
    return chance


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_loss_is_that_of_the_definition(order):
    random = np.random.default_rng(0)
    text, held_out = random.integers(0, 5, 80), random.integers(0, 6, 40)
    model = NGram([text[:30], text[30:]], vocabulary=6, order=order)
    chances = [
        kneser_ney(text.tolist(), held_out[: i + 1].tolist()[:-1], int(held_out[i]), 6, order)
        for i in range(order - 1, len(held_out))
    ]
    assert model.loss(held_out) == pytest.approx(-np.mean(np.log(chances)), rel=1e-9)


@pytest.mark.parametrize("history", [[0, 1], [4, 4], [5, 2]])
def test_the_chances_after_a_history_sum_to_one(history):
    text = np.random.default_rng(1).integers(0, 5, 60)
    model = NGram([text], vocabulary=6, order=3)
    chances = [math.exp(-model.loss(np.array([*history, token]))) for token in range(6)]
    assert sum(chances) == pytest.approx(1.0, abs=1e-12)


def test_a_text_seen_in_training_costs_less_than_a_random_one():
    random = np.random.default_rng(2)
    text = np.tile(random.integers(0, 50, 40), 5)
    model = NGram([text], vocabulary=50)
    assert model.loss(text) < 0.5 < 3.0 < model.loss(random.integers(0, 50, 200))


def test_too_long_a_gram_for_an_integer_is_refused():
    with pytest.raises(UserError, match="64 bits"):
        NGram([np.arange(9)], vocabulary=100_000, order=4)
