"""The trace survives the way to text and back, and its reader refuses what is broken by naming the line."""

import copy
import json
import random
import subprocess
import sys

import pytest
from msgspec.structs import asdict, replace

import specdec
from specdec import trace
from specdec.trace import (
    DrafterInfo,
    DraftToken,
    FinalToken,
    Footer,
    Hardware,
    Header,
    Passes,
    Prompt,
    Round,
    Seconds,
    TargetInfo,
    Token,
    Totals,
    Trace,
    TraceError,
    count,
    together,
)
from specdec.views import terminal

HOSTILE = (
    "\u2028\u2029",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "👩‍👩‍👧 🇩🇪",
    "\x00\x01\x1f\x7f",
    "\r\n\t\x0b\x0c\x85",
    "\\u0041\\n\"'",
    "${7*7}{{x}}",
    "\ufeff\u202e\u200b",
    "",
)


def guess(verdict, parent=-1, text="a", **changes):
    token = DraftToken(
        id=1,
        piece=text or "·",
        text=text,
        parent=parent,
        draft_prob=0.5,
        draft_coin=0.1,
        target_prob=0.25,
        accept_prob=0.5,
        coin={"accepted": 0.25, "rejected": 0.75, "discarded": None}[verdict],
        verdict=verdict,
        rule=None,
        top=((1, text or "·", 0.25, 0.5, 0.0), (2, "b", 0.75, 0.5, 1.0)),
        tail=(0.0, 0.0, 0.0),
    )
    return replace(token, **changes)


def last(verdict="correction", text="b"):
    return FinalToken(2, text or "·", text, verdict, 0.75, 0.5, ((2, text or "·", 0.75, 0.5, 1.0),), (0.25, 0.5, 0.0))


def one_round(index, draft, final):
    spans = Seconds(0.25, 0.5, 0.25)
    return Round(index, float(index), index + 1.0, spans, Passes(len(draft), 1), None, tuple(draft), final)


def make(rounds, text="Once", **header):
    values = {
        "created": "2026-01-01T00:00:00+00:00",
        "source": "live",
        "software": {"torch": "2"},
        "hardware": Hardware("cpu", "a chip", "float32", 2, "eager"),
        "target": TargetInfo("target", 10, False),
        "drafter": DrafterInfo("model", "draft", 5),
        "settings": {"rule": "rejection", "draft_length": 3, "stop": [text]},
        "calibration": None,
        "prompt": Prompt(text, (Token(3, text or "·", text),)),
        "prefill_seconds": 0.125,
    }
    return Trace(Header(**{**values, **header}), tuple(rounds), Footer("length", None, count(rounds), 0.125))


@pytest.fixture(scope="module")
def plain():
    return make(
        [
            one_round(0, [guess("accepted"), guess("accepted", 0), guess("accepted", 1)], last("bonus")),
            one_round(1, [guess("accepted"), guess("rejected", 0), guess("discarded", 1)], last()),
            one_round(2, [], last("plain")),
            one_round(3, [guess("accepted"), guess("discarded", 0)], None),
        ]
    )


@pytest.fixture(scope="module")
def recorded(tiny_pair):
    """A run that really happened, sampled, with every verdict in it."""
    return specdec.run("The old lamp 😀", tiny_pair, temperature=1.0, draft_length=3, max_new_tokens=24, seed=3)


def records(one):
    return [json.loads(line) for line in one.dumps().splitlines()]


def text_of(lines):
    return "".join(json.dumps(line) + "\n" for line in lines)


def refusal(lines):
    with pytest.raises(TraceError) as caught:
        trace.loads(lines if isinstance(lines, str) else text_of(lines))
    message = str(caught.value)
    assert "\n" not in message and message.endswith("."), message
    return message


# ------------------------------------------------------------------------------------------------- there and back


