"""Makes the code of compiled passes, in a process of its own: an Order's text on stdin, files where the argument says.

The model is built from its configuration alone, with whatever numbers lie in fresh memory: code depends on shapes.
"""

import json
import os
import sys
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.export import Dim
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM
from transformers.initialization import no_init_weights
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from specdec.models.compiled import ONE, SEVERAL
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.language_model import LanguageModel
from specdec.models.loading import DTYPES

SOME, PROMPT, SLOTS = 5, 11, 300  # lengths to trace with


class _Pass(nn.Module):
    """One pass as a function of tensors alone."""

    def __init__(self, model: LanguageModel) -> None:
        super().__init__()
        self.model, self.module = model, model.module

    def forward(self, ids: Tensor, slots: Tensor, positions: Tensor, mask: Tensor, buffers: list[Tensor]):
        cache = self.model.cache()
        cache.put(buffers)
        cache.slots = slots
        return self.model.eager(cache, ids, positions, mask, outputs=0, keep_hidden=True)


def main(text: str, prefix: str) -> None:
    facts = json.loads(text)
    os.nice(10)
    warnings.simplefilter("ignore")
    torch.set_num_threads(facts["threads"])
    model = build(facts["config"], facts["dtype"])
    for part, tokens in ((ONE, 1), (SEVERAL, SOME)):
        compile_pass(model, tokens, Path(f"{prefix}-{part}.pt2"))


def build(config: dict, dtype: str) -> LanguageModel:
    config = CONFIG_MAPPING[config["model_type"]].from_dict(config)
    kind = EncoderDecoderModel if config.is_encoder_decoder else LanguageModel
    reader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    with no_init_weights():
        module = reader.from_config(config, dtype=DTYPES[dtype], attn_implementation="sdpa")
    return kind("shapes", module.eval().requires_grad_(False), None)


@torch.no_grad()
def export(model: LanguageModel, tokens: int) -> torch.export.ExportedProgram:
    """A pass over one token, or over any number of them, traced: (ids, slots, positions, mask, buffers) → (logits
    [T, V], what the output layer saw, [T, H])."""
    session = model.session()
    session.begin([0] * PROMPT)
    session.cache.reserve(SLOTS)
    buffers = [buffer.clone() for buffer in session.cache.buffers()]
    places = [torch.arange(tokens) for _ in range(3)]
    mask = torch.ones(tokens, session.cache.size, dtype=torch.bool).tril()
    slots, prompt = (Dim(name, min=2, max=1 << 20) for name in ("slots", "prompt"))
    some = {0: Dim("tokens", min=2, max=1 << 16)} if tokens > 1 else {}
    lengths = [{one.ndim - 2: slots if one.shape[-2] == len(mask[0]) else prompt} for one in buffers]
    inputs = (*places, mask, buffers)
    free = (some, some, some, {**some, 1: slots}, lengths)
    return torch.export.export(_Pass(model), inputs, dynamic_shapes=free, strict=False)


def compile_pass(model: LanguageModel, tokens: int, path: Path) -> None:
    """AOTInductor's package, written whole or not at all."""
    code = export(model, tokens)
    fresh = path.with_suffix(".part.pt2")
    options = {"aot_inductor.package_constants_in_so": False}
    torch._inductor.aoti_compile_and_package(code, package_path=str(fresh), inductor_configs=options)
    fresh.rename(path)


if __name__ == "__main__":
    main(sys.stdin.read(), sys.argv[1])
