"""`bench`: measure plain decoding and drafters side by side.

Variants: against transformers or against runs without recording (`--against`), two rules on the same prompts and seeds
(`--rules`), the latency of drafters that copy (`--proposals`), and, with random weights, the speed-up for models of
given shapes (`--shapes`) and the cost of a long context (`--context`). The report is a table, in Markdown if asked
for, or one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from specdec import methods
from specdec.backend import Job, PairChoice, Progress
from specdec.catalog import capabilities
from specdec.catalog.pairs import TASKS, best
from specdec.cli import arguments, bench_synthetic, load, progress, validate
from specdec.errors import UserError
from specdec.lab.jobs import Bench, CompareRules, DrafterLatency, VsTransformers
from specdec.messages import Words
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

Names = tuple[str, ...]
Show = bench_synthetic.Show
Result = bench_synthetic.Result


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    group = parser.add_argument_group(words.say("cli.group_bench"))
    add = group.add_argument
    add("--drafters", metavar="A,B", help=words.say("cli.drafters"))
    add("--rules", metavar="A,B", help=words.say("cli.rules"))
    add("--prompts", metavar="FILE", help=words.say("cli.prompts"))
    add("--task", metavar="NAME", help=words.say("cli.task_bench", choices=", ".join(TASKS)))
    add("--runs", metavar="R", type=arguments.whole_number(words), help=words.say("cli.runs"))
    copying = ", ".join(_copying())
    add("--proposals", action="store_true", help=words.say("cli.proposals", choices=copying, tokens=PROPOSAL_TOKENS))
    add("--against", choices=arguments.RIVALS, help=words.say("cli.against"))
    bench_synthetic.add_arguments(group, words)
    layout = group.add_mutually_exclusive_group()
    layout.add_argument("--json", action="store_true", help=words.say("cli.json_bench"))
    layout.add_argument("--markdown", action="store_true", help=words.say("cli.markdown"))
    arguments.add_models(parser, words)
    arguments.add_settings(parser, words)


def main(options: argparse.Namespace, words: Words) -> int:
    measure = _unweighted(options, words) if bench_synthetic.is_asked(options) else _weighted(options, words)
    from specdec.lab.bench import RunFailed

    try:
        result, show = measure()
    except RunFailed as error:
        print(terminal.one_line(words.say("terminal.ended_error", message=error.message)), file=sys.stderr)
        return 1
    if options.json:
        report = json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False, default=words.render)
        print(terminal.tame_json(report))
    else:
        sys.stdout.write(show(result, tables.markdown if options.markdown else tables.table, words))
    return 0


def _unweighted(options: argparse.Namespace, words: Words) -> Callable[[], Result]:
    """Everything is checked and loaded; what is left is to measure."""
    return bench_synthetic.prepare(options, validate.settings(options), _drafters(options), _runs(options), words)


def _weighted(options: argparse.Namespace, words: Words) -> Callable[[], Result]:
    """The same, for models with weights of their own."""
    settings, names, rules = validate.settings(options), _drafters(options), _rules(options)
    if options.proposals:
        _check_proposals(options, names, settings)
    else:
        validate.check(options, names, *([replace(settings, rule=rule) for rule in rules] or [settings]))
    if options.against == arguments.HF:
        capabilities.check_counterpart(names, settings)
    runs, prompts = _runs(options), chosen_prompts(options)
    pair, settings = load.load(options, settings, words)
    prompts = [prompt._replace(text=load.sent(options, pair, prompt.text)) for prompt in prompts]
    choice, drafters = load.choice(options), tuple(names)
    if options.proposals:
        return partial(
            _reported, DrafterLatency(choice, drafters, PROPOSAL_TOKENS, settings), tables.proposals, words=words
        )
    job, show = _job(options, pair, choice, drafters, tuple(prompts), settings, rules, runs)
    return partial(_asked, partial(_reported, job, show, len(prompts), words=words), len(prompts), options.task)


def _job(
    options: argparse.Namespace,
    pair: "Pair",
    choice: PairChoice,
    drafters: Names,
    prompts: tuple["Prompt", ...],
    settings: Settings,
    rules: Names,
    runs: int,
) -> tuple[Job, Show]:
    """The job to run, and the function that lays out its report."""
    if rules:
        drafter = drafters[0] if drafters else best(pair)
        return CompareRules(choice, drafter, prompts, settings, (rules[0], rules[1]), runs), tables.compare_rules
    if options.against == arguments.HF:
        return VsTransformers(choice, drafters, prompts, settings, runs), tables.against
    unrecorded = options.against == arguments.UNRECORDED
    drafters = drafters or tuple(dict.fromkeys([best(pair), methods.ALWAYS]))
    job = Bench(choice, drafters, prompts, settings, runs, unrecorded)
    return job, tables.recording if unrecorded else tables.bench


def _reported(job: Job, show: Show, prompts: int = 1, *, words: Words) -> Result:
    """A job's report; meanwhile a line on which prompt it is at."""

    def at(step: Progress) -> tuple[int, str]:
        number = step.partial.prompt + 1
        return number, words.say("terminal.progress", prompt=number, prompts=prompts)

    return progress.report(load.BACKEND.submit(job), at, prompts), show


def _asked(measure: Callable[[], Result], prompts: int, task: str | None) -> Result:
    """Run `measure` and add to its report what the job does not know: the task, and the number of prompts that were
    too long to run (`left_out`)."""
    result, show = measure()
    left_out = prompts - result["settings"]["prompts"]
    return {**result, "settings": {**result["settings"], "left_out": left_out, "task": task}}, show


def _check_proposals(options: argparse.Namespace, names: list[str], settings: Settings) -> None:
    """Refuse options that have no effect on `--proposals`. The pair need not have the drafters' files: the measurement
    builds a datastore where the pair has none."""
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
    """The prompts of the file that is named, else the built-in ones of the task, else those of the pair's default
    task; wrapped in the template of the task that is asked for."""
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


def _rules(options: argparse.Namespace) -> Names:
    """The two rules to compare, an empty tuple without `--rules`. Raises UserError for anything but two rules, and for
    options that contradict them."""
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
    """The drafters named by `--drafters`, an empty list without the option. Raises UserError for an empty name."""
    if options.drafters is None:
        return []
    names = [name.strip() for name in options.drafters.split(",")]
    if not all(names):
        raise UserError("cli.drafters_empty")
    return names
