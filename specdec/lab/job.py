"""An experiment as a value: what it needs, how far it is, and what it found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from specdec.catalog.pair_choice import PairChoice

if TYPE_CHECKING:
    from specdec.models.loading import Pair


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps are behind; `partial` is what the last of them found, of a type that the job names."""

    done: int
    total: int
    partial: Any = None


@dataclass(frozen=True, slots=True)
class Report:
    """What an experiment found, as plain JSON values."""

    values: dict[str, Any]


class Job(Protocol):
    """A frozen dataclass of plain values, with the pair that it is about among them.

    `steps` carries it out with that pair: Progress after every step, a Report at the end. Closing the iterator stops
    it. Raises UserError for what cannot be run.
    """

    @property
    def pair(self) -> PairChoice: ...

    def steps(self, pair: "Pair") -> Iterator[Progress | Report]: ...
