"""The training loop: Muon for matrices, AdamW for embeddings and norms, and a schedule counted in tokens.

Everything that shapes a step is a function of the tokens seen so far: the rows, the learning rate, the weights left by
the last checkpoint. A resumed run therefore computes what an uninterrupted one would have.
"""

import json
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaForCausalLM

from specdec.errors import UserError
from specdec.train import checkpoint
from specdec.train.checkpoint import Progress
from specdec.train.corpus import TokenStream
from specdec.train.language_model import measure, rows_loss
from specdec.train.muon import Muon
from specdec.train.schedule import Schedule


@dataclass(frozen=True)
class Options:
    """How a run is trained. Lengths and intervals in tokens unless a name says otherwise."""

    schedule: Schedule
    batch: int = 4096
    micro_batch: int = 2048
    workers: int = 1
    row_length: int = 256
    learning_rate: float = 5e-3
    embedding_rate: float = 3e-3
    weight_decay: float = 0.1
    clip: float = 1.0
    teacher_mix: float = 0.8
    seed: int = 0
    log_steps: int = 10
    measure_every: int = 250_000
    checkpoint_minutes: float = 3.0


def build_optimizers(model: LlamaForCausalLM, options: Options) -> list[torch.optim.Optimizer]:
    matrices = [p for p in model.model.layers.parameters() if p.ndim == 2]
    norms = [p for p in model.parameters() if p.ndim == 1]
    embeddings = [model.model.embed_tokens.weight]
    adam = torch.optim.AdamW(
        [{"params": embeddings, "weight_decay": options.weight_decay}, {"params": norms, "weight_decay": 0.0}],
        lr=options.embedding_rate,
        betas=(0.9, 0.95),
    )
    optimizers = [Muon(matrices, options.learning_rate, weight_decay=options.weight_decay), adam]
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def worker_pool(workers: int) -> ThreadPoolExecutor:
    """Threads that share the weights and the processor's cores, each computing whole micro-batches.

    Beside other programs that keeps the cores apart: they wait for each other once a step, not at every operation.
    Results are added in the order of the micro-batches, so timing never changes a sum.
    """
    threads = max(1, torch.get_num_threads() // workers)
    return ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(threads,))


class Trainer:
    """One run: its folder holds `checkpoint/` and `log.jsonl`."""

    def __init__(
        self,
        run: Path,
        model: LlamaForCausalLM,
        stream: TokenStream,
        held_out: dict[str, np.ndarray],
        options: Options,
        teacher: LlamaForCausalLM | None = None,
        report: Callable[[str], None] = print,
    ):
        if options.batch % options.micro_batch or options.micro_batch % options.row_length:
            raise UserError("The batch must be a multiple of the micro-batch, and that of the row length.")
        self.run, self.model, self.stream, self.held_out = run, model, stream, held_out
        self.options, self.teacher, self.report = options, teacher, report
        self.optimizers = build_optimizers(model, options)
        self.workers = worker_pool(options.workers)
        self.progress = Progress()

    def resume(self) -> None:
        self.progress = checkpoint.load(self.run, self.model, self.optimizers)

    def train(self) -> dict[str, float]:
        """Trains to the schedule's end and returns the held-out losses there."""
        self.run.mkdir(parents=True, exist_ok=True)
        self.model.train()
        saved = time.monotonic()
        losses: list[float] = []
        while self.progress.tokens < self.options.schedule.total:
            before = self.progress
            losses.append(self.step())
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
        """One optimizer step; returns its mean training loss in nats per token."""
        started = time.monotonic()
        options, total = self.options, 0.0
        parts = self._next_rows().split(options.micro_batch // options.row_length)
        for loss, gradients in self.workers.map(self._gradients, parts):
            total += loss
            self._accumulate(gradients)
        if not math.isfinite(total):
            raise UserError(f"The loss is no longer a number at step {self.progress.step}; lower --learning-rate.")
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), options.clip)
        self._update()
        self.progress = replace(
            self.progress,
            step=self.progress.step + 1,
            tokens=self.progress.tokens + options.batch,
            seconds=self.progress.seconds + time.monotonic() - started,
        )
        return total

    def save(self) -> None:
        checkpoint.save(self.run, self.model, self.optimizers, self.progress)

    def _gradients(self, rows: torch.Tensor) -> tuple[float, tuple[torch.Tensor, ...]]:
        """One micro-batch's share of the loss and of the gradient."""
        loss = rows_loss(self.model, rows, self.teacher, self.options.teacher_mix) / self.options.batch
        return loss.item(), torch.autograd.grad(loss, list(self.model.parameters()))

    def _accumulate(self, gradients: tuple[torch.Tensor, ...]) -> None:
        for parameter, gradient in zip(self.model.parameters(), gradients, strict=True):
            parameter.grad = gradient if parameter.grad is None else parameter.grad.add_(gradient)

    def _next_rows(self) -> torch.Tensor:
        length = self.options.row_length
        first = self.progress.tokens // length
        return torch.from_numpy(self.stream.rows(first, self.options.batch // length))

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
        values = {name: measure(self.model, rows) for name, rows in self.held_out.items() if len(rows)}
        self._log({"held_out": {name: round(value, 4) for name, value in values.items()}})
        return values

    def _log(self, entry: dict) -> None:
        progress = self.progress
        line = json.dumps(
            {"step": progress.step, "tokens": progress.tokens, "seconds": round(progress.seconds, 1), **entry}
        )
        with (self.run / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        self.report(line)
