"""A run can be gone on from in the middle: its coins are wound forward, and what lies before is a prompt."""

from dataclasses import replace

import pytest

import specdec
from specdec.engine.loop import rounds
from specdec.engine.planner import LONGEST
from specdec.engine.request import Branch, Request, prepare
from specdec.errors import UserError
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings
from specdec.trace import Calibration, gather, loads

PROMPT = "The old lamp on the harbour wall burns all night, and the old lamp"
CHEAP = Calibration(0.05, tuple(1 + 0.02 * n for n in range(LONGEST + 1)), 0.1)
SAMPLED = {"temperature": 0.9, "seed": 11}
WAYS = {
    "greedy chain": {"draft_length": 3},
    "greedy tree": {"branching": (2, 2)},
    "sampled chain": {"draft_length": 3, **SAMPLED},
    "sampled tree": {"branching": (2, 2, 1), **SAMPLED},
    "block": {"draft_length": 3, "rule": "block", **SAMPLED},
    "match": {"draft_length": 3, "rule": "match", **SAMPLED},
    "filtered": {"draft_length": 3, "top_p": 0.9, **SAMPLED},
    "automatic": {"draft_length": "auto", **SAMPLED},
}


@pytest.fixture(scope="module")
def pair(tiny_model, noisy):
    target = tiny_model("llama", layers=2)
    heads = {"eagle": EagleHead.random(target), "medusa": MedusaHeads.random(target, 3)}
    return Pair(None, target, noisy(target, 0.02), 4, heads=heads)


def run(pair, prompt=PROMPT, drafter="model", calibration=CHEAP, **choices):
    settings = Settings(**{"max_new_tokens": 24} | choices)
    return gather(rounds(prepare(pair, Request(prompt, drafter, settings, calibration=calibration))))


def told(one):
    """What a round says apart from the clock and its number."""
    final = one.final and (one.final.id, one.final.verdict, one.final.text, one.final.coin)
    guesses = [(t.id, t.parent, t.verdict, t.text, t.draft_coin, t.coin) for t in one.draft]
    return guesses, final, one.plan and one.plan.draft_length


def same(rows, others):
    assert [told(one) for one in rows] == [told(one) for one in others]
    for one, other in zip(rows, others, strict=True):
        for token, twin in zip(one.draft, other.draft, strict=True):
            assert token.target_prob == pytest.approx(twin.target_prob, abs=1e-5)
            assert token.draft_prob == pytest.approx(twin.draft_prob, abs=1e-5)


def places(whole):
    """A token at the beginning, in the middle and at the end of a round that kept a guess, and in the last round."""
    middle = max(range(1, len(whole.rounds) - 1), key=lambda i: len(whole.rounds[i].committed))
    last = len(whole.rounds[middle].committed) - 1
    return [(0, 0), (middle, 0), (middle, 1), (middle, last), (len(whole.rounds) - 1, 0)]


@pytest.mark.parametrize("way", WAYS)
def test_a_branch_that_puts_the_same_token_there_is_the_rest_of_the_run(pair, way):
    whole = run(pair, **WAYS[way])
    for number, token in places(whole):
        row = whole.rounds[number].committed
        branch = run(pair, Branch(whole, number, token, row[token].id), calibration=None, **WAYS[way])
        same(branch.rounds, whole.rounds[number:])
        assert branch.footer.reason == whole.footer.reason
        prompt = [one.id for one in branch.header.prompt.tokens]
        assert prompt + branch.ids == [one.id for one in whole.header.prompt.tokens] + whole.ids
        assert branch.header.prompt.text + branch.text == whole.header.prompt.text + whole.text


@pytest.mark.parametrize("drafter", ["none", "lookup", "suffix", "early_exit", "medusa", "eagle"])
@pytest.mark.parametrize("way", ["greedy chain", "sampled chain"])
def test_whoever_drafts_the_rest_of_the_run_is_the_same(pair, drafter, way):
    alone = replace(pair, memory={})
    whole = run(alone, drafter=drafter, **WAYS[way])
    number = len(whole.rounds) // 2
    branch = Branch(whole, number, 0, whole.rounds[number].committed[0].id)
    same(run(replace(pair, memory={}), branch, drafter, **WAYS[way]).rounds, whole.rounds[number:])


@pytest.mark.parametrize("way", ["greedy chain", "sampled chain", "sampled tree", "automatic"])
def test_a_branch_with_another_token_goes_on_from_it(pair, way):
    whole = run(pair, **WAYS[way])
    for number, token in places(whole)[:-1]:
        row = whole.rounds[number].committed
        other = next(id for id, *_ in row[token].top if id != row[token].id and id not in pair.target.end_ids)
        branch = run(pair, Branch(whole, number, token, other), **WAYS[way])
        begun = [one.id for one in whole.header.prompt.tokens]
        kept = [one.id for before in whole.rounds[:number] for one in before.committed]
        kept += [one.id for one in row[:token]]
        assert [one.id for one in branch.header.prompt.tokens] == [*begun, *kept, other]
        ended = branch.ids[-1] in pair.target.end_ids
        assert branch.footer.reason == ("eos" if ended else "length")
        assert len(kept) + 1 + len(branch.ids) <= 24 and (ended or len(kept) + 1 + len(branch.ids) == 24)
        assert branch.header.settings["max_new_tokens"] == 24 - len(kept) - 1
        if way == "greedy chain":
            plain = run(pair, [*begun, *kept, other], "none", max_new_tokens=len(branch.ids))
            assert branch.ids == plain.ids


