"""The steps that train a draft head for a public chat model: the model itself, texts that it writes, and the head.

The texts are drawn from the model: it first writes the turns of users, continuing its chat template after the words
that open one (Xu et al. 2024, Magpie), and then answers these turns, and tasks about passages of the recipe's files.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from specdec.errors import UserError
from specdec.models import chat
from specdec.models.heads import EagleHead
from specdec.models.language_model import LanguageModel
from specdec.models.loading import load_model
from specdec.train import batched_generation
from specdec.train.batched_generation import Manner, Prompt, Written
from specdec.train.corpus import Rows
from specdec.train.heads import EagleOptions, agreement, eagle_guesses, eagle_loss, fresh_eagle, save_head
from specdec.train.texts import TextStream
from specdec.train.workspace import Kitchen

MARK = "specdec"  # a word that no chat template holds
SHORTEST_TURN = 12  # characters
PASSAGE = (40, 110)  # words, from … to
ASKED = (  # about a passage
    "Summarize the following text in two sentences.",
    "Rewrite the following text in a more formal style.",
    "Rewrite this text so that a child understands it.",
    "List the names of people and places in this text.",
    "Correct the mistakes in the following text.",
    "What is the main idea of this text?",
    "Continue the following story.",
)
ROWS, ROWS_AT_ONCE = 8, 2  # texts of an optimizer step, and of a pass
HELD_OUT = 64  # texts, the last ones


# ------------------------------------------------------------------------------------------------- the model


@dataclass(frozen=True, kw_only=True)
class PublicOptions:
    """model: the hub id of the model, or a folder."""

    model: str


def find_public(kitchen: Kitchen, name: str, options: PublicOptions) -> dict:
    """Load a public model, so that later steps can; raises UserError if it is not here and cannot be fetched."""
    model = load_model(options.model, kitchen.device, "float32")
    return {"name": model.name, "parameters": model.parameters}


def public(kitchen: Kitchen, step: str) -> LanguageModel:
    """The model of a step of kind "public", with all weights frozen, in float32."""
    model = load_model(kitchen.facts(step)["model"], kitchen.device, "float32")
    model.module.requires_grad_(False)
    return model


# ------------------------------------------------------------------------------------------------- its texts


@dataclass(frozen=True, kw_only=True)
class TurnsOptions:
    """writer: the step whose model writes `texts` turns of users, of at most `length` tokens."""

    writer: str
    texts: int
    length: int = 72
    temperatures: tuple[float, ...] = (1.0,)
    top_p: float = 0.95
    batch: int = 96


def make_turns(kitchen: Kitchen, name: str, options: TurnsOptions) -> dict:
    model = public(kitchen, options.writer)
    prompts = [Prompt(opening(model), options.length)] * kitchen.scaled(options.texts)
    manner = Manner(options.temperatures, options.top_p, options.batch, kitchen.seed(name), fixed_cache=True)
    return kitchen.write(name, model, prompts, manner)


def opening(model: LanguageModel) -> list[int]:
    """The token ids of a chat up to the first word of the user. Raises UserError for a model without a template."""
    before = chat.sent(model, MARK, "on").partition(MARK)[0]
    return model.tokenizer.encode(before, add_special_tokens=False)


def turns_of(model: LanguageModel, texts: list[Written]) -> list[str]:
    """The turns that were ended, each once, without those that are too short to ask for anything."""
    found = (model.tokenizer.decode(one.answer[:-1], skip_special_tokens=True).strip() for one in texts if one.ended)
    return [turn for turn in dict.fromkeys(found) if len(turn) >= SHORTEST_TURN]


@dataclass(frozen=True, kw_only=True)
class AnswersOptions:
    """writer: the step whose model answers; turns: the step of kind "turns" whose turns it answers; mixture: the files
    with passages for `passages` tasks; length: the most tokens of an answer."""

    writer: str
    turns: str
    mixture: str
    passages: int = 0
    length: int = 192
    temperatures: tuple[float, ...] = (0.0, 0.7, 1.0)
    batch: int = 96


def make_answers(kitchen: Kitchen, name: str, options: AnswersOptions) -> dict:
    model = public(kitchen, options.writer)
    random = np.random.default_rng([kitchen.seed(name), 2])
    asked = turns_of(model, batched_generation.written(kitchen.result(options.turns)))
    asked += tasks(kitchen, options.mixture, kitchen.scaled(options.passages), random) if options.passages else []
    if not asked:
        raise UserError("train.no_beginnings")
    prompts = [Prompt(model.begin(chat.sent(model, text, "on"))[1], options.length) for text in asked]
    manner = Manner(options.temperatures, batch=options.batch, seed=kitchen.seed(name), fixed_cache=True)
    return kitchen.write(name, model, prompts, manner)


def tasks(kitchen: Kitchen, mixture: str, count: int, random: np.random.Generator) -> list[str]:
    """Tasks about passages of the mixture's documents."""
    shares = kitchen.texts.mixture(mixture)
    pool = [document.text.split() for name in sorted(shares) for document in kitchen.texts.documents(name)]
    made = []
    for _ in range(count if pool else 0):
        words, length = pool[random.integers(len(pool))], int(random.integers(*PASSAGE))
        start = int(random.integers(max(1, len(words) - length)))
        asked = ASKED[random.integers(len(ASKED))]
        made.append(f"{asked}\n\n{' '.join(words[start : start + length])}")
    return made


