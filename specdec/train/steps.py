"""What the steps of a recipe do: each kind is a function that makes a folder of options and earlier results."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train.corpus import Rows, Tokens, TokenStream
from specdec.train.export import export, load_run
from specdec.train.heads import export as export_heads
from specdec.train.heads import make_eagle, make_medusa
from specdec.train.language_model import EarlyExit, Shape, build_model, grow, measure, rows_loss
from specdec.train.library import Library
from specdec.train.parallel import ParallelLibrary
from specdec.train.recipe import Recipe, Step
from specdec.train.schedule import Schedule
from specdec.train.seq2seq import export_translator
from specdec.train.tokenizer import load_tokenizer, save_tokenizer, train_tokenizer
from specdec.train.trainer import Options, Trainer
from specdec.train.translation import make_pair_tokenizer, make_translations, make_translator
from specdec.train.writing import documents, make_text

MEASURED_TOKENS = 16_384
DONE = "done.json"


@dataclass
class Kitchen:
    """What every step needs: the recipe and its texts, where results go, and how to tell the reader. `pace` shortens
    every step to that share of the minutes that the recipe says it takes."""

    recipe: Recipe
    library: Library | ParallelLibrary
    out: Path
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    workers: int = 1
    pace: float | None = None
    report: Callable[[str, dict], None] = lambda step, entry: None

    def folder(self, step: str) -> Path:
        return self.out / step

    def result(self, step: str) -> Path:
        """The folder of an earlier step. Raises UserError where that has not been made."""
        self.recipe.step(step)
        if not self.is_done(step):
            raise UserError(f"The step {step!r} comes first: nothing finished lies in {self.folder(step)}.")
        return self.folder(step)

    def is_done(self, step: str) -> bool:
        return (self.folder(step) / DONE).is_file()

    def seconds(self, step: str) -> float | None:
        """How long a step may train; None: as long as its schedule says."""
        return None if self.pace is None else 60 * self.pace * self.recipe.step(step).minutes

    def scaled(self, count: int) -> int:
        """What a count of texts comes to when steps are shortened; never fewer than 4."""
        return count if self.pace is None else min(count, max(4, round(self.pace * count)))

    @property
    def tokenizer(self):
        return load_tokenizer(self.result("tokenizer"))

    def tokens(self, tokenizer: PreTrainedTokenizerFast) -> Callable[[str], list[Tokens]]:
        """A reader of what a mixture names: a file's documents, or the texts that an earlier step wrote."""
        files = self.library.tokens(tokenizer)
        return lambda name: documents(self.result(name)) if name in self.recipe.made() else files(name)


def make(kitchen: Kitchen, step: Step) -> None:
    """Do one step, or what is left of it; a finished one is left alone."""
    folder = kitchen.folder(step.name)
    if kitchen.is_done(step.name):
        return
    if step.kind not in KINDS:
        raise UserError(f"The step {step.name!r} is of kind {step.kind!r}; there are {', '.join(KINDS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    result = KINDS[step.kind](kitchen, step.name, **step.options)
    (folder / DONE).write_text(json.dumps({**step.options, **result}, indent=2) + "\n", encoding="utf-8")


def make_tokenizer(kitchen: Kitchen, name: str, mixture: str, vocabulary: int, context: int) -> dict:
    documents = [
        part
        for file in sorted(kitchen.library.mixture(mixture))
        for document in kitchen.library.documents(file)
        for part in (document.given, document.text)
        if part
    ]
    tokenizer = train_tokenizer(documents, vocabulary, context)
    save_tokenizer(tokenizer, kitchen.folder(name))
    return {"entries": len(tokenizer)}


def make_model(
    kitchen: Kitchen,
    name: str,
    *,
    mixture: str,
    layers: int,
    width: int,
    tokens: int,
    start: str | None = None,
    early_exit: bool = False,
    teacher: str | None = None,
    mix: float = 1.0,
    cool_down: int = 0,
    warm_up: int = 100_000,
    row_length: int = 512,
    **options,
) -> dict:
    """A language model from the corpus; with `start` it goes on from another step's weights, perhaps deeper; with
    `teacher` it learns another step's distributions: `mix` of them, the rest of the texts' own tokens."""
    tokenizer, number = kitchen.tokenizer, [step.name for step in kitchen.recipe.steps].index(name)
    seed = 1000 * kitchen.recipe.seed + number
    model = build_model(Shape(layers, width), tokenizer, seed)
    if start:
        grow(model, load_run(kitchen.result(start)))
    model.to(kitchen.device)
    if kitchen.device.type == "cuda":  # on a processor compiling gains less than it costs
        for layer in model.model.layers:
            layer.compile()
    settings = Options(
        Schedule(tokens, warm_up, cool_down),
        row_length=row_length,
        seed=seed,
        workers=kitchen.workers,
        seconds=kitchen.seconds(name),
        **options,
    )
    stream = TokenStream(kitchen.library.mixture(mixture), kitchen.tokens(tokenizer), row_length, seed)
    exits = EarlyExit() if early_exit else None
    target = load_run(kitchen.result(teacher)).requires_grad_(False).to(kitchen.device) if teacher else None

    def loss(model: LlamaForCausalLM, rows: Rows, random: np.random.Generator) -> torch.Tensor:
        return rows_loss(model, rows, target, mix, exits, random)

    held_out = kitchen.library.held_out_rows(tokenizer, min(row_length, 512), MEASURED_TOKENS)
    folder = kitchen.folder(name)
    trainer = Trainer(
        folder,
        model,
        stream,
        loss,
        settings,
        lambda: {key: measure(model, rows) for key, rows in held_out.items()},
        lambda entry: kitchen.report(name, entry),
    )
    model.config.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)
    trainer.resume()
    losses = trainer.train()
    return {
        "options": asdict(trainer.options),
        "pass_length": stream.pass_length,
        "parameters": model.num_parameters(),
        "seconds": round(trainer.progress.seconds),
        "held_out": losses,
    }


KINDS: dict[str, Callable[..., dict]] = {
    "tokenizer": make_tokenizer,
    "model": make_model,
    "text": make_text,
    "medusa": make_medusa,
    "eagle": make_eagle,
    "translation-tokenizer": make_pair_tokenizer,
    "translator": make_translator,
    "translations": make_translations,
}
EXPORTS: dict[str, Callable[[Path, Path], None]] = {  # how a step's folder becomes a published one
    "model": export,
    "medusa": export_heads,
    "eagle": export_heads,
    "translator": export_translator,
}
