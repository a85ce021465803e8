"""Files → documents → an endless stream of token rows whose order depends on a seed alone.

Row `i` of a stream is a pure function of the mixture, the seed and `i`, so a training run that stops and resumes sees
the very same rows.
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
LINES = 20  # of a document, where nothing says where documents end
IGNORED = -100  # the label of a token that is read but not learned, as in torch and transformers


@dataclass(frozen=True)
class Document:
    """A text to learn; what is `given` stands before it and is read but (unless all is) not learned, such as the noisy
    input of an edit."""

    text: str
    given: str = ""
    all_learned: bool = False


@dataclass(frozen=True)
class Split:
    """The documents of one file: those to train on and those set aside."""

    train: list[Document] = field(default_factory=list)
    held_out: list[Document] = field(default_factory=list)


class Tokens(NamedTuple):
    """A document, or a stretch of several: ids [N], and for each whether it is learned [N] bool."""

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
    """A small corpus in which the hash chose nothing gives one document in fifty all the same, at least one of two."""
    if split.held_out or len(split.train) < 2:
        return split
    return Split([document for i, document in enumerate(split.train) if i % 50], split.train[::50])


def read_documents(path: Path) -> list[Document]:
    """The documents of a file, perhaps packed: of *.txt what stands between the separators (where there is none:
    between empty lines, or else 20 lines at a time), of *.jsonl one exercise a line: `task`, `input` and `output`."""
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
    """A document in which the task's template asks for an answer."""
    return Document(answer, TASKS[task].replace("{text}", text), all_learned)


def is_held_out(text: str) -> bool:
    """Decided by the text itself, so a text repeated in another file falls on the same side."""
    return thousandth(text) < HELD_OUT_PER_THOUSAND


def thousandth(text: str) -> int:
    """A number from 0 to 999 that is the text's own: the same wherever and whenever it is met."""
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
    """The files of a folder with one of the endings, packed or not, by name without them."""
    if not folder.is_dir():
        raise UserError("train.no_data", folder=folder)
    found = sorted(path for ending in endings for packed in ("", ".gz") for path in folder.glob(f"*{ending}{packed}"))
    if not found:
        raise UserError("train.no_files", folder=folder, endings=", ".join(endings))
    return {data_name(path): path for path in found}


def exclude_held_out(splits: dict[str, Split]) -> dict[str, Split]:
    """Drop training documents that a held-out file happens to contain word for word."""
    held_out = {document for split in splits.values() for document in split.held_out}
    return {
        name: Split([document for document in split.train if document not in held_out], split.held_out)
        for name, split in splits.items()
    }


def encode(tokenizer: PreTrainedTokenizerFast, documents: list[Document]) -> list[Tokens]:
    """Each begins with the end-of-text token, which also ends the document before it and so is always learned."""
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
    """Cut a stretch of R · length + 1 tokens."""
    ids, learned = tokens
    labels = np.where(learned, ids, IGNORED)
    return Rows(ids[:-1].reshape(-1, length), labels[1:].reshape(-1, length))


class TokenStream:
    """Rows of `row_length` positions, by number.

    The stream is an endless sequence of passes; a pass shows every file of the mixture as often as it says (0.25: a
    quarter of its documents) in a fresh order.
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
        """Rows first … first + count - 1."""
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
        """Tokens of the first pass."""
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
        """Whole repeats, then a random share of the documents for the fraction that is left."""
        documents = self.documents[name]
        whole, fraction = divmod(self.mixture[name], 1.0)
        extra = random.permutation(len(documents))[: round(fraction * len(documents))]
        return documents * int(whole) + [documents[i] for i in extra]


def held_out_rows(documents: list[Tokens], row_length: int, limit: int) -> Rows:
    """At most `limit` rows of held-out documents, in an order that never changes; what is too short for one row of
    that length makes a shorter one."""
    order = np.random.default_rng(0).permutation(len(documents))
    tokens = join(documents[i] for i in order)
    row_length = max(1, min(row_length, len(tokens.ids) - 1))
    count = max(0, min(limit, (len(tokens.ids) - 1) // row_length))
    return rows_of(Tokens(*(array[: count * row_length + 1] for array in tokens)), row_length)