def test_a_real_run_survives_the_way_to_text_and_back(recorded):
    assert {t.verdict for r in recorded.rounds for t in r.draft} == {"accepted", "rejected", "discarded"}
    text = recorded.dumps()
    assert trace.loads(text) == recorded
    assert trace.loads(text).dumps() == text


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_survives_the_way_to_text_and_back(text):
    rounds = [one_round(0, [guess("accepted", text=text), guess("rejected", 0, text=text)], last(text=text))]
    one = make(rounds, text, target=TargetInfo(text, 1, False), software={text: text})
    dumped = one.dumps()
    assert trace.loads(dumped) == one
    assert trace.loads(dumped.encode("utf-8").decode("utf-8")) == one


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_each_line_is_one_line_to_every_reader(text):
    dumped = make([one_round(0, [guess("accepted", text=text)], last(text=text))], text).dumps()
    assert dumped.endswith("\n")
    assert len(dumped.replace("\x85", "").splitlines()) == dumped.count("\n") == 3
    assert "\u2028" not in dumped and "\u2029" not in dumped


def test_a_header_line_names_the_schema_it_is_written_in(plain):
    first, *others = records(plain)
    assert (first["kind"], first["schema"]) == ("header", 2)
    assert [line["kind"] for line in others] == ["round"] * 4 + ["footer"]


def test_floats_keep_their_full_precision(plain):
    tiny, nearly_one = 5e-324, 1 - 2**-53
    top = ((1, "a", tiny, 0.5, 0.0),)
    token = guess("discarded", draft_coin=nearly_one, target_prob=tiny, accept_prob=None, top=top)
    rounds = [one_round(0, [token], last())]
    again = trace.loads(make(rounds).dumps()).rounds[0].draft[0]
    assert (again.draft_coin, again.target_prob) == (nearly_one, tiny)


def test_what_is_not_a_finite_number_is_never_written(plain):
    with pytest.raises(ValueError):
        trace.dump(replace(plain.rounds[0], start=float("nan")))


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_a_trace_cut_off_after_any_line_still_reads(plain, lines):
    cut = "".join(plain.dumps().splitlines(keepends=True)[:lines])
    again = trace.loads(cut)
    assert (again.header, again.rounds, again.footer) == (plain.header, plain.rounds[: lines - 1], None)
    assert again.totals == count(plain.rounds[: lines - 1])


def test_a_trace_cut_off_inside_a_line_reads_as_the_lines_before_it(plain):
    text = plain.dumps()
    for end in range(text.index("\n") + 1, len(text)):
        again = trace.loads(text[:end])
        whole = text[: end + 1].count("\n") - 1  # a line that lacks nothing but its end counts
        assert (again.header, again.rounds) == (plain.header, plain.rounds[:whole])


def test_only_a_last_line_that_was_cut_is_left_out(plain):
    lines = plain.dumps().splitlines()
    assert refusal("\n".join([*lines[:2], lines[2][:-9], *lines[3:]])) == "Line 3: this is not JSON."
    assert refusal("\n".join([*lines[:2], lines[2][:-9], ""])) == "Line 3: this is not JSON."
    assert refusal("\n".join([*lines[:2], "and so on"])) == "Line 3: this is not JSON."
    assert refusal(lines[0][:-9]) == "Line 1: this is not JSON."


def test_a_lone_surrogate_is_written_as_a_replacement_character(plain):
    one = make(plain.rounds, "a\ud800", target=TargetInfo("\udcff", 1, False), software={"\ud800": "\ud83d"})
    header = trace.loads(one.dumps()).header
    assert (header.prompt.text, header.target.name, header.software) == ("a\ufffd", "\ufffd", {"\ufffd": "\ufffd"})


def test_lines_as_they_come_gather_into_the_same_trace(plain):
    assert trace.gather(plain.lines()) == plain


def test_blank_lines_and_windows_line_ends_are_no_part_of_a_trace(plain):
    assert trace.loads("\n" + plain.dumps().replace("\n", "\r\n\r\n")) == plain


