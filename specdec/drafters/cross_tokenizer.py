"""Drafting by a model with another tokenizer: committed text → its tokens → its guesses → text → the target's tokens.

This is string-level exact match (SLEM) of Timor et al. 2025, "Lossless Speculative Decoding Algorithms for
Heterogeneous Vocabularies", also known as universal assisted generation. It needs any decoder-only draft model. It
costs one pass of that model per token it guesses, of which a text may have more or fewer than in the target's
tokenizer, and re-encoding the last few words.

The draft model guesses greedily, so its guesses are a deterministic function of the text: a chain with one-hot q.
Every lossless rule stays lossless, and greedy decoding stays equal to plain decoding. The acceptance rate may be poor:
nothing is sampled from the draft model, it does not see special tokens, and a tokenizer that normalizes the text
(case, accents) makes it continue another text. It sees only complete characters, and guesses nothing once the text is
too long for it. Trees are refused, since a text has only one tokenization.
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

ANCHOR = 32  # characters before a text that are encoded with it, since they affect how its beginning is tokenized
WINDOW = 64  # characters that are encoded again every round, at least; twice as many at most
CUTS = 8  # places that are tried as the end of the settled text
MOST = 4  # draft tokens per target token, at most


class TranslatedDrafter(Drafter):
    """A drafter whose model has another tokenizer than the target: both exchange text. In this class, `ids` is the
    committed text in the draft model's tokens."""

    needs = frozenset({"text"})
    model: LanguageModel

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.target, self.session = target, self.model.session()
        self.reader, self.speller = detokenizer(target.tokenizer), detokenizer(self.model.tokenizer)
        self.position, self.read, self.text = Position(), 0, ""  # state of reading; `text` holds the last characters
        self.draft_tokens = DraftTokens(self.model.tokenizer)
        self._read(prompt)
        if len(ids := self.draft_tokens.ids) <= self.model.limit:
            self.session.prefill(self._known(ids)[:-1])

    def _known(self, ids: list[int]) -> list[int]:
        """The tokens, with 0 in place of those that the draft model has no embedding for, since a tokenizer may have
        more entries than its model. This can only make a guess worse."""
        size = self.model.vocab_size
        return ids if size >= len(self.model.tokenizer) else [one if one < size else 0 for one in ids]

    def _read(self, tokens: list[int]) -> None:
        """Add the text of the tokens that were committed since the last call."""
        fresh = []
        for token in tokens[self.read :]:
            text, self.position = self.reader.add(self.position, token)
            fresh.append(text)
        self.read = len(tokens)
        self.draft_tokens.add("".join(fresh))
        self.text = (self.text + "".join(fresh))[-ANCHOR:]

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        self._read(context.tokens)
        ids, length = self.draft_tokens.ids, self._length(len(shape))
        if not ids or len(ids) + length > self.model.limit or self.position.said:
            return certain_chain([], self.target.device)
        guess = self._guess(self._known(ids), length)
        draft = certain_chain(list(self._spell(guess))[: len(shape)], self.target.device)
        return Draft(draft.ids, draft.parents, None, draft.coins, passes=length)

    def _length(self, depth: int) -> int:
        """The number of draft tokens that correspond to `depth` target tokens, estimated from the last words."""
        own, theirs = (len(_encode(model.tokenizer, self.text)) for model in (self.model, self.target))
        ratio = min(MOST, own / theirs) if own and theirs else 1
        return ceil(ratio * (depth + len(self.position.waiting)))

    def _guess(self, context: list[int], length: int) -> str:
        """The text that the draft model continues with, up to an end token or an unfinished character."""
        ids = [self.session.forward(context).argmax(-1)]
        for node in range(length - 1):
            ids.append(self.session.grow(ids[-1], [node - 1]).argmax(-1))
        guesses = torch.cat(ids).tolist()
        self.session.keep(range(length - 1), guesses[:-1])  # if they are accepted, they need not be fed again
        last = _encode(self.model.tokenizer, self.text[-CONTEXT:])  # complete characters, unlike `context`
        position, texts = Position(done=(tuple(last),)), []
        for token in guesses:
            if token in self.speller.special or token in self.model.end_ids:
                break
            text, position = self.speller.add(position, token)
            texts.append(text)
        return "".join(texts).partition(UNFINISHED)[0]  # an incomplete character at the end is not a guess

    def _spell(self, guess: str) -> Iterator[int]:
        """The target's tokens for a guessed text, up to the first whose text deviates from the guess when it is
        decoded after the committed tokens. If those end inside a character, the guess has to begin with that
        character."""
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


class DraftTokens:
    """Incremental tokenization of a growing text, at a cost that does not grow with the text.

    The tokens of all but the last characters are settled; only the rest is encoded again when text is added. It is
    encoded together with the characters before it, since tokenizers treat the beginning of a text in a special way.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self.settled, self.before, self.rest = _opening(tokenizer), "", ""
        self.ids = list(self.settled)

    def add(self, text: str) -> None:
        self.rest += text
        if len(self.rest) > 2 * WINDOW:
            self._settle()
        self.ids = self.settled + _behind(self.tokenizer, self.before, self.rest)

    def _settle(self) -> None:
        """Move the end of the settled text to a place where the tokens before it do not depend on the text after it,
        which is usually a space."""
        last = len(self.rest) - WINDOW
        spaces = [i for i in range(last, max(0, last - WINDOW), -1) if self.rest[i].isspace()]
        places = [*spaces, *range(last, last - CUTS, -1)][:CUTS]
        whole = _behind(self.tokenizer, self.before, self.rest)
        for place in (*places, last):  # if no place is clean, the last one is used: unusual tokens do no harm
            front = _behind(self.tokenizer, self.before, self.rest[:place])
            if whole[: len(front)] == front:
                break
        self.settled += front
        self.before, self.rest = (self.before + self.rest[:place])[-ANCHOR:], self.rest[place:]


def _behind(tokenizer: PreTrainedTokenizerBase, before: str, text: str) -> list[int]:
    """The tokens that `text` adds after `before`. If the two merge into other tokens at the border, the tokens of
    `text` alone."""
    front, whole = _encode(tokenizer, before), _encode(tokenizer, before + text)
    return whole[len(front) :] if whole[: len(front)] == front else _encode(tokenizer, text)


def _encode(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False) if text else []


def _opening(tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """The special tokens that a tokenizer puts before a text."""
    plain, whole = _encode(tokenizer, "a"), tokenizer.encode("a")
    starts = (i for i in range(len(whole)) if whole[i : i + len(plain)] == plain)
    return whole[: next(starts, 0)]