def test_the_coins_of_a_branch_are_those_that_the_run_would_have_taken_next(pair):
    whole = run(pair, **WAYS["sampled chain"])
    number = next(i for i, one in enumerate(whole.rounds) if i and len(one.committed) > 1)
    branch = run(pair, Branch(whole, number, 0, 5), **WAYS["sampled chain"])
    drafted = sum(len(one.draft) for one in whole.rounds[: number + 1])
    judged = drafted + number + 1
    first, parent = branch.rounds[0], branch.header.parent
    assert (parent.draft_coins, parent.judge_coins) == (drafted, judged)
    assert [token.draft_coin for token in first.draft] == Coins(11).draft(drafted + 3)[drafted:]
    assert first.draft[0].coin == Coins(11).judge(judged + 1)[judged]


def test_the_header_says_what_it_is_a_branch_of_and_the_trace_is_read_again(pair):
    whole = run(pair)
    branch = run(pair, Branch(whole, 2, 0, 7))
    parent = branch.header.parent
    assert (parent.trace, parent.round, parent.token) == (whole.header.created, 2, 0)
    assert parent.written == sum(len(one.committed) for one in whole.rounds[:2]) + 1
    assert loads(branch.dumps()) == branch and whole.header.parent is None


def test_a_branch_of_a_branch_goes_on_with_the_coins_of_both(pair):
    whole = run(pair, **WAYS["sampled chain"])
    first = run(pair, Branch(whole, 1, 0, whole.rounds[1].committed[0].id), **WAYS["sampled chain"])
    left = first.header.settings["max_new_tokens"]
    again = Branch(first, 2, 0, first.rounds[2].committed[0].id)
    same(run(pair, again, **WAYS["sampled chain"] | {"max_new_tokens": left}).rounds, whole.rounds[3:])


def test_a_branch_is_replayed_from_its_own_trace(pair):
    whole = run(pair, **WAYS["sampled chain"])
    branch = run(pair, Branch(whole, 1, 0, 9), **WAYS["sampled chain"])
    again = specdec.replay(loads(branch.dumps()), pair)
    same(again.rounds, branch.rounds)
    assert again.header.parent == branch.header.parent and again.header.settings == branch.header.settings


def test_a_stop_text_that_began_before_the_branch_ends_it(pair):
    whole = run(pair)
    texts = [token.text for one in whole.rounds for token in one.committed]
    number = next(i for i in range(2, len(whole.rounds)) if whole.rounds[i].committed[0].text)
    at = sum(len(one.committed) for one in whole.rounds[:number])
    stop = (texts[at - 1] + texts[at])[-len(texts[at]) - 1 :]
    branch = run(pair, Branch(whole, number, 0, whole.rounds[number].committed[0].id), stop=(stop,))
    assert branch.footer.reason == "stop" and branch.ids == whole.ids[at : at + 1]


@pytest.mark.parametrize(
    ("number", "token", "replacement", "why"),
    [(99, 0, 5, "no token"), (0, 9, 5, "no token"), (-1, 0, 5, "no token"), (0, 0, 10**6, "no token of")],
)
def test_a_token_that_is_not_there_is_refused_in_a_sentence(pair, number, token, replacement, why):
    with pytest.raises(UserError, match=f"^[^\n]*{why}[^\n]*\\.$"):
        prepare(pair, Request(Branch(run(pair), number, token, replacement), "model"))


def test_nothing_goes_on_from_an_end_from_another_models_run_or_inside_an_encoder_decoders(pair, tiny_model):
    whole = run(pair)
    last = len(whole.rounds) - 1
    with pytest.raises(UserError, match="ends at that token"):
        prepare(
            pair,
            Request(
                Branch(whole, last, len(whole.rounds[last].committed) - 1, 5), "model", Settings(max_new_tokens=24)
            ),
        )
    with pytest.raises(UserError, match="was written by"):
        other = replace(pair, target=replace(pair.target, name="another"))
        prepare(other, Request(Branch(whole, 1, 0, 5), "none"))
    translator = Pair(None, tiny_model("t5"), None, 4)
    with pytest.raises(UserError, match="encoder-decoder"):
        prepare(translator, Request(Branch(run(translator, drafter="none"), 1, 0, 5), "none"))


def test_a_prompt_of_token_ids_is_that_of_its_text(pair):
    ids = pair.target.tokenizer.encode(PROMPT)
    of_text, of_ids = run(pair, **SAMPLED), run(pair, ids, **SAMPLED)
    same(of_ids.rounds, of_text.rounds)
    assert of_ids.header.prompt == of_text.header.prompt


@pytest.mark.parametrize("ids", [[], [-1], [10**6], [1.5], [True]])
def test_ids_that_are_no_tokens_are_refused_in_a_sentence(pair, ids):
    with pytest.raises(UserError, match="^[^\n]*\\.$"):
        prepare(pair, Request(ids, "none"))
