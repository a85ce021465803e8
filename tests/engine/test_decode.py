"""The loop: whatever is guessed, the text is the target's; whatever ends it, everything ends at the same token."""

import copy
import time
from dataclasses import replace

import pytest
import torch
from msgspec import structs
from tokenizers import AddedToken

import specdec
from specdec import trace
from specdec.drafters.draft import Drafter, certain_chain
from specdec.engine import calibration, loop
from specdec.engine.request import Request, prepare
from specdec.engine.run import Run
from specdec.errors import NoRoom, UserError
from specdec.methods import DRAFTERS, DrafterMethod
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.session import Session
from specdec.settings import Settings
from specdec.trace import Footer, Header, Round

PROMPT = "The old lamp"
LENGTH = 30


class ScriptedDrafter(Drafter):
    """Knows the text; guesses right but for one place (None: nowhere) of every draft."""

    def __init__(self, truth, wrong=None, fail_after=None):
        self.truth, self.wrong, self.fail_after = truth, wrong, fail_after
        self.finished = None

    def start(self, target, prompt, settings):
        self.device, self.begin, self.drafts = target.device, len(prompt), 0

    def propose(self, context, shape, coins):
        if self.drafts == self.fail_after:
            raise RuntimeError("out of ideas\nand of memory")
        self.drafts += 1
        done = len(context.tokens) - self.begin
        ids = self.truth[done : done + len(shape)]
        return certain_chain([(t + 1) % 290 if i == self.wrong else t for i, t in enumerate(ids)], self.device)

    def finish(self, tokens):
        self.finished = tokens


@pytest.fixture
def script(monkeypatch):
    """`script(truth, wrong)` makes the drafter called "scripted"."""

    def write(truth, **how):
        drafter = ScriptedDrafter(truth, **how)
        scripted = DrafterMethod(name="scripted", code=lambda pair, settings: drafter, probabilities=True)
        monkeypatch.setitem(DRAFTERS, "scripted", scripted)
        return drafter

    return write


@pytest.fixture(scope="module")
def plain(tiny_pair):
    """Forty tokens of plain greedy decoding: the truth that every greedy run has to write."""
    return specdec.run(PROMPT, tiny_pair, drafter="none", max_new_tokens=40)


def run(pair, drafter, prompt=PROMPT, **choices):
    return trace.gather(loop.rounds(prepare(pair, Request(prompt, drafter, Settings(**choices)))))


def check(one, pair):
    """What is true of every trace."""
    assert trace.loads(one.dumps()) == one
    prompt = [token.id for token in one.header.prompt.tokens]
    texts = "".join(t.text for t in one.header.prompt.tokens) + one.text
    whole = pair.target.tokenizer.decode(prompt + one.ids, skip_special_tokens=True)
    assert whole.startswith(texts) and set(whole[len(texts) :]) <= {"\ufffd"}  # bytes that are no character yet
    assert len(one.ids) <= one.header.settings["max_new_tokens"]
    for r in one.rounds:
        assert len(r.draft) <= one.header.settings["draft_length"]
        assert r.passes.target == 1
    for r in one.rounds[:-1]:
        assert r.final is not None
    return one


# ------------------------------------------------------------------------------------------------- greedy is greedy


@pytest.mark.parametrize("architecture", ["llama", "qwen3", "opt", "gpt2", "neox"])
def test_greedy_text_is_that_of_plain_decoding_and_of_transformers_whoever_drafts(tiny_model, noisy, architecture):
    model = tiny_model(architecture)
    pair = Pair(None, model, noisy(model), 4)
    ids = torch.tensor([model.tokenizer.encode(PROMPT)])
    with torch.inference_mode():
        whole = model.module.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=40,
            eos_token_id=0,
            pad_token_id=0,
        )
    truth = whole[0, ids.shape[1] :].tolist()
    for drafter, rule in (("none", "greedy"), ("model", "greedy"), ("lookup", "greedy"), ("model", "rejection")):
        one = check(run(pair, drafter, rule=rule, max_new_tokens=40), pair)
        assert one.ids == truth
    assert one.totals.accepted and one.totals.rejected


