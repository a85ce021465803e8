"""Runs leave nothing behind."""

import gc

import pytest
import torch

from specdec.accelerate.cuda_graphs import recorded
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.models.pair import Pair
from specdec.settings import Settings

PROMPT = "The old lamp on the harbour wall burns all night"


def held():
    """Bytes of all tensors that somebody still holds."""
    gc.collect()
    storages = {}
    for one in gc.get_objects():
        if type(one) in (torch.Tensor, torch.nn.Parameter):
            storages[one.untyped_storage().data_ptr()] = one.untyped_storage().nbytes()
    return sum(storages.values())


@pytest.mark.parametrize("drafter", ["none", "model", "lookup", "early_exit"])
@pytest.mark.parametrize("fixed", [False, True], ids=["eager", "fixed places"])
def test_ten_runs_hold_no_more_than_one(tiny_model, noisy, drafter, fixed):
    target = tiny_model("llama", layers=2)
    pair = Pair(None, target, noisy(target, 0.02), 4)
    pair = recorded(pair, captures=False) if fixed else pair

    def run():
        for _ in loop.rounds(prepare(pair, Request(PROMPT, drafter, Settings(max_new_tokens=40, draft_length=4)))):
            pass
        return held()

    first = run()
    assert [run() for _ in range(9)][-1] == first > 0
