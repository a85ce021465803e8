"""Token ids → the text each one adds. Joined, the texts are the output."""

import re
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import bytes_to_unicode

UNFINISHED = "\ufffd"  # what a decoder shows for bytes that are no character yet
CONTEXT = 4  # steps before a new token that its text may depend on (leading spaces of SentencePiece)
MOST = 8  # steps that a position carries before it lets go of all but the last CONTEXT
BYTE_FALLBACK = re.compile("<0x([0-9A-F]{2})>")  # what SentencePiece calls a single byte


class Position(NamedTuple):
    """Where a text stands: the last tokens whose text is out, and those that wait for the rest of a character.

    Tokens that came out together stay together in `done`: half a character would spoil all bytes around it.
    """

    done: tuple[tuple[int, ...], ...] = ()
    waiting: tuple[int, ...] = ()


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
        self.special = frozenset(tokenizer.all_special_ids)
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
        done = tuple(chain.from_iterable(position.done))
        text = self._decode((*done, *pending))[len(self._decode(done)) :]
        if text.endswith(UNFINISHED):
            return "", position._replace(waiting=pending)
        steps = (*position.done, pending)  # decoded just now, so the next token will find most of its text known
        return text, Position(done=steps if len(steps) <= MOST else steps[-CONTEXT:])

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


@lru_cache(maxsize=8)
def detokenizer(tokenizer: PreTrainedTokenizerBase) -> Detokenizer:
    """One for every tokenizer."""
    return Detokenizer(tokenizer)
