"""What a target writes teaches its draft: the texts, the steps of a recipe that use them, and the command."""

import copy
import json
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from specdec.cli.main import main
from specdec.errors import UserError
from specdec.models.accelerator import Accelerator
from specdec.models.language_model import LanguageModel
from specdec.models.loading import load_model
from specdec.models.pair import Pair
from specdec.train import batched_generation, distil, texts
from specdec.train.batched_generation import Manner, Prompt, Written
from specdec.train.corpus import IGNORED, Document
from specdec.train.distil import Plan
from specdec.train.generated_text import beginning
from specdec.train.library import Library
from specdec.train.recipe import read_recipe
from specdec.train.steps import make
from specdec.train.workspace import Kitchen

pytestmark = pytest.mark.xdist_group("train-distil")  # what is trained is made once, for the whole file
PROMPTS = [
    f"The {what} {place}" for what in ("old lamp", "grey cat", "sea", "wind") for place in ("all", "by it", "on")
]


def prompts_of(model, most=12):
    return [Prompt(model.tokenizer.encode(text), most - i % 5) for i, text in enumerate(PROMPTS)]


@pytest.fixture
def prompts_file(tmp_path):
    path = tmp_path / "prompts.txt"
    path.write_text("\n".join(PROMPTS), encoding="utf-8")
    return path


@pytest.fixture(params=["llama", "t5"])
def pair(request, tiny_model, noisy):
    target = tiny_model(request.param, layers=2)
    return Pair(None, target, noisy(target, 0.3), 4)


@pytest.fixture
def folder(pair, tmp_path):
    """The pair as `save_pretrained` writes it."""
    for name, model in (("target", pair.target), ("draft", pair.draft)):
        model.module.save_pretrained(tmp_path / name)
        model.tokenizer.save_pretrained(tmp_path / name)
    return tmp_path


# --- writing


@pytest.mark.parametrize("architecture", ["llama", "gpt2", "opt", "neox", "qwen3", "t5"])
def test_a_batch_writes_greedily_what_each_prompt_gets_alone(tiny_model, architecture):
    model = tiny_model(architecture)
    prompts = prompts_of(model)
    together = batched_generation.answers(model, prompts, Manner((0.0,)))
    alone = [batched_generation.answers(model, [prompt], Manner((0.0,)))[0] for prompt in prompts]
    for one, other, prompt in zip(together, alone, prompts, strict=True):
        assert one.answer.tolist() == other.answer.tolist()
        assert one.prompt.tolist() == prompt.ids and 0 < len(one.answer) <= prompt.most


def test_fixed_memory_changes_nothing(tiny_model):
    model = tiny_model("llama")
    grown, fixed = (
        batched_generation.answers(model, prompts_of(model), Manner((0.8,), fixed_cache=f)) for f in (False, True)
    )
    assert [one.answer.tolist() for one in grown] == [one.answer.tolist() for one in fixed]


def test_what_the_makers_of_a_model_recommend_for_generation_is_left_out(tiny_model):
    model = tiny_model("llama")
    module = copy.deepcopy(model.module)
    module.generation_config.update(no_repeat_ngram_size=1, min_new_tokens=30, temperature=0.01, do_sample=True)
    odd = LanguageModel("odd", module, model.tokenizer)
    own, theirs = (batched_generation.answers(m, prompts_of(m), Manner((0.8,))) for m in (model, odd))
    assert [one.answer.tolist() for one in own] == [one.answer.tolist() for one in theirs]
    assert module.generation_config.no_repeat_ngram_size == 1


def test_interrupted_writing_goes_on_and_ends_with_the_same_texts(tiny_model, tmp_path):
    model, manner = tiny_model("llama"), Manner((0.5, 1.0), batch=4, seed=3)
    whole = batched_generation.write(model, prompts_of(model), manner, tmp_path / "whole")
    first = batched_generation.write(model, prompts_of(model), manner, tmp_path / "parts", until=time.monotonic() - 1)
    assert len(first) == 4
    again = batched_generation.write(model, prompts_of(model), manner, tmp_path / "parts")
    assert [one.answer.tolist() for one in again] == [one.answer.tolist() for one in whole]
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".safetensors"}


def test_another_seed_draws_other_texts_and_the_global_generator_is_left_alone(tiny_model):
    model = tiny_model("llama")
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one, other = (batched_generation.answers(model, prompts_of(model), Manner(seed=seed)) for seed in (0, 1))
    assert torch.rand(1) == expected
    assert [text.answer.tolist() for text in one] != [text.answer.tolist() for text in other]


