"""A draft head for a chat model learns from turns and answers that the model itself writes."""

import copy
from dataclasses import replace

import pytest
import torch

import specdec
from specdec.errors import UserError
from specdec.models import loading
from specdec.models.heads import load_heads
from specdec.models.pair import Pair
from specdec.train import batched_generation, chat, steps
from specdec.train.library import Library
from specdec.train.publish import publish
from specdec.train.recipe import read_recipe
from specdec.train.workspace import Kitchen

pytestmark = pytest.mark.xdist_group("train-chat")  # what is trained is made once, for the whole file
TEMPLATE = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}\n{% endfor %}<assistant>"
VOCABULARY = 60
RECIPE = """
[export]
eagle = "tiny-eagle"

[mixture.passages]
tales = 1

[[step]]
name = "target"
kind = "public"
model = {model!r}

[[step]]
name = "turns"
kind = "turns"
writer = "target"
texts = 24
length = 12
batch = 8

[[step]]
name = "answers"
kind = "answers"
writer = "target"
turns = "turns"
mixture = "passages"
passages = 90
length = 24
batch = 32

[[step]]
name = "eagle"
kind = "chat-eagle"
target = "target"
texts = "answers"
draft_vocabulary = 60
steps = 2
tokens = 60_000
warm_up = 2_000
learning_rate = 0.02
feature_weight = 0.1
"""


@pytest.fixture(scope="module")
def kitchen(tiny_pair_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chat")
    model = loading.load_model(str(tiny_pair_folder / "target"), torch.device("cpu"), "float32")
    tokenizer = copy.deepcopy(model.tokenizer)
    tokenizer.chat_template = TEMPLATE
    model.module.save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    (folder / "data").mkdir()
    (folder / "data" / "tales.txt").write_text("Once there was a fox who sang. " * 40)
    (folder / "recipe.toml").write_text(RECIPE.format(model=str(folder / "model")))
    recipe = read_recipe(str(folder / "recipe.toml"))
    made = Kitchen(recipe, Library(folder / "data", recipe), folder / "out")
    for step in recipe.steps:
        steps.make(made, step)
    return made


def written(kitchen, step):
    return batched_generation.written(kitchen.result(step))


def test_turns_are_written_after_the_words_that_open_one(kitchen):
    model = chat.public(kitchen, "target")
    texts = written(kitchen, "turns")
    assert len(texts) == 24
    assert {model.tokenizer.decode(one.prompt) for one in texts} == {"<user>"}
    turns = chat.turns_of(model, [one._replace(ended=True) for one in texts])
    assert turns and all(len(turn) >= chat.SHORTEST_TURN for turn in turns) and len(set(turns)) == len(turns)


def test_answers_follow_the_template_and_tasks_carry_a_passage_of_the_files(kitchen):
    model = chat.public(kitchen, "target")
    prompts = [model.tokenizer.decode(one.prompt) for one in written(kitchen, "answers")]
    assert all(prompt.startswith("<user>") and prompt.endswith("\n<assistant>") for prompt in prompts)
    tasks = [prompt for prompt in prompts if any(asked in prompt for asked in chat.ASKED)]
    assert len(tasks) == 90 and all("a fox" in prompt for prompt in tasks)


def test_the_head_has_the_frequent_tokens_and_learns_to_guess_as_the_target_writes(kitchen):
    target = chat.public(kitchen, "target")
    publish(kitchen, "eagle", kitchen.out / "published")
    head = load_heads(str(kitchen.out / "published"), target)
    assert len(head.draft_ids) == VOCABULARY and head.draft_ids.tolist() == sorted(set(head.draft_ids.tolist()))
    shares = kitchen.facts("eagle")["held_out"]
    fresh = chat.fresh_eagle(target, target.config.intermediate_size, 0, head.draft_ids)
    texts = [one for one in written(kitchen, "answers") if len(one.answer) > 1][-chat.HELD_OUT :]
    rows = chat.AnswerRows(chat.TextStream(texts, None, 0)).rows(0, len(texts))
    untrained = chat.agreement(fresh, target, rows, chat.eagle_guesses)
    assert shares["answers 1"] > untrained[0] + 0.04  # a target of random weights is hard to guess


def test_the_head_changes_nothing_of_what_the_target_writes(kitchen):
    target = chat.public(kitchen, "target")
    head = load_heads(str(kitchen.folder("eagle")), target)
    pair = Pair(None, target, None, 3, heads={"eagle": head})
    plain, drafted = (
        specdec.run("Once there was", pair, drafter=name, max_new_tokens=40, draft_length=3)
        for name in ("none", "eagle")
    )
    assert drafted.ids == plain.ids and drafted.totals.drafted > 0


def test_a_model_without_a_chat_template_is_refused(kitchen, tiny_pair):
    with pytest.raises(UserError, match="chat template"):
        chat.opening(replace(tiny_pair.target))
