"""Heads learn what the drafters will ask of them, from the very states that the drafters will hand them."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import specdec
from specdec.drafters.draft import Context
from specdec.drafters.eagle import FeatureSession
from specdec.drafters.medusa import MedusaDrafter
from specdec.models.heads import EagleHead, MedusaHeads, load_heads
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import DYNAMIC, Settings
from specdec.train import checkpoint, heads, steps
from specdec.train.corpus import END_OF_TEXT, IGNORED, Rows
from specdec.train.library import Library
from specdec.train.loss import token_loss
from specdec.train.recipe import read_recipe
from specdec.train.trainer import Trainer
from specdec.train.workspace import DONE, Kitchen

pytestmark = pytest.mark.xdist_group("train-heads")  # what is trained is made once, for the whole file
ROW = 32
RECIPE = """
[exercises]
from = ["tales"]

[mixture.main]
tales = 1

[[step]]
name = "tokenizer"
kind = "tokenizer"
mixture = "main"
vocabulary = 300
context = 256

[[step]]
name = "target"
kind = "model"
mixture = "main"
layers = 2
width = 64
tokens = 24_576
cool_down = 12_288
warm_up = 512
row_length = 32
batch = 512
micro_batch = 512

[[step]]
name = "medusa"
kind = "medusa"
target = "target"
mixture = "main"
heads = 3
blocks = 3
tokens = 16_384
warm_up = 512
learning_rate = 0.03
row_length = 32
batch = 256
micro_batch = 128

