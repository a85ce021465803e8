"""Filters do what their papers say, and a draw gives exactly the token that its coin points at."""

import math

import numpy as np
import pytest
import torch

from specdec import sampling
from specdec.sampling import Choice, Coins, distribution, distribution_of_kind, draw, one_hot, probabilities, residual
from specdec.settings import Settings

BELOW_ONE = 1 - 2**-53  # the largest coin there is


def reference(logits, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0):
    """The same filters, one token at a time in float64."""
    scaled = [x / temperature for x in logits]
    weights = [math.exp(x - max(scaled)) for x in scaled]
    p = [w / sum(weights) for w in weights]
    order = sorted(range(len(p)), key=lambda i: (-p[i], i))
    if top_k:
        p = [x if i in order[:top_k] else 0.0 for i, x in enumerate(p)]
        p = [x / sum(p) for x in p]
    if top_p < 1:
        kept, mass = set(), 0.0
        for i in order:
            if mass >= top_p:
                break
            kept.add(i)
            mass += p[i]
        p = [x if i in kept else 0.0 for i, x in enumerate(p)]
        p = [x / sum(p) for x in p]
    p = [x if x >= min_p * max(p) else 0.0 for x in p]
    return np.array([x / sum(p) for x in p])


FILTERS = [
    {"temperature": 0.3},
    {"temperature": 2.5},
    {"top_k": 1},
    {"top_k": 5},
    {"top_k": 17},
    {"top_k": 1_000_000},
    {"top_p": 1e-9},
    {"top_p": 0.3},
    {"top_p": 0.9},
    {"top_p": 0.999},
    {"min_p": 0.05},
    {"min_p": 0.5},
    {"min_p": 1.0},
    {"temperature": 0.7, "top_k": 9, "top_p": 0.8},
    {"temperature": 1.6, "top_k": 12, "top_p": 0.9, "min_p": 0.1},
]


@pytest.mark.parametrize("choice", FILTERS, ids=str)
def test_filters_agree_with_a_reference_that_takes_one_token_at_a_time(choice):
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (40, 17))
    p = probabilities(torch.tensor(logits), **choice)
    assert p.dtype == torch.float32 and p.shape == (40, 17)
    expected = np.stack([reference(row, **choice) for row in logits])
    assert ((p.numpy() > 0) == (expected > 0)).all()
    np.testing.assert_allclose(p.numpy(), expected, atol=2e-6)


def test_a_batch_of_rows_is_filtered_as_each_row_alone():
    logits = torch.randn(2, 3, 11, generator=torch.Generator().manual_seed(2))
    choice = {"temperature": 0.8, "top_k": 6, "top_p": 0.7, "min_p": 0.02}
    together = probabilities(logits, **choice)
    alone = torch.stack([torch.stack([probabilities(row, **choice) for row in block]) for block in logits])
    assert torch.equal(together, alone)


def test_top_k_keeps_k_tokens_even_where_logits_tie():
    p = probabilities(torch.zeros(3, 7), top_k=2)
    assert p[0].tolist() == [0.5, 0.5, 0, 0, 0, 0, 0]


def test_top_p_keeps_the_token_that_reaches_it_and_none_behind():
    logits = torch.log(torch.tensor([0.5, 0.25, 0.125, 0.125]))
    assert (probabilities(logits, top_p=0.5) > 0).tolist() == [True, False, False, False]
    assert (probabilities(logits, top_p=0.51) > 0).tolist() == [True, True, False, False]
    assert (probabilities(logits, top_p=1e-30) > 0).tolist() == [True, False, False, False]


def test_tokens_that_cannot_be_have_no_mass_under_any_filter():
    logits = torch.tensor([-torch.inf, 0.0, 1.0, -torch.inf])
    for choice in ({}, {"top_k": 3}, {"top_p": 0.99999}, {"min_p": 1e-9}, {"temperature": 0.001}, {"temperature": 0}):
        p = probabilities(logits, **choice)
        assert p[0] == p[3] == 0 and p.sum() == pytest.approx(1)


LAWS = [
    {},
    {"temperature": 0.3},
    {"temperature": 0.8, "top_p": 0.95},
    {"temperature": 1.7, "top_p": 0.999},
    {"temperature": 1.0, "top_p": 0.05},
    {"temperature": 0.9, "top_p": 1e-60},
]


