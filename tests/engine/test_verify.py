"""The rules, on numbers that can be checked by hand or by algebra."""

from itertools import permutations, product

import numpy as np
import pytest
import torch

from specdec import theory
from specdec.methods import RULES, names
from specdec.sampling import residual
from specdec.verify import block, greedy, match, rejection, typical
from specdec.verify.judgment import first_that_pass, longest_that_pass, tree

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
            if verdict.accepted.item():
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
    assert verdict.accepted.tolist() == [False, False] and verdict.tried.tolist() == [True, False]
    assert verdict.final.item() == 1 and verdict.final_row.item() == 0


def test_a_refusal_behind_a_kept_guess_corrects_at_its_own_place():
    for coin in (0.0, 0.5, BELOW_ONE):
        verdict = judge_two([0.499, 0.9, coin])
        assert verdict.accepted.tolist() == [True, False] and verdict.tried.tolist() == [True, True]
        assert verdict.final.item() == 2 and verdict.final_row.item() == 1


def test_a_chain_that_is_kept_whole_gets_a_bonus_from_the_last_row():
    drawn = [judge_two([0.0, 0.0, coin]) for coin in (0.0, 0.25, 0.5, BELOW_ONE)]
    assert all(verdict.accepted.tolist() == verdict.tried.tolist() == [True, True] for verdict in drawn)
    assert [verdict.final.item() for verdict in drawn] == [0, 1, 2, 2]
    assert {verdict.final_row.item() for verdict in drawn} == {2}


def test_an_empty_draft_draws_from_p():
    none = torch.tensor([], dtype=torch.long)
    for coin, token in ((0.0, 0), (0.25, 2), (BELOW_ONE, 2)):
        verdict = rejection.judge(none, (), wide([[0.25, 0.0, 0.75]]), torch.zeros(0, 3), wide([coin]))
        assert verdict.final.item() == token and verdict.final_row.item() == 0
        assert verdict.accepted.shape == verdict.tried.shape == verdict.accept_prob.shape == (0,)


def test_equal_laws_keep_every_guess_even_at_the_largest_coin():
    p = wide([[0.3, 0.7], [0.9, 0.1], [0.5, 0.5]])
    verdict = rejection.judge(torch.tensor([1, 0]), chain(2), p, p[:2], wide([BELOW_ONE, BELOW_ONE, 0.0]))
    assert verdict.accepted.tolist() == [True, True]


def test_a_guess_the_target_never_writes_is_refused_even_at_coin_zero():
    verdict = rejection.judge(torch.tensor([1]), (-1,), wide([[1.0, 0.0]] * 2), wide([[0.5, 0.5]]), wide([0.0, 0.0]))
    assert verdict.accepted.tolist() == [False] and verdict.final.item() == 0


def test_a_certain_guess_is_kept_with_probability_p():
    q = wide([[0.0, 1.0, 0.0]])
    p = wide([[0.25, 0.5, 0.25]] * 2)
    for coin, kept in ((0.0, True), (0.499, True), (0.5, False)):
        verdict = rejection.judge(torch.tensor([1]), (-1,), p, q, wide([coin, 0.75]))
        assert verdict.accepted.tolist() == [kept]
    assert verdict.final.item() == 2  # the correction is never the guess that was refused


def test_rejection_between_certain_laws_is_greedy():
    rng = np.random.default_rng(1)
    for _ in range(50):
        truth, ids = rng.integers(0, 3, 4), rng.integers(0, 3, 3)
        p, q = wide(np.eye(3)[truth]), wide(np.eye(3)[ids])
        by_chance = rejection.judge(torch.tensor(ids), chain(3), p, q, wide(rng.random(4)))
        by_rank = greedy.judge(torch.tensor(ids), chain(3), p, q)
        assert torch.equal(by_chance.accepted, by_rank.accepted) and torch.equal(by_chance.tried, by_rank.tried)
        assert by_chance.final == by_rank.final and by_chance.final_row == by_rank.final_row