[[step]]
name = "eagle"
kind = "eagle"
target = "target"
mixture = "main"
steps = 3
tokens = 16_384
warm_up = 512
learning_rate = 0.03
row_length = 32
batch = 256
micro_batch = 128
"""
PROMPT = "The cat found a red"


def tale(number):
    animal, colour = ("cat", "dog", "fox", "hen")[number % 4], ("red", "blue", "green")[number // 4 % 3]
    place = ("river", "tree", "gate", "barn")[number // 12 % 4]
    return f"The {animal} found a {colour} ball near the {place}. It was happy and ran home. Day {number}."


def kitchen(folder, out):
    (folder / "tales.txt").write_text(f"\n{END_OF_TEXT}\n".join(map(tale, range(400))), encoding="utf-8")
    (folder / "tiny.toml").write_text(RECIPE, encoding="utf-8")
    recipe = read_recipe(str(folder / "tiny.toml"))
    return Kitchen(recipe, Library(folder, recipe), out)


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    """A folder in which every step of the recipe has been made."""
    data, out = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("family")
    made = kitchen(data, out)
    for step in made.recipe.steps:
        steps.make(made, step)
    return made


@pytest.fixture(scope="module")
def target(family):
    return heads.frozen_target(family, "target")


@pytest.fixture(scope="module")
def rows(family, target):
    return family.library.held_out_rows(target.tokenizer, ROW, 4 * ROW)["stories"]


def random_rows(rows=3, length=12, entries=300):
    ids = np.random.default_rng(0).integers(1, entries, (rows, length + 1))
    labels = ids[:, 1:].copy()
    labels[0, 4:7] = IGNORED
    return Rows(ids[:, :-1], labels)


# ------------------------------------------------------------------------------------------------- as in a draft


def test_a_depth_of_training_is_that_depth_of_a_draft(tiny_model):
    """Wherever a draft begins, the drafter's own session finds the features that training compared with the target's:
    the same tokens, positions, features read and keys seen."""
    target, depth = tiny_model("llama", layers=2), 4
    head, rows = EagleHead.random(target, seed=4), random_rows()
    seen = heads.read(target, rows)
    trained = [guessed.detach() for guessed in heads.eagle_features(head, target, seen, depth)]
    for row, tokens in enumerate(seen.inputs.tolist()):
        for known in range(2, len(tokens) - depth + 2):  # a draft behind so many tokens
            session = FeatureSession(head, target)
            session.fresh = seen.features[row, : known - 1]
            with torch.inference_mode():
                session.forward(tokens[:known])
                for node in range(depth - 1):
                    session.grow(torch.tensor([tokens[known + node]]), [node - 1])
            expected = torch.stack([trained[step][row, known - 2 + step] for step in range(depth)])
            assert torch.allclose(session.features, expected, atol=1e-4)


def test_features_are_what_the_drafters_are_handed(tiny_model):
    target, rows = tiny_model("llama", layers=2), random_rows()
    seen = heads.read(target, rows)
    for row, tokens in enumerate(seen.inputs.tolist()):
        handed = target.session(keeps_hidden=True).prefill(tokens)
        assert torch.allclose(seen.features[row], handed, atol=1e-4)
        assert torch.allclose(seen.logits[row], target.module.lm_head(handed), atol=1e-4)


@pytest.mark.parametrize("shared", [False, True])
def test_a_head_of_training_guesses_what_it_will_guess_in_a_draft(tiny_model, shared):
    target = tiny_model("llama", layers=2)
    made, seen = MedusaHeads.random(target, 3, shared=shared), heads.read(target, random_rows())
    guesses = list(heads.medusa_guesses(made, target, seen))
    drafter = MedusaDrafter(made)
    drafter.start(target, [], Settings())
    for row, tokens in enumerate(seen.inputs.tolist()):
        for known in range(2, len(tokens) - 2):
            context = Context(tokens[:known], hidden=seen.features[row, : known - 1])
            draft = drafter.propose(context, (1, 1, 1), Coins(0))
            assert draft.ids.tolist() == [guessed[row, known - 2] for guessed in guesses]


# ------------------------------------------------------------------------------------------------- losses


def by_hand(logits, labels, teacher, mix):
    """Summed over learned positions, from all logits at once."""
    log_q, p = logits.log_softmax(-1), teacher.softmax(-1)
    learned = labels >= 0
    text = -log_q.gather(-1, labels.clamp(min=0)[..., None])[..., 0]
    return ((1 - mix) * text - mix * (p * log_q).sum(-1))[learned].sum()


@pytest.mark.parametrize("shared", [False, True])
def test_every_medusa_head_learns_its_own_place(tiny_model, shared):
    target, rows, mix = tiny_model("llama", layers=2), random_rows(), 0.7
    made = MedusaHeads.random(target, 3, blocks=2, shared=shared)
    seen = heads.read(target, rows)
    logits = made(seen.features, target.module.lm_head)
    weights = torch.tensor([1, 0.5, 0.25]) / 1.75
    expected = sum(
        weight * by_hand(logits[k][:, : -k - 1], seen.labels[:, k + 1 :], seen.logits[:, k + 1 :], mix)
        for k, weight in enumerate(weights)
    )
    loss = heads.medusa_loss(made, target, rows, 0.5, mix)
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    found, sought = (torch.autograd.grad(one, list(made.parameters())) for one in (loss, expected))
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in zip(found, sought, strict=True))


def test_an_eagle_learns_the_next_feature_and_the_next_distribution_at_every_depth(tiny_model):
    target, rows = tiny_model("llama", layers=2), random_rows()
    head, seen = EagleHead.random(target), heads.read(target, rows)
    labels, learned = seen.labels[:, 1:], seen.labels[:, 1:] >= 0
    expected = 0.0
    for weight, guessed in zip((0.8, 0.2), heads.eagle_features(head, target, seen, 2), strict=True):
        told = by_hand(target.module.lm_head(guessed), labels, seen.logits[:, 1:], 1.0)
        far = (guessed - seen.features[:, 1:]).abs()
        smooth = torch.where(far < 1, far.square() / 2, far - 0.5).mean(-1)[learned].sum()
        expected += weight * (told + 3 * smooth)
    assert heads.eagle_loss(head, target, rows, 2, 0.25, 1.0, 3.0).item() == pytest.approx(expected.item(), rel=1e-5)


def test_later_depths_teach_the_earlier_ones(tiny_model):
    """What is fed back is not cut off: the first pass is told what its features led to."""
    target = tiny_model("llama", layers=2)
    head, seen = EagleHead.random(target), heads.read(target, random_rows())
    first, second = heads.eagle_features(head, target, seen, 2)
    assert torch.autograd.grad(second.sum(), first)[0].abs().sum() > 0


def test_a_frozen_output_layer_changes_no_other_gradient():
    states, weight = torch.randn(5, 4, requires_grad=True), torch.randn(7, 4)
    labels, logits = torch.tensor([1, 2, IGNORED, 3, 4]), torch.randn(5, 7)
    learning = weight.clone().requires_grad_()
    (frozen,) = torch.autograd.grad(token_loss(states, weight, labels, logits, 0.5), states)
    (found, _) = torch.autograd.grad(token_loss(states, learning, labels, logits, 0.5), (states, learning))
    assert torch.equal(frozen, found)


# ------------------------------------------------------------------------------------------------- start and finish


@pytest.mark.parametrize("shared", [False, True])
def test_fresh_medusa_heads_say_again_what_the_target_said(target, rows, shared):
    seen = heads.read(target, rows)
    made = heads.fresh_medusa(target, 2, 2, shared)
    assert all(torch.equal(logits, seen.logits) for logits in made(seen.features, target.module.lm_head))


@pytest.mark.parametrize("name", ["medusa", "eagle"])
def test_trained_heads_load_and_leave_greedy_text_as_it_is(family, target, name):
    made = load_heads(str(family.folder(name)), target)
    stored = load_file(family.folder(name) / "model.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {torch.bfloat16}
    assert {tensor.dtype for tensor in made.state_dict().values()} == {torch.float32}
    pair = Pair(None, target, None, 3, heads={name: made})
    plain = specdec.run(PROMPT, pair, drafter="none", max_new_tokens=40)
    for choices in ({"draft_length": 3}, {"branching": (2, 2, 1)}, {"branching": DYNAMIC, "draft_length": 3}):
        assert specdec.run(PROMPT, pair, drafter=name, max_new_tokens=40, **choices).ids == plain.ids


@pytest.mark.parametrize(("name", "untrained"), [("medusa", MedusaHeads.random), ("eagle", EagleHead.random)])
def test_training_makes_heads_agree_with_their_target_at_every_depth(family, target, rows, name, untrained):
    guesses = {"medusa": heads.medusa_guesses, "eagle": heads.eagle_guesses}[name]
    made = load_heads(str(family.folder(name)), target)
    trained = heads.agreement(made, target, rows, guesses)
    before = heads.agreement(untrained(target), target, rows, guesses)
    assert len(trained) == {"medusa": 3, "eagle": 4}[name]
    assert all(after > 0.2 + was for after, was in zip(trained, before, strict=True))
    done = json.loads((family.folder(name) / DONE).read_text(encoding="utf-8"))
    logged = [done["held_out"][f"stories {depth}"] for depth in range(1, len(trained) + 1)]
    assert min(logged) > 0.2 and done["parameters"] == made.size


@pytest.mark.parametrize(("name", "least"), [("medusa", 1.6), ("eagle", 2.2)])
def test_trained_heads_save_passes(family, target, name, least):
    pair = Pair(None, target, None, 3, heads={name: load_heads(str(family.folder(name)), target)})
    trace = specdec.run(PROMPT, pair, drafter=name, max_new_tokens=40, branching=DYNAMIC, draft_length=3)
    assert trace.totals.tokens_per_pass > least


def test_agreement_is_the_share_of_equal_likeliest_tokens_where_text_is_learned(target):
    rows = random_rows(entries=len(target.tokenizer))
    made, seen = MedusaHeads.random(target, 2), heads.read(target, rows)
    found = heads.agreement(made, target, rows, heads.medusa_guesses)
    for depth, guessed in enumerate(heads.medusa_guesses(made, target, seen), 1):
        same = [
            guessed[row, place] == seen.logits[row, place + depth].argmax()
            for row in range(3)
            for place in range(12 - depth)
            if rows.labels[row, place + depth] != IGNORED
        ]
        assert found[depth - 1] == pytest.approx(sum(same) / len(same))


class Stopped(Exception):
    pass


@pytest.mark.parametrize("name", ["medusa", "eagle"])
def test_heads_whose_training_was_stopped_become_the_same(family, tmp_path, name, monkeypatch):
    again = replace(family, out=tmp_path)
    for made in ("tokenizer", "target"):
        (tmp_path / made).symlink_to(family.folder(made))
    step, stop = family.recipe.step(name), 10

    def stopping(trainer, real=Trainer.step):
        if trainer.progress.step == stop:
            trainer.save()
            raise Stopped
        return real(trainer)

    monkeypatch.setattr(Trainer, "step", stopping)
    with pytest.raises(Stopped):
        steps.make(again, step)
    assert checkpoint.Progress(**json.loads((tmp_path / name / "checkpoint/progress.json").read_text())).step == stop
    stop = None
    steps.make(again, step)
    one, other = (load_file(folder / "model.safetensors") for folder in (tmp_path / name, family.folder(name)))
    assert one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)
