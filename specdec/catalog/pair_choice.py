"""The choice of models for a run or an experiment, as plain values that can be sent to another process."""

from dataclasses import dataclass
from typing import Literal

from specdec.catalog.pairs import DEFAULT_PAIR


@dataclass(frozen=True, slots=True)
class PairChoice:
    """A pair by its catalog name, or a target by hub id or folder; `draft` replaces the pair's draft model, as in
    `specdec.models.loading.load`.

    compiled: how forward passes run. `off`: eagerly; `auto`: compiled where compiled code is already in the cache;
    `background`: like `auto`, and missing code is compiled while the pair is idle; `on`: missing code is compiled
    before the first run.
    random_weights: use only the shapes of these models, with random weights (`specdec.models.synthetic`).
    """

    name: str = DEFAULT_PAIR
    target: str | None = None
    draft: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    compiled: Literal["off", "auto", "background", "on"] = "off"
    random_weights: bool = False
