"""Training on a few lines of text: the promises that the recipe of the embedded pair rests on."""

import argparse
import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from specdec.errors import UserError
from specdec.train import agreement, checkpoint, command, corpus, export, muon
from specdec.train.corpus import END_OF_TEXT, Phase, Recipe, Split, TokenStream
from specdec.train.language_model import Shape, build_model, measure, rows_loss
from specdec.train.loss import token_loss
from specdec.train.schedule import Schedule
from specdec.train.tokenizer import encode_documents, save_tokenizer, train_tokenizer
from specdec.train.trainer import Options, Trainer

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
    return {"stories": encode_documents(tokenizer, STORIES)}


def small_model(tokenizer, seed=0, width=64):
    return build_model(Shape(layers=2, width=width, head_width=32, positions=128), tokenizer, seed)


def trainer(run, tokenizer, encoded, options=OPTIONS, teacher=None, report=lambda line: None):
    recipe = Recipe((Phase({"stories": 1.0}, 128), Phase({"stories": 0.5})))
    held_out = {"stories": corpus.held_out_rows(encoded["stories"], ROW, 4)}
    stream = TokenStream(recipe, encoded, ROW, seed=1)
    return Trainer(run, small_model(tokenizer), stream, held_out, options, teacher, report)


def write_story_folder(folder):
    folder.mkdir(exist_ok=True)
    text = "".join(f"{story} Story {number}.\n{END_OF_TEXT}\n" for number in range(8) for story in STORIES)
    (folder / "plain.txt").write_text(text, encoding="utf-8")
    with gzip.open(folder / "packed.txt.gz", "wt", encoding="utf-8") as packed:
        packed.write("Only one document, without a separator.")
    return folder


# --- corpus


def test_files_are_split_at_the_separator_and_a_file_without_it_is_one_document(tmp_path):
    paths = corpus.text_files(write_story_folder(tmp_path))
    assert len(corpus.read_documents(paths["plain"])) == 8 * len(STORIES)
    assert corpus.read_documents(paths["packed"]) == ["Only one document, without a separator."]


def test_held_out_documents_are_never_trained_on(tmp_path):
    recipe, splits = corpus.load(write_story_folder(tmp_path))
    held_out = {document for split in splits.values() for document in split.held_out}
    train = {document for split in splits.values() for document in split.train}
    assert held_out and train and not held_out & train
    assert len(held_out) + len(train) == 8 * len(STORIES) + 1
    assert recipe.files() == ["packed", "plain"]


def test_a_story_in_a_held_out_file_is_dropped_from_training():
    splits = corpus.exclude_held_out({"a": Split(["one", "two"], []), "b": Split([], ["two"])})
    assert splits["a"].train == ["one"]


def test_the_stream_gives_the_same_rows_whether_asked_in_order_or_from_the_middle(encoded):
    recipe = Recipe((Phase({"stories": 1.0}, 10 * ROW), Phase({"stories": 0.25})))
    rows = TokenStream(recipe, encoded, ROW, seed=3).rows(0, 40)
    assert np.array_equal(TokenStream(recipe, encoded, ROW, seed=3).rows(17, 9), rows[17:26])
    assert not np.array_equal(TokenStream(recipe, encoded, ROW, seed=4).rows(0, 40), rows)


def test_a_row_continues_where_the_last_one_ended_within_a_phase(encoded):
    rows = TokenStream(Recipe((Phase({"stories": 1.0}),)), encoded, ROW, seed=0).rows(0, 50)
    assert np.array_equal(rows[1:, 0], rows[:-1, -1])


def test_a_phase_shows_only_its_own_files():
    documents = {"a": [np.full(10, 1)], "b": [np.full(10, 2)]}
    rows = TokenStream(Recipe((Phase({"a": 1.0}, 4 * ROW), Phase({"b": 2.0}))), documents, ROW, seed=0).rows(0, 8)
    assert np.unique(rows[:4]).tolist() == [1] and np.unique(rows[4:]).tolist() == [2]


