"""Recipes (TOML files): the data mixtures and the training steps that produce a family of models."""

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from specdec import files
from specdec.errors import UserError, first_line

FAMILIES = ("stories", "translate", "smollm2")


@dataclass(frozen=True)
class Step:
    """One step of a recipe. kind: a name in `specdec.train.steps.KINDS`; options: the options of that kind; minutes:
    the approximate time on two processor cores."""

    name: str
    kind: str
    minutes: float = 1.0
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """A parsed recipe.

    mixtures: for each mixture, how often one pass contains each file (0.25: a quarter of it). exercises: the number of
    edit exercises of each kind; exercises_from: the files they are made from. held_out: files used only for
    evaluation. exports: step → name of the published folder. languages: source and target language of a translation
    family, empty for monolingual text."""

    name: str
    steps: tuple[Step, ...]
    mixtures: dict[str, dict[str, float]]
    exercises: dict[str, int] = field(default_factory=dict)
    exercises_from: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    exports: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    languages: tuple[str, ...] = ()

    def files(self) -> set[str]:
        """Every data file that the recipe names."""
        mixed = {name for mixture in self.mixtures.values() for name in mixture}
        return (mixed | {*self.exercises_from, *self.held_out}) - set(self.exercises) - self.made()

    def made(self) -> set[str]:
        """The names of all steps. A mixture may name a step that generates text, just like a file."""
        return {step.name for step in self.steps}

    def step(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        names = ", ".join(step.name for step in self.steps)
        raise UserError("train.step_unknown", recipe=self.name, step=repr(name), choices=names)


def read_recipe(source: str) -> Recipe:
    """The recipe of an embedded family, or of a TOML file. Raises UserError if it cannot be read."""
    if source in FAMILIES:
        text = (resources.files("specdec.train") / "recipes" / f"{source}.toml").read_text(encoding="utf-8")
        return _recipe(source, text)
    try:
        return _recipe(Path(source).stem, files.text(Path(source).read_bytes()))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("train.recipe_unreadable", recipe=source, why=first_line(error)) from error


def _recipe(name: str, text: str) -> Recipe:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError("train.recipe_unreadable", recipe=name, why=first_line(error)) from error
    try:
        steps = tuple(_step(entry) for entry in table["step"])
        exercises = dict(table.get("exercises", {}))
        sources = tuple(exercises.pop("from", ()))
        mixtures = {key: dict(mixture) for key, mixture in table["mixture"].items()}
        exports = dict(table.get("export", {}))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UserError("train.recipe_parts", recipe=name) from error
    held_out, languages = (tuple(table.get(key, ())) for key in ("held_out", "languages"))
    seed = table.get("seed", 0)
    return Recipe(name, steps, mixtures, exercises, sources, held_out, exports, seed, languages)


def _step(entry: dict[str, Any]) -> Step:
    options = dict(entry)
    return Step(options.pop("name"), options.pop("kind"), float(options.pop("minutes", 1)), options)
