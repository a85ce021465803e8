"""The rules, on numbers that can be checked by hand or by algebra."""

import numpy as np
import pytest
import torch

from specdec.sampling import residual
from specdec.settings import RULES as RULE_NAMES
from specdec.verify import RULES, greedy, rejection
from specdec.verify.judgment import up_to_first_failure

BELOW_ONE = 1 - 2**-53


def wide(rows):
    return torch.tensor(rows, dtype=torch.float64)


def chain(length):
    return tuple(range(-1, length - 1))


def laws():
    """Pairs (p, q) of distributions: at random, with holes, apart, equal, certain."""
    rng = np.random.default_rng(0)
    for size in (2, 3, 8, 50):
        for concentration in (0.05, 1.0, 20.0):
            yield tuple(rng.dirichlet(np.full(size, concentration), 2))
            p, q = rng.dirichlet(np.full(size, concentration), 2) * (rng.random((2, size)) < 0.6)
            p[0] += 0.5
            q[-1] += 0.5
            yield p / p.sum(), q / q.sum()
    half = np.array([0.5, 0.5, 0, 0])
    yield half, half[::-1].copy()
    yield half, half
    yield np.array([1.0, 0, 0]), np.array([0.2, 0.3, 0.5])
    yield np.array([0.2, 0.3, 0.5]), np.array([0, 0, 1.0])


def test_the_law_of_one_rejection_step_is_exactly_p():
    """q·a + (1 − Σ q·a)·residual = p, with a as the rule computes it and the residual as it draws from it."""
    for p, q in laws():
        accept = np.zeros_like(p)
        for x in np.flatnonzero(q):
            verdict = rejection.judge(
                torch.tensor([x]), (-1,), wide(np.stack([p, p])), wide(q[None]), wide([0.5, 0.5])
            )
            accept[x] = verdict.accept_prob.item()
        left = residual(wide(p), wide(q)).numpy()
        law = q * accept + (1 - (q * accept).sum()) * left
        np.testing.assert_allclose(law, p, atol=1e-14)


def test_the_law_of_one_rejection_step_is_p_when_every_coin_is_tried():
    """The same through the rule itself: integrate over a grid of coins instead of trusting its formula."""
    p, q = np.array([0.125, 0.375, 0.5]), np.array([0.5, 0.375, 0.125])
    grid = (np.arange(64) + 0.5) / 64  # all accept probabilities and residuals here are multiples of 1/64
    law = np.zeros(3)
    for x in range(3):
        for coin in grid:
            verdict = rejection.judge(torch.tensor([x]), (-1,), wide([p, p]), wide([q]), wide([coin, 0.5]))
            if verdict.kept.item():
                law[x] += q[x] / 64
                continue
            for second in grid:
                verdict = rejection.judge(torch.tensor([x]), (-1,), wide([p, p]), wide([q]), wide([coin, second]))
                law[verdict.final.item()] += q[x] / 64 / 64
    np.testing.assert_allclose(law, p, atol=1e-12)


def judge_two(coins, p=None, q=None, ids=(0, 1)):
    p = p or [[0.5, 0.5, 0.0], [0.0, 0.25, 0.75], [0.25, 0.25, 0.5]]
    q = q or [[1.0, 0.0, 0.0], [0.25, 0.5, 0.25]]
    return rejection.judge(torch.tensor(ids), chain(2), wide(p), wide(q), wide(coins))


def test_the_first_refusal_ends_the_chain_and_its_residual_gives_the_correction():
    verdict = judge_two([0.5, 0.0, 0.0])  # a coin equal to the accept probability refuses
    assert verdict.accept_prob.tolist() == [0.5, 0.5]
    assert verdict.kept.tolist() == [False, False] and verdict.tried.tolist() == [True, False]
    assert verdict.final.item() == 1 and verdict.final_row.item() == 0


def test_a_refusal_behind_a_kept_guess_corrects_at_its_own_place():
    for coin in (0.0, 0.5, BELOW_ONE):
        verdict = judge_two([0.499, 0.9, coin])
        assert verdict.kept.tolist() == [True, False] and verdict.tried.tolist() == [True, True]
        assert verdict.final.item() == 2 and verdict.final_row.item() == 1


def test_a_chain_that_is_kept_whole_gets_a_bonus_from_the_last_row():
    drawn = [judge_two([0.0, 0.0, coin]) for coin in (0.0, 0.25, 0.5, BELOW_ONE)]
    assert all(verdict.kept.tolist() == verdict.tried.tolist() == [True, True] for verdict in drawn)
    assert [verdict.final.item() for verdict in drawn] == [0, 1, 2, 2]
    assert {verdict.final_row.item() for verdict in drawn} == {2}