@pytest.mark.parametrize("choice", LAWS, ids=str)
@pytest.mark.parametrize("size", [1, 2, 63, 700])
@pytest.mark.parametrize("step", [0, 0.5, 100], ids=["all different", "many alike", "all alike"])
def test_the_law_for_compiled_code_is_the_one_that_a_run_decodes_from(choice, size, step):
    logits = torch.randn(40, size, generator=torch.Generator().manual_seed(size)) * 3
    if step:
        logits = (logits / step).round() * step
    logits[:20, size // 2] = -torch.inf if size > 1 else 0.0
    settings = Settings(**choice)
    kind = Choice.of(settings, size)
    expected, found = distribution(logits, settings), distribution_of_kind(kind.kind, logits, kind.numbers())
    if kind.kind == "nucleus":  # rounding decides whether the last of it belongs to it, where its mass is just reached
        whole = torch.softmax(logits.double() / settings.temperature, -1)
        order = (expected + found).sort(descending=True, stable=True).indices
        kept, least = (found > 0).gather(-1, order), whole.where(found > 0, 2).amin(-1)
        assert torch.equal(kept, kept.cummin(-1).values), "the most probable tokens, equals by id"
        mass = whole.where(found > 0, 0).sum(-1)
        assert (mass > settings.top_p - 1e-6).all() and (mass - least < settings.top_p + 1e-6).all()
        expected = whole.where(found > 0, 0).div(mass[:, None]).float()
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-7)


def test_what_is_no_number_stays_none_in_a_law_for_compiled_code():
    logits = torch.tensor([[0.0, torch.nan, 1.0], [0.0, 2.0, 1.0]])
    found = distribution_of_kind("nucleus", logits, torch.tensor([0.8, 0.9]))
    assert found[0].isnan().all() and found[1].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, "greedy"),
        ({"rule": "greedy", "top_p": 0.5}, "greedy"),
        ({"temperature": 0.8}, "whole"),
        ({"temperature": 0.8, "top_p": 0.5}, "nucleus"),
        ({"temperature": 0.8, "top_p": 0.5, "min_p": 0.1}, None),
        ({"temperature": 0.8, "top_k": 3}, None),
        ({"rule": "rejection"}, None),
    ],
)
def test_a_choice_is_of_a_kind_that_code_may_be_there_for(settings, kind):
    assert Choice.of(Settings(**settings), 9).kind == kind


