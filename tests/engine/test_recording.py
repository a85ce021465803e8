"""What a record costs is measured on runs that differ in nothing else: they write the same text, round by round."""

import json
from dataclasses import replace
from statistics import median

import pytest
from msgspec import structs

from specdec.cli.main import main
from specdec.engine import loop
from specdec.engine.recorder import Recorder
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.lab import recording_overhead
from specdec.lab.bench import RunFailed
from specdec.settings import Settings
from specdec.trace import Header, Round, gather
from specdec.views import tables

PROMPTS = ["The old lamp", "the cat the cat the cat the"]
GREEDY = Settings(max_new_tokens=12, draft_length=3)
SAMPLED = replace(GREEDY, rule="rejection", temperature=1.0, seed=5)
LANES = ["none", "none-unrecorded", "model", "model-unrecorded"]


@pytest.fixture(scope="module")
def measured(tiny_pair):
    return list(recording_overhead.bench(tiny_pair, ["model"], PROMPTS, GREEDY, runs=2))


@pytest.fixture(scope="module")
def report(measured):
    return recording_overhead.report(measured, ["lamps", "cats"])


def lines(pair, settings, record, name="model"):
    return list(loop.rounds(prepare(pair, Request(PROMPTS[1], name, settings)), record=record, remember=False))


def test_every_lane_runs_with_and_without_a_record_in_turns(measured):
    turns = [[one.drafter for one in measured[i : i + 4]] for i in range(0, len(measured), 4)]
    assert turns == [LANES, LANES[::-1], LANES[::-1], LANES]


@pytest.mark.parametrize(
    "settings",
    [
        GREEDY,
        SAMPLED,
        replace(SAMPLED, rule="block"),
        replace(SAMPLED, branching=(2, 1)),
        replace(GREEDY, branching=(3, 2)),
        replace(GREEDY, stop=("e",)),
        replace(SAMPLED, rule="match"),
    ],
)
def test_a_run_that_is_not_recorded_goes_the_same_way_round_by_round(tiny_pair, settings):
    ways = []
    for record in (True, False):
        trace = gather(lines(tiny_pair, settings, record))
        kept = [[(token.id, token.text) for token in one.committed] for one in trace.rounds]
        judged = [[(token.id, token.verdict, token.parent) for token in one.draft] for one in trace.rounds]
        counts = structs.replace(trace.totals, seconds=0.0, peak_memory_bytes=None)
        ways.append((kept, judged, [one.refused for one in trace.rounds], trace.footer.reason, counts))
    assert ways[0] == ways[1] and len(ways[0][0]) > 1


def test_a_run_that_is_not_recorded_keeps_no_probability(tiny_pair):
    header, *rounds, _ = lines(tiny_pair, SAMPLED, record=False)
    assert isinstance(header, Header) and all(isinstance(one, Round) for one in rounds)
    tokens = [token for one in rounds for token in (*one.draft, one.final) if token]
    assert tokens and not any(hasattr(token, name) for token in tokens for name in ("top", "target_prob", "tail"))


def test_the_share_is_that_of_pairs_of_one_prompt_in_one_turn(measured, report):
    plain, model = report["rows"]
    assert [plain["drafter"], model["drafter"]] == ["none", "model"]
    seconds = {(one.drafter, one.prompt, one.turn): one.seconds_per_token for one in measured}
    pairs = [(seconds["model", p, t], seconds["model-unrecorded", p, t]) for p in (0, 1) for t in (0, 1)]
    assert model["recording"] == median(1 - silent / ever for ever, silent in pairs)
    assert model["unrecorded"]["seconds_per_token"] == median(silent for _, silent in pairs)
    assert plain["unrecorded"]["same_text"] and model["unrecorded"]["same_text"]


def test_categories_compare_runs_of_their_own_prompts(measured, report):
    (_, cats) = report["categories"]["cats"]
    pairs = [one.seconds_per_token for one in measured if one.drafter == "model-unrecorded" and one.prompt == 1]
    assert cats["unrecorded"]["seconds_per_token"] == median(pairs)


def test_the_table_shows_what_a_record_costs(report):
    assert json.loads(json.dumps(report)) == report
    shown = []
    tables.recording(report, lambda rows: shown.append(rows) or "")
    head, plain, model = shown[0]
    assert head[3:] == ["without", "record", "host ms", "without", "same text"] and len(shown) == 3
    for cells, row in ((plain, report["rows"][0]), (model, report["rows"][1])):
        assert cells[3] == tables.milliseconds(row["unrecorded"]["seconds_per_token"])
        assert cells[4] == tables.share(row["recording"]) and cells[7] == "yes"


def test_drafts_that_are_planned_anew_for_every_run_cannot_be_compared(tiny_pair):
    with pytest.raises(UserError, match="auto"):
        list(recording_overhead.bench(tiny_pair, ["model"], PROMPTS, replace(GREEDY, draft_length="auto"), runs=1))


def test_the_command_measures_it(capsys, tiny_pair_folder):
    pair = ["--target", str(tiny_pair_folder / "target"), "--draft", str(tiny_pair_folder / "draft")]
    short = ["--drafters", "lookup", "--max-new-tokens", "6", "--runs", "1", "--compile", "off", "--json"]
    assert main(["bench", "--against", "unrecorded", *pair, *short]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["drafter"] for row in rows] == ["none", "lookup"] and all(row["unrecorded"] for row in rows)


def test_a_run_that_fails_ends_the_measurement(tiny_pair, monkeypatch):
    monkeypatch.setattr(Recorder, "final_token", lambda *_: 1 / 0)
    with pytest.raises(RunFailed, match="ZeroDivisionError"):
        list(recording_overhead.bench(tiny_pair, ["model"], PROMPTS[:1], GREEDY, runs=1))