def test_a_text_keeps_the_token_that_ends_it_and_nothing_behind():
    assert batched_generation.until_end(np.array([4, 5, 1, 1]), frozenset({1}))[0].tolist() == [4, 5, 1]
    assert batched_generation.until_end(np.array([4, 5]), frozenset({1}))[1] is False


def test_as_a_document_a_prompt_is_read_and_only_the_answer_learned():
    ended = batched_generation.document_of(Written(np.array([0, 7, 8]), np.array([9, 3, 0]), True))
    assert ended.ids.tolist() == [0, 7, 8, 9, 3] and ended.learned.tolist() == [True, False, False, True, True]
    assert batched_generation.document_of(Written(np.array([0, 7]), np.array([9, 3]), False)).ids.tolist() == [
        0,
        7,
        9,
        3,
    ]


def test_a_story_begins_with_some_of_its_words_and_an_exercise_with_its_question():
    random = np.random.default_rng(0)
    text = " ".join(map(str, range(60)))
    lengths = {len(beginning(Document(text), random).split(" ")) for _ in range(200)}
    assert lengths == set(range(2, 25))
    assert beginning(Document("two words"), random) == "two"
    assert beginning(Document("answer", "question\n"), random) == "question\n"


# --- rows and the loss


def test_rows_hold_every_text_once_a_pass_and_labels_stand_behind_their_inputs():
    written = [Written(np.arange(n + 1), np.arange(50, 52 + n), True) for n in range(9)]
    stream = texts.TextStream(written, None, seed=1)
    rows = stream.rows(0, 9)
    assert sorted((rows.labels >= 0).sum(1).tolist()) == [len(one.answer) for one in written]
    for inputs, labels in zip(rows.inputs, rows.labels, strict=True):
        learned = np.flatnonzero(labels != IGNORED)
        assert labels[learned].tolist() == [*range(50, 50 + len(learned))]
        assert (inputs[learned[1:]] == labels[learned[:-1]]).all() and inputs[learned[0]] == learned[0]
    later = texts.TextStream(written, None, seed=1).rows(7, 2)
    assert [set(row[row >= 0]) for row in later.labels] == [set(row[row >= 0]) for row in rows.labels[7:]]


def test_the_loss_of_padded_rows_is_the_sum_of_their_rows_alone(pair):
    written = batched_generation.answers(pair.target, prompts_of(pair.target), Manner((1.0,)))
    start = pair.target.start if pair.target.encoder_decoder else None
    rows = texts.TextStream(written, start, seed=0).rows(0, len(written))
    draft = copy.deepcopy(pair.draft.module)
    together = texts.divergence(draft, pair.target, rows)
    alone = [
        texts.divergence(draft, pair.target, texts.TextRows(*(part[i : i + 1] for part in rows)))
        for i in range(len(written))
    ]
    assert together.item() == pytest.approx(sum(alone).item(), rel=1e-4)
    entropy = texts.divergence(copy.deepcopy(pair.target.module), pair.target, rows)
    assert entropy.item() < together.item()


@pytest.mark.parametrize(("target_size", "draft_size"), [(310, 320), (320, 310)])
def test_output_layers_may_be_padded_differently(tiny_model, target_size, draft_size):
    target, draft = tiny_model("llama", vocab_size=target_size), tiny_model("llama", 1, vocab_size=draft_size)
    written = [Written(np.array([5, 6]), np.array([7, 319 % target_size, 8]), False)]
    module = copy.deepcopy(draft.module)
    loss = texts.divergence(module, target, texts.TextStream(written, None, 0).rows(0, 1))
    loss.backward()
    assert torch.isfinite(loss)
    assert all(torch.isfinite(p.grad).all() for p in module.parameters())


# --- the whole of it


def test_a_spoilt_draft_is_accepted_more_often_after_the_lesson(tiny_model, noisy, tmp_path):
    target = tiny_model("llama", layers=2)
    pair = Pair(None, target, noisy(target, 0.2), 4)
    plan = Plan(texts=64, length=16, passes=8, learning_rate=5e-3)
    report = distil.distil(pair, PROMPTS, tmp_path / "draft", plan)
    for one in report["measured"]:
        assert one["after"]["acceptance_rate"] > one["before"]["acceptance_rate"] + 0.05
        assert one["after"]["tokens_per_pass"] > one["before"]["tokens_per_pass"]
        assert one["prompts"]["better"] > 0 and sum(one["prompts"].values()) <= report["prompts"]["held_out"]
    assert report["passes"] == 8