def test_lookup_copies_from_a_prompt_that_repeats_itself_and_changes_nothing(tiny_model, noisy):
    model = tiny_model("gpt2")
    pair = Pair(None, model, noisy(model), 4)
    prompt = "one two, one two, one two, one"
    one, bare = run(pair, "lookup", prompt, max_new_tokens=60), run(pair, "none", prompt, max_new_tokens=60)
    assert one.ids == bare.ids
    assert one.totals.drafted > 0 and one.totals.rejected > 0


@pytest.mark.parametrize("wrong", [0, 1, 2, 3, None])
@pytest.mark.parametrize("rule", ["greedy", "rejection"])
def test_a_refusal_at_any_place_and_none_at_all_leave_the_text_as_it_was(tiny_pair, plain, script, wrong, rule):
    drafter = script(plain.ids, wrong=wrong)
    one = check(run(tiny_pair, "scripted", draft_length=4, max_new_tokens=LENGTH, rule=rule), tiny_pair)
    assert one.ids == plain.ids[:LENGTH]
    kept = 4 if wrong is None else wrong
    for r in one.rounds:
        if len(r.draft) < 4:
            continue  # near the end less is drafted
        verdicts = ["accepted"] * kept + ["rejected"] * (kept < 4) + ["discarded"] * max(0, 3 - kept)
        assert [token.verdict for token in r.draft] == verdicts
        assert r.final.verdict == ("bonus" if kept == 4 else "correction")
    assert drafter.finished == [token.id for token in one.header.prompt.tokens] + one.ids


@pytest.mark.parametrize("length", [0, 1, 2, 9, 64])
def test_any_draft_length_leaves_the_text_as_it_was(tiny_pair, plain, length):
    one = check(run(tiny_pair, "model", draft_length=length, max_new_tokens=LENGTH), tiny_pair)
    assert one.ids == plain.ids[:LENGTH]
    if length == 0:
        assert one.totals.drafted == 0 and {r.final.verdict for r in one.rounds} == {"plain"}
        assert {r.passes.draft for r in one.rounds} == {0}


def test_a_long_run_crosses_a_bucket_and_stays_greedy(tiny_pair):
    long, bare = (run(tiny_pair, name, max_new_tokens=260) for name in ("model", "none"))
    assert long.ids == bare.ids and len(long.ids) > 256


# ------------------------------------------------------------------------------------------------- where a text ends


def ended_by(pair, token):
    """The same pair, whose target ends its texts with `token`."""
    module = copy.deepcopy(pair.target.module)
    module.generation_config.eos_token_id = token
    return replace(pair, target=LanguageModel("tiny", module, pair.target.tokenizer))


# (place that is guessed wrong, tokens a round writes, place in the round where the text ends, what stands there)
ENDS = [
    (None, 5, 0, "accepted"),
    (None, 5, 2, "accepted"),
    (None, 5, 3, "accepted"),
    (None, 5, 4, "bonus"),
    (2, 3, 0, "accepted"),
    (2, 3, 2, "correction"),
    (0, 1, 0, "correction"),
]


def check_end(one, plain, pair, place, verdict, written, reason):
    check(one, pair)
    assert one.footer.reason == reason
    assert one.ids == plain.ids[:written]
    assert one.totals.tokens == written
    last = one.rounds[-1]
    if verdict != "accepted":
        assert last.final.verdict == verdict and last.final.id == one.ids[-1]
        return
    assert last.final is None
    behind = last.draft[place + 1 :]
    assert [token.verdict for token in last.draft[: place + 1]] == ["accepted"] * (place + 1)
    assert all(token.verdict == "discarded" and token.coin is None for token in behind)
    assert len(last.path) == place + 1


