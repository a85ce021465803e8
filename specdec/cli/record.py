"""`record`: write the trace of a run or a race to a file, which the page can play before a model is loaded."""

import argparse
from dataclasses import replace

from specdec.backend import lines
from specdec.cli import arguments, load, validate
from specdec.cli.output import play, trace_file
from specdec.lab.jobs import Race
from specdec.messages import Words

EXAMPLES = (
    'record --prompt "Once upon a time" --out run.ndjson',
    'record --prompt "Once upon a time" --race --out race.ndjson',
)


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    arguments.add_one_run(parser, words)
    arguments.add_models(parser, words)
    arguments.add_settings(parser, words)
    output = parser.add_argument_group(words.say("cli.group_output"))
    output.add_argument("--out", metavar="FILE", required=True, help=words.say("cli.out"))
    output.add_argument("--race", action="store_true", help=words.say("cli.race"))


def main(options: argparse.Namespace, words: Words) -> int:
    settings, prompt = validate.settings(options), validate.prompt(options)
    validate.check(options, [options.drafter] if options.drafter is not None else [], settings)
    with trace_file(options.out) as file:
        request = replace(load.request(options, prompt, settings, words), source="recorded")
        if options.race:
            race = Race(request.pair, request.prompt, request.drafter, request.settings, request.source)
            return play(lines(load.BACKEND.submit(race)), file, words=words)
        load.BACKEND.warm_up(request)
        return play(load.BACKEND.submit(request), file, words=words)