def test_whole_numbers_are_read_where_a_float_belongs(plain):
    lines = records(plain)
    lines[0]["prefill_seconds"] = 2
    again = trace.loads(text_of(lines)).header.prefill_seconds
    assert again == 2.0 and type(again) is float


def test_the_trace_module_needs_no_torch():
    code = "import sys, specdec.trace; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# ------------------------------------------------------------------------------------------------- counts


def test_accepted_rejected_and_discarded_are_all_that_was_drafted(plain, recorded):
    for one in (plain, recorded):
        totals = one.totals
        assert totals.accepted + totals.rejected + totals.discarded == totals.drafted
        assert totals.drafted == sum(len(r.draft) for r in one.rounds)


def test_counts_are_those_of_the_design(plain):
    totals = plain.totals
    assert (totals.rounds, totals.drafted, totals.accepted, totals.rejected, totals.discarded) == (4, 8, 5, 1, 2)
    assert (totals.refusals, totals.tokens, totals.seconds) == (1, 8, 4.0)
    assert totals.acceptance_rate == 5 / 6
    assert totals.tokens_per_pass == 2.0
    assert totals.draft_efficiency == 5 / 8


def test_refusals_on_a_chain_are_its_rejections(recorded):
    assert recorded.totals.refusals == recorded.totals.rejected > 0


def test_the_depth_of_a_draft_is_that_of_its_longest_path():
    tree = [guess("rejected"), guess("accepted"), guess("discarded", 0), guess("accepted", 1), guess("discarded", 3)]
    assert [one_round(0, draft, None).depth for draft in ([], tree[:2], tree)] == [0, 1, 3]


def test_siblings_that_were_refused_together_are_one_refusal():
    both = one_round(0, [guess("rejected"), guess("rejected")], last())
    second = one_round(1, [guess("rejected"), guess("accepted"), guess("rejected", 1)], last())
    kept = one_round(2, [guess("rejected"), guess("accepted"), guess("accepted", 1)], last("bonus"))
    assert [r.refused for r in (both, second, kept)] == [True, True, False]
    totals = count([both, second, kept])
    assert (totals.rejected, totals.refusals, totals.acceptance_rate) == (5, 2, 3 / 5)


def test_rates_of_nothing_are_unknown_rather_than_zero():
    totals = count([])
    assert (totals.acceptance_rate, totals.tokens_per_pass, totals.draft_efficiency) == (None, None, None)
    assert (totals.tokens, totals.seconds) == (0, 0.0)


def test_committed_tokens_are_the_accepted_path_and_the_final_token(plain):
    assert [len(r.committed) for r in plain.rounds] == [4, 2, 1, 1]
    assert plain.ids == [1, 1, 1, 2, 1, 2, 2, 1]
    assert plain.text == "aaababba"


# ------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("schema", [0, 3, "2", None, True, 1.0, [1], {"a": "\n"}])
def test_an_unknown_schema_is_refused(plain, schema):
    lines = records(plain)
    lines[0]["schema"] = schema
    assert "Line 1: " in refusal(lines) and "schema" in refusal(lines)


def test_a_header_without_schema_is_refused(plain):
    lines = records(plain)
    del lines[0]["schema"]
    assert "Line 1: " in refusal(lines)


@pytest.mark.parametrize(
    "raw",
    ["{", "round", "{'kind': 'round'}", '{"kind":"round"} {}', '\ufeff{"kind":"round"}', "\x00", '"\\ud800'],
    ids=ascii,
)
def test_a_line_that_is_not_json_is_refused(plain, raw):
    lines = plain.dumps().splitlines()
    lines[2] = raw
    assert refusal("\n".join(lines)) == "Line 3: this is not JSON."


