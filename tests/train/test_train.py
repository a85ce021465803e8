"""Training on a few lines of text: the promises that the recipe of the embedded pair rests on."""

import argparse
import gzip
import json
import re
import shutil
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import specdec
from specdec.catalog.pairs import TASKS
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.models.loading import load
from specdec.settings import Settings
from specdec.trace import gather
from specdec.train import agreement, checkpoint, command, corpus, exercises, export, muon, steps
from specdec.train.corpus import END_OF_TEXT, IGNORED, Document, Split, Tokens, TokenStream
from specdec.train.language_model import EarlyExit, Shape, build_model, grow, hidden_states, measure, rows_loss
from specdec.train.library import Library
from specdec.train.loss import token_loss
from specdec.train.recipe import Recipe, Step, read_recipe
from specdec.train.schedule import Schedule
from specdec.train.tokenizer import save_tokenizer, train_tokenizer
from specdec.train.trainer import Options, Trainer

pytestmark = pytest.mark.xdist_group("train")  # what is trained is made once, for the whole file
ROOT = Path(__file__).resolve().parents[2]
STORIES = [
    f"The {animal} found a {colour} ball near the {place}. It was happy and ran home."
    for animal in ("cat", "dog", "fox", "hen")
    for colour in ("red", "blue", "green")
    for place in ("river", "tree", "gate", "barn")
]
ROW = 16
OPTIONS = Options(
    Schedule(total=6 * 64, warm_up=64, cool_down=128), batch=64, micro_batch=32, row_length=ROW, log_steps=1
)


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(STORIES, 300, 128)


@pytest.fixture(scope="module")
def encoded(tokenizer):
    return corpus.encode(tokenizer, [Document(story) for story in STORIES])


def small_model(tokenizer, seed=0, width=64):
    return build_model(Shape(layers=2, width=width, head_width=32, positions=128), tokenizer, seed)


def held_out(encoded):
    return corpus.held_out_rows(encoded, ROW, 4)


def trainer(run, tokenizer, encoded, options=OPTIONS, teacher=None, early_exit=None):
    model, stream = small_model(tokenizer), TokenStream({"stories": 1.5}, lambda name: encoded, ROW, seed=1)

    def loss(model, rows, random):
        return rows_loss(model, rows, teacher, 1.0, early_exit, random)

    return Trainer(run, model, stream, loss, options, lambda: {"stories": measure(model, held_out(encoded))})


def write_story_folder(folder):
    folder.mkdir(exist_ok=True)
    text = "".join(f"{story} Story {number}.\n{END_OF_TEXT}\n" for number in range(8) for story in STORIES)
    (folder / "plain.txt").write_text(text, encoding="utf-8")
    with gzip.open(folder / "packed.txt.gz", "wt", encoding="utf-8") as packed:
        packed.write("No separator,\none document.\n \nAnother.\n")
    return folder


# --- corpus


def test_files_are_split_at_the_separator_and_a_file_without_it_at_empty_lines(tmp_path):
    paths = corpus.data_files(write_story_folder(tmp_path), ".txt")
    assert len(corpus.read_documents(paths["plain"])) == 8 * len(STORIES)
    assert corpus.read_documents(paths["packed"]) == [Document("No separator,\none document."), Document("Another.")]