@pytest.mark.parametrize(("wrong", "a_round", "place", "verdict"), ENDS)
@pytest.mark.parametrize("rule", ["greedy", "rejection"])
def test_an_end_token_ends_the_text_wherever_it_stands(tiny_pair, plain, script, wrong, a_round, place, verdict, rule):
    at = next(
        i for i, t in enumerate(plain.ids) if i > 4 and i % a_round == place and t not in plain.ids[:i]
    )  # where it is new
    pair = ended_by(tiny_pair, plain.ids[at])
    drafter = script(plain.ids, wrong=wrong)
    one = run(pair, "scripted", draft_length=4, max_new_tokens=40, rule=rule)
    check_end(one, plain, pair, place, verdict, at + 1, "eos")
    assert len(drafter.finished) == len(one.header.prompt.tokens) + at + 1


@pytest.mark.parametrize(("wrong", "a_round", "place", "verdict"), ENDS)
def test_the_length_asked_for_ends_the_text_wherever_it_falls(
    tiny_pair, plain, script, wrong, a_round, place, verdict
):
    script(plain.ids, wrong=wrong)
    for written in (place + 1, place + 1 + a_round, place + 1 + 3 * a_round):
        one = check(run(tiny_pair, "scripted", draft_length=4, max_new_tokens=written), tiny_pair)
        assert one.footer.reason == "length"
        assert one.ids == plain.ids[:written]
        assert one.rounds[-1].final is not None  # never more is drafted than can be used: the target writes the last
        assert len(one.rounds[-1].draft) <= 4


@pytest.mark.parametrize("drafter", ["none", "model", "lookup"])
@pytest.mark.parametrize("written", [1, 2, 5, 7])
def test_a_run_writes_no_token_more_than_asked_for(tiny_pair, plain, drafter, written):
    one = check(run(tiny_pair, drafter, max_new_tokens=written), tiny_pair)
    assert one.ids == plain.ids[:written] and one.footer.reason == "length"


def stops(plain):
    """(stop text, tokens written when it is complete): texts of one, two and four tokens, some inside a token."""
    texts = [token.text for one in plain.rounds for token in one.committed]
    for first in range(3, 30):
        for size in (1, 2, 4, 6):
            stop = "".join(texts[first : first + size])
            if size > 1 and len(stop) > 2:
                stop = stop[1:]  # begins inside a token
            if stop:
                yield stop, next(n for n in range(40) if stop in "".join(texts[:n]))


@pytest.mark.parametrize("wrong", [None, 1])
def test_a_stop_text_ends_the_text_with_the_token_that_completes_it(tiny_pair, plain, script, wrong):
    script(plain.ids, wrong=wrong)
    a_round, seen = 5 if wrong is None else 2, set()
    for stop, written in sorted(set(stops(plain)))[::5]:
        one = run(tiny_pair, "scripted", draft_length=4, max_new_tokens=40, stop=("never written", stop))
        place = (written - 1) % a_round
        verdict = "accepted" if place < a_round - 1 else "bonus" if wrong is None else "correction"
        check_end(one, plain, tiny_pair, place, verdict, written, "stop")
        assert stop in one.text
        before = "".join(token.text for r in one.rounds[:-1] for token in r.committed)
        inside = one.text[len(before) :]
        seen.add(("across rounds" if stop not in inside else "inside one", verdict))
    assert len(seen) == 4


def test_a_prompt_that_no_tokenization_makes_short_enough_is_refused_before_it_is_tokenized(tiny_pair):
    tokenizer = copy.deepcopy(tiny_pair.target.tokenizer)
    target = replace(tiny_pair.target, tokenizer=tokenizer)
    most = target.limit * max(map(len, tokenizer.get_vocab()))
    tokenizer.encode = lambda *_, **__: pytest.fail("it was tokenized")
    with pytest.raises(NoRoom, match=f"{most + 1} characters.*{most} characters at most"):
        next(loop.rounds(prepare(replace(tiny_pair, target=target), Request("a" * (most + 1), "none", Settings()))))


def test_a_stop_text_that_stands_in_the_prompt_ends_nothing(tiny_pair, plain):
    one = run(tiny_pair, "model", max_new_tokens=LENGTH, stop=(PROMPT, "lamp"))
    assert one.ids == plain.ids[:LENGTH]


