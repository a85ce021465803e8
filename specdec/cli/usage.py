"""What every command's `--help` is made of: what it does, and examples that can be copied."""

import argparse
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from specdec.messages import say

PROGRAM = "python -m specdec"


def about(sentence: str, examples: Sequence[str]) -> dict[str, Any]:
    """A parser's arguments. The examples are what stands behind the program's name.

    >>> about("List the pairs.", ["models", "models --json"])["epilog"].splitlines()[1]
    '  python -m specdec models'
    """
    lines = [say("cli.examples"), *(f"  {PROGRAM} {example}" for example in examples)]
    return {
        "description": textwrap.fill(sentence, shutil.get_terminal_size().columns - 2),
        "epilog": "\n".join(lines),
        "formatter_class": argparse.RawDescriptionHelpFormatter,  # else the examples would be filled like a paragraph
        "allow_abbrev": False,
    }
