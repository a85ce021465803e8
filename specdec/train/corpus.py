"""The corpus: files are read as documents, and documents become an endless stream of token rows.

Row `i` of a stream is a pure function of the mixture, the seed and `i`, so a training run that stops and resumes sees
the same rows as an uninterrupted one.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from transformers import PreTrainedTokenizerFast

from specdec.catalog.pairs import TASKS
from specdec.errors import UserError

END_OF_TEXT = "<|endoftext|>"
HELD_OUT_PER_THOUSAND = 10
LINES = 20  # per document, in a file without separators
IGNORED = -100  # the label of a token that is read but not learned, as in torch and transformers


@dataclass(frozen=True)
class Document:
    """A text to learn. `given` is the text before it, such as the input of an edit exercise, which is read but not
    learned unless `all_learned`."""

    text: str
    given: str = ""
    all_learned: bool = False


@dataclass(frozen=True)
class Split:
    """The documents of one file: the training ones and the held-out ones."""

    train: list[Document] = field(default_factory=list)
    held_out: list[Document] = field(default_factory=list)


class Tokens(NamedTuple):
    """The tokens of one or several documents: ids [N], and for each whether it is learned, [N] bool."""

    ids: np.ndarray
    learned: np.ndarray


class Rows(NamedTuple):
    """inputs [R, L] and labels [R, L]: position i of the inputs predicts label i, unless that is IGNORED."""

    inputs: np.ndarray
    labels: np.ndarray


def read_lines(path: Path) -> Iterable[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig") as lines:
        yield from lines


def set_aside(split: Split) -> Split:
    """The split, with one document in fifty held out where `is_held_out` chose none, as happens in a small corpus."""
    if split.held_out or len(split.train) < 2:
        return split
    return Split([document for i, document in enumerate(split.train) if i % 50], split.train[::50])


def read_documents(path: Path) -> list[Document]:
    """The documents of a file, which may be compressed with gzip. A *.txt file is split at its end-of-text separators,
    else at blank lines, else every 20 lines; every line of a *.jsonl file is an exercise with `task`, `input` and
    `output`."""
    if data_name(path) + ".jsonl" in path.name:
        return [_exercise(json.loads(line)) for line in read_lines(path)]
    return [Document(document) for part in _parts("".join(read_lines(path))) if (document := part.strip())]


def _parts(text: str) -> list[str]:
    if END_OF_TEXT in text:
        return text.split(END_OF_TEXT)
    parts = re.split(r"\n\s*\n", text.strip())
    if len(parts) > 1:
        return parts
    lines = text.split("\n")
    return ["\n".join(lines[start : start + LINES]) for start in range(0, len(lines), LINES)]


def _exercise(row: dict) -> Document:
    return exercise(row["task"], row["input"], row["output"])


def exercise(task: str, text: str, answer: str, all_learned: bool = False) -> Document:
    """An exercise as a document: the text in the task's template is given, the answer is learned."""
    return Document(answer, TASKS[task].replace("{text}", text), all_learned)


def is_held_out(text: str) -> bool:
    """Whether a text is held out, by its hash, so that the same text in another file falls on the same side."""
    return thousandth(text) < HELD_OUT_PER_THOUSAND


def thousandth(text: str) -> int:
    """A number from 0 to 999 from the SHA-256 of a text."""
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:4], "big") % 1000


def split_documents(documents: Iterable[Document]) -> Split:
    split = Split()
    for document in documents:
        (split.held_out if is_held_out(document.text) else split.train).append(document)
    return split


def data_name(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".txt").removesuffix(".jsonl").removesuffix(".tsv")


def data_files(folder: Path, *endings: str) -> dict[str, Path]:
    """The files of a folder with one of the endings, compressed or not, by their names without endings. Raises
    UserError for a missing folder, and where there is no such file."""
    if not folder.is_dir():
        raise UserError("train.no_data", folder=folder)
    found = sorted(path for ending in endings for packed in ("", ".gz") for path in folder.glob(f"*{ending}{packed}"))
    if not found:
        raise UserError("train.no_files", folder=folder, endings=", ".join(endings))
    return {data_name(path): path for path in found}


