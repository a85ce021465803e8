"""`record`: a run, or a race, kept as a file that the page can play before any model is loaded."""

import argparse

from specdec.cli import arguments, load, validate
from specdec.cli.output import play, trace_file
from specdec.messages import say

EXAMPLES = (
    'record --prompt "Once upon a time" --out run.ndjson',
    'record --prompt "Once upon a time" --race --out race.ndjson',
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    arguments.add_one_run(parser)
    arguments.add_models(parser)
    arguments.add_settings(parser)
    output = parser.add_argument_group(say("cli.group_output"))
    output.add_argument("--out", metavar="FILE", required=True, help=say("cli.out"))
    output.add_argument("--race", action="store_true", help=say("cli.race"))


def main(options: argparse.Namespace) -> int:
    settings, prompt = validate.settings(options), validate.prompt(options)
    validate.check(options, [options.drafter] if options.drafter is not None else [], settings)
    with trace_file(options.out) as file:
        pair, settings = load.load(options, settings)
        prompt = load.sent(options, pair, prompt)
        from specdec.engine import loop
        from specdec.engine.calibration import warm_up
        from specdec.engine.request import Request, prepare
        from specdec.lab.race import race

        drafter = load.drafter(options, pair)
        if options.race:
            return play(race(pair, prompt, drafter, settings, source="recorded"), file)
        prepared = prepare(pair, Request(prompt, drafter, settings, source="recorded"))
        warm_up(prepared)
        return play(loop.rounds(prepared), file)
