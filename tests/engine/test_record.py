"""What a round shows is what the models computed, on the whole vocabulary, and what the rule decided."""

import math

import pytest
import torch

import specdec
from specdec.engine.recorder import TOP, Row, Shown, largest
from specdec.methods import RULES
from specdec.models.pair import Pair
from specdec.sampling import one_hot, probabilities, residual

PROMPT = "The old lamp"
RUNS = {
    "greedy": {},
    "sampled": {"temperature": 1.0, "seed": 1},
    "filtered": {"temperature": 1.3, "top_k": 30, "top_p": 0.9, "seed": 2},
    "certain": {"rule": "rejection"},
    "copied": {"drafter": "lookup", "temperature": 0.5, "seed": 3},
    "plain": {"drafter": "none", "temperature": 1.0},
}
EXAMPLES = "a b a b a b a b a b a b"


@pytest.fixture(scope="module")
def traces(tiny_pair):
    return {
        name: specdec.run(EXAMPLES if name == "copied" else PROMPT, tiny_pair, max_new_tokens=30, **choice)
        for name, choice in RUNS.items()
    }


@pytest.fixture(params=list(RUNS))
def trace(request, traces):
    return traces[request.param]


def law(model, ids, trace):
    """The distribution behind `ids`, from scratch."""
    with torch.inference_mode():
        logits = model.module(torch.tensor([ids]), use_cache=False).logits[0, -1]
    chosen = trace.header.settings
    if chosen["rule"] == "greedy":
        return torch.softmax(logits, -1)
    return probabilities(logits, chosen["temperature"], chosen["top_k"], chosen["top_p"], chosen["min_p"])


def places(trace):
    """Every drafted and final token with the ids that stand before it."""
    context = [token.id for token in trace.header.prompt.tokens]
    for one in trace.rounds:
        guessed = [token.id for token in one.draft]
        for i, token in enumerate(one.draft):
            yield token, context + guessed[:i]
        kept = [token.id for token in one.path]
        if one.final:
            yield one.final, context + kept
        context += [token.id for token in one.committed]


def shown(trace):
    return [token for one in trace.rounds for token in (*one.draft, *((one.final,) if one.final else ()))]


def test_probabilities_are_those_of_the_models_even_for_guesses_that_nobody_judged(traces, tiny_pair):
    for name, verdicts in (("greedy", 3), ("sampled", 3), ("filtered", 3), ("plain", 1)):
        trace, seen = traces[name], set()
        for token, before in places(trace):
            seen.add(token.verdict)
            p = law(tiny_pair.target, before, trace)
            assert token.target_prob == pytest.approx(p[token.id].item(), abs=2e-5)
            for other, _, p_other, _, _ in token.top:
                assert p_other == pytest.approx(p[other].item(), abs=2e-5)
            if hasattr(token, "draft_prob"):
                q = law(tiny_pair.draft, before, trace)
                assert token.draft_prob == pytest.approx(q[token.id].item(), abs=2e-5)
                assert token.tail[1] == pytest.approx(1 - sum(q[row[0]].item() for row in token.top), abs=2e-5)
        assert len(seen) >= verdicts


def test_the_drafted_and_the_final_token_are_always_among_those_shown(trace):
    for one in trace.rounds:
        for token in one.draft:
            assert token.id in [row[0] for row in token.top]
        if one.final:
            assert one.final.id in [row[0] for row in one.final.top]
            refused = [token for token in one.draft if token.verdict == "rejected"]
            for token in refused:  # the correction stands in the same place: its bar is shown beside the guess
                assert one.final.id in [row[0] for row in token.top]


def test_eight_tokens_are_shown_largest_first_or_all_that_are_possible(trace):
    for token in shown(trace):
        largest = [max(row[2:4]) for row in token.top]
        assert len({row[0] for row in token.top}) == len(token.top) <= TOP
        assert len(token.top) == TOP or max(token.tail) == 0
        assert largest == sorted(largest, reverse=True)


