"""A recipe (TOML): which files are read and how often, and the steps from them to the models of a family."""

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from specdec import files
from specdec.errors import UserError, first_line

FAMILIES = ("stories", "translate")


@dataclass(frozen=True)
class Step:
    """One thing to make: `kind` says how (specdec.train.steps), `options` are that kind's own, and `minutes` is about
    how long it takes on two processor cores."""

    name: str
    kind: str
    minutes: float = 1.0
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """`mixtures`: how often a pass shows each file (0.25: a quarter of it). `exercises`: how many edit exercises of
    each kind are made, `exercises_from` which files. `held_out`: files that are only ever used to measure. `exports`:
    step → name of the folder that its result is published as. `languages`: of a family that translates, from and to;
    without it, texts stand for themselves."""

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
        """The steps: a mixture may name one that writes texts, as it names a file."""
        return {step.name for step in self.steps}

    def step(self, name: str) -> Step:
        for step in self.steps:
            if step.name == name:
                return step
        names = ", ".join(step.name for step in self.steps)
        raise UserError("train.step_unknown", recipe=self.name, step=repr(name), choices=names)


def read_recipe(source: str) -> Recipe:
    """The recipe of an embedded family, or a TOML file of one's own."""
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
