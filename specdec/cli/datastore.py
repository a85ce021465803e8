"""`datastore`: build a datastore, the file that the retrieval drafter copies from, or describe one."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS
from specdec.cli import usage
from specdec.cli.arguments import source
from specdec.errors import UserError
from specdec.messages import say
from specdec.views import tables, terminal

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

BUILDING = (
    "datastore build notes.txt code.txt --out mine.store",
    "datastore build notes.txt --target ID --out mine.store",
)
SHOWING = ("datastore info mine.store", "datastore info mine.store --json")
EXAMPLES = (*BUILDING[:1], *SHOWING[:1])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="build|info")
    about = say("cli.datastore_build")
    build = actions.add_parser("build", help=about, **usage.about(about, BUILDING))
    build.add_argument("files", metavar="FILE", nargs="+", help=say("cli.datastore_files"))
    build.add_argument("--out", metavar="FILE", required=True, help=say("cli.datastore_out"))
    which = build.add_mutually_exclusive_group()
    which.add_argument("--pair", metavar="NAME", help=say("cli.pair", choices=", ".join(PAIRS), default=DEFAULT_PAIR))
    which.add_argument("--target", metavar="ID", type=source, help=say("cli.target"))
    about = say("cli.datastore_info")
    info = actions.add_parser("info", help=about, **usage.about(about, SHOWING))
    info.add_argument("file", metavar="FILE", help=say("cli.datastore_file"))
    info.add_argument("--json", action="store_true", help=say("cli.json_datastore"))


def main(options: argparse.Namespace) -> int:
    return _build(options) if options.action == "build" else _info(options)


def _build(options: argparse.Namespace) -> int:
    if options.pair is not None and options.pair not in PAIRS:
        raise UserError("errors.pair_unknown", value=options.pair, choices=", ".join(PAIRS))
    from specdec.drafters import datastore

    tokenizer = _tokenizer(options.target or PAIRS[options.pair or DEFAULT_PAIR].target)
    built = datastore.build(options.files, options.out, tokenizer)
    made = say("cli.datastore_built", n=built.texts, tokens=f"{built.tokens:,}", path=options.out)
    print(terminal.one_line(made), file=sys.stderr)
    return 0


def _info(options: argparse.Namespace) -> int:
    from specdec.drafters.datastore import Datastore

    info = Datastore(options.file).info
    if options.json:
        print(json.dumps({**info.as_record(), "size_bytes": info.size}, indent=2))
    else:
        sys.stdout.write(tables.datastore(info.as_record(), info.size))
    return 0


def _tokenizer(target: str) -> "PreTrainedTokenizerBase":
    """A model's tokenizer, loaded without the model. Raises UserError if it cannot be loaded."""
    from specdec.models import checkpoint

    try:
        return checkpoint.tokenizer(target)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise UserError("errors.datastore_source", value=target, why=checkpoint.why(error)) from None
