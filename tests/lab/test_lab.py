"""Experiments are made of real runs, and their figures follow from the runs' own counts and clocks."""

import gzip
import json
import random
import re
from dataclasses import replace
from itertools import pairwise
from statistics import median
from time import perf_counter

import pytest
from msgspec import structs

from specdec.catalog.pairs import TASKS
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.lab import bench as lab_bench
from specdec.lab import compare_rules, drafter_latency, prompts
from specdec.lab.bench import bench, fitting, loops, report
from specdec.lab.race import race
from specdec.settings import Settings
from specdec.trace import Footer, Header, gather
from specdec.views import tables

SHORT = Settings(max_new_tokens=12, draft_length=3)
PROMPTS = ["The old lamp", "A small grey cat"]


def split(lines):
    """A stream of runs → their traces."""
    runs = []
    for line in lines:
        if isinstance(line, Header):
            runs.append([])
        runs[-1].append(line)
    return [gather(run) for run in runs]


def test_a_race_is_the_plain_run_and_then_the_speculative_one(tiny_pair):
    plain, speculative = split(race(tiny_pair, PROMPTS[0], "model", SHORT))
    assert (plain.header.drafter.name, speculative.header.drafter.name) == ("none", "model")
    assert plain.text == speculative.text and plain.totals.drafted == 0 < speculative.totals.drafted
    assert plain.header.hardware == speculative.header.hardware and plain.header.target == speculative.header.target


def test_lanes_take_turns_and_each_writes_what_it_writes_alone(tiny_pair):
    for choices in ({}, {"temperature": 0.9, "seed": 5}):
        settings = Settings(max_new_tokens=40, draft_length=3, **choices)
        raced = split(race(tiny_pair, PROMPTS[0], "model", settings))
        for one, drafter in zip(raced, ("none", "model"), strict=True):
            alone = gather(loop.rounds(prepare(tiny_pair, Request(PROMPTS[0], drafter, settings))))
            assert one.ids == alone.ids
            assert [untimed(both) for both in one.rounds] == [untimed(both) for both in alone.rounds]


def untimed(one):
    return structs.replace(one, start=0.0, end=0.0, seconds=None)


def test_a_lane_stands_still_while_the_other_is_decoding(tiny_pair):
    """The plain run's last line comes after turns of the speculative run, which are not on its clock."""
    seen = [(line, perf_counter()) for line in race(tiny_pair, PROMPTS[0], "model", replace(SHORT, max_new_tokens=40))]
    plain, speculative = split(line for line, _ in seen)
    began, ended = seen[0][1], seen[-1][1]
    assert plain.totals.tokens == speculative.totals.tokens == 40
    assert plain.totals.seconds + speculative.totals.seconds < ended - began
    for lane in (plain, speculative):
        assert all(later.start == earlier.end for earlier, later in pairwise(lane.rounds))


def test_a_race_streams(tiny_pair):
    lines = race(tiny_pair, PROMPTS[0], "lookup", SHORT)
    assert isinstance(next(lines), Header) and not isinstance(next(lines), Footer)


def test_a_race_needs_somebody_to_race_against(tiny_pair):
    with pytest.raises(UserError, match="drafter"):
        next(race(tiny_pair, PROMPTS[0], "none", SHORT))


def test_a_race_says_what_cannot_be_run_before_the_first_line(tiny_pair):
    with pytest.raises(UserError, match="empty"):
        next(race(tiny_pair, " ", "model", SHORT))


@pytest.fixture(scope="module")
def measured(tiny_pair):
    return list(bench(tiny_pair, ["model", "lookup", "model", "none"], PROMPTS, SHORT, runs=2))


def test_lanes_alternate_and_the_first_place_changes_hands(measured):
    turns = [[one.drafter for one in measured[i : i + 3]] for i in range(0, len(measured), 3)]
    forth, back = ["none", "model", "lookup"], ["lookup", "model", "none"]
    assert turns == [forth, back, back, forth]


def test_a_report_follows_from_the_measurements(measured):
    result = report(measured)
    assert json.loads(json.dumps(result)) == result
    plain, model, lookup = result["rows"]
    assert [row["drafter"] for row in result["rows"]] == ["none", "model", "lookup"]
    assert plain["draft_length"] == 0 and plain["acceptance_rate"] is None and plain["speedup"] == 1.0
    lane = {(one.prompt, one.turn): one.seconds_per_token for one in measured if one.drafter == "model"}
    base = {(one.prompt, one.turn): one.seconds_per_token for one in measured if one.drafter == "none"}
    assert model["speedup"] == median(base[pair] / lane[pair] for pair in lane) and len(lane) == 4
    assert model["seconds_per_token"] == {
        "median": median(lane.values()),
        "min": min(lane.values()),
        "max": max(lane.values()),
    }
    for row in result["rows"]:
        assert row["accepted"] + row["rejected"] + row["discarded"] == row["drafted"]
        assert row["tokens"] == 12 * len(PROMPTS) and row["tokens_per_pass"] == row["tokens"] / row["passes"]
        assert row["same_text"] is True and row["rule"] == "greedy"
    assert model["acceptance_rate"] == model["accepted"] / (model["accepted"] + model["refusals"])
    assert lookup["draft_length"] == 3


