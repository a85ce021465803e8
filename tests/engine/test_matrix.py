"""Greedy text does not depend on who guessed, in which shape, for which family of models."""

from itertools import product

import pytest

from specdec import drafters
from specdec.drafters import datastore
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.methods import DRAFTERS
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.pair import Pair
from specdec.settings import AUTO, DYNAMIC, Settings
from specdec.trace import gather
from tests.conftest import ARCHITECTURES, LINES

PROMPT = "The old lamp on the old wall"
LENGTH = 28
SHAPES = {
    "chain": {"draft_length": 4},
    "tree": {"branching": (3, 2, 1)},
    "dynamic": {"branching": DYNAMIC, "draft_length": 3},
    "auto": {"draft_length": AUTO},
}
FAMILIES = (*ARCHITECTURES, "t5")


@pytest.fixture(scope="module")
def pairs(tiny_model, noisy, tmp_path_factory):
    """A pair of every family with all a drafter can ask for, and the plain greedy text of its target."""
    made = {}

    def make(family):
        if family not in made:
            target = tiny_model(family, layers=3)
            heads = {} if family == "t5" else {"medusa": MedusaHeads.random(target), "eagle": EagleHead.random(target)}
            folder = tmp_path_factory.mktemp("datastore")
            (folder / "lines.txt").write_text("\n".join(LINES), encoding="utf-8")
            datastore.build([folder / "lines.txt"], folder / "store", target.tokenizer)
            pair = Pair(None, target, noisy(target), 4, datastore=str(folder / "store"), heads=heads)
            made[family] = pair, run(pair, "none")
        return made[family]

    return make


def run(pair, drafter, **shape):
    return gather(loop.rounds(prepare(pair, Request(PROMPT, drafter, Settings(max_new_tokens=LENGTH, **shape)))))


def offered(drafter, shape, family):
    if family == "t5":
        return DRAFTERS[drafter].encoder_decoders and shape in ("chain", "auto")
    return shape != "dynamic" or DRAFTERS[drafter].probabilities


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("drafter", "shape"), list(product(list(DRAFTERS)[1:], SHAPES)), ids="{}".format)
def test_greedy_text_is_the_targets_own_whoever_guesses(pairs, family, drafter, shape):
    pair, plain = pairs(family)
    if not offered(drafter, shape, family):
        with pytest.raises(UserError, match=r"^[^\n]+\.$"):
            drafters.make(drafter, pair, Settings(**SHAPES[shape]))
        return
    trace = run(pair, drafter, **SHAPES[shape])
    assert trace.footer.reason in ("length", "eos"), trace.footer.message
    assert trace.ids == plain.ids and trace.text == plain.text
