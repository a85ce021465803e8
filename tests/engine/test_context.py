"""What a long context costs: real runs behind real lengths, beside attention and nothing else."""

import json

import pytest
import torch

from specdec.cli.main import main
from specdec.engine.run import Run
from specdec.lab import long_context
from specdec.lab.bench import RunFailed
from specdec.lab.long_context import Sample
from specdec.models import synthetic
from specdec.settings import Settings
from specdec.views import tables

SHORT = Settings(max_new_tokens=10, draft_length=3)
LENGTHS = (30, 300)


@pytest.fixture(scope="module")
def pair(tiny_pair_folder):
    return synthetic.load(str(tiny_pair_folder / "target"), str(tiny_pair_folder / "draft"), device="cpu")


@pytest.fixture(scope="module")
def samples(pair):
    return list(long_context.measure(pair, ["none", "model"], LENGTHS, SHORT, runs=2))


def test_lengths_and_lanes_take_turns_and_the_order_is_reversed(samples):
    forth = [(30, "none"), (30, "model"), (300, "none"), (300, "model")]
    assert [(one.context, one.drafter) for one in samples] == [*forth, *reversed(forth)]
    assert [one.turn for one in samples] == [0] * 4 + [1] * 4


def test_the_draft_is_right_as_often_at_every_length(samples):
    for name in ("none", "model"):
        assert len({one.tokens_per_pass for one in samples if one.drafter == name}) == 1
    assert samples[0].tokens_per_pass == 1 < samples[1].tokens_per_pass
    assert all(one.seconds > 0 and one.attention > 0 for one in samples)


def test_attention_is_that_of_all_layers_over_just_the_slots_that_were_asked_for(pair, monkeypatch):
    seen = []
    attend = torch.nn.functional.scaled_dot_product_attention

    def watched(queries, keys, values):
        seen.append((queries.shape, keys.shape, values.shape))
        return attend(queries, keys, values)

    monkeypatch.setattr(long_context, "scaled_dot_product_attention", watched)
    assert long_context.attention_seconds(pair.target, rows=5, slots=300) > 0
    config = pair.target.config
    heads, shared, size = config.num_attention_heads, config.num_key_value_heads, config.head_dim
    assert heads > shared
    assert set(seen) == {((1, shared, 5 * heads // shared, size), (1, shared, 300, size), (1, shared, 300, size))}
    assert len(seen) == (1 + long_context.PASSES) * config.num_hidden_layers


def test_stacked_queries_attend_as_those_of_a_model_do():
    queries, keys, values = (torch.randn(1, heads, length, 8) for heads, length in ((4, 3), (2, 9), (2, 9)))
    attend = torch.nn.functional.scaled_dot_product_attention
    expected = attend(queries, keys, values, enable_gqa=True)
    assert torch.allclose(attend(queries.reshape(1, 2, 6, 8), keys, values).reshape(1, 4, 3, 8), expected, atol=1e-6)


def test_a_pass_with_guesses_has_the_attention_of_all_its_tokens_and_of_the_drafts_passes(pair, monkeypatch):
    asked = []
    monkeypatch.setattr(long_context, "attention_seconds", lambda *which: asked.append(which) or 6.0)
    (one,) = long_context.measure(pair, ["model"], (300,), SHORT, runs=1)
    assert asked == [(pair.target, 4, 300), (pair.draft, 1, 300)]
    assert one.attention == pytest.approx((6.0 + 3 * 6.0) / one.tokens_per_pass)


def sample(drafter, length, turn, seconds, attention):
    return Sample(drafter, length, turn, seconds, attention, tokens_per_pass=1.0)


def test_a_report_is_medians_and_what_they_grew_by(pair):
    runs = [(0.010, 0.001), (0.012, 0.002), (0.050, 0.009)], [(0.020, 0.004), (0.018, 0.005), (0.017, 0.003)]
    some = [
        sample("none", length, turn, *one)
        for turn in range(3)
        for length, one in zip((3000, 200), (runs[1][turn], runs[0][turn]), strict=True)
    ]
    report = long_context.report(pair, some, SHORT)
    assert json.loads(json.dumps(report)) == report
    near, far = report["rows"]
    assert (near["context"], far["context"]) == (200, 3000)
    assert (near["seconds_per_token"], near["attention"]) == (0.012, 0.002)
    assert near["longer"] == {"seconds_per_token": 0, "attention": 0}
    assert far["longer"] == {"seconds_per_token": pytest.approx(0.006), "attention": pytest.approx(0.002)}
    assert report["settings"]["runs"] == 3 and report["settings"]["acceptance"] is None
    shown = tables.context(report)
    assert "none: from 200 to 3,000 tokens of context a token takes 6.00 ms longer, attention alone 2.00 ms." in shown
    assert "random weights" in shown and "guess right" not in shown


def test_a_share_of_right_guesses_is_told_where_a_draft_ran(pair, samples):
    report = long_context.report(pair, samples, SHORT)
    assert report["settings"]["acceptance"] == long_context.ACCEPTANCE
    assert "made to guess right behind 80%" in tables.context(report, tables.markdown)


def test_where_there_is_no_draft_lookup_guesses(pair, tiny_pair_folder):
    alone = synthetic.load(str(tiny_pair_folder / "target"), device="cpu")
    assert long_context.lanes(alone) == ["none", "lookup"] and long_context.lanes(pair) == ["none", "model"]
    *_, one = long_context.measure(alone, ["lookup"], (150,), SHORT, runs=1)
    assert one.tokens_per_pass > 2


def test_a_run_that_fails_ends_the_measurement(pair, monkeypatch):
    runs = long_context.measure(pair, ["none"], (30,), SHORT, runs=1)
    monkeypatch.setattr(long_context, "warm_up", lambda *_: None)
    monkeypatch.setattr(Run, "round", lambda self: 1 / 0)
    with pytest.raises(RunFailed, match="ZeroDivisionError"):
        next(runs)


def test_the_command_measures_a_pair_by_its_configuration(capsys, tiny_pair_folder, monkeypatch):
    monkeypatch.setattr(long_context, "CONTEXTS", LENGTHS)
    models = ["--target", str(tiny_pair_folder / "target"), "--device", "cpu"]
    assert main(["bench", "--context", *models, "--runs", "1", "--max-new-tokens", "8", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    rows = [(row["drafter"], row["context"]) for row in report["rows"]]
    assert rows == [("none", 30), ("none", 300), ("lookup", 30), ("lookup", 300)]
    assert report["settings"]["target"] == "target" and report["settings"]["draft"] is None
