"""`bench`: plain decoding and the drafters, measured side by side, as a table or as one JSON object."""

import argparse
import json
import sys

from specdec.cli import options as shared
from specdec.errors import UserError
from specdec.views import tables, terminal
from specdec.words import say

DEFAULT_RUNS, MOST_RUNS = 3, 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group(say("cli.group_bench")).add_argument
    add("--drafters", metavar="A,B", help=say("cli.drafters"))
    add("--prompts", metavar="FILE", help=say("cli.prompts"))
    add("--runs", metavar="R", type=shared.whole_number, default=DEFAULT_RUNS, help=say("cli.runs"))
    add("--json", action="store_true", help=say("cli.json_bench"))
    shared.add_models(parser)
    shared.add_settings(parser)


def main(options: argparse.Namespace) -> int:
    settings, names = shared.settings(options), _drafters(options)
    shared.check_names(options, names)
    if not 1 <= options.runs <= MOST_RUNS:
        raise UserError(say("cli.runs_range", low=1, high=MOST_RUNS, value=options.runs))
    from specdec.lab import prompts

    texts = prompts.read(options.prompts) if options.prompts is not None else prompts.read()
    pair, settings = shared.load(options, settings)
    from specdec import drafters
    from specdec.lab.bench import RunFailed, bench, report

    names = names or list(dict.fromkeys([drafters.best(pair), "lookup"]))
    measurements = []
    try:
        for one in bench(pair, names, texts, settings, options.runs):
            measurements.append(one)
            _progress(one.prompt + 1, len(texts))
    except RunFailed as error:
        _progress_done()
        print(terminal.one_line(say("terminal.ended_error", message=error)), file=sys.stderr)
        return 1
    _progress_done()
    result = report(measurements)
    if options.json:
        print(terminal.tame_json(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)))
    else:
        sys.stdout.write(tables.bench(result))
    return 0


def _drafters(options: argparse.Namespace) -> list[str]:
    """The names asked for; none when the option was not given. Raises UserError for an empty one."""
    if options.drafters is None:
        return []
    names = [name.strip() for name in options.drafters.split(",")]
    if not all(names):
        raise UserError(say("cli.drafters_empty"))
    return names


def _progress(prompt: int, prompts: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + say("terminal.progress", prompt=prompt, prompts=prompts))
        sys.stderr.flush()


def _progress_done() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
