"""Every sentence a reader sees, from one catalog that Python and the player share.

`assets/words/<language>.json` maps sections to keys to sentences with `{name}` places. An entry may be
`{"one": …, "other": …}`: then the parameter `n` chooses.
"""

import json
import string
from functools import cache
from pathlib import Path
from typing import Any

LONGEST, HEAD, TAIL = 400, 300, 60  # characters of a value in a sentence, and of one that is longer
ASSETS = Path(__file__).resolve().parent.parent / "assets"


@cache
def catalog(language: str = "en") -> dict[str, dict[str, Any]]:
    return json.loads((ASSETS / "words" / f"{language}.json").read_text(encoding="utf-8"))


def say(key: str, language: str = "en", **values: Any) -> str:
    """The sentence under `section.key`, its places filled; raises KeyError for a key that is not there.

    >>> say("errors.draft_length", low=0, high=64, value=-3)
    'The draft length must be auto or a whole number from 0 to 64, not -3.'
    >>> len(say("errors.rule_unknown", value="x" * 100_000, choices="greedy")) < 500
    True
    """
    section, name = key.split(".", 1)
    entry = catalog(language)[section][name]
    if isinstance(entry, dict):
        entry = entry["one" if values["n"] == 1 else "other"]
    said = entry.format(**values)
    return said if len(said) <= LONGEST else _Shortened().format(entry, **values)


class _Shortened(string.Formatter):
    """`str.format` that leaves the middle out of a value longer than any that belongs into a sentence: what was typed
    may be a whole book."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return text if len(text) <= LONGEST else f"{text[:HEAD]}…{text[-TAIL:]}"