def test_an_exercise_of_a_jsonl_file_is_learned_only_in_its_answer(tmp_path, tokenizer):
    row = {"task": "correct", "input": "the the cat", "output": "The cat."}
    (tmp_path / "edits.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    documents = corpus.read_documents(corpus.data_files(tmp_path, ".jsonl")["edits"])
    (tokens,) = corpus.encode(tokenizer, documents)
    assert tokenizer.decode(tokens.ids[1:]) == TASKS["correct"].replace("{text}", "the the cat") + "The cat."
    assert tokenizer.decode(tokens.ids[tokens.learned]) == END_OF_TEXT + "The cat."


def stories_recipe(**changes):
    return replace(Recipe("own", (), {"main": {"plain": 1.0}}, exercises_from=("plain",)), **changes)


def test_held_out_documents_are_never_trained_on(tmp_path):
    library = Library(write_story_folder(tmp_path), stories_recipe())
    split = library.splits["plain"]
    assert split.held_out and split.train and not set(split.held_out) & set(split.train)
    assert len(split.held_out) + len(split.train) == 8 * len(STORIES)
    assert library.held_out() == {"stories": split.held_out}


def test_exercises_for_measuring_are_made_from_held_out_stories_alone(tmp_path):
    library = Library(write_story_folder(tmp_path), stories_recipe(exercises={"correct": 40}))
    made = library.splits["correct"]
    told = " ".join(document.text for document in library.splits["plain"].held_out)
    assert len(made.train) == 40 and len(made.held_out) == 200
    assert all(document.text in told for document in made.held_out)


def test_a_folder_without_any_file_of_the_recipe_is_used_whole(tmp_path):
    library = Library(
        write_story_folder(tmp_path), stories_recipe(mixtures={"main": {"poems": 2.0}}, exercises_from=())
    )
    assert library.mixture("main") == {"packed": 1.0, "plain": 1.0}
    assert library.held_out()["stories"]


def test_a_story_in_a_held_out_file_is_dropped_from_training():
    one, two = Document("one"), Document("two")
    splits = corpus.exclude_held_out({"a": Split([one, two], []), "b": Split([], [two])})
    assert splits["a"].train == [one]


def stream(documents, mixture, seed=0):
    return TokenStream(mixture, lambda name: documents[name], ROW, seed)


def test_the_stream_gives_the_same_rows_whether_asked_in_order_or_from_the_middle(encoded):
    documents = {"stories": encoded}
    rows = stream(documents, {"stories": 1.25}, seed=3).rows(0, 400)
    again = stream(documents, {"stories": 1.25}, seed=3).rows(170, 90)
    assert all(np.array_equal(a, b[170:260]) for a, b in zip(again, rows, strict=True))
    assert not np.array_equal(stream(documents, {"stories": 1.25}, seed=4).rows(0, 400).inputs, rows.inputs)


def test_a_label_is_the_next_input_across_rows_and_passes(encoded):
    rows = stream({"stories": encoded}, {"stories": 1.0}).rows(0, 400)
    assert np.array_equal(rows.labels.flatten()[:-1], rows.inputs.flatten()[1:])


def test_what_is_not_learned_has_no_label():
    documents = {"a": [Tokens(np.arange(1, 11), np.arange(10) >= 5)]}
    rows = stream(documents, {"a": 1.0}).rows(0, 20)
    flat = rows.labels.flatten()[:-1]
    following = rows.inputs.flatten()[1:]
    assert np.array_equal(flat == IGNORED, following <= 5)
    assert np.array_equal(flat[flat >= 0], following[following > 5])


def test_a_mixture_shows_each_file_as_often_as_it_says():
    documents = {name: [Tokens(np.full(8, value), np.ones(8, bool))] * 8 for value, name in enumerate("ab")}
    rows = stream(documents, {"a": 0.5, "b": 2.0}).rows(0, 10)  # one pass: 4 · 8 + 16 · 8 tokens
    assert (rows.inputs == 0).sum() == 32 and (rows.inputs == 1).sum() == 128


@pytest.mark.parametrize(
    ("text", "message"),
    [("x = 1", "needs"), ("[mixture.a]\n[[step]]\nkind = 'model'", "needs"), ("x =", "cannot be read")],
)
def test_a_bad_recipe_is_refused_with_a_sentence(tmp_path, text, message):
    (tmp_path / "recipe.toml").write_text(text)
    with pytest.raises(UserError, match=message):
        read_recipe(str(tmp_path / "recipe.toml"))


def test_missing_data_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        Library(tmp_path / "nothing", stories_recipe())
    with pytest.raises(UserError, match=r"holds no file that ends in one of \.txt"):
        Library(tmp_path, stories_recipe())
    with pytest.raises(UserError, match="lacks poems"):
        Library(write_story_folder(tmp_path), stories_recipe(mixtures={"main": {"plain": 1.0, "poems": 1.0}}))


# --- edit exercises

TALE = (
    'Tom was a boy. He had a red ball in the garden. Then the ball rolled away! "Stop," said Mia. She ran after it. '
    "They found a small frog by the pond. It was sitting on the ball. The frog gave the ball to Mia."
)


@pytest.fixture(scope="module")
def made():
    return {name: list(maker([TALE], 60, np.random.default_rng(1))) for name, maker in exercises.MAKERS.items()}


def test_the_answer_to_a_correct_exercise_is_the_tale_and_its_input_nearly_always_a_spoilt_one(made):
    assert all(document.text in TALE for document in made["correct"])
    assert (
        sum(document.text in document.given for document in made["correct"]) <= 6
    )  # of 60: tiny words stay as they are


def bare(text):
    """The words without what joins or ends sentences."""
    words = re.sub(r"[.,;]", "", text.lower()).split()
    return [word for word in words if word not in ("and", "while")]


def test_split_sentences_are_joined_in_the_input_without_losing_a_word(made):
    for document in made["split"]:
        long = document.given.removeprefix("Long sentences:\n").split("\n\n")[0]
        assert document.text in TALE and bare(long) == bare(document.text)
        assert len(exercises.sentences(long)) < len(exercises.sentences(document.text))


def test_a_quoted_sentence_stands_in_the_passage_and_answers_no_other(made):
    for document in made["quote"]:
        passage = document.given.split("\n")[0]
        assert document.text in exercises.sentences(passage)


def test_converted_tables_hold_the_same_cells(made):
    for document in made["table"]:
        source = document.given.split("\n", 1)[1].split("\n\nConverted")[0]
        assert cells(source) == cells(document.text)


def cells(text):
    keys = {"name", "animal", "colour", "toy", "food", "place", "age", "count"}
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return sorted(word for word in words if word not in keys)


def test_texts_that_do_not_lend_themselves_to_exercises_give_none_and_come_to_an_end():
    for name in ("correct", "split", "quote"):
        assert (
            list(exercises.MAKERS[name](["no end", "a" * 300 + ". " + "b" * 300 + "."], 5, np.random.default_rng(0)))
            == []
        )


def test_exercises_depend_on_their_generator_alone():
    for maker in exercises.MAKERS.values():
        first, second, other = (list(maker([TALE], 5, np.random.default_rng(seed))) for seed in (1, 1, 2))
        assert first == second != other


# --- tokenizer


@pytest.mark.parametrize(
    "text", ["plain", " two  spaces ", "a\n\n\tb\r\n", "naïve 漢字 👩‍👩‍👧 é", "\x00\x07\x1b", "", "\U0010ffff"]
)
def test_any_text_survives_the_round_trip(tokenizer, text):
    assert tokenizer.decode(tokenizer(text)["input_ids"], skip_special_tokens=True) == text


def test_an_encoded_prompt_begins_with_the_end_of_text_token(tokenizer):
    ids = tokenizer("The cat")["input_ids"]
    assert ids[0] == tokenizer.eos_token_id == tokenizer.bos_token_id
    assert ids[1:] == tokenizer("The cat", add_special_tokens=False)["input_ids"]


def test_the_saved_tokenizer_loads_without_a_warning_and_encodes_the_same(tokenizer, tmp_path, recwarn, caplog):
    save_tokenizer(tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    assert not recwarn.list and not caplog.records
    assert loaded("The cat\n🙂")["input_ids"] == tokenizer("The cat\n🙂")["input_ids"]
    save_tokenizer(loaded, tmp_path)
    assert "local" not in (tmp_path / "tokenizer_config.json").read_text()


# --- training


def test_the_schedule_rises_holds_and_falls_linearly_to_zero():
    schedule = Schedule(total=1000, warm_up=100, cool_down=200)
    assert [schedule.factor(seen) for seen in (49, 99, 500, 800, 900, 1000)] == [0.5, 1.0, 1.0, 1.0, 0.5, 0.0]


def test_a_smaller_total_only_brings_the_cool_down_forward():
    long, short = Schedule(1000, 100, 200), Schedule(600, 100, 200)
    assert all(long.factor(seen) == short.factor(seen) for seen in range(0, 401, 20))
    assert short.factor(500) == 0.5 and long.factor(500) == 1.0


def test_muon_steps_are_orthogonal_matrices():
    matrices = torch.randn(3, 12, 40, generator=torch.Generator().manual_seed(0))
    for x in (matrices, matrices.mT):
        values = torch.linalg.svdvals(muon.orthogonalize(x))
        assert values.min() > 0.5 and values.max() < 1.3


def test_the_blockwise_loss_has_the_value_and_gradient_of_cross_entropy():
    random = torch.Generator().manual_seed(0)
    hidden = torch.randn(1100, 8, generator=random, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(30, 8, generator=random, dtype=torch.float64, requires_grad=True)
    labels = torch.randint(0, 30, (1100,), generator=random)
    ours = token_loss(hidden, weight, labels)
    reference = torch.nn.functional.cross_entropy(hidden @ weight.T, labels, reduction="sum")
    assert torch.allclose(ours, reference)
    for mine, theirs in zip(*(torch.autograd.grad(x, (hidden, weight)) for x in (ours, reference)), strict=True):
        assert torch.allclose(mine, theirs)


def test_the_distillation_loss_has_the_gradient_of_the_stated_mixture():
    random = torch.Generator().manual_seed(0)
    hidden, weight = (torch.randn(n, 8, generator=random, dtype=torch.float64, requires_grad=True) for n in (20, 30))
    labels = torch.randint(0, 30, (20,), generator=random)
    teacher = torch.randn(20, 30, generator=random, dtype=torch.float64)
    log_q = torch.log_softmax(hidden @ weight.T, -1)
    kl = torch.nn.functional.kl_div(log_q, teacher.log_softmax(-1), reduction="sum", log_target=True)
    reference = 0.3 * torch.nn.functional.nll_loss(log_q, labels, reduction="sum") + 0.7 * kl
    ours = token_loss(hidden, weight, labels, teacher, 0.7)
    for mine, theirs in zip(*(torch.autograd.grad(x, (hidden, weight)) for x in (ours, reference)), strict=True):
        assert torch.allclose(mine, theirs)


def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path, tokenizer, encoded):
    whole = trainer(tmp_path / "whole", tokenizer, encoded)
    whole.train()
    first = trainer(tmp_path / "parts", tokenizer, encoded)
    losses = [first.step() for _ in range(3)]
    first.save()
    second = trainer(tmp_path / "parts", tokenizer, encoded)
    second.resume()
    assert second.progress.tokens == 3 * OPTIONS.batch
    second.train()
    logged = [json.loads(line) for line in (tmp_path / "parts" / "log.jsonl").read_text().splitlines()]
    expected = [json.loads(line) for line in (tmp_path / "whole" / "log.jsonl").read_text().splitlines()]
    losses += [entry["loss"] for entry in logged if "loss" in entry]
    assert [round(loss, 4) for loss in losses] == [entry["loss"] for entry in expected if "loss" in entry]
    for mine, theirs in zip(second.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_two_workers_compute_the_same_step_as_one(tmp_path, tokenizer, encoded):
    runs = [trainer(tmp_path, tokenizer, encoded, replace(OPTIONS, workers=workers)) for workers in (1, 2)]
    losses = [[run.step() for _ in range(3)] for run in runs]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_training_lowers_the_held_out_loss_and_the_checkpoint_holds_no_pickle(tmp_path, tokenizer, encoded):
    run = trainer(tmp_path, tokenizer, encoded, replace(OPTIONS, schedule=Schedule(40 * 64, 64, 640)))
    before = run.measure()["stories"]
    assert run.train()["stories"] < before - 1.0
    names = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {".safetensors", ".json", ".jsonl"}


def test_distillation_brings_the_draft_closer_to_the_teacher_than_its_start(tmp_path, tokenizer, encoded):
    teacher = small_model(tokenizer, seed=7).eval()
    with torch.no_grad():
        teacher.model.embed_tokens.weight.mul_(10)
    options = replace(OPTIONS, schedule=Schedule(30 * 64, 64, 640))
    run = trainer(tmp_path, tokenizer, encoded, options, teacher)
    rows = held_out(encoded)

    @torch.no_grad()
    def divergence():
        logits = teacher(input_ids=torch.from_numpy(rows.inputs)).logits
        entropy = torch.distributions.Categorical(logits=logits).entropy().sum()
        return (rows_loss(run.model, rows, teacher, 1.0) - entropy).item()

    before = divergence()
    run.train()
    after = divergence()
    assert 0 <= after < 0.8 * before


def test_a_batch_that_does_not_divide_into_rows_is_refused(tmp_path, tokenizer, encoded):
    with pytest.raises(UserError, match="multiple"):
        trainer(tmp_path, tokenizer, encoded, replace(OPTIONS, micro_batch=24))


def test_a_shortened_run_keeps_its_shape_and_a_resumed_one_its_length(tmp_path, tokenizer, encoded):
    options = replace(OPTIONS, schedule=Schedule(10**9, 10**8, 10**8), seconds=0.5)
    run = trainer(tmp_path, tokenizer, encoded, options)
    run.train()
    schedule = run.options.schedule
    assert run.progress.tokens == schedule.total < 10**6
    assert schedule.warm_up == schedule.cool_down == pytest.approx(schedule.total / 10, abs=1)
    again = trainer(tmp_path, tokenizer, encoded, options)
    again.resume()
    assert again.options.schedule == schedule


def test_a_run_without_an_end_in_sight_takes_the_time_that_it_is_given_when_it_is_resumed(
    tmp_path, tokenizer, encoded
):
    options = replace(OPTIONS, schedule=Schedule(10**9, 10**8, 10**8))
    run = trainer(tmp_path, tokenizer, encoded, options)
    for _ in range(3):
        run.step()
    run.save()
    again = trainer(tmp_path, tokenizer, encoded, replace(options, seconds=0.5))
    again.resume()
    again.train()
    assert run.progress.tokens < again.progress.tokens == again.options.schedule.total < 10**6


def test_hidden_states_are_the_models_own_and_the_early_ones_those_of_its_first_layers(tokenizer):
    model = small_model(tokenizer).eval()
    inputs = torch.arange(12).reshape(2, 6)
    last, early = hidden_states(model, inputs, read_out=1)
    assert torch.allclose(last, model.model(input_ids=inputs).last_hidden_state, atol=1e-6)
    first = small_model(tokenizer).eval()
    first.model.layers = first.model.layers[:1]
    assert torch.allclose(early, first.model(input_ids=inputs).last_hidden_state, atol=1e-6)


def test_a_left_out_layer_changes_nothing_that_passes_it(tokenizer):
    model = small_model(tokenizer).eval()
    inputs = torch.arange(12).reshape(2, 6)
    skipped, _ = hidden_states(model, inputs, skipped=[False, True])
    model.model.layers = model.model.layers[:1]
    assert torch.allclose(skipped, model.model(input_ids=inputs).last_hidden_state, atol=1e-6)


def test_later_layers_are_left_out_more_often_and_the_first_never():
    random, exits = np.random.default_rng(0), EarlyExit(dropout=0.4)
    share = np.mean([exits.skipped(8, random) for _ in range(4000)], axis=0)
    assert share[0] == 0 and np.all(np.diff(share) > 0) and share[-1] == pytest.approx(0.4, abs=0.03)
    assert {exits.layer(8, random) for _ in range(200)} == {1, 2, 3, 4}


def test_early_exit_training_teaches_the_first_layers_to_speak(tmp_path, tokenizer, encoded):
    losses = {}
    for name, early_exit in (("with", EarlyExit(0.0, 0.5)), ("without", None)):
        options = replace(OPTIONS, schedule=Schedule(40 * 64, 64, 640))
        run = trainer(tmp_path / name, tokenizer, encoded, options, early_exit=early_exit)
        run.train()
        run.model.model.layers = run.model.model.layers[:1]
        losses[name] = measure(run.model, held_out(encoded))
    assert losses["with"] < losses["without"] - 0.3


def test_a_model_grown_from_one_of_its_own_depth_is_that_model_and_a_deeper_one_repeats_its_layers(tokenizer):
    seed, same = small_model(tokenizer, seed=1).eval(), small_model(tokenizer, seed=2).eval()
    grow(same, seed)
    ids = torch.arange(8)[None]
    assert torch.equal(same(ids).logits, seed(ids).logits)
    deep = build_model(Shape(4, 64, 32, 128), tokenizer, 3)
    grow(deep, seed)
    for index, layer in enumerate(deep.model.layers):
        assert torch.equal(layer.mlp.up_proj.weight, seed.model.layers[index % 2].mlp.up_proj.weight)


STATES = {  # how a run's folder looks wherever a save may be stopped
    "while the new one is written": {"checkpoint": "old", "checkpoint.new": "half"},
    "before the old one goes": {"checkpoint": "old", "checkpoint.new": "new"},
    "while the old one goes": {"checkpoint": "half", "checkpoint.new": "new"},
    "before the new one has its name": {"checkpoint.new": "new"},
}


@pytest.mark.parametrize("state", STATES)
def test_a_save_that_was_stopped_anywhere_leaves_a_whole_checkpoint(tmp_path, tokenizer, encoded, state):
    run = trainer(tmp_path / "run", tokenizer, encoded)
    run.step()
    run.save()
    (tmp_path / "run" / "checkpoint").rename(tmp_path / "old")
    run.step()
    run.save()
    (tmp_path / "run" / "checkpoint").rename(tmp_path / "new")
    (tmp_path / "half").mkdir()
    shutil.copy(tmp_path / "new" / "optimizer.safetensors", tmp_path / "half")
    for name, content in STATES[state].items():
        shutil.copytree(tmp_path / content, tmp_path / "run" / name)
    again = trainer(tmp_path / "run", tokenizer, encoded)
    again.resume()
    assert again.progress.step == (2 if "new" in STATES[state].values() else 1)
    again.step()
    again.save()
    last = trainer(tmp_path / "run", tokenizer, encoded)
    last.resume()
    assert last.progress.step == again.progress.step
    assert {path.name for path in (tmp_path / "run").glob("checkpoint*")} == {"checkpoint"}


def test_resuming_with_another_shape_is_refused(tmp_path, tokenizer, encoded):
    run = trainer(tmp_path, tokenizer, encoded)
    run.save()
    for other in (small_model(tokenizer, width=32), build_model(Shape(1, 64, 32, 128), tokenizer, 0)):
        with pytest.raises(UserError, match="another shape"):
            checkpoint.load_weights(tmp_path, other)


# --- export, agreement, command line


def test_the_exported_folder_loads_in_transformers_with_the_same_logits_to_bfloat16_precision(
    tmp_path, tokenizer, encoded
):
    run = trainer(tmp_path / "run", tokenizer, encoded)
    run.train()
    run.model.config.save_pretrained(tmp_path / "run")
    save_tokenizer(tokenizer, tmp_path / "run")
    parameters = export.export(tmp_path / "run", tmp_path / "model")
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path / "model")
    assert loaded.dtype == torch.float32 and loaded.num_parameters() == parameters
    assert loaded.generation_config.eos_token_id == tokenizer.eos_token_id
    assert (tmp_path / "model" / "model.safetensors").stat().st_size < 2 * parameters + 10_000
    ids = AutoTokenizer.from_pretrained(tmp_path / "model")("The cat found", return_tensors="pt")["input_ids"]
    run.model.eval()
    with torch.no_grad():
        expected, got = run.model(ids).logits, loaded(ids).logits
    assert (expected - got).abs().max() < 0.02 * expected.abs().max()


def test_a_model_agrees_with_itself_fully_and_with_another_as_the_definition_says(tokenizer, encoded):
    one, other = (small_model(tokenizer, seed).eval() for seed in (0, 1))
    with torch.no_grad():
        for model in (one, other):
            model.model.embed_tokens.weight.mul_(10)
    rows = held_out(encoded)
    same, different = agreement.compare(one, one, rows), agreement.compare(one, other, rows)
    assert same.greedy == 1.0 and same.overlap == pytest.approx(1.0)
    inputs = torch.from_numpy(rows.inputs)
    with torch.no_grad():
        p, q = (model(inputs).logits.softmax(-1) for model in (one, other))
    assert different.overlap == pytest.approx(1 - (p - q).abs().sum(-1).mean().item() / 2, abs=1e-5)
    assert different.target_loss == pytest.approx(measure(one, rows), abs=1e-5)


SMALL_RECIPE = """
[mixture.main]
plain = 1
[[step]]
name = "tokenizer"
kind = "tokenizer"
mixture = "main"
vocabulary = 280
context = 128
[[step]]
name = "half"
kind = "model"
mixture = "main"
layers = 1
width = 64
tokens = 512
batch = 128
micro_batch = 128
row_length = 16
[[step]]
name = "whole"
kind = "model"
start = "half"
mixture = "main"
layers = 2
width = 64
tokens = 512
batch = 128
micro_batch = 128
row_length = 16
early_exit = true
[export]
whole = "Whole"
"""


def run_train(at, *more):
    (at / "small.toml").write_text(SMALL_RECIPE)
    data = write_story_folder(at / "data")
    return train(" ".join([f"--recipe {at}/small.toml --data {data} --out {at}/work --export {at}/models", *more]))


def test_the_command_line_goes_from_text_files_to_a_model_folder_and_leaves_alone_what_is_finished(tmp_path, capsys):
    assert run_train(tmp_path) == 0
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "models" / "Whole")
    assert model.config.num_hidden_layers == 2
    facts = json.loads((tmp_path / "work" / "whole" / "done.json").read_text())
    assert facts["parameters"] == model.num_parameters() and facts["options"]["schedule"]["total"] == 512
    assert "whole: 512 of 512 tokens" in capsys.readouterr().err
    written = (tmp_path / "work" / "half" / "checkpoint" / "weights.safetensors").stat().st_mtime_ns
    assert run_train(tmp_path) == 0
    assert (tmp_path / "work" / "half" / "checkpoint" / "weights.safetensors").stat().st_mtime_ns == written


def test_minutes_shorten_every_training_and_never_below_one_step(tmp_path):
    assert run_train(tmp_path, "--minutes", "1e-9") == 0
    facts = [json.loads((tmp_path / "work" / name / "done.json").read_text()) for name in ("half", "whole")]
    assert [one["options"]["schedule"]["total"] for one in facts] == [128, 128]  # a batch; the recipe has four
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "models" / "Whole").config.num_hidden_layers == 2


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--only", "whole"], "comes first"),
        (["--only", "nothing"], "has no step 'nothing'"),
        (["--minutes", "0"], "more than 0"),
        (["--minutes", "nan"], "more than 0"),
        (["--data", "nowhere"], "does not exist"),
        (["--recipe", "nowhere.toml"], "cannot be read"),
        (["--out", "/dev/null/x"], "Nothing can be written"),
    ],
)
def test_bad_training_options_are_refused_with_a_sentence(tmp_path, more, message):
    with pytest.raises(UserError, match=message):
        run_train(tmp_path, *more)


