"""The workspace of a recipe's steps: its texts, its folders, and what all trainings share."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.models.language_model import LanguageModel
from specdec.train import batched_generation
from specdec.train.corpus import Tokens
from specdec.train.library import Library
from specdec.train.options import Training
from specdec.train.parallel_corpora import ParallelLibrary
from specdec.train.recipe import Recipe
from specdec.train.schedule import Schedule
from specdec.train.tokenizer import load_tokenizer
from specdec.train.trainer import Batch, Loss, Model, Options, Stream, Trainer

DONE = "done.json"
MEASURED_TOKENS = 16_384  # of every held-out set, while training


@dataclass
class Kitchen:
    """What every step needs: the recipe and its texts, the output folder, and a callback for progress. `pace` shortens
    every step to that share of the minutes in the recipe; with `compile_layers` layers are compiled on a CPU too, as
    they always are on a GPU."""

    recipe: Recipe
    library: Library | ParallelLibrary
    out: Path
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    workers: int = 1
    pace: float | None = None
    compile_layers: bool = False
    report: Callable[[str, dict], None] = lambda step, entry: None

    @property
    def texts(self) -> Library:
        """The texts of a family that writes. Raises UserError where the recipe's files are translations."""
        if isinstance(self.library, ParallelLibrary):
            raise UserError("train.needs_texts", recipe=self.recipe.name)
        return self.library

    @property
    def translations(self) -> ParallelLibrary:
        """The pairs of a family that translates. Raises UserError where the recipe names no languages."""
        if isinstance(self.library, Library):
            raise UserError("train.needs_languages", recipe=self.recipe.name)
        return self.library

    def folder(self, step: str) -> Path:
        return self.out / step

    def result(self, step: str) -> Path:
        """The folder of an earlier step. Raises UserError where that has not been made."""
        self.recipe.step(step)
        if not self.is_done(step):
            raise UserError("train.step_first", step=repr(step), folder=self.folder(step))
        return self.folder(step)

    def is_done(self, step: str) -> bool:
        return (self.folder(step) / DONE).is_file()

    @property
    def compiles(self) -> bool:
        return self.compile_layers or self.device.type == "cuda"

    def facts(self, step: str) -> dict[str, Any]:
        """What a finished step wrote down: its options, and what came of them."""
        return json.loads((self.result(step) / DONE).read_text(encoding="utf-8"))

    def seed(self, step: str) -> int:
        return 1000 * self.recipe.seed + [one.name for one in self.recipe.steps].index(step)

    def seconds(self, step: str) -> float | None:
        """How long a step may take; None: as long as it needs."""
        return None if self.pace is None else 60 * self.pace * self.recipe.step(step).minutes

    def scaled(self, count: int) -> int:
        """What a count of texts comes to when steps are shortened; never fewer than 4."""
        return count if self.pace is None else min(count, max(4, round(self.pace * count)))

    @property
    def tokenizer(self) -> PreTrainedTokenizerFast:
        return load_tokenizer(self.result("tokenizer"))

    def tokens(self, tokenizer: PreTrainedTokenizerFast) -> Callable[[str], list[Tokens]]:
        """A reader of what a mixture names: a file's documents, or the texts that an earlier step wrote."""
        files = self.texts.tokens(tokenizer)
        return lambda name: (
            batched_generation.documents(self.result(name)) if name in self.recipe.made() else files(name)
        )

    def options(self, step: str, training: Training) -> Options:
        """What the trainer goes by: what the step says, and what holds for this run of the recipe."""
        names = {field.name for field in fields(Options)} & {field.name for field in fields(training)}
        return Options(
            **{name: getattr(training, name) for name in names},
            schedule=Schedule(training.tokens, training.warm_up, training.falling),
            seed=self.seed(step),
            workers=self.workers,
            seconds=self.seconds(step),
        )

    def train(
        self,
        step: str,
        model: Model,
        stream: Stream[Batch],
        loss: Loss[Model, Batch],
        training: Training,
        measure: Callable[[], dict[str, float]],
    ) -> dict[str, Any]:
        """Train in the step's folder, from where it stopped; returns the facts."""
        options = self.options(step, training)
        trainer = Trainer(
            self.folder(step), model, stream, loss, options, measure, lambda entry: self.report(step, entry)
        )
        trainer.resume()
        measured = trainer.train()
        return {
            "options": asdict(trainer.options),
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "seconds": round(trainer.progress.seconds),
            "held_out": measured,
        }

    def write(
        self,
        step: str,
        model: LanguageModel,
        prompts: list[batched_generation.Prompt],
        manner: batched_generation.Manner,
    ) -> dict[str, Any]:
        """Have the model answer in the step's folder, from where it stopped; returns the facts."""
        started, seconds = time.monotonic(), self.seconds(step)

        def told(done: int, tokens: int) -> None:
            total = round(tokens * len(prompts) / done)
            self.report(step, {"tokens": tokens, "total": total, "seconds": time.monotonic() - started})

        until = None if seconds is None else started + seconds
        written = batched_generation.write(
            model, prompts, manner, self.folder(step) / batched_generation.PARTS, told, until
        )
        return {
            "texts": len(written),
            "ended": sum(one.ended for one in written),
            "tokens": sum(len(one.answer) for one in written),
            "seconds": round(time.monotonic() - started),
        }