@pytest.mark.parametrize(
    "raw", ["null", "[]", "3", '"round"', "{}", '{"kind":null}', '{"kind":[]}', '{"kind":"Round"}']
)
def test_a_line_of_no_known_kind_is_refused(plain, raw):
    lines = plain.dumps().splitlines()
    lines[1] = raw
    assert refusal("\n".join(lines)).startswith("Line 2: a line must be")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400, "9" * 5000])
def test_numbers_that_are_not_finite_are_refused_wherever_they_stand(plain, number):
    lines = plain.dumps().splitlines()
    for at, field in ((0, '"prefill_seconds":0.125'), (1, '"start":0.0'), (1, '"draft_prob":0.5')):
        changed = lines.copy()
        changed[at] = lines[at].replace(field, field.split(":")[0] + ":" + number, 1)
        assert changed[at] != lines[at]
        assert f"Line {at + 1}: " in refusal("\n".join(changed))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_refused_in_free_fields_too(plain, number):
    raw = plain.dumps().replace('"rule":"rejection"', f'"rule":"rejection","temperature":{number}', 1)
    assert raw != plain.dumps()
    assert "Line 1: " in refusal(raw)


@pytest.mark.parametrize("escape", ["\\ud800", "x\\udfff", "\\udc00\\ud800"])
def test_a_lone_surrogate_is_refused_in_any_text(plain, escape):
    lines = plain.dumps().splitlines()
    for at, text in ((0, '"Once"'), (0, '"a chip"'), (0, '"torch"'), (0, '"2"'), (1, '"a"')):
        assert text in lines[at]
        changed = [*lines[:at], lines[at].replace(text, f'"{escape}"'), *lines[at + 1 :]]
        assert f"Line {at + 1}: " in refusal("\n".join(changed))
    pair = trace.loads(plain.dumps().replace('"a chip"', '"\\ud83d\\ude00"'))
    assert pair.header.hardware.name == "😀"


@pytest.mark.parametrize("value", [-1, 2**63, 10**400])
def test_ids_and_counts_below_zero_or_beyond_reason_are_refused(plain, value):
    places = [
        (0, ("prompt", "tokens", 0, "id")),
        (0, ("target", "parameters")),
        (0, ("hardware", "threads")),
        (1, ("draft", 0, "id")),
        (1, ("final", "id")),
        (1, ("draft", 0, "top", 1, 0)),
        (1, ("passes", "draft")),
        (1, ("passes", "target")),
        (5, ("totals", "peak_memory_bytes")),
    ]
    for number, path in places:
        lines = records(plain)
        at(lines[number], path[:-1])[path[-1]] = value
        assert f"Line {number + 1}: " in refusal(lines), path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("rule", value) for value in (None, 1, ["greedy"])),
        *(("draft_length", value) for value in (None, -1, 2.5, True, "automatic", 10**400)),
        *(("branching", value) for value in (5, True, 2.5, "wide", [3, "x"], [-1], [[1]])),
        *(("temperature", value) for value in ("hot", None, 10**400)),
        ("stop", "."),
        ("seed", -1),
        ("epsilon", [0.1]),
        ("unknown", 10**400),
    ],
)
def test_settings_that_no_run_has_are_refused(plain, name, value):
    lines = records(plain)
    lines[0]["settings"][name] = value
    assert "Line 1: header.settings" in refusal(lines)


@pytest.mark.parametrize("name", ["rule", "draft_length"])
def test_settings_without_a_rule_or_a_draft_length_are_refused(plain, name):
    lines = records(plain)
    del lines[0]["settings"][name]
    assert refusal(lines) == f"Line 1: header.settings lacks {name}."


@pytest.mark.parametrize(
    "settings",
    [
        {"draft_length": "auto"},
        {"draft_length": 0, "branching": None},
        {"draft_length": 3, "branching": "dynamic"},
        {"draft_length": 2, "branching": [3, 2], "of another engine": {"kept": [1, None, "x"]}},
    ],
)
def test_settings_stay_as_they_were_written(plain, settings):
    one = make(plain.rounds, settings={"rule": "greedy", "temperature": 0, **settings})
    assert trace.loads(one.dumps()) == one
    assert terminal.summary(one.header, one.rounds, one.footer)


