"""Passes as compiled code, for a processor: the same step function, a quarter of the time for a small model.

A pass over few tokens of a small model is mostly the host's time, spent between the operations, and products of a few
rows, which no library is made for. AOTInductor turns the whole pass into one function and writes the products itself.
That wants a fixed number of tokens: there is a piece of code for each of a few WIDTHS, and a pass over fewer tokens is
filled up to the next one. A last piece, for any number, leaves the products to the library. The length of the context
stays free. So do the weights, which stay where they are.

Making a piece takes the better part of a minute, so it happens in a process of its own, and the result is kept on disk
for the next start; whoever waits for nobody runs eagerly meanwhile.

A pair never changes under a measurement: `compiled` returns another pair once more of its code is there.
"""

import atexit
import copy
import hashlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Lock, Thread
from typing import Any

import torch
import transformers
from torch import Tensor

from specdec import hardware
from specdec.errors import UserError
from specdec.models import graphs
from specdec.models.cache import SlotCache
from specdec.models.first_layers import first_layers
from specdec.models.heads import EagleHead
from specdec.models.language_model import FEW, LanguageModel, ShortPasses
from specdec.models.loading import Pair
from specdec.models.passes import EaglePass, GuessPass, ModelPass, Pass
from specdec.words import say

log = logging.getLogger(__name__)

ANY = None  # number of tokens
FIRST = 1, ANY  # numbers that passes begin with: they can do without the others
WIDTHS = 1, 5, 9  # of a target: a token, and one more than the usual draft lengths
BEHIND = 1, 5  # of who guesses: a token, and what was kept of a usual draft
FORMAT = 2  # of the files; another number makes all of them anew
LARGEST = 500_000_000  # parameters; above, the products are nearly all of a pass

Run = Callable[[list[Tensor]], list[Tensor]]


@dataclass(frozen=True)
class Order:
    """What a piece of code depends on, as JSON, and where it lies when it is made."""

    text: str

    @property
    def key(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:20]

    @property
    def path(self) -> Path:
        return folder() / f"{self.key}.pt2"

    @property
    def refusal(self) -> Path:
        """Written where the code cannot be made: it is not tried again."""
        return folder() / f"{self.key}.failed"

    @property
    def is_made(self) -> bool:
        return self.path.is_file()


def folder() -> Path:
    """Where code is kept between starts: $SPECDEC_CACHE, else the user's cache."""
    if own := os.environ.get("SPECDEC_CACHE"):
        return Path(own) / "compiled"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "specdec" / "compiled"


def obstacle(pair: Pair) -> str | None:
    """Why the passes of a pair stay eager, in a few words; None where nothing stands in the way."""
    models = [model for model in (pair.target, pair.draft) if model is not None]
    if pair.target.device.type == "cuda":
        return graphs.obstacle(pair)
    if any(model.device.type != "cpu" for model in models):
        return say("compiled.device")
    if any(model.parameters > LARGEST for model in models):
        return say("compiled.large", most=f"{LARGEST // 10**6}")
    if _compiler() is None:
        return say("compiled.no_compiler")
    refused = [one.refusal for one in _needed(pair) if one.refusal.exists()]
    return say("compiled.failed", why=refused[0].read_text(encoding="utf-8").strip()) if refused else None


def remark(pair: Pair) -> str:
    """The same as a sentence; "" where nothing stands in the way, and the code is made or not yet."""
    why = obstacle(pair)
    return say("compiled.eager", why=why) if why else ""


@lru_cache
def _compiler() -> str | None:
    """The one that PyTorch will call; what makes the code needs a POSIX system as well."""
    return shutil.which(os.environ.get("CXX") or "g++") if os.name == "posix" else None


def order(one: Pass, tokens: int | None) -> Order:
    """Shapes, number format, machine and versions; never the weights: models of one shape share their code."""
    facts = {
        "format": FORMAT,
        "tokens": tokens,
        "shapes": one.shapes(),
        "dtype": str(one.dtype).removeprefix("torch."),
        "threads": torch.get_num_threads(),
        "machine": [hardware.name_of(torch.device("cpu")), torch.backends.cpu.get_cpu_capability()],
        "versions": [torch.__version__, transformers.__version__],
    }
    return Order(json.dumps(facts, sort_keys=True, default=str))


def _models(pair: Pair) -> list[ModelPass]:
    return [ModelPass(model) for model in (pair.target, pair.draft) if model is not None]


def _others(pair: Pair) -> list[Pass]:
    """An EAGLE head, and the first layers of a target that can leave early."""
    module, found = pair.target.module, []
    if pair.eagle is not None:
        found.append(EaglePass(pair.eagle, module.get_input_embeddings(), module.get_output_embeddings()))
    if not pair.target.encoder_decoder:
        with suppress(UserError):
            found.append(ModelPass(first_layers(pair.target)))
    return found