@pytest.mark.parametrize("rule", ["greedy", "rejection"])
def test_caches_end_with_the_text_when_it_ends_inside_a_draft(tiny_pair, plain, script, rule):
    at = next(i for i, t in enumerate(plain.ids) if i > 4 and i % 5 == 1 and t not in plain.ids[:i])
    pair = ended_by(tiny_pair, plain.ids[at])
    script(plain.ids)
    one = Run(prepare(pair, Request(PROMPT, "scripted", Settings(rule=rule))))
    reason = None
    while reason is None:
        last, reason = one.round()
    assert (reason, last.final) == ("eos", None)
    assert one.session.tokens == one.tokens == one.tokens[: one.prompt_length] + plain.ids[: at + 1]


# ------------------------------------------------------------------------------------------------- reproducible


def apart_from_time(one):
    """The trace with everything blanked that a clock has written."""
    none = trace.Seconds(0.0, 0.0, 0.0)
    rounds = tuple(structs.replace(r, start=0.0, end=0.0, seconds=none) for r in one.rounds)
    header = structs.replace(one.header, created="", prefill_seconds=0.0)
    totals = structs.replace(one.footer.totals, seconds=0.0, peak_memory_bytes=None)
    footer = structs.replace(one.footer, totals=totals, plain_round_seconds=None)
    return trace.Trace(header, rounds, footer)


@pytest.mark.parametrize("drafter", ["none", "model", "lookup"])
def test_the_same_settings_and_seed_give_the_same_trace_apart_from_time(tiny_pair, drafter):
    choices = {"temperature": 0.9, "top_p": 0.95, "seed": 11, "max_new_tokens": LENGTH}
    one, again = (run(tiny_pair, drafter, **choices) for _ in range(2))
    assert apart_from_time(one) == apart_from_time(again)
    other = run(tiny_pair, drafter, **{**choices, "seed": 12})
    assert other.ids != one.ids


