"""What reaches a terminal is the output in its colours, and nothing that a terminal would obey."""

import io
import json
import re

import pytest
from msgspec.structs import replace

from specdec.trace import (
    DrafterInfo,
    DraftToken,
    FinalToken,
    Footer,
    Passes,
    Prompt,
    Round,
    Seconds,
    TargetInfo,
    Trace,
    count,
    dump,
)
from specdec.views import diagnosis, tables, terminal

HOSTILE = "a\x1b[31mred\x1b]0;title\x07\x9b2J\r\x08\x7f\u202eevil\u2066"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def drafted(text, verdict, parent=-1):
    return DraftToken(5, text or "⟨⟩", text, parent, 0.5, None, 0.25, None, None, verdict, None, (), (0, 0, 0))


def written(text, verdict):
    return FinalToken(6, text or "⟨⟩", text, verdict, 0.5, None, (), (0, 0, 0))


def one_round(index, draft, final):
    return Round(index, index * 1.0, index + 1.0, Seconds(0.25, 0.5, 0.25), Passes(2, 1), None, draft, final)


@pytest.fixture
def trace(hand_made):
    made = hand_made.trace(drafter="model", draft_length=2)
    rounds = (
        one_round(0, (drafted(" upon", "accepted"), drafted(" the", "rejected", 0)), written(" a", "correction")),
        one_round(1, (drafted(" time", "accepted"), drafted(",\n", "accepted", 0)), written(" there", "bonus")),
    )
    header = replace(made.header, prompt=Prompt("Once", ()))
    return Trace(header, rounds, Footer("length", None, count(rounds)))


def shown(trace, colour):
    return "".join(terminal.show(line, colour) for line in trace.lines())


def test_without_colour_the_bare_output_is_shown(trace):
    assert shown(trace, colour=False) == trace.text + "\n" == " upon a time,\n there\n"


def test_every_verdict_has_its_colour_and_the_prompt_is_dim(trace):
    text = shown(trace, colour=True)
    assert "\x1b[2mOnce\x1b[0m" in text
    assert "\x1b[38;2;0;114;178m upon\x1b[0m" in text
    assert "\x1b[38;2;230;159;0;4m a\x1b[0m" in text
    assert "\x1b[38;2;0;158;115;1m there\x1b[0m" in text
    assert re.sub(r"\x1b\[[\d;]*m", "", text) == "Once" + trace.text + "\n"


def test_rejected_tokens_are_no_part_of_the_text(trace):
    assert " the\x1b" not in shown(trace, colour=True)


def test_what_an_encoder_reads_stands_on_a_line_of_its_own(trace):
    source = replace(trace.header, target=replace(trace.header.target, encoder_decoder=True))
    assert terminal.show(source, colour=True) == terminal.show(trace.header, colour=True) + "\n"
    assert terminal.show(source, colour=False) == ""


@pytest.mark.parametrize(("device", "whose"), [("cpu", "process"), ("cuda", "device")])
def test_the_peak_of_memory_is_told_where_it_was_counted(trace, device, whose):
    header = replace(trace.header, hardware=replace(trace.header.hardware, device=device))
    footer = replace(trace.footer, totals=replace(trace.footer.totals, peak_memory_bytes=3 << 29))
    assert f"{whose} 1,536 MiB" in terminal.summary(header, trace.rounds, footer)
    assert "MiB" not in terminal.summary(header, trace.rounds, replace(trace.footer, totals=count(trace.rounds)))


def test_plain_tokens_have_no_colour(trace):
    assert terminal.show(one_round(0, (), written(" x", "plain")), colour=True) == " x"


@pytest.mark.parametrize("colour", [True, False])
def test_model_text_cannot_steer_the_terminal(trace, colour):
    hostile = one_round(0, (drafted(HOSTILE, "accepted"),), written(HOSTILE, "bonus"))
    header = replace(trace.header, prompt=Prompt(HOSTILE, ()), target=TargetInfo(HOSTILE, 1, False))
    footer = Footer("error", HOSTILE + "\nsecond line", count([hostile]))
    text = "".join(terminal.show(line, colour) for line in (header, hostile, footer))
    text += terminal.summary(header, [hostile], footer, colour)
    ours = re.compile(r"\x1b\[(0|2|38;2;[\d;]+)m")
    assert not OBEYED.search(ours.sub("", text))
    assert "second line" in text and "\nsecond line" not in text


