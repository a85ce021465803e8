"""Hardware cost is measured without weights; α is stated, never claimed as measured, and theory stands beside it."""

import json
from statistics import median

import pytest

from specdec import theory
from specdec.cli import main, unweighted
from specdec.lab import shapes
from specdec.lab.bandwidth import Memory, Reads
from specdec.models import scripted
from specdec.models.catalog import PAIRS
from specdec.planning import Calibration
from specdec.settings import Settings
from specdec.views import tables

SHORT = Settings(max_new_tokens=30)
COSTS = Calibration(0.1, (1.0, 1.1, 1.2, 1.3, 1.4), 0.05)
STATED, LENGTHS = (1.0, 0.0, 0.6), (2, 4)


@pytest.fixture(scope="module")
def pair(tiny_pair_folder):
    return scripted.load(str(tiny_pair_folder / "target"), str(tiny_pair_folder / "draft"), device="cpu")


@pytest.fixture(scope="module")
def measured(pair):
    return list(shapes.measure(pair, SHORT, STATED, LENGTHS, runs=2))


@pytest.fixture(scope="module")
def report(measured):
    return shapes.report(measured, COSTS, STATED)


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
    monkeypatch.setattr(scripted, "differ", lambda _, share, seed: asked.append((share, seed)))
    assert list(shapes.measure(pair, Settings(max_new_tokens=4, seed=7), (0.75,), (2,), runs=2))
    assert asked == [(0.25, 7), (0.25, 7), (0.25, 8), (0.25, 8)]


def test_speed_is_measured_and_stands_beside_what_theory_predicts(measured, report):
    assert json.loads(json.dumps(report)) == report and report["costs"] == COSTS.as_record()
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
    report = shapes.report(measured, COSTS, STATED, memory)
    plain = [one for one in measured if one.drafter == "none"]
    bound = [30 * (10_000 + (100 + 15) * 10) / 1e9 / one.seconds for one in plain]
    assert report["rows"][0]["memory_share"] == pytest.approx(median(bound))
    assert "of memory speed" in tables.shapes(report)


def test_costs_are_measured_with_the_draft(pair):
    costs = shapes.calibrate(pair, SHORT)
    assert costs.c > 0 and costs.v[0] == 1.0 and len(costs.v) == 13


def test_the_command_measures_the_embedded_shapes(capsys):
    short = ["--runs", "1", "--acceptance", "1,0.5", "--draft-length", "3", "--max-new-tokens", "8"]
    assert main(["bench", "--shapes", "stories", "--device", "cpu", "--json", *short]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(row["acceptance"], row["draft_length"]) for row in report["rows"]] == [(None, 0), (0.5, 3), (1.0, 3)]
    assert report["settings"]["target"] == "Llama-Stories-10M" and "task" not in report["settings"]


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
    assert unweighted._named(name) is PAIRS[found]


REFUSED = {
    "no such shapes": (["--shapes", "70b/7b"], "70b/7b"),
    "half a size": (["--shapes", "7b"], "7b"),
    "an encoder-decoder": (["--shapes", "flan-t5-xl"], "flan-t5-xl"),
    "no draft": (["--shapes", "layerskip-1b"], "layerskip-1b"),
    "shapes and a pair": (["--shapes", "stories", "--pair", "stories"], "--pair"),
    "shapes and a target": (["--shapes", "stories", "--target", "x"], "--target"),
    "shapes and drafters": (["--shapes", "stories", "--drafters", "model"], "--drafters"),
    "shapes and prompts": (["--shapes", "stories", "--prompts", "x"], "--prompts"),
    "shapes and proposals": (["--shapes", "stories", "--proposals"], "--proposals"),
    "shapes and hf": (["--shapes", "stories", "--against", "hf"], "--against"),
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
