"""Incremental detokenization: the text that each token id adds. Joined, these texts are the output."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import bytes_to_unicode

UNFINISHED = "\ufffd"  # what a decoder returns for bytes that do not form a character yet
CONTEXT = 4  # steps before a new token that its text may depend on (leading spaces of SentencePiece)
MOST = 8  # steps that a position holds before it drops all but the last CONTEXT
MOST_WAITING = 3  # tokens of an unfinished character, of at least a byte each: the longest character has four bytes
BYTE_FALLBACK = re.compile("<0x([0-9A-F]{2})>")  # what SentencePiece calls a single byte


Steps = tuple[tuple[int, ...], ...]


class Position(NamedTuple):
    """The state of detokenizing a text: `done`, the last tokens whose text is known, and `waiting`, the tokens of an
    unfinished character.

    Tokens that form a character together are one step in `done`: decoding half a character would spoil the bytes
    around it.
    """

    done: Steps = ()
    waiting: tuple[int, ...] = ()
    said: int = 0  # characters of the waiting tokens' text that were already returned, as no later byte changes them


class Detokenizer:
    """Decodes one token at a time. Positions are immutable values, so a branch that is rejected later needs no
    undoing.

    It caches texts and has no state of a run, so `detokenizer` returns the same one for all runs.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        # For a few tokens transformers spends most of its time on arguments, and then returns the backend's result.
        ours = (
            isinstance(tokenizer, PreTrainedTokenizerFast)
            and type(tokenizer)._decode is PreTrainedTokenizerFast._decode
        )
        self._backend = tokenizer.backend_tokenizer if ours else None
        self._decode = lru_cache(maxsize=1 << 12)(self._decoded)
        self.special = frozenset(tokenizer.all_special_ids) | self._control_tokens()
        self._byte_of = {char: byte for byte, char in bytes_to_unicode().items()}
        # Decoders drop the leading space of the first token, so a piece is decoded after a plain word.
        self._anchor = tuple(tokenizer.encode("a", add_special_tokens=False))
        self._anchor_length = len(self._decode(self._anchor))
        self.piece = lru_cache(maxsize=1 << 16)(self._piece)
        self.add = lru_cache(maxsize=1 << 12)(self._add)  # a kept token is added twice: as a guess, and to the text

    def _add(self, position: Position, token: int) -> tuple[str, Position]:
        """The text that `token` adds at `position` ("" for special tokens and unfinished characters), and the position
        after it."""
        if token in self.special:
            return "", position
        pending = (*position.waiting, token)
        text = self._behind(position.done, pending)
        if not text.endswith(UNFINISHED):
            return text[position.said :], Position(done=_trimmed((*position.done, pending)))
        if len(pending) <= MOST_WAITING:
            return "", position._replace(waiting=pending)
        settled, waiting = pending[:-MOST_WAITING], pending[-MOST_WAITING:]
        said = len(text) - 1 - len(self._behind(position.done, settled))
        return text[position.said : -1], Position(_trimmed((*position.done, settled)), waiting, said)

    def finish(self, position: Position) -> tuple[str, Position]:
        """The text of the waiting tokens at the end of a text, and a position without waiting tokens."""
        if not position.waiting:
            return "", position
        text = self._behind(position.done, position.waiting)[position.said :]
        return text, Position(done=_trimmed((*position.done, position.waiting)))

    def named(self, texts: Iterable[str]) -> frozenset[int]:
        """The ids of the special tokens with these names. They add no text, so they can be found only by name."""
        names = frozenset(texts)
        return frozenset(one for one in self.special if self.tokenizer.convert_ids_to_tokens(one) in names)

    def _control_tokens(self) -> frozenset[int]:
        """The tokens that a fast tokenizer's decoder skips because its table of added tokens marks them as special;
        `all_special_ids` need not contain them."""
        added = self.tokenizer.added_tokens_decoder if self.tokenizer.is_fast else {}
        return frozenset(one for one, token in added.items() if token.special)

    def _behind(self, done: Steps, tokens: tuple[int, ...]) -> str:
        """The text of `tokens` after `done`."""
        before = tuple(chain.from_iterable(done))
        return self._decode((*before, *tokens))[len(self._decode(before)) :]

    def _piece(self, token: int) -> str:
        """A readable form of a single token, as the page shows it: its text, else its bytes in hexadecimal, else its
        name."""
        name = self.tokenizer.convert_ids_to_tokens(token)
        if token in self.special or name is None:
            return name or f"⟨{token}⟩"
        text = self._decode((*self._anchor, token))[self._anchor_length :]
        if text and UNFINISHED not in text:
            return text
        if byte := BYTE_FALLBACK.fullmatch(name):
            return f"⟨{byte[1]}⟩"
        known = all(char in self._byte_of for char in name)
        return "⟨" + " ".join(f"{self._byte_of[char]:02X}" for char in name) + "⟩" if known else name or f"⟨{token}⟩"

    def _decoded(self, ids: tuple[int, ...]) -> str:
        if self._backend is not None:
            return self._backend.decode(ids, skip_special_tokens=True)
        return self.tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False)


def _trimmed(steps: Steps) -> Steps:
    """The steps, cut to the last CONTEXT once there are more than MOST. They are not cut every time, so that the texts
    which the next token needs are usually in the cache."""
    return steps if len(steps) <= MOST else steps[-CONTEXT:]


@lru_cache(maxsize=8)
def detokenizer(tokenizer: PreTrainedTokenizerBase) -> Detokenizer:
    """The Detokenizer of a tokenizer, created once."""
    return Detokenizer(tokenizer)
