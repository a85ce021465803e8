"""CUDA graphs of a model's passes. Without them, a GPU that runs a small model waits for the host, which launches
every operation separately.

A graph records all launches of a function and repeats them with a single launch. It reads and writes the same
addresses as when it was recorded. So inputs are copied to fixed buffers, and keys and values stay in caches that
sessions lease one after another. The shapes of a graph are fixed: there is one for every number of tokens in use and
every bucket of the context's length, so that short contexts do not take the time of long ones.

A pair is recorded as a whole: if one of its models cannot be recorded, the passes of all of them stay eager from then
on, so that the mode in a trace's header holds for the draft model too. (If a capture fails for the first time after
the header was written, for a longer context, that header still says `graphs`.)

With `captures` off, the same functions run on the same buffers without a graph, so that everything but the capture can
be tested on a machine without a GPU.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from threading import RLock
from time import perf_counter
from typing import Any, NamedTuple

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

BUCKET = 256  # slots that a context grows by; a large number, since each length needs its own recordings
CAPACITY = 4096  # slots that the buffers begin with, or the model's context length if that is shorter
MOST = 128  # recordings of one cache; beyond that the oldest is dropped
WARM_UP = 2  # runs before the capture, in which libraries choose their kernels and allocate memory

Inputs = Any  # a NamedTuple of tensors, of which some may be None
Run = Callable[[Inputs], Any]  # → tensors


def obstacle(pair: Pair) -> Message | None:
    """The reason why the passes of a pair on a GPU stay eager, in a few words; None if they can be recorded. For a
    recorded pair it is the error of the first recording that failed."""
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
    """The pair with passes that are recorded when they first run; the pair unchanged if that is not possible."""
    made = with_graphs(pair, captures)
    return pair if made is pair else replace(made, memory=pair.memory)


@lru_cache(maxsize=16)
def with_graphs(pair: Pair, captures: bool) -> Pair:
    """The pair with passes that are recorded, cached so that its recordings are kept for the next runs."""
    if why := obstacle(pair):
        log.info("passes stay eager: %s", why)
        return pair
    fate = Fate()
    target, *draft = (_recorded(model, fate, captures) for model in _models(pair))
    first = None
    with suppress(UserError):  # a model whose first layers cannot be run by themselves
        first = _recorded(first_layers(pair.target), fate, captures)
    return replace(pair, target=target, draft=draft[0] if draft else None, first=first)


@dataclass
class Fate:
    """State shared by the models of a pair. failure: why one of them could not be recorded, after which all are eager;
    aside: the seconds that recordings took so far."""

    failure: str | None = None
    aside: float = 0.0


def _recorded(model: LanguageModel, fate: Fate, captures: bool) -> LanguageModel:
    return replace(model, accelerator=Graphs(model, fate, captures))


class Work(NamedTuple):
    """The work that a recording does: for the accelerator `owner` (its id), a chain of `chain` guesses chosen by
    `choice`, or a single pass if `chain` is 0."""

    owner: int
    chain: int
    choice: Choice | None = None


class Place(NamedTuple):
    """The key of a recording: its work, the shapes of its inputs, and the number of slots of its cache."""

    work: Work
    shapes: tuple[torch.Size | None, ...]
    size: int


class Graphs(Accelerator):
    """The accelerator that records a model's passes as CUDA graphs. Recordings belong to a cache; `free` holds the
    caches that no session is using."""

    def __init__(self, model: LanguageModel, fate: Fate, captures: bool = True) -> None:
        self.model, self.fate, self.captures = model, fate, captures
        self.free: list[SlotCache] = []
        self._pool = torch.cuda.graph_pool_handle() if captures else None  # shared, since graphs run one at a time
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

    def _replay(self, cache: SlotCache, work: Work, run: Run, inputs: Inputs) -> Any:
        """The result of run(inputs), from a recording. The first call with these shapes and this length of context
        makes the recording; calls inside a recording run directly."""
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
            except torch.OutOfMemoryError:  # it ends this run, but the next one may still be recorded
                raise
            except RuntimeError as error:  # an operation that synchronizes with the host, for instance
                log.exception("the passes of %s cannot be recorded, and the pair stays eager", self.model.name)
                self.fate.failure = first_line(error)
                kept.clear()
                return run
            if len(kept) > MOST:
                del kept[next(iter(kept))]
        return kept[place]

    @contextmanager
    def _aside(self, device: torch.device) -> Iterator[None]:
        """A context whose duration is added to `aside`, and so is not counted in any run's time."""
        synchronize(device)
        start = perf_counter()
        try:
            yield
        finally:
            synchronize(device)
            self.fate.aside += perf_counter() - start


def _step(model: LanguageModel, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor | None]:
    """An eager pass that returns the logits [T, V] and hidden states [T, H] of all its tokens."""
    return model.eager(cache, inputs, outputs=0, keep_hidden=True)


class Recording:
    """A recorded function of a NamedTuple of tensors, with fixed buffers for inputs and outputs. Raises RuntimeError
    for a function that cannot be captured."""

    def __init__(self, run: Run, inputs: Inputs, pool: Any, captures: bool) -> None:
        self.run = run
        self.graph: Any = None
        self.inputs = inputs._make(None if one is None else one.clone() for one in inputs)
        self.device = torch.cuda.device(inputs[0].device) if captures else nullcontext()
        if captures:
            with self.device:
                self._capture(pool)

    def _capture(self, pool: Any) -> None:
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP):  # harmless: it writes the same keys into the same slots as the capture
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
            return tuple(one.clone() for one in self.outputs)  # the next replay overwrites the outputs
