"""A training run on disk: weights and optimizer state as safetensors, the rest as JSON. No pickles."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from specdec import files
from specdec.errors import UserError

FOLDER, UNNAMED = "checkpoint", "checkpoint.new"
WEIGHTS, OPTIMIZER, PROGRESS = "weights.safetensors", "optimizer.safetensors", "progress.json"


@dataclass(frozen=True)
class Progress:
    """Where a run stands: optimizer steps done, tokens seen of how many, seconds spent training."""

    step: int = 0
    tokens: int = 0
    total: int = 0
    seconds: float = 0.0


def optimizer_tensors(model: torch.nn.Module, optimizers: list[torch.optim.Optimizer]) -> dict[str, torch.Tensor]:
    """The state of the optimizers as `parameter name::entry` → tensor; no parameter belongs to two optimizers."""
    names: dict[torch.Tensor, str] = {parameter: name for name, parameter in model.named_parameters()}
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
    """Save a checkpoint of a run. It is written beside the previous one, which is deleted only when the new one is
    complete and synced to disk: whenever the process or the machine stops, `latest` finds one of the two."""
    fresh = run / UNNAMED
    _take_place(run)  # finish a save that was interrupted before its last step
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    save_file({name: p.detach().contiguous() for name, p in model.named_parameters()}, fresh / WEIGHTS)
    save_file(optimizer_tensors(model, optimizers), fresh / OPTIMIZER)
    for name in (WEIGHTS, OPTIMIZER):
        files.sync(fresh / name)
    files.write_text(fresh / PROGRESS, json.dumps(asdict(progress)))
    _take_place(run)


def _take_place(run: Path) -> None:
    """Replace the previous checkpoint by the new one if that is complete."""
    if latest(run) == run / UNNAMED:
        shutil.rmtree(run / FOLDER, ignore_errors=True)
        (run / UNNAMED).rename(run / FOLDER)
        files.sync(run)


def latest(run: Path) -> Path | None:
    """The folder of the run's last complete checkpoint; None where there is none. The progress file is written last,
    so a checkpoint that has it is complete."""
    return next((run / name for name in (UNNAMED, FOLDER) if (run / name / PROGRESS).is_file()), None)


def load_weights(run: Path, model: torch.nn.Module) -> Progress:
    """Load the run's last checkpoint into the model and return its progress. Raises UserError where there is none, or
    where it belongs to a model of other shapes."""
    folder = latest(run)
    if folder is None:
        raise UserError("train.no_checkpoint", folder=run)
    stored = load_file(folder / WEIGHTS)
    if {name: p.shape for name, p in model.named_parameters()} != {name: t.shape for name, t in stored.items()}:
        raise UserError("train.checkpoint_shape", folder=run)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(stored[name])
    return Progress(**json.loads((folder / PROGRESS).read_text(encoding="utf-8")))


def load(run: Path, model: torch.nn.Module, optimizers: list[torch.optim.Optimizer]) -> Progress:
    """Load the run's last checkpoint into the model and the optimizers and return its progress; errors as in
    `load_weights`."""
    progress, folder = load_weights(run, model), latest(run)
    assert folder is not None, "its weights have just been read"
    restore_optimizers(model, optimizers, load_file(folder / OPTIMIZER))
    return progress
