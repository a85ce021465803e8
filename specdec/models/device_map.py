"""Spreading a model that is too large for one GPU over all GPUs.

The accelerate library places the layers (`device_map="auto"`) and moves hidden states from GPU to GPU. Tokens go to
the GPU of the embeddings, and the inputs and outputs of the output layer are moved back to it, so that the rest of the
program sees a single device.
"""

import copy
from importlib.util import find_spec

import torch
from torch import nn
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PretrainedConfig, PreTrainedModel

from specdec.catalog.memory import gigabytes
from specdec.device.memory import free as free_memory
from specdec.errors import UserError

SHARE = 0.9  # of a GPU's free memory may hold weights; the rest is for the KV cache and the passes


def is_needed(name: str, config: PretrainedConfig, dtype: torch.dtype, device: torch.device) -> bool:
    """Whether a model's weights fit into all GPUs together but not into one. Raises UserError if they do not fit even
    into all of them, or if accelerate is not installed."""
    if device.type != "cuda" or device.index is not None or torch.cuda.device_count() < 2:
        return False
    size = weight_bytes(config, dtype)
    if size <= SHARE * free_memory(torch.device("cuda", torch.cuda.current_device())):
        return False
    sizes = {"size": gigabytes(size), "free": gigabytes(free_memory(device))}
    if size > SHARE * free_memory(device):
        raise UserError("errors.spread_too_large", value=name, **sizes)
    if find_spec("accelerate") is None:
        raise UserError("errors.spread_accelerate", value=name, **sizes)
    return True


def weight_bytes(config: PretrainedConfig, dtype: torch.dtype) -> int:
    """The size of a model's weights in bytes, from its modules on the meta device, which allocates no memory."""
    reader = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    with torch.device("meta"):
        module = reader.from_config(copy.deepcopy(config))
    return sum(weight.numel() for weight in module.parameters()) * dtype.itemsize


def gathered(module: PreTrainedModel) -> PreTrainedModel:
    """The same module, with hooks that move the output layer's input and logits to the GPU of the embeddings."""
    home = module.get_input_embeddings().weight.device

    def bring_hidden(layer: nn.Module, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        return (inputs[0].to(home),)

    def bring_logits(layer: nn.Module, inputs: tuple[torch.Tensor], logits: torch.Tensor) -> torch.Tensor:
        return logits.to(home)

    output = module.get_output_embeddings()
    output.register_forward_pre_hook(bring_hidden)
    output.register_forward_hook(bring_logits)
    return module
