"""The backend that runs everything in this process. Torch is imported by the first request that needs it."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from specdec.backend import Job, PairChoice, RunRequest

if TYPE_CHECKING:
    from specdec.models.pair import Pair


class LocalBackend:
    """Loads models once and keeps them in memory. It does not queue: the caller has to submit one piece of work at a
    time."""

    def __init__(self) -> None:
        self._loading = Lock()
        self._memories: dict[tuple[str | None, str | None], dict[str, Any]] = defaultdict(dict)

    def submit(self, work: RunRequest | Job) -> Iterator[Any]:
        pair = self.load(work.pair)
        from specdec.accelerate import accelerated
        from specdec.device.sharing import with_free_threads

        steps: Any = work.steps(pair)
        with accelerated.quiet():  # no code is compiled while something is measured
            yield from with_free_threads(steps) if pair.target.device.type == "cpu" else steps

    def warm_up(self, request: RunRequest) -> None:
        pair = self.load(request.pair)
        from specdec.engine.calibration import warm_up
        from specdec.engine.request import prepare

        warm_up(prepare(pair, request.request()))

    def load(self, choice: PairChoice) -> "Pair":
        """The pair, loaded only once even if several threads ask for it. Raises UserError if it cannot be loaded."""
        with self._loading:
            memory = self._memories[choice.name, choice.target]  # what drafters have learned in this process
            return _accelerated(replace(_loaded(choice), memory=memory), choice.compiled)

    def is_ready(self) -> bool:
        return "specdec.models.loading" in sys.modules and not self._loading.locked()


def _loaded(choice: PairChoice) -> "Pair":
    place = {"device": choice.device, "dtype": choice.dtype}
    if choice.random_weights:
        from specdec.models import synthetic

        assert choice.target is not None, "random weights take the shape of a target"
        return synthetic.load(choice.target, choice.draft, **place)
    from specdec.models import loading

    named = {} if choice.target is None else {"target": choice.target}
    return loading.load(choice.name, **named, **({"draft": choice.draft} if choice.draft else {}), **place)


def _accelerated(pair: "Pair", how: str) -> "Pair":
    if how == "off":
        return pair
    from specdec.accelerate import accelerated

    if how == "on":
        return accelerated.make(pair)
    if how == "background":
        accelerated.make_in_background(pair)
    return accelerated.accelerated(pair)
