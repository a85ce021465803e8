"""`bench`: plain decoding and the drafters measured side by side, also with transformers' own or with what they take
unrecorded, or two rules on the same prompts and seeds, or what a guess costs those that copy; and, without any
weights, what speculation would pay for models of some shapes, or what a long context costs.

As a table, also in Markdown, or as one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from specdec import methods
from specdec.catalog import capabilities
from specdec.catalog.pairs import TASKS, best
from specdec.cli import arguments, bench_synthetic, load, progress, validate
from specdec.cli.progress import Progress
from specdec.errors import UserError
from specdec.messages import say
from specdec.methods import DRAFTERS
from specdec.settings import Settings
from specdec.views import tables, terminal

if TYPE_CHECKING:
    from specdec.lab.prompts import Prompt
    from specdec.models.pair import Pair

EXAMPLES = (
    "bench --drafters model,lookup,suffix",
    "bench --rules rejection,block --temperature 0.8",
    "bench --target ID --draft ID --prompts FILE --markdown",
    "bench --against hf --json > bench.json",
    "bench --shapes 7b/0.5b --acceptance 0.7,0.8",
)
DEFAULT_RUNS, MOST_RUNS = 3, 1000
PROPOSAL_TOKENS = 4000

Rules = tuple[str, ...]
Result = bench_synthetic.Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(say("cli.group_bench"))
    add = group.add_argument
    add("--drafters", metavar="A,B", help=say("cli.drafters"))
    add("--rules", metavar="A,B", help=say("cli.rules"))
    add("--prompts", metavar="FILE", help=say("cli.prompts"))
    add("--task", metavar="NAME", help=say("cli.task_bench", choices=", ".join(TASKS)))
    add("--runs", metavar="R", type=arguments.whole_number, help=say("cli.runs"))
    copying = ", ".join(_copying())
    add("--proposals", action="store_true", help=say("cli.proposals", choices=copying, tokens=PROPOSAL_TOKENS))
    add("--against", choices=arguments.RIVALS, help=say("cli.against"))
    bench_synthetic.add_arguments(group)
    layout = group.add_mutually_exclusive_group()
    layout.add_argument("--json", action="store_true", help=say("cli.json_bench"))
    layout.add_argument("--markdown", action="store_true", help=say("cli.markdown"))
    arguments.add_models(parser)
    arguments.add_settings(parser)


def main(options: argparse.Namespace) -> int:
    measure = _unweighted(options) if bench_synthetic.is_asked(options) else _weighted(options)
    from specdec.lab.bench import RunFailed

    try:
        result, show = measure()
    except RunFailed as error:
        progress.done()
        print(terminal.one_line(say("terminal.ended_error", message=error)), file=sys.stderr)
        return 1
    progress.done()
    if options.json:
        print(terminal.tame_json(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)))
    else:
        sys.stdout.write(show(result, tables.markdown if options.markdown else tables.table))
    return 0


def _unweighted(options: argparse.Namespace) -> Callable[[], Result]:
    """Everything is checked and loaded; what is left is to measure."""
    return bench_synthetic.prepare(options, validate.settings(options), _drafters(options), _runs(options))


def _weighted(options: argparse.Namespace) -> Callable[[], Result]:
    """The same, for models with weights of their own."""
    settings, names, rules = validate.settings(options), _drafters(options), _rules(options)
    if options.proposals:
        _check_proposals(options, names, settings)
    else:
        validate.check(options, names, *([replace(settings, rule=rule) for rule in rules] or [settings]))
    if options.against == arguments.HF:
        capabilities.check_counterpart(names, settings)
    runs, prompts = _runs(options), chosen_prompts(options)
    pair, settings = load.load(options, settings)
    prompts = [prompt._replace(text=load.sent(options, pair, prompt.text)) for prompt in prompts]
    if options.proposals:
        return partial(_proposals, pair, names, settings)
    beside = {arguments.HF: _against, arguments.UNRECORDED: partial(_bench, unrecorded=True), None: _bench}[
        options.against
    ]
    measure = _compare_rules if rules else beside
    return partial(_asked, partial(measure, pair, names, prompts, settings, rules, runs), len(prompts), options.task)


def _asked(measure: Callable[[], Result], prompts: int, task: str | None) -> Result:
    """With what only whoever asked knows: the task, and how many prompts there were beside those that were run."""
    result, show = measure()
    left_out = prompts - result["settings"]["prompts"]
    return {**result, "settings": {**result["settings"], "left_out": left_out, "task": task}}, show


def _bench(
    pair: "Pair",
    names: list[str],
    prompts: list["Prompt"],
    settings: Settings,
    rules: Rules,
    runs: int,
    unrecorded: bool = False,
) -> Result:
    """Beside themselves when nothing is recorded, if that was asked for."""
    from specdec.lab import bench, recording_overhead

    lab, show = (recording_overhead, tables.recording) if unrecorded else (bench, tables.bench)
    names = names or list(dict.fromkeys([best(pair), methods.ALWAYS]))
    texts, categories = zip(*prompts, strict=True)
    return lab.report(_told(lab.bench(pair, names, texts, settings, runs), len(texts)), categories), show


def _against(
    pair: "Pair", names: list[str], prompts: list["Prompt"], settings: Settings, rules: Rules, runs: int
) -> Result:
    from specdec.lab.bandwidth import memory
    from specdec.lab.vs_transformers import bench, report

    texts, categories = zip(*prompts, strict=True)
    measured = _told(bench(pair, names, texts, settings, runs), len(texts))
    return report(measured, categories, memory(pair)), tables.against


def _compare_rules(
    pair: "Pair", names: list[str], prompts: list["Prompt"], settings: Settings, rules: Rules, runs: int
) -> Result:
    from specdec.lab.compare_rules import compare, report

    name, texts = names[0] if names else best(pair), [prompt.text for prompt in prompts]
    return report(_told(compare(pair, name, texts, settings, rules, runs), len(texts))), tables.compare_rules


def _proposals(pair: "Pair", names: list[str], settings: Settings) -> Result:
    from specdec.lab.drafter_latency import proposal_cost

    return proposal_cost(pair, names, PROPOSAL_TOKENS, settings), tables.proposals


def _told(measurements: Iterable, prompts: int) -> Iterator:
    bar = Progress(prompts)
    for one in measurements:
        yield one
        bar.show(one.prompt + 1, say("terminal.progress", prompt=one.prompt + 1, prompts=prompts))


def _check_proposals(options: argparse.Namespace, names: list[str], settings: Settings) -> None:
    """Refuse what plays no part in this measurement. It brings its own datastore where the pair has none, so the
    pair is not asked for the drafters' files."""
    given = {f"--{name}": getattr(options, name) for name in ("rules", "against", "runs", "prompts", "task")}
    if extra := [option for option, value in given.items() if value is not None]:
        raise UserError("cli.proposals_alone", option=extra[0])
    guessing = names or _copying()
    validate.check_choices(guessing, settings)
    validate.check_own(options, guessing, settings)
    validate.check_pair(options, [], settings)