def test_where_all_that_is_possible_is_shown_others_have_nothing_whatever_sums_have_rounded():
    p, q, left = Shown([0.75, 0.25, 0.0], 1.0000001), Shown([0.5, 0.5, 0.0], 1.0), Shown([0.25, 0.0, 0.0], 0.25)
    few = Row.of(7, [7, 3, 9], p, q, left, excess=True)
    assert few.tail == (0, 0, 0) and few.top[0] == (-0.75, 7, 0.75, 0.5, 1.0)
    p, q, left = Shown([0.5, 0.25], 1.0), Shown([0.5, 0.5], 1.0), Shown([0.0, 0.0], 0.25)
    more = Row.of(7, [7, 3], p, q, left, excess=True)
    assert more.tail == (0.25, 0, 1)


def test_the_tail_is_what_the_shown_masses_leave(trace):
    for token in shown(trace):
        p, q, left = (sum(row[i] for row in token.top) + token.tail[i - 2] for i in (2, 3, 4))
        assert p == pytest.approx(1, abs=1e-5) and left == pytest.approx(1, abs=1e-5)
        assert q == pytest.approx(1, abs=1e-5) or q == 0
        assert min(token.tail) >= 0


def test_no_token_that_is_left_out_is_larger_than_one_that_is_shown(traces, tiny_pair):
    for token, before in places(traces["sampled"]):
        if token.verdict in ("correction", "rejected", "bonus", "plain"):
            continue  # where a second token is shown in any case
        p, q = (law(model, before, traces["sampled"]) for model in (tiny_pair.target, tiny_pair.draft))
        best = torch.maximum(p, q).topk(TOP).values
        assert sorted((max(row[2:4]) for row in token.top), reverse=True)[:-1] == pytest.approx(
            best[:-1].tolist(), abs=2e-5
        )


def test_the_residual_shown_is_the_normalized_excess_of_p_over_q(traces, tiny_pair):
    for token, before in places(traces["sampled"]):
        if not hasattr(token, "draft_prob"):
            continue
        p, q = (law(model, before, traces["sampled"]) for model in (tiny_pair.target, tiny_pair.draft))
        left = (p - q).clamp(min=0)
        left /= left.sum()
        for other, _, _, _, shown in token.top:
            assert shown == pytest.approx(left[other].item(), abs=1e-3)


def test_a_correction_has_residual_and_a_refused_guess_has_none(traces):
    for name in ("sampled", "filtered", "copied"):
        corrected = 0
        for one in traces[name].rounds:
            for token in one.draft:
                if token.verdict == "rejected":
                    assert next(row[4] for row in token.top if row[0] == token.id) == 0
            if one.final and one.final.verdict == "correction":
                corrected += 1
                assert next(row[4] for row in one.final.top if row[0] == one.final.id) > 0
                refused = next(token for token in one.draft if token.verdict == "rejected")
                assert dict((row[0], row) for row in refused.top)[one.final.id] == next(
                    row for row in one.final.top if row[0] == one.final.id
                )
        assert corrected


def test_a_token_written_without_a_guess_shows_p_as_its_residual_and_no_q(traces):
    finals = [one.final for one in traces["plain"].rounds]
    finals += [one.final for one in traces["sampled"].rounds if one.final and one.final.verdict == "bonus"]
    assert {token.verdict for token in finals} == {"plain", "bonus"}
    for token in finals:
        for _, _, p, q, left in token.top:
            assert q == 0 and left == pytest.approx(p, abs=1e-6)
        assert token.tail[1] == 0


def test_the_final_verdict_says_where_the_token_came_from(trace):
    for one in trace.rounds:
        if one.final is None:
            continue
        rejected = any(token.verdict == "rejected" for token in one.draft)
        expected = "plain" if not one.draft else "correction" if rejected else "bonus"
        assert one.final.verdict == expected
        assert expected != "bonus" or all(token.verdict == "accepted" for token in one.draft)


def test_a_copied_guess_is_certain(traces):
    guesses = [token for one in traces["copied"].rounds for token in one.draft]
    assert guesses
    for token in guesses:
        assert token.draft_prob == 1 and token.draft_coin is None
        assert [row[0] for row in token.top if row[3] == 1] == [token.id]
        assert token.accept_prob == pytest.approx(token.target_prob)


