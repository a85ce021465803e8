"""Parallel corpora: sentence pairs are joined to passages, and passages are packed into training rows.

Row `i` of a stream is a pure function of the mixture, the seed and `i`, so a resumed training run sees exactly the
same rows.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from transformers import PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train import corpus
from specdec.train.corpus import IGNORED
from specdec.train.recipe import Recipe

OPEN_ROWS = 16  # rows open for packing at a time; more would hardly reduce the padding


class Pair(NamedTuple):
    """A sentence, or several consecutive ones, and its translations."""

    source: str
    targets: tuple[str, ...]


Document = tuple[Pair, ...]  # in reading order


class Passage(NamedTuple):
    """The token ids of a source text and its translation. Both end with the end token, unless the target was
    truncated."""

    source: np.ndarray
    target: np.ndarray


class PairRows(NamedTuple):
    """Packed rows: source [R, S] for the encoder, inputs and labels [R, T] for the decoder, S = T. `source_part` and
    `part` hold the number of the passage at each position (from 1; 0 is padding). Position i of the inputs predicts
    label i, unless the label is IGNORED.

    Token counts of a training run are those of the decoder rows, padding included; source tokens are not counted.
    """

    source: np.ndarray
    source_part: np.ndarray
    inputs: np.ndarray
    part: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Split:
    """The documents of one file: those to train on and those set aside."""

    train: list[Document] = field(default_factory=list)
    held_out: list[Document] = field(default_factory=list)


# ----------------------------------------------------------------------------------------------------- files


def read_documents(path: Path, languages: tuple[str, str]) -> list[Document]:
    """The documents of a file. *.tsv: source, tab, translation (further columns are ignored); all translations of one
    source become one pair. *.jsonl: one text per language name; rows with the same `story` form a document. Raises
    UserError for a malformed file."""
    if corpus.data_name(path) + ".tsv" in path.name:
        return _from_lines(path)
    try:
        rows = [json.loads(line) for line in corpus.read_lines(path)]
        stories = groupby(enumerate(rows), lambda row: row[1].get("story", row[0]))
        pairs = [[[_clean(row[language]) for language in languages] for _, row in story] for _, story in stories]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("train.lines_languages", file=path.name, languages=", ".join(languages)) from error
    return [tuple(Pair(source, (target,)) for source, target in story) for story in pairs]


def _from_lines(path: Path) -> list[Document]:
    found: dict[str, list[str]] = {}
    for line in corpus.read_lines(path):
        source, target = [*map(_clean, line.split("\t")), "", ""][:2]
        if source and target:
            found.setdefault(source, []).append(target)
    if not found:
        raise UserError("train.lines_tabs", file=path.name)
    return [(Pair(source, tuple(targets)),) for source, targets in found.items()]


def _clean(text: str) -> str:
    return " ".join(text.split())


def is_held_out(pair: Pair) -> bool:
    """Whether a pair belongs to the held-out set. The decision depends only on the letters of the source, so all of
    its translations fall on the same side of the split, in every file."""
    letters = "".join(letter for letter in pair.source.casefold() if letter.isalnum())
    return corpus.thousandth(letters) < corpus.HELD_OUT_PER_THOUSAND


def split_documents(documents: Iterable[Document]) -> Split:
    """Split documents pair by pair; one document may contribute to both sides."""
    split = Split()
    for document in documents:
        for side, held_out in ((split.train, False), (split.held_out, True)):
            if kept := tuple(pair for pair in document if is_held_out(pair) == held_out):
                side.append(kept)
    return split


class ParallelLibrary:
    """The documents of a recipe's mixtures by file. If a data folder has none of the recipe's files, all of its *.tsv
    files are used, so that a recipe works on any two languages. Raises UserError for a folder with some but not all of
    the recipe's files."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self.recipe = recipe
        self.paths = corpus.data_files(folder, ".tsv", ".jsonl")
        self.own = not recipe.files() & set(self.paths)
        if self.own:
            self.paths = corpus.data_files(folder, ".tsv")
        elif missing := sorted(recipe.files() - set(self.paths)):
            raise UserError("train.data_lacks", folder=folder, missing=", ".join(missing))
        self.names = sorted(self.paths if self.own else recipe.files())

    def mixture(self, name: str) -> dict[str, float]:
        """For every file, or step that generates passages, how often one pass over the mixture contains it."""
        mixture = self.recipe.mixtures[name]
        if not self.own:
            return mixture
        made = {key: share for key, share in mixture.items() if key in self.recipe.made()}
        return made if len(made) == len(mixture) else made | dict.fromkeys(self.names, 1.0)

    def documents(self, name: str) -> list[Document]:
        return self.splits[name].train

    def held_out(self) -> list[Document]:
        return [document for name in self.names for document in self.splits[name].held_out]

    @cached_property
    def splits(self) -> dict[str, Split]:
        source, target = self.recipe.languages
        return {name: split_documents(read_documents(self.paths[name], (source, target))) for name in self.names}


