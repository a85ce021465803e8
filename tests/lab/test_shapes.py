"""Hardware cost is measured without weights; α is stated, never claimed as measured, and theory stands beside it, or
transformers."""

import json
from statistics import median

import pytest

from specdec import theory
from specdec.catalog.pairs import PAIRS
from specdec.cli import bench_synthetic
from specdec.cli.main import main
from specdec.lab import synthetic_bench, transformers_lane
from specdec.lab.bandwidth import Memory, Reads
from specdec.lab.bench import by_lane
from specdec.models import synthetic
from specdec.settings import Settings
from specdec.trace import Calibration
from specdec.views import tables

SHORT = Settings(max_new_tokens=30)
COSTS = Calibration(0.1, (1.0, 1.1, 1.2, 1.3, 1.4), 0.05)
STATED, LENGTHS = (1.0, 0.0, 0.6), (2, 4)
LANES = ["none", "hf-plain", "model", "hf-assisted", "hf-assisted-defaults"]
BESIDE, RUNS = (1.0, 0.6), 2  # stated where transformers runs too


@pytest.fixture(scope="module")
def pair(tiny_pair_folder):
    return synthetic.load(str(tiny_pair_folder / "target"), str(tiny_pair_folder / "draft"), device="cpu")


@pytest.fixture(scope="module")
def measured(pair):
    return list(synthetic_bench.measure(pair, SHORT, STATED, LENGTHS, runs=2))


@pytest.fixture(scope="module")
def report(measured):
    return synthetic_bench.report(measured, COSTS, STATED)


def test_every_stated_share_is_run_beside_plain_decoding_in_turns(measured):
    first = [(one.prompt, one.turn, one.header.settings["draft_length"]) for one in measured[:6]]
    assert first == [(0, 0, 0), (0, 0, 2), (0, 0, 4), (0, 1, 4), (0, 1, 2), (0, 1, 0)]
    assert len(measured) == len(STATED) * (1 + len(LENGTHS)) * 2
    assert {one.ids for one in measured} == {tuple(range(30))}


def test_what_is_stated_is_what_is_run(report):
    rows = {(row["acceptance"], row["draft_length"]): row for row in report["rows"]}
    assert list(rows) == [(None, 0), (0.0, 2), (0.0, 4), (0.6, 2), (0.6, 4), (1.0, 2), (1.0, 4)]
    assert rows[None, 0]["tokens_per_pass"] == rows[0.0, 2]["tokens_per_pass"] == rows[0.0, 4]["tokens_per_pass"] == 1
    assert rows[1.0, 2]["tokens_per_pass"] == 3 and rows[1.0, 4]["tokens_per_pass"] == 5
    assert 1 < rows[0.6, 4]["tokens_per_pass"] < 4


def test_each_turn_misses_at_other_places(pair, monkeypatch):
    asked = []
    monkeypatch.setattr(synthetic, "differ", lambda _, share, seed: asked.append((share, seed)))
    assert list(synthetic_bench.measure(pair, Settings(max_new_tokens=4, seed=7), (0.75,), (2,), runs=2))
    assert asked == [(0.25, 7), (0.25, 7), (0.25, 8), (0.25, 8)]


def test_speed_is_measured_and_stands_beside_what_theory_predicts(measured, report):
    assert json.loads(json.dumps(report)) == report
    assert report["costs"] == {"c": 0.1, "v": [1.0, 1.1, 1.2, 1.3, 1.4], "o": 0.05}
    plain, *_, last = report["rows"]
    assert plain["predicted"] is None and plain["speedup"] == 1.0
    assert last["predicted"] == theory.speedup(1.0, 4, COSTS.c, COSTS.v, COSTS.o)
    lanes = [
        {
            one.turn: one.seconds_per_token
            for one in measured
            if one.prompt == 0 and one.header.settings["draft_length"] == k
        }
        for k in (0, 4)
    ]
    assert last["speedup"] == median(lanes[0][turn] / lanes[1][turn] for turn in (0, 1))
    assert last["seconds_per_token"] == median(lanes[1].values()) == pytest.approx(1 / last["tokens_per_second"])