def test_coins_are_shown_where_they_were_tossed_and_nowhere_else(traces):
    for name, trace in traces.items():
        for one in trace.rounds:
            for token in one.draft:
                judged = token.verdict != "discarded"
                assert (token.coin is not None) == (judged and name != "greedy")
                assert (token.draft_coin is not None) == (name in ("sampled", "filtered"))
                assert (token.accept_prob is None) == (name == "greedy")
            if one.final:
                assert (one.final.coin is None) == (name == "greedy")


def test_accept_prob_is_p_over_q_and_the_coin_decides(traces):
    judged = [t for name in ("sampled", "filtered") for one in traces[name].rounds for t in one.draft]
    for token in judged:
        assert token.accept_prob == pytest.approx(min(1, token.target_prob / token.draft_prob), abs=1e-12)
        if token.coin is not None:
            assert (token.coin < token.accept_prob) == (token.verdict == "accepted")


def test_a_piece_and_an_id_are_shown_for_what_they_are(trace, tiny_pair):
    for token in shown(trace):
        assert token.piece and all(row[1] for row in token.top)
        assert next(row[1] for row in token.top if row[0] == token.id) == token.piece


def test_models_whose_numbers_are_no_numbers_end_the_run_instead_of_entering_the_trace(tiny_model, noisy):
    broken = noisy(tiny_model("llama"), noise=float("nan"))
    pair = Pair(None, broken, None, 4)
    for rule in RULES:
        temperature = 0 if rule == "greedy" else 1
        trace = specdec.run(PROMPT, pair, drafter="none", rule=rule, temperature=temperature)
        assert (trace.footer.reason, trace.rounds) == ("error", ())
        assert "probabilities that are not numbers" in trace.footer.message
        assert specdec.trace.loads(trace.dumps()) == trace


# ------------------------------------------------------------------------------------------------- trees and rules


def families(one):
    """The children of the context and of every node, in order."""
    for parent in range(-1, len(one.draft)):
        if children := [i for i, token in enumerate(one.draft) if token.parent == parent]:
            yield parent, children


def path_to(one, node):
    path = []
    while node >= 0:
        path.insert(0, one.draft[node].id)
        node = one.draft[node].parent
    return path


@pytest.fixture(scope="module", params=["model", "lookup"])
def tree_trace(request, tiny_pair):
    choice = {"temperature": 1.1, "branching": (3, 2, 1), "seed": 4, "max_new_tokens": 40}
    return specdec.run(EXAMPLES if request.param == "lookup" else PROMPT, tiny_pair, drafter=request.param, **choice)


def test_a_guess_of_a_tree_shows_p_and_q_at_the_moment_it_was_judged(tree_trace, tiny_pair):
    context = [token.id for token in tree_trace.header.prompt.tokens]
    certain = tree_trace.header.drafter.name == "lookup"
    refused = 0
    for one in tree_trace.rounds:
        for parent, children in families(one):
            before = context + path_to(one, parent)
            p = raw = law(tiny_pair.target, before, tree_trace)
            q = law(tiny_pair.draft, before, tree_trace)
            for node in children:
                token = one.draft[node]
                guess = one_hot(torch.tensor(token.id), len(p)) if certain else q / q.sum()
                met = p if token.verdict != "discarded" else raw
                assert token.target_prob == pytest.approx(met[token.id].item(), abs=1e-4)
                assert token.draft_prob == pytest.approx(guess[token.id].item(), abs=1e-4)
                assert token.accept_prob == pytest.approx(min(1, token.target_prob / token.draft_prob), abs=1e-9)
                p = residual(p, guess)
                q = q.index_fill(0, torch.tensor(token.id), 0)
                refused += token.verdict == "rejected"
            if one.final and one.final.verdict == "correction" and before == context + [t.id for t in one.path]:
                for other, _, _, _, left in one.final.top:
                    assert left == pytest.approx(p[other].item(), abs=1e-3)
        context += [token.id for token in one.committed]
    assert refused > 1