def test_a_row_says_what_was_drafted_and_what_guessing_took(tiny_pair, measured):
    plain, model, _ = report(measured)["rows"]
    assert plain["draft_seconds"] is None and model["draft_seconds"] > 0 and model["branching"] is None
    tree = replace(SHORT, branching=(2, 1))
    plain, model = report(bench(tiny_pair, ["model"], PROMPTS[:1], tree, runs=1))["rows"]
    assert plain["branching"] is None and (model["branching"], model["draft_length"]) == ([2, 1], 2)
    assert model["same_text"] is True


@pytest.fixture(scope="module")
def compared(tiny_pair):
    settings = replace(SHORT, rule="rejection", temperature=1.0, seed=3)
    return list(compare_rules.compare(tiny_pair, "model", PROMPTS, settings, ("rejection", "block"), runs=2))


def test_rules_are_compared_on_the_same_prompts_and_seeds(compared):
    runs = [(run.rule, run.prompt, run.header.settings["seed"]) for run in compared]
    assert runs == [(rule, place, 3 + turn) for place in (0, 1) for turn in (0, 1) for rule in ("rejection", "block")]


def test_the_difference_of_two_rules_follows_from_their_runs(compared):
    result = compare_rules.report(compared)
    assert json.loads(json.dumps(result)) == result
    kept = {
        rule: [run.totals.accepted / run.totals.rounds for run in compared if run.rule == rule]
        for rule in ("rejection", "block")
    }
    each = [b - a for a, b in zip(kept["rejection"], kept["block"], strict=True)]
    by_prompt = [(each[0] + each[1]) / 2, (each[2] + each[3]) / 2]
    assert result["difference"]["by_prompt"] == pytest.approx(by_prompt)
    assert result["difference"]["mean"] == pytest.approx(sum(by_prompt) / 2)
    assert result["settings"]["rules"] == ["rejection", "block"] and result["settings"]["seed"] == 3
    assert (result["settings"]["prompts"], result["settings"]["runs"]) == (2, 2)


def test_a_comparison_says_which_rule_is_lossless(tiny_pair):
    settings = replace(SHORT, rule="rejection", temperature=1.0)
    runs = compare_rules.compare(tiny_pair, "model", PROMPTS[:1], settings, ("rejection", "typical"), runs=1)
    rows = compare_rules.report(runs)["rows"]
    assert [(row["rule"], row["lossless"]) for row in rows] == [("rejection", True), ("typical", False)]


@pytest.mark.parametrize(
    ("choice", "length", "branching", "said"),
    [
        ({"draft_length": 0}, 4, None, "K = 4"),
        ({"draft_length": "auto"}, 4, None, "K = 4"),
        ({"draft_length": 3}, 3, None, "K = 3"),
        ({"branching": (2, 1)}, 2, [2, 1], "tree 2,1"),
    ],
)
def test_the_cost_of_a_guess_is_told_with_the_shape_that_was_measured(
    tiny_pair, monkeypatch, choice, length, branching, said
):
    monkeypatch.setattr(drafter_latency, "ROUNDS", 10)
    result = drafter_latency.proposal_cost(tiny_pair, ["lookup"], 200, Settings(**choice))
    assert (result["settings"]["draft_length"], result["settings"]["branching"]) == (length, branching)
    assert f", {said} · " in tables.proposals(result)


def test_who_copies_is_not_measured_with_a_dynamic_tree(tiny_pair):
    with pytest.raises(UserError, match="cannot tell how sure"):
        drafter_latency.proposal_cost(tiny_pair, ["lookup"], 200, Settings(branching="dynamic"))


def test_a_rule_compared_with_itself_differs_by_nothing(tiny_pair, compared):
    alone = [run for run in compared if run.rule == "block"]
    result = compare_rules.report([*alone, *(replace(run, rule="rejection") for run in alone)])
    assert result["difference"]["low"] == result["difference"]["mean"] == result["difference"]["high"] == 0