def test_temperature_zero_puts_all_mass_on_the_first_largest_logit():
    p = probabilities(
        torch.tensor([[1.0, 5.0, 5.0], [-torch.inf, -9.0, -torch.inf]]), temperature=0, top_k=2, top_p=0.5
    )
    assert p.tolist() == [[0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize("temperature", [0.001, 10])
def test_extreme_temperatures_stay_finite_even_for_half_precision_logits(temperature):
    p = probabilities(torch.tensor([-60000.0, 60000.0, 59968.0], dtype=torch.float16), temperature)
    assert torch.isfinite(p).all() and p.sum() == pytest.approx(1)


def test_the_greedy_rule_shows_the_softmax_and_rejection_the_filtered_law():
    logits = torch.tensor([0.0, 1.0, 3.0])
    assert torch.equal(distribution(logits, Settings()), torch.softmax(logits, -1))
    assert distribution(logits, Settings(rule="rejection")).tolist() == [0, 0, 1]
    settings = Settings(temperature=0.5, top_k=2)
    assert torch.equal(distribution(logits, settings), probabilities(logits, 0.5, top_k=2))


# ------------------------------------------------------------------------------------------------- draws


def flip(*coins):
    return torch.tensor(coins, dtype=torch.float64)


def test_a_coin_on_a_boundary_belongs_to_the_token_behind_it():
    p = torch.tensor([0.25, 0.25, 0.5]).expand(5, 3)
    just_below = math.nextafter(0.25, 0)
    assert draw(p, flip(0, just_below, 0.25, 0.5, BELOW_ONE)).tolist() == [0, 0, 1, 2, 2]


@pytest.mark.parametrize("coin", [0.0, 5e-324, 0.3, 0.5, 1 - 1e-9, BELOW_ONE])
def test_a_token_of_probability_zero_is_never_drawn(coin):
    rng = np.random.default_rng(3)
    p = torch.tensor(rng.random((500, 40)) * (rng.random((500, 40)) < 0.2), dtype=torch.float32)
    p[:, 7] += 1e-30  # so that every row has something
    p[:250] /= p[:250].sum(-1, keepdim=True)  # the others do not even add up to 1
    drawn = draw(p, torch.full((500,), coin, dtype=torch.float64))
    assert (drawn < 40).all()
    assert (p.gather(-1, drawn[:, None]) > 0).all()


def test_the_largest_coin_draws_a_possible_token_also_where_no_float_is_wider_than_32_bits(monkeypatch):
    monkeypatch.setattr(sampling, "exact", lambda device: torch.float32)
    coins = sampling.tossed([BELOW_ONE] * 300, torch.device("cpu"))
    assert coins.dtype == torch.float32 and (coins < 1).all()
    p = torch.rand(300, 40, generator=torch.Generator().manual_seed(5))
    p[:, 30:] = 0
    assert draw(p, coins).tolist() == [29] * 300


def test_the_largest_coin_draws_the_last_possible_token_when_rounding_leaves_a_total_below_one():
    p = torch.full((1000,), 0.001)
    p[990:] = 0
    assert draw(p, flip(BELOW_ONE)[0]).item() == 989


def test_a_draw_inverts_the_cumulative_distribution():
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(9), 300).astype(np.float32)
    coins = rng.random(300)
    drawn = draw(torch.tensor(p), torch.tensor(coins)).numpy()
    wide = p.astype(np.float64)
    for row, coin, token in zip(wide, coins, drawn, strict=True):
        edges = np.concatenate([[0], np.cumsum(row)]) / row.sum()
        assert edges[token] - 1e-15 <= coin < edges[token + 1] + 1e-15


def test_evenly_spaced_coins_draw_each_token_as_often_as_it_is_probable():
    p = torch.tensor([0.125, 0.0, 0.375, 0.5])
    coins = (torch.arange(1000, dtype=torch.float64) + 0.5) / 1000
    assert torch.bincount(draw(p.expand(1000, 4), coins), minlength=4).tolist() == [125, 0, 375, 500]


# ------------------------------------------------------------------------------------------------- residual


def test_the_residual_is_what_p_has_and_q_has_not():
    rng = np.random.default_rng(5)
    p, q = (torch.tensor(rng.dirichlet(np.ones(6), 50)) for _ in range(2))
    left = residual(p, q)
    expected = np.maximum(0, p.numpy() - q.numpy())
    np.testing.assert_allclose(left.numpy(), expected / expected.sum(-1, keepdims=True), atol=1e-12)


@pytest.mark.parametrize("shape", [(4,), (3, 4)])
def test_a_residual_without_mass_falls_back_to_p(shape):
    p = torch.full(shape, 0.25)
    assert torch.equal(residual(p, p), p)
    assert torch.equal(residual(p, p + 0.5), p)


def test_a_residual_that_is_no_number_falls_back_to_p():
    p, q = torch.tensor([0.5, 0.5]), torch.tensor([torch.nan, 0.25])
    assert torch.equal(residual(p, q), p)


def test_a_row_without_residual_does_not_disturb_its_neighbours():
    p = torch.tensor([[0.5, 0.5], [0.75, 0.25]])
    q = torch.tensor([[0.5, 0.5], [0.25, 0.75]])
    assert residual(p, q).tolist() == [[0.5, 0.5], [1, 0]]


def test_one_hot_takes_any_shape_of_ids_even_none_at_all():
    assert one_hot(torch.tensor([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot(torch.tensor(1), 2).tolist() == [0, 1]
    assert one_hot(torch.tensor([], dtype=torch.long), 3).shape == (0, 3)


# ------------------------------------------------------------------------------------------------- coins


def test_the_same_seed_gives_the_same_coins_and_another_seed_others():
    one, same, other = Coins(7), Coins(7), Coins(8)
    first = one.draft(50), one.judge(50)
    assert first == (same.draft(50), same.judge(50))
    assert not set(first[0]) & set(other.draft(50)) and not set(first[1]) & set(other.judge(50))


def test_coins_do_not_depend_on_how_many_are_taken_at_a_time_or_on_the_other_stream():
    one, other = Coins(3), Coins(3)
    drafted, judged = one.draft(6), one.judge(6)
    assert [*other.judge(4), *other.judge(2)] == judged
    assert [*other.draft(1), *other.draft(0), *other.draft(5)] == drafted


def test_drafter_and_judge_toss_independent_coins():
    for seed in range(5):
        coins = Coins(seed)
        draft, judge = np.array(coins.draft(20_000)), np.array(coins.judge(20_000))
        assert not set(draft) & set(judge)
        assert abs(np.corrcoef(draft, judge)[0, 1]) < 5 / math.sqrt(20_000)  # five standard errors


def test_streams_of_neighbouring_seeds_are_independent():
    rows = [stream for seed in range(8) for stream in (Coins(seed).draft(5_000), Coins(seed).judge(5_000))]
    correlation = np.corrcoef(rows) - np.eye(16)
    assert np.abs(correlation).max() < 5.5 / math.sqrt(5_000)


def test_every_coin_is_in_the_half_open_unit_interval():
    coins = np.array(Coins(0).draft(100_000))
    assert coins.min() >= 0 and coins.max() < 1
    assert abs(coins.mean() - 0.5) < 5 * math.sqrt(1 / 12 / 100_000)
