"""Lookahead drafts what the target itself guessed, and its window never changes what is written."""

import copy
from dataclasses import replace

import pytest
import torch

import specdec
from specdec.drafters import lookahead
from specdec.drafters.draft import Context
from specdec.drafters.lookahead import COLUMNS, LEVELS, MOST_RUNS, LookaheadDrafter
from specdec.methods import DRAFTERS
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

PROMPT = "The old lamp on the harbour wall"


@pytest.fixture(scope="module")
def looping(tiny_model):
    """A model whose next token depends on the last one alone: greedy text must come back to where it was."""
    made = tiny_model("llama")
    module = copy.deepcopy(made.module)
    with torch.no_grad():
        for layer in module.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
    return Pair(None, LanguageModel("looping", module, made.tokenizer), None, 3)


@pytest.fixture
def watched(monkeypatch):
    """Every proposal of the runs in this test: the context's tokens, the draft's paths, the window, what the target
    ranked first behind the window's tokens (None for the last)."""
    seen = []

    class Watched(LookaheadDrafter):
        def propose(self, context, shape, coins):
            if context.extra is not None:
                seen[-1]["best"] = context.extra.argmax(-1).tolist()
            draft = super().propose(context, shape, coins)
            extra = draft.extra and (draft.extra.ids.tolist(), draft.extra.parents)
            seen.append(
                {"tokens": list(context.tokens), "draft": draft, "extra": extra, "best": None, "drafter": self}
            )
            return draft

    watched = replace(DRAFTERS["lookahead"], code=lambda pair, settings: Watched())
    monkeypatch.setitem(DRAFTERS, "lookahead", watched)
    return seen


def path_of(ids, parents, node):
    path = []
    while node >= 0:
        path.insert(0, ids[node])
        node = parents[node]
    return path


def test_the_window_grows_to_its_full_depth_and_keeps_its_shape(tiny_pair, watched):
    specdec.run(PROMPT, tiny_pair, drafter="lookahead", max_new_tokens=30)
    widths = []
    for one in watched:
        ids, parents = one["extra"]
        columns = (
            parents.index(-1, 1)
            if -1 in parents[1:]
            else next((i for i in range(1, len(parents)) if parents[i] != i - 1), len(parents))
        )
        rows = len(ids) // columns
        assert len(ids) == len(parents) == rows * columns
        for row in range(rows):
            for column in range(columns):
                above = column - 1 if row == 0 else (row - 1) * columns + column
                assert parents[row * columns + column] == above
        widths.append((rows, columns))
    assert widths[:LEVELS] == [(level, COLUMNS + LEVELS - level) for level in range(1, LEVELS + 1)]
    assert set(widths[LEVELS:]) == {(LEVELS, COLUMNS)}


def test_every_column_of_the_window_is_one_place_in_the_text(tiny_pair):
    """A round moves the text on by a token: what was guessed for a place stays in the column of that place."""
    drafter = LookaheadDrafter()
    drafter.start(tiny_pair.target, [5], Settings())
    places = [list(range(10, 10 + COLUMNS + LEVELS - 1))]  # a guess is called after the place that it is for
    drafter.window = [list(row) for row in places]
    for moved in range(1, LEVELS + 4):
        drafter.advance([token + 1 for token in drafter.window[-1]])
        for depth, row in enumerate(drafter.window):
            assert row == [10 + moved + depth + column for column in range(len(row))]
    assert list(drafter.pool[15]) == [tuple(range(16, 16 + LEVELS))]


def test_what_the_target_says_behind_the_window_is_what_it_says_without_a_cache(tiny_pair, watched):
    specdec.run(PROMPT, tiny_pair, drafter="lookahead", max_new_tokens=12)
    module = tiny_pair.target.module
    checked = 0
    for one in watched[:-1]:
        ids, parents = one["extra"]
        for node in range(0, len(ids), 3):
            text = [*one["tokens"], *path_of(ids, parents, node)]
            with torch.inference_mode():
                assert module(torch.tensor([text]), use_cache=False).logits[0, -1].argmax() == one["best"][node]
            checked += 1
    assert checked > 20


def test_every_token_of_the_pool_is_what_the_target_ranked_first_behind_the_one_before(tiny_pair, watched):
    specdec.run(PROMPT, tiny_pair, drafter="lookahead", max_new_tokens=60)
    said = {
        (ids[node], best) for one in watched[:-1] for ids, _ in [one["extra"]] for node, best in enumerate(one["best"])
    }
    runs = [(first, *run) for first, known in watched[-1]["drafter"].pool.items() for run in known]
    assert len(runs) > 20 and {len(run) for run in runs} == {LEVELS + 1}
    for run in runs:
        assert set(zip(run, run[1:], strict=False)) <= said


def test_a_draft_is_made_of_runs_that_begin_where_the_text_ends(looping, watched):
    specdec.run(PROMPT, looping, drafter="lookahead", max_new_tokens=60, draft_length=6)
    drafted = 0
    for one in watched:
        pool, last = one["drafter"].pool, one["tokens"][-1]
        path = [last, *one["draft"].ids.tolist()]
        if len(path) > 1:
            assert tuple(path[1 : LEVELS + 1]) in pool[last]
            drafted += 1
    assert drafted > 5