def _guesses(model: LanguageModel) -> list[GuessPass]:
    return [GuessPass(model, drawn) for drawn in (False, True)]


def _needed(pair: Pair) -> list[Order]:
    """What has to be there before a pair is run as compiled."""
    return [order(one, tokens) for one in _models(pair) for tokens in FIRST]


def _orders(pair: Pair) -> list[Order]:
    """All its code, in the order in which it is missed."""
    target, *draft = _models(pair)
    guesses = [order(one, 1) for model in draft for one in _guesses(model.model)]
    wider = [order(target, tokens) for tokens in WIDTHS] + [order(one, tokens) for one in draft for tokens in BEHIND]
    rest = [order(one, tokens) for one in _others(pair) for tokens in (*FIRST, *BEHIND)]
    return list(dict.fromkeys([*_needed(pair), *guesses, *wider, *rest]))


def _is_ready(one: Pass) -> bool:
    return all(order(one, tokens).is_made for tokens in FIRST)


# ------------------------------------------------------------------------------------------------ using it


class CompiledPass(ShortPasses):
    """A pass whose code is there, over the weights of the eager one."""

    mode = "compiled"

    def __init__(self, one: Pass, guesses: Sequence[GuessPass] = ()) -> None:
        self._worked_on = one.worked_on
        weights = dict(one.named_parameters(remove_duplicate=False)) | dict(one.named_buffers(remove_duplicate=False))
        self._run = _loaded({tokens: order(one, tokens) for tokens in (*WIDTHS, ANY)}, weights)
        self._guess = _loaded({(each.drawn, each.model.vocab_size): order(each, 1) for each in guesses}, weights)

    def __call__(self, cache: SlotCache, ids: Tensor, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [T, V] and hidden states [T, H]; inputs as in `specdec.models.passes`."""
        given, count = [ids, *inputs], len(ids)
        width = self._width(count, cache.size - int(inputs[-3][-1]))
        if width not in (count, ANY):
            rows, behind = _filling(count, width)
            given = [one.index_select(0, rows) for one in given]
            given[-3] += behind
        logits, hidden = self._run[width]([*given, *self._worked_on(cache)])
        return logits[:count], hidden[:count]

    def _width(self, count: int, room: int) -> int | None:
        """What a pass over `count` tokens is filled up to; `room`: slots from that of its last token on."""
        fitting = (width for width in WIDTHS if width in self._run and 0 <= width - count < room)
        return next(fitting, ANY)

    def replay(self, cache: SlotCache, key: Hashable, run: Callable, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """A chain, where there is code for its links."""
        choice, length = key
        guess = self._guess.get((choice.is_drawn, choice.size))
        if guess is None or len(inputs[0]) > FEW:
            return run(*inputs)
        ids, slots, *flips = inputs
        if len(ids) > 1:  # the last token begins the chain; those before it only have to be in the cache
            before = slots[:-1]
            self(cache, ids[:-1], before, before, torch.arange(cache.size) <= before[:, None])
        coins = flips[0].split(1) if flips else length * [torch.zeros(1, dtype=torch.float64)]
        temperature, buffers = torch.tensor(choice.temperature), self._worked_on(cache)
        token, slot, links = ids[-1:], slots[-1:], []
        for coin in coins:
            token, law, slot = guess([token, slot, coin, temperature, *buffers])
            links.append((token, law))
        return tuple(map(torch.cat, zip(*links, strict=True)))


def _loaded(orders: dict[Any, Order], weights: dict[str, Tensor]) -> dict[Any, Run]:
    """What of it is made."""
    return {name: _load(one.path, weights) for name, one in orders.items() if one.is_made}


@cache
def _filling(count: int, width: int) -> tuple[Tensor, Tensor]:
    """The last token again and again, and how many slots behind it each of them is written: where nobody looks."""
    places = torch.arange(width)
    return places.clamp(max=count - 1), (places - count + 1).clamp(min=0)


def _load(path: Path, weights: dict[str, Tensor]) -> Run:
    """A function of a flat list of tensors."""
    code = torch._inductor.aoti_load_package(str(path))
    wanted = {name: weights[name].detach() for name in code.get_constant_fqns()}
    code.load_constants(wanted, check_full_update=True, user_managed=True)
    return code.loader.run  # the package's own call takes trees of tensors apart, which costs as much as a layer


def compiled(pair: Pair) -> Pair:
    """The pair with quicker passes than eager ones: on a processor compiled, if the code of its models is there; on
    CUDA recorded; else the pair as it is."""
    if pair.target.device.type == "cuda":
        return graphs.recorded(pair)
    if obstacle(pair) or not all(map(_is_ready, _models(pair))):
        return pair
    try:
        return _with_code(pair, sum(one.is_made for one in _orders(pair)))
    except (RuntimeError, OSError):
        log.exception("the compiled passes could not be loaded")
        for one in _orders(pair):
            _throw_away(one)
        return pair


@lru_cache(maxsize=16)
def _with_code(pair: Pair, pieces: int) -> Pair:
    """`pieces`: how many are made; more of them make another pair."""
    made = {type(one): one for one in _others(pair) if _is_ready(one)}
    draft = _compiled_model(pair.draft, _guesses(pair.draft)) if pair.draft is not None else None
    eagle = _compiled_head(made[EaglePass]) if EaglePass in made else pair.eagle
    first = _compiled_model(made[ModelPass].model) if ModelPass in made else None
    return replace(pair, target=_compiled_model(pair.target), draft=draft, eagle=eagle, first=first)


def _compiled_model(model: LanguageModel, guesses: Sequence[GuessPass] = ()) -> LanguageModel:
    return replace(model, compiled=CompiledPass(ModelPass(model), guesses))


def _compiled_head(one: EaglePass) -> EagleHead:
    """The same head, with the same weights, and its code."""
    head = copy.copy(one.head)
    head.compiled = CompiledPass(one)
    return head


# ------------------------------------------------------------------------------------------------ making it

_waiting: SimpleQueue[Order] = SimpleQueue()
_ordered: set[str] = set()  # in this process, made or not
_lock = Lock()
_running: list[subprocess.Popen] = []
_measured = 0  # runs that want the machine for themselves
_calm = Condition()  # guards the two above


def make_in_background(pair: Pair) -> None:
    """Order what is missing; `compiled` finds it one day. Asked twice, it is made once."""
    with _lock:
        for one in missing(pair):
            if one.key not in _ordered:
                _ordered.add(one.key)
                _waiting.put(one)
                _start()


@cache
def _start() -> None:
    Thread(target=_work, name="compile", daemon=True).start()
    atexit.register(_stop)


def _work() -> None:
    while True:
        one = _waiting.get()
        try:
            _make(one)
        except OSError as error:  # a cache that cannot be written, say
            log.warning("passes stay eager, their code could not be kept: %s", error)


def make(pair: Pair) -> Pair:
    """The same, but what is missing is made first, also what could not be made before. Raises UserError where that
    cannot be."""
    try:
        for one in _orders(pair):
            one.refusal.unlink(missing_ok=True)
        for one in missing(pair):
            _make(one)
    except OSError as error:
        raise UserError(say("errors.cannot_compile", why=error)) from None
    if why := obstacle(pair):
        raise UserError(say("errors.cannot_compile", why=why))
    return compiled(pair)


def missing(pair: Pair) -> list[Order]:
    """What has to be made before `compiled` finds it; nothing where nothing can be."""
    if pair.target.device.type == "cuda":
        return []  # passes are recorded as they are run
    return [] if obstacle(pair) else [one for one in _orders(pair) if not one.is_made and not one.refusal.exists()]


def _make(one: Order) -> None:
    """In a process of its own, behind everything else that runs. Raises OSError where its file cannot be kept."""
    folder().mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "specdec.models.compiling", str(one.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with _calm:
        _calm.wait_for(lambda: not _measured)
        process = subprocess.Popen(command, start_new_session=True, **pipes)
        _running.append(process)
    _, errors = process.communicate(one.text.encode())
    with _calm:
        _running.remove(process)
    _ordered.add(one.key)
    if process.returncode > 0:  # one that was stopped from outside may be tried again
        _refuse(one, (errors.decode(errors="replace").strip().splitlines() or [""])[-1])


def _refuse(one: Order, why: str) -> None:
    one.refusal.write_text(why + "\n", encoding="utf-8")
    log.warning("passes stay eager, their code could not be compiled: %s", why)


def _throw_away(one: Order) -> None:
    """Code that cannot be loaded: a file that was cut short is made anew, what was made just now would fail again."""
    with suppress(OSError):
        one.path.unlink(missing_ok=True)
        if one.key in _ordered:
            _refuse(one, say("compiled.unloadable"))


@contextmanager
def quiet() -> Iterator[None]:
    """While open, nothing is made: a run that is measured has the machine for itself."""
    global _measured
    with _calm:
        _measured += 1
        _signal("SIGSTOP")
    try:
        yield
    finally:
        with _calm:
            _measured -= 1
            if not _measured:
                _signal("SIGCONT")
                _calm.notify_all()


def _stop() -> None:
    _signal("SIGTERM")
    _signal("SIGCONT")  # one that stands still hears nothing


def _signal(name: str) -> None:
    """To the processes, and to the compilers that they run."""
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, getattr(signal, name))
