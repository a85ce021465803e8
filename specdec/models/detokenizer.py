"""Token ids → the text each one adds. Joined, the texts are the output."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import bytes_to_unicode

UNFINISHED = "\ufffd"  # what a decoder shows for bytes that are no character yet
CONTEXT = 4  # steps before a new token that its text may depend on (leading spaces of SentencePiece)
MOST = 8  # steps that a position carries before it lets go of all but the last CONTEXT
MOST_WAITING = 3  # tokens, of at least a byte each: the longest character has four bytes
BYTE_FALLBACK = re.compile("<0x([0-9A-F]{2})>")  # what SentencePiece calls a single byte


Steps = tuple[tuple[int, ...], ...]


class Position(NamedTuple):
    """Where a text stands: the last tokens whose text is out, and those that wait for the rest of a character.

    Tokens that came out together stay together in `done`: half a character would spoil all bytes around it.
    """

    done: Steps = ()
    waiting: tuple[int, ...] = ()
    said: int = 0  # characters of the waiting tokens' text that are out: what no later byte can change


class Detokenizer:
    """Decodes one token at a time. Positions are values, so a branch that is rejected later costs nothing.

    It remembers texts, not runs: `detokenizer` hands the same one to all.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        # Most of the time that transformers takes for a few tokens goes into arguments; its result is the backend's.
        ours = (
            isinstance(tokenizer, PreTrainedTokenizerFast)
            and type(tokenizer)._decode is PreTrainedTokenizerFast._decode
        )
        self._backend = tokenizer.backend_tokenizer if ours else None
        self._decode = lru_cache(maxsize=1 << 12)(self._decoded)
        self.special = frozenset(tokenizer.all_special_ids) | self._control_tokens()
        self._byte_of = {char: byte for byte, char in bytes_to_unicode().items()}
        # Decoders drop the leading space of what comes first, so a piece is read behind a plain word.
        self._anchor = tuple(tokenizer.encode("a", add_special_tokens=False))
        self._anchor_length = len(self._decode(self._anchor))
        self.piece = lru_cache(maxsize=1 << 16)(self._piece)
        self.add = lru_cache(maxsize=1 << 12)(self._add)  # a token is read as a guess, then as a part of the text

    def _add(self, position: Position, token: int) -> tuple[str, Position]:
        """The text that `token` adds at `position` ("" for special tokens and unfinished bytes), and what follows."""
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
        """The text of what still waits where nothing follows, and a position at which nothing waits."""
        if not position.waiting:
            return "", position
        text = self._behind(position.done, position.waiting)[position.said :]
        return text, Position(done=_trimmed((*position.done, position.waiting)))

    def named(self, texts: Iterable[str]) -> frozenset[int]:
        """The special tokens that are called so: they add no text by which they could be found."""
        names = frozenset(texts)
        return frozenset(one for one in self.special if self.tokenizer.convert_ids_to_tokens(one) in names)

    def _control_tokens(self) -> frozenset[int]:
        """Those that a fast tokenizer's decoder skips, though only its table of added tokens says that they are
        special."""
        added = self.tokenizer.added_tokens_decoder if self.tokenizer.is_fast else {}
        return frozenset(one for one, token in added.items() if token.special)

    def _behind(self, done: Steps, tokens: tuple[int, ...]) -> str:
        """The text of tokens behind others."""
        before = tuple(chain.from_iterable(done))
        return self._decode((*before, *tokens))[len(self._decode(before)) :]

    def _piece(self, token: int) -> str:
        """What a chip shows for a token on its own: its text, else its bytes in hexadecimal, else its name."""
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
    """All steps up to MOST, then the last CONTEXT: most of what the next token decodes is known from this one."""
    return steps if len(steps) <= MOST else steps[-CONTEXT:]


@lru_cache(maxsize=8)
def detokenizer(tokenizer: PreTrainedTokenizerBase) -> Detokenizer:
    """One for every tokenizer."""
    return Detokenizer(tokenizer)
