"""Traces of other engines: tokens without probabilities, rounds without a clock, and what views make of them."""

import json
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from specdec import trace
from specdec.lab.diagnosis import diagnose
from specdec.messages import Message, render, say
from specdec.trace import (
    DrafterInfo,
    Footer,
    Hardware,
    Header,
    MessageRecord,
    OpaqueDraftToken,
    OpaqueFinalToken,
    Parent,
    Prompt,
    Round,
    TargetInfo,
    Token,
    Trace,
    TraceError,
    count,
)
from specdec.views import diagnosis, figures, page, terminal

SCHEMA1 = Path(__file__).resolve().parents[1] / "fixtures" / "schema1.ndjson"


def opaque(verdict, parent=-1, **said):
    return OpaqueDraftToken(7, "lamp", " lamp", parent, verdict, said)


def target_wrote(text, verdict, **said):
    return OpaqueFinalToken(1, text, text, verdict, said)


def untold_round(index, draft, final):
    return Round(index, index * 0.5, index * 0.5 + 0.5, None, None, None, tuple(draft), final)


@pytest.fixture
def foreign():
    """A run of an engine that counts and tells no probability."""
    header = Header(
        created="2026-12-01T00:00:00+00:00",
        source="recorded",
        engine="another",
        software={"another": "1.2"},
        hardware=Hardware("cuda", "a card", "bfloat16", None, "piecewise"),
        target=TargetInfo("large", None, False),
        drafter=DrafterInfo("ngram", None, None),
        settings={"rule": "rejection", "draft_length": 3, "method": {"n": [2, 4]}},
        calibration=None,
        prompt=Prompt("Once", (Token(3, "Once", "Once"),)),
        prefill_seconds=None,
    )
    rounds = (
        untold_round(
            0, [opaque("accepted", logprob=-0.5), opaque("rejected", 0)], OpaqueFinalToken(1, "a", "a", "bonus")
        ),
        untold_round(1, [], target_wrote("b", "plain", logprob=-0.25)),
    )
    return Trace(header, rounds, Footer("stop", None, count(rounds)))


def seen(one):
    """Everything that Python shows of a trace."""
    totals = one.footer or Footer("cancelled", None, count(one.rounds))
    yield "".join(terminal.show(line, colour=True) for line in one.lines())
    yield terminal.summary(one.header, one.rounds, totals, colour=True)
    yield diagnosis.sentence(one)
    yield page.page(one).encode()
    for figure in (figures.position_acceptance, figures.accepted_lengths, figures.time_split):
        yield figure(one)


def test_opaque_tokens_survive_the_way_to_text_and_back(foreign):
    text = foreign.dumps()
    assert trace.loads(text) == foreign and trace.loads(text).dumps() == text
    assert foreign.text == " lampab" and foreign.totals.acceptance_rate == 0.5


def test_a_view_shows_what_another_engine_told_and_leaves_out_the_rest(foreign):
    summary = terminal.summary(foreign.header, foreign.rounds, foreign.footer)
    assert "1.00 s" in summary and "piecewise" in summary and "drafting" not in summary
    assert diagnose(foreign) is None and diagnosis.sentence(foreign) == ""
    assert say("figures.no_times") in figures.time_split(foreign).to_json()
    assert len(list(seen(foreign))) == 7


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("hardware", "threads"), None),
        (("hardware", "mode"), "piecewise"),
        (("target", "parameters"), None),
        (("prefill_seconds",), None),
    ],
)
def test_this_engine_tells_what_others_may_leave_out(foreign, place, value):
    header = json.loads(foreign.dumps().partition("\n")[0])
    header |= {"engine": "specdec", "prefill_seconds": 0.5}
    header["hardware"] |= {"threads": 2, "mode": "eager"}
    header["target"] |= {"parameters": 9}
    assert trace.loads(json.dumps(header))
    at = header
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    with pytest.raises(TraceError, match=rf"^Line 1: header\.{'.'.join(place)} [^\n]*\.$"):
        trace.loads(json.dumps(header))


def test_a_round_of_this_engine_has_judged_tokens_and_times(foreign):
    header = replace(
        foreign.header,
        engine="specdec",
        hardware=Hardware("cpu", "a chip", "float32", 2, "eager"),
        target=TargetInfo("target", 1, False),
        prefill_seconds=0.1,
    )
    with pytest.raises(TraceError, match=r"^Line 2: seconds is missing"):
        trace.loads(replace(foreign, header=header).dumps())


