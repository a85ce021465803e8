"""Recorded passes: the same texts, one recording for a shape, and buffers that stay where they are.

The capture itself needs a GPU; all else runs anywhere, on the same buffers, with the capture switched off.
"""

import gc
import time
from copy import deepcopy
from dataclasses import replace

import pytest
import torch

from specdec.accelerate import cuda_graphs
from specdec.accelerate.cuda_graphs import recorded
from specdec.engine import loop
from specdec.engine.recorder import RoundTensors
from specdec.engine.request import Request, prepare
from specdec.lab.race import race
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Header, gather

PROMPT = "The old lamp on the harbour wall"
SAMPLED = {"rule": "rejection", "temperature": 0.8}
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")


@pytest.fixture(scope="module")
def pair(tiny_model, noisy):
    target = tiny_model("llama", layers=2)
    heads = {"eagle": EagleHead.random(target), "medusa": MedusaHeads.random(target, 3)}
    return Pair(None, target, noisy(target, 0.02), 4, heads=heads)


@pytest.fixture
def fixed(pair):
    """The same pair over fixed places, and no graph."""
    cuda_graphs.with_graphs.cache_clear()
    return recorded(pair, captures=False)


def run(pair, drafter="model", prompt=PROMPT, **settings):
    given = {"max_new_tokens": 40} | ({} if "branching" in settings else {"draft_length": 4}) | settings
    return gather(loop.rounds(prepare(pair, Request(prompt, drafter, Settings(**given)))))


def as_told(trace):
    return trace.text, [[(token.id, token.verdict) for token in one.draft] for one in trace.rounds]


@pytest.mark.parametrize("law", [{}, SAMPLED], ids=["greedy", "sampled"])
@pytest.mark.parametrize("drafter", ["none", "model", "lookup", "early_exit", "eagle", "medusa"])
@pytest.mark.parametrize("shape", [{}, {"branching": (2, 1)}], ids=["chain", "tree"])
def test_runs_over_fixed_places_are_those_of_eager_passes(pair, fixed, drafter, shape, law):
    eager, other = run(pair, drafter, **shape, **law), run(fixed, drafter, **shape, **law)
    assert as_told(other) == as_told(eager) and other.footer.reason != "error"
    assert (eager.header.hardware.mode, other.header.hardware.mode) == ("eager", "graphs")


def test_a_dynamic_tree_is_the_same(pair, fixed):
    assert as_told(run(fixed, branching="dynamic")) == as_told(run(pair, branching="dynamic"))


def test_a_second_run_finds_the_buffers_and_the_recordings_of_the_first(fixed):
    run(fixed)
    cache = fixed.target.accelerator.free[0]
    made, place = dict(cache.recordings), cache.layers[0].keys.data_ptr()
    assert made
    run(fixed)
    assert fixed.target.accelerator.free == [cache] and cache.layers[0].keys.data_ptr() == place
    assert cache.recordings == made


def test_a_whole_draft_is_one_recording(fixed):
    run(fixed)
    (cache,) = fixed.draft.accelerator.free
    lengths = {place.work.chain for place in cache.recordings}
    assert 4 in lengths and 0 not in lengths, "no pass is recorded by itself"


def test_another_temperature_is_another_recording(fixed):
    texts = [run(fixed, **SAMPLED).text, run(fixed, rule="rejection", temperature=0.3).text]
    assert texts[0] != texts[1]


def test_runs_that_take_turns_do_not_write_into_each_other(pair, fixed):
    alone = run(pair).text
    first, second = (
        loop.rounds(prepare(fixed, Request(PROMPT, "model", Settings(max_new_tokens=40)))) for _ in range(2)
    )
    lines = [[], []]
    for one, other in zip(first, second, strict=True):
        lines[0].append(one)
        lines[1].append(other)
    assert [gather(iter(found)).text for found in lines] == [alone, alone]
    assert len(fixed.target.accelerator.free) == 2


def test_a_run_that_was_left_gives_its_buffers_back(fixed):
    lines = loop.rounds(prepare(fixed, Request(PROMPT, "model", Settings(max_new_tokens=40))))
    for _ in range(3):
        next(lines)
    lines.close()
    del lines
    gc.collect()
    assert len(fixed.target.accelerator.free) == len(fixed.draft.accelerator.free) == 1


def test_a_text_that_outgrows_the_buffers_goes_on_in_larger_ones(pair, fixed, monkeypatch):
    monkeypatch.setattr(cuda_graphs, "CAPACITY", 256)
    eager, other = (run(one, prompt=PROMPT * 8, max_new_tokens=400) for one in (pair, fixed))
    assert as_told(other) == as_told(eager)
    (cache,) = fixed.target.accelerator.free
    assert cache.capacity == 512 and {place.size for place in cache.recordings} == {512}


def test_recordings_do_not_pile_up(fixed, monkeypatch):
    monkeypatch.setattr(cuda_graphs, "MOST", 3)
    for temperature in (0.2, 0.4, 0.6, 0.8):
        run(fixed, rule="rejection", temperature=temperature)
    assert all(len(cache.recordings) <= 3 for cache in fixed.draft.accelerator.free)


@pytest.fixture
def fails(monkeypatch):
    """Say of which modules no pass can be recorded; returned are the modules of which some were, and the
    errors, of which the last one is raised."""
    broken, made, broken_by = [], [], [RuntimeError("an operation asked the host\nand more")]
    real = cuda_graphs.Recording.__init__

    def record(self, run, *given):
        module = run.args[0].module
        if any(module is one for one in broken):
            raise broken_by[-1]
        made.append(module)
        real(self, run, *given)

    monkeypatch.setattr(cuda_graphs.Recording, "__init__", record)
    return broken, made, broken_by


