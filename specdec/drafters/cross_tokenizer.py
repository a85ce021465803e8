"""A draft model with another tokenizer: committed text → its tokens → its guesses → text → the target's tokens.

The string-level way of Timor et al. 2025 (SLEM, "Lossless Speculative Decoding Algorithms for Heterogeneous
Vocabularies"), known as universal assisted generation. Needs any decoder-only draft model. Costs one pass of it per
token it guesses, of which there may be more or fewer than of the target's, and re-encoding the last few words.

The draft model guesses greedily, so its guesses are certain given the text: a chain of one-hot q. Every lossless rule
stays lossless, greedy text is plain text. What is not promised is a good acceptance: nothing is sampled from the draft
model, special tokens do not reach it, and a tokenizer that changes the text (case, accents) makes it guess another.
It hears finished characters only, and nothing is guessed once the text is too long for it. Trees are refused: a text
has one spelling.
"""

from collections.abc import Iterator
from math import ceil

import torch
from transformers import PreTrainedTokenizerBase

from specdec.drafters.draft import Context, Draft, Drafter, Shape, certain_chain
from specdec.models.detokenizer import CONTEXT, UNFINISHED, Position, detokenizer
from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins
from specdec.settings import Settings

ANCHOR = 32  # characters in front of a text that decide how its beginning is cut into tokens
WINDOW = 64  # characters that are encoded anew every round, at least; twice as many at most
CUTS = 8  # places tried for the end of what is settled
MOST = 4  # draft tokens per target token


class TranslatedDrafter(Drafter):
    """Text is the language both models share; `heard` is what the draft model has heard of it."""

    needs = frozenset({"text"})

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.target, self.session = target, self.model.session()
        self.reader, self.speller = detokenizer(target.tokenizer), detokenizer(self.model.tokenizer)
        self.position, self.read, self.text = Position(), 0, ""  # the committed text, its last characters
        self.ear = Ear(self.model.tokenizer)
        self._read(prompt)
        if len(heard := self.ear.heard) <= self.model.limit:
            self.session.prefill(self._known(heard)[:-1])

    def _known(self, heard: list[int]) -> list[int]:
        """Its tokenizer may have more entries than the model has; any stand-in will do for those."""
        size = self.model.vocab_size
        return heard if size >= len(self.model.tokenizer) else [one if one < size else 0 for one in heard]

    def _read(self, tokens: list[int]) -> None:
        """Add the text of what was committed since the last time."""
        fresh = []
        for token in tokens[self.read :]:
            text, self.position = self.reader.add(self.position, token)
            fresh.append(text)
        self.read = len(tokens)
        self.ear.hear("".join(fresh))
        self.text = (self.text + "".join(fresh))[-ANCHOR:]

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        self._read(context.tokens)
        heard, length = self.ear.heard, self._length(len(shape))
        if not heard or len(heard) + length > self.model.limit or self.position.said:
            return certain_chain([], self.target.device)
        guess = self._guess(self._known(heard), length)
        draft = certain_chain(list(self._spell(guess))[: len(shape)], self.target.device)
        return Draft(draft.ids, draft.parents, None, draft.coins, passes=length)

    def _length(self, depth: int) -> int:
        """How many of the draft model's tokens make `depth` of the target's, going by the last words."""
        own, theirs = (len(_encode(model.tokenizer, self.text)) for model in (self.model, self.target))
        ratio = min(MOST, own / theirs) if own and theirs else 1
        return ceil(ratio * (depth + len(self.position.waiting)))

    def _guess(self, heard: list[int], length: int) -> str:
        """The text the draft model goes on with, up to where it would end or has not finished a character."""
        ids = [self.session.forward(heard).argmax(-1)]
        for node in range(length - 1):
            ids.append(self.session.grow(ids[-1], [node - 1]).argmax(-1))
        guesses = torch.cat(ids).tolist()
        self.session.keep(range(length - 1), guesses[:-1])  # if they come true, they need not be fed again
        last = _encode(self.model.tokenizer, self.text[-CONTEXT:])  # whole characters, unlike the last tokens heard
        position, texts = Position(done=(tuple(last),)), []
        for token in guesses:
            if token in self.speller.special or token in self.model.end_ids:
                break
            text, position = self.speller.add(position, token)
            texts.append(text)
        return "".join(texts).partition(UNFINISHED)[0]  # bytes that are no text are nobody's guess

    def _spell(self, guess: str) -> Iterator[int]:
        """The target's tokens for a guess, as long as they say what was guessed behind the committed tokens. If those
        end inside a character, a guess has to begin with that character's bytes."""
        position, said, begun = self.position, "", len(self.position.waiting)
        tokens = _behind(self.target.tokenizer, self.text, guess)
        if tuple(tokens[:begun]) != position.waiting:
            return
        for token in tokens[begun:]:
            text, position = self.reader.add(position, token)
            said += text
            if token in self.reader.special or not guess.startswith(said):
                return
            yield token


class Ear:
    """A growing text in one tokenizer's tokens, at a cost that does not grow with it.

    What lies far enough back is settled; only the rest is encoded anew when text is added. The last characters in
    front of it are encoded along, since the beginning of a text is cut differently from its middle.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self.settled, self.before, self.rest = _opening(tokenizer), "", ""
        self.heard = list(self.settled)

    def hear(self, text: str) -> None:
        self.rest += text
        if len(self.rest) > 2 * WINDOW:
            self._settle()
        self.heard = self.settled + _behind(self.tokenizer, self.before, self.rest)

    def _settle(self) -> None:
        """Move the border to a place where the tokens in front do not depend on what follows: most often, a space."""
        last = len(self.rest) - WINDOW
        spaces = [i for i in range(last, max(0, last - WINDOW), -1) if self.rest[i].isspace()]
        places = [*spaces, *range(last, last - CUTS, -1)][:CUTS]
        whole = _behind(self.tokenizer, self.before, self.rest)
        for place in (*places, last):  # none is clean: an unusual spelling of a rare text does no harm
            front = _behind(self.tokenizer, self.before, self.rest[:place])
            if whole[: len(front)] == front:
                break
        self.settled += front
        self.before, self.rest = (self.before + self.rest[:place])[-ANCHOR:], self.rest[place:]


def _behind(tokenizer: PreTrainedTokenizerBase, before: str, text: str) -> list[int]:
    """The tokens that `text` adds behind `before`; those of `text` alone if they would merge with the last ones."""
    front, whole = _encode(tokenizer, before), _encode(tokenizer, before + text)
    return whole[len(front) :] if whole[: len(front)] == front else _encode(tokenizer, text)


def _encode(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False) if text else []


def _opening(tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """The special tokens a tokenizer puts in front of a text."""
    plain, whole = _encode(tokenizer, "a"), tokenizer.encode("a")
    starts = (i for i in range(len(whole)) if whole[i : i + len(plain)] == plain)
    return whole[: next(starts, 0)]
