"""Text files → documents → an endless stream of token rows whose order depends on a seed alone.

A recipe (TOML) says which files are read, how often, and in which phase. Row `i` of the stream is a pure
function of the recipe, the seed and `i`, so a training run that stops and resumes sees the very same rows.
"""

import gzip
import hashlib
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from specdec.errors import UserError

END_OF_TEXT = "<|endoftext|>"
HELD_OUT_PER_THOUSAND = 10


@dataclass(frozen=True)
class Phase:
    """A stretch of training. `repeats`: how often a pass over the phase shows each file (0.25: a quarter of it)."""

    repeats: dict[str, float]
    tokens: int | None = None


@dataclass(frozen=True)
class Recipe:
    """The phases in order (the last has no end), and files that are only ever used to measure."""

    phases: tuple[Phase, ...]
    held_out: tuple[str, ...] = ()

    def files(self) -> list[str]:
        return sorted({name for phase in self.phases for name in phase.repeats})


@dataclass(frozen=True)
class Split:
    """The documents of one file: those to train on and those set aside."""

    train: list[str] = field(default_factory=list)
    held_out: list[str] = field(default_factory=list)


def read_documents(path: Path) -> list[str]:
    """The documents of a *.txt or *.txt.gz file; a file without the separator is one document."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        text = lines.read()
    return [document for part in text.split(END_OF_TEXT) if (document := part.strip())]


def is_held_out(document: str) -> bool:
    """Decided by the text itself, so a document repeated in another file falls on the same side."""
    digest = hashlib.sha256(document.encode()).digest()
    return int.from_bytes(digest[:4], "big") % 1000 < HELD_OUT_PER_THOUSAND


def split_documents(documents: list[str]) -> Split:
    split = Split()
    for document in documents:
        (split.held_out if is_held_out(document) else split.train).append(document)
    return split


def text_files(folder: Path) -> dict[str, Path]:
    """The text files of a folder by name, without the endings .txt and .txt.gz."""
    if not folder.is_dir():
        raise UserError(f"The data folder {folder} does not exist.")
    found = sorted([*folder.glob("*.txt"), *folder.glob("*.txt.gz")])
    if not found:
        raise UserError(f"The data folder {folder} holds no *.txt or *.txt.gz file.")
    return {path.name.removesuffix(".gz").removesuffix(".txt"): path for path in found}


def read_recipe(path: Path) -> Recipe:
    """TOML: `held_out = [names]` and `[[phase]]` tables with `tokens` (all but the last) and `[phase.repeats]`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"The recipe {path} cannot be read: {error}.") from error
    phases = tuple(Phase(dict(phase.get("repeats", {})), phase.get("tokens")) for phase in table.get("phase", []))
    if not phases or not all(phase.repeats for phase in phases):
        raise UserError(f"The recipe {path} needs at least one [[phase]] with a [phase.repeats] table.")
    if any(phase.tokens is None for phase in phases[:-1]):
        raise UserError(f"The recipe {path} must give `tokens` for every phase but the last.")
    return Recipe(phases, tuple(table.get("held_out", ())))


def load(folder: Path, recipe: Recipe | None = None) -> tuple[Recipe, dict[str, Split]]:
    """The documents a recipe names (without one: every file once), already split."""
    paths = text_files(folder)
    recipe = recipe or Recipe((Phase(dict.fromkeys(paths, 1.0)),))
    missing = sorted({*recipe.files(), *recipe.held_out} - set(paths))
    if missing:
        raise UserError(f"The data folder {folder} lacks {', '.join(missing)}, which the recipe names.")
    splits = {name: split_documents(read_documents(paths[name])) for name in recipe.files()}
    splits |= {name: Split([], read_documents(paths[name])) for name in recipe.held_out}
    return recipe, exclude_held_out(splits)


def exclude_held_out(splits: dict[str, Split]) -> dict[str, Split]:
    """Drop training documents that a held-out file happens to contain word for word."""
    held_out = {document for split in splits.values() for document in split.held_out}
    return {
        name: Split([document for document in split.train if document not in held_out], split.held_out)
        for name, split in splits.items()
    }


class TokenStream:
    """Rows of `row_length` + 1 tokens (inputs and their successors), by number.

    `documents` holds token arrays by file, each beginning with the end-of-text token. A phase is an endless
    sequence of passes; a pass shows every file `repeats` times in a fresh order.
    """

    def __init__(self, recipe: Recipe, documents: dict[str, list[np.ndarray]], row_length: int, seed: int):
        if not any(len(documents[name]) for name in recipe.files()):
            raise UserError("The corpus holds no document to train on.")
        self.recipe, self.documents, self.row_length, self.seed = recipe, documents, row_length, seed
        self._passes: dict[tuple[int, int], np.ndarray] = {}
        lengths = [phase.tokens // row_length for phase in recipe.phases[:-1]]
        self._starts = [0, *np.cumsum(lengths).tolist()]

    def rows(self, first: int, count: int) -> np.ndarray:
        """Rows first … first + count - 1 as one array [count, row_length + 1]."""
        return np.stack([self._row(number) for number in range(first, first + count)])

    def _row(self, number: int) -> np.ndarray:
        phase = bisect_right(self._starts, number) - 1
        start = (number - self._starts[phase]) * self.row_length
        needed, parts, index = self.row_length + 1, [], 0
        while needed:
            tokens = self._pass(phase, index)
            if start < len(tokens):
                parts.append(tokens[start : start + needed])
                needed -= len(parts[-1])
            start, index = max(0, start - len(tokens)), index + 1
        return np.concatenate(parts)

    def _pass(self, phase: int, index: int) -> np.ndarray:
        if (phase, index) not in self._passes:
            random = np.random.default_rng([self.seed, phase, index])
            chosen = [document for name in self.recipe.files() for document in self._share(phase, name, random)]
            if not chosen:
                raise UserError(f"Phase {phase + 1} of the recipe holds no document to train on.")
            self._passes[phase, index] = np.concatenate([chosen[i] for i in random.permutation(len(chosen))])
        return self._passes[phase, index]

    def _share(self, phase: int, name: str, random: np.random.Generator) -> list[np.ndarray]:
        """Whole repeats, then a random share of the documents for the fraction that is left."""
        documents = self.documents[name]
        whole, fraction = divmod(self.recipe.phases[phase].repeats.get(name, 0.0), 1.0)
        extra = random.permutation(len(documents))[: round(fraction * len(documents))]
        return documents * int(whole) + [documents[i] for i in extra]


def held_out_rows(documents: list[np.ndarray], row_length: int, limit: int) -> np.ndarray:
    """At most `limit` rows [rows, row_length + 1] of held-out documents, in an order that never changes."""
    order = np.random.default_rng(0).permutation(len(documents))
    tokens = np.concatenate([np.empty(0, dtype=np.int64), *(documents[i] for i in order)])
    count = max(0, min(limit, (len(tokens) - 1) // row_length))
    rows = [tokens[i * row_length : (i + 1) * row_length + 1] for i in range(count)]
    return np.array(rows, dtype=np.int64).reshape(count, row_length + 1)