def test_an_acceptance_is_called_stated_and_nowhere_measured(report):
    names = {name for row in report["rows"] for name in row}
    assert "acceptance_rate" not in names and not {"accepted", "refusals"} & names
    for layout in (tables.table, tables.markdown):
        shown = tables.shapes(report, layout)
        assert "α (stated)" in shown and "not measured" in shown and "random weights" in shown
        assert "c = 0.10" in shown and "over 3, 5 tokens costs v = 1.20, 1.40" in shown and "o = 0.05" in shown
        assert "of memory speed" not in shown


def test_the_share_of_the_memorys_speed_is_told_where_it_is_known(measured):
    memory = Memory(1e9, Reads(10_000, 10), Reads(1000, 1))
    report = synthetic_bench.report(measured, COSTS, STATED, memory)
    plain = [one for one in measured if one.drafter == "none"]
    bound = [30 * (10_000 + (100 + 15) * 10) / 1e9 / one.seconds for one in plain]
    assert report["rows"][0]["memory_share"] == pytest.approx(median(bound))
    assert "of memory speed" in tables.shapes(report)


def test_costs_are_measured_with_the_draft(pair):
    costs = synthetic_bench.calibrate(pair, SHORT)
    assert costs.c > 0 and costs.v[0] == 1.0 and len(costs.v) == 13


def test_the_command_measures_the_embedded_shapes(capsys):
    short = ["--runs", "1", "--acceptance", "1,0.5", "--draft-length", "3", "--max-new-tokens", "8"]
    assert main(["bench", "--shapes", "stories", "--device", "cpu", "--json", *short]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(row["acceptance"], row["draft_length"]) for row in report["rows"]] == [(None, 0), (0.5, 3), (1.0, 3)]
    assert report["settings"]["target"] == "Llama-Stories-10M" and "task" not in report["settings"]


# ------------------------------------------------------------------------------------------------ beside transformers


@pytest.fixture(scope="module")
def raced(pair):
    return list(synthetic_bench.measure_against(pair, SHORT, BESIDE, RUNS))


@pytest.fixture(scope="module")
def beside(raced):
    return synthetic_bench.report_against(raced, BESIDE, RUNS)


def test_both_engines_take_turns_on_the_same_text(raced):
    turns = [[one.drafter for one in raced[i : i + 5]] for i in range(0, len(raced), 5)]
    assert list(synthetic_bench.LANES) == LANES and turns == [LANES, LANES[::-1]] * len(BESIDE)
    assert {one.ids for one in raced} == {tuple(range(30))}


def passes(measured, lane):
    return [one.totals.rounds for one in by_lane(measured)[lane]]


def test_transformers_too_keeps_the_share_that_is_stated(raced):
    ours, theirs = passes(raced, "model"), passes(raced, "hf-assisted")
    assert ours == theirs and ours[:RUNS] == [6, 6] and min(ours[RUNS:]) > 6
    assert set(passes(raced, "none") + passes(raced, "hf-plain")) == {30}
    assert passes(raced, "hf-assisted-defaults")[:RUNS] == [2, 2]  # it drafts 20


@pytest.mark.parametrize("sizes", [(320, 304), (304, 320)])
def test_models_with_padding_of_their_own_keep_it_too(shape_of, sizes):
    target, draft = (shape_of(layers=layers, vocab_size=size) for layers, size in zip((3, 1), sizes, strict=True))
    padded = synthetic.load(target, draft, device="cpu")
    found = list(synthetic_bench.measure_against(padded, SHORT, (0.6,), 1))
    assert [one.drafter for one in found] == LANES and {one.ids for one in found} == {tuple(range(30))}
    assert passes(found, "model") == passes(found, "hf-assisted") and 6 < passes(found, "model")[0] < 30


def test_each_run_beside_transformers_misses_where_its_turn_says(pair, monkeypatch):
    asked = []
    monkeypatch.setattr(synthetic, "differ", lambda _, share, seed=None: asked.append((share, seed)))
    assert list(synthetic_bench.measure_against(pair, Settings(max_new_tokens=4, seed=7), (0.75, 0.5), runs=2))
    assert asked[0] == (0, None)
    assert asked[1:] == [(share, seed) for share in (0.25, 0.5) for seed in (7, 8) for _ in LANES]