def test_an_interval_covers_as_often_as_it_says():
    draws = random.Random(5)
    inside = 0
    for _ in range(40):
        low, high = compare_rules.interval([draws.gauss(1, 1) for _ in range(20)])
        inside += low < 1 < high
    assert 30 <= inside <= 40, "at 95 %, 20 values each: far fewer or none missed would be no interval of the mean"
    low, high = compare_rules.interval([0.1] * 10 + [0.3] * 10)
    assert low < 0.2 < high and low == pytest.approx(0.16, abs=0.03)


def test_sampled_texts_are_not_compared(tiny_pair):
    settings = Settings(max_new_tokens=4, temperature=1.0)
    rows = report(bench(tiny_pair, ["lookup"], PROMPTS[:1], settings, runs=1))["rows"]
    assert [row["same_text"] for row in rows] == [None, None]


LONG = "A cat " * 1000


def test_prompts_without_room_are_left_out_and_the_others_keep_their_places_and_categories(tiny_pair):
    measured = list(bench(tiny_pair, ["lookup"], [LONG, PROMPTS[0], LONG, PROMPTS[1]], SHORT, runs=1))
    assert [(one.prompt, one.drafter) for one in measured] == [
        *((1, "none"), (1, "lookup")),
        *((3, "lookup"), (3, "none")),
    ], "the first place changes hands also where prompts between were left out"
    result = report(measured, ["news", "old", "old", None])
    assert result["settings"]["prompts"] == 2 and list(result["categories"]) == ["old"]
    assert [row["prompts"] for row in result["categories"]["old"]] == [1, 1]


def test_a_comparison_of_rules_leaves_them_out_too(tiny_pair):
    settings = replace(SHORT, rule="rejection", temperature=1.0)
    found = compare_rules.compare(tiny_pair, "model", [LONG, *PROMPTS], settings, ("rejection", "block"), runs=1)
    result = compare_rules.report(found)
    assert result["settings"]["prompts"] == 2 == len(result["difference"]["by_prompt"])


def test_a_bench_in_which_no_prompt_has_room_is_refused_for_the_first(tiny_pair):
    with pytest.raises(UserError, match="^Prompt 1 of 2: The prompt is"):
        next(bench(tiny_pair, ["lookup"], [LONG, LONG], SHORT, runs=1))


def test_a_bench_refuses_an_empty_prompt_before_it_spends_time_on_the_others(tiny_pair, monkeypatch):
    monkeypatch.setattr(lab_bench, "warm_up", lambda *_: pytest.fail("time was spent"))
    with pytest.raises(UserError, match="^Prompt 3 of 3: The prompt is empty"):
        next(bench(tiny_pair, ["lookup"], ["A", LONG, ""], SHORT, runs=1))


def test_a_prompt_that_only_the_draft_model_cannot_hold_is_run_without_its_guesses(tiny_pair, noisy):
    draft = noisy(tiny_pair.target)
    draft.config.max_position_embeddings = 40
    pair, prompts = replace(tiny_pair, draft=draft), ["A", "A cat " * 20]
    assert fitting(pair, ["lookup", "model"], prompts, SHORT) == [0, 1]


def test_a_bench_refuses_a_drafter_that_cannot_be_had_before_it_spends_time_on_the_others(tiny_pair, monkeypatch):
    monkeypatch.setattr(lab_bench, "warm_up", lambda *_: pytest.fail("time was spent"))
    with pytest.raises(UserError, match="^The retrieval drafter needs a datastore"):
        next(bench(tiny_pair, ["retrieval"], PROMPTS, SHORT, runs=1))


def test_looping_prompts_are_counted_and_reported_apart(measured):
    marked = [replace(one, looping=one.prompt == 0) for one in measured]
    model = report(marked)["rows"][1]
    assert model["looping"] == 1
    looping, others = model["apart"]["looping"], model["apart"]["others"]
    assert (looping["prompts"], others["prompts"]) == (1, 1)
    assert looping["accepted"] + others["accepted"] == model["accepted"]
    ratios = {
        (one.prompt, one.turn): base.seconds_per_token / one.seconds_per_token
        for one in marked
        for base in marked
        if one.drafter == "model" and base.drafter == "none" and (one.prompt, one.turn) == (base.prompt, base.turn)
    }
    assert looping["speedup"] == median(ratio for (prompt, _), ratio in ratios.items() if prompt == 0)


@pytest.mark.parametrize(
    ("ids", "loop"),
    [([7] * 96, True), (list(range(96)), False), ([], False), ([1, 1, 1], False), ([1, 2, 3, 4] * 2 + [9], False)],
)
def test_a_text_loops_when_fewer_than_half_of_its_4_grams_are_distinct(ids, loop):
    assert loops(ids) is loop


