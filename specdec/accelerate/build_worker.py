"""Makes pieces of code, in a process of its own."""

import json
import os
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, TextIO

import torch
from torch import Tensor

from specdec.accelerate.programs import Code, EaglePass, GuessPass, ModelPass
from specdec.accelerate.verify_programs import ExcerptProgram, VerdictsProgram
from specdec.models.loading import DTYPES

KINDS = {
    "model": ModelPass,
    "guess": GuessPass,
    "eagle": EaglePass,
    "verdicts": VerdictsProgram,
    "excerpt": ExcerptProgram,
}

GENERATED = {
    "realize_reads_threshold": 0,  # what a product reads is there before its loop, and not computed inside it
    "cpp.enable_floating_point_contract_flag": "fast",  # a product and its sum in one instruction
    "cpp.min_chunk_size": 8192,  # numbers; loops over fewer are over before they are handed out
}


def main(orders: TextIO, answers: TextIO) -> None:
    """An order a line: what a piece depends on, and its file. An answer a line: what went wrong, "" if nothing."""
    os.nice(10)
    warnings.simplefilter("ignore")
    for line in orders:
        text, path = json.loads(line)
        try:
            make(json.loads(text), Path(path))
            failure = ""
        except Exception as error:  # whatever it was, the next piece may be made
            traceback.print_exc()
            failure = f"{type(error).__name__}: {error}"
        print(json.dumps(failure), file=answers, flush=True)


def make(facts: dict[str, Any], path: Path) -> None:
    torch.set_num_threads(facts["threads"])
    one = build(facts["shapes"], facts["dtype"])
    code = one.trace(facts["tokens"])
    has_weights = bool(list(one.parameters()))
    options = {"aot_inductor.package_constants_in_so": not has_weights}  # weights are the model's own
    if has_weights and facts["tokens"] is not None:
        code, options = code.run_decompositions({torch.ops.aten.linear.default: product}), options | GENERATED
    fresh = path.with_suffix(".part.pt2")
    torch._inductor.aoti_compile_and_package(code, package_path=str(fresh), inductor_configs=options)
    fresh.rename(path)  # written whole or not at all


def build(shapes: dict[str, Any], dtype: str) -> Code:
    """Code of these shapes, whose numbers mean nothing."""
    return KINDS[shapes["kind"]].build(shapes, DTYPES[dtype]).eval().requires_grad_(False)


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b, [..., H] and [O, H] → [..., O], as one sum for each token.

    Inductor makes a single loop over the rows of W of them, which loads each weight once for all tokens. That bounds a
    product of one row, and its arithmetic one of five; the library's takes two to four times as long. Above a dozen
    rows it is the faster one, and so it is in 16 bits, where processors have instructions that no sum becomes.

    One sum alone waits for its own additions where weights are near, as a small draft's are: there the halves of W go
    side by side.
    """
    rows = x.flatten(end_dim=-2)
    if x.dtype != torch.float32 or not isinstance(rows.shape[0], int):
        return NotImplemented
    if rows.shape[0] == 1:
        sums = torch.cat([(rows * half).sum(-1) for half in weight.chunk(2)])[None]
    else:
        sums = torch.stack([(row * weight).sum(-1) for row in rows.unbind()])
    return (sums if bias is None else sums + bias).unflatten(0, x.shape[:-1])


if __name__ == "__main__":
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what compilers print is no answer
    main(sys.stdin, told)