def test_plain_decoding_stands_once_and_both_drafts_at_every_stated_share(beside):
    rows = [(row["drafter"], row["acceptance"], row["draft_length"]) for row in beside["rows"]]
    drafted = [("model", 4), ("hf-assisted", 4), ("hf-assisted-defaults", None)]
    expected = [(name, share, length) for share in sorted(BESIDE) for name, length in drafted]
    assert rows == [("none", None, 0), ("hf-plain", None, 0), *expected]
    settings = beside["settings"]
    assert (settings["draft_length"], settings["context"], settings["runs"]) == (4, 100, RUNS)
    assert json.loads(json.dumps(beside)) == beside and {row["same_text"] for row in beside["rows"]} == {True}


def test_each_row_is_made_of_the_runs_at_its_share_alone(raced, beside):
    lanes = by_lane(raced)
    for row in beside["rows"]:
        at = (
            range(2 * RUNS)
            if row["acceptance"] is None
            else [range(RUNS), range(RUNS, 2 * RUNS)][row["acceptance"] < 1]
        )
        own, plain, theirs = (
            [one for one in lanes[name] if one.prompt in at] for name in (row["drafter"], "none", "hf-assisted")
        )
        assert row["seconds_per_token"]["median"] == median(one.seconds_per_token for one in own)
        pairs = zip(sorted(plain, key=by_prompt), sorted(own, key=by_prompt), strict=True)
        assert row["speedup"] == median(base.seconds_per_token / one.seconds_per_token for base, one in pairs)
        assert row["tokens_per_pass"] == sum(len(one.ids) for one in own) / sum(one.totals.rounds for one in own)
        if row["drafter"] == "model":
            pairs = zip(sorted(theirs, key=by_prompt), sorted(own, key=by_prompt), strict=True)
            assert row["against"] == median(one.seconds_per_token / ours.seconds_per_token for one, ours in pairs)


def by_prompt(one):
    return one.prompt


def test_beside_transformers_too_no_acceptance_is_called_measured(beside):
    names = {name for row in beside["rows"] for name in row}
    assert "acceptance_rate" not in names and not {"accepted", "rejected", "refusals", "drafted", "apart"} & names
    for layout in (tables.table, tables.markdown):
        shown = tables.shapes_against(beside, layout)
        for told in (
            "α (stated)",
            "60%",
            "its own K",
            "not measured",
            "random weights",
            "transformers: eager",
            "× hf",
        ):
            assert told in shown
        assert "α is the accepted" not in shown and "of memory speed" not in shown


def test_beside_transformers_too_the_share_of_the_memorys_speed_is_told(raced):
    result = synthetic_bench.report_against(raced, BESIDE, RUNS, Memory(1e9, Reads(10_000, 10), Reads(1000, 1)))
    plain = [30 * (10_000 + (100 + 15) * 10) / 1e9 / one.seconds for one in by_lane(raced)["none"]]
    assert result["rows"][0]["memory_share"] == pytest.approx(median(plain))
    assert "of memory speed" in tables.shapes_against(result) and "copying 1 GB/s" in tables.shapes_against(result)


def test_a_lane_that_transformers_cannot_run_is_missing_at_every_share(pair, monkeypatch):
    whole = transformers_lane.generate

    def fails(pair, lane, prompt, settings):
        return 1 / 0 if lane == transformers_lane.ASSISTED else whole(pair, lane, prompt, settings)

    monkeypatch.setattr(transformers_lane, "generate", fails)
    short = Settings(max_new_tokens=4)
    result = synthetic_bench.report_against(synthetic_bench.measure_against(pair, short, BESIDE, 1), BESIDE, 1)
    gone = [row for row in result["rows"] if row["why"]]
    assert [(row["drafter"], row["acceptance"]) for row in gone] == [("hf-assisted", 0.6), ("hf-assisted", 1.0)]
    shown = tables.shapes_against(result)
    assert shown.count("hf-assisted could not be run. transformers failed: division by zero.") == 1
    assert [line.split()[1:3] for line in shown.splitlines() if line.startswith("hf-assisted ")][:2] == [
        ["60%", "–"],
        ["100%", "–"],
    ]