def _copying() -> list[str]:
    return methods.names(DRAFTERS, lambda method: method.copies)


def chosen_prompts(options: argparse.Namespace) -> list["Prompt"]:
    """A file's, or those of the task or of what the pair usually does; wrapped in the task asked for."""
    validate.check_task(options)
    from specdec.lab import prompts

    usual = options.task or validate.known_tasks(options)[0]
    path = prompts.of_task(usual) if options.prompts is None else options.prompts
    read = prompts.read_with_categories(path)
    return [prompt._replace(text=capabilities.wrapped(options.task, prompt.text)) for prompt in read]


def _runs(options: argparse.Namespace) -> int:
    runs = DEFAULT_RUNS if options.runs is None else options.runs
    if not 1 <= runs <= MOST_RUNS:
        raise UserError("cli.runs_range", low=1, high=MOST_RUNS, value=runs)
    return runs


def _rules(options: argparse.Namespace) -> Rules:
    """The two rules to compare, none when that was not asked for. Raises UserError."""
    if options.rules is None:
        return ()
    rules = tuple(name.strip() for name in options.rules.split(","))
    if len(set(rules)) != 2 or len(rules) != 2:
        raise UserError("cli.rules_two")
    if options.rule is not None:
        raise UserError("cli.rules_and_rule")
    if options.against is not None:
        raise UserError("cli.against_rules")
    if options.drafters is not None and "," in options.drafters:
        raise UserError("cli.rules_one_drafter")
    return rules


def _drafters(options: argparse.Namespace) -> list[str]:
    """The names asked for; none when the option was not given. Raises UserError for an empty one."""
    if options.drafters is None:
        return []
    names = [name.strip() for name in options.drafters.split(",")]
    if not all(names):
        raise UserError("cli.drafters_empty")
    return names
