"""The language of a process: what it was asked for, or $SPECDEC_LANGUAGE, or English."""

import os

from specdec.errors import UserError
from specdec.messages import DEFAULT_LANGUAGE, Words, languages


def chosen(language: str | None = None) -> Words:
    """The words of a language. Raises UserError for one that has no catalog.

    >>> chosen("en").language
    'en'
    >>> chosen("klingon")
    Traceback (most recent call last):
    specdec.errors.UserError: There is no language klingon here; choose one of en.
    """
    name = language or os.environ.get("SPECDEC_LANGUAGE") or DEFAULT_LANGUAGE
    if name not in languages():
        raise UserError("errors.language_unknown", value=name, choices=", ".join(languages()))
    return Words(name)