# --- the recipe that ships, on any text


def test_every_step_of_the_recipe_has_the_options_of_its_kind_and_builds_on_earlier_ones():
    recipe, done = read_recipe("stories"), set()
    for step in recipe.steps:
        options = step.options
        steps.read(step)
        named = {options[key] for key in ("start", "teacher", "writer", "of", "target") if key in options}
        named |= {*options.get("drafts", ()), *(options["heads"] if step.kind == "card" else ())}
        named |= recipe.mixtures.get(options.get("mixture"), {}).keys() & recipe.made()
        assert named <= done
        done.add(step.name)
    assert recipe.exports.keys() <= done


def train(line):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args(line.split()))


SIZES = {  # of the recipe that ships: as many steps, in numbers that a test can wait for
    "vocabulary = 4096": "vocabulary = 400",
    "layers = 12": "layers = 4",
    "layers = 6": "layers = 2",
    r"width = \d+": "width = 64",
    r"tokens = [\d_]+": "tokens = 8192",
    r"cool_down = [\d_]+": "cool_down = 4096",
    "texts = 2600": "texts = 48",
    "length = 200": "length = 72",
    'kind = "card"': 'kind = "card"\nprompts = 3',
}


def small_stories(folder):
    """The recipe `stories` with its steps, mixtures and exports, as a file of that name."""
    text = (resources.files("specdec.train") / "recipes" / "stories.toml").read_text(encoding="utf-8")
    for size, smaller in SIZES.items():
        text, replaced = re.subn(rf"^{size}$", smaller, text, flags=re.M)
        assert replaced, f"the recipe has no {size}"
    (folder / "stories.toml").write_text(text, encoding="utf-8")
    return folder / "stories.toml"


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    """What the recipe `stories`, made small, makes of a few hundred lines of any text."""
    at = tmp_path_factory.mktemp("family")
    (at / "texts").mkdir()
    pages = ("README.md", "CONTRIBUTING.md", "docs/benchmarks.md", "docs/how-it-works.md")
    lines = [line for name in pages for line in (ROOT / name).read_text().splitlines()]
    (at / "texts" / "any.txt").write_text("\n".join(line for line in lines if line.strip()))
    recipe = small_stories(at)
    assert train(f"--recipe {recipe} --data {at}/texts --out {at}/work --export {at}/models --device cpu") == 0
    return at


