"""A step that makes what the retrieval drafter looks into of texts that an earlier step wrote."""

import shutil
from pathlib import Path

from specdec.drafters import datastore
from specdec.models.catalog import TASKS, unwrap
from specdec.train import writing
from specdec.train.kitchen import Kitchen

TEXTS, STORE = "texts.txt", "texts.datastore"
STORY = "story"


def make_datastore(kitchen: Kitchen, name: str, *, of: str, least: int = 60) -> dict:
    """The stories among them, of `least` written tokens or more. An answer to an exercise repeats what it was given,
    and that is found in the text itself."""
    tokenizer, folder = kitchen.tokenizer, kitchen.folder(name)
    told, stories = [], []
    for one in writing.written(kitchen.result(of)):
        prompt, answer = (tokenizer.decode(ids, skip_special_tokens=True) for ids in (one.prompt, one.answer))
        told.append((prompt + answer).strip())
        if unwrap(prompt, TASKS)[0] == STORY and len(one.answer) >= least:
            stories.append(told[-1])
    (folder / TEXTS).write_text("\n\n".join(stories or told), encoding="utf-8")
    info = datastore.build([folder / TEXTS], folder / STORE, tokenizer)
    return {"stories": len(stories), "tokens": info.tokens}


def export_datastore(run: Path, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(run / STORE, file)
