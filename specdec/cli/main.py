"""`python -m specdec run | bench | record | datastore | train | distill | models | page`.

Bad usage gives one sentence on stderr and exit status 2. Only commands that need torch import it, and only after all
checks that do not need it.
"""

import argparse
import logging
import os
import sys
import warnings
from typing import NoReturn

from specdec.cli import bench, datastore, distill, models, page, record, run, train, usage
from specdec.errors import UserError
from specdec.messages import say
from specdec.views.terminal import one_line

COMMANDS = {
    "run": run,
    "bench": bench,
    "record": record,
    "datastore": datastore,
    "train": train,
    "distill": distill,
    "models": models,
    "page": page,
}

FAILED, BAD_USAGE, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141  # the last two: 128 + SIGINT, 128 + SIGPIPE, as in shells


class Parser(argparse.ArgumentParser):
    """An argparse parser that reports an error as one sentence (UserError) instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        message = message[:1].upper() + message[1:].rstrip(".")
        raise UserError("cli.usage", message=message, command=self.prog)


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's) and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = sys.argv[1:] if argv is None else argv
        options = parser_for(arguments).parse_args(arguments)
        _quiet_libraries()
        status = COMMANDS[options.command].main(options)
        sys.stdout.flush()
        return status
    except UserError as error:
        print(one_line(str(error)), file=sys.stderr)
        return BAD_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED


def parser_for(arguments: list[str]) -> Parser:
    """The parser for a command line; only the command that it names gets its options, so that the others' modules need
    not be loaded."""
    examples = [command.EXAMPLES[0] for command in COMMANDS.values()]
    parser = Parser(prog=usage.PROGRAM, **usage.about(say("cli.about"), examples))
    commands = parser.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    for name, command in COMMANDS.items():
        about = say(f"cli.about_{name}")
        sub = commands.add_parser(name, help=about, **usage.about(about, command.EXAMPLES))
        if name in arguments[:1]:  # the options of `train` import torch
            command.add_arguments(sub)
    return parser


def _quiet_libraries() -> None:
    """Hide warnings and log lines of libraries, which are for developers, and their progress bars where stderr is no
    terminal."""
    for name in ("TRANSFORMERS_VERBOSITY", "HF_HUB_VERBOSITY"):
        os.environ.setdefault(name, "error")
    logging.getLogger("specdec").addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    if not sys.stderr.isatty():
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


def _forget_stdout() -> None:
    """Send stdout to /dev/null after its reader is gone, so that flushing the buffer at exit does not raise again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
