"""A step that builds the retrieval drafter's datastore from texts that an earlier step generated."""

import re
from dataclasses import dataclass
from pathlib import Path

from specdec import files
from specdec.catalog.pairs import TASKS, unwrap
from specdec.drafters import datastore
from specdec.train import batched_generation
from specdec.train.workspace import Kitchen

TEXTS, STORE = "texts.txt", "texts.datastore"
STORY = "story"


@dataclass(frozen=True, kw_only=True)
class DatastoreOptions:
    """The options of a datastore step. `of`: the step whose texts it holds; `least`: the fewest generated tokens of a
    story."""

    of: str
    least: int = 60


def make_datastore(kitchen: Kitchen, name: str, options: DatastoreOptions) -> dict:
    """Build a datastore of the generated stories that are long enough. Answers to exercises are left out, since what
    they repeat can be copied from the prompt itself. A subword model may invent words, even some that its training
    texts were meant not to contain, so a story with a word that is in none of those texts is left out."""
    tokenizer, folder = kitchen.tokenizer, kitchen.folder(name)
    read = [split for file, split in kitchen.texts.splits.items() if file not in kitchen.recipe.exercises]
    known = {word for split in read for document in split.train for word in words(document.text)}
    texts, stories = [], []
    for one in batched_generation.written(kitchen.result(options.of)):
        prompt, answer = (tokenizer.decode(ids, skip_special_tokens=True) for ids in (one.prompt, one.answer))
        texts.append((prompt + answer).replace("\0", "").strip())  # a byte-level model may write one, a text has none
        is_story = unwrap(prompt, TASKS)[0] == STORY and len(one.answer) >= options.least
        if is_story and words(texts[-1]) <= known:
            stories.append(texts[-1])
    files.write_text(folder / TEXTS, "\n\n".join(stories or texts))
    info = datastore.build([folder / TEXTS], folder / STORE, tokenizer)
    return {"stories": len(stories), "tokens": info.tokens}


def words(text: str) -> set[str]:
    """
    >>> sorted(words("It’s a cat, a CAT!"))
    ['a', 'cat', 'it', 's']
    """
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def export_datastore(run: Path, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    files.copy(run / STORE, file)