@pytest.mark.parametrize("wrong", range(4))
def test_greedy_keeps_guesses_up_to_the_first_that_is_not_the_best(wrong):
    best = [2, 0, 1, 2]
    p = torch.softmax(4 * torch.eye(3)[best], -1)
    ids = torch.tensor([(token + (i == wrong)) % 3 for i, token in enumerate(best[:3])])
    verdict = greedy.judge(ids, chain(3), p, None)
    assert verdict.accepted.tolist() == [i < wrong for i in range(3)]
    assert verdict.tried.tolist() == [i <= wrong for i in range(3)]
    assert verdict.final.item() == best[wrong] and verdict.final_row.item() == wrong
    assert verdict.accept_prob is None


def test_greedy_takes_the_first_of_two_that_are_equally_good():
    p = torch.tensor([[0.4, 0.4, 0.2]] * 2)
    assert greedy.judge(torch.tensor([0]), (-1,), p, None).accepted.tolist() == [True]
    assert greedy.judge(torch.tensor([1]), (-1,), p, None).accepted.tolist() == [False]


def test_greedy_on_an_empty_draft_is_the_best_token():
    verdict = greedy.judge(torch.tensor([], dtype=torch.long), (), torch.tensor([[0.1, 0.9]]), None)
    assert verdict.final.item() == 1 and verdict.final_row.item() == 0


def test_guesses_behind_a_failure_count_for_nothing():
    passed = torch.tensor([True, True, False, True, True])
    for follow in (first_that_pass, longest_that_pass):
        kept, tried, row = follow(tree(chain(5), passed.device), passed)
        assert kept.tolist() == [True, True, False, False, False]
        assert tried.tolist() == [True, True, True, False, False]
        assert row.item() == 2


# ------------------------------------------------------------------------------------------------- trees

#      0: 1st child   2: behind 0   4: behind 1, 3rd depth: 5, 6 behind 4
BUSH = (-1, -1, 0, 0, 1, 4, 4)


def walk(parents, passed):
    """The same decision, told as a walk: at every node the first child that passes is entered."""
    kept, tried, node = set(), set(), -1
    while True:
        family = [i for i, parent in enumerate(parents) if parent == node]
        entered = next((i for i in family if passed[i]), None)
        tried |= {i for i in family if entered is None or i <= entered}
        if entered is None:
            return kept, tried, node + 1
        kept.add(entered)
        node = entered


def members(mask):
    return {i for i, yes in enumerate(mask.tolist()) if yes}


@pytest.mark.parametrize("parents", [BUSH, (-1, 0, 0, 1, 1, 2, -1, 6), (-1, -1, -1), (-1, 0, -1, 2, 0)])
def test_the_first_sibling_that_passes_is_entered_and_no_later_one_is_tried(parents):
    for passed in product([False, True], repeat=len(parents)):
        kept, tried, row = first_that_pass(tree(parents, torch.device("cpu")), torch.tensor(passed))
        assert (members(kept), members(tried), row.item()) == walk(parents, passed)


def test_greedy_follows_the_targets_best_token_through_the_tree():
    ids = torch.tensor([3, 1, 0, 2, 2, 0, 1])
    best = [1, 0, 2, 0, 0, 1, 3, 3]  # behind the context; behind node 0, 1, …
    p = torch.softmax(4 * torch.eye(4)[best], -1)
    verdict = greedy.judge(ids, BUSH, p, None)
    assert members(verdict.accepted) == {1, 4, 6} and members(verdict.tried) == {0, 1, 4, 5, 6}
    assert verdict.final.item() == 3 and verdict.final_row.item() == 7


