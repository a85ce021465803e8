"""Compiled passes: the same numbers, the same texts, and nobody is told otherwise."""

import json
import os
import random
import shutil
import subprocess
from dataclasses import replace
from threading import Thread

import pytest
import torch

from specdec.accelerate import accelerated, build_queue, build_worker, runtime
from specdec.accelerate.artifact import Order, folder, order
from specdec.accelerate.build_queue import BuildQueue
from specdec.accelerate.programs import GuessPass, ModelPass
from specdec.accelerate.verify_programs import ExcerptProgram, VerdictsProgram
from specdec.drafters.tree_sampling import children
from specdec.engine import loop
from specdec.engine.recorder import Distributions, excerpt
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.models.accelerator import EAGER, PassInputs
from specdec.models.heads import EagleHead
from specdec.models.pair import Pair
from specdec.sampling import KINDS, Choice
from specdec.settings import Settings
from specdec.trace import gather
from tests import kept
from tests.conftest import ARCHITECTURES

TREE = (-1, -1, 0, 0, 1, 2)
CHAIN = (-1, 0, 1, 2, 3)
PROMPT = "The old lamp on the harbour wall"

pytestmark = pytest.mark.xdist_group("compiled")  # one process makes the pieces and loads them
needs_compiler = pytest.mark.skipif(
    shutil.which("g++") is None and not os.environ.get("REQUIRE_BROWSER"), reason="there is no C++ compiler"
)


