"""Transfers of tensors between the host and the device."""

from collections.abc import Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

Module = TypeVar("Module", bound=nn.Module)


def upload(values: Sequence[int] | Sequence[float], dtype: torch.dtype, device: torch.device) -> Tensor:
    """A tensor on a device, from values on the host. For a GPU the memory is pinned, so that the host does not
    wait."""
    return torch.tensor(values, dtype=dtype, pin_memory=device.type == "cuda").to(device, non_blocking=True)


def download(tensors: Sequence[Tensor]) -> list[Any]:
    """The values of tensors as numbers and nested lists, with one synchronisation: a GPU's tensors are packed into
    one.
    """
    return [one.tolist() for one in (tensors if tensors[0].device.type == "cpu" else packed(tensors))]


def packed(tensors: Sequence[Tensor]) -> list[Tensor]:
    """The same tensors on the host, fetched as one. Whole numbers become floats on their way and stay what they are:
    no vocabulary is as large as 2²⁴."""
    whole = torch.cat([one.flatten() for one in tensors]).cpu()
    parts = whole.split([one.numel() for one in tensors])
    return [part.view(one.shape).to(one.dtype) for part, one in zip(parts, tensors, strict=True)]


def cast(module: Module, dtype: torch.dtype) -> Module:
    """The module with weights of another number format. Buffers keep theirs: what positions turn by needs float32."""
    for weight in module.parameters():
        weight.data = weight.data.to(dtype)
    return module