# ------------------------------------------------------------------------------------------------- the head


@dataclass(frozen=True, kw_only=True)
class ChatEagleOptions(EagleOptions):
    """texts: the step whose texts the head learns from; draft_vocabulary: the number of tokens that it can guess, the
    most frequent ones of these texts; None: all tokens. A text counts as one row of the mean length."""

    texts: str
    mixture: str = ""
    draft_vocabulary: int | None = None


def make_chat_eagle(kitchen: Kitchen, name: str, options: ChatEagleOptions) -> dict:
    target = public(kitchen, options.target)
    texts = [one for one in batched_generation.written(kitchen.result(options.texts)) if len(one.answer) > 1]
    learned, held_out = texts[:-HELD_OUT] or texts, texts[-HELD_OUT:]
    ids = frequent(learned, options.draft_vocabulary, kitchen.device) if options.draft_vocabulary else None
    width = options.feed_forward or target.config.intermediate_size
    head = fresh_eagle(target, width, kitchen.seed(name), ids)
    stream = AnswerRows(TextStream(learned, None, kitchen.seed(name)))
    unit = stream.texts.mean_length
    training = replace(options, row_length=unit, batch=ROWS * unit, micro_batch=ROWS_AT_ONCE * unit)
    judged = AnswerRows(TextStream(held_out, None, 0)).rows(0, len(held_out))

    def loss(model: EagleHead, rows: Rows, random: np.random.Generator) -> Tensor:
        return eagle_loss(model, target, rows, options.steps, options.decay, options.mix, options.feature_weight)

    def measured() -> dict[str, float]:
        shares = agreement(head, target, judged, eagle_guesses)
        return {f"answers {depth}": share for depth, share in enumerate(shares, 1)}

    facts = kitchen.train(name, head, stream, loss, training, measured)
    save_head(head, kitchen.folder(name))
    return facts | {"texts": len(learned)}


class AnswerRows:
    """The rows of a `TextStream` of a decoder-only model: inputs and labels."""

    def __init__(self, texts: TextStream) -> None:
        self.texts = texts

    def rows(self, first: int, count: int) -> Rows:
        return Rows(*self.texts.rows(first, count)[1:])


def frequent(texts: list[Written], count: int, device: torch.device) -> Tensor:
    """The ids of the most frequent tokens of the answers, in increasing order, [D ≤ count]."""
    counts = Counter(token for one in texts for token in one.answer.tolist())
    return torch.tensor(sorted(token for token, _ in counts.most_common(count)), device=device)