def test_the_built_in_prompts_are_twenty_different_openings():
    found = prompts.read()
    assert len(found) == 20 == len(set(found)) == len({tuple(prompt.split()[:2]) for prompt in found})


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_twenty_different_prompts(task):
    found = prompts.read(prompts.of_task(task))
    assert len(found) == 20 == len(set(found))
    assert all(text == text.strip() for text in found)


def test_the_prompts_of_format_say_what_becomes_what():
    for text in prompts.read(prompts.of_task("format")):
        order = re.fullmatch(r"(Convert|Turn|Change) this (\w+) into (\w+):", text.split("\n")[0])
        assert order and {order[2], order[3]} <= {"CSV", "JSON", "YAML", "Markdown"} and order[2] != order[3]


def test_the_prompts_of_quote_ask_for_one_sentence_of_their_passage():
    for text in prompts.read(prompts.of_task("quote")):
        passage, question = text.split("\n")
        quoted = re.search(r'"(.+)"\?$', question)
        asked = quoted[1] if quoted else question.removeprefix("Who ").removesuffix("?")
        assert passage.count(asked) == 1, question


def test_prompts_come_from_text_and_from_json_lines(tmp_path):
    text, lines = tmp_path / "a.txt", tmp_path / "b.jsonl"
    text.write_bytes("One\r\n\n  Two “quoted”\n".encode())
    lines.write_text('{"prompt": "One\\ntwo"}\n\n{"turns": ["Three", "Four"], "id": 3}\n', encoding="utf-8")
    assert prompts.read(text) == ["One", "  Two “quoted”"]
    assert prompts.read(lines) == ["One\ntwo", "Three"]


def test_a_text_file_may_begin_with_a_brace(tmp_path):
    (tmp_path / "a.txt").write_text('{"prompt": "One"}\nTwo\n')
    assert prompts.read(tmp_path / "a.txt") == ['{"prompt": "One"}', "Two"]


def test_a_prompts_file_is_read_alike_whatever_its_marks_and_line_ends(tmp_path):
    for raw in ("One\nTwo\n", "\ufeffOne\r\nTwo\r\n", "One\rTwo", "\ufeffOne\r\nTwo\r"):
        (tmp_path / "a.txt").write_bytes(raw.encode())
        assert prompts.read(tmp_path / "a.txt") == ["One", "Two"]


def test_a_question_keeps_its_category(tmp_path):
    lines = tmp_path / "question.jsonl"
    lines.write_text('{"question_id": 81, "category": "writing", "turns": ["One", "Two"]}\n{"prompt": "Three"}\n')
    expected = [prompts.Prompt("One", "writing"), prompts.Prompt("Three", None)]
    assert prompts.read_with_categories(lines) == expected
    packed = tmp_path / "question.jsonl.gz"
    packed.write_bytes(gzip.compress(lines.read_bytes()))
    assert prompts.read_with_categories(packed) == expected
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(UserError, match=r"^[^\n]*question[^\n]*\.$"):
        prompts.read(packed)


def test_a_report_is_given_by_category_too(tiny_pair):
    measured = list(bench(tiny_pair, ["lookup"], [*PROMPTS, PROMPTS[0]], SHORT, runs=1))
    result = report(measured, ["old", None, "old"])
    assert list(result["categories"]) == ["old"] and [row["prompts"] for row in result["rows"]] == [3, 3]
    assert result["categories"]["old"] == report([one for one in measured if one.prompt != 1])["rows"]
    assert "old: 2 prompts" in tables.bench(result) and "categories" not in report(measured)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.txt", b"\n \n", "holds no prompt"),
        ("a.txt", b"\xff\xfe", "not UTF-8"),
        ("a.jsonl", b'{"prompt": "x"}\n{"prompt": 3}\n', "Line 2"),
        ("a.jsonl", b'{"prompt": "x"}\nno json\n', "Line 2"),
        ("a.jsonl", b'{"turns": []}\n', "Line 1"),
        ("a.jsonl", b'{"prompt": " "}\n', "Line 1"),
        ("a.jsonl", b'["x"]\n', "Line 1"),
        ("a", b'{"prompt": "x"}\nthen text\n', "Line 2"),
        ("a.jsonl", b"[" * 100_000, "Line 1"),
    ],
)
def test_a_broken_prompts_file_is_refused_in_a_sentence(tmp_path, name, content, complaint):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=complaint):
        prompts.read(tmp_path / name)


def test_a_prompts_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        prompts.read(tmp_path / "nowhere.txt")
