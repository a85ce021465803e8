"""`run`: decode one prompt and show the text in colour with a summary, or the lines of the trace as JSON."""

import argparse

from specdec.cli import arguments, load, validate
from specdec.cli.output import play, trace_file
from specdec.messages import Words

EXAMPLES = (
    'run --prompt "Once upon a time"',
    'run --prompt "Once upon a time" --temperature 0.8 --branching 3,2,1 --seed 7',
    'run --prompt "Once upon a time" --drafter early_exit --draft-length auto',
    'run --task translate --prompt "The cat sleeps. The dog is in the garden."',
    "run --target ID --draft ID --prompt - --json < prompt.txt > run.ndjson",
)


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    arguments.add_one_run(parser, words)
    arguments.add_models(parser, words)
    arguments.add_settings(parser, words)
    output = parser.add_argument_group(words.say("cli.group_output"))
    output.add_argument("--trace", metavar="FILE", help=words.say("cli.trace"))
    output.add_argument("--json", action="store_true", help=words.say("cli.json_run"))


def main(options: argparse.Namespace, words: Words) -> int:
    settings, prompt = validate.settings(options), validate.prompt(options)
    validate.check(options, [options.drafter] if options.drafter is not None else [], settings)
    with trace_file(options.trace) as file:
        request = load.request(options, prompt, settings, words)
        load.BACKEND.warm_up(request)
        return play(load.BACKEND.submit(request), file, as_json=options.json, words=words)
