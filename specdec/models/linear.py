"""Products of a matrix with a few rows, the other way round where that is quicker.

PyTorch computes X Wᵀ for a layer of weights W [O, H]. On AMD's processors MKL mostly takes longer for that than for
W Xᵀ of two to five rows of X, up to four times as long for an output layer; and one row is mostly sooner computed
twice, as two, where O ≥ H. (Measured on an EPYC for shapes from 256 to 8,192 and output layers. From 6 rows on it
depends on the shape, and a small model's products of 32 and more are slower.) Intel's processors were not measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, nn

from specdec.device.machine import name_of

FEW = 5  # rows
LEAST = 1 << 16  # weights; products of less are over before it matters

Module = TypeVar("Module", bound=nn.Module)


class FewRows(nn.Linear):
    """nn.Linear with the same weights and results, up to rounding."""

    def forward(self, x: Tensor) -> Tensor:
        """[..., H] → [..., O]."""
        count = x.numel() // self.in_features
        if count > FEW or (count == 1 and self.out_features < self.in_features):
            return super().forward(x)
        rows = x.reshape(count, self.in_features)
        columns = (torch.cat([rows, rows]) if count == 1 else rows).t()
        if self.bias is None:
            made = torch.mm(self.weight, columns)
        else:
            made = torch.addmm(self.bias[:, None], self.weight, columns)
        return made.t()[:count].contiguous().view(*x.shape[:-1], self.out_features)


def quicken(module: Module) -> Module:
    """The module, with its linear layers turned into FewRows where that was measured to be faster."""
    weight = next(module.parameters())
    if weight.dtype == torch.float32 and is_of_use(weight.device):
        _turn(module, nn.Linear, FewRows)
    return module


def is_of_use(device: torch.device) -> bool:
    return device.type == "cpu" and "AMD" in name_of(device) and torch.backends.mkl.is_available()


@contextmanager
def stock(module: nn.Module) -> Iterator[None]:
    """A context in which the module's linear layers are PyTorch's own."""
    turned = _turn(module, FewRows, nn.Linear)
    try:
        yield
    finally:
        for layer in turned:
            layer.__class__ = FewRows


def _turn(module: nn.Module, old: type[nn.Linear], new: type[nn.Linear]) -> list[nn.Linear]:
    """Layers of one class become of the other: both hold the same."""
    found = [one for one in module.modules() if type(one) is old and one.weight.numel() >= LEAST]
    for layer in found:
        layer.__class__ = new
    return found