@pytest.mark.parametrize(
    "costs",
    [
        {},
        {"c": 1},
        {"c": 1, "v": 5, "o": 0},
        {"c": 1, "v": [], "o": 0},
        {"c": -1, "v": [1], "o": 0},
        {"c": 1, "v": [-(10**400)], "o": 0},
        {"c": 1, "v": [10**400], "o": 0},
    ],
)
def test_costs_that_are_no_calibration_are_refused(plain, costs):
    lines = records(plain)
    lines[0]["calibration"] = costs
    assert "Line 1: header.calibration" in refusal(lines)


def test_a_round_that_begins_before_the_last_one_ended_is_refused(plain):
    lines = records(plain)
    lines[2] |= {"start": 0.5}
    assert refusal(lines) == "Line 3: round 1 begins before the one before it has ended."


@pytest.mark.parametrize("rule", ["greedy", "rejection", "typical"])
def test_a_probability_that_its_own_top_contradicts_is_refused(plain, rule):
    for number, token, name in (
        (1, ("draft", 0), "target_prob"),
        (1, ("draft", 0), "draft_prob"),
        (1, ("final",), "target_prob"),
    ):
        lines = records(plain)
        lines[0]["settings"]["rule"] = rule
        at(lines[number], token)[name] = 0.999
        if token != ("final",):
            at(lines[number], token)["accept_prob"] = None
        assert f"Line {number + 1}: " in refusal(lines) and "its own top" in refusal(lines)


def test_a_refusal_does_not_repeat_a_whole_book(plain):
    book = "x" * 100_000
    for change in (
        lambda lines: lines[0].update(schema=book),
        lambda lines: lines[0].update({book: 1}),
        lambda lines: lines[1]["draft"][0].update(parent=10**4000),
        lambda lines: lines[1]["draft"][0]["top"].append([1, book, 7.0, 0.0, 0.0]),
    ):
        lines = records(plain)
        change(lines)
        assert len(refusal(lines)) < 200


def test_a_parent_that_does_not_precede_its_child_is_refused(plain):
    for parent in (-2, 1, 2, 99, 10**30):
        lines = records(plain)
        lines[2]["draft"][1]["parent"] = parent
        assert "Line 3: draft[1]: parent" in refusal(lines)


def test_a_token_accepted_behind_a_refused_one_is_refused(plain):
    lines = records(plain)
    lines[2]["draft"][2] |= {"verdict": "accepted", "coin": 0.25}
    assert "Line 3: draft[2] was accepted, but its parent" in refusal(lines)


@pytest.mark.parametrize("value", [-0.01, 1.01, 1e300, -1])
@pytest.mark.parametrize("name", ["draft_prob", "target_prob", "accept_prob"])
def test_a_probability_out_of_range_is_refused(plain, name, value):
    lines = records(plain)
    lines[1]["draft"][0][name] = value
    assert f"Line 2: draft[0].{name} = " in refusal(lines)


def test_a_final_probability_out_of_range_is_refused(plain):
    lines = records(plain)
    lines[3]["final"]["target_prob"] = 1.5
    assert "Line 4: final.target_prob" in refusal(lines)


@pytest.mark.parametrize("place", [2, 3, 4])
def test_an_alternative_with_a_probability_out_of_range_is_refused(plain, place):
    for where in ("draft", "final"):
        lines = records(plain)
        token = lines[1]["draft"][0] if where == "draft" else lines[1]["final"]
        token["top"][0][place] = 2.0
        assert f"Line 2: {where}" in refusal(lines)


