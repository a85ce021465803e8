"""A round asks the device for numbers once: whatever else reads a tensor's value would stop a GPU's queue."""

from collections import Counter

import pytest
from torch.utils._python_dispatch import TorchDispatchMode

from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.verify.judgment import tree

PROMPT = "The old lamp on the harbour wall burns all night, and the old lamp"
ALL = ("none", "model", "lookup", "suffix", "early_exit", "medusa", "eagle", "lookahead")
ASKING = {"aten::item", "aten::_local_scalar_dense", "aten::is_nonzero", "aten::nonzero", "aten::equal"}


class Asked(TorchDispatchMode):
    """Counts operations that cannot go on without a value."""

    def __init__(self):
        super().__init__()
        self.found = Counter()

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        if operation.name() in ASKING:
            self.found[operation.name()] += 1
        return operation(*args, **(kwargs or {}))


@pytest.fixture(scope="module")
def pair(tiny_model, noisy):
    target = tiny_model("llama", layers=2)
    heads = {"eagle": EagleHead.random(target), "medusa": MedusaHeads.random(target, 4)}
    return Pair(None, target, noisy(target, 0.02), 4, heads=heads)


def asked(pair, drafter, settings):
    for length in range(5):
        tree(tuple(range(-1, length - 1)), pair.target.device)  # made on the host, once for every shape
    lines = loop.rounds(prepare(pair, Request(PROMPT, drafter, settings)))
    for _ in range(4):
        next(lines)
    with Asked() as mode:
        one = next(lines)
    return one, mode.found


@pytest.mark.parametrize("rule", ["greedy", "rejection", "block", "match", "typical"])
@pytest.mark.parametrize("drafter", ALL)
def test_a_chain_asks_for_nothing_but_the_round_itself(pair, drafter, rule):
    temperature = 0.0 if rule == "greedy" else 0.8
    one, found = asked(pair, drafter, Settings(draft_length=3, rule=rule, temperature=temperature))
    assert not found and (one.final or one.draft)


@pytest.mark.parametrize("rule", ["greedy", "rejection", "typical"])
@pytest.mark.parametrize("drafter", ["model", "early_exit", "medusa", "eagle"])
def test_a_tree_asks_for_nothing_but_the_round_itself(pair, drafter, rule):
    temperature = 0.0 if rule == "greedy" else 0.8
    one, found = asked(pair, drafter, Settings(branching=(2, 2), rule=rule, temperature=temperature))
    assert not found and len(one.draft) == 6


def test_what_asks_is_noticed():
    import torch

    with Asked() as mode:
        torch.arange(3)[torch.tensor(1)]
        torch.tensor(1).item()
    assert mode.found
