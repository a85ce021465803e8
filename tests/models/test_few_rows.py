"""Linear layers that multiply a few rows the other way round."""

import pytest
import torch
from torch import nn

from specdec.models import linear
from specdec.models.linear import FEW, FewRows, quicken, stock


@pytest.fixture
def of_use(monkeypatch):
    monkeypatch.setattr(linear, "is_of_use", lambda device: True)


def layers() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(256, 512), nn.Linear(512, 256, bias=False), nn.Linear(256, 8)).eval()


@pytest.mark.parametrize("rows", [(0,), (1,), (2,), (FEW,), (FEW + 1,), (40,), (1, 1), (1, 4), (2, 2), ()])
def test_few_rows_give_what_a_linear_layer_gives(of_use, rows):
    module, x = layers(), torch.randn(*rows, 256)
    wanted = module(x)
    made = quicken(module)(x)
    assert made.shape == wanted.shape and made.stride() == wanted.stride()
    torch.testing.assert_close(made, wanted, rtol=1e-4, atol=1e-5)


def test_few_rows_and_no_others_are_multiplied_the_other_way_round(of_use, monkeypatch):
    tall, wide = quicken(nn.Linear(256, 512, bias=False)), quicken(nn.Linear(512, 256, bias=False))
    taken, mm = [], torch.mm
    monkeypatch.setattr(torch, "mm", lambda a, b: taken.append((a.shape[0], b.shape[1])) or mm(a, b))
    with torch.no_grad():
        for count in (1, 2, FEW, FEW + 1):
            tall(torch.randn(count, 256)), wide(torch.randn(count, 512))
    assert taken == [(512, 2), (512, 2), (256, 2), (512, FEW), (256, FEW)]


def test_gradients_flow_through_few_rows(of_use):
    module, x = layers(), torch.randn(3, 256, requires_grad=True)
    (wanted,) = torch.autograd.grad(module(x).square().sum(), x)
    (made,) = torch.autograd.grad(quicken(module)(x).square().sum(), x)
    torch.testing.assert_close(made, wanted, rtol=1e-3, atol=1e-4)


def test_small_layers_other_numbers_and_other_processors_keep_their_way(monkeypatch, of_use):
    assert [type(one) for one in quicken(layers())] == [FewRows, FewRows, nn.Linear]
    assert all(type(one) is nn.Linear for one in quicken(layers().to(torch.bfloat16)))
    monkeypatch.setattr(linear, "is_of_use", lambda device: False)
    assert all(type(one) is nn.Linear for one in quicken(layers()))


def test_it_is_of_use_to_mkl_on_amds_processors(monkeypatch):
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: True)
    for name, expected in (("AMD EPYC, 2 cores", True), ("Intel(R) Xeon(R), 2 cores", False), ("arm, 8 cores", False)):
        monkeypatch.setattr(linear, "name_of", lambda device, name=name: name)
        assert linear.is_of_use(torch.device("cpu")) is expected
        assert not linear.is_of_use(torch.device("cuda"))
    monkeypatch.setattr(linear, "name_of", lambda device: "AMD EPYC, 2 cores")
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: False)
    assert not linear.is_of_use(torch.device("cpu"))


def test_what_is_lent_comes_back_as_it_was_whatever_happens(of_use):
    module = quicken(layers())
    before = [type(one) for one in module]
    with pytest.raises(RuntimeError, match="halfway"), stock(module):
        assert all(type(one) is nn.Linear for one in module)
        raise RuntimeError("halfway")
    assert [type(one) for one in module] == before