@pytest.mark.parametrize("coin", [1.0, 1, -1e-9, 7.5])
def test_a_coin_out_of_range_is_refused(plain, coin):
    for name in ("coin", "draft_coin"):
        lines = records(plain)
        lines[1]["draft"][1][name] = coin
        assert f"Line 2: draft[1].{name}" in refusal(lines)
    lines = records(plain)
    lines[1]["final"]["coin"] = coin
    assert "Line 2: final.coin" in refusal(lines)


def test_an_accept_prob_that_is_not_p_over_q_is_refused_under_the_rejection_rule(plain):
    lines = records(plain)
    lines[1]["draft"][0]["accept_prob"] = 0.51
    assert "Line 2: draft[0]: accept_prob 0.51" in refusal(lines)
    lines[0]["settings"]["rule"] = "typical"  # where accept_prob means something else
    assert trace.loads(text_of(lines)).rounds[0].draft[0].accept_prob == 0.51


@pytest.mark.parametrize(("coin", "verdict"), [(0.75, "accepted"), (0.5, "accepted"), (0.25, "rejected")])
def test_a_coin_that_contradicts_the_verdict_is_refused(coin, verdict):
    rounds = [one_round(0, [guess(verdict, coin=coin)], last())]
    assert "contradict" in refusal(make(rounds).dumps())


def test_a_trace_without_the_plain_round_is_read_as_one_that_did_not_measure_it(plain):
    lines = records(plain)
    assert lines[-1].pop("plain_round_seconds") == plain.footer.plain_round_seconds == 0.125
    assert trace.loads(text_of(lines)).footer == replace(plain.footer, plain_round_seconds=None)


@pytest.mark.parametrize("seconds", [0, -0.5, 0.0])
def test_a_plain_round_that_took_no_time_is_refused(plain, seconds):
    lines = records(plain)
    lines[-1]["plain_round_seconds"] = seconds
    assert "Line 6: footer.plain_round_seconds = " in refusal(lines)


@pytest.mark.parametrize(
    "name", ["rounds", "drafted", "accepted", "rejected", "discarded", "refusals", "tokens", "seconds"]
)
def test_totals_that_do_not_add_up_are_refused(plain, name):
    lines = records(plain)
    lines[-1]["totals"][name] += 1
    assert refusal(lines) == f"Line 6: the total of {name} is not what the rounds add up to."


def test_a_trace_without_its_header_is_refused(plain):
    assert "Line 1: " in refusal(records(plain)[1:])


def test_a_second_header_is_refused(plain):
    lines = records(plain)
    assert "Line 2: " in refusal([lines[0], *lines])


def test_nothing_may_follow_the_footer(plain):
    lines = records(plain)
    for extra in (lines[1], lines[-1]):
        assert "Line 7: nothing may follow" in refusal([*lines, extra])


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n"])
def test_an_empty_text_is_no_trace(text):
    assert "Line 1: " in refusal(text)


def test_a_round_out_of_its_place_is_refused(plain):
    lines = records(plain)
    assert "Line 2: round 1 stands where round 0 should" in refusal([lines[0], *lines[2:]])


def test_blank_lines_do_not_shift_the_line_a_refusal_names(plain):
    lines = plain.dumps().splitlines()
    assert "Line 4: round 1 stands" in refusal("\n".join([lines[0], "", "", lines[2]]))


def test_a_clock_that_runs_backwards_is_refused(plain):
    negative = {"draft": -0.1, "verify": 0.5, "other": 0.5}
    for change, name in (({"end": -1.0}, "end"), ({"start": -0.5}, "start"), ({"seconds": negative}, "seconds.draft")):
        lines = records(plain)
        lines[1] |= change
        assert f"Line 2: {name} = -" in refusal(lines)
    lines = records(plain)
    lines[1] |= {"start": 1.0, "end": 0.5}
    assert refusal(lines) == "Line 2: the clock runs backwards."


