"""The kinds of recipe steps. Each kind is a function that produces a folder from its options and earlier results."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from transformers import LlamaForCausalLM

from specdec import files
from specdec.errors import UserError
from specdec.train.card import CardOptions
from specdec.train.chat import (
    AnswersOptions,
    ChatEagleOptions,
    PublicOptions,
    TurnsOptions,
    find_public,
    make_answers,
    make_chat_eagle,
    make_turns,
)
from specdec.train.corpus import Rows, TokenStream
from specdec.train.datastore_step import DatastoreOptions, make_datastore
from specdec.train.export import load_run
from specdec.train.generated_text import TextOptions, make_text
from specdec.train.heads import EagleOptions, MedusaOptions, make_eagle, make_medusa
from specdec.train.language_model import EarlyExit, Shape, build_model, grow, measure, rows_loss
from specdec.train.options import Training, typed
from specdec.train.recipe import Step
from specdec.train.story_card import make_story_card
from specdec.train.tokenizer import TokenizerOptions, save_tokenizer, train_tokenizer
from specdec.train.translation import (
    TranslationsOptions,
    TranslatorOptions,
    make_pair_tokenizer,
    make_translations,
    make_translator,
)
from specdec.train.translation_card import make_translation_card
from specdec.train.workspace import DONE, MEASURED_TOKENS, Kitchen


def make(kitchen: Kitchen, step: Step) -> None:
    """Run one step, resuming it if it was interrupted; a finished step is skipped."""
    folder = kitchen.folder(step.name)
    if kitchen.is_done(step.name):
        return
    kind, options = KINDS[step.kind], read(step)
    folder.mkdir(parents=True, exist_ok=True)
    result = kind.make(kitchen, step.name, options)
    files.write_text(folder / DONE, json.dumps({**step.options, **result}, indent=2) + "\n")


def read(step: Step) -> Any:
    """The options of a step. Raises UserError for an unknown kind and for invalid options."""
    if step.kind not in KINDS:
        raise UserError("train.kind_unknown", step=step.name, kind=step.kind, choices=", ".join(KINDS))
    return typed(KINDS[step.kind].options, step.options, step.name)


def make_tokenizer(kitchen: Kitchen, name: str, options: TokenizerOptions) -> dict:
    documents = [
        part
        for file in sorted(kitchen.texts.mixture(options.mixture))
        for document in kitchen.texts.documents(file)
        for part in (document.given, document.text)
        if part
    ]
    tokenizer = train_tokenizer(documents, options.vocabulary, options.context)
    save_tokenizer(tokenizer, kitchen.folder(name))
    return {"entries": len(tokenizer)}


@dataclass(frozen=True, kw_only=True)
class ModelOptions(Training):
    """start: a step whose model initializes this one, which may be deeper; teacher: a step whose model is distilled,
    with weight `mix` against the cross-entropy of the texts."""

    layers: int
    width: int
    start: str | None = None
    early_exit: bool = False
    teacher: str | None = None
    mix: float = 1.0


def make_model(kitchen: Kitchen, name: str, options: ModelOptions) -> dict:
    """Train a language model on the texts of the recipe."""
    tokenizer, seed, folder = kitchen.tokenizer, kitchen.seed(name), kitchen.folder(name)
    model = build_model(Shape(options.layers, options.width), tokenizer, seed)
    if options.start:
        grow(model, load_run(kitchen.result(options.start)))
    model.to(kitchen.device)
    if kitchen.compiles:
        for layer in model.model.layers:
            layer.compile()
    row_length, teacher = options.row_length, options.teacher
    stream = TokenStream(kitchen.texts.mixture(options.mixture), kitchen.tokens(tokenizer), row_length, seed)
    exits = EarlyExit() if options.early_exit else None
    target = load_run(kitchen.result(teacher)).requires_grad_(False).to(kitchen.device) if teacher else None

    def loss(model: LlamaForCausalLM, rows: Rows, random: np.random.Generator) -> torch.Tensor:
        return rows_loss(model, rows, target, options.mix, exits, random)

    held_out = kitchen.texts.held_out_rows(tokenizer, min(row_length, 512), MEASURED_TOKENS)
    model.config.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)

    def measured() -> dict[str, float]:
        return {key: measure(model, rows) for key, rows in held_out.items()}

    return kitchen.train(name, model, stream, loss, options, measured)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step: its options, and the function that runs it, (kitchen, step name, options) → facts to record."""

    options: type
    make: Callable[[Kitchen, str, Any], dict]


KINDS: dict[str, Kind] = {
    "tokenizer": Kind(TokenizerOptions, make_tokenizer),
    "model": Kind(ModelOptions, make_model),
    "text": Kind(TextOptions, make_text),
    "datastore": Kind(DatastoreOptions, make_datastore),
    "medusa": Kind(MedusaOptions, make_medusa),
    "eagle": Kind(EagleOptions, make_eagle),
    "translation-tokenizer": Kind(TokenizerOptions, make_pair_tokenizer),
    "translator": Kind(TranslatorOptions, make_translator),
    "translations": Kind(TranslationsOptions, make_translations),
    "public": Kind(PublicOptions, find_public),
    "turns": Kind(TurnsOptions, make_turns),
    "answers": Kind(AnswersOptions, make_answers),
    "chat-eagle": Kind(ChatEagleOptions, make_chat_eagle),
    "card": Kind(CardOptions, make_story_card),
    "translation-card": Kind(CardOptions, make_translation_card),
}