def test_an_empty_draft_draws_from_p():
    none = torch.tensor([], dtype=torch.long)
    for coin, token in ((0.0, 0), (0.25, 2), (BELOW_ONE, 2)):
        verdict = rejection.judge(none, (), wide([[0.25, 0.0, 0.75]]), torch.zeros(0, 3), wide([coin]))
        assert verdict.final.item() == token and verdict.final_row.item() == 0
        assert verdict.kept.shape == verdict.tried.shape == verdict.accept_prob.shape == (0,)


def test_equal_laws_keep_every_guess_even_at_the_largest_coin():
    p = wide([[0.3, 0.7], [0.9, 0.1], [0.5, 0.5]])
    verdict = rejection.judge(torch.tensor([1, 0]), chain(2), p, p[:2], wide([BELOW_ONE, BELOW_ONE, 0.0]))
    assert verdict.kept.tolist() == [True, True]


def test_a_guess_the_target_never_writes_is_refused_even_at_coin_zero():
    verdict = rejection.judge(torch.tensor([1]), (-1,), wide([[1.0, 0.0]] * 2), wide([[0.5, 0.5]]), wide([0.0, 0.0]))
    assert verdict.kept.tolist() == [False] and verdict.final.item() == 0


def test_a_certain_guess_is_kept_with_probability_p():
    q = wide([[0.0, 1.0, 0.0]])
    p = wide([[0.25, 0.5, 0.25]] * 2)
    for coin, kept in ((0.0, True), (0.499, True), (0.5, False)):
        verdict = rejection.judge(torch.tensor([1]), (-1,), p, q, wide([coin, 0.75]))
        assert verdict.kept.tolist() == [kept]
    assert verdict.final.item() == 2  # the correction is never the guess that was refused


def test_rejection_between_certain_laws_is_greedy():
    rng = np.random.default_rng(1)
    for _ in range(50):
        truth, ids = rng.integers(0, 3, 4), rng.integers(0, 3, 3)
        p, q = wide(np.eye(3)[truth]), wide(np.eye(3)[ids])
        by_chance = rejection.judge(torch.tensor(ids), chain(3), p, q, wide(rng.random(4)))
        by_rank = greedy.judge(torch.tensor(ids), chain(3), p, q)
        assert torch.equal(by_chance.kept, by_rank.kept) and torch.equal(by_chance.tried, by_rank.tried)
        assert by_chance.final == by_rank.final and by_chance.final_row == by_rank.final_row


@pytest.mark.parametrize("wrong", range(4))
def test_greedy_keeps_guesses_up_to_the_first_that_is_not_the_best(wrong):
    best = [2, 0, 1, 2]
    p = torch.softmax(4 * torch.eye(3)[best], -1)
    ids = torch.tensor([(token + (i == wrong)) % 3 for i, token in enumerate(best[:3])])
    verdict = greedy.judge(ids, chain(3), p, None)
    assert verdict.kept.tolist() == [i < wrong for i in range(3)]
    assert verdict.tried.tolist() == [i <= wrong for i in range(3)]
    assert verdict.final.item() == best[wrong] and verdict.final_row.item() == wrong
    assert verdict.accept_prob is None


def test_greedy_takes_the_first_of_two_that_are_equally_good():
    p = torch.tensor([[0.4, 0.4, 0.2]] * 2)
    assert greedy.judge(torch.tensor([0]), (-1,), p, None).kept.tolist() == [True]
    assert greedy.judge(torch.tensor([1]), (-1,), p, None).kept.tolist() == [False]


def test_greedy_on_an_empty_draft_is_the_best_token():
    verdict = greedy.judge(torch.tensor([], dtype=torch.long), (), torch.tensor([[0.1, 0.9]]), None)
    assert verdict.final.item() == 1 and verdict.final_row.item() == 0


def test_guesses_behind_a_failure_count_for_nothing():
    kept, tried, count = up_to_first_failure(torch.tensor([True, True, False, True, True]))
    assert kept.tolist() == [True, True, False, False, False]
    assert tried.tolist() == [True, True, True, False, False]
    assert count.item() == 2


@pytest.mark.parametrize("parents", [(-1, -1), (-1, 0, 0), (0,), (-1, 0, 2), (-1, 0, -1)])
@pytest.mark.parametrize("rule", list(RULES))
def test_a_rule_for_chains_refuses_branches(rule, parents):
    count = len(parents)
    p, q = torch.full((count + 1, 2), 0.5), torch.full((count, 2), 0.5)
    with pytest.raises(ValueError, match="branches"):
        RULES[rule].judge(torch.zeros(count, dtype=torch.long), parents, p, q, torch.zeros(count + 1))


def test_the_rules_are_those_that_settings_offer():
    assert tuple(RULES) == RULE_NAMES
    assert all(rule.lossless for rule in RULES.values())
    assert [rule.uses_coins for rule in RULES.values()] == [False, True]
