"""The parts of every command's `--help`: what the command does, and examples to copy."""

import argparse
import shutil
import textwrap
from collections.abc import Sequence
from typing import Any

from specdec.messages import say

PROGRAM = "python -m specdec"


def about(sentence: str, examples: Sequence[str]) -> dict[str, Any]:
    """Keyword arguments of an ArgumentParser: description, examples and formatting. `examples` are command lines
    without the program's name.

    >>> about("List the pairs.", ["models", "models --json"])["epilog"].splitlines()[1]
    '  python -m specdec models'
    """
    lines = [say("cli.examples"), *(f"  {PROGRAM} {example}" for example in examples)]
    return {
        "description": textwrap.fill(sentence, shutil.get_terminal_size().columns - 2),
        "epilog": "\n".join(lines),
        "formatter_class": argparse.RawDescriptionHelpFormatter,  # argparse would fill the examples like a paragraph
        "allow_abbrev": False,
    }
