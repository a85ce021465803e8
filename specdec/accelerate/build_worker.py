"""The worker process that compiles artifacts: `python -m specdec.accelerate.build_worker`."""

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

KINDS: dict[str, type[Code]] = {
    "model": ModelPass,
    "guess": GuessPass,
    "eagle": EaglePass,
    "verdicts": VerdictsProgram,
    "excerpt": ExcerptProgram,
}

GENERATED = {
    "realize_reads_threshold": 0,  # compute the inputs of a product before its loop, not inside it
    "cpp.enable_floating_point_contract_flag": "fast",  # fused multiply-add
    "cpp.min_chunk_size": 8192,  # elements; shorter loops are not worth distributing to threads
}


def main(orders: TextIO, answers: TextIO) -> None:
    """Read orders and write answers, one JSON value a line. An order is the text of an `Order` and the path of its
    file; an answer is the error message, "" for success."""
    os.nice(10)
    warnings.simplefilter("ignore")
    for line in orders:
        text, path = json.loads(line)
        try:
            make(json.loads(text), Path(path))
            failure = ""
        except Exception as error:  # the worker survives any error, since the next artifact may succeed
            traceback.print_exc()
            failure = f"{type(error).__name__}: {error}"
        print(json.dumps(failure), file=answers, flush=True)


def make(facts: dict[str, Any], path: Path) -> None:
    torch.set_num_threads(facts["threads"])
    one = build(facts["shapes"], facts["dtype"])
    code = one.trace(facts["tokens"])
    has_weights = bool(list(one.parameters()))
    options: dict[str, Any] = {
        "aot_inductor.package_constants_in_so": not has_weights,  # weights are the model's own
        "cpp.dynamic_threads": True,  # the number of threads is chosen for each run (`specdec.device.sharing`)
    }
    if has_weights and facts["tokens"] is not None:
        code, options = code.run_decompositions({torch.ops.aten.linear.default: product}), options | GENERATED
    fresh = path.with_suffix(".part.pt2")
    torch._inductor.aoti_compile_and_package(code, package_path=str(fresh), inductor_configs=options)
    fresh.rename(path)  # atomic: the file is complete or does not exist


def build(shapes: dict[str, Any], dtype: str) -> Code:
    """A program of these shapes with arbitrary weights."""
    return KINDS[shapes["kind"]].build(shapes, DTYPES[dtype]).eval().requires_grad_(False)


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b, [..., H] and [O, H] → [..., O], written as one sum for each token.

    Inductor fuses these sums into a single loop over the rows of W, which loads each weight once for all tokens. The
    time is then bounded by the loads for one row and by the arithmetic for five; the library's product takes two to
    four times as long. Above a dozen rows the library is faster, and so it is in 16-bit formats, for which CPUs have
    matrix instructions that are not generated from sums.

    If the weights are in a near cache, as a small draft model's are, a single sum is bounded by the latency of its
    additions, so for one row the two halves of W are computed in parallel.
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
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # compilers print to stdout, which must not be mixed with the answers
    main(sys.stdin, answers)
