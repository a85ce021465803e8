"""The formulas, against numbers worked out elsewhere and against simulation."""

import math

import numpy as np
import pytest

from specdec import theory


def test_expected_tokens_are_the_sum_of_survivals():
    assert theory.expected_tokens(0.8, 5) == pytest.approx(3.68928)
    for alpha in (0.0, 0.3, 0.99):
        closed = (1 - alpha**5) / (1 - alpha)
        assert theory.expected_tokens(alpha, 4) == pytest.approx(closed)


@pytest.mark.parametrize(
    ("c", "length", "gain"), [(0.01, 14, 4.23), (0.05, 8, 3.09), (0.1, 6, 2.47), (0.2, 4, 1.87), (0.5, 2, 1.22)]
)
def test_the_best_draft_length_is_the_papers(c, length, gain):
    best, speed = theory.best_draft_length(0.8, c)
    assert best == length and speed == pytest.approx(gain, abs=0.005)
    assert speed == pytest.approx(theory.speedup(0.8, length, c))


def test_no_draft_pays_when_guessing_costs_more_than_it_brings():
    for alpha, c in ((0.2, 0.3), (0.5, 0.5), (0.9, 1.0)):
        assert theory.best_draft_length(alpha, c) == (0, 1.0)  # a gain is possible if and only if α > c
    assert theory.best_draft_length(0.5, 0.4)[0] > 0


def test_wider_passes_and_overhead_cost_what_was_measured():
    v = (1.0, 1.1, 1.3)
    assert theory.round_cost(2, 0.1, v, 0.05) == pytest.approx(1.55)
    assert theory.speedup(0.8, 2, 0.1, v, 0.05) == pytest.approx(2.44 / 1.55)
    assert theory.round_cost(9, 0.1, v, 0.05) == pytest.approx(0.9 + 1.3 + 0.05)


def test_the_acceptance_rate_is_the_most_likely_one():
    rng = np.random.default_rng(0)
    runs = np.minimum(rng.geometric(1 - 0.7, 4000) - 1, 5)
    accepted, refusals = int(runs.sum()), int((runs < 5).sum())

    def likelihood(alpha):
        return accepted * math.log(alpha) + refusals * math.log(1 - alpha)

    found = theory.acceptance_rate(accepted, refusals)
    assert found == pytest.approx(0.7, abs=0.02)
    assert all(likelihood(found) >= likelihood(other) for other in np.linspace(0.01, 0.99, 99))


def test_rejection_keeps_the_overlap_and_matching_only_the_product():
    rng = np.random.default_rng(1)
    for _ in range(20):
        p, q = rng.dirichlet(np.ones(5), 2)
        assert theory.overlap(p, q) == pytest.approx(1 - np.abs(p - q).sum() / 2)
        assert theory.match_rate(p, q) <= theory.overlap(p, q)


@pytest.mark.parametrize(
    ("length", "rejection", "block"), [(2, 10 / 9, 11 / 9), (3, 1.407, 1.667), (5, 1.737, 2.370), (8, 1.922, 3.107)]
)
def test_a_block_keeps_more_than_guess_by_guess(length, rejection, block):
    p, q = (1 / 3, 2 / 3), (2 / 3, 1 / 3)
    close = 1e-9 if length == 2 else 5e-4
    assert theory.rejection_accepted(p, q, length) == pytest.approx(rejection, abs=close)
    assert theory.block_accepted(p, q, length) == pytest.approx(block, abs=close)


def test_for_one_guess_a_block_is_rejection_sampling():
    assert theory.block_accepted((0.2, 0.8), (0.5, 0.5), 1) == pytest.approx(theory.overlap((0.2, 0.8), (0.5, 0.5)))


def test_operations_grow_though_time_shrinks():
    assert theory.operations(0.8, 5, 0.05) == pytest.approx((5 * 0.05 + 6) / 3.68928)
