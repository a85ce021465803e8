"""Passes as CUDA graphs: on a GPU a small model waits for the host, which launches every operation by itself.

A graph is the launches of a function, recorded once and repeated by a single one. It reads and writes where it did
while it was recorded. So inputs are copied to fixed places, and keys and values stay in buffers that sessions borrow
one after another. Shapes are fixed in a graph: there is one for every number of tokens in use and every bucket of the
context's length, so short contexts do not pay for long ones.

A pair is recorded as a whole: where one of its models cannot be, the passes of all of them stay eager from then on, so
that what a trace's header says of the target's passes holds for the draft model's too. (Where the first capture that
fails comes behind the header, for a longer context, that header still names the recordings before it.)

With `captures` off the same functions run on the same buffers without a graph: so a machine without a GPU tests all
of it but the capture.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from threading import RLock
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor

from specdec.device.clock import synchronize
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.models.accelerator import FEW, Accelerator, Chain, ChainInputs, PassInputs
from specdec.models.kv_cache import SlotCache, bucketed
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.truncated import first_layers
from specdec.sampling import Choice

log = logging.getLogger(__name__)

BUCKET = 256  # slots that a context grows by: each of its lengths wants recordings of its own, so they stay few
CAPACITY = 4096  # slots that the buffers begin with, or fewer for a model that holds fewer
MOST = 128  # recordings of one cache; the oldest goes
WARM_UP = 2  # runs before the capture: libraries choose their kernels and take their memory then

Inputs = TypeVar("Inputs", bound=tuple)  # a NamedTuple of tensors; None where there is none
Run = Callable[[Inputs], tuple[Tensor, ...]]


def obstacle(pair: Pair) -> Message | None:
    """Why the passes of a pair on a GPU stay eager, in a few words; None where nothing stands in the way. A recorded
    pair also says what failed while it was run."""
    if isinstance(graphs := pair.target.accelerator, Graphs) and graphs.fate.failure is not None:
        return Message("graphs.failed", why=graphs.fate.failure)
    if os.environ.get("SPACES_ZERO_GPU"):
        return Message("graphs.lent")
    if pair.target.encoder_decoder:
        return Message("graphs.encoder")
    devices = {parameter.device for model in _models(pair) for parameter in model.module.parameters()}
    return Message("graphs.devices") if len(devices) > 1 else None


def _models(pair: Pair) -> list[LanguageModel]:
    return [model for model in (pair.target, pair.draft) if model is not None]


def recorded(pair: Pair, captures: bool = True) -> Pair:
    """The pair with passes that are recorded when they are first run, or as it is where that cannot be."""
    made = with_graphs(pair, captures)
    return pair if made is pair else replace(made, memory=pair.memory)


@lru_cache(maxsize=16)
def with_graphs(pair: Pair, captures: bool) -> Pair:
    """The same, made once: recordings are kept for the next runs."""
    if why := obstacle(pair):
        log.info("passes stay eager: %s", why)
        return pair
    fate = Fate()
    target, *draft = (_recorded(model, fate, captures) for model in _models(pair))
    first = None
    with suppress(UserError):  # a model whose layers cannot be told apart
        first = _recorded(first_layers(pair.target), fate, captures)
    return replace(pair, target=target, draft=draft[0] if draft else None, first=first)


@dataclass
class Fate:
    """What the models of a pair share. `failure`: why one of them could not be recorded; all are eager then. `aside`:
    seconds that recordings took so far."""

    failure: str | None = None
    aside: float = 0.0


def _recorded(model: LanguageModel, fate: Fate, captures: bool) -> LanguageModel:
    return replace(model, accelerator=Graphs(model, fate, captures))


class Work(NamedTuple):
    """What of an accelerator's work is recorded: a `chain` of so many guesses, chosen so; 0 for a single pass."""

    owner: int
    chain: int
    choice: Choice | None = None


class Place(NamedTuple):
    """What a recording is for: its work, the shapes of its inputs, and the slots of its cache."""

    work: Work
    shapes: tuple[torch.Size | None, ...]
    size: int