def test_the_command_runs_transformers_beside_the_embedded_shapes(capsys):
    short = ["--runs", "1", "--acceptance", "0.5", "--draft-length", "3", "--max-new-tokens", "8", "--compile", "off"]
    asked = ["bench", "--shapes", "stories", "--against", "hf", "--device", "cpu", *short]
    assert main([*asked, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(row["drafter"], row["acceptance"]) for row in report["rows"]] == list(
        zip(LANES, (None, None, 0.5, 0.5, 0.5), strict=True)
    )
    assert report["settings"]["draft_length"] == 3 and "task" not in report["settings"]
    assert main([*asked, "--markdown"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [line.split("|")[1].strip() for line in lines] == ["drafter", "---", *LANES]


# -------------------------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("stories", "stories"),
        ("qwen2.5-7b", "qwen2.5-7b"),
        ("7b/0.5b", "qwen2.5-7b"),
        ("8B/0.6B", "qwen3-8b"),
        ("8b/1b", "llama3.1-8b"),
        ("1.7b/135m", "smollm2-1.7b"),
        ("6.7b/125m", "opt-6.7b"),
    ],
)
def test_a_pair_is_named_or_called_by_its_sizes(name, found):
    assert bench_synthetic.hub_pair(name) is PAIRS[found]


REFUSED = {
    "no such shapes": (["--shapes", "70b/7b"], "70b/7b"),
    "half a size": (["--shapes", "7b"], "7b"),
    "an encoder-decoder": (["--shapes", "flan-t5-xl"], "flan-t5-xl"),
    "no draft": (["--shapes", "layerskip-1b"], "layerskip-1b"),
    "shapes and a pair": (["--shapes", "stories", "--pair", "stories"], "--pair"),
    "shapes and a target": (["--shapes", "stories", "--target", "x"], "--target"),
    "shapes and drafters": (["--shapes", "stories", "--drafters", "model"], "--drafters"),
    "shapes and prompts": (["--shapes", "stories", "--prompts", "x"], "--prompts"),
    "shapes unrecorded": (["--shapes", "stories", "--against", "unrecorded"], "--against unrecorded"),
    "shapes and proposals": (["--shapes", "stories", "--proposals"], "--proposals"),
    "shapes, hf and rules": (["--shapes", "stories", "--against", "hf", "--rules", "block,rejection"], "--rules"),
    "shapes, hf and drafters": (["--shapes", "stories", "--against", "hf", "--drafters", "lookup"], "--drafters"),
    "context and hf": (["--context", "--against", "hf"], "--against"),
    "shapes, sampled": (["--shapes", "stories", "--temperature", "1"], "--temperature"),
    "shapes, a tree": (["--shapes", "stories", "--branching", "2,1"], "--branching"),
    "shapes, K = auto": (["--shapes", "stories", "--draft-length", "auto"], "auto"),
    "shapes, K = 0": (["--shapes", "stories", "--draft-length", "0"], "not 0"),
    "shapes and chat": (["--shapes", "stories", "--chat", "on"], "--chat"),
    "shapes and context": (["--shapes", "stories", "--context"], "--shapes"),
    "acceptance alone": (["--acceptance", "0.8"], "--acceptance"),
    "context and acceptance": (["--context", "--acceptance", "0.8"], "--acceptance"),
    "context and a task": (["--context", "--task", "story"], "--task"),
    "context and rules": (["--context", "--rules", "block,rejection"], "--rules"),
    "context, another rule": (["--context", "--rule", "typical"], "--rule"),
    "context, stop": (["--context", "--stop", "."], "--stop"),
    "context, another drafter": (["--context", "--drafters", "suffix"], "suffix"),
    "context of no pair": (["--context", "--pair", "nobody"], "nobody"),
    "share of nothing": (["--shapes", "stories", "--acceptance", "0.8,"], "acceptance"),
    "share too large": (["--shapes", "stories", "--acceptance", "1.2"], "1.2"),
    "share too fine": (["--shapes", "stories", "--acceptance", "0.855"], "0.855"),
}


@pytest.mark.parametrize(("arguments", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_together_is_refused_in_one_sentence(capsys, arguments, named):
    assert main(["bench", *arguments]) == 2
    out, told = capsys.readouterr()
    assert not out and told.count("\n") == 1 and named in told
