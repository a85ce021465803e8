"""Both engines are asked for the same, run the same models as often, and are measured by the same clock."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
import torch

import specdec
from specdec.cli.main import main
from specdec.errors import UserError
from specdec.lab import bandwidth, transformers_lane, vs_transformers
from specdec.lab.bench import PLAIN, by_lane, loops
from specdec.models import linear
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.views import tables

PROMPTS = ["The old lamp", "the cat the cat the cat the"]
GREEDY = Settings(max_new_tokens=12, draft_length=3)
SAMPLED = replace(GREEDY, rule="rejection", temperature=1.0, seed=5)
LANES = ["none", "hf-plain", "model", "hf-assisted", "hf-assisted-defaults", "lookup", "hf-lookup"]


@pytest.fixture(scope="module")
def measured(tiny_pair):
    return list(vs_transformers.bench(tiny_pair, [], PROMPTS, GREEDY, runs=2))


@pytest.fixture(scope="module")
def lanes(measured):
    return by_lane(measured)


def missing(pair, settings=GREEDY):
    """Lane → why it is missing; all others ran."""
    found = list(vs_transformers.bench(pair, [], PROMPTS[:1], settings, runs=1))
    whys = {one.drafter: one.why for one in found if isinstance(one, vs_transformers.Missing)}
    ran = [one.drafter for one in found if not isinstance(one, vs_transformers.Missing)]
    assert sorted([*whys, *ran]) == sorted(LANES)
    return whys


def test_our_lanes_and_theirs_alternate_and_the_first_place_changes_hands(measured):
    turns = [[one.drafter for one in measured[i : i + 7]] for i in range(0, len(measured), 7)]
    assert turns == [LANES, LANES[::-1], LANES[::-1], LANES]


def test_hf_and_our_greedy_texts_are_the_same(measured):
    for prompt in range(len(PROMPTS)):
        texts = {one.ids for one in measured if one.prompt == prompt}
        assert len(texts) == 1 and len(*texts) == GREEDY.max_new_tokens and not loops(*texts)


def test_transformers_runs_linear_layers_of_its_own_and_we_run_ours(tiny_pair, monkeypatch):
    monkeypatch.setattr(linear, "LEAST", 1)
    monkeypatch.setattr(linear, "is_of_use", lambda device: True)
    target = replace(tiny_pair.target, module=linear.quicken(copy.deepcopy(tiny_pair.target.module)))
    pair, seen = replace(tiny_pair, target=target), set()
    target.module.lm_head.register_forward_pre_hook(lambda layer, _: seen.add(type(layer)))
    theirs = transformers_lane.generate(pair, transformers_lane.PLAIN, PROMPTS[0], GREEDY)
    assert seen == {torch.nn.Linear}
    seen.clear()
    ours = specdec.run(PROMPTS[0], pair, drafter="none", max_new_tokens=GREEDY.max_new_tokens)
    assert seen == {linear.FewRows} and tuple(ours.ids) == theirs.ids


@pytest.mark.parametrize("length", [1, 3, 5])
def test_with_the_same_draft_length_both_engines_run_both_models_equally_often(tiny_pair, length):
    settings = replace(GREEDY, draft_length=length)
    lanes = by_lane(vs_transformers.bench(tiny_pair, ["model"], PROMPTS, settings, runs=1))
    passes = {name: [(one.totals.rounds, one.draft_passes) for one in lane] for name, lane in lanes.items()}
    assert passes["model"] == passes["hf-assisted"]
    assert all(target < GREEDY.max_new_tokens for target, _ in passes["model"])
    assert all(target < draft <= length * target for target, draft in passes["model"] if length > 1)


def test_only_the_assistant_of_the_second_row_goes_by_its_own_draft_length(tiny_pair):
    lanes = (transformers_lane.ASSISTED, transformers_lane.DEFAULTS)
    passes = {
        lane: [
            transformers_lane.generate(tiny_pair, lane, PROMPTS[0], replace(GREEDY, draft_length=k)).passes
            for k in (1, 5)
        ]
        for lane in lanes
    }
    assert passes[transformers_lane.ASSISTED][0] != passes[transformers_lane.ASSISTED][1]
    assert (
        passes[transformers_lane.DEFAULTS][0]
        == passes[transformers_lane.DEFAULTS][1]
        != passes[transformers_lane.ASSISTED][1]
    )


def test_plain_decoding_and_lookup_run_no_draft_model(lanes):
    for name in ("none", "hf-plain", "lookup", "hf-lookup"):
        assert {one.draft_passes for one in lanes[name]} == {0}
    assert {one.totals.rounds for one in lanes["hf-plain"]} == {GREEDY.max_new_tokens}


@pytest.mark.parametrize("length", [1, 4])
def test_their_lookup_copies_as_many_tokens_as_were_asked_for(tiny_pair, length):
    """Its first pass reads the prompt and what was copied from it."""
    widths = []
    hook = tiny_pair.target.module.register_forward_pre_hook(
        lambda _, args, given: widths.append(given["input_ids"].shape[1]), with_kwargs=True
    )
    try:
        transformers_lane.generate(
            tiny_pair, transformers_lane.LOOKUP, PROMPTS[1], replace(GREEDY, draft_length=length)
        )
    finally:
        hook.remove()
    assert widths[0] == len(tiny_pair.target.tokenizer.encode(PROMPTS[1])) + length
    assert max(widths[1:]) <= length + 1


@pytest.mark.parametrize("settings", [GREEDY, SAMPLED], ids=["greedy", "sampled"])
def test_the_shared_modules_are_left_as_they_were(tiny_pair, settings):
    modules = (tiny_pair.target.module, tiny_pair.draft.module)
    before = [(module.generation_config, copy.deepcopy(module.generation_config.to_dict())) for module in modules]
    torch.manual_seed(11)
    state = torch.random.get_rng_state()
    for lane in transformers_lane.LANES:
        transformers_lane.generate(tiny_pair, lane, PROMPTS[0], settings)
    for module, (config, values) in zip(modules, before, strict=True):
        assert module.generation_config is config and config.to_dict() == values
        assert not module._forward_pre_hooks
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_failing_lane_leaves_the_modules_as_they_were_too(tiny_pair, monkeypatch):
    module = tiny_pair.draft.module
    config = module.generation_config
    monkeypatch.setattr(module, "forward", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        transformers_lane.generate(tiny_pair, transformers_lane.ASSISTED, PROMPTS[0], GREEDY)
    assert module.generation_config is config and not module._forward_pre_hooks


@pytest.mark.parametrize("lane", transformers_lane.LANES)
def test_sampling_lanes_are_seeded_and_repeatable(tiny_pair, lane):
    texts = [
        transformers_lane.generate(tiny_pair, lane, PROMPTS[0], replace(SAMPLED, seed=seed)).ids for seed in (5, 5, 6)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_what_a_models_makers_recommend_is_left_out(tiny_pair, monkeypatch):
    greedy, sampled = (
        transformers_lane.generate(tiny_pair, transformers_lane.PLAIN, PROMPTS[0], one).ids
        for one in (GREEDY, SAMPLED)
    )
    for name, value in (("top_k", 1), ("suppress_tokens", [greedy[0], sampled[0]])):
        monkeypatch.setattr(tiny_pair.target.module.generation_config, name, value)
    assert transformers_lane.generate(tiny_pair, transformers_lane.PLAIN, PROMPTS[0], SAMPLED).ids == sampled
    assert transformers_lane.generate(tiny_pair, transformers_lane.PLAIN, PROMPTS[0], GREEDY).ids == greedy != sampled


def test_the_sampling_filters_reach_transformers(tiny_pair):
    greedy = transformers_lane.generate(tiny_pair, transformers_lane.PLAIN, PROMPTS[0], GREEDY).ids
    for one in ({"top_k": 1}, {"top_p": 1e-6}, {"min_p": 1.0}, {"temperature": 0.001}):
        assert (
            transformers_lane.generate(tiny_pair, transformers_lane.PLAIN, PROMPTS[0], replace(SAMPLED, **one)).ids
            == greedy
        ), one


def test_without_a_top_k_every_token_may_be_drawn(tiny_pair):
    """transformers' own default would keep the best 50 of some 300; that 12 draws all stay there by luck, at a
    temperature that makes all nearly equal, has a chance of (1/6)^12."""
    ids = transformers_lane.generate(
        tiny_pair, transformers_lane.PLAIN, PROMPTS[0], replace(SAMPLED, temperature=10.0)
    ).ids
    prompt = tiny_pair.target.tokenizer.encode(PROMPTS[0])
    with torch.inference_mode():
        logits = tiny_pair.target.module(torch.tensor([[*prompt, *ids]])).logits[0, len(prompt) - 1 : -1]
    ranks = [(row > row[token]).sum().item() for row, token in zip(logits, ids, strict=True)]
    assert max(ranks) >= 50


def test_a_text_ends_at_the_same_token_on_both_sides(tiny_pair, lanes, monkeypatch):
    ids = lanes[PLAIN][0].ids
    last = next(place for place, token in enumerate(ids) if place and token not in ids[:place])
    monkeypatch.setattr(tiny_pair.target.module.generation_config, "eos_token_id", ids[last])
    ending = replace(tiny_pair.target)  # one that has not looked yet
    found = by_lane(vs_transformers.bench(replace(tiny_pair, target=ending), [], PROMPTS[:1], GREEDY, runs=1))
    assert {name: lane[0].ids for name, lane in found.items()} == dict.fromkeys(LANES, ids[: last + 1])


def test_the_clock_of_both_engines_begins_before_the_prompt_is_read(lanes):
    for one in lanes["model"]:
        assert one.seconds == one.header.prefill_seconds + one.totals.seconds > one.totals.seconds
    assert all(one.seconds == one.totals.seconds > 0 for one in lanes["hf-assisted"])


def test_a_report_follows_from_the_measurements(measured, lanes):
    result = vs_transformers.report(measured)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert [row["drafter"] for row in result["rows"]] == LANES
    rows = {row["drafter"]: row for row in result["rows"]}
    for ours, theirs in (("none", "hf-plain"), ("model", "hf-assisted"), ("lookup", "hf-lookup")):
        pace = {(one.prompt, one.turn): one.seconds_per_token for one in lanes[theirs]}
        ratios = [pace[one.prompt, one.turn] / one.seconds_per_token for one in lanes[ours]]
        assert rows[ours]["against"] == median(ratios) and rows[theirs]["against"] is None
        assert rows[ours]["host_seconds"] == median(spent for one in lanes[ours] for spent in one.host_seconds) > 0
    for row in result["rows"]:
        assert row["same_text"] is True and row["why"] is None and row["memory_share"] is None
        assert row["tokens"] == GREEDY.max_new_tokens * len(PROMPTS) and row["speedup"] > 0
        told = row["drafter"] not in transformers_lane.LANES
        assert (row["drafted"] is not None) is (row["host_seconds"] is not None) is told
    assert [row["draft_length"] for row in result["rows"]] == [0, 0, 3, 3, None, 3, 3]
    assert rows["model"]["tokens_per_pass"] == rows["hf-assisted"]["tokens_per_pass"] > 1
    assert set(result["software"]) >= {"specdec", "torch", "transformers"}


def test_a_text_that_differs_is_told(measured):
    changed = [replace(one, ids=one.ids[::-1]) if one.drafter == "hf-lookup" else one for one in measured]
    same = {row["drafter"]: row["same_text"] for row in vs_transformers.report(changed)["rows"]}
    assert [name for name, value in same.items() if value is False] == ["hf-lookup"]


def test_sampled_lanes_are_compared_by_time_alone(tiny_pair):
    rows = vs_transformers.report(vs_transformers.bench(tiny_pair, [], PROMPTS[:1], SAMPLED, runs=1))["rows"]
    assert [row["drafter"] for row in rows] == LANES and {row["same_text"] for row in rows} == {None}
    assert {row["rule"] for row in rows} == {"rejection"} and all(row["speedup"] > 0 for row in rows)


def test_results_come_by_category(measured):
    result = vs_transformers.report(measured, ["writing", "qa"])
    assert list(result["categories"]) == ["writing", "qa"]
    for number, rows in enumerate(result["categories"].values()):
        alone = vs_transformers.report([one for one in measured if one.prompt == number])["rows"]
        assert rows == alone and [row["drafter"] for row in rows] == LANES
        assert {row["prompts"] for row in rows} == {1}


def test_without_a_draft_model_the_assisted_lanes_are_left_out(tiny_pair):
    found = vs_transformers.bench(replace(tiny_pair, draft=None), [], PROMPTS[:1], GREEDY, runs=1)
    assert [one.drafter for one in found] == ["none", "hf-plain", "lookup", "hf-lookup"]
    with pytest.raises(UserError, match="draft model"):
        next(vs_transformers.bench(replace(tiny_pair, draft=None), ["model"], PROMPTS[:1], GREEDY, runs=1))


@pytest.mark.parametrize(
    ("drafters", "choice", "complaint"),
    [
        (["suffix"], {}, "suffix drafter"),
        ([], {"rule": "block"}, "block rule"),
        ([], {"rule": "typical", "temperature": 1.0}, "typical rule"),
        ([], {"branching": (2, 1)}, "tree"),
        ([], {"draft_length": "auto"}, "not auto"),
        ([], {"draft_length": 0}, "not 0"),
        ([], {"stop": (".",)}, "stop text"),
    ],
)
def test_what_has_no_counterpart_is_refused(tiny_pair, drafters, choice, complaint):
    settings = replace(GREEDY, rule=None, **choice) if "rule" not in choice else replace(GREEDY, **choice)
    with pytest.raises(UserError, match=complaint):
        next(vs_transformers.bench(tiny_pair, drafters, PROMPTS, settings, runs=1))


# ------------------------------------------------------------------------------- what transformers cannot run, or can


def test_an_encoder_decoder_writes_the_same_on_both_sides(tiny_model, noisy):
    """Also one whose decoder has more layers than its encoder, for which `generate` needs a cache made for it."""
    target = tiny_model("t5")
    config = copy.deepcopy(target.module.config)
    config.num_decoder_layers = config.num_layers + 2
    torch.manual_seed(3)
    deep = type(target.module)(config).eval()
    deep.set_attn_implementation("sdpa")
    deep = EncoderDecoderModel("deep", deep, target.tokenizer)
    for pair in (Pair(None, target, noisy(target), 4), Pair(None, deep, target, 4)):
        found = list(vs_transformers.bench(pair, [], PROMPTS[:1], GREEDY, runs=1))
        assert [one.drafter for one in found] == LANES and len({one.ids for one in found}) == 1
        assert bandwidth.memory(pair) is None
    whys = missing(Pair(None, target, deep, 4))
    assert set(whys) == {"hf-assisted", "hf-assisted-defaults"} and "transformers failed" in str(whys["hf-assisted"])


def test_output_layers_of_two_sizes_are_joined_by_both_tokenizers(tiny_pair, tiny_model):
    padded = replace(tiny_pair, draft=tiny_model("llama", vocab_size=320))
    found = list(vs_transformers.bench(padded, ["model"], PROMPTS[:1], GREEDY, runs=1))
    assert len(found) == 5 and len({one.ids for one in found}) == 1


def test_another_tokenizer_of_the_same_size_is_a_lane_that_is_missing(tiny_pair, tiny_tokenizer):
    ids = tiny_tokenizer.get_vocab()
    swapped = copy.deepcopy(tiny_tokenizer)
    swapped.get_vocab = lambda: {**ids, "a": ids["b"], "b": ids["a"]}
    other = replace(tiny_pair, draft=replace(tiny_pair.draft, tokenizer=swapped))
    whys = missing(other)
    assert set(whys) == {"hf-assisted", "hf-assisted-defaults"} and len(set(whys.values())) == 1
    assert "tokens of one for those of the other" in str(whys["hf-assisted"])
    result = vs_transformers.report(vs_transformers.bench(other, [], PROMPTS[:1], GREEDY, runs=1))
    gone = result["rows"][3]
    assert [row["drafter"] for row in result["rows"]] == LANES and gone["why"] == whys["hf-assisted"]
    assert gone.keys() == result["rows"][0].keys() and gone["seconds_per_token"] is None
    assert result["rows"][2]["against"] is None
    text = tables.against(result)
    assert f"hf-assisted could not be run. {gone['why']}" in text and "hf-assisted " in text


def test_a_draft_model_is_never_cut(tiny_pair, tiny_model, tiny_tokenizer):
    ids = tiny_tokenizer.get_vocab()
    swapped = copy.deepcopy(tiny_tokenizer)
    swapped.get_vocab = lambda: {**ids, "a": ids["b"], "b": ids["a"]}
    draft = replace(tiny_model("llama", vocab_size=320), tokenizer=swapped)
    head = draft.module.get_output_embeddings()
    assert "for good" in str(missing(replace(tiny_pair, draft=draft), SAMPLED)["hf-assisted"])
    assert draft.module.get_output_embeddings() is head


def test_a_lane_that_fails_midway_is_missing_from_then_on(tiny_pair, monkeypatch):
    whole = transformers_lane.generate

    def fails_on_the_second_prompt(pair, lane, prompt, settings):
        if lane == transformers_lane.LOOKUP and prompt == PROMPTS[1]:
            raise RuntimeError("out of luck.\nTrace")
        return whole(pair, lane, prompt, settings)

    monkeypatch.setattr(transformers_lane, "generate", fails_on_the_second_prompt)
    found = list(vs_transformers.bench(tiny_pair, ["lookup"], PROMPTS, GREEDY, runs=2))
    assert [one.drafter for one in found].count("hf-lookup") == 3  # twice on the first prompt, and why
    row = vs_transformers.report(found)["rows"][-1]
    assert row["drafter"] == "hf-lookup" and str(row["why"]) == "transformers failed: out of luck."
    assert row["seconds_per_token"] is None


# ------------------------------------------------------------------------------------------------ the memory's bound


def test_a_pass_reads_the_weights_but_not_the_whole_table_of_tokens(tiny_model):
    for architecture, model in ((name, tiny_model(name)) for name in ("llama", "gpt2", "opt")):
        modules = dict(model.module.named_modules())
        tables = [one.weight.numel() for one in modules.values() if isinstance(one, torch.nn.Embedding)]
        assert bandwidth.reads(model).weights == 4 * (model.parameters - sum(tables)), architecture
    config = tiny_model("llama").config
    heads = config.num_key_value_heads * config.head_dim
    assert bandwidth.reads(tiny_model("llama")).per_token == 4 * 2 * config.num_hidden_layers * heads


def test_a_table_that_is_the_output_layer_too_is_read_whole(tiny_model):
    model = tiny_model("llama", seed=8)
    tied = copy.deepcopy(model.module)
    tied.lm_head.weight = tied.model.embed_tokens.weight
    assert bandwidth.reads(replace(model, module=tied)) == bandwidth.reads(model)


def test_the_share_of_the_memorys_speed_is_that_of_all_passes(measured, lanes, tiny_pair):
    memory = bandwidth.Memory(1e9, bandwidth.reads(tiny_pair.target), bandwidth.reads(tiny_pair.draft))
    result = vs_transformers.report(measured, memory=memory)
    prompts = [len(tiny_pair.target.tokenizer.encode(prompt)) for prompt in PROMPTS]
    for row in result["rows"]:
        shares = []
        for one in lanes[row["drafter"]]:
            context = prompts[one.prompt] + GREEDY.max_new_tokens / 2
            target, draft = (model.weights + context * model.per_token for model in (memory.target, memory.draft))
            shares.append((one.totals.rounds * target + one.draft_passes * draft) / 1e9 / one.seconds)
        assert row["memory_share"] == pytest.approx(median(shares))
    assert result["memory_bytes_per_second"] == 1e9
    assert "copying 1 GB/s" in tables.against(result) and "of memory speed" in tables.against(result)


def test_the_memorys_speed_is_measured_where_it_is_the_bound(tiny_pair):
    assert bandwidth.copy_speed(torch.device("cpu"), size=1 << 16) > 0
    assert bandwidth.memory(tiny_pair) is None


# -------------------------------------------------------------------------------------------------- the command line


@pytest.fixture
def asked(tiny_pair_folder, tmp_path):
    file = tmp_path / "question.jsonl"
    lines = [{"category": name, "turns": [text, "more"]} for name, text in zip(("a|b", "qa"), PROMPTS, strict=True)]
    file.write_text("\n".join(map(json.dumps, lines)))
    models = ["--target", str(tiny_pair_folder / "target"), "--draft", str(tiny_pair_folder / "draft")]
    return ["bench", "--against", "hf", *models, "--prompts", str(file), "--runs", "1", "--max-new-tokens", "8"]


def test_the_report_is_one_json_object(capsys, asked):
    assert main([*asked, "--compile", "off", "--json"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert err == "prompt 1 of 2\nprompt 2 of 2\n" and [row["drafter"] for row in result["rows"]] == LANES
    assert list(result["categories"]) == ["a|b", "qa"]
    assert all([row["drafter"] for row in rows] == LANES for rows in result["categories"].values())
    assert result["settings"]["task"] is None and result["settings"]["draft_length"] == 4
    assert result["settings"]["left_out"] == 0


def test_a_question_without_room_is_left_out_and_that_is_said(capsys, asked):
    file = Path(asked[asked.index("--prompts") + 1])
    questions = file.read_text().splitlines()
    questions.insert(1, json.dumps({"category": "news", "turns": ["A cat " * 1000]}))
    file.write_text("\n".join(questions))
    said = "1 of 3 prompts left out"
    assert main([*asked, "--drafters", "lookup", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["settings"]["left_out"], result["settings"]["prompts"]) == (1, 2)
    assert list(result["categories"]) == ["a|b", "qa"]
    assert main([*asked, "--drafters", "lookup"]) == 0
    assert capsys.readouterr().out.count(said) == 1
    own = [part for part in asked if part not in ("--against", "hf")]
    for more in ([], ["--rules", "rejection,block", "--temperature", "1"]):
        assert main([*own, "--drafters", "lookup", *more]) == 0
        assert capsys.readouterr().out.count(said) == 1


def test_the_markdown_table_has_every_row_and_says_what_was_measured(capsys, asked):
    assert main([*asked, "--markdown", "--drafters", "model", "--draft-length", "2"]) == 0
    text = capsys.readouterr().out
    caption, blank, *lines = text.splitlines()
    assert blank == ""
    for part in ("target + draft", "K = 2", "greedy rule", "float32", "eager", "transformers 5.", "torch 2."):
        assert part in caption
    rows = [line for line in lines if line.startswith("|")]
    assert len({line.count(" | ") for line in rows if not line.startswith("|---")}) == 1
    names = [line.split("|")[1].strip() for line in rows]
    assert names == ["drafter", "---", *LANES[:5]] * 3
    assert "left out" not in text
    assert "qa: 1 prompt" in lines and "a|b: 1 prompt" in lines


def test_the_table_of_any_bench_can_be_markdown(capsys, asked):
    arguments = [part for part in asked if part not in ("--against", "hf")]
    assert main([*arguments, "--markdown", "--drafters", "lookup"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines if line.startswith("|")] == [
        "drafter",
        "---",
        "none",
        "lookup",
    ] * 3
