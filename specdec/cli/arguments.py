"""The argparse options that several commands share: models, settings, and those of a single run."""

import argparse
import math

from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS, TASKS
from specdec.messages import say
from specdec.methods import DRAFTERS, RULES
from specdec.settings import FIELDS, Field

HF, UNRECORDED = RIVALS = ("hf", "unrecorded")  # values of `bench --against`
COMPILE = CHAT = ("on", "off", "auto")


def whole_number(text: str) -> int:
    return _parse(int, text, "cli.not_whole")


def number(text: str) -> float:
    return _parse(float, text, "cli.not_number")


def source(text: str) -> str:
    """A hub id, a folder or a name, as an argparse type; refuses an empty one, as an unset shell variable gives."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("cli.source_empty"))
    return text


def shares(text: str) -> tuple[float, ...]:
    """
    >>> shares("0.6,0.85")
    (0.6, 0.85)
    """
    found = tuple(_parse(float, part, "cli.not_shares") for part in text.split(","))
    if not all(0 <= share <= 1 and math.isclose(100 * share, round(100 * share)) for share in found):
        raise argparse.ArgumentTypeError(say("cli.not_shares", value=text))
    return found


def _parse(kind: type, text: str, complaint: str) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say(complaint, value=text)) from None


def add_models(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(say("cli.group_models"))
    which = group.add_mutually_exclusive_group()
    which.add_argument("--pair", metavar="NAME", help=say("cli.pair", choices=", ".join(PAIRS), default=DEFAULT_PAIR))
    which.add_argument("--target", metavar="ID", type=source, help=say("cli.target"))
    names = dict.fromkeys(name for entry in PAIRS.values() for name in entry.drafts)
    group.add_argument("--draft", metavar="NAME|ID", type=source, help=say("cli.draft", names=", ".join(names)))
    group.add_argument("--device", metavar="D", default="auto", help=say("cli.device"))
    group.add_argument("--dtype", metavar="T", default="auto", help=say("cli.dtype"))
    group.add_argument("--compile", choices=COMPILE, default="auto", help=say("cli.compile"))
    group.add_argument("--chat", choices=CHAT, default="auto", help=say("cli.chat"))


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for every field of the settings; those of a single drafter or rule form a group of their own."""
    usual = parser.add_argument_group(say("cli.group_settings"))
    own = parser.add_argument_group(say("cli.group_own"))
    for field in FIELDS:
        how = {"action": "append"} if field.repeated else {}
        group = own if field.owner else usual
        group.add_argument(field.flag, metavar=field.metavar, help=_help(field), **how)


def _help(field: Field) -> str:
    return say(field.help, default=field.default, low=field.low, high=field.high, choices=", ".join(RULES))


def add_one_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group(say("cli.group_run")).add_argument
    add("--prompt", metavar="TEXT", required=True, help=say("cli.prompt"))
    add("--task", metavar="NAME", help=say("cli.task", choices=", ".join(TASKS)))
    add("--drafter", metavar="NAME", help=say("cli.drafter", choices=", ".join(DRAFTERS)))