def test_a_token_is_judged_or_opaque_and_nothing_between(foreign):
    lines = foreign.dumps().splitlines()
    for change in ({"kind": "judged"}, {"target_prob": 0.5}, {"kind": "guessed"}):
        record = json.loads(lines[1])
        record["draft"][0] |= change
        with pytest.raises(TraceError, match=r"^Line 2: draft\[0\]"):
            trace.loads("\n".join([lines[0], json.dumps(record), *lines[2:]]))


def test_a_branch_names_the_token_where_it_left_another_run(foreign):
    parent = Parent("2026-11-30T00:00:00+00:00", round=4, token=2, written=11, draft_coins=0, judge_coins=0)
    branch = replace(foreign, header=replace(foreign.header, parent=parent))
    assert trace.loads(branch.dumps()).header.parent == branch.header.parent


# ------------------------------------------------------------------------------------------------- sentences


def test_a_trace_holds_keys_and_values_and_its_reader_the_sentence(foreign):
    why = Message("errors.heads_broken", value="a\nfolder", why=Message("errors.why_not_utf8"))
    hardware = replace(foreign.header.hardware, mode_reason=MessageRecord.of(Message("compiled.large", most="500")))
    footer = Footer("error", MessageRecord.of(why), foreign.totals)
    one = trace.loads(Trace(replace(foreign.header, hardware=hardware), foreign.rounds, footer).dumps())
    assert one.footer.message == footer.message and render(one.footer.failure) == render(why)
    assert render(one.header.hardware.mode_reason.message) == say("compiled.large", most="500")
    assert say("errors.why_not_utf8") in terminal.ending(one.footer)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (MessageRecord("from.tomorrow", {"n": 3}), "from.tomorrow (n=3)"),
        (MessageRecord("no_section"), "no_section ()"),
        (MessageRecord("errors.heads_broken", {"value": 1}), "errors.heads_broken (value=1)"),
        (MessageRecord("errors.heads_broken", {"value": 1, "why": MessageRecord("a.b", {"key": "x"})}), "a.b (key=x)"),
    ],
)
def test_a_message_that_this_program_has_no_words_for_is_shown_as_it_stands(foreign, record, told):
    footer = replace(foreign.footer, reason="error", message=record)
    one = trace.loads(replace(foreign, footer=footer).dumps())
    assert told in terminal.ending(one.footer) and list(seen(one))


# ------------------------------------------------------------------------------------------------- damage


def places(record, path=()):
    items = record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


VALUES = (None, True, -1, 0, 1, 2**70, 10**400, 0.5, 1e-320, 1e308, "", "accepted", "auto", "\ud800", [], {}, [[]])


def damaged(text, rng):
    """A trace with one random change: a value, a field that is gone, lines gone or twice, or an end that is."""
    what = rng.choice(("value", "value", "value", "field", "lines", "end"))
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    if what == "end":
        return text[: rng.randrange(len(text))]
    if what == "lines":
        return "\n".join([*lines[:at], *lines[max(0, at + rng.choice((-1, 1))) :]])
    record = json.loads(lines[at])
    *path, last = rng.choice(list(places(record)))
    holder = record
    for name in path:
        holder = holder[name]
    if what == "value":
        holder[last] = rng.choice(VALUES)
    else:
        del holder[last]
    return "\n".join([*lines[:at], json.dumps(record), *lines[at + 1 :]])


def test_whatever_is_done_to_a_trace_it_is_refused_or_shown(foreign, hand_made):
    rng = random.Random(17)
    rules = [hand_made.trace("aard", "", "r", rule=rule) for rule in ("greedy", "rejection", "block", "typical")]
    texts = [SCHEMA1.read_text(encoding="utf-8"), foreign.dumps(), *(one.dumps() for one in rules)]
    read = refused = 0
    for _ in range(300):
        text = damaged(rng.choice(texts), rng)
        try:
            one = trace.loads(text)
        except TraceError as error:
            refused += 1
            assert str(error).startswith("Line ") and "\n" not in str(error) and len(str(error)) < 500
            continue
        read += 1
        assert trace.loads(one.dumps()) == one and trace.loads(one.dumps()).dumps() == one.dumps()
        assert len(list(seen(one))) == 7
    assert read > 60 and refused > 100