def siblings_law(p, draws):
    """The exact law of one token behind children drawn as `draws` says: {(ids, their q rows): probability}."""
    law = np.zeros_like(p)
    for (ids, q), weight in draws.items():
        count = len(ids)
        q = np.array(q)
        coins = wide([BELOW_ONE] * count + [0.5])  # only what is certain to be accepted is
        verdict = rejection.judge(torch.tensor(ids), (-1,) * count, wide(np.tile(p, (count + 1, 1))), wide(q), coins)
        refused = 1.0
        for i in range(count):
            accept = verdict.accept_prob[i].item()
            law[ids[i]] += weight * refused * accept
            refused *= 1 - accept
            if accept >= BELOW_ONE:
                break
        if refused > 1e-15:
            met = verdict.judged_p[-1] if verdict.judged_p is not None else wide(p)
            at_final = residual(met[None], wide(q[-1:]))[0].numpy()
            law += weight * refused * at_final
    return law


def without_replacement(q, count):
    """Every ordered draw of `count` tokens, the law of each given those before it, and the draw's probability."""
    draws = {}
    for ids in permutations(range(len(q)), count):
        left, rows, weight = q.copy(), [], 1.0
        for token in ids:
            if left.sum() <= 0:
                weight = 0.0
                break
            left = left / left.sum()
            rows.append(tuple(left))
            weight *= left[token]
            left[token] = 0
        if weight > 0:
            draws[ids, tuple(rows)] = weight
    return draws


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_law_of_siblings_drawn_without_replacement_is_exactly_p(count):
    rng = np.random.default_rng(5)
    for concentration in (0.3, 1.0, 5.0):
        for _ in range(4):
            p, q = rng.dirichlet(np.full(4, concentration), 2)
            np.testing.assert_allclose(siblings_law(p, without_replacement(q, count)), p, atol=1e-12)


def test_the_law_of_certain_siblings_is_exactly_p():
    rng = np.random.default_rng(6)
    for ids in [(0,), (2, 0), (3, 1, 0), (0, 1, 2, 3)]:
        p = rng.dirichlet(np.ones(4))
        rows = tuple(tuple(np.eye(4)[token]) for token in ids)
        np.testing.assert_allclose(siblings_law(p, {(ids, rows): 1.0}), p, atol=1e-12)


def test_siblings_drawn_with_replacement_as_if_without_are_not_p():
    """The check above would notice: the second child's law still holds the first one."""
    p, q = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.1, 0.1, 0.7])
    draws = {}
    for ids in product(range(4), repeat=2):
        left = q.copy()
        left[ids[0]] = 0
        draws[ids, (tuple(q), tuple(left / left.sum()))] = q[ids[0]] * q[ids[1]]  # drawn from q, said to be the rest
    assert np.abs(siblings_law(p, draws) - p).max() > 1e-3


