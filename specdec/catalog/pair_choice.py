"""Which models a run or an experiment is asked for, as plain values: they can be sent to another process."""

from dataclasses import dataclass
from typing import Literal

from specdec.catalog.pairs import DEFAULT_PAIR


@dataclass(frozen=True, slots=True)
class PairChoice:
    """A pair by its catalog name, or a target by hub id or folder; `draft` replaces the pair's own, as for
    `specdec.models.loading.load`.

    compiled: how passes run. `off`: eagerly; `auto`: as compiled code where that is there already; `background`: the
    same, and what is missing is made while the pair is idle; `on`: what is missing is made first.
    random_weights: only the shapes of these models are used (`specdec.models.synthetic`).
    """

    name: str = DEFAULT_PAIR
    target: str | None = None
    draft: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    compiled: Literal["off", "auto", "background", "on"] = "off"
    random_weights: bool = False