def test_two_runs_at_the_same_time_do_not_see_each_other(tiny_pair):
    choices = [Settings(temperature=1.0, seed=seed, max_new_tokens=12) for seed in (1, 2)]
    alone = [trace.gather(loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", one)))) for one in choices]
    streams = [loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", one))) for one in choices]
    lines = [[], []]
    while any(streams):
        for i, stream in enumerate(streams):
            line = next(stream, None) if stream else None
            if line is None:
                streams[i] = None
            else:
                lines[i].append(line)
    assert [apart_from_time(trace.gather(one)) for one in lines] == [apart_from_time(one) for one in alone]


def test_a_run_that_is_dropped_half_way_leaves_nothing_behind(tiny_pair, plain):
    stream = loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", Settings(max_new_tokens=LENGTH))))
    for _ in range(3):
        next(stream)
    stream.close()
    assert run(tiny_pair, "model", max_new_tokens=LENGTH).ids == plain.ids[:LENGTH]


def test_the_clock_stands_still_while_the_caller_holds_a_line(tiny_pair):
    lines = []
    for line in loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", Settings(max_new_tokens=8)))):
        lines.append(line)
        time.sleep(0.01)
    rounds = lines[1:-1]
    assert rounds[0].start == 0
    for before, after in zip(rounds, rounds[1:], strict=False):
        assert after.start == before.end  # what the caller slept between them is in neither
    for one in rounds:
        spent = one.seconds.draft + one.seconds.verify + one.seconds.other
        assert one.end - one.start == pytest.approx(spent)
    assert lines[-1].totals.seconds == rounds[-1].end


@pytest.mark.parametrize(
    ("drafter", "choices"),
    [
        ("model", {}),
        ("model", {"temperature": 0.9, "rule": "block"}),
        ("model", {"branching": (2, 2)}),
        ("early_exit", {}),
        ("lookahead", {}),
    ],
    ids=str,
)
def test_a_plain_round_is_measured_behind_a_run_and_changes_nothing_of_it(tiny_pair, monkeypatch, drafter, choices):
    measured = run(tiny_pair, drafter, max_new_tokens=LENGTH, **choices)
    assert measured.footer.plain_round_seconds > 0
    assert measured.totals.seconds == measured.rounds[-1].end
    monkeypatch.setattr(calibration, "PLAIN_TURNS", 0)
    left = run(tiny_pair, drafter, max_new_tokens=LENGTH, **choices)
    assert left.footer.plain_round_seconds is None
    assert apart_from_time(measured) == apart_from_time(left)


def test_a_plain_round_leaves_tokens_clock_and_cache_as_they_are(tiny_pair):
    one = Run(prepare(tiny_pair, Request(PROMPT, "model")))
    for _ in range(3):
        one.round()

    def state():
        known = len(one.tokens) - 1  # the last token is fed again by whoever asks what follows it
        buffers = [buffer[:, :, :known].clone() for buffer in one.session.cache.buffers()]
        return (list(one.tokens), one.elapsed, one.index, one.tail, one.recorder.position), buffers

    before, cached = state()
    assert one.plain_round() > 0
    after, still = state()
    assert after == before and all(map(torch.equal, cached, still))


@pytest.mark.parametrize(
    ("drafter", "choices"),
    [("none", {"max_new_tokens": LENGTH}), ("model", {"max_new_tokens": 12}), ("model", {"draft_length": 0})],
    ids=str,
)
def test_no_plain_round_is_measured_behind_plain_and_short_runs(tiny_pair, monkeypatch, drafter, choices):
    monkeypatch.setattr(Run, "plain_round", lambda run: pytest.fail("nothing to compare with"))
    assert run(tiny_pair, drafter, **choices).footer.plain_round_seconds is None


def test_no_plain_round_is_measured_behind_a_run_that_failed_or_was_dropped(tiny_pair, plain, script, monkeypatch):
    monkeypatch.setattr(Run, "plain_round", lambda run: pytest.fail("the run is broken off"))
    script(plain.ids, wrong=0, fail_after=20)
    one = run(tiny_pair, "scripted", max_new_tokens=LENGTH)
    assert (one.footer.reason, one.footer.plain_round_seconds) == ("error", None) and one.totals.rounds == 20
    stream = loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", Settings(max_new_tokens=LENGTH))))
    for _ in range(10):
        next(stream)
    stream.close()


def test_a_plain_round_that_cannot_be_measured_leaves_the_run_as_it_is(tiny_pair, plain, monkeypatch):
    def fail(run):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(Run, "plain_round", fail)
    one = check(run(tiny_pair, "model", max_new_tokens=LENGTH), tiny_pair)
    assert (one.footer.reason, one.footer.plain_round_seconds) == ("length", None)
    assert one.ids == plain.ids[:LENGTH]


def test_a_warm_up_leaves_nothing_behind_and_fits_where_the_run_fits(tiny_pair, plain):
    calibration.warm_up(prepare(tiny_pair, Request(PROMPT, "model", Settings())))
    assert run(tiny_pair, "model", max_new_tokens=LENGTH).ids == plain.ids[:LENGTH]
    room = tiny_pair.target.limit - len(tiny_pair.target.tokenizer.encode("a b " * 300))
    calibration.warm_up(prepare(tiny_pair, Request("a b " * 300, "model", Settings(max_new_tokens=min(room, 2)))))


def test_a_prompt_that_is_too_long_is_refused_for_what_was_asked_for(tiny_pair):
    with pytest.raises(UserError, match="and 96 more were asked for"):
        calibration.warm_up(prepare(tiny_pair, Request("a b " * 600, "model", Settings(max_new_tokens=96))))


def test_a_stop_text_that_is_a_special_token_ends_the_text(tiny_pair):
    tokenizer = copy.deepcopy(tiny_pair.target.tokenizer)
    tokenizer.add_tokens([AddedToken("<|turn|>", special=True)])
    turn = tokenizer.convert_tokens_to_ids("<|turn|>")
    module = copy.deepcopy(tiny_pair.target.module)
    module.resize_token_embeddings(turn + 1)
    module.lm_head = torch.nn.Linear(32, turn + 1)
    with torch.no_grad():
        module.lm_head.weight.zero_()
        module.lm_head.bias.zero_()[turn] = 9
    target = LanguageModel("turning", module.eval(), tokenizer)
    one = specdec.run(PROMPT, Pair(None, target, None, 4), drafter="none", max_new_tokens=LENGTH, stop=("<|turn|>",))
    assert (one.ids, one.footer.reason) == ([turn], "stop")


@pytest.mark.parametrize("drafter", ["none", "scripted"])
def test_bytes_that_wait_where_a_run_ends_come_out_with_its_last_token(tiny_pair, script, drafter):
    byte = tiny_pair.target.tokenizer.encode("😀", add_special_tokens=False)[0]
    module = copy.deepcopy(tiny_pair.target.module)
    module.lm_head = torch.nn.Linear(32, 300)
    with torch.no_grad():
        module.lm_head.weight.zero_()
        module.lm_head.bias.zero_()[byte] = 9
    pair = replace(tiny_pair, target=replace(tiny_pair.target, module=module.eval()))
    script([byte] * LENGTH)
    one = specdec.run(PROMPT, pair, drafter=drafter, max_new_tokens=LENGTH)
    assert one.ids == [byte] * LENGTH
    assert one.text == pair.target.tokenizer.decode(one.ids) == "\ufffd" * LENGTH


def test_the_end_of_a_prompt_is_not_the_beginning_of_the_text(tiny_pair):
    one = specdec.run("abc\ufffd", tiny_pair, drafter="none", max_new_tokens=8)
    assert "".join(token.text for token in one.header.prompt.tokens) == "abc\ufffd"
    assert one.text == tiny_pair.target.tokenizer.decode(one.ids)


# ------------------------------------------------------------------------------------------------- lines and errors


def test_a_run_is_a_header_then_rounds_then_a_footer(tiny_pair):
    lines = list(loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", Settings(max_new_tokens=12)))))
    assert [type(line) for line in lines] == [Header] + [Round] * (len(lines) - 2) + [Footer]
    assert [line.index for line in lines[1:-1]] == list(range(len(lines) - 2))


def test_the_header_states_what_ran(tiny_pair):
    settings = Settings(temperature=0.5, stop=("x",), draft_length=3)
    header = next(loop.rounds(prepare(tiny_pair, Request(PROMPT, "model", settings, source="recorded"))))
    assert header.source == "recorded"
    assert header.settings == {**settings.as_record(), "branching": None}
    target, draft = tiny_pair.target, tiny_pair.draft
    assert (header.target.name, header.target.parameters) == (target.name, target.parameters)
    assert (header.drafter.name, header.drafter.model, header.drafter.parameters) == (
        "model",
        draft.name,
        draft.parameters,
    )
    assert header.hardware.device == "cpu" and header.hardware.name
    assert (header.hardware.dtype, header.hardware.threads) == ("float32", torch.get_num_threads())
    assert torch.__version__.startswith(header.software["torch"])
    assert header.prompt.text == PROMPT
    assert [token.id for token in header.prompt.tokens] == target.tokenizer.encode(PROMPT)
    assert "".join(token.text for token in header.prompt.tokens) == PROMPT
    bare = next(loop.rounds(prepare(tiny_pair, Request(PROMPT, "lookup", settings))))
    assert (bare.drafter.name, bare.drafter.model, bare.drafter.parameters) == ("lookup", None, None)


def test_an_error_inside_a_run_keeps_the_rounds_before_it(tiny_pair, plain, script):
    script(plain.ids, fail_after=2)
    one = check(run(tiny_pair, "scripted", max_new_tokens=LENGTH), tiny_pair)
    assert (one.footer.reason, one.footer.message) == ("error", "RuntimeError: out of ideas")
    assert one.ids == plain.ids[:10] and one.totals.rounds == 2


def said(pair, drafter, prompt, **choices):
    with pytest.raises(UserError) as caught:
        next(loop.rounds(prepare(pair, Request(prompt, drafter, Settings(**choices)))))
    sentence = str(caught.value)
    assert len(sentence.splitlines()) == 1 and sentence.endswith("."), sentence
    return sentence


@pytest.mark.parametrize("prompt", ["", " ", "\n\t ", "\u2003\u2028"])
def test_an_empty_prompt_is_refused_before_the_header(tiny_pair, prompt):
    assert "empty" in said(tiny_pair, "model", prompt)


def test_a_prompt_that_leaves_no_room_is_refused_before_the_header(tiny_pair):
    sentence = said(tiny_pair, "model", "lamp " * 2000)
    assert "1024" in sentence and "96" in sentence
    size = len(tiny_pair.target.tokenizer.encode(PROMPT))
    assert "1024" in said(tiny_pair, "none", PROMPT, max_new_tokens=1025 - size)


def test_a_text_may_fill_every_position_of_the_model(tiny_model, noisy):
    model = tiny_model("opt")  # which has a table of positions, and so no room beyond
    pair = Pair(None, model, noisy(model), 4)
    prompt = "lamp " * 330
    size = len(model.tokenizer.encode(prompt))
    assert model.limit - size < 250
    one = run(pair, "model", prompt, temperature=1.0, max_new_tokens=model.limit - size, seed=5)
    assert one.footer.reason in ("length", "eos")


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("a \ud800 b", "a \ufffd b"),
        ("\udfff", "\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("a\x00b", "a\x00b"),
        ("e\u0301", "e\u0301"),
    ],
    ids=ascii,
)
def test_a_prompt_with_broken_characters_is_mended_and_run(tiny_pair, prompt, shown):
    one = check(run(tiny_pair, "model", prompt, max_new_tokens=6), tiny_pair)
    assert one.header.prompt.text == shown
    assert "".join(token.text for token in one.header.prompt.tokens).rstrip("\ufffd") == shown.rstrip("\ufffd")
    assert one.footer.reason == "length"


def test_a_prompt_of_one_token_and_one_with_an_end_token_in_it_run(tiny_pair):
    for prompt in ("a", "<|endoftext|>", "a<|endoftext|>b"):
        one = check(run(tiny_pair, "model", prompt, max_new_tokens=6), tiny_pair)
        bare = run(tiny_pair, "none", prompt, max_new_tokens=6)
        assert one.ids == bare.ids and len(one.ids) == 6


def test_the_package_runs_with_the_pairs_own_best(tiny_pair):
    one = specdec.run(PROMPT, tiny_pair, max_new_tokens=8)
    assert one.header.drafter.name == "model" and one.header.settings["draft_length"] == tiny_pair.draft_length
    lines = list(specdec.rounds(PROMPT, tiny_pair, drafter="none", max_new_tokens=8, draft_length=2))
    assert lines[0].settings["draft_length"] == 2
    with pytest.raises(UserError):
        specdec.run(PROMPT, tiny_pair, drafter="telepathy")


def test_branching_wider_than_the_vocabulary_is_as_wide_as_it_can_be(tiny_model):
    few = Pair(None, tiny_model("gpt2", vocab_size=9), tiny_model("gpt2", vocab_size=9, seed=1), 2)
    for temperature in (0.0, 1.0):
        one = run(few, "model", "!", branching=(12, 2), temperature=temperature, max_new_tokens=8)
        assert one.footer.reason in ("length", "eos"), one.footer.message
        assert max(len([t for t in r.draft if t.parent == -1]) for r in one.rounds) == 9


@pytest.mark.parametrize(("error", "said"), [(torch.OutOfMemoryError("CUDA"), "no memory"), (RuntimeError("x"), "x")])
def test_a_prompt_that_cannot_be_read_is_refused_in_one_sentence(tiny_pair, monkeypatch, error, said):
    def fail(*_):
        raise error

    monkeypatch.setattr(Session, "begin", fail)
    with pytest.raises(UserError, match=f"^[^\n]*{said}[^\n]*\\.$"):
        specdec.run("Once", tiny_pair, drafter="none")


def test_plain_decoding_spends_nothing_on_guesses(tiny_pair):
    one = specdec.run("Once", tiny_pair, drafter="none", max_new_tokens=4)
    assert all(turn.seconds.draft == 0 for turn in one.rounds)
    assert all(turn.seconds.other > 0 for turn in one.rounds)
