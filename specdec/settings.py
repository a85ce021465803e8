"""The settings of a run, defined as one table of fields. Torch-free, so that the page can offer them before a model is
loaded.

`Settings` defines each field once: its type, default, bounds, text format and widget. Its own checks use these
definitions, and the command line's options, the page's form and the docs are generated from them (`FIELDS`).
"""

import dataclasses
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, Literal, TypeVar

from specdec import methods
from specdec.errors import UserError
from specdec.methods import RULES, DrafterMethod, RuleMethod

AUTO = "auto"  # a draft length chosen anew for every round
DYNAMIC = "dynamic"  # a tree that grows where the drafter is surest
CHAIN, TREE = "chain", "tree"
SHAPES = (CHAIN, TREE, DYNAMIC, AUTO)  # of a draft, as determined by draft length and branching together
MAX_DRAFT_LENGTH = 64
MAX_CHILDREN = 16
MAX_NODES = 256  # of a tree
MAX_NEW_TOKENS = 4096
MAX_STOP_TEXTS = 16
MAX_STOP_CHARACTERS = 256  # of one stop text
MAX_SEED = 2**53 - 1  # the last whole number that a browser reads exactly: a trace is read there too
MIN_TEMPERATURE = 1e-3  # below it, logits / temperature leaves what float32 can hold