def test_each_sibling_is_judged_against_what_the_refusals_before_it_left():
    p, q = [0.5, 0.3, 0.2], [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    p = wide([p] * 3)
    verdict = rejection.judge(torch.tensor([1, 2]), (-1, -1), p, wide(q), wide([0.99, 0.99, 0.0]))
    assert verdict.accept_prob.tolist() == pytest.approx([0.3, 0.2 / 0.7])
    torch.testing.assert_close(verdict.judged_p[1], wide([0.5 / 0.7, 0.0, 0.2 / 0.7]))
    assert verdict.final.item() == 0 and verdict.final_row.item() == 0
    kept = rejection.judge(torch.tensor([1, 2]), (-1, -1), p, wide(q), wide([0.1, 0.0, 0.0]))
    assert members(kept.accepted) == {0} and members(kept.tried) == {0} and kept.final_row.item() == 1
    torch.testing.assert_close(kept.judged_p[1], p[0])  # what nobody judged carries its raw values


# ------------------------------------------------------------------------------------------------- block


def block_outcomes(p, q, ids):
    """For one drafted chain: the probability that n guesses are kept, and what the target's token is drawn from."""
    count = len(ids)
    chances, laws = [], []
    for n in range(count + 1):
        coins = [BELOW_ONE] * count + [0.5]
        if n:
            coins[n - 1] = 0.0
        verdict = block.judge(torch.tensor(ids), chain(count), wide(p), wide(q), wide(coins))
        pass_at = verdict.rule["threshold"].tolist()
        chances.append((pass_at[n - 1] if n else 1.0) * float(np.prod([1 - h for h in pass_at[n:]])))
        laws.append(verdict.residuals[-1].numpy() if verdict.final_row.item() == n else None)
    return chances, laws


@pytest.mark.parametrize(("count", "accepted"), [(1, 2 / 3), (2, 11 / 9), (3, 1.667), (5, 2.370), (8, 3.107)])
def test_the_block_rule_keeps_as_many_as_were_counted_by_enumeration(count, accepted):
    p, q = np.array([1 / 3, 2 / 3]), np.array([2 / 3, 1 / 3])
    expected = 0.0
    for ids in product(range(2), repeat=count):
        chances, _ = block_outcomes(np.tile(p, (count + 1, 1)), np.tile(q, (count, 1)), ids)
        assert sum(chances) == pytest.approx(1, abs=1e-12)
        expected += np.prod(q[list(ids)]) * sum(n * chance for n, chance in enumerate(chances))
    assert expected == pytest.approx(accepted, abs=1e-9 if count < 3 else 5e-4)
    assert expected == pytest.approx(theory.block_accepted(p.tolist(), q.tolist(), count), abs=1e-9)


@pytest.mark.parametrize("size", [2, 3])
def test_the_law_of_a_block_and_what_follows_is_exactly_that_of_the_target(size):
    rng = np.random.default_rng(8)
    count = 2
    for concentration in (0.4, 1.0, 4.0):
        tables = {  # laws depend on what stands before: p one token further than q
            h: rng.dirichlet(np.full(size, concentration), 2)
            for depth in range(count + 1)
            for h in product(range(size), repeat=depth)
        }
        law = {text: 0.0 for text in product(range(size), repeat=count + 1)}
        for ids in product(range(size), repeat=count):
            p = np.stack([tables[ids[:i]][0] for i in range(count + 1)])
            q = np.stack([tables[ids[:i]][1] for i in range(count)])
            weight = np.prod([q[i][ids[i]] for i in range(count)])
            for n, (chance, left) in enumerate(zip(*block_outcomes(p, q, ids), strict=True)):
                if chance < 1e-15:
                    continue
                for text in law:  # n guesses, one token from `left`, the rest plainly from p
                    if text[:n] == ids[:n]:
                        tail = np.prod([tables[text[:i]][0][text[i]] for i in range(n + 1, count + 1)])
                        law[text] += weight * chance * left[text[n]] * tail
        for text, mass in law.items():
            exact = np.prod([tables[text[:i]][0][text[i]] for i in range(count + 1)])
            assert mass == pytest.approx(exact, abs=1e-12)


def test_the_last_check_that_passes_decides_even_when_the_first_fails():
    p, q = wide([[1 / 3, 2 / 3]] * 4), wide([[2 / 3, 1 / 3]] * 3)
    verdict = block.judge(torch.tensor([0, 1, 0]), chain(3), p, q, wide([0.99, 0.5, 0.9, 0.0]))
    assert verdict.rule["product"].tolist() == pytest.approx([0.5, 1.0, 0.5])
    # Z_1 = max(0, 1/6 − 2/3) + max(0, 1/3 − 1/3) = 0; Z_2 = 1/3 and P_2 = 1; the last threshold is P_3 itself
    assert verdict.rule["threshold"].tolist() == pytest.approx([0, 1, 0.5], abs=1e-12)
    assert verdict.accepted.tolist() == [True, True, False] and verdict.tried.tolist() == [True, True, True]
    assert verdict.final_row.item() == 2


def test_a_block_of_one_is_rejection_sampling():
    rng = np.random.default_rng(9)
    for p, q in laws():
        x = int(rng.choice(len(q), p=q))
        coins = wide(rng.random(2))
        p2, q1 = wide(np.stack([p, p])), wide(q[None])
        one, other = (rule.judge(torch.tensor([x]), (-1,), p2, q1, coins) for rule in (block, rejection))
        assert torch.equal(one.accepted, other.accepted) and one.final == other.final


def test_a_block_drawn_from_the_targets_own_law_is_kept_whole():
    p = wide([[0.3, 0.7], [0.9, 0.1], [0.5, 0.5]])
    verdict = block.judge(torch.tensor([1, 0]), chain(2), p, p[:2], wide([BELOW_ONE, BELOW_ONE, 0.0]))
    assert verdict.rule["threshold"].tolist() == [1.0, 1.0] and verdict.accepted.tolist() == [True, True]


# ------------------------------------------------------------------------------------------------- match, typical


def test_match_keeps_a_guess_while_the_target_draws_the_same_token():
    p = wide([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    for coins, kept, final in (([0.2, 0.5, 0], 2, 0), ([0.2, 0.1, 0], 1, 0), ([0.7, 0.5, 0], 0, 1)):
        verdict = match.judge(torch.tensor([0, 1]), chain(2), p, None, wide(coins))
        assert verdict.accepted.tolist() == [i < kept for i in range(2)] and verdict.final.item() == final
        assert verdict.accept_prob.tolist() == [0.5, 0.75] and verdict.final_row.item() == kept


def test_typical_asks_less_of_a_guess_where_the_target_is_undecided():
    certain, undecided = [0.97, 0.03, 0, 0], [0.25, 0.25, 0.25, 0.25]
    for row, kept in ((certain, False), (undecided, True)):
        verdict = typical.judge(torch.tensor([1]), (-1,), wide([row] * 2), None, wide([0, 0]), epsilon=0.09, delta=0.3)
        entropy = -sum(x * np.log(x) for x in row if x)
        assert verdict.rule["entropy"].item() == pytest.approx(entropy)
        assert verdict.rule["threshold"].item() == pytest.approx(min(0.09, 0.3 * np.exp(-entropy)))
        assert verdict.accepted.tolist() == [kept]


def test_typical_keeps_the_longest_path_that_passes_and_the_first_of_equals():
    p = wide([[0.5, 0.5, 0.0]] * 8)
    options = {"epsilon": 0.09, "delta": 0.3}
    ids = torch.tensor([0, 1, 2, 2, 0, 2, 1])  # node 0 passes but nothing behind it does
    verdict = typical.judge(ids, BUSH, p, None, wide([0.0] * 8), **options)
    assert members(verdict.accepted) == {1, 4, 6} and verdict.final_row.item() == 7
    assert members(verdict.tried) == {1, 2, 3, 4, 5, 6}  # node 0 passed as well: neither kept nor refused
    equals = typical.judge(torch.tensor([0, 1]), (-1, -1), p[:3], None, wide([0.0] * 3), **options)
    assert members(equals.accepted) == {0} and members(equals.tried) == {0}


# ------------------------------------------------------------------------------------------------- all


@pytest.mark.parametrize("parents", [(-1, -1), (-1, 0, 0), (0,), (-1, 0, 2), (-1, 0, -1)])
@pytest.mark.parametrize("rule", names(RULES, lambda rule: rule.chain_only))
def test_a_rule_for_chains_refuses_branches(rule, parents):
    count = len(parents)
    p, q = torch.full((count + 1, 2), 0.5), torch.full((count, 2), 0.5)
    with pytest.raises(ValueError, match="branches"):
        RULES[rule].judge(torch.zeros(count, dtype=torch.long), parents, p, q, torch.zeros(count + 1))


@pytest.mark.parametrize("rule", list(RULES))
def test_an_empty_draft_lets_the_target_write(rule):
    options = {"epsilon": 0.09, "delta": 0.3} if rule == "typical" else {}
    none = torch.tensor([], dtype=torch.long)
    verdict = RULES[rule].judge(none, (), wide([[0.1, 0.9]]), torch.zeros(0, 2), wide([0.5]), **options)
    assert verdict.final.item() == 1 and verdict.final_row.item() == 0 and verdict.accepted.shape == (0,)


def test_one_rule_changes_the_output_and_says_so():
    assert names(RULES, lambda rule: not rule.lossless) == ["typical"]
