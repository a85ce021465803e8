"""The datastore of REST (He et al. 2023): texts as tokens of one tokenizer, with a suffix array to search them.

The file is memory-mapped, so it may be larger than memory, and all processes that read it share it:

    magic (8 bytes) · length of the header (8 bytes) · header (JSON, padded to 64 bytes) · tokens · order

`tokens` are big-endian unsigned integers, so that comparing their bytes compares them. After every text stands a mark,
a number that is not a token; `depth` more marks follow the last text. `order` is a suffix array: the positions of all
tokens, sorted by the `depth` tokens from there on, then by position. All occurrences of a sequence of up to `depth`
tokens are one range of it, which is found by binary search. Nothing in a file is executed; false contents can at worst
give poor guesses.
"""

import hashlib
import json
import os
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from transformers import PreTrainedTokenizerBase

from specdec import files
from specdec.errors import UserError

MAGIC = b"specdata"
FORMAT = 1
ALIGN = 64  # bytes
DEPTH = 32  # tokens that the suffix array compares; a power of two
PIECE = 1 << 16  # characters that are tokenized together
BATCH = 256  # pieces
MOST_TOKENS = 1 << 31  # positions are 32-bit numbers, and sorting multiplies two of them
LARGEST_HEADER = 1 << 16  # bytes
ORDER = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Info:
    """A datastore's header. fingerprint: of the tokenizer; entries: the size of its vocabulary; texts and tokens: how
    many there are; width: the bytes of one token; depth: how many tokens the suffix array compares."""

    format: int
    fingerprint: str
    entries: int
    texts: int
    tokens: int
    width: int
    depth: int

    def as_record(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def places(self) -> int:
        """The number of tokens and marks; there is one mark after every text."""
        return self.tokens + self.texts

    @property
    def size(self) -> int:
        """The number of bytes after the header."""
        return aligned((self.places + self.depth) * self.width) + self.places * ORDER.itemsize


class Datastore:
    """An open, memory-mapped datastore."""

    def __init__(self, path: str | Path) -> None:
        """Raises UserError for a file that cannot be read, is not a datastore, or is damaged."""
        self.info, start = _header(path)
        info = self.info
        length = info.places + info.depth
        self.bytes = np.memmap(path, np.uint8, "r", start, length * info.width).data
        self.tokens = np.frombuffer(self.bytes, f">u{info.width}")
        after = start + aligned(length * info.width)
        self.order = np.memmap(path, ORDER, "r", after, info.places).view(np.ndarray)

    def check(self, tokenizer: PreTrainedTokenizerBase, name: str) -> None:
        """Raises UserError unless the datastore was built with this tokenizer, that of the model `name`."""
        if (fingerprint(tokenizer), _entries(tokenizer)) != (self.info.fingerprint, self.info.entries):
            entries = {"entries": f"{self.info.entries:,}", "model_entries": f"{len(tokenizer):,}"}
            raise UserError("errors.datastore_tokenizer", model=name, **entries)

    def stretch(self, run: Sequence[int]) -> range:
        """The range of the suffix array whose suffixes begin with a sequence of at most `depth` tokens."""
        if max(run) >= self.info.entries:  # a padding entry of the target's output layer: it occurs in no text
            return range(0)
        sought = np.asarray(run, f">u{self.info.width}").tobytes()
        text, width, size = self.bytes, self.info.width, len(sought)

        def beginning(place: np.integer) -> bytes:
            start = int(place) * width
            return bytes(text[start : start + size])

        first = bisect_left(self.order, sought, key=beginning)
        if first == len(self.order) or beginning(self.order[first]) != sought:
            return range(0)
        return range(first, bisect_right(self.order, sought, first, key=beginning))

    def followers(self, rows: range, skip: int, length: int, most: int) -> list[list[int]]:
        """The tokens that follow the first `skip` tokens of the suffixes in `rows`: at most `length` each, and none
        beyond the end of a text. Of more than `most` rows, `most` at equal distances are taken: the suffix array is
        sorted, so the shares of their continuations are close to those of all rows."""
        chosen = np.linspace(rows.start, rows.stop - 1, min(most, len(rows)), dtype=np.int64)
        places = self.order[chosen].astype(np.int64)[:, None] + np.arange(skip, skip + length)
        found = self.tokens[np.minimum(places, len(self.tokens) - 1)]
        inside = (found < self.info.entries).cumprod(1).sum(1)  # tokens before the text's mark
        return [row[:end] for row, end in zip(found.tolist(), inside.tolist(), strict=True)]


@lru_cache(maxsize=8)
def fingerprint(tokenizer: PreTrainedTokenizerBase) -> str:
    """A SHA-256 hash of a tokenizer's vocabulary with its ids: 64 hexadecimal digits."""
    entries = sorted((number, token) for token, number in tokenizer.get_vocab().items())
    return hashlib.sha256(json.dumps(entries).encode()).hexdigest()


@lru_cache(maxsize=8)
def _entries(tokenizer: PreTrainedTokenizerBase) -> int:
    return max(tokenizer.get_vocab().values()) + 1


def build(paths: Sequence[str | Path], out: str | Path, tokenizer: PreTrainedTokenizerBase) -> Info:
    """Write a datastore of text files, one text each. `out` is replaced only when the new file is complete.

    Raises UserError for an input that is empty, unreadable or not UTF-8 text, and for an output that cannot be
    written.
    """
    if os.path.realpath(out) in {os.path.realpath(path) for path in paths}:
        raise UserError("errors.datastore_over", path=out)
    try:
        texts = (_tokens(path, tokenizer) for path in paths)
        with files.replacing(out) as file:  # an output that cannot be written is refused before any text is read
            return write_index(file, list(texts), tokenizer)
    except OSError as error:
        raise UserError("errors.datastore_unwritable", path=out, why=_why(error)) from None


def _tokens(path: str | Path, tokenizer: PreTrainedTokenizerBase) -> np.ndarray:
    """The tokens of a text file. Raises UserError for a file that cannot be read, is not text, or is empty."""
    try:
        text = files.text(Path(path).read_bytes())
    except OSError as error:
        raise UserError("errors.datastore_unreadable", path=path, why=_why(error)) from None
    except UnicodeDecodeError:
        raise UserError("errors.datastore_binary", path=path) from None
    if "\0" in text:
        raise UserError("errors.datastore_binary", path=path)
    parts = [np.array(ids, np.int64) for ids in _encode(text, tokenizer)] if text.strip() else []
    if not sum(map(len, parts)):
        raise UserError("errors.datastore_empty", path=path)
    return np.concatenate(parts)


def _encode(text: str, tokenizer: PreTrainedTokenizerBase) -> Iterator[list[int]]:
    """The tokens of a text, one list for each piece of at most PIECE characters. A piece ends at a line end where it
    has one."""
    pieces, start = [], 0
    while start < len(text):
        end = start + PIECE
        end = text.rfind("\n", start, end) + 1 or end if end < len(text) else len(text)
        pieces.append(text[start:end])
        start = end
    for first in range(0, len(pieces), BATCH):
        yield from tokenizer(pieces[first : first + BATCH], add_special_tokens=False, verbose=False)["input_ids"]


def write_index(file: IO[bytes], texts: list[np.ndarray], tokenizer: PreTrainedTokenizerBase) -> Info:
    entries = _entries(tokenizer)
    width = 2 if entries < 1 << 16 else 4
    mark = (1 << 8 * width) - 1
    tokens = np.concatenate([np.append(text, mark) for text in texts])
    if len(tokens) > MOST_TOKENS:
        raise UserError("errors.datastore_large", tokens=f"{len(tokens):,}", most=f"{MOST_TOKENS:,}")
    info = Info(FORMAT, fingerprint(tokenizer), entries, len(texts), len(tokens) - len(texts), width, DEPTH)
    header = json.dumps(info.as_record()).encode()
    file.write(MAGIC + struct.pack("<Q", len(header)) + header)
    _pad(file)
    file.write(np.append(tokens, np.full(DEPTH, mark)).astype(f">u{width}").tobytes())
    _pad(file)
    file.write(sort(tokens, DEPTH).astype(ORDER).tobytes())
    return info


def sort(tokens: np.ndarray, depth: int) -> np.ndarray:
    """The suffix array of tokens: the positions of all tokens, sorted by the `depth` tokens from there on (a power of
    two), then by position.

    It is built by prefix doubling: ranks by one token give ranks by two, these by four, and so on. After the end stand
    marks, which are larger than any token.

    >>> sort(np.array([3, 1, 3, 1, 2]), 4).tolist()
    [3, 1, 4, 2, 0]
    """
    rank = np.unique(tokens, return_inverse=True)[1]
    reach = 1
    while reach < depth:
        following = np.full(len(rank), len(rank))
        following[:-reach] = rank[reach:]
        if len(rank) <= reach:
            break
        rank = np.unique(rank * (len(rank) + 1) + following, return_inverse=True)[1]
        reach *= 2
    return np.argsort(rank, kind="stable")


def _header(path: str | Path) -> tuple[Info, int]:
    """The header of a file, and the offset at which its data begins. Raises UserError as Datastore does."""
    try:
        files.check_regular(path)
        with open(path, "rb") as file:
            magic, packed = file.read(len(MAGIC)), file.read(8)
            length = struct.unpack("<Q", packed)[0] if len(packed) == 8 else 0
            text = file.read(min(length, LARGEST_HEADER))
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise UserError("errors.datastore_unreadable", path=path, why=_why(error)) from None
    if magic != MAGIC:
        raise UserError("errors.datastore_none", path=path)
    head = _fields(text)
    if head.get("format", FORMAT) != FORMAT:
        raise UserError("errors.datastore_format", path=path, format=head["format"], known=FORMAT)
    start = aligned(len(MAGIC) + 8 + length)
    try:
        info = Info(**head)
        whole = all(type(value) is int and value > 0 for name, value in head.items() if name != "fingerprint")
        if whole and info.width in (2, 4) and info.depth <= DEPTH and size == start + info.size:
            return info, start
    except TypeError:
        pass
    raise UserError("errors.datastore_damaged", path=path)


def _fields(text: bytes) -> dict[str, Any]:
    """The header's fields; an empty dict if it is not a JSON object."""
    try:
        head = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return head if isinstance(head, dict) else {}


def aligned(length: int) -> int:
    """A length rounded up to a multiple of ALIGN bytes.

    >>> aligned(1), aligned(64), aligned(65)
    (64, 64, 128)
    """
    return -(-length // ALIGN) * ALIGN


def _pad(file: IO[bytes]) -> None:
    file.write(bytes(aligned(file.tell()) - file.tell()))


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
