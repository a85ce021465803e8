"""The backend of this process. Torch is imported by the first request that needs it."""

import sys
from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

from specdec.backend import Job, PairChoice, RunRequest

if TYPE_CHECKING:
    from specdec.models.loading import Pair


class LocalBackend:
    """Models are loaded once and stay. One piece of work at a time is the business of whoever submits."""

    def __init__(self) -> None:
        self._loading = Lock()

    def submit(self, work: RunRequest | Job) -> Iterator[Any]:
        pair = self.load(work.pair)
        from specdec.accelerate import compiled

        with compiled.quiet():  # while something is measured no code is made
            yield from work.steps(pair)

    def warm_up(self, request: RunRequest) -> None:
        pair = self.load(request.pair)
        from specdec.engine import loop

        loop.warm_up(pair, request.drafter, request.prompt, request.settings)

    def load(self, choice: PairChoice) -> "Pair":
        """The pair, loaded once whichever thread asks first. Raises UserError for what cannot be loaded."""
        with self._loading:
            return _accelerated(_loaded(choice), choice.compiled)

    def is_ready(self) -> bool:
        return "specdec.models.loading" in sys.modules and not self._loading.locked()


def _loaded(choice: PairChoice) -> "Pair":
    place = {"device": choice.device, "dtype": choice.dtype}
    if choice.random_weights:
        from specdec.models import synthetic

        return synthetic.load(choice.target, choice.draft, **place)
    from specdec.models import loading

    named = {} if choice.target is None else {"target": choice.target}
    return loading.load(choice.name, **named, **({"draft": choice.draft} if choice.draft else {}), **place)


def _accelerated(pair: "Pair", how: str) -> "Pair":
    if how == "off":
        return pair
    from specdec.accelerate import compiled

    if how == "on":
        return compiled.make(pair)
    if how == "background":
        compiled.make_in_background(pair)
    return compiled.compiled(pair)
