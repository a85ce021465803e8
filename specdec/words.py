"""Every sentence a reader sees, from one catalog that Python and the player share.

`specdec/web/words/<language>.json` maps sections to keys to sentences with `{name}` places. An entry may be
`{"one": …, "other": …}`: then the parameter `n` chooses.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
ASSETS = PACKAGE.parent / "assets"


@cache
def catalog(language: str = "en") -> dict[str, dict[str, Any]]:
    return json.loads((PACKAGE / "web" / "words" / f"{language}.json").read_text(encoding="utf-8"))


def say(key: str, language: str = "en", **values: Any) -> str:
    """The sentence under `section.key`, its places filled; raises KeyError for a key that is not there.

    >>> say("errors.draft_length", low=0, high=64, value=-3)
    'The draft length must be auto or a whole number from 0 to 64, not -3.'
    """
    section, name = key.split(".", 1)
    entry = catalog(language)[section][name]
    if isinstance(entry, dict):
        entry = entry["one" if values["n"] == 1 else "other"]
    return entry.format(**values)