@pytest.fixture(scope="module", autouse=True)
def pieces_are_kept():
    """Those that an earlier run has made are not made again."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPECDEC_CACHE", str(kept.pieces()))
        yield


def tokens(count, seed=0):
    rng = random.Random(seed)
    return [rng.randrange(3, 290) for _ in range(count)]


@pytest.fixture(scope="module")
def llama_pair(tiny_model):
    """Target and draft differ in their weights and not in their shape: they share their code."""
    target = tiny_model("llama", layers=2)
    return Pair(None, target, tiny_model("llama", layers=2, seed=5), 4, heads={"eagle": EagleHead.random(target)})


@pytest.fixture(scope="module")
def t5_pair(tiny_model, noisy):
    target = tiny_model("t5", seed=2)
    return Pair(None, target, noisy(target, 0.02), 4)


@pytest.fixture(scope="module", params=["llama", "t5"])
def both(request, llama_pair, t5_pair):
    """A pair, and the same with compiled passes."""
    pair = {"llama": llama_pair, "t5": t5_pair}[request.param]
    return pair, accelerated.make(pair)


def walk(session, start, grows):
    """Logits of passes of one token and of several, after a prompt, on chains and trees, kept and rewound."""
    session.begin(start)
    context = list(session.tokens) or start[:-1]
    seen = []
    for i, parents in enumerate(grows):
        context = [*context, 40 + i]
        ids = tokens(len(parents), i)
        seen.append(session.forward(context, session.model.tensor(ids), parents))
        if parents:
            session.keep([0], ids[:1])
            context = [*context, ids[0]]
    return torch.cat(seen)


def apart(expected, found):
    """The largest difference of log-probabilities, of large ones (T5's logits go up to 50) their share."""
    expected, found = expected.log_softmax(-1), found.log_softmax(-1)
    return ((found - expected).abs() / expected.abs().clamp(min=1)).max()


@needs_compiler
def test_compiled_passes_compute_what_eager_ones_do(both):
    eager, fast = both
    grows = [(), CHAIN, (), CHAIN[:1], CHAIN[:3], ()] if eager.target.encoder_decoder else [(), TREE, CHAIN, (), TREE]
    prompt = tokens(30, 1)
    for one, other in ((eager.target, fast.target), (eager.draft, fast.draft)):
        assert apart(*(walk(model.session(), prompt, grows) for model in (one, other))) < 2e-4


@needs_compiler
def test_hidden_states_are_handed_over_as_by_eager_passes(both):
    eager, fast = both
    states = []
    for pair in (eager, fast):
        session = pair.target.session(keeps_hidden=True)
        walk(session, tokens(30, 1), [(), CHAIN])
        states.append(session.hidden)
    assert states[0].shape == states[1].shape == (6, 32)
    assert torch.allclose(*states, rtol=1e-3, atol=1e-3)


@needs_compiler
def test_texts_are_those_of_eager_runs_and_the_header_says_which_ran(both):
    for drafter in ("none", "model", "lookup"):
        runs = [
            gather(loop.rounds(prepare(pair, Request(PROMPT, drafter, Settings(max_new_tokens=40, draft_length=4)))))
            for pair in both
        ]
        assert [one.header.hardware.mode for one in runs] == ["eager", "compiled"]
        assert runs[0].text == runs[1].text and runs[0].footer.reason != "error"


@needs_compiler
@pytest.mark.parametrize("drafter", ["early_exit", "eagle"])
@pytest.mark.parametrize("shape", [{"draft_length": 4}, {"branching": (2, 1)}, {"branching": "dynamic"}])
def test_parts_of_a_target_guess_the_same_when_they_are_compiled(llama_pair, drafter, shape):
    fast = accelerated.make(llama_pair)
    assert fast.first.mode == fast.heads["eagle"].accelerator.mode == "compiled"
    assert llama_pair.heads["eagle"].accelerator is EAGER
    settings = Settings(max_new_tokens=24, temperature=0.8, rule="rejection", **shape)
    runs = [gather(loop.rounds(prepare(pair, Request(PROMPT, drafter, settings)))) for pair in (llama_pair, fast)]
    assert [[t.id for t in one.draft] for one in runs[0].rounds] == [
        [t.id for t in one.draft] for one in runs[1].rounds
    ]
    assert runs[0].text == runs[1].text


@needs_compiler
@pytest.mark.parametrize(
    ("law", "kind"),
    [
        ({}, "greedy"),
        ({"temperature": 0.8}, "whole"),
        ({"temperature": 0.8, "top_p": 0.9}, "nucleus"),
        ({"temperature": 0.8, "top_k": 5}, None),
        ({"rule": "rejection"}, None),
    ],
)
@pytest.mark.parametrize(("length", "parts"), [(3, [1, 1, 1]), (4, [4]), (6, [4, 1, 1])])
def test_a_chain_is_guessed_the_same_when_its_links_are_compiled(both, law, kind, length, parts, monkeypatch):
    eager, fast = both
    ran, code = [], fast.draft.accelerator.links

    def watched(key, count):
        return lambda given: ran.append((key[0], count)) or code[key][count](given)

    every = {key: {count: watched(key, count) for count in code[key]} for key in code}
    monkeypatch.setattr(fast.draft.accelerator, "links", every)
    settings = Settings(max_new_tokens=40, draft_length=length, **law)
    runs = [gather(loop.rounds(prepare(pair, Request(PROMPT, "model", settings)))) for pair in both]
    guessed = [[(token.id, token.draft_coin) for one in run.rounds for token in one.draft] for run in runs]
    assert guessed[0] == guessed[1] and runs[0].text == runs[1].text
    laws = [[token.draft_prob for one in run.rounds for token in one.draft] for run in runs]
    share = 1e-4 if eager.target.encoder_decoder else 0  # T5 has logits of up to 50, so it is their share that counts
    assert laws[0] == pytest.approx(laws[1], rel=share, abs=1e-5)
    assert ran[: len(parts)] == ([] if kind is None else [(kind, links) for links in parts])


@needs_compiler
def test_the_first_layers_leave_the_target_as_it_is(llama_pair):
    fast = accelerated.make(llama_pair)
    assert (fast.first.layers, fast.target.layers) == (1, 2)


@needs_compiler
def test_buffers_that_grew_are_still_read(llama_pair):
    fast = accelerated.make(llama_pair)
    seen = []
    for pair in (llama_pair, fast):
        session, context = pair.target.session(), tokens(254)
        session.prefill(context[:-1])
        ids = tokens(5, 3)
        seen.append(session.forward(context, pair.target.tensor(ids), CHAIN))
        assert session.cache.size == 320
    assert torch.allclose(*seen, atol=1e-4)


@needs_compiler
def test_a_pass_runs_in_the_next_wider_piece_and_leaves_the_cache_as_an_eager_one_does(both, monkeypatch):
    eager, fast = both
    widths, ran, run = [], [], fast.target.accelerator.passes
    watched = {width: lambda given, width=width: ran.append(width) or run[width](given) for width in run}
    monkeypatch.setattr(fast.target.accelerator, "passes", watched)
    for count in range(1, 12):
        seen, cached = [], []
        for pair in both:
            session = pair.target.session()
            session.begin(tokens(20))
            context = [*(session.tokens or tokens(19)), 40]
            session.forward(context)
            ran.clear()
            guesses = pair.target.tensor(tokens(count - 1, count))
            seen.append(session.forward([*context, 41], guesses, range(-1, count - 2)))
            written = len(context) + count
            cached.append(torch.cat([one[..., :written, :].flatten() for one in session.cache.buffers()]))
        assert seen[0].shape == seen[1].shape == (count, eager.target.vocab_size)
        assert apart(*seen) < 2e-4
        assert torch.allclose(*cached, atol=1e-4)  # of numbers up to 8, in another order of sums 1e-5 apart
        (width,) = ran
        widths.append(width)
    assert widths == [1, *4 * [5], *4 * [9], *2 * [None]]


@needs_compiler
@pytest.mark.parametrize("room", [1, 2, 3])
def test_a_pass_is_not_filled_up_beyond_the_cache(both, room):
    """The fourth of four tokens takes one of the last slots; five would take another one."""
    seen = []
    for pair in both:
        session = pair.target.session()
        session.begin(tokens(20))
        begun = list(session.tokens) or tokens(19)
        context = begun + tokens(64 - room - 3 - len(begun))
        session.forward(context)
        seen.append(session.forward([*context, 41], pair.target.tensor(tokens(3)), range(-1, 2)))
        assert session.cache.size == 64
    assert apart(*seen) < 2e-4


@needs_compiler
def test_a_pair_is_compiled_before_its_wider_pieces_are_there_and_takes_them_when_they_are(
    llama_pair, tmp_path, monkeypatch
):
    accelerated.make(llama_pair)
    made = folder()
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    shutil.copytree(made, folder())
    wide = order(ModelPass(llama_pair.target), 5)
    wide.path.unlink()
    assert accelerated.missing(llama_pair) == [wide]
    narrow = accelerated.accelerated(llama_pair)
    assert set(narrow.target.accelerator.passes) == {1, 9, None}
    shutil.copy(made / wide.path.name, wide.path)
    assert set(accelerated.accelerated(llama_pair).target.accelerator.passes) == {1, 5, 9, None}
    assert set(narrow.target.accelerator.passes) == {1, 9, None}, "a pair that runs stays what it is"


@pytest.mark.parametrize("rows", [(1,), (5,), (1, 3), (2, 2)])
@pytest.mark.parametrize("bias", [False, True])
def test_sums_are_the_product_of_the_library(rows, bias):
    layer, x = torch.nn.Linear(48, 7, bias=bias), torch.randn(*rows, 48)
    found = build_worker.product(x, layer.weight, layer.bias)
    assert found.shape == (*rows, 7) and torch.allclose(found, layer(x), atol=1e-5)


def test_in_16_bits_products_are_the_librarys():
    x = torch.ones(1, 4, dtype=torch.bfloat16)
    assert build_worker.product(x, x) is NotImplemented


@needs_compiler
def test_code_that_was_cut_short_is_forgotten_and_the_passes_stay_eager(llama_pair, tmp_path, monkeypatch):
    made = folder()
    accelerated.make(llama_pair)
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    shutil.copytree(made, folder())
    monkeypatch.setattr(accelerated.BUILDS, "ordered", set())  # made by a process before this one
    accelerated.with_code.cache_clear()
    order(ModelPass(llama_pair.target), 1).path.write_bytes(b"PK not a package")
    assert accelerated.accelerated(llama_pair) is llama_pair
    assert accelerated.missing(llama_pair)
    shutil.copytree(made, folder(), dirs_exist_ok=True)
    assert accelerated.accelerated(llama_pair).target.mode == "compiled", "made anew, it is used"


@needs_compiler
def test_code_that_cannot_be_loaded_though_it_was_made_just_now_is_not_made_again(llama_pair, tmp_path, monkeypatch):
    def load(path, weights):
        raise RuntimeError("another version of the library")

    accelerated.make(llama_pair)
    made = folder()
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    just_now = {one.key for one in accelerated.missing(llama_pair)}  # all of them, in an empty folder
    monkeypatch.setattr(accelerated.BUILDS, "ordered", just_now)  # whichever process made what is kept between runs
    shutil.copytree(made, folder())
    accelerated.with_code.cache_clear()
    monkeypatch.setattr(runtime, "load", load)
    assert accelerated.accelerated(llama_pair) is llama_pair
    assert accelerated.missing(llama_pair) == [] and "could not be loaded" in str(accelerated.obstacle(llama_pair))


@needs_compiler
def test_what_cannot_be_compiled_says_so_once_and_stays_eager(llama_pair, tmp_path, monkeypatch):
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    monkeypatch.setattr(accelerated, "order", lambda one, tokens: broken(1))
    assert accelerated.obstacle(llama_pair) is None
    with pytest.raises(UserError, match="no such pass"):
        accelerated.make(llama_pair)
    assert "no such pass" in str(accelerated.obstacle(llama_pair))
    eager = accelerated.accelerated(llama_pair).target.accelerator
    assert eager.mode == "eager" and "no such pass" in str(eager.reason) and accelerated.missing(llama_pair) == []


def test_a_cache_that_cannot_be_written_leaves_the_passes_eager(llama_pair, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("SPECDEC_CACHE", str(file))
    assert accelerated.accelerated(llama_pair) is llama_pair
    with pytest.raises(UserError, match="compiled"):
        accelerated.make(llama_pair)


def test_without_a_compiler_passes_stay_eager_and_asking_for_code_is_refused(llama_pair, monkeypatch):
    monkeypatch.setattr(accelerated, "compiler", lambda: None)
    assert accelerated.accelerated(llama_pair).target.accelerator.reason.key == "compiled.no_compiler"
    with pytest.raises(UserError, match=r"g\+\+"):
        accelerated.make(llama_pair)


def test_large_models_are_left_as_they_are(llama_pair, monkeypatch):
    monkeypatch.setattr(accelerated, "LARGEST", 1000)
    assert "million" in str(accelerated.obstacle(llama_pair))
    assert accelerated.missing(llama_pair) == []


def test_code_depends_on_shapes_and_threads_and_not_on_weights_or_names(tiny_model, monkeypatch):
    one, other, smaller = (tiny_model("llama", layers=n, seed=seed) for n, seed in ((2, 0), (2, 5), (1, 0)))
    mine = order(ModelPass(one), 1)
    assert order(ModelPass(replace(other, name="another")), 1) == mine
    assert order(ModelPass(smaller), 1) != mine != order(ModelPass(one), 5)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 7)
    assert order(ModelPass(one), 1) != mine


@pytest.mark.parametrize("kind", ARCHITECTURES)
@pytest.mark.parametrize("count", [1, 5, None])
def test_a_traced_pass_of_every_architecture_fits_other_lengths(tiny_model, kind, count):
    model = tiny_model(kind, layers=2)
    run = ModelPass(model).trace(count).module()
    session, context = model.session(), tokens(20)
    session.prefill(context[:-1])
    buffers = [buffer.clone() for buffer in session.cache.buffers()]
    many = count or 7
    ids, places = model.tensor(tokens(many, 2)), torch.arange(19, 19 + many)
    mask = torch.arange(session.cache.size) <= places[:, None]
    found, _ = run(ids, places, places, mask, buffers)
    with torch.inference_mode():
        expected, _ = model.eager(session.cache, PassInputs(ids, places, places, mask), 0, True)
    assert torch.allclose(found, expected, atol=1e-4)
    assert torch.allclose(torch.stack(buffers), torch.stack(session.cache.buffers()), atol=1e-5)


@pytest.mark.parametrize("kind", [*ARCHITECTURES, "t5"])
@pytest.mark.parametrize("choice", KINDS)
def test_traced_links_of_every_architecture_choose_as_the_drafter_does(tiny_model, kind, choice):
    model = tiny_model(kind)
    law = {"greedy": Settings(), "whole": Settings(temperature=0.8)}.get(choice, Settings(temperature=0.8, top_p=0.9))
    coins = torch.tensor([0.37, 0.81], dtype=torch.float64)
    session = model.session()
    session.begin(tokens(20))
    context = [*(session.tokens or tokens(19)), 40]
    session.forward(context)
    buffers, slot = [buffer.clone() for buffer in session.cache.buffers()], torch.tensor([len(context)])
    given = torch.tensor([41]), slot, coins, torch.tensor([0.8, 0.9]), buffers
    chosen, found, following = GuessPass(model, choice).trace(2).module()(*given)
    context.append(41)
    for token, own, coin in zip(chosen, found, coins, strict=True):
        expected, q = children(session.forward(context), law, 1, None if choice == "greedy" else coin[None])
        assert token == expected and torch.allclose(own, q[0], atol=1e-5)
        context.append(int(token))
    assert following == len(context) - 1


def test_a_model_built_from_its_order_has_the_same_shapes(tiny_model):
    model = tiny_model("qwen3", layers=2)
    one = ModelPass(model)
    built = build_worker.build(json.loads(json.dumps(one.shapes())), "float32")
    shapes = [{name: p.shape for name, p in module.named_parameters()} for module in (one, built)]
    assert shapes[0] == shapes[1]


def test_while_a_run_is_measured_making_stands_still():
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    builds = BuildQueue()
    builds.processes.append(process)
    try:
        with builds.quiet():
            with builds.quiet():
                os.waitid(os.P_PID, process.pid, os.WSTOPPED)  # returns once it has stopped
            assert os.waitid(os.P_PID, process.pid, os.WCONTINUED | os.WNOHANG) is None, "another run is not over"
        os.waitid(os.P_PID, process.pid, os.WCONTINUED)
    finally:
        builds.ended(process)
        process.kill()
        process.wait()


def broken(number):
    """Nothing that could be made; `number` tells it from others."""
    return Order(json.dumps({"shapes": {"kind": f"no such pass {number}"}, "dtype": "float32", "threads": 1}))


def test_making_that_was_ordered_while_a_run_is_measured_begins_after_it(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    builds = BuildQueue()
    maker = Thread(target=builds.at_once, args=[[broken(1)]])
    with builds.quiet():
        maker.start()
        maker.join(0.3)
        assert maker.is_alive() and not builds.processes
    maker.join()
    assert "no such pass 1" in str(broken(1).refused)


def test_what_cannot_be_made_keeps_nobody_from_making_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    monkeypatch.setattr(build_queue, "SIDE_BY_SIDE", 1)
    started, start = [], subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **more: started.append(args) or start(*args, **more))
    BuildQueue().at_once(map(broken, range(3)))
    assert len(started) == 1, "one process makes them all"
    for number in range(3):
        told = json.loads(broken(number).refusal.read_text(encoding="utf-8"))
        assert told == {"key": "compiled.failed", "values": {"why": f"KeyError: 'no such pass {number}'"}}


def test_making_that_is_stopped_from_outside_may_be_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    builds = BuildQueue()
    maker = Thread(target=builds.at_once, args=[[broken(1)]])
    maker.start()
    while not builds.processes:
        maker.join(0.01)
    builds.stop()
    maker.join()
    assert broken(1).refused is None and not builds.processes


def judged(size, count, seed=0):
    """Inputs of a rule on a chain, some kept and one refused: logits, ids, q and coins."""
    make = torch.Generator().manual_seed(seed)
    logits = 3 * torch.randn(count + 1, size, generator=make)
    q = torch.softmax(logits[:-1] + torch.randn(count, size, generator=make), -1)
    ids = logits[:-1].argmax(-1)
    ids[2:3] = torch.randint(size, ids[2:3].shape, generator=make)
    return logits, ids, q, torch.rand(count + 1, dtype=torch.float64, generator=make)


@needs_compiler
@pytest.mark.parametrize(("kind", "rule"), VerdictsProgram.RULES.items())
@pytest.mark.parametrize("count", [0, 4, 8])
def test_compiled_verdicts_and_what_is_told_of_them_are_the_rules_own(both, kind, rule, count):
    _, fast = both
    size = fast.target.vocab_size
    choice = Choice(rule, 0.8 if rule == "rejection" else 0.0, 0, 0.9 if kind == "nucleus" else 1.0, 0.0, size)
    for seed in range(20):
        logits, ids, q, coins = judged(size, count, seed)
        drawn = [q, coins, choice.numbers()] if rule == "rejection" else []
        expected = VerdictsProgram(kind, size, torch.float32)(logits, ids, *drawn)
        code = fast.target.accelerator.verdicts(rule, kind, count)
        p, found = code(logits, ids, q, coins if drawn else None, choice)
        parts = [found.accepted, found.tried, found.final, found.final_row, *([found.accept_prob] if drawn else ())]
        for one, other in zip(expected, [p, *parts], strict=True):
            assert one.dtype == other.dtype and torch.allclose(one, other, atol=1e-6)
        places = Distributions(p, q, ids, found.final, found.final_row, torch.arange(count), found.final_row)
        for one, other in zip(excerpt(places), fast.target.accelerator.excerpt(count)(places), strict=True):
            assert one.dtype == other.dtype and torch.allclose(one, other, atol=1e-5)


@needs_compiler
@pytest.mark.parametrize(
    ("settings", "counts"),
    [
        ({"draft_length": 4}, {0, 4}),
        ({"draft_length": 4, "temperature": 0.8, "rule": "rejection"}, {0, 4}),
        ({"draft_length": 4, "temperature": 0.8, "rule": "rejection", "top_p": 0.9}, {0, 4}),
        ({"draft_length": 4, "temperature": 0.8, "rule": "rejection", "top_k": 9}, set()),
        ({"draft_length": 4, "temperature": 0.8, "rule": "block"}, set()),
        ({"branching": (2, 1)}, {0}),
        ({"draft_length": 3}, {0}),
    ],
)
def test_only_chains_under_usual_laws_are_judged_by_code_and_all_runs_are_those_of_eager_rules(
    llama_pair, monkeypatch, settings, counts
):
    fast, judged = accelerated.make(llama_pair), set()
    judges = fast.target.accelerator.judges
    watched = {key: lambda *x, key=key, run=run: judged.add(key) or run(*x) for key, run in judges.items()}
    settings, runs = Settings(max_new_tokens=24, **settings), []
    for code in (watched, {}):
        monkeypatch.setattr(fast.target.accelerator, "judges", code)
        if not code:
            monkeypatch.setattr(fast.target.accelerator, "excerpts", {})
        runs.append(gather(loop.rounds(prepare(fast, Request(PROMPT, "model", settings)))))
    assert {guesses for _, _, guesses in judged} == counts
    assert runs[0].footer.reason != "error"
    for one, other in zip(runs[0].rounds, runs[1].rounds, strict=True):
        assert [(t.id, t.verdict, t.coin) for t in one.draft] == [(t.id, t.verdict, t.coin) for t in other.draft]
        for mine, theirs in zip((*one.draft, one.final), (*other.draft, other.final), strict=True):
            assert mine.id == theirs.id and mine.target_prob == pytest.approx(theirs.target_prob, abs=1e-6)
            assert [row[:2] for row in mine.top] == [row[:2] for row in theirs.top]
            assert mine.tail == pytest.approx(theirs.tail, abs=1e-5)


def test_code_beside_a_pass_fits_any_target_of_that_vocabulary_and_number_format():
    assert order(VerdictsProgram("greedy", 300, torch.float32), 5) != order(
        VerdictsProgram("greedy", 300, torch.bfloat16), 5
    )
    assert order(ExcerptProgram(300), 5) != order(ExcerptProgram(301), 5)
    assert order(ExcerptProgram(300), 5) == order(ExcerptProgram.build(ExcerptProgram(300).shapes(), torch.float32), 5)