Result = TypeVar("Result")
Widget = Literal["picker", "slider", "number", "text", "lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The definition of one setting: its default, its bounds, and how it appears on the command line and in forms.

    `metavar` stands for the value in the command line's help. `widget` is the kind of input in a form, None for a
    setting that forms do not offer; `step` is the widget's step, `shown` the range of a slider where that is narrower
    than the bounds.
    """

    name: str = ""
    default: Any
    low: float | None = None
    high: float | None = None
    metavar: str = "X"
    widget: Widget | None = "number"
    step: float | None = None
    shown: tuple[float, float] | None = None
    repeated: bool = False  # on the command line

    @property
    def flag(self) -> str:
        """Its option on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def help(self) -> str:
        """The message key of its help on the command line; the message has places for the bounds and `default`."""
        return f"cli.{self.name}"

    @property
    def label(self) -> str:
        """The message key of its label in a form."""
        return f"settings.{self.name}"

    @property
    def owner(self) -> DrafterMethod | RuleMethod | None:
        """The only drafter or rule that uses this setting, None where it applies to every run."""
        return methods.owner(self.name)

    def checked(self, value: Any) -> Any:
        """The value in the form that `Settings` stores. Raises UserError for an invalid one."""
        raise NotImplementedError

    def parse(self, text: str) -> Any:
        """The value of a typed text. Raises UserError for text that cannot be read as one."""
        raise NotImplementedError

    def read(self, given: Any) -> Any:
        """The value of a form's field, None for an empty one. Raises UserError as `parse` does."""
        if isinstance(given, str):
            return self.parse(given) if given.strip() else None
        return given

    def refusal(self, value: Any) -> UserError:
        return UserError(f"errors.{self.name}", low=self.low, high=self.high, value=value)


class Whole(Field):
    """A whole number."""

    high: float
    low: float

    def checked(self, value: Any) -> Any:
        if value is None and self.default is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise self.refusal(value)
        return value

    def parse(self, text: str) -> Any:
        try:
            return int(text)
        except ValueError:
            raise self.refusal(repr(text)) from None

    def read(self, given: Any) -> Any:
        """The value of a form's field. Browsers may send 4.0 for 4; 4.5 is left as it is and refused by `checked`."""
        value = Field.read(self, given)
        return int(value) if isinstance(value, float) and value.is_integer() else value


class Number(Field):
    """A number with bounds."""

    def checked(self, value: Any) -> Any:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not self.low <= value <= self.high:  # also false for NaN
            raise self.refusal(value)
        return value

    def parse(self, text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            raise self.refusal(repr(text)) from None


class Length(Whole):
    """A whole number, or `auto`."""

    def checked(self, value: Any) -> Any:
        return value if value == AUTO else Whole.checked(self, value)

    def parse(self, text: str) -> Any:
        return AUTO if text.strip() == AUTO else Whole.parse(self, text)


class Rule(Field):
    """The name of a rule."""

    def checked(self, value: Any) -> Any:
        return methods.rule(value).name

    def parse(self, text: str) -> Any:
        return text


class Branching(Field):
    """The shape of a draft tree: the number of children per depth, or `dynamic`; None for a chain."""

    high: float

    def checked(self, value: Any) -> Any:
        if value is None or value == DYNAMIC:
            return value
        row = tuple(value) if isinstance(value, tuple | list) else ()
        whole = all(type(one) is int and 1 <= one <= self.high for one in row)
        if not whole or not 1 <= len(row) <= MAX_DRAFT_LENGTH:
            raise self.refusal(value)
        if (nodes := tree_size(row)) > MAX_NODES:
            raise UserError("errors.tree_large", nodes=nodes, high=MAX_NODES)
        return row

    def parse(self, text: str) -> Any:
        if text.strip() == DYNAMIC:
            return DYNAMIC
        if not re.fullmatch(r"\s*[0-9]{1,4}\s*(,\s*[0-9]{1,4}\s*)*", text):  # int() fails at thousands of digits
            raise self.refusal(repr(text))
        return tuple(map(int, text.split(",")))


class Texts(Field):
    """A list of texts, typed one per line, with \\n for a line break inside a text."""

    high: float

    @property
    def label(self) -> str:
        return f"settings.{self.name}_texts"

    def checked(self, value: Any) -> Any:
        texts = (value,) if isinstance(value, str) else value
        if not isinstance(texts, tuple | list) or not all(isinstance(text, str) and text for text in texts):
            raise UserError("errors.stop_empty")
        if len(texts) > self.high:
            raise UserError("errors.stop_many", high=self.high, n=len(texts))
        if (longest := max(map(len, texts), default=0)) > MAX_STOP_CHARACTERS:
            raise UserError("errors.stop_long", high=MAX_STOP_CHARACTERS, n=longest)
        return tuple(texts)

    def parse(self, text: str) -> Any:
        r"""
        >>> field("stop").parse("The end\n\n.\\n")
        ('The end', '.\n')
        """
        lines = (line.removesuffix("\r") for line in text.split("\n"))
        return tuple(line.replace(r"\n", "\n") for line in lines if line)


class File(Field):
    """The path of a file, None for none."""

    def checked(self, value: Any) -> Any:
        return value

    def parse(self, text: str) -> Any:
        return text


def _setting(about: Field) -> Any:
    return dataclasses.field(default=about.default, metadata={"field": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run; raises UserError for invalid ones.

    `rule=None` selects the rule by the temperature: greedy at 0, rejection above. `top_k=0`, `top_p=1` and `min_p=0`
    leave the distribution unfiltered. Draft length 0 is plain decoding; with `"auto"` it is chosen anew for every
    round. `branching` makes the draft a tree: the number of children of each node, depth by depth (the draft length is
    then the tree's depth), or `"dynamic"`: as deep as the draft length, and wider where the drafter's probabilities
    are highest. `specdec.methods` defines which settings belong to a single drafter or rule (`exit_layer`,
    `datastore`; `epsilon`, `delta`).

    >>> Settings(temperature=0.8).rule, Settings(branching=(3, 2)).draft_length
    ('rejection', 2)
    """

    rule: str | None = _setting(Rule(default=None, metavar="RULE", widget="picker"))
    draft_length: int | Literal["auto"] = _setting(
        Length(default=4, low=0, high=MAX_DRAFT_LENGTH, metavar="K", widget="slider", step=1, shown=(0, 16))
    )
    branching: tuple[int, ...] | Literal["dynamic"] | None = _setting(
        Branching(default=None, low=1, high=MAX_CHILDREN, metavar="B", widget="text")
    )
    temperature: float = _setting(
        Number(default=0.0, low=0, high=10, metavar="T", widget="slider", step=0.05, shown=(0, 2))
    )
    top_k: int = _setting(Whole(default=0, low=0, high=1_000_000, metavar="N"))
    top_p: float = _setting(Number(default=1.0, low=0, high=1, metavar="P", step=0.05))
    min_p: float = _setting(Number(default=0.0, low=0, high=1, metavar="P", step=0.01))
    seed: int = _setting(Whole(default=0, low=0, high=MAX_SEED, metavar="S"))
    max_new_tokens: int = _setting(Whole(default=96, low=1, high=MAX_NEW_TOKENS, metavar="N"))
    stop: tuple[str, ...] = _setting(
        Texts(default=(), high=MAX_STOP_TEXTS, metavar="TEXT", widget="lines", repeated=True)
    )
    exit_layer: int | None = _setting(
        Whole(default=None, low=1, high=1000, metavar="E", widget="slider", step=1)  # and below the number of layers
    )
    datastore: str | None = _setting(File(default=None, metavar="FILE", widget=None))
    epsilon: float = _setting(Number(default=0.09, low=0, high=1, step=0.01))
    delta: float = _setting(Number(default=0.3, low=0, high=1, step=0.01))

    def __post_init__(self) -> None:
        if self.rule is None:
            object.__setattr__(self, "rule", "greedy" if self.temperature == 0 else "rejection")
        if self.rule == "greedy" and self.temperature != 0:
            raise UserError("errors.greedy_temperature", value=self.temperature)
        for one in FIELDS:
            object.__setattr__(self, one.name, one.checked(getattr(self, one.name)))
        self._check_sampling()
        self._check_shape()

    def _check_sampling(self) -> None:
        if 0 < self.temperature < MIN_TEMPERATURE:
            raise UserError("errors.temperature_tiny", low=MIN_TEMPERATURE, value=self.temperature)
        if self.top_p == 0:
            raise UserError("errors.top_p_zero")

    def _check_shape(self) -> None:
        if self.branching is None:
            return
        if RULES[self.rule].chain_only:
            others = ", ".join(methods.names(RULES, lambda rule: not rule.chain_only))
            raise UserError("errors.chain_rule", rule=self.rule, choices=others)
        if self.draft_length == AUTO:
            raise UserError("errors.auto_tree")
        if self.branching != DYNAMIC:
            object.__setattr__(self, "draft_length", len(self.branching))
        elif self.draft_length == 0:
            raise UserError("errors.dynamic_length", low=1, high=MAX_DRAFT_LENGTH, value=self.draft_length)

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The number of children of each node of the draft, depth by depth: all ones for a chain. None where the draft
        length is `auto`.

        >>> Settings(draft_length=3).shape, Settings(branching=(3, 2)).shape
        ((1, 1, 1), (3, 2))
        """
        if isinstance(self.branching, tuple):
            return self.branching
        return (1,) * self.draft_length if isinstance(self.draft_length, int) else None

    @classmethod
    def read(cls, record: dict[str, Any]) -> "Settings":
        """The settings in a trace's header; raises UserError for those that this version cannot run."""
        known = {one.name for one in FIELDS}
        return cls(**{name: value for name, value in record.items() if name in known})

    @classmethod
    def typed(cls, given: Mapping[str, Any]) -> "Settings":
        """The settings from texts or a form's values, by field name; an empty value means the default. Raises
        UserError for an invalid one.

        >>> Settings.typed({"temperature": "0.5", "seed": 7.0, "branching": "", "stop": "The end"}).stop
        ('The end',)
        """
        read = {one.name: one.read(given.get(one.name)) for one in FIELDS}
        return cls(**{name: value for name, value in read.items() if value is not None})

    def as_record(self) -> dict[str, Any]:
        """The settings as plain JSON values, for the trace's header; the datastore by its file name without the
        folder."""
        record = asdict(self)
        record["stop"] = list(self.stop)
        record["branching"] = list(self.branching) if isinstance(self.branching, tuple) else self.branching
        record["datastore"] = Path(self.datastore).name if self.datastore else None
        return record


FIELDS: tuple[Field, ...] = tuple(
    replace(one.metadata["field"], name=one.name) for one in dataclasses.fields(Settings)
)


def field(name: str) -> Field:
    """The definition of a setting, by its name.

    >>> field("top_p").flag, field("top_p").high, field("epsilon").owner.name
    ('--top-p', 1, 'typical')
    """
    return next(one for one in FIELDS if one.name == name)


def with_settings(function: Callable[..., Result]) -> Callable[..., Result]:
    """A decorator for a function that takes settings as `**settings`: its signature then lists them, with types and
    defaults.

    >>> str(inspect.signature(with_settings(lambda prompt, **settings: None)))[:44]
    '(prompt, *, rule: str | None = None, draft_l'
    """
    signature = inspect.signature(function)
    taken = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    named = [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=one.type)
        for one in dataclasses.fields(Settings)
    ]
    setattr(function, "__signature__", signature.replace(parameters=[*taken, *named]))  # noqa: B010
    return function


def from_form(given: Mapping[str, Any], drafter: str) -> Settings:
    """The settings in a form: the fields by name, and `shape`, which decides whether draft length and branching apply.
    An empty field means the default; a field of another drafter or rule is ignored. Raises UserError for an invalid
    value.

    >>> from_form({"shape": "tree", "branching": "3,2", "draft_length": 4.0, "exit_layer": "deep"}, "model").shape
    (3, 2)
    """
    shape = given.get("shape") or CHAIN
    if shape not in SHAPES:
        raise UserError("errors.shape_unknown", value=shape, choices=", ".join(SHAPES))
    asked = dict(given)
    if shape in (TREE, AUTO):
        asked["draft_length"] = AUTO if shape == AUTO else None
    if shape == TREE:
        asked["branching"] = asked.get("branching") or " , "  # an empty tree is refused
    else:
        asked["branching"] = DYNAMIC if shape == DYNAMIC else None
    chosen = (drafter, given.get("rule"))
    return Settings.typed({name: value for name, value in asked.items() if _counts(name, chosen)})


def _counts(name: str, chosen: tuple[Any, ...]) -> bool:
    owner = methods.owner(name)
    return owner is None or owner.name in chosen


def shape_of(settings: Mapping[str, Any]) -> str:
    """The draft's shape (one of SHAPES) that settings in the format of a trace's header ask for.

    >>> shape_of({"branching": [3, 2]}), shape_of({"draft_length": 4})
    ('tree', 'chain')
    """
    asked = settings.get("branching")
    if asked:
        return DYNAMIC if asked == DYNAMIC else TREE
    return AUTO if settings.get("draft_length") == AUTO else CHAIN


def tree_size(branching: tuple[int, ...]) -> int:
    """The number of guesses (nodes) in a full tree.

    >>> tree_size((3, 2, 1))
    15
    """
    return sum(prod(branching[: depth + 1]) for depth in range(len(branching)))