def test_in_a_tree_siblings_are_tried_in_order_until_one_is_kept(tree_trace):
    for one in tree_trace.rounds:
        reached = {-1} | {i for i, token in enumerate(one.draft) if token.verdict == "accepted"}
        for parent, children in families(one):
            verdicts = [one.draft[i].verdict for i in children]
            if parent not in reached:
                assert set(verdicts) == {"discarded"}
                continue
            kept = verdicts.index("accepted") if "accepted" in verdicts else len(verdicts)
            assert verdicts[:kept] == ["rejected"] * kept
            assert set(verdicts[kept + 1 :]) <= {"discarded"} or one.final is None
            for i in children:
                token = one.draft[i]
                assert (token.coin is None) == (token.verdict == "discarded")
                if token.coin is not None:
                    assert (token.coin < token.accept_prob) == (token.verdict == "accepted")


def test_a_tree_in_text_reads_as_each_path_would(tree_trace, tiny_pair):
    context = [token.id for token in tree_trace.header.prompt.tokens]
    decode = tiny_pair.target.tokenizer.decode
    for one in tree_trace.rounds:
        for i, token in enumerate(one.draft):
            whole, shorter = decode(context + path_to(one, i)), decode(context + path_to(one, token.parent))
            if "\ufffd" not in whole + shorter:
                assert shorter + token.text == whole
        context += [token.id for token in one.committed]


def test_under_the_block_rule_every_guess_has_its_coin_and_numbers(tiny_pair):
    trace = specdec.run(PROMPT, tiny_pair, rule="block", temperature=1.0, seed=2)
    assert {token.verdict for one in trace.rounds for token in one.draft} == {"accepted", "rejected", "discarded"}
    for one in trace.rounds:
        product = 1.0
        for token in one.draft:
            product = min(1.0, product * token.target_prob / token.draft_prob)
            assert token.rule["product"] == pytest.approx(product, rel=1e-5)
            assert token.coin is not None and token.accept_prob is None
        passed = [i for i, token in enumerate(one.draft, 1) if token.coin < token.rule["threshold"]]
        assert one.final is None or len(one.path) == max(passed, default=0)
    assert specdec.trace.loads(trace.dumps()) == trace


def test_under_match_the_coin_that_refuses_has_drawn_the_correction(tiny_pair):
    trace = specdec.run(PROMPT, tiny_pair, rule="match", temperature=1.0, seed=2)
    corrected = 0
    for one in trace.rounds:
        for token in one.draft:
            assert token.accept_prob == token.target_prob
        if one.final and one.final.verdict == "correction":
            (refused,) = [token for token in one.draft if token.verdict == "rejected"]
            assert refused.coin == one.final.coin and refused.id != one.final.id
            corrected += 1
    assert corrected


@pytest.mark.parametrize("branching", [None, (2, 2)])
def test_under_typical_what_is_kept_is_over_its_threshold(tiny_pair, branching):
    trace = specdec.run(PROMPT, tiny_pair, rule="typical", temperature=1.0, seed=2, branching=branching)
    seen = set()
    for one in trace.rounds:
        for token in one.draft:
            seen.add(token.verdict)
            asked = min(0.09, 0.3 * math.exp(-token.rule["entropy"]))
            assert token.rule["threshold"] == pytest.approx(asked)
            assert token.coin is None and token.accept_prob is None
            if token.verdict != "discarded":
                assert (token.target_prob > asked) == (token.verdict == "accepted")
    assert {"accepted", "rejected"} <= seen
    assert specdec.trace.loads(trace.dumps()) == trace


@pytest.mark.parametrize("size", [5, 300, 4096, 1 << 15])
@pytest.mark.parametrize("equal", [False, True])
def test_the_largest_are_found_whether_or_not_there_are_blocks_of_them(size, equal):
    values = torch.rand(3, size, generator=torch.Generator().manual_seed(size))
    values[0, : size // 2] = values[0].amax()  # many equals
    values = values.mul(4).floor() if equal else values
    places = largest(values, TOP)
    assert places.shape == (3, min(TOP, size)) and all(len(set(row)) == len(row) for row in places.tolist())
    assert torch.equal(values.gather(1, places).sort().values, values.topk(min(TOP, size)).values.sort().values)
