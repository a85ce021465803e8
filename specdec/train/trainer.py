"""The training loop: Muon for matrices, AdamW for embeddings and norms, and a schedule counted in tokens.

Everything that shapes a step is a function of the tokens seen so far: the rows, the learning rate, the layers left
out, the weights left by the last checkpoint. A resumed run therefore computes what an uninterrupted one would have.
"""

import json
import math
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from specdec.errors import UserError
from specdec.train import checkpoint
from specdec.train.checkpoint import Progress
from specdec.train.corpus import Rows
from specdec.train.muon import Muon
from specdec.train.parallel_corpora import PairRows
from specdec.train.schedule import Schedule
from specdec.train.texts import TextRows


@dataclass(frozen=True)
class Options:
    """The options of a training run. Sizes and intervals are in tokens unless the name says otherwise."""

    schedule: Schedule
    batch: int = 4096
    micro_batch: int = 2048
    row_length: int = 512
    learning_rate: float = 5e-3
    embedding_rate: float = 3e-3
    weight_decay: float = 0.1
    clip: float = 1.0
    seed: int = 0
    workers: int = 1
    seconds: float | None = None  # shorten the schedule to what can be done in that time
    log_steps: int = 10
    measure_every: int = 500_000
    checkpoint_minutes: float = 3.0


Read = TypeVar("Read", covariant=True)
Batch = TypeVar("Batch", Rows, TextRows, PairRows)
Model = TypeVar("Model", bound=nn.Module)


class Stream(Protocol[Read]):
    """Training rows, addressed by number. A batch is a tuple of arrays whose first axis counts rows; only the loss
    looks inside."""

    def rows(self, first: int, count: int) -> Read: ...


Loss = Callable[[Model, Batch, np.random.Generator], Tensor]


