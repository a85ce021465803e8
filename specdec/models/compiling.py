"""Makes one piece of a compiled pass's code, in a process of its own: an Order on stdin, a file where the argument
says."""

import json
import os
import sys
import warnings
from pathlib import Path

import torch
from torch import Tensor

from specdec.models import passes

OPTIONS = {"aot_inductor.package_constants_in_so": False}  # the weights are the model's own
GENERATED = {
    "realize_reads_threshold": 0,  # what a product reads is there before its loop, and not computed inside it
    "cpp.enable_floating_point_contract_flag": "fast",  # a product and its sum in one instruction
}


def main(text: str, path: Path) -> None:
    facts = json.loads(text)
    os.nice(10)
    warnings.simplefilter("ignore")
    torch.set_num_threads(facts["threads"])
    code, options = passes.build(facts["shapes"], facts["dtype"]).trace(facts["tokens"]), OPTIONS
    if facts["tokens"] is not None:
        code, options = code.run_decompositions({torch.ops.aten.linear.default: product}), OPTIONS | GENERATED
    fresh = path.with_suffix(".part.pt2")
    torch._inductor.aoti_compile_and_package(code, package_path=str(fresh), inductor_configs=options)
    fresh.rename(path)  # written whole or not at all


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b, [..., H] and [O, H] → [..., O], as one sum for each token.

    Inductor makes a single loop over the rows of W of them, which loads each weight once for all tokens. A product of
    few rows is bound by that, and the library's takes two to four times as long. Above a dozen rows it is the faster
    one, and so it is in 16 bits, where processors have instructions that no sum becomes.
    """
    rows = x.flatten(end_dim=-2)
    if x.dtype != torch.float32 or not isinstance(rows.shape[0], int):
        return NotImplemented
    sums = torch.stack([(row * weight).sum(-1) for row in rows.unbind()])
    return (sums if bias is None else sums + bias).unflatten(0, x.shape[:-1])


if __name__ == "__main__":
    main(sys.stdin.read(), Path(sys.argv[1]))
