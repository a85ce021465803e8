"""`run`: one prompt, one run, as coloured text with a summary, or as trace lines."""

import argparse

from specdec.cli import options as shared
from specdec.cli.output import play, trace_file
from specdec.messages import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shared.add_one_run(parser)
    shared.add_models(parser)
    shared.add_settings(parser)
    output = parser.add_argument_group(say("cli.group_output"))
    output.add_argument("--trace", metavar="FILE", help=say("cli.trace"))
    output.add_argument("--json", action="store_true", help=say("cli.json_run"))


def main(options: argparse.Namespace) -> int:
    settings, prompt = shared.settings(options), shared.prompt(options)
    shared.check(options, [options.drafter] if options.drafter is not None else [], settings)
    with trace_file(options.trace) as file:
        pair, settings = shared.load(options, settings)
        prompt = shared.sent(options, pair, prompt)
        from specdec.engine import loop

        drafter = shared.drafter(options, pair)
        loop.warm_up(pair, drafter, prompt, settings)
        return play(loop.rounds(pair, drafter, prompt, settings), file, as_json=options.json)