def test_the_recipe_makes_what_the_retrieval_drafter_looks_into(family):
    pair = load(target=str(family / "models" / "Llama-Stories-10M"), device="cpu")
    texts = (family / "work" / "own-stories" / "texts.txt").read_text(encoding="utf-8")
    settings = {"datastore": str(family / "models" / "own-stories.datastore"), "max_new_tokens": 12}
    prompt = " ".join(texts.split(" ")[:8])  # cut between words, where tokens end too
    trace = specdec.run(prompt, pair, drafter="retrieval", **settings)
    assert trace.footer.reason != "error" and trace.totals.drafted > 0


@pytest.mark.parametrize(
    ("draft", "drafter"),
    [
        ("Llama-Stories-2M-draft", "model"),
        ("Llama-Stories-2M-draft-kd", "model"),
        ("Llama-Stories-1M-draft-tiny", "model"),
        ("Llama-Stories-3M-draft-large", "model"),
        ("Llama-Stories-medusa", "medusa"),
        ("Llama-Stories-eagle", "eagle"),
        ("Llama-Stories-2M-draft", "early_exit"),
    ],
)
def test_every_drafter_of_the_family_writes_what_its_target_writes_alone(family, draft, drafter):
    models = family / "models"
    pair = load(target=str(models / "Llama-Stories-10M"), draft=str(models / draft), device="cpu")
    settings = Settings(max_new_tokens=24)
    runs = [gather(loop.rounds(prepare(pair, Request("A speculative", name, settings)))) for name in ("none", drafter)]
    assert runs[0].ids == runs[1].ids and runs[0].totals.tokens > 1
    assert pair.target.limit >= 2048


