"""`python -m specdec train`: train the models of a recipe on a folder of texts, step by step.

Every step saves checkpoints, so the same command resumes where it stopped and skips finished steps.
"""

import argparse
import os
from pathlib import Path

import torch

from specdec.errors import UserError, first_line
from specdec.messages import ENGLISH, Words
from specdec.models.loading import pick_device
from specdec.train import chrf
from specdec.train.library import Library
from specdec.train.parallel_corpora import ParallelLibrary
from specdec.train.progress import Board
from specdec.train.publish import publish
from specdec.train.recipe import FAMILIES, Recipe, read_recipe
from specdec.train.steps import make, read
from specdec.train.workspace import Kitchen


def add_arguments(parser: argparse.ArgumentParser, words: Words = ENGLISH) -> None:
    add = parser.add_argument_group(words.say("cli.group_train")).add_argument
    add(
        "--recipe",
        metavar="NAME|FILE",
        required=True,
        help=words.say("train.help_recipe", choices=", ".join(FAMILIES)),
    )
    add("--data", metavar="DIR", type=Path, required=True, help=words.say("train.help_data"))
    add("--out", metavar="DIR", type=Path, required=True, help=words.say("train.help_out"))
    add("--only", metavar="STEPS", help=words.say("train.help_only"))
    add("--minutes", metavar="M", type=float, help=words.say("train.help_minutes"))
    add("--export", metavar="DIR", type=Path, help=words.say("train.help_export"))
    add("--device", metavar="D", default="auto", help=words.say("train.help_device"))
    add("--workers", metavar="N", type=int, default=1, help=words.say("train.help_workers"))
    add("--compile", action="store_true", help=words.say("train.help_compile"))
    add("--threads", metavar="N", type=int, help=words.say("train.help_threads"))


def main(args: argparse.Namespace, words: Words = ENGLISH) -> int:
    for name in ("minutes", "workers", "threads"):
        if getattr(args, name) is not None and not getattr(args, name) > 0:
            raise UserError("train.not_positive", option=f"--{name}", value=getattr(args, name))
    if args.threads:
        torch.set_num_threads(args.threads)
    recipe = read_recipe(args.recipe)
    steps = [recipe.step(name.strip()) for name in args.only.split(",")] if args.only else recipe.steps
    for step in recipe.steps:
        read(step)  # refuses a mistake in any step before the first one runs
    if any(step.kind == "translation-card" for step in steps):
        chrf.check()
    with Board(words) as board:
        kitchen = Kitchen(
            recipe,
            (ParallelLibrary if recipe.languages else Library)(args.data, recipe),
            _writable(args.out),
            pick_device(args.device),
            args.workers,
            None if args.minutes is None else args.minutes / sum(step.minutes for step in steps),
            args.compile,
            board.report,
        )
        for step in steps:
            make(kitchen, step)
            board.done(step.name)
    if args.export:
        _export(kitchen, recipe, _writable(args.export))
    return 0


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("train.unwritable_why", folder=folder, why=error.strerror) from error
    if not os.access(folder, os.W_OK):
        raise UserError("train.unwritable", folder=folder)
    return folder


def _export(kitchen: Kitchen, recipe: Recipe, folder: Path) -> None:
    """Export every finished step for which the recipe names a folder. Raises UserError if a folder cannot be
    written."""
    for name, target in recipe.exports.items():
        if kitchen.is_done(name):
            try:
                publish(kitchen, name, folder / target)
            except OSError as error:
                raise UserError(
                    "train.unwritable_why", folder=folder / target, why=error.strerror or first_line(error)
                ) from None
            print(f"{folder / target}", flush=True)
