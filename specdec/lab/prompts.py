"""Prompts for benchmarks: those of a file, or the built-in ones of a task, such as openings of stories."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from specdec import files
from specdec.errors import UserError
from specdec.messages import Message
from specdec.paths import ASSETS

FOLDER = ASSETS / "prompts"
STORIES = FOLDER / "stories.txt"
GZIP = b"\x1f\x8b"  # first bytes of a gzip file


class Prompt(NamedTuple):
    """A prompt; `category` is its kind of question, where the file gives one, as Spec-Bench's does."""

    text: str
    category: str | None = None


def of_task(task: str) -> Path:
    """The file of a task's built-in prompts, which hold the text as a user would type it, without the task's
    template."""
    return STORIES if task == "story" else next(FOLDER.glob(f"{task}.*"))


def read(path: str | Path = STORIES) -> list[str]:
    """The prompts of a file, without their categories; see `read_with_categories`."""
    return [prompt.text for prompt in read_with_categories(path)]


def read_with_categories(path: str | Path = STORIES) -> list[Prompt]:
    """The prompts of a file: each line of a text file, or of each line of a JSONL file its `prompt` (else the first of
    its `turns`) and its `category`. Blank lines are skipped. The file may be compressed with gzip.

    Raises UserError for a file that cannot be read, holds no prompt, or has a broken line, which it names.
    """
    try:
        text = _text(Path(path))
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise UserError("errors.prompts_unreadable", path=path, why=_why(error)) from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise UserError("errors.prompts_none", path=path)
    if _is_jsonl(Path(path), lines[0][1]):
        return [_from_json(line, path, number) for number, line in lines]
    return [Prompt(line) for _, line in lines]


def _is_jsonl(path: Path, first: str) -> bool:
    """Whether a file is JSONL, by its name; where the name has neither suffix, by its first line.

    >>> _is_jsonl(Path("braces.txt"), "{"), _is_jsonl(Path("prompts"), '{"prompt": "Once"}')
    (False, True)
    """
    return ".jsonl" in path.suffixes or (".txt" not in path.suffixes and first.lstrip().startswith("{"))


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return files.text(gzip.decompress(raw) if raw.startswith(GZIP) else raw)


def _why(error: Exception) -> Message | str:
    if isinstance(error, UnicodeError):
        return Message("errors.why_not_utf8")
    return getattr(error, "strerror", str(error))


def _from_json(line: str, path: str | Path, number: int) -> Prompt:
    try:
        prompt = _prompt(json.loads(line))
    except (ValueError, RecursionError):
        prompt = None
    if prompt is None:
        raise UserError("errors.prompts_broken", path=path, line=number)
    return prompt


def _prompt(record: Any) -> Prompt | None:
    """The prompt in a record of a JSONL file; None where it holds no text.

    >>> _prompt({"category": "writing", "turns": ["Hi.", "And now?"]})
    Prompt(text='Hi.', category='writing')
    """
    if not isinstance(record, dict):
        return None
    turns, category = record.get("turns"), record.get("category")
    text = record.get("prompt", turns[0] if isinstance(turns, list) and turns else None)
    if not isinstance(text, str) or not text.strip():
        return None
    return Prompt(text, category if isinstance(category, str) else None)