class Graphs(Accelerator):
    """The recordings of a model's passes, and the caches that they are recorded on, of which some are `free`."""

    def __init__(self, model: LanguageModel, fate: Fate, captures: bool = True) -> None:
        self.model, self.fate, self.captures = model, fate, captures
        self.free: list[SlotCache] = []
        self._pool = torch.cuda.graph_pool_handle() if captures else None  # one runs at a time, so they share memory
        self._lock = RLock()
        self._inside = False

    @property
    def mode(self) -> str:
        return "graphs" if self.fate.failure is None else "eager"

    @property
    def aside(self) -> float:
        return self.fate.aside

    def takes(self, cache: SlotCache, inputs: PassInputs) -> bool:
        return len(inputs.ids) <= FEW and cache.is_ready

    def lease(self) -> SlotCache:
        with self._lock:
            if not self.free:
                return SlotCache(self.model.layers, bucketed(min(CAPACITY, self.model.limit), BUCKET), BUCKET)
            cache = self.free.pop()
        cache.clear()
        return cache

    def release(self, cache: SlotCache) -> None:
        with self._lock:
            self.free.append(cache)

    def forward(self, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor]:
        return self._replay(cache, Work(id(self), chain=0), partial(_step, self.model, cache), inputs)

    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        return self._replay(cache, Work(id(self), length, choice), run, inputs)

    def _replay(self, cache: SlotCache, work: Work, run: Run, inputs: Inputs) -> tuple[Tensor, ...]:
        """run(inputs). A recording is made at the first call with these shapes and this length of context."""
        with self._lock:
            if self._inside or self.fate.failure is not None:
                return run(inputs)
            self._inside = True
            try:
                shapes = tuple(None if one is None else one.shape for one in inputs)
                return self._recording(cache, Place(work, shapes, cache.size), run, inputs)(inputs)
            finally:
                self._inside = False

    def _recording(self, cache: SlotCache, place: Place, run: Run, inputs: Inputs) -> Run:
        kept = cache.recordings
        if place not in kept:
            try:
                with self._aside(inputs[0].device):
                    kept[place] = Recording(run, inputs, self._pool, self.captures)
            except torch.OutOfMemoryError:  # which ends a run, and says nothing of the next one
                raise
            except RuntimeError as error:  # an operation that asks the host, say
                log.exception("the passes of %s cannot be recorded, and the pair stays eager", self.model.name)
                self.fate.failure = first_line(error)
                kept.clear()
                return run
            if len(kept) > MOST:
                del kept[next(iter(kept))]
        return kept[place]

    @contextmanager
    def _aside(self, device: torch.device) -> Iterator[None]:
        """What is done in here is on no run's clock."""
        synchronize(device)
        start = perf_counter()
        try:
            yield
        finally:
            synchronize(device)
            self.fate.aside += perf_counter() - start


def _step(model: LanguageModel, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor | None]:
    """An eager pass with all its logits and hidden states."""
    return model.eager(cache, inputs, outputs=0, keep_hidden=True)


class Recording:
    """A function of a NamedTuple of tensors, at fixed places. Raises RuntimeError for one that cannot be captured."""

    def __init__(self, run: Run, inputs: Inputs, pool: Any, captures: bool) -> None:
        self.run, self.graph = run, None
        self.inputs = inputs._make(None if one is None else one.clone() for one in inputs)
        self.device = torch.cuda.device(inputs[0].device) if captures else nullcontext()
        if captures:
            with self.device:
                self._capture(pool)

    def _capture(self, pool: Any) -> None:
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP):  # writes what the capture will write: the same keys into the same slots
                self.run(self.inputs)
        torch.cuda.current_stream().wait_stream(aside)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, pool=pool, capture_error_mode="thread_local"):
            self.outputs = self.run(self.inputs)

    def __call__(self, inputs: Inputs) -> tuple[Tensor, ...]:
        for place, one in zip(self.inputs, inputs, strict=True):
            if one is not None:
                place.copy_(one)
        with self.device:
            if self.graph is None:
                self.outputs = self.run(self.inputs)
            else:
                self.graph.replay()
            return tuple(one.clone() for one in self.outputs)  # the next one writes over them
