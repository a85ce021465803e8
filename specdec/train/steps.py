"""What the steps of a recipe do: each kind is a function that makes a folder of options and earlier results."""

import json
from collections.abc import Callable

import numpy as np
import torch
from transformers import LlamaForCausalLM

from specdec import files
from specdec.errors import UserError
from specdec.train.corpus import Rows, TokenStream
from specdec.train.datastore_step import make_datastore
from specdec.train.export import load_run
from specdec.train.generated_text import make_text
from specdec.train.heads import make_eagle, make_medusa
from specdec.train.language_model import EarlyExit, Shape, build_model, grow, measure, rows_loss
from specdec.train.recipe import Step
from specdec.train.story_card import make_story_card
from specdec.train.tokenizer import save_tokenizer, train_tokenizer
from specdec.train.translation import make_pair_tokenizer, make_translations, make_translator
from specdec.train.translation_card import make_translation_card
from specdec.train.workspace import DONE, MEASURED_TOKENS, Kitchen


def make(kitchen: Kitchen, step: Step) -> None:
    """Do one step, or what is left of it; a finished one is left alone."""
    folder = kitchen.folder(step.name)
    if kitchen.is_done(step.name):
        return
    if step.kind not in KINDS:
        raise UserError(f"The step {step.name!r} is of kind {step.kind!r}; there are {', '.join(KINDS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    result = KINDS[step.kind](kitchen, step.name, **step.options)
    files.write_text(folder / DONE, json.dumps({**step.options, **result}, indent=2) + "\n")


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
    tokenizer, seed, folder = kitchen.tokenizer, kitchen.seed(name), kitchen.folder(name)
    model = build_model(Shape(layers, width), tokenizer, seed)
    if start:
        grow(model, load_run(kitchen.result(start)))
    model.to(kitchen.device)
    if kitchen.compiles:
        for layer in model.model.layers:
            layer.compile()
    settings = kitchen.options(name, tokens, warm_up, cool_down, row_length=row_length, **options)
    stream = TokenStream(kitchen.library.mixture(mixture), kitchen.tokens(tokenizer), row_length, seed)
    exits = EarlyExit() if early_exit else None
    target = load_run(kitchen.result(teacher)).requires_grad_(False).to(kitchen.device) if teacher else None

    def loss(model: LlamaForCausalLM, rows: Rows, random: np.random.Generator) -> torch.Tensor:
        return rows_loss(model, rows, target, mix, exits, random)

    held_out = kitchen.library.held_out_rows(tokenizer, min(row_length, 512), MEASURED_TOKENS)
    model.config.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)

    def measured() -> dict[str, float]:
        return {key: measure(model, rows) for key, rows in held_out.items()}

    return kitchen.train(name, model, stream, loss, settings, measured)


KINDS: dict[str, Callable[..., dict]] = {
    "tokenizer": make_tokenizer,
    "model": make_model,
    "text": make_text,
    "datastore": make_datastore,
    "medusa": make_medusa,
    "eagle": make_eagle,
    "translation-tokenizer": make_pair_tokenizer,
    "translator": make_translator,
    "translations": make_translations,
    "card": make_story_card,
    "translation-card": make_translation_card,
}
