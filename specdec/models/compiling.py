"""Makes the code of a compiled pass, in a process of its own: an Order on stdin, files where the argument says."""

import json
import os
import sys
import warnings
from pathlib import Path

import torch

from specdec.models import passes
from specdec.models.compiled import ONE, SEVERAL

SOME = 5  # tokens to trace with where their number is free
OPTIONS = {"aot_inductor.package_constants_in_so": False}  # the weights are the model's own


def main(text: str, prefix: str) -> None:
    facts = json.loads(text)
    os.nice(10)
    warnings.simplefilter("ignore")
    torch.set_num_threads(facts["threads"])
    one = passes.build(facts["shapes"], facts["dtype"])
    for part, tokens in ((ONE, 1), (SEVERAL, SOME)):
        fresh, path = (Path(f"{prefix}-{part}{ending}") for ending in (".part.pt2", ".pt2"))
        code = one.trace(tokens)
        torch._inductor.aoti_compile_and_package(code, package_path=str(fresh), inductor_configs=OPTIONS)
        fresh.rename(path)  # written whole or not at all


if __name__ == "__main__":
    main(sys.stdin.read(), sys.argv[1])