def test_a_lesson_that_teaches_nothing_shows_no_gain(tiny_pair, tmp_path):
    report = distil.distil(tiny_pair, PROMPTS, tmp_path / "draft", Plan(texts=16, length=8, learning_rate=1e-12))
    assert report["passes"] == 3
    for one in report["measured"]:
        assert one["prompts"] == {"better": 0, "worse": 0} and one["before"] == one["after"]


def test_a_short_lesson_takes_small_steps_for_it_has_seen_few_gradients(tiny_pair, tmp_path):
    """With full ones from the start, six batches left a draft further from its target than it had been."""
    plan = Plan(texts=32, length=8)
    clock = distil._Clock(None, time.monotonic(), 0.0)
    written = batched_generation.write(
        tiny_pair.target, prompts_of(tiny_pair.target), Manner((0.8,)), tmp_path / "texts"
    )
    before = copy.deepcopy(tiny_pair.draft.module)
    trainer = distil.teach(tiny_pair, (written * 3)[:32], plan, tmp_path, clock, lambda stage, entry: None)
    pairs = zip(before.parameters(), trainer.model.parameters(), strict=True)
    moved = max((new - old).abs().max().item() for old, new in pairs)
    assert trainer.progress.step == 6 and 0 < moved < 0.2 * 6 * plan.rate(tiny_pair.draft.parameters)


def test_a_compiled_draft_is_taught_and_measured_by_the_weights_that_it_has_learned(tiny_model, noisy, tmp_path):
    class Stale(Accelerator):
        def takes(self, cache, inputs):
            raise AssertionError("compiled code over the weights of before")

    stale = Stale()

    def told(stage, entry):
        if stage == "writing":  # it has been measured as it came
            object.__setattr__(pair.draft, "accelerator", stale)

    target = tiny_model("llama", layers=2)
    pair = Pair(None, target, noisy(target, 0.2), 4)
    report = distil.distil(pair, PROMPTS, tmp_path / "draft", Plan(texts=16, length=8), told)
    assert pair.draft.accelerator is stale and report["measured"][0]["after"]