def paths(record, path=()):
    """The place of every field of a record that the schema fixes."""
    if isinstance(record, dict):
        for key, value in record.items():
            yield (*path, key)
            if key not in ("settings", "software", "rule", "plan", "calibration"):
                yield from paths(value, (*path, key))
    elif isinstance(record, list):
        for i, value in enumerate(record):
            yield (*path, i)
            yield from paths(value, (*path, i))


def at(record, path):
    for key in path:
        record = record[key]
    return record


OPTIONAL = {"plain_round_seconds", "engine", "pair", "mode_reason", "parent"}  # a trace that lacks them says the usual


def test_every_missing_field_is_refused_with_its_line(plain):
    lines = records(plain)
    for number in (0, 1, 5):
        named = [path for path in paths(lines[number]) if isinstance(path[-1], str) and path[-1] not in OPTIONAL]
        assert len(named) > 9
        for path in named:
            changed = copy.deepcopy(lines)
            del at(changed[number], path[:-1])[path[-1]]
            assert f"Line {number + 1}: " in refusal(changed), path


def test_every_unknown_field_is_refused_with_its_line(plain):
    lines = records(plain)
    for number in (0, 1, 5):
        parents = {path[:-1] for path in paths(lines[number]) if isinstance(path[-1], str)}
        for path in parents:
            changed = copy.deepcopy(lines)
            at(changed[number], path)["surprise\n"] = 1
            assert f"Line {number + 1}: " in refusal(changed), path


WRONG = (True, "x", 0.5, -3, None, [], {}, [1], {"a": 1})
NULLABLE = {"message", "model", "parameters", "calibration", "plan", "rule", "final", "peak_memory_bytes"}
NULLABLE |= {"draft_coin", "accept_prob", "coin", "plain_round_seconds", "pair", "mode_reason", "parent"}


def same_kind(old, new, name):
    """Whether the schema lets `new` stand where `old` stood, going by JSON types alone."""
    if new is None or old is None:
        return name in NULLABLE
    if isinstance(old, bool) or isinstance(new, bool):
        return isinstance(old, bool) and isinstance(new, bool)
    if isinstance(old, float):
        return isinstance(new, int | float)
    return type(old) is type(new)


def test_every_value_of_a_wrong_type_is_refused_with_its_line(plain):
    lines = records(plain)
    tried = 0
    for number in (0, 1, 5):
        for path in paths(lines[number]):
            old = at(lines[number], path)
            for new in WRONG:
                if same_kind(old, new, path[-1]):
                    continue
                changed = copy.deepcopy(lines)
                at(changed[number], path[:-1])[path[-1]] = new
                assert f"Line {number + 1}: " in refusal(changed), (path, new)
                tried += 1
    assert tried > 1000


@pytest.mark.parametrize("depth", [50, 900, 3_000, 100_000])
@pytest.mark.parametrize("field", ['"settings":', '"software":', '"rule":null', '"plan":null', '"calibration":null'])
def test_huge_nesting_is_refused_and_never_a_crash(plain, depth, field):
    name = field.split(":")[0]
    old = next(
        s
        for s in (
            f"{name}:null",
            f'{name}:{{"rule":"rejection","draft_length":3,"stop":["Once"]}}',
            f'{name}:{{"torch":"2"}}',
        )
        if s in plain.dumps()
    )
    nested = name + ':{"rule":' + "[" * depth + "]" * depth + "}"
    raw = plain.dumps().replace(old, nested, 1)
    assert raw != plain.dumps()
    assert "Line " in refusal(raw)


def test_ordinary_nesting_in_free_fields_is_kept(plain):
    settings = plain.header.settings | {"why": {"values": [[1.5, None], [True, "x"]]}}
    one = make(plain.rounds, settings=settings)
    assert trace.loads(one.dumps()) == one


# ------------------------------------------------------------------------------------------------- random damage