def exclude_held_out(splits: dict[str, Split]) -> dict[str, Split]:
    """Drop training documents that are also held-out documents, word for word."""
    held_out = {document for split in splits.values() for document in split.held_out}
    return {
        name: Split([document for document in split.train if document not in held_out], split.held_out)
        for name, split in splits.items()
    }


def encode(tokenizer: PreTrainedTokenizerFast, documents: list[Document]) -> list[Tokens]:
    """Encode documents. Each begins with the end-of-text token, which also ends the document before it and is
    therefore always learned."""
    if not documents:
        return []
    batch = tokenizer.backend_tokenizer.encode_batch_fast
    given = batch([document.given for document in documents], add_special_tokens=True)
    texts = batch([document.text for document in documents], add_special_tokens=False)
    return [_tokens(a.ids, b.ids, d.all_learned) for a, b, d in zip(given, texts, documents, strict=True)]


def _tokens(given: list[int], text: list[int], all_learned: bool) -> Tokens:
    ids = np.array(given + text, dtype=np.int64)
    learned = np.arange(len(ids)) >= (0 if all_learned else len(given))
    learned[0] = True
    return Tokens(ids, learned)


def join(parts: Iterable[Tokens]) -> Tokens:
    parts = [Tokens(np.empty(0, np.int64), np.empty(0, bool)), *parts]
    return Tokens(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def rows_of(tokens: Tokens, length: int) -> Rows:
    """Cut R · length + 1 tokens into rows [R, length] of inputs and labels."""
    ids, learned = tokens
    labels = np.where(learned, ids, IGNORED)
    return Rows(ids[:-1].reshape(-1, length), labels[1:].reshape(-1, length))


class TokenStream:
    """An endless stream of rows of `row_length` positions, accessed by index.

    It is a sequence of passes over the corpus. Each pass contains every file of the mixture as many times as the
    mixture says (0.25: a quarter of its documents), in a new random order.
    """

    def __init__(
        self,
        mixture: dict[str, float],
        documents: Callable[[str], list[Tokens]],
        row_length: int,
        seed: int | list[int],
    ):
        self.mixture, self.row_length, self.seed = mixture, row_length, np.atleast_1d(seed).tolist()
        self.documents = {name: documents(name) for name in sorted(mixture)}
        if not any(map(len, self.documents.values())):
            raise UserError("train.no_document")
        self._passes: dict[int, Tokens] = {}

    def rows(self, first: int, count: int) -> Rows:
        """The rows first … first + count - 1."""
        start, needed = first * self.row_length, count * self.row_length + 1
        parts, index = [], 0
        while needed:
            tokens = self._pass(index)
            if start < len(tokens.ids):
                parts.append(Tokens(*(array[start : start + needed] for array in tokens)))
                needed -= len(parts[-1].ids)
            start, index = max(0, start - len(tokens.ids)), index + 1
        return rows_of(join(parts), self.row_length)

    @property
    def pass_length(self) -> int:
        """The number of tokens in the first pass."""
        return len(self._pass(0).ids)

    def _pass(self, index: int) -> Tokens:
        if index not in self._passes:
            random = np.random.default_rng([*self.seed, index])
            chosen = [document for name in self.documents for document in self._share(name, random)]
            if not chosen:
                raise UserError("train.mixture_thin")
            self._passes[index] = join(chosen[i] for i in random.permutation(len(chosen)))
        return self._passes[index]

    def _share(self, name: str, random: np.random.Generator) -> list[Tokens]:
        """The documents of a file for one pass: whole repeats, then a random subset for the fraction."""
        documents = self.documents[name]
        whole, fraction = divmod(self.mixture[name], 1.0)
        extra = random.permutation(len(documents))[: round(fraction * len(documents))]
        return documents * int(whole) + [documents[i] for i in extra]


def held_out_rows(documents: list[Tokens], row_length: int, limit: int) -> Rows:
    """At most `limit` rows of held-out documents, in a fixed order; documents that do not fill one row of that length
    give a shorter row."""
    order = np.random.default_rng(0).permutation(len(documents))
    tokens = join(documents[i] for i in order)
    row_length = max(1, min(row_length, len(tokens.ids) - 1))
    count = max(0, min(limit, (len(tokens.ids) - 1) // row_length))
    return rows_of(Tokens(*(array[: count * row_length + 1] for array in tokens)), row_length)
