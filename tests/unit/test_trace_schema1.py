"""Traces of schema 1, as they were written until 2026, read as ones of schema 2."""

import json
from pathlib import Path

import pytest

from specdec import trace
from specdec.paths import ASSETS
from specdec.trace import DraftToken, FinalToken, Plan, TraceError

OLD = (Path(__file__).resolve().parents[1] / "fixtures" / "schema1.ndjson").read_text(encoding="utf-8")


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def test_every_number_and_text_of_schema_1_is_still_there():
    one = trace.loads(OLD)
    for old, new in zip(records(OLD), records(one.dumps()), strict=True):
        if old["kind"] == "round":
            old["plan"] = {name: value for name, value in old["plan"].items() if name != "reason"}
            new["plan"] = {name: value for name, value in new["plan"].items() if name in old["plan"]}
            for token in (*new["draft"], *filter(None, [new["final"]])):
                assert token.pop("kind") == "judged"
        if old["kind"] == "header":
            assert (old.pop("schema"), new.pop("schema")) == (1, 2)
            assert (new.pop("engine"), new.pop("pair"), new.pop("parent")) == ("specdec", None, None)
            assert new["hardware"].pop("mode_reason") is None
        assert old == new
    assert trace.loads(one.dumps()) == one


def test_the_sentence_of_an_old_plan_is_read_as_the_numbers_it_told():
    first, _, last = (one.plan for one in trace.loads(OLD).rounds)
    assert first == Plan(draft_length=5, acceptance=2 / 3, gain=2.09, kind="best", most=None)
    assert (last.draft_length, last.kind, last.gain) == (1, "cut", None)


def test_a_sentence_that_no_plan_was_written_in_tells_nothing():
    lines = records(OLD)
    lines[1]["plan"]["reason"] = "Because."
    assert trace.loads("".join(json.dumps(line) + "\n" for line in lines)).rounds[0].plan is None


@pytest.mark.parametrize("change", [{"draft": 5}, {"draft": [5]}, {"final": []}, {"plan": {"reason": "x", "y": 1}}])
def test_what_is_broken_in_schema_1_stays_refused(change):
    lines = records(OLD)
    lines[1] |= change
    text = "".join(json.dumps(line) + "\n" for line in lines)
    if "plan" in change:
        assert trace.loads(text).rounds[0].plan is None
        return
    with pytest.raises(TraceError, match=r"^Line 2: "):
        trace.loads(text)


@pytest.mark.parametrize("path", sorted((ASSETS / "traces").glob("*.ndjson")), ids=lambda path: path.stem)
def test_recorded_traces_are_read_whichever_schema_they_were_written_in(path):
    runs = path.read_text(encoding="utf-8").split('{"kind":"header"')[1:]
    for run in runs:
        one = trace.loads('{"kind":"header"' + run)
        assert one.footer and all(isinstance(token, DraftToken) for r in one.rounds for token in r.draft)
        assert all(isinstance(r.final, FinalToken) for r in one.rounds if r.final)
        assert trace.loads(one.dumps()) == one