def test_a_line_of_json_is_safe_to_show_and_means_the_same(trace):
    line = dump(one_round(0, (drafted(HOSTILE, "accepted"),), None))
    assert not OBEYED.search(terminal.tame_json(line))
    assert json.loads(terminal.tame_json(line)) == json.loads(line)


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colour"),
    [
        (Screen(), {}, True),
        (Screen(), {"NO_COLOR": "1"}, False),
        (Screen(), {"NO_COLOR": ""}, True),
        (Screen(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals_whose_reader_wants_it(stream, environment, colour):
    assert terminal.wants_colour(stream, environment) is colour


def test_the_summary_gives_every_rate_with_its_counts(trace):
    text = terminal.summary(trace.header, trace.rounds, trace.footer)
    assert "5 tokens in 2 target passes · 2.50 tokens per pass" in text
    assert "3 accepted · 1 correction · 1 bonus" in text
    assert "α 75% (3 of 4 judged)" in text
    assert "draft efficiency 75% (3 of 4; 1 rejected, 0 discarded)" in text
    assert "2.00 s, 400.00 ms per token · drafting 0.50 s, target 1.00 s, other 0.50 s" in text
    assert "length asked for" in text


def test_the_summary_says_in_a_line_where_the_time_went_once_there_are_rounds_enough(hand_made):
    short, long = (hand_made.trace(*["aard"] * rounds) for rounds in (4, 5))
    assert "of the time" not in terminal.summary(short.header, short.rounds, short.footer)
    footer = replace(long.footer, plain_round_seconds=0.01)
    lines = terminal.summary(long.header, long.rounds, footer).splitlines()
    assert lines[-2] == diagnosis.sentence(replace(long, footer=footer)) and "a guess costs" in lines[-2]


def test_the_summary_of_plain_decoding_speaks_of_no_draft(trace):
    header = replace(trace.header, drafter=DrafterInfo("none", None, None))
    rounds = [one_round(0, (), written(" x", "plain"))]
    text = terminal.summary(header, rounds, Footer("eos", None, count(rounds)))
    assert "plain decoding" in text and "α" not in text and "accepted" not in text


def test_a_run_without_a_token_still_sums_up(trace):
    assert "interrupted" in terminal.summary(trace.header, [], Footer("cancelled", None, count([])))


def figures(prompts, speedup):
    return {"prompts": prompts, "speedup": speedup}


def test_a_bench_table_keeps_counts_and_sets_loops_apart():
    row = {
        "drafter": "model",
        "draft_length": 2,
        "branching": None,
        "draft_seconds": 0.002,
        "seconds_per_token": {"median": 0.004, "min": 0.003, "max": 0.005},
        "speedup": 1.25,
        "acceptance_rate": 0.75,
        "tokens_per_pass": 2.5,
        "accepted": 3,
        "refusals": 1,
        "drafted": 4,
        "apart": {"looping": figures(1, 2.0), "others": figures(4, 1.1)},
        "same_text": False,
    }
    settings = {"target": "big", "draft": "small", "prompts": 5, "runs": 1, "rule": "greedy"}
    hardware = {"device": "cpu", "name": "Abacus", "dtype": "float32", "mode": "eager"}
    text = tables.bench({"hardware": hardware, "settings": settings, "rows": [row]})
    assert re.search(r"model +K = 2 +4\.00 +3\.00–5\.00 +1\.25× +75% \(3 of 4\) +2\.50 +2\.00 +no", text)
    assert "model: 2.00× on 1 prompt whose text repeats itself, 1.10× on the other 4 prompts." in text
    assert "5 prompts, 1 run each" in text


def compared(*rules):
    rows = [
        {"rule": rule, "lossless": rule != "typical", "accepted_per_round": 1.0, "tokens_per_pass": 2.0, "rounds": 9}
        for rule in rules
    ]
    models = {"target": "big", "draft": "small", "drafter": "model"}
    asked = {"rules": list(rules), "draft_length": 2, "branching": [3, 2], "temperature": 1.0, "prompts": 5, "runs": 1}
    hardware = {"device": "cpu", "name": "Abacus", "dtype": "float32", "mode": "eager"}
    difference = {"mean": 0.287, "low": 0.1, "high": 0.4, "level": 0.95}
    report = {"hardware": hardware, "settings": models | asked, "rows": rows, "difference": difference}
    return tables.compare_rules(report)


def test_a_comparison_warns_of_a_rule_that_changes_the_output():
    text = compared("rejection", "typical")
    assert "typical rule (≠ changes the output)" in text and "drafter small, tree 3,2, temperature" in text
    assert "typical − rejection: +0.287" in text and "The typical rule is not lossless" in text.splitlines()[-1]
    fair = compared("rejection", "block")
    assert "≠" not in fair and "lossless" not in fair


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"branching": [3, 2]}, "tree 3,2, greedy rule"),
        ({"branching": "dynamic"}, "dynamic tree, 4 deep"),
        ({"draft_length": "auto"}, "K = auto"),
        ({"rule": "typical"}, "typical rule (≠ changes the output)"),
        ({"drafter": "suffix"}, "drafter suffix (copied from earlier outputs)"),
        ({"drafter": "retrieval"}, "drafter retrieval (found in the datastore)"),
        ({"drafter": "early_exit"}, "drafter early_exit (by the target’s first layers)"),
    ],
)
def test_the_summary_says_how_a_run_guessed_and_judged(choices, said, hand_made):
    run = hand_made.trace("ar", **choices)
    assert said in terminal.summary(run.header, run.rounds, run.footer).splitlines()[0]


def test_only_a_rule_that_changes_the_output_is_said_to(hand_made):
    for rule in ("greedy", "rejection", "block", "match"):
        run = hand_made.trace("ar", rule=rule)
        assert "≠" not in terminal.summary(run.header, run.rounds, run.footer)


def test_under_the_block_rule_the_share_is_not_called_alpha(hand_made):
    run = hand_made.trace("ar", rule="block")
    text = terminal.summary(run.header, run.rounds, run.footer)
    assert "kept per judged 50% (1 of 2 judged)" in text and "α" not in text
