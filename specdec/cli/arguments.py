"""The argparse options that several commands share: models, settings, and those of a single run."""

import argparse
import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS, TASKS
from specdec.messages import Words
from specdec.methods import DRAFTERS, RULES
from specdec.settings import FIELDS, Field

HF, UNRECORDED = RIVALS = ("hf", "unrecorded")  # what `bench` measures a lane beside
T = TypeVar("T")
COMPILE = CHAT = ("on", "off", "auto")


def whole_number(words: Words) -> Callable[[str], int]:
    return partial(_parse, words, "cli.not_whole", int)


def number(words: Words) -> Callable[[str], float]:
    return partial(_parse, words, "cli.not_number", float)


def source(words: Words) -> Callable[[str], str]:
    """A hub id, a folder or a name; an unset variable of a shell is none."""
    return partial(_parse, words, "cli.source_empty", _filled)


def shares(words: Words) -> Callable[[str], tuple[float, ...]]:
    """
    >>> shares(Words())("0.6,0.85")
    (0.6, 0.85)
    """
    return partial(_parse, words, "cli.not_shares", _shares)


def _parse(words: Words, complaint: str, kind: Callable[[str], T], text: str) -> T:
    """What argparse calls for the value of an option; `kind` raises ValueError for what it cannot read."""
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(words.say(complaint, value=text)) from None


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text


def _shares(text: str) -> tuple[float, ...]:
    found = tuple(map(float, text.split(",")))
    if not all(0 <= share <= 1 and math.isclose(100 * share, round(100 * share)) for share in found):
        raise ValueError
    return found


def add_models(parser: argparse.ArgumentParser, words: Words) -> None:
    group = parser.add_argument_group(words.say("cli.group_models"))
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--pair", metavar="NAME", help=words.say("cli.pair", choices=", ".join(PAIRS), default=DEFAULT_PAIR)
    )
    which.add_argument("--target", metavar="ID", type=source(words), help=words.say("cli.target"))
    names = dict.fromkeys(name for entry in PAIRS.values() for name in entry.drafts)
    group.add_argument(
        "--draft", metavar="NAME|ID", type=source(words), help=words.say("cli.draft", names=", ".join(names))
    )
    group.add_argument("--device", metavar="D", default="auto", help=words.say("cli.device"))
    group.add_argument("--dtype", metavar="T", default="auto", help=words.say("cli.dtype"))
    group.add_argument("--compile", choices=COMPILE, default="auto", help=words.say("cli.compile"))
    group.add_argument("--chat", choices=CHAT, default="auto", help=words.say("cli.chat"))


def add_settings(parser: argparse.ArgumentParser, words: Words) -> None:
    """An option for every field of the settings; those of one drafter or rule stand apart."""
    usual = parser.add_argument_group(words.say("cli.group_settings"))
    own = parser.add_argument_group(words.say("cli.group_own"))
    for field in FIELDS:
        how: dict[str, Any] = {"action": "append"} if field.repeated else {}
        group = own if field.owner else usual
        group.add_argument(field.flag, metavar=field.metavar, help=_help(field, words), **how)


def _help(field: Field, words: Words) -> str:
    return words.say(field.help, default=field.default, low=field.low, high=field.high, choices=", ".join(RULES))


def add_one_run(parser: argparse.ArgumentParser, words: Words) -> None:
    add = parser.add_argument_group(words.say("cli.group_run")).add_argument
    add("--prompt", metavar="TEXT", required=True, help=words.say("cli.prompt"))
    add("--task", metavar="NAME", help=words.say("cli.task", choices=", ".join(TASKS)))
    add("--drafter", metavar="NAME", help=words.say("cli.drafter", choices=", ".join(DRAFTERS)))