@pytest.mark.parametrize("parts", [("target",), ("draft",), ("target", "draft")], ids=" and ".join)
def test_where_a_model_cannot_be_captured_the_pair_runs_eagerly_and_the_header_says_so(pair, fixed, fails, parts):
    broken, made, _ = fails
    broken += [getattr(pair, part).module for part in parts]
    assert cuda_graphs.obstacle(fixed) is None
    trace = run(fixed)
    assert trace.header.hardware.mode == "eager" and as_told(trace) == as_told(run(pair))
    assert str(cuda_graphs.obstacle(fixed)) == "recording them failed (an operation asked the host)"
    before = len(made)
    assert run(fixed, "none", prompt="Another").header.hardware.mode == "eager"
    assert run(fixed, "model", branching=(2, 1)).header.hardware.mode == "eager"
    assert len(made) == before, "no part of the pair is recorded any more"


def test_both_lanes_of_a_race_say_that_the_draft_model_cannot_be_captured(pair, fixed, fails):
    fails[0].append(pair.draft.module)
    lines = race(fixed, PROMPT, "model", Settings(max_new_tokens=8))
    modes = [line.hardware.mode for line in lines if isinstance(line, Header)]
    assert modes == ["eager", "eager"]


def test_memory_that_is_full_ends_a_run_and_not_the_recordings_of_the_next(pair, fixed, fails):
    broken, _, broken_by = fails
    broken.append(pair.draft.module)
    broken_by.append(torch.OutOfMemoryError("CUDA out of memory."))
    ended = run(fixed)
    assert ended.footer.reason == "error" and "out of memory" in ended.footer.message
    assert ended.header.hardware.mode == "graphs" and cuda_graphs.obstacle(fixed) is None
    broken.clear()
    assert run(fixed).header.hardware.mode == "graphs" and as_told(run(fixed)) == as_told(run(pair))


def test_first_layers_that_cannot_be_captured_leave_the_pair_eager(pair, fixed, fails):
    fails[0].append(fixed.first.module)
    trace = run(fixed, "early_exit")
    assert trace.header.hardware.mode == "eager" and as_told(trace) == as_told(run(pair, "early_exit"))


def test_a_lent_gpu_an_encoder_and_several_devices_stay_eager(pair, tiny_model, monkeypatch):
    assert cuda_graphs.obstacle(pair) is None
    translator = Pair(None, tiny_model("t5"), None, 4)
    assert recorded(translator, captures=False) is translator
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert "lent" in str(cuda_graphs.obstacle(pair))


@needs_gpu
@pytest.mark.parametrize("law", [{}, SAMPLED], ids=["greedy", "sampled"])
def test_captured_passes_say_what_eager_ones_do(pair, law):
    there = Pair(None, *(_on_gpu(model) for model in (pair.target, pair.draft)), 4)
    trace = run(recorded(there), **law)
    assert trace.header.hardware.mode == "graphs"
    assert as_told(trace) == as_told(run(there, **law))


@needs_gpu
def test_a_round_waits_for_the_gpu_once(pair, monkeypatch):
    there = Pair(None, *(_on_gpu(model) for model in (pair.target, pair.draft)), 4)
    waits = []
    fetch = RoundTensors.fetch

    def fetched(tensors):
        torch.cuda.set_sync_debug_mode("default")
        waits.append(fetch(tensors))
        return waits[-1]

    lines = loop.rounds(prepare(recorded(there), Request(PROMPT, "model", Settings(max_new_tokens=40))))
    for _ in range(3):
        next(lines)
    monkeypatch.setattr(RoundTensors, "fetch", fetched)
    torch.cuda.set_sync_debug_mode("error")
    try:
        next(lines)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert len(waits) == 1


def _on_gpu(model):
    return replace(model, module=deepcopy(model.module).cuda())


def test_what_was_no_number_in_one_run_is_forgotten_in_the_next(pair, noisy):
    cuda_graphs.with_graphs.cache_clear()
    target = deepcopy(pair.target.module)
    broken = recorded(replace(pair, target=replace(pair.target, module=target)), captures=False)
    kept = [weight.clone() for weight in target.parameters()]
    with torch.no_grad():
        target.model.layers[0].self_attn.v_proj.weight.fill_(torch.nan)
    assert run(broken, "none", 4 * PROMPT).footer.reason == "error"
    gc.collect()  # the cache goes back
    with torch.no_grad():
        for weight, value in zip(target.parameters(), kept, strict=True):
            weight.copy_(value)
    assert run(broken, "none").text == run(pair, "none").text


def test_no_recording_is_made_on_the_clock(pair, fixed, monkeypatch):
    """Every recording sleeps far longer than a round of so small a model lasts."""
    real = cuda_graphs.Recording.__init__

    def slow(self, *given):
        time.sleep(0.4)
        real(self, *given)

    monkeypatch.setattr(cuda_graphs.Recording, "__init__", slow)
    monkeypatch.setattr(loop, "warm_up", lambda *_: None)
    one = run(fixed, "model")
    assert max(turn.end - turn.start for turn in one.rounds) < 0.4
    assert max(max(turn.seconds.draft, turn.seconds.verify) for turn in one.rounds) < 0.4