def build_optimizers(model: nn.Module, options: Options) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of layers; AdamW for embeddings, output layers and vectors."""
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    tables = [p for name, p in named.items() if p.ndim == 2 and _is_table(name)]
    matrices = [p for name, p in named.items() if p.ndim == 2 and not _is_table(name)]
    vectors = [p for p in named.values() if p.ndim == 1]
    adam = torch.optim.AdamW(
        [{"params": tables, "weight_decay": options.weight_decay}, {"params": vectors, "weight_decay": 0.0}],
        lr=options.embedding_rate,
        betas=(0.9, 0.95),
    )
    optimizers = [Muon(matrices, options.learning_rate, weight_decay=options.weight_decay), adam]
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def _is_table(name: str) -> bool:
    named = any(part in name for part in ("embed_tokens", "shared", "lm_head", "relative_attention_bias"))
    return named or re.fullmatch(r"\d+\.\d+\.weight", name) is not None  # a Medusa head's own output layer


class Trainer(Generic[Model, Batch]):
    """A training run. Its folder has `checkpoint/` and `log.jsonl`."""

    def __init__(
        self,
        run: Path,
        model: Model,
        stream: Stream[Batch],
        loss: Loss[Model, Batch],
        options: Options,
        measure: Callable[[], dict[str, float]] = dict,
        report: Callable[[dict], None] = lambda entry: None,
        optimizers: Callable[[nn.Module, Options], list[torch.optim.Optimizer]] = build_optimizers,
    ):
        if options.batch % options.micro_batch or options.micro_batch % options.row_length:
            raise UserError("train.batch")
        self.run, self.model = run, model
        self.stream: Stream[Batch] = stream
        self.loss: Loss[Model, Batch] = loss
        self.options, self.measure, self.report = options, measure, report
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizers = optimizers(model, options)
        self.workers = _worker_pool(options.workers)
        self.progress = Progress()

    def resume(self) -> None:
        """Continue from the last checkpoint, if there is one."""
        if checkpoint.latest(self.run):
            self.progress = checkpoint.load(self.run, self.model, self.optimizers)
            if self.options.seconds is not None:
                self._shorten(self.progress.total)

    def train(self) -> dict[str, float]:
        """Train to the end of the schedule and return the held-out losses."""
        self.run.mkdir(parents=True, exist_ok=True)
        self.model.train()
        saved = time.monotonic()
        losses: list[float] = []
        first = self.progress
        while self.progress.tokens < self.options.schedule.total:
            before = self.progress
            losses.append(self.step())
            if before is first and self.options.seconds is not None:
                self._shorten(first.tokens + self._affordable(self.options.seconds))
            if self.progress.step % self.options.log_steps == 0:
                self._log_training(losses)
                losses.clear()
            if before.tokens // self.options.measure_every != self.progress.tokens // self.options.measure_every:
                self._log_held_out()
            if time.monotonic() - saved > 60 * self.options.checkpoint_minutes:
                self.save()
                saved = time.monotonic()
        self.save()
        return self._log_held_out()

    def step(self) -> float:
        """One optimizer step; returns its mean training loss in nats per learned token."""
        started = time.monotonic()
        options = self.options
        rows = self.stream.rows(self.progress.tokens // options.row_length, options.batch // options.row_length)
        learned = max(1, int((rows.labels >= 0).sum()))
        total = 0.0
        for loss, gradients in self.workers.map(self._gradients, self._parts(rows)):
            total += loss / learned
            self._accumulate(gradients)
        if not math.isfinite(total):
            raise UserError("train.loss", step=self.progress.step)
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad /= learned
        nn.utils.clip_grad_norm_(self.parameters, options.clip)
        self._update()
        self.progress = replace(
            self.progress,
            step=self.progress.step + 1,
            tokens=self.progress.tokens + options.batch,
            seconds=self.progress.seconds + time.monotonic() - started,
        )
        return total

    def _affordable(self, seconds: float) -> int:
        """The number of tokens that can be processed in this time at the speed measured so far, in whole batches."""
        rate = self.progress.tokens / self.progress.seconds
        return max(1, round(seconds * rate / self.options.batch)) * self.options.batch

    def _shorten(self, tokens: int) -> None:
        self.options = replace(self.options, schedule=self.options.schedule.shortened(tokens))

    def save(self) -> None:
        progress = replace(self.progress, total=self.options.schedule.total)
        checkpoint.save(self.run, self.model, self.optimizers, progress)

    def _parts(self, rows: Batch) -> list[tuple[Batch, np.random.Generator]]:
        """The micro-batches of a step, each with a random generator seeded by the run, the step and its first row."""
        size = self.options.micro_batch // self.options.row_length
        starts = range(0, len(rows.labels), size)
        return [
            (
                type(rows)(*(part[start : start + size] for part in rows)),
                np.random.default_rng([self.options.seed, self.progress.step, start]),
            )
            for start in starts
        ]

    def _gradients(self, part: tuple[Batch, np.random.Generator]) -> tuple[float, tuple[Tensor | None, ...]]:
        """The summed loss of a micro-batch, and its gradient for each parameter."""
        device = self.parameters[0].device
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            loss = self.loss(self.model, *part)
        return loss.item(), torch.autograd.grad(loss, self.parameters, allow_unused=True)

    def _accumulate(self, gradients: tuple[Tensor | None, ...]) -> None:
        """Add the gradients of a micro-batch. None is the gradient of a layer that the micro-batch left out."""
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter) if gradient is None else gradient
            elif gradient is not None:
                parameter.grad.add_(gradient)

    def _update(self) -> None:
        factor = self.options.schedule.factor(self.progress.tokens)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * factor
            optimizer.step()
            optimizer.zero_grad()

    def _log_training(self, losses: list[float]) -> None:
        factor = self.options.schedule.factor(self.progress.tokens)
        self._log({"loss": round(sum(losses) / len(losses), 4), "rate_factor": round(factor, 4)})

    def _log_held_out(self) -> dict[str, float]:
        self.model.eval()
        values = self.measure()
        self.model.train()
        self._log({"held_out": {name: round(value, 4) for name, value in values.items()}})
        return values

    def _log(self, entry: dict) -> None:
        progress = self.progress
        facts = {"step": progress.step, "tokens": progress.tokens, "seconds": round(progress.seconds, 1)}
        entry = {**facts, "total": self.options.schedule.total, **entry}
        with (self.run / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        self.report(entry)


def _worker_pool(workers: int) -> ThreadPoolExecutor:
    """Threads that share the weights and divide the cores, each computing whole micro-batches.

    The threads wait for each other once per step instead of at every operation, which matters if other programs use
    the cores too. Gradients are added in the order of the micro-batches, so results do not depend on timing.
    """
    threads = max(1, torch.get_num_threads() // workers)
    return ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(threads,))
