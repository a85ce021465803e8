"""`bench --shapes` and `bench --context`: benchmarks of models with random weights, for which nothing is
downloaded."""

import argparse
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from specdec import methods
from specdec.backend import Job, PairChoice, Progress
from specdec.catalog import capabilities
from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS, PairEntry
from specdec.cli import arguments, load, progress, validate
from specdec.errors import UserError
from specdec.lab.jobs import LongContext, SyntheticBench, SyntheticVsTransformers
from specdec.messages import Words
from specdec.methods import DRAFTERS
from specdec.settings import AUTO, Settings
from specdec.views import tables

OTHERS = ("rules", "prompts", "task", "proposals")  # options of other measurements, refused by both
REFUSED = {"--shapes": ("drafters", "pair", "target", "draft"), "--context": ("shapes", "against")}  # by one of them
FREE = ("draft_length", "seed", "max_new_tokens")  # settings that may be given; all others keep their defaults

Show = Callable[[dict[str, Any], tables.Layout, Words], str]
Result = tuple[dict[str, Any], Show]


def add_arguments(group: argparse._ArgumentGroup, words: Words) -> None:
    pairs = ", ".join(entry.name for entry in _pairs())
    group.add_argument("--shapes", metavar="PAIR", help=words.say("cli.shapes", choices=pairs))
    group.add_argument("--acceptance", metavar="A,B", type=arguments.shares(words), help=words.say("cli.acceptance"))
    group.add_argument("--context", action="store_true", help=words.say("cli.context", choices=", ".join(_drafters())))


def _drafters() -> list[str]:
    """The drafters that can be measured on prescribed texts (`DrafterMethod.synthetic`)."""
    return methods.names(DRAFTERS, lambda method: method.synthetic)


def is_asked(options: argparse.Namespace) -> bool:
    return options.context or (options.shapes, options.acceptance) != (None, None)


def prepare(
    options: argparse.Namespace, settings: Settings, names: list[str], runs: int, words: Words
) -> Callable[[], Result]:
    """Everything is checked and made; what is left is to measure. Raises UserError."""
    _check(options, settings, names)
    target, draft = _sources(options)
    choice = load.choice(options, target=target, draft=draft, random_weights=True)
    load.ready(choice, words)
    return partial(_reported, *_job(options, choice, tuple(names), settings, runs), words)


def _job(
    options: argparse.Namespace, choice: PairChoice, drafters: tuple[str, ...], settings: Settings, runs: int
) -> tuple[Job, Show]:
    """The job to run, and the function that lays out its report."""
    if options.context:
        return LongContext(choice, drafters, settings, runs), tables.context
    stated = tuple(options.acceptance or ())
    if options.against:
        return SyntheticVsTransformers(choice, settings, runs, stated), tables.shapes_against
    asked = settings.draft_length if options.draft_length is not None else None
    lengths = (asked,) if isinstance(asked, int) else ()
    return SyntheticBench(choice, settings, runs, stated, lengths), tables.shapes


def _reported(job: Job, show: Show, words: Words) -> Result:
    """A job's report; meanwhile a line on which run it is at."""

    def at(step: Progress) -> tuple[int, str]:
        return step.done, words.say("terminal.progress_runs", run=step.done, runs=step.most)

    return progress.report(load.BACKEND.submit(job), at), show


def _check(options: argparse.Namespace, settings: Settings, names: list[str]) -> None:
    """Raise UserError for options and settings that have no effect on the measurement."""
    if options.acceptance is not None and options.shapes is None:
        raise UserError("cli.acceptance_alone")
    measured = "--context" if options.context else "--shapes"
    given = [name for name in (*REFUSED[measured], *OTHERS) if getattr(options, name) not in (None, False)]
    given += ["chat"] * (options.chat != "auto")
    names_of_settings = [
        field.name for field in reversed(fields(settings)) if field.name not in FREE
    ]  # rule comes last
    given += [name for name in names_of_settings if getattr(settings, name) != getattr(Settings(), name)]
    if options.against == arguments.UNRECORDED:
        given.append("against unrecorded")
    if given:
        raise UserError("cli.unweighted_alone", measured=measured, option="--" + given[0].replace("_", "-"))
    if settings.draft_length in (0, AUTO):
        raise UserError("cli.unweighted_length", measured=measured, value=settings.draft_length)
    if unknown := [name for name in names if name not in _drafters()]:
        raise UserError("cli.context_drafter", value=unknown[0], choices=", ".join(_drafters()))
    validate.check_own(options, names, settings)
    validate.check_pair(options, [], settings)


def _sources(options: argparse.Namespace) -> tuple[str, str | None]:
    """Hub ids or folders of the target and the draft model whose shapes are measured."""
    if options.shapes is not None:
        entry = hub_pair(options.shapes)
        return entry.target, entry.draft
    if options.target is not None:
        return options.target, options.draft
    entry = PAIRS[options.pair or DEFAULT_PAIR]
    return entry.target, entry.drafts.get(options.draft, options.draft) or entry.draft


def hub_pair(name: str) -> PairEntry:
    """The public pair of this name, or the first one whose models' names contain these two sizes. Raises UserError if
    there is none.

    >>> hub_pair("7b/0.5b").name
    'qwen2.5-7b'
    """
    found = [entry for entry in _pairs() if name == entry.name or _sizes_are(entry, name)]
    if not found:
        raise UserError("cli.shapes_unknown", value=name, choices=", ".join(entry.name for entry in _pairs()))
    return found[0]


def _pairs() -> list[PairEntry]:
    """The pairs in the catalog of two decoder-only models."""
    return [entry for entry in PAIRS.values() if entry.draft and not capabilities.is_encoder_decoder(entry)]


def _sizes_are(entry: PairEntry, sizes: str) -> bool:
    target, _, draft = sizes.lower().partition("/")
    parts = [Path(source).name.lower().split("-") for source in (entry.target, entry.draft or "")]
    return target in parts[0] and draft in parts[1]
