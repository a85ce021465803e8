"""The steps of a translation family: a tokenizer for two languages, translation models, and generated translations."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from specdec.errors import UserError
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.train import batched_generation, parallel_corpora
from specdec.train.batched_generation import Manner, Prompt
from specdec.train.options import Training
from specdec.train.parallel_corpora import PairRows, Passage, PassageStream
from specdec.train.seq2seq import (
    Shape,
    build_translator,
    load_translator,
    load_unfolded,
    measure,
    rows_loss,
    start_from,
)
from specdec.train.tokenizer import TokenizerOptions, byte_level_bpe, save_tokenizer
from specdec.train.workspace import MEASURED_TOKENS, Kitchen

PAD, END = "<pad>", "</s>"
LONGEST = 400  # characters of a passage, about 110 tokens


# --------------------------------------------------------------------------------------------------- tokenizer


def train_pair_tokenizer(texts: Iterable[str], vocabulary: int, context: int) -> PreTrainedTokenizerFast:
    """A tokenizer for both languages. As T5 expects, encodings end with `</s>` and the padding token is 0."""
    around, names = {"single": f"$A {END}", "pair": f"$A {END} $B {END}"}, {"pad_token": PAD, "eos_token": END}
    return byte_level_bpe(texts, vocabulary, [PAD, END], around, model_max_length=context, **names)


def make_pair_tokenizer(kitchen: Kitchen, name: str, options: TokenizerOptions) -> dict:
    library = kitchen.translations
    documents = (d for file in sorted(library.mixture(options.mixture)) for d in library.documents(file))
    texts = (text for document in documents for pair in document for text in (pair.source, *pair.targets))
    tokenizer = train_pair_tokenizer(texts, options.vocabulary, options.context)
    save_tokenizer(tokenizer, kitchen.folder(name))
    return {"entries": len(tokenizer)}


# ------------------------------------------------------------------------------------------------------ models


@dataclass(frozen=True, kw_only=True)
class TranslatorOptions(Training):
    """start: a step whose weights initialize the model; teacher: a step whose model is distilled, with weight `mix`
    against the cross-entropy of the passages; longest: the most characters of a passage. Tokens are counted on the
    target side."""

    encoder_layers: int
    decoder_layers: int
    width: int = 256
    start: str | None = None
    teacher: str | None = None
    mix: float = 1.0
    row_length: int = 128
    longest: int = LONGEST


def make_translator(kitchen: Kitchen, name: str, options: TranslatorOptions) -> dict:
    """Train a T5 on the corpus, or on the translations of a step of kind "translations" (sequence-level distillation:
    Kim and Rush 2016)."""
    row_length, longest, teacher = options.row_length, options.longest, options.teacher
    tokenizer, seed, folder = kitchen.tokenizer, kitchen.seed(name), kitchen.folder(name)
    model = build_translator(Shape(options.encoder_layers, options.decoder_layers, options.width), tokenizer, seed)
    if options.start:
        start_from(model, load_unfolded(kitchen.result(options.start)))
    model.to(kitchen.device)
    stream = _stream(kitchen, options.mixture, row_length, longest, seed)
    target = load_unfolded(kitchen.result(teacher)).requires_grad_(False).to(kitchen.device) if teacher else None

    def loss(model: T5ForConditionalGeneration, rows: PairRows, random: np.random.Generator) -> torch.Tensor:
        return rows_loss(model, rows, target, options.mix)

    held_out = parallel_corpora.held_out_rows(
        kitchen.translations.held_out(), tokenizer, row_length, longest, MEASURED_TOKENS // row_length
    )
    model.config.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)

    def measured() -> dict[str, float]:
        return {"translations": measure(model, held_out)} if len(held_out.labels) else {}

    return kitchen.train(name, model, stream, loss, options, measured)


def _stream(kitchen: Kitchen, mixture: str, row_length: int, longest: int, seed: int) -> PassageStream:
    """The passages of a mixture, whose names are files or steps of kind "translations"."""

    def find(name: str) -> list[parallel_corpora.Document] | list[Passage]:
        made = name in kitchen.recipe.made()
        return read_translations(kitchen, name) if made else kitchen.translations.documents(name)

    return PassageStream(kitchen.translations.mixture(mixture), find, kitchen.tokenizer, row_length, longest, seed)


# ------------------------------------------------------------------------------------------------ translations


@dataclass(frozen=True, kw_only=True)
class TranslationsOptions:
    """writer: the step whose model translates; passages: the number of passages of the corpus; temperatures: used in
    turn, 0 is greedy; longest: the most characters of a passage."""

    writer: str
    mixture: str
    passages: int
    temperatures: tuple[float, ...] = (0.0,)
    longest: int = LONGEST
    batch: int = 64


def make_translations(kitchen: Kitchen, name: str, options: TranslationsOptions) -> dict:
    """Translate passages of the corpus with the model of an earlier step."""
    writer, seed = options.writer, kitchen.seed(name)
    model = EncoderDecoderModel(writer, load_translator(kitchen.result(writer)).to(kitchen.device), kitchen.tokenizer)
    stream = _stream(kitchen, options.mixture, 1, options.longest, seed)
    prompts = [prompt(one.source) for one in _first(stream, kitchen.scaled(options.passages))]
    return kitchen.write(name, model, prompts, Manner(options.temperatures, batch=options.batch, seed=seed))


def prompt(source: Iterable[int]) -> Prompt:
    """The token ids of a source text as a prompt. A translation of more than about twice its length is cut off, since
    it is most likely a loop."""
    ids = list(map(int, source))
    return Prompt(ids, 2 * len(ids) + 16)


def _first(stream: PassageStream, wanted: int) -> list[Passage]:
    found: list[Passage] = []
    for index in count():
        found += stream.passages(index)
        if not found:
            raise UserError("train.no_passage")
        if len(found) >= wanted:
            break
    return found[:wanted]


def read_translations(kitchen: Kitchen, name: str) -> list[Passage]:
    """The translations of a step of kind "translations". One that was cut off has no end token, so none is learned."""
    paths = sorted((kitchen.result(name) / batched_generation.PARTS).glob("*.safetensors"))
    return [Passage(one.prompt, one.answer) for path in paths for one in batched_generation.read(path)]