def damaged(raw, rng):
    """One line with one random change: characters, or a value somewhere in its JSON."""
    if rng.random() < 0.5:
        at_char = rng.randrange(len(raw))
        end = min(len(raw), at_char + rng.choice((0, 1, 1, 2, 9)))
        return (
            raw[:at_char]
            + rng.choice(("", "0", "9e99", "-", '"', "}", "]", "null", "1e400", "\x00", "\ud800", ","))
            + raw[end:]
        )
    record = json.loads(raw)
    path = rng.choice(list(paths(record)))
    values = (
        None,
        True,
        -1,
        0,
        1,
        2**70,
        10**400,
        0.5,
        1e-320,
        1e308,
        "",
        "accepted",
        "rejected",
        [],
        {},
        [[]],
        float("nan"),
    )
    at(record, path[:-1])[path[-1]] = rng.choice(values)
    return json.dumps(record)


def test_random_damage_is_read_as_a_trace_or_refused_and_nothing_else(plain, recorded):
    rng = random.Random(20)
    read = refused = 0
    for one in (plain, recorded):
        lines = one.dumps().splitlines()
        for _ in range(600):
            changed = lines.copy()
            number = rng.randrange(len(lines))
            changed[number] = damaged(lines[number], rng)
            try:
                again = trace.loads("\n".join(changed))
            except TraceError as error:
                refused += 1
                assert "Line " in str(error) and "\n" not in str(error)
                continue
            read += 1
            assert trace.loads(again.dumps()) == again
    assert read > 50 and refused > 200


def test_random_text_is_refused_and_nothing_else():
    rng = random.Random(21)
    for _ in range(500):
        raw = "".join(
            rng.choice('{}[]":,0123456789.eE+-truefalsnkind \n\ud800\x00é') for _ in range(rng.randrange(1, 60))
        )
        if raw.strip():
            refusal(raw)


def test_a_trace_line_has_every_field_its_dataclass_has(plain):
    for record, line in zip(records(plain), plain.lines(), strict=True):
        assert set(record) - {"kind"} == set(asdict(line))


def test_two_siblings_that_were_both_accepted_are_refused(plain):
    lines = records(plain)
    lines[2]["draft"][1] |= {"verdict": "accepted", "parent": -1, "coin": 0.0, "accept_prob": 1.0}
    lines[2]["draft"][0] |= {"verdict": "accepted", "coin": 0.0}
    assert "Line 3: draft[1] was accepted, but its parent" in refusal(lines)


def test_coins_that_contradict_what_a_block_kept_are_refused(tiny_pair):
    whole = specdec.run("The old lamp", tiny_pair, rule="block", temperature=1.0, max_new_tokens=12)
    lines = [json.loads(line) for line in whole.dumps().splitlines()]
    at = next(i for i, line in enumerate(lines) if line["kind"] == "round" and line["final"] and line["draft"])
    for change in ({"coin": None}, {"rule": None}, {"rule": {}}, {"rule": {"threshold": "high"}}):
        broken = json.loads(json.dumps(lines))
        broken[at]["draft"][0] |= change
        told = "draft[0].rule = " if change == {"rule": {"threshold": "high"}} else "under the block rule"
        assert f"Line {at + 1}: {told}" in refusal(broken)
    for token in lines[at]["draft"]:
        token["coin"] = 0.999 if token["verdict"] == "accepted" else 0.0
        token["rule"]["threshold"] = 0.5
    assert f"Line {at + 1}: coins and thresholds contradict" in refusal(lines)


def test_runs_together_add_up_and_keep_the_fullest_moment():
    one = Totals(
        rounds=2,
        drafted=8,
        accepted=5,
        rejected=1,
        discarded=2,
        refusals=1,
        tokens=7,
        seconds=0.5,
        peak_memory_bytes=None,
    )
    both = together([one, replace(one, refusals=2, peak_memory_bytes=30)])
    assert (both.tokens, both.rounds, both.seconds, both.peak_memory_bytes) == (14, 4, 1.0, 30)
    assert both.acceptance_rate == 10 / 13
    assert together([one]) == one
