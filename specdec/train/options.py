"""Typed options of recipe steps: reads a TOML table into a dataclass, with a one-sentence error for invalid tables."""

from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from specdec.errors import UserError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Read = TypeVar("Read", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class Training:
    """The training options of a step; all counts are in tokens unless the name says otherwise, and
    `specdec.train.trainer.Options` explains each. With `cool_down` None, each kind of step uses its own default."""

    mixture: str
    tokens: int
    cool_down: int | None = None
    warm_up: int = 100_000
    row_length: int = 512
    batch: int = 4096
    micro_batch: int = 2048
    learning_rate: float = 5e-3
    embedding_rate: float = 3e-3
    weight_decay: float = 0.1
    clip: float = 1.0
    log_steps: int = 10
    measure_every: int = 500_000
    checkpoint_minutes: float = 3.0

    @property
    def falling(self) -> int:
        """The length of the cool-down in tokens, 0 if none is given."""
        return self.cool_down or 0


def typed(options: type[Read], table: dict[str, Any], step: str) -> Read:
    """The options of a step. Raises UserError for an unknown name, a missing required name, and a value of the wrong
    type.

    >>> typed(Training, {"mixture": "main", "tokens": 100, "learning_rate": 1}, "draft").learning_rate
    1
    >>> typed(Training, {"mixture": "main", "token": 100}, "draft")
    Traceback (most recent call last):
    specdec.errors.UserError: The step 'draft' has no option 'token'; its kind takes mixture, tokens, cool_down, \
warm_up, row_length, batch, micro_batch, learning_rate, embedding_rate, weight_decay, clip, log_steps, measure_every, \
checkpoint_minutes.
    """
    known = {field.name: field for field in fields(options)}
    if unknown := [name for name in table if name not in known]:
        raise UserError("train.option_unknown", step=step, option=unknown[0], choices=", ".join(known))
    needed = [name for name, field in known.items() if field.default is MISSING and name not in table]
    if needed:
        raise UserError("train.option_missing", step=step, option=needed[0])
    types = get_type_hints(options)
    for name, value in table.items():
        if not _fits(value, types[name]):
            raise UserError("train.option_type", step=step, option=name, value=value)
    return options(**{name: tuple(value) if isinstance(value, list) else value for name, value in table.items()})


def _fits(value: Any, kind: Any) -> bool:
    """Whether a TOML value has a type; an int is accepted as a float, and a list as a tuple.

    >>> _fits(3, float), _fits(True, int), _fits(["a"], tuple[str, ...]), _fits("a", int | None)
    (True, False, True, False)
    """
    if get_origin(kind) is UnionType:
        return any(_fits(value, one) for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(_fits(one, get_args(kind)[0]) for one in value)
    if kind is bool or isinstance(value, bool):
        return kind is type(value)
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)
