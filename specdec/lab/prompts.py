"""Prompts to measure on: a file's, or the built-in ones of a task, such as openings of stories."""

import json
from pathlib import Path
from typing import Any

from specdec.errors import UserError
from specdec.words import ASSETS, say

FOLDER = ASSETS / "prompts"
STORIES = FOLDER / "stories.txt"


def of_task(task: str) -> Path:
    """The built-in prompts of a task, as a reader would type them."""
    return STORIES if task == "story" else next(FOLDER.glob(f"{task}.*"))


def read(path: str | Path = STORIES) -> list[str]:
    """A text file's lines, or the `prompt` (else the first of `turns`) of every line of JSONL; no blank ones.

    Raises UserError for a file that cannot be read, holds no prompt, or has a broken line, which it names.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UserError(say("errors.prompts_unreadable", path=path, why=_why(error))) from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise UserError(say("errors.prompts_none", path=path))
    if Path(path).suffix == ".jsonl" or lines[0][1].lstrip().startswith("{"):
        return [_from_json(line, path, number) for number, line in lines]
    return [line.removesuffix("\r") for _, line in lines]


def _why(error: Exception) -> str:
    return say("errors.why_not_utf8") if isinstance(error, UnicodeError) else getattr(error, "strerror", str(error))


def _from_json(line: str, path: str | Path, number: int) -> str:
    try:
        prompt = _prompt(json.loads(line))
    except (ValueError, RecursionError):
        prompt = None
    if not isinstance(prompt, str) or not prompt.strip():
        raise UserError(say("errors.prompts_broken", path=path, line=number))
    return prompt


def _prompt(record: Any) -> Any:
    """The value that should be the prompt; None where there is none.

    >>> _prompt({"turns": ["Hi.", "And now?"]})
    'Hi.'
    """
    if not isinstance(record, dict):
        return None
    turns = record.get("turns")
    return record.get("prompt", turns[0] if isinstance(turns, list) and turns else None)
