"""A step that generates texts with a finished model: stories from their first words, and answers to exercises."""

from dataclasses import dataclass

import numpy as np

from specdec.errors import UserError
from specdec.models.language_model import LanguageModel
from specdec.train.batched_generation import Manner, Prompt
from specdec.train.corpus import Document
from specdec.train.export import load_run
from specdec.train.workspace import Kitchen

LONGEST_PROMPT = 256  # tokens; attention reads a batch's prompts again for every new token
WORDS_OF_OPENING = (2, 24)


@dataclass(frozen=True, kw_only=True)
class TextOptions:
    """The options of a text step. `writer`: the step whose model generates `texts` texts of at most `length`
    tokens."""

    writer: str
    mixture: str
    texts: int
    temperatures: tuple[float, ...] = (0.8,)
    top_p: float = 1.0
    length: int = 200
    batch: int = 96


def make_text(kitchen: Kitchen, name: str, options: TextOptions) -> dict:
    """Generate texts with an earlier step's model from the beginnings of the mixture's documents: the first words of
    stories, which it continues, and exercises, which it answers."""
    writer, length = options.writer, options.length
    seed = kitchen.seed(name)
    model = LanguageModel(writer, load_run(kitchen.result(writer)).to(kitchen.device), kitchen.tokenizer)
    prompts = begin(
        kitchen, model, options.mixture, kitchen.scaled(options.texts), length, np.random.default_rng([seed, 2])
    )
    manner = Manner(options.temperatures, options.top_p, options.batch, seed, fixed_cache=True)
    return kitchen.write(name, model, prompts, manner)


def begin(
    kitchen: Kitchen, model: LanguageModel, mixture: str, count: int, length: int, random: np.random.Generator
) -> list[Prompt]:
    """At most `count` prompts, the beginnings of documents sampled with the weights of the mixture, none longer than
    LONGEST_PROMPT if possible. An answer to an exercise may be a quarter longer than the right one."""
    shares, library = kitchen.library.mixture(mixture), kitchen.library
    pool = [(document, share) for name, share in shares.items() for document in library.documents(name)]
    if not pool:
        raise UserError("train.no_beginnings")
    chances = np.array([share for _, share in pool])
    drawn = [pool[i][0] for i in random.choice(len(pool), size=2 * count, p=chances / chances.sum())]
    encode = model.tokenizer.encode
    answers = [len(encode(document.text)) * 5 // 4 if document.given else length for document in drawn]
    begun = [encode(beginning(document, random)) for document in drawn]
    prompts = [Prompt(ids, min(most, length)) for ids, most in zip(begun, answers, strict=True)]
    fitting = [prompt for prompt in prompts if len(prompt.ids) <= LONGEST_PROMPT]
    return (fitting or prompts)[:count]


def beginning(document: Document, random: np.random.Generator) -> str:
    """The question of an exercise, or the first words of a story.

    >>> beginning(Document("Once there was a cat."), np.random.default_rng(0))
    'Once there was a'
    """
    words = document.text.split(" ")
    count = int(random.integers(*WORDS_OF_OPENING, endpoint=True))
    return document.given or " ".join(words[: max(1, min(count, len(words) - 1))])
