"""The parser of every command: what its `--help` is made of, in one language, and how it complains."""

import argparse
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NoReturn

from specdec.errors import UserError
from specdec.messages import Words

PROGRAM = "python -m specdec"


class Parser(argparse.ArgumentParser):
    """argparse whose complaint is one sentence instead of a page of usage, and whose help is in the reader's words.
    The examples are what stands after the program's name."""

    def __init__(self, *, words: Words, about: str, examples: Sequence[str], **others: Any) -> None:
        """
        >>> Parser(words=Words(), about="List the pairs.", examples=["models --json"]).epilog.splitlines()[1]
        '  python -m specdec models --json'
        """
        lines = [words.say("cli.examples"), *(f"  {PROGRAM} {example}" for example in examples)]
        super().__init__(
            description=textwrap.fill(about, shutil.get_terminal_size().columns - 2),
            epilog="\n".join(lines),
            formatter_class=partial(Formatter, words=words),
            allow_abbrev=False,
            add_help=False,
            **others,
        )
        options = self.add_argument_group(words.say("cli.group_help"))
        options.add_argument("-h", "--help", action="help", help=words.say("cli.help"))

    def error(self, message: str) -> NoReturn:
        message = message[:1].upper() + message[1:].rstrip(".")
        raise UserError("cli.usage", message=message, command=self.prog)


class Formatter(argparse.RawDescriptionHelpFormatter):  # another would fill the examples like a paragraph
    """Writes argparse's word for usage in the reader's language."""

    def __init__(self, *given: Any, words: Words, **named: Any) -> None:
        super().__init__(*given, **named)
        self.words = words

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, prefix if prefix == "" else self.words.say("cli.usage_word"))