# -------------------------------------------------------------------------------------------------- passages


def join(documents: list[Document], longest: int, random: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Passages of consecutive sentence pairs, each with one of its translations, from all documents in random order.

    A passage has at most `longest` characters of translation (more only if a single translation is longer). Its target
    length is `longest` · u² with u uniform in [0, 1), so most passages are short and some reach the maximum."""
    sources: list[str] = []
    targets: list[str] = []
    length, aim = 0, longest * random.random() ** 2
    for index in random.permutation(len(documents)):
        for source, choices in documents[index]:
            target = choices[random.integers(len(choices))] if len(choices) > 1 else choices[0]
            if sources and (length >= aim or length + len(target) >= longest):
                yield " ".join(sources), " ".join(targets)
                sources, targets = [], []
                length, aim = 0, longest * random.random() ** 2
            sources.append(source)
            targets.append(target)
            length += len(target) + 1
    if sources:
        yield " ".join(sources), " ".join(targets)


def every_translation(documents: Iterable[Document]) -> list[Document]:
    """Copies of the documents, so that each translation occurs once, where `join` would choose one of several.

    >>> every_translation([(Pair("a", ("b", "c")), Pair("d", ("e",)))])
    [(Pair(source='a', targets=('b',)), Pair(source='d', targets=('e',))), (Pair(source='a', targets=('c',)),)]
    """
    return [
        tuple(Pair(pair.source, (pair.targets[turn],)) for pair in document if turn < len(pair.targets))
        for document in documents
        for turn in range(max(len(pair.targets) for pair in document))
    ]


def encode(tokenizer: PreTrainedTokenizerFast, texts: Iterable[tuple[str, str]]) -> list[Passage]:
    """Tokenized passages; the tokenizer adds the end tokens."""
    texts = list(texts)
    sides = [tokenizer.backend_tokenizer.encode_batch_fast([text[i] for text in texts]) for i in (0, 1)]
    return [Passage(*(np.array(side.ids, dtype=np.int64) for side in pair)) for pair in zip(*sides, strict=True)]


def pack(passages: Iterable[Passage], length: int) -> list[list[Passage]]:
    """Pack passages first-fit into rows of at most `length` tokens on either side. Passages longer than a row are
    dropped."""
    rows: list[list[Passage]] = []
    waiting: list[list] = []  # [tokens of the fuller side, of the source, of the target, passages]
    for passage in passages:
        source, target = len(passage.source), len(passage.target)
        if max(source, target) > length:
            continue
        row = next((r for r in waiting if r[1] + source <= length and r[2] + target <= length), None)
        if row is None:
            if len(waiting) == OPEN_ROWS:
                fullest = max(range(OPEN_ROWS), key=lambda i: waiting[i][0])
                rows.append(waiting.pop(fullest)[3])
            row = [0, 0, 0, []]
            waiting.append(row)
        row[1], row[2] = row[1] + source, row[2] + target
        row[0] = max(row[1], row[2])
        row[3].append(passage)
    return rows + [row[3] for row in waiting]


def rows_of(rows: list[list[Passage]], length: int, start: int) -> PairRows:
    """Packed rows as arrays of width `length`, padded with 0; each passage of the decoder inputs begins with the token
    `start`."""
    arrays = PairRows(*(np.zeros((len(rows), length), dtype=np.int64) for _ in PairRows._fields))
    arrays.labels[:] = IGNORED
    for index, row in enumerate(rows):
        a = b = 0
        for number, (source, target) in enumerate(row, start=1):
            to, end = a + len(source), b + len(target)
            arrays.source[index, a:to], arrays.source_part[index, a:to] = source, number
            arrays.labels[index, b:end], arrays.part[index, b:end] = target, number
            arrays.inputs[index, b] = start
            arrays.inputs[index, b + 1 : end] = target[:-1]
            a, b = to, end
    return arrays


class PassageStream:
    """An endless sequence of packed rows by number, made of passes over a mixture.

    A pass contains each name of the mixture as often as the mixture says (0.25: a random quarter of it), in a new
    random order. Documents are joined to new passages in each pass; passages generated by a model are used unchanged.
    """

    def __init__(
        self,
        mixture: dict[str, float],
        find: Callable[[str], list[Document] | list[Passage]],
        tokenizer: PreTrainedTokenizerFast,
        row_length: int,
        longest: int,
        seed: int | list[int],
    ):
        self.tokenizer, self.row_length, self.longest = tokenizer, row_length, longest
        self.mixture, self.seed = mixture, np.atleast_1d(seed).tolist()
        self.found = {name: find(name) for name in sorted(mixture)}
        self._counts: list[int] = []
        self._latest: tuple[int, PairRows] | None = None

    def rows(self, first: int, count: int) -> PairRows:
        """The rows with numbers first to first + count - 1."""
        parts, index = [], 0
        while count:
            if index == len(self._counts):
                self._pass(index)
            if first < self._counts[index]:
                rows = self._pass(index)
                parts.append([array[first : first + count] for array in rows])
                count -= len(parts[-1][0])
            first, index = max(0, first - self._counts[index]), index + 1
        return PairRows(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    def passages(self, index: int) -> list[Passage]:
        """The passages of one pass, in random order."""
        random = np.random.default_rng([*self.seed, index])
        chosen = [one for name in self.found for one in self._share(name, random)]
        documents = [one for one in chosen if not isinstance(one, Passage)]
        passages = encode(self.tokenizer, join(documents, self.longest, random))
        passages += [one for one in chosen if isinstance(one, Passage)]
        return [passages[i] for i in random.permutation(len(passages))]

    @property
    def pass_length(self) -> int:
        """The number of decoder tokens in the first pass, padding included."""
        return len(self._pass(0).labels) * self.row_length

    def _pass(self, index: int) -> PairRows:
        if self._latest is None or self._latest[0] != index:
            packed = pack(self.passages(index), self.row_length)
            if not packed:
                raise UserError("train.no_fitting_passage")
            self._latest = index, rows_of(packed, self.row_length, self.tokenizer.pad_token_id)
            if index == len(self._counts):
                self._counts.append(len(packed))
        return self._latest[1]

    def _share(self, name: str, random: np.random.Generator) -> list:
        whole, fraction = divmod(self.mixture[name], 1.0)
        found = self.found[name]
        extra = random.permutation(len(found))[: round(fraction * len(found))]
        return found * int(whole) + [found[i] for i in extra]


def held_out_rows(
    documents: list[Document], tokenizer: PreTrainedTokenizerFast, row_length: int, longest: int, limit: int
) -> PairRows:
    """At most `limit` rows of held-out passages, the same in every call."""
    texts = join(documents, longest, np.random.default_rng(0))
    return rows_of(pack(encode(tokenizer, texts), row_length)[:limit], row_length, tokenizer.pad_token_id)


def held_out_texts(documents: list[Document], longest: int, count: int) -> list[tuple[str, str]]:
    """At most `count` held-out passages of several sentences with their references, the same in every call."""
    found = join(documents, longest, np.random.default_rng(1))
    return [text for text in found if len(text[1]) >= longest / 3][:count]