@pytest.mark.parametrize("choice", [{"draft_length": 1}, {"draft_length": 8}, {"branching": (3, 2, 1)}])
def test_the_greedy_text_is_the_targets_own(tiny_pair, looping, choice):
    for pair in (tiny_pair, looping):
        plain = specdec.run(PROMPT, pair, drafter="none", max_new_tokens=60)
        assert specdec.run(PROMPT, pair, drafter="lookahead", max_new_tokens=60, **choice).ids == plain.ids


@pytest.mark.parametrize("choice", [{"draft_length": 4}, {"branching": (3, 2, 1)}])
def test_a_text_that_loops_is_guessed(looping, choice):
    trace = specdec.run(PROMPT, looping, drafter="lookahead", max_new_tokens=90, **choice)
    assert trace.totals.accepted > 30 and trace.totals.tokens_per_pass > 1.5


def test_no_second_model_and_no_extra_pass(tiny_pair):
    trace = specdec.run(PROMPT, tiny_pair, drafter="lookahead", max_new_tokens=10)
    assert trace.header.drafter.model is None
    assert {(one.passes.draft, one.passes.target) for one in trace.rounds} == {(0, 1)}
    assert trace.rounds[0].draft == (), "the pool is empty in the first round, and the window rides along all the same"


def test_the_window_moves_alike_whatever_the_temperature(tiny_pair, watched):
    """It follows the target's best tokens, so what is sampled cannot reach it but through the text itself."""
    for temperature in (0.0, 2.0):
        specdec.run(PROMPT, tiny_pair, drafter="lookahead", max_new_tokens=4, temperature=temperature)
    starts = [i for i, one in enumerate(watched) if len(one["tokens"]) == len(watched[0]["tokens"])]
    assert len(starts) == 2
    for steps in range(2):  # the second window is made of what was said behind the first
        cold, hot = watched[steps], watched[starts[1] + steps]
        assert cold["extra"] == hot["extra"]


def test_a_run_begins_anew_and_from_the_same_window(tiny_pair):
    drafter = LookaheadDrafter()
    prompt = tiny_pair.target.tokenizer.encode(PROMPT)
    windows = []
    for _ in range(2):
        drafter.start(tiny_pair.target, prompt, Settings())
        windows.append(drafter.propose(Context(prompt), (1,), Coins(0)).extra.ids.tolist())
        drafter.remember(prompt[-1], (1, 2, 3))
        assert len(drafter.propose(Context(prompt), (1,), Coins(0)).ids) == 1
    assert windows[0] == windows[1] and set(windows[0]) <= set(prompt)


def test_a_round_without_news_leaves_the_window_as_it_is(tiny_pair):
    drafter = LookaheadDrafter()
    drafter.start(tiny_pair.target, [5, 6, 7], Settings())
    first, second = (drafter.propose(Context([5, 6, 7]), (1, 1), Coins(0)).extra for _ in range(2))
    assert torch.equal(first.ids, second.ids) and first.parents == second.parents


def test_the_pool_keeps_the_latest_runs_and_drafts_the_latest_first(tiny_pair):
    drafter = LookaheadDrafter()
    drafter.start(tiny_pair.target, [5], Settings())
    for token in (*range(10, 30), 25):
        drafter.remember(5, (token, 1, 2))
    assert list(drafter.pool[5]) == [(token, 1, 2) for token in (23, 24, 26, 27, 28, 29, 25)][-MOST_RUNS:]
    assert drafter.propose(Context([5]), (1, 1), Coins(0)).ids.tolist() == [25, 1]
    tree = drafter.propose(Context([5]), (3, 1), Coins(0))
    assert tree.ids.tolist() == [25, 1, 29, 1, 28, 1] and tree.parents == (-1, 0, -1, 2, -1, 4)


def test_runs_are_drawn_out_by_those_that_begin_where_they_end(tiny_pair):
    drafter = LookaheadDrafter()
    drafter.start(tiny_pair.target, [5], Settings())
    drafter.remember(5, (6, 7, 8))
    assert drafter.propose(Context([5]), (1,) * 9, Coins(0)).ids.tolist() == [6, 7, 8]
    drafter.remember(8, (9, 5, 6))
    drafter.remember(6, (1, 1, 1))
    assert drafter.propose(Context([5]), (1,) * 8, Coins(0)).ids.tolist() == [6, 7, 8, 9, 5, 6, 1, 1]


@pytest.mark.parametrize("architecture", ["gpt2", "opt"])
def test_the_window_never_reaches_beyond_the_targets_positions(tiny_model, architecture, watched):
    pair = Pair(None, tiny_model(architecture), None, 3)
    limit = pair.target.limit
    prompt = "lamp " * limit
    tokens = pair.target.tokenizer.encode(prompt)[: limit - 20]
    text = pair.target.tokenizer.decode(tokens)
    length = len(pair.target.tokenizer.encode(text))
    plain, trace = (
        specdec.run(text, pair, drafter=name, max_new_tokens=limit - length) for name in ("none", "lookahead")
    )
    assert trace.footer.reason == plain.footer.reason != "error" and trace.ids == plain.ids
    assert watched[0]["extra"] and (watched[-1]["extra"] is None or trace.footer.reason == "eos")


def test_the_window_is_small_by_default():
    assert lookahead.COLUMNS * lookahead.LEVELS <= 16
