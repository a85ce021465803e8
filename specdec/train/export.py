"""Export of a training run as a self-contained model folder for `AutoModelForCausalLM` and `AutoTokenizer`."""

from pathlib import Path

import torch
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

from specdec.errors import UserError
from specdec.train import checkpoint
from specdec.train.tokenizer import load_tokenizer, save_tokenizer


def load_run(run: Path) -> LlamaForCausalLM:
    """The model of a run's last checkpoint, in float32. Raises UserError for a folder that is not a training run."""
    if not (run / "config.json").is_file():
        raise UserError("train.no_run", folder=run)
    model = LlamaForCausalLM(LlamaConfig.from_pretrained(run))
    checkpoint.load_weights(run, model)
    return model.eval()


def export(run: Path, folder: Path) -> int:
    """Write the model folder of a run and return the number of parameters.

    Weights are stored in bfloat16 (half the bytes) while the config says float32: CPUs compute fastest in it, and in
    it greedy speculative decoding gives the same text as greedy decoding.
    """
    model, tokenizer = load_run(run), load_tokenizer(run)
    parameters = model.num_parameters()
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    model.to(torch.bfloat16).save_pretrained(folder)
    model.config.dtype = torch.float32
    model.config.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)
    return parameters