def test_the_command_teaches_a_draft_that_loads_and_says_what_changed(folder, prompts_file, capsys):
    out = folder / "new"
    given = ["--target", str(folder / "target"), "--draft", str(folder / "draft"), "--prompts", str(prompts_file)]
    small = ["--texts", "20", "--max-new-tokens", "10", "--device", "cpu"]
    assert main(["distill", *given, *small, "--out", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["prompts"] == {"training": 8, "held_out": 4, "left_out": 0} and report["texts"] == 20
    assert [one["temperature"] for one in report["measured"]] == [0.0, 0.8]
    assert json.loads((out / distil.FACTS).read_text()) == report
    assert str(folder) not in json.dumps(report)
    assert not (out / distil.UNFINISHED).exists() and not list(out.rglob("*.bin"))
    load_model(str(out), torch.device("cpu"), "auto")
    capsys.readouterr()
    assert main(["run", *given[:2], "--draft", str(out), "--prompt", "The sea", "--max-new-tokens", "4"]) == 0
    capsys.readouterr()
    assert main(["distill", *given, *small, "--out", str(out)]) == 2
    assert "holds something else already" in capsys.readouterr().err


def test_a_stopped_lesson_goes_on_where_it_was(tiny_pair_folder, prompts_file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = [f"--{name}={tiny_pair_folder / name}" for name in ("target", "draft")]
    command = ["distill", *given, f"--prompts={prompts_file}", "--texts=40", "--max-new-tokens=8"]
    train = distil.teach

    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(distil, "teach", interrupted)
    assert main(command) == 130
    assert "goes on from there" in capsys.readouterr().err
    monkeypatch.setattr(distil, "teach", train)
    assert main([*command, "--seed=1"]) == 2
    assert "unfinished distillation of other" in capsys.readouterr().err
    monkeypatch.setattr(batched_generation, "answers", None)  # nothing is written anew
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "read 3.2 times" in said and " better, " in said
    assert "greedy" in said and "temperature 0.8" in said and "--draft" in said


def test_the_lesson_fits_into_the_minutes_given(tiny_pair, tmp_path):
    plan = Plan(texts=100_000, length=8, minutes=0.05)
    report = distil.distil(tiny_pair, PROMPTS, tmp_path / "draft", plan)
    assert 0 < report["texts"] < 100_000 and report["seconds"] < 60


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--draft": None}, "no draft model to teach"),
        ({"--draft": "heads"}, "holds heads"),
        ({"--draft": "stranger"}, "do not share a tokenizer"),
        ({"--draft": "nowhere"}, "neither a folder with a model"),
        ({"--prompts": "empty.txt"}, "holds no prompt"),
        ({"--prompts": "missing.txt"}, "cannot be read"),
        ({"--prompts": "few.txt"}, "at least 8 different prompts"),
        ({"--out": "target"}, "holds something else already"),
        ({"--out": "few.txt"}, "holds something else already"),
        ({"--texts": "0"}, "from 1 to 1,000,000"),
        ({"--minutes": "-1"}, "above 0"),
        ({"--minutes": "nan"}, "above 0"),
        ({"--max-new-tokens": "0"}, "The length must be"),
        ({"--seed": "-1"}, "The seed must be"),
    ],
)
def test_what_cannot_be_distilled_is_refused_in_one_sentence(
    tiny_pair_folder, tiny_model, ending_tokenizer, tmp_path, monkeypatch, capsys, change, message
):
    monkeypatch.chdir(tmp_path)
    Path("target").symlink_to(tiny_pair_folder / "target")
    Path("draft").symlink_to(tiny_pair_folder / "draft")
    tiny_model("llama").module.save_pretrained("stranger")
    ending_tokenizer.save_pretrained("stranger")
    Path("heads").mkdir()
    from specdec.models.heads import MedusaHeads, save

    save(MedusaHeads.random(load_model("target", torch.device("cpu"), "auto")), Path("heads"))
    Path("empty.txt").write_text("\n")
    Path("few.txt").write_text("one\ntwo\ntwo\n")
    Path("prompts.txt").write_text("\n".join(PROMPTS))
    given = {"--target": "target", "--draft": "draft", "--prompts": "prompts.txt", "--out": "new"} | change
    arguments = [part for name, value in given.items() if value is not None for part in (name, value)]
    assert main(["distill", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1
    assert not Path("new").exists()


def test_prompts_fall_on_the_same_side_whatever_stands_beside_them_and_a_few_on_either():
    many = [f"Prompt number {i}" for i in range(2000)]
    held_out, training = distil.split(many)
    assert len(held_out) == distil.MOST_MEASURED and not set(held_out) & set(training)
    assert set(distil.split(list(reversed(many)))[0]) == set(held_out)
    assert [len(side) for side in distil.split(many[:8])] == [4, 4]
    with pytest.raises(UserError, match="at least 8"):
        distil.split(many[:7])


# --- in a recipe

RECIPE = """
[mixture.main]
plain = 1
[mixture.distil]
plain = 0.5
own = 2
[[step]]
name = "tokenizer"
kind = "tokenizer"
mixture = "main"
vocabulary = 280
context = 64
[[step]]
name = "target"
kind = "model"
mixture = "main"
layers = 2
width = 64
tokens = 512
row_length = 32
batch = 64
micro_batch = 64
warm_up = 64
[[step]]
name = "own"
kind = "text"
writer = "target"
mixture = "main"
texts = 24
length = 12
batch = 8
temperatures = [0.5, 1.0]
[[step]]
name = "draft"
kind = "model"
teacher = "target"
mix = 0.9
mixture = "distil"
layers = 1
width = 64
tokens = 1024
row_length = 32
batch = 64
micro_batch = 64
warm_up = 64
"""


def test_a_recipe_distils_a_draft_on_the_corpus_and_on_what_the_target_wrote(tmp_path):
    (tmp_path / "data").mkdir()
    stories = "\n<|endoftext|>\n".join(
        f"Story {i}. {prompt} and the boats come home." for i, prompt in enumerate(PROMPTS)
    )
    (tmp_path / "data" / "plain.txt").write_text(stories, encoding="utf-8")
    (tmp_path / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    recipe = read_recipe(str(tmp_path / "recipe.toml"))
    told = []
    library = Library(tmp_path / "data", recipe)
    kitchen = Kitchen(recipe, library, tmp_path / "out", report=lambda step, entry: told.append((step, entry)))
    for step in recipe.steps:
        make(kitchen, step)
    done = json.loads((tmp_path / "out" / "own" / "done.json").read_text())
    assert done["texts"] == 24 and 24 <= done["tokens"] <= 24 * 12
    own = batched_generation.documents(tmp_path / "out" / "own")
    assert len(own) == 24 and all(one.learned[0] and not one.learned[1] for one in own)
    assert [entry["tokens"] for step, entry in told if step == "own"] == sorted(
        entry["tokens"] for step, entry in told if step == "own"
    )
    losses = [entry["held_out"] for step, entry in told if step == "draft" and "held_out" in entry]
    assert losses and kitchen.is_done("draft")
    ids = {tuple(one.ids) for one in kitchen.tokens(kitchen.tokenizer)("own")}
    assert ids == {tuple(one.ids) for one in own}
