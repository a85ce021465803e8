"""`page`: serve the interactive page, as `make run` does in a checkout. Needs the packages of the extra `app`."""

import argparse

from specdec.cli.arguments import whole_number
from specdec.errors import UserError
from specdec.messages import Words

EXAMPLES = ("page", "page --port 8000", "page --host 0.0.0.0")
PORTS = 65_535


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    add = parser.add_argument_group(words.say("cli.group_page")).add_argument
    add("--host", metavar="NAME", help=words.say("cli.host"))
    add("--port", metavar="N", type=whole_number(words), help=words.say("cli.port"))


def main(options: argparse.Namespace, words: Words) -> int:
    """Raises UserError where Gradio is not installed, and for an address that cannot be taken."""
    if options.port is not None and not 0 < options.port <= PORTS:
        raise UserError("errors.port_range", most=PORTS, port=options.port)
    try:
        from specdec.ui import page
    except ModuleNotFoundError as error:
        if error.name not in ("gradio", "plotly"):
            raise
        raise UserError("errors.no_app", missing=error.name) from None
    try:
        page.serve(page.build(words), options.host, options.port, words=words)
    except OSError as error:
        raise UserError("errors.no_address", why=str(error).rstrip(".")) from None
    return 0