@pytest.mark.parametrize(
    ("text", "message"),
    [("phase = []", "needs at least one"), ("[[phase]]\n[[phase]]", "needs at least one"), ("x =", "cannot be read")],
)
def test_a_bad_recipe_is_refused_with_a_sentence(tmp_path, text, message):
    (tmp_path / "recipe.toml").write_text(text)
    with pytest.raises(UserError, match=message):
        corpus.read_recipe(tmp_path / "recipe.toml")


def test_missing_data_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        corpus.load(tmp_path / "nothing")
    with pytest.raises(UserError, match=r"holds no \*\.txt"):
        corpus.load(tmp_path)
    with pytest.raises(UserError, match="lacks poems"):
        corpus.load(write_story_folder(tmp_path), Recipe((Phase({"poems": 1.0}),)))


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
    before = measure(run.model, run.held_out["stories"])
    assert run.train()["stories"] < before - 1.0
    names = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {".safetensors", ".json", ".jsonl"}


def test_distillation_brings_the_draft_closer_to_the_teacher_than_its_start(tmp_path, tokenizer, encoded):
    teacher = small_model(tokenizer, seed=7).eval()
    with torch.no_grad():
        teacher.model.embed_tokens.weight.mul_(10)
    options = replace(OPTIONS, schedule=Schedule(30 * 64, 64, 640), teacher_mix=1.0)
    run = trainer(tmp_path, tokenizer, encoded, options, teacher)
    rows = torch.from_numpy(run.held_out["stories"])

    @torch.no_grad()
    def divergence():
        entropy = torch.distributions.Categorical(logits=teacher(input_ids=rows[:, :-1]).logits).entropy().sum()
        return (rows_loss(run.model, rows, teacher, 1.0) - entropy).item()

    before = divergence()
    run.train()
    after = divergence()
    assert 0 <= after < 0.8 * before


def test_a_batch_that_does_not_divide_into_rows_is_refused(tmp_path, tokenizer, encoded):
    with pytest.raises(UserError, match="multiple"):
        trainer(tmp_path, tokenizer, encoded, replace(OPTIONS, micro_batch=24))


def test_resuming_without_a_checkpoint_is_refused(tmp_path, tokenizer, encoded):
    with pytest.raises(UserError, match="no checkpoint"):
        trainer(tmp_path, tokenizer, encoded).resume()


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
    rows = corpus.held_out_rows(encoded["stories"], ROW, 3)
    same, different = agreement.compare(one, one, rows), agreement.compare(one, other, rows)
    assert same.greedy == 1.0 and same.overlap == pytest.approx(1.0)
    inputs = torch.from_numpy(rows[:, :-1].copy())
    with torch.no_grad():
        p, q = (model(inputs).logits.softmax(-1) for model in (one, other))
    assert different.overlap == pytest.approx(1 - (p - q).abs().sum(-1).mean().item() / 2, abs=1e-5)
    assert different.target_loss == pytest.approx(measure(one, rows), abs=1e-5)


def test_the_command_line_goes_from_text_files_to_two_model_folders(tmp_path, capsys):
    data = write_story_folder(tmp_path / "data")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)

    def run(line):
        assert command.main(parser.parse_args(line.format(data=data, at=tmp_path).split())) == 0

    small = "--width 64 --warm-up 64 --batch 64 --micro-batch 64 --row-length 16"
    run("tokenizer --data {data} --out {at}/tokenizer --vocabulary 280")
    run(f"model --data {{data}} --tokenizer {{at}}/tokenizer --out {{at}}/big --tokens 256 --layers 2 {small}")
    run("export --run {at}/big --to {at}/Big")
    run(
        f"model --data {{data}} --tokenizer {{at}}/tokenizer --out {{at}}/little --tokens 128 --layers 1 {small} "
        "--teacher {at}/Big"
    )
    run("export --run {at}/little --to {at}/Little")
    run("compare --data {data} --target {at}/Big --draft {at}/Little --row-length 16")
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["positions"] > 0 and 0 <= result["greedy"] <= 1 and 0 < result["overlap"] <= 1
