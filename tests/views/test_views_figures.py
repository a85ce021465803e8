"""The figures say what the rounds say: counted by hand on traces built by hand."""

import subprocess
import sys

import pytest

from specdec.messages import say
from specdec.trace import count
from specdec.views.figures import (
    acceptance_by_position,
    accepted_lengths,
    position_acceptance,
    rounds_by_length,
    seconds_by_part,
    time_split,
)


@pytest.fixture
def trace_of(hand_made):
    """Rounds of 3 ms drafting, 10 ms target pass, 1 ms rest; a string is a chain, one letter per verdict."""
    return hand_made.trace


def bar_texts(figure):
    return [text.replace("<b>", "").replace("</b>", "").replace("<br>", " ") for text in figure.data[0].text]


def test_a_place_behind_a_refusal_is_not_judged(trace_of):
    assert acceptance_by_position(trace_of("rddd", "ardd", "aaaa")) == [(2, 3), (1, 2), (1, 1), (1, 1)]


def test_a_place_behind_the_end_of_the_text_is_not_judged(trace_of):
    assert acceptance_by_position(trace_of("aaaa", "addd", ended_inside=True)) == [(2, 2), (1, 1), (1, 1), (1, 1)]


def test_a_place_never_reached_has_no_bar(trace_of):
    figure = position_acceptance(trace_of("rddd", "ardd"))
    assert list(figure.data[0].x) == ["1", "2"]


def test_siblings_refused_together_count_as_one_refusal(trace_of):
    draft = (("x", -1, "r"), ("x", -1, "a"), ("x", 1, "r"), ("x", 1, "r"), ("x", 0, "d"))
    assert acceptance_by_position(trace_of(draft)) == [(1, 1), (0, 1)]


def test_places_add_up_to_the_totals_that_make_alpha(trace_of):
    trace = trace_of("rddd", "ardd", "aaaa", "aard", "")
    totals = count(trace.rounds)
    rows = acceptance_by_position(trace)
    assert sum(accepted for accepted, _ in rows) == totals.accepted
    assert sum(judged for _, judged in rows) == totals.accepted + totals.refusals


def test_every_bar_prints_its_share_and_out_of_how_many(trace_of):
    assert bar_texts(position_acceptance(trace_of("rddd", "ardd", "aaaa"))) == [
        "67 % 2 of 3",
        "50 % 1 of 2",
        "100 % 1 of 1",
        "100 % 1 of 1",
    ]


def test_lengths_count_every_round_once(trace_of):
    trace = trace_of("rddd", "ardd", "aaaa", "aaaa", "")
    counts, guessless = rounds_by_length(trace)
    assert (counts, guessless) == ([1, 1, 0, 0, 2], 1)
    assert sum(counts) + guessless == len(trace.rounds)


def test_rounds_without_a_guess_stand_apart_from_rounds_that_kept_none(trace_of):
    figure = accepted_lengths(trace_of("rd", "", ""))
    assert list(figure.data[0].x) == ["no guess", "0", "1", "2"]
    assert list(figure.data[0].y) == [2, 1, 0, 0]
    assert bar_texts(figure)[:2] == ["2 67 %", "1 33 %"]


def test_a_tree_is_as_long_as_its_longest_path(trace_of):
    draft = (("x", -1, "a"), ("x", -1, "d"), ("x", -1, "d"), ("x", 0, "a"))
    assert rounds_by_length(trace_of(draft)) == ([0, 0, 1], 0)


def test_time_parts_add_up_to_the_run(trace_of):
    trace = trace_of("rddd", "ardd", "aaaa")
    parts = seconds_by_part(trace)
    assert parts == pytest.approx({"draft": 0.009, "verify": 0.030, "other": 0.003})
    assert sum(parts.values()) == pytest.approx(count(trace.rounds).seconds)


def test_time_bars_print_seconds_and_shares(trace_of):
    assert bar_texts(time_split(trace_of("rddd", "ardd", "aaaa"))) == ["9 ms 21 %", "30 ms 71 %", "3 ms 7 %"]


@pytest.mark.parametrize("draw", [position_acceptance, accepted_lengths])
def test_a_plain_run_gets_a_sentence_and_no_bars(draw, trace_of):
    figure = draw(trace_of("", "", ""))
    assert not figure.data
    assert figure.layout.annotations[0].text == "Nothing was drafted in this run, so no guess was judged."


@pytest.mark.parametrize("draw", [position_acceptance, accepted_lengths, time_split])
def test_a_run_without_rounds_gets_a_sentence(draw, trace_of):
    figure = draw(trace_of())
    assert not figure.data and figure.layout.annotations


@pytest.mark.parametrize("draw", [position_acceptance, accepted_lengths, time_split])
def test_figures_leave_the_ground_to_the_page_and_fix_their_ticks(draw, trace_of):
    figure = draw(trace_of("aaaa", "rddd"))
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.title.text is None
    assert (figure.layout.xaxis.tickmode, figure.layout.yaxis.tickmode) == ("array", "array")


def test_a_draft_of_64_prints_the_values_of_the_labelled_places_and_tells_the_others_on_hover(trace_of):
    figure = position_acceptance(trace_of("a" * 64))
    bars = figure.data[0]
    assert [place for place, text in zip(bars.x, bars.text, strict=True) if text] == list(figure.layout.xaxis.tickvals)
    assert len(figure.layout.xaxis.tickvals) == 16
    assert len(set(bars.hovertext)) == 64


def test_figures_load_neither_torch_nor_gradio():
    code = "import specdec.views.figures, sys; print([m for m in ('torch', 'gradio') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_tree_is_counted_by_depth_and_says_so(trace_of):
    draft = (("x", -1, "r"), ("x", -1, "a"), ("x", 0, "d"), ("x", 1, "r"))
    figure = position_acceptance(trace_of(draft, "aa", branching=[2, 1]))
    assert bar_texts(figure) == ["100 % 2 of 2", "50 % 1 of 2"]
    assert figure.layout.xaxis.title.text == say("figures.depth_axis")
    assert "depth 1" in figure.data[0].hovertext[0]


@pytest.mark.parametrize("draw", [position_acceptance, accepted_lengths])
def test_what_a_lossy_rule_kept_is_marked_and_nothing_else(draw, trace_of):
    def marks(rule):
        return [note.text for note in draw(trace_of("ar", rule=rule)).layout.annotations]

    assert marks("typical") == [f"<b>{say('figures.lossy')}</b>"]
    assert not any(marks(rule) for rule in ("greedy", "rejection", "block", "match"))


@pytest.mark.parametrize("draw", [position_acceptance, accepted_lengths])
def test_the_values_of_eight_guesses_stand_upright_and_no_name_is_wider_than_its_bar(draw, trace_of):
    figure = draw(trace_of("aaaaaaaa", "arddddddd"[:8], ""))
    assert figure.data[0].textangle == -90
    assert max(len(line) for name in figure.layout.xaxis.ticktext for line in name.split("<br>")) <= 5


def test_the_mark_of_a_lossy_rule_stands_above_all_values(trace_of):
    figure = accepted_lengths(trace_of("aard", rule="typical"))
    assert figure.layout.annotations[0].yanchor == "bottom" and figure.layout.annotations[0].y == 1
    assert figure.layout.margin.t >= 30