def test_the_card_of_the_family_names_every_model_and_measured_figures(family):
    card = (family / "models" / "README.md").read_text()
    facts = json.loads((family / "work" / "target" / "done.json").read_text())
    assert f"| `Llama-Stories-10M` | {facts['parameters']:,} |" in card
    assert card.count("`Llama-Stories-2M-draft-kd`") >= 4
    assert "Built with Llama" not in card  # these texts are others, and so is what may be said about them


def test_a_finished_family_is_left_alone(family):
    before = {path: path.stat().st_mtime_ns for path in (family / "work").rglob("done.json")}
    assert train(f"--recipe {family}/stories.toml --data {family}/texts --out {family}/work --device cpu") == 0
    assert before == {path: path.stat().st_mtime_ns for path in (family / "work").rglob("done.json")}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"token": 5}, "no option 'token'"),
        ({"layers": "two"}, "'layers' of the step 'draft' cannot be 'two'"),
        ({"early_exit": 1}, "'early_exit'"),
        ({"kind": "modell"}, "of kind 'modell'"),
    ],
    ids=str,
)
def test_a_step_with_an_option_that_its_kind_does_not_take_is_refused_in_a_sentence(wrong, said):
    options = {"mixture": "main", "layers": 1, "width": 64, "tokens": 512} | wrong
    with pytest.raises(UserError, match=said):
        steps.read(Step("draft", options.pop("kind", "model"), options=options))


def test_a_step_that_lacks_what_its_kind_needs_is_refused_in_a_sentence():
    with pytest.raises(UserError, match="needs the option 'width'"):
        steps.read(Step("draft", "model", options={"mixture": "main", "layers": 1, "tokens": 512}))
