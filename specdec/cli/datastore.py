"""`datastore`: build a datastore, the file that the retrieval drafter copies from, or describe one."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS
from specdec.cli.arguments import source
from specdec.errors import UserError
from specdec.messages import Words
from specdec.views import tables, terminal

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

BUILDING = (
    "datastore build notes.txt code.txt --out mine.store",
    "datastore build notes.txt --target ID --out mine.store",
)
SHOWING = ("datastore info mine.store", "datastore info mine.store --json")
EXAMPLES = (*BUILDING[:1], *SHOWING[:1])


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    actions = parser.add_subparsers(
        title=words.say("cli.group_commands"), dest="action", required=True, metavar="build|info"
    )
    about = words.say("cli.datastore_build")
    build = actions.add_parser("build", help=about, words=words, about=about, examples=BUILDING)
    add = build.add_argument_group(words.say("cli.group_datastore")).add_argument
    add("files", metavar="FILE", nargs="+", help=words.say("cli.datastore_files"))
    add("--out", metavar="FILE", required=True, help=words.say("cli.datastore_out"))
    which = build.add_argument_group(words.say("cli.group_models")).add_mutually_exclusive_group()
    which.add_argument(
        "--pair", metavar="NAME", help=words.say("cli.pair", choices=", ".join(PAIRS), default=DEFAULT_PAIR)
    )
    which.add_argument("--target", metavar="ID", type=source(words), help=words.say("cli.target"))
    about = words.say("cli.datastore_info")
    info = actions.add_parser("info", help=about, words=words, about=about, examples=SHOWING)
    add = info.add_argument_group(words.say("cli.group_datastore")).add_argument
    add("file", metavar="FILE", help=words.say("cli.datastore_file"))
    add("--json", action="store_true", help=words.say("cli.json_datastore"))


def main(options: argparse.Namespace, words: Words) -> int:
    return _build(options, words) if options.action == "build" else _info(options, words)


def _build(options: argparse.Namespace, words: Words) -> int:
    if options.pair is not None and options.pair not in PAIRS:
        raise UserError("errors.pair_unknown", value=options.pair, choices=", ".join(PAIRS))
    from specdec.drafters import datastore

    tokenizer = _tokenizer(options.target or PAIRS[options.pair or DEFAULT_PAIR].target)
    built = datastore.build(options.files, options.out, tokenizer)
    made = words.say("cli.datastore_built", n=built.texts, tokens=f"{built.tokens:,}", path=options.out)
    print(terminal.one_line(made), file=sys.stderr)
    return 0


def _info(options: argparse.Namespace, words: Words) -> int:
    from specdec.drafters.datastore import Datastore

    info = Datastore(options.file).info
    if options.json:
        print(json.dumps({**info.as_record(), "size_bytes": info.size}, indent=2))
    else:
        sys.stdout.write(tables.datastore(info.as_record(), info.size, words))
    return 0


def _tokenizer(target: str) -> "PreTrainedTokenizerBase":
    """A model's tokenizer, loaded without the model. Raises UserError if it cannot be loaded."""
    from specdec.models import checkpoint

    try:
        return checkpoint.tokenizer(target)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise UserError("errors.datastore_source", value=target, why=checkpoint.why(error)) from None
