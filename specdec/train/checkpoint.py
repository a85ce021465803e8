"""A training run on disk: weights and optimizer state as safetensors, the rest as JSON. No pickles."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from specdec.errors import UserError

FOLDER = "checkpoint"


@dataclass(frozen=True)
class Progress:
    """Where a run stands: optimizer steps done, tokens seen of how many, seconds spent training."""

    step: int = 0
    tokens: int = 0
    total: int = 0
    seconds: float = 0.0


def optimizer_tensors(model: torch.nn.Module, optimizers: list[torch.optim.Optimizer]) -> dict[str, torch.Tensor]:
    """State as `parameter name::entry` → tensor; the optimizers own disjoint parameters."""
    names = {parameter: name for name, parameter in model.named_parameters()}
    return {
        f"{names[parameter]}::{entry}": torch.as_tensor(value).contiguous()
        for optimizer in optimizers
        for parameter, state in optimizer.state.items()
        for entry, value in state.items()
    }


def restore_optimizers(
    model: torch.nn.Module, optimizers: list[torch.optim.Optimizer], tensors: dict[str, torch.Tensor]
) -> None:
    parameters = dict(model.named_parameters())
    owner = {id(p): optimizer for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]}
    for key, tensor in tensors.items():
        name, entry = key.split("::")
        parameter = parameters[name]
        owner[id(parameter)].state[parameter][entry] = tensor.to(parameter.device) if tensor.ndim else tensor


def save(run: Path, model: torch.nn.Module, optimizers: list[torch.optim.Optimizer], progress: Progress) -> None:
    """Written beside the last checkpoint and then swapped in, so that an interruption never leaves half of one."""
    fresh, old = run / f"{FOLDER}.new", run / f"{FOLDER}.old"
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True)
    save_file({name: p.detach().contiguous() for name, p in model.named_parameters()}, fresh / "weights.safetensors")
    save_file(optimizer_tensors(model, optimizers), fresh / "optimizer.safetensors")
    (fresh / "progress.json").write_text(json.dumps(asdict(progress)), encoding="utf-8")
    if (run / FOLDER).exists():
        (run / FOLDER).rename(old)
    fresh.rename(run / FOLDER)
    shutil.rmtree(old, ignore_errors=True)


def load_weights(run: Path, model: torch.nn.Module) -> Progress:
    """Fills the model from the run's last checkpoint."""
    folder = run / FOLDER
    if not (folder / "progress.json").is_file():
        raise UserError(f"The folder {run} holds no checkpoint.")
    stored = load_file(folder / "weights.safetensors")
    if {name: p.shape for name, p in model.named_parameters()} != {name: t.shape for name, t in stored.items()}:
        raise UserError(f"The checkpoint in {run} belongs to a model of another shape.")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(stored[name])
    return Progress(**json.loads((folder / "progress.json").read_text(encoding="utf-8")))


def load(run: Path, model: torch.nn.Module, optimizers: list[torch.optim.Optimizer]) -> Progress:
    progress = load_weights(run, model)
    restore_optimizers(model, optimizers, load_file(run / FOLDER / "optimizer.safetensors"))
    return progress
