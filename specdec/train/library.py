"""The documents of a recipe by name, read on first use: files of the data folder, and generated edit exercises."""

from functools import cached_property
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train import corpus
from specdec.train.corpus import Document, Rows, Split, Tokens
from specdec.train.exercises import MAKERS
from specdec.train.recipe import Recipe

STORIES = "stories"


class Library:
    """The training and held-out documents of a recipe. A data folder with none of the recipe's files is used as a
    whole, so that a recipe works on any text. Raises UserError for a folder with some but not all of them."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self.recipe = recipe
        self.paths = corpus.data_files(folder, ".txt", ".jsonl")
        self.own = not recipe.files() & set(self.paths)
        missing = sorted(recipe.files() - set(self.paths))
        if missing and not self.own:
            raise UserError("train.data_lacks", folder=folder, missing=", ".join(missing))

    def mixture(self, name: str) -> dict[str, float]:
        mixture = self.recipe.mixtures[name]
        made = [name for name in mixture if name in self.recipe.exercises or name in self.recipe.made()]
        return dict.fromkeys([*self.paths, *made], 1.0) if self.own else mixture

    def documents(self, name: str) -> list[Document]:
        return self.splits[name].train

    def held_out(self) -> dict[str, list[Document]]:
        """Held-out documents by set: the recipe's held-out files, the held-out stories, and exercises made from
        these."""
        sets = {name: self.splits[name].held_out for name in self.recipe.held_out if not self.own}
        sets[STORIES] = [document for name in self.sources for document in self.splits[name].held_out]
        return sets | {name: self.splits[name].held_out for name in self.recipe.exercises}

    @cached_property
    def sources(self) -> list[str]:
        return sorted(self.paths if self.own else self.recipe.exercises_from)

    @cached_property
    def splits(self) -> dict[str, Split]:
        names = sorted(self.paths if self.own else self.recipe.files())
        splits = {name: corpus.split_documents(corpus.read_documents(self.paths[name])) for name in names}
        if self.own:
            splits = {name: corpus.set_aside(split) for name, split in splits.items()}
        for name in self.recipe.held_out if not self.own else ():
            splits[name] = Split([], splits[name].train + splits[name].held_out)
        splits = corpus.exclude_held_out(splits)
        return splits | {name: self._exercises(name, splits) for name in self.recipe.exercises}

    def _exercises(self, name: str, splits: dict[str, Split]) -> Split:
        """Edit exercises for both sides of the split, each made from the documents of its own side."""
        texts = [[document.text for n in self.sources for document in splits[n].train]]
        texts += [[document.text for n in self.sources for document in splits[n].held_out]]
        count = self.recipe.exercises[name]
        counts = [min(count, len(texts[0])), min(200, len(texts[1]))] if self.own else [count, 200]
        random = [np.random.default_rng([self.recipe.seed, sorted(MAKERS).index(name), side]) for side in (0, 1)]
        made = [list(MAKERS[name](t, n, r)) if t else [] for t, n, r in zip(texts, counts, random, strict=True)]
        return Split(*made)

    def tokens(self, tokenizer: PreTrainedTokenizerFast):
        """A function that returns the training documents of one file as tokens."""

        def read(name: str) -> list[Tokens]:
            return corpus.encode(tokenizer, self.documents(name))

        return read

    def held_out_rows(self, tokenizer: PreTrainedTokenizerFast, row_length: int, tokens: int) -> dict[str, Rows]:
        """Rows of held-out documents by set, `tokens` in all per set; a set that does not fill one row is omitted."""
        rows = {
            name: corpus.held_out_rows(corpus.encode(tokenizer, documents), row_length, tokens // row_length)
            for name, documents in self.held_out().items()
        }
        return {name: found for name, found in rows.items() if len(found.inputs)}
