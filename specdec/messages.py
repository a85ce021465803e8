"""Messages to the user: a key and values, which are rendered as a sentence in the user's language only when shown.

The catalog of a language, `specdec/web/words/<language>.json`, maps sections to keys to sentences with `{name}`
placeholders. An entry may be `{"one": …, "other": …}`, from which the value `n` selects. Python code and the scripts
of the page share the catalog.
"""

import json
import string
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from specdec.paths import WEB

DEFAULT_LANGUAGE = "en"
CATALOGS = WEB / "words"  # the folder that holds a file for each language
LONGEST, HEAD, TAIL = 400, 300, 60  # characters of a value in a sentence; of a longer one its two ends are quoted


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A sentence independent of its language: its `section.key` in the catalog and the values of its placeholders.

    A value may be a message itself. `str()` renders it in the default language, for logs and uncaught exceptions.

    >>> why = Message("errors.why_not_utf8")
    >>> render(Message("errors.prompts_unreadable", path="a.txt", why=why))
    'The prompts in a.txt cannot be read (it is not UTF-8 text).'
    """

    key: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    def __init__(self, key: str, /, **values: Any) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return render(self)


def catalog(language: str = DEFAULT_LANGUAGE) -> dict[str, dict[str, Any]]:
    """Sections of keys of sentences; raises FileNotFoundError for a language that has no file."""
    return _read(CATALOGS / f"{language}.json")


@cache
def _read(path: Path) -> dict[str, dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))


def languages() -> list[str]:
    """The languages that have a catalog."""
    return sorted(path.stem for path in CATALOGS.glob("*.json"))


def knows(key: str) -> bool:
    """Whether the catalog has a sentence under `section.key`."""
    section, _, name = key.partition(".")
    return name in catalog().get(section, {})


def render(message: Message | str, language: str = DEFAULT_LANGUAGE) -> str:
    """The sentence of a message in a language; a string, such as a library's error message, is returned unchanged.
    Raises KeyError for a key that the catalog lacks."""
    if isinstance(message, str):
        return message
    section, name = message.key.split(".", 1)
    entry = catalog(language)[section][name]
    if isinstance(entry, dict):
        entry = entry["one" if message.values["n"] == 1 else "other"]
    values = {place: _rendered(value, language) for place, value in message.values.items()}
    sentence = entry.format(**values)
    return sentence if len(sentence) <= LONGEST else _Shortened().format(entry, **values)


def _rendered(value: Any, language: str) -> Any:
    return render(value, language) if isinstance(value, Message) else value


class _Shortened(string.Formatter):
    """`str.format` that leaves out the middle of a value longer than LONGEST, since a user may type a text of any
    length."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return text if len(text) <= LONGEST else f"{text[:HEAD]}…{text[-TAIL:]}"


def say(key: str, language: str = DEFAULT_LANGUAGE, **values: Any) -> str:
    """The sentence under `section.key`, with its placeholders filled in.

    >>> say("errors.draft_length", low=0, high=64, value=-3)
    'The draft length must be auto or a whole number from 0 to 64, not -3.'
    >>> len(say("errors.rule_unknown", value="x" * 100_000, choices="greedy")) < 800
    True
    """
    return render(Message(key, **values), language)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, as an argument of what renders: a view, the page, the command line.

    >>> ENGLISH.say("terminal.tokens", n=2)
    '2 tokens'
    >>> ENGLISH.render(Message("errors.prompt_empty"))
    'The prompt is empty; type a few words for the model to continue.'
    """

    language: str = DEFAULT_LANGUAGE

    @property
    def catalog(self) -> dict[str, dict[str, Any]]:
        return catalog(self.language)

    def say(self, key: str, /, **values: Any) -> str:
        """The sentence under `section.key`, its places filled."""
        return self.render(Message(key, **values))

    def render(self, message: Message | str) -> str:
        """The sentence of a message; a string stays as it is."""
        return render(message, self.language)


ENGLISH = Words()
