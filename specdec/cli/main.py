"""`python -m specdec run | bench | record | datastore | train | distill | models | page`.

Bad usage gives one sentence on stderr and exit status 2. Only commands that need torch import it, and only after all
checks that do not need it.
"""

import logging
import os
import sys
import warnings
from io import TextIOWrapper

from specdec.cli import bench, datastore, distill, models, page, record, run, train
from specdec.cli.usage import PROGRAM, Parser
from specdec.errors import UserError
from specdec.language import chosen
from specdec.messages import ENGLISH, Words
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


def main(argv: list[str] | None = None, language: str | None = None) -> int:
    """Run one command; returns its exit status. What it says is in a language, or in that of $SPECDEC_LANGUAGE."""
    words = ENGLISH
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        words = chosen(language)
        arguments = sys.argv[1:] if argv is None else argv
        options = parser_for(arguments, words).parse_args(arguments)
        _quiet_libraries()
        status = COMMANDS[options.command].main(options, words)
        sys.stdout.flush()
        return status
    except UserError as error:
        print(one_line(words.render(error.message)), file=sys.stderr)
        return BAD_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED


def parser_for(arguments: list[str], words: Words = ENGLISH) -> Parser:
    """The parser of a command line; only the command that it names has options of its own."""
    examples = [command.EXAMPLES[0] for command in COMMANDS.values()]
    parser = Parser(prog=PROGRAM, words=words, about=words.say("cli.about"), examples=examples)
    commands = parser.add_subparsers(
        title=words.say("cli.group_commands"), dest="command", required=True, metavar="|".join(COMMANDS)
    )
    for name, command in COMMANDS.items():
        about = words.say(f"cli.about_{name}")
        sub = commands.add_parser(name, help=about, words=words, about=about, examples=command.EXAMPLES)
        if name in arguments[:1]:  # so that only `train` loads what its options are made of
            command.add_arguments(sub, words)
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
        for name in ("HF_HUB_DISABLE_PROGRESS_BARS", "TQDM_DISABLE"):
            os.environ.setdefault(name, "1")


def _forget_stdout() -> None:
    """Send stdout to /dev/null after its reader is gone, so that flushing the buffer at exit does not raise again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
