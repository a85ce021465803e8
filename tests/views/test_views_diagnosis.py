"""A run's diagnosis says in a few words what the numbers say, and nothing that they do not."""

import pytest
from msgspec.structs import replace

from specdec.messages import say
from specdec.trace import Seconds
from specdec.views.diagnosis import sentence

SHARES = "21 % of the time went into guessing, 71 % into the target’s passes, 7 % into the rest."


@pytest.fixture
def told(hand_made):
    """What is said of a run of ten rounds; its plain round took 8 ms."""

    def make(*drafts, seconds=(0.003, 0.010, 0.001), plain=0.008, **choices):
        one = hand_made.trace(*(drafts or ["aaaa", "aard"] * 5), **choices)
        rounds = tuple(replace(r, seconds=Seconds(*seconds)) if r.draft else r for r in one.rounds)
        return sentence(replace(one, rounds=rounds, footer=replace(one.footer, plain_round_seconds=plain)))

    return make


def test_every_number_stands_beside_its_letter(told):
    costs = (
        "a guess costs 0.09 (c), the target’s pass 1.25 (v), the rest 0.12 (o): with 86 % of the judged guesses kept"
    )
    assert told().startswith(SHARES) and costs in told() and "about 2.29× as fast." in told()


def test_an_older_trace_says_where_the_time_went_and_no_more(told):
    assert told(plain=None) == SHARES


def test_a_run_that_is_plain_or_short_says_nothing(told):
    assert told("aaaa") == "" == told(*[""] * 9, drafter="none")


def test_another_length_is_named_where_it_would_be_worth_it(told):
    kept = ["aaaa"] * 9 + ["rddd"]
    cheap, fair = (told(*kept, seconds=(draft, 0.0081, 0.0001)) for draft in (0.0001, 0.0022))
    assert "K = 8 should be best, about" in cheap and "about the best length" not in cheap
    assert say("diagnosis.length_none") in told(*["rddd"] * 10, seconds=(0.02, 0.01, 0.001))
    assert "K = " not in told(draft_length="auto") and "draft length" not in told(draft_length="auto")
    assert fair.count("K = ") == 1


def test_the_last_sentence_is_what_would_help(told):
    last = {
        "help_guesses": told(*["rddd", "ardd"] * 5, seconds=(0.0005, 0.008, 0.0005)),
        "help_draft": told(seconds=(0.02, 0.008, 0.0005)),
        "help_verify": told(seconds=(0.0005, 0.03, 0.0005)),
        "help_tree": told(seconds=(0.0005, 0.03, 0.0005), branching=[1, 1, 1, 1]),
        "help_other": told(seconds=(0.0005, 0.008, 0.02)),
        "help_none": told(*["aaaa"] * 10, seconds=(0.0005, 0.008, 0.0005)),
    }
    for key, text in last.items():
        assert text.endswith(say(f"diagnosis.{key}")), key
    assert "Nothing was guessed in 75 % of the rounds" in told(*["aaaa"] * 5, *[""] * 15, drafter="lookup")


def test_what_is_hardly_anything_is_not_called_nothing(told):
    text = told(seconds=(0.00001, 0.010, 0.0))
    assert text.startswith("<1 % of the time went into guessing, >99 % into the target’s passes, 0 % into the rest.")
    assert "a guess costs <0.01 (c)" in text and "the rest 0.00 (o)" in text
