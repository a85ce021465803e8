"""Passes whose code is there."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from specdec.accelerate.artifact import Order, order
from specdec.accelerate.programs import GuessPass, Pass
from specdec.accelerate.verify_programs import Judging
from specdec.models.kv_cache import SlotCache
from specdec.models.language_model import FEW, Run, ShortPasses

ANY = None  # number of tokens
WIDTHS = 1, 5, 9  # of a target: a token, and one more than the usual draft lengths
LINKS = 4, 1  # of a chain that are guessed at once: a usual draft, or what is left of another


class CompiledPass(ShortPasses):
    """A pass whose code is there, over the weights of the eager one."""

    mode = "compiled"

    def __init__(self, one: Pass, guesses: Sequence[GuessPass] = (), beside: Iterable[Judging] = ()) -> None:
        self._worked_on = one.worked_on
        weights = dict(one.named_parameters(remove_duplicate=False)) | dict(one.named_buffers(remove_duplicate=False))
        self._run = _loaded({tokens: order(one, tokens) for tokens in (*WIDTHS, ANY)}, weights)
        self._guess = {(one.choice, one.model.vocab_size): _loaded(_links(one), weights) for one in guesses}
        judging = _loaded({each.key(tokens): order(each, tokens) for each in beside for tokens in WIDTHS}, {})
        self._beside = {key: _tidied(run) for key, run in judging.items()}

    def __call__(self, cache: SlotCache, ids: Tensor, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [T, V] and hidden states [T, H]; inputs as in `specdec.accelerate.programs`."""
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
        guess = self._guess.get((choice.kind, choice.size), {})
        if 1 not in guess or len(inputs[0]) > FEW:
            return run(*inputs)
        ids, slots, *flips = inputs
        if len(ids) > 1:  # the last token begins the chain; those before it only have to be in the cache
            before = slots[:-1]
            self(cache, ids[:-1], before, before, torch.arange(cache.size) <= before[:, None])
        coins = flips[0] if flips else torch.zeros(length, dtype=torch.float64)
        numbers, buffers = choice.numbers(), self._worked_on(cache)
        token, slot, links = ids[-1:], slots[-1:], []
        for part in coins.split(_parts(length, tuple(guess))):
            tokens, laws, slot = guess[len(part)]([token, slot, part, numbers, *buffers])
            token = tokens[-1:]
            links.append((tokens, laws))
        return links[0] if len(links) == 1 else tuple(map(torch.cat, zip(*links, strict=True)))

    def code(self, key: Hashable) -> Run | None:
        return self._beside.get(key)


def _links(one: GuessPass) -> dict[int, Order]:
    return {count: order(one, count) for count in LINKS}


@cache
def _parts(length: int, sizes: tuple[int, ...]) -> list[int]:
    """A chain in as few parts of these sizes, largest first, as there can be.

    >>> _parts(6, (4, 1)), _parts(2, (4, 1))
    ([4, 1, 1], [1, 1])
    """
    parts = []
    for size in sizes:
        parts += (length - sum(parts)) // size * [size]
    return parts


def _loaded(orders: Mapping[Any, Order], weights: Mapping[str, Tensor]) -> dict[Any, Run]:
    """What of it is made."""
    return {name: _load(one.path, weights) for name, one in orders.items() if one.is_made}


def _tidied(run: Run) -> Run:
    """Code reads numbers where they lay when it was traced: one behind the other."""
    return lambda inputs: run([one.contiguous() for one in inputs])


@cache
def _filling(count: int, width: int) -> tuple[Tensor, Tensor]:
    """The last token again and again, and how many slots behind it each of them is written: where nobody looks."""
    places = torch.arange(width)
    return places.clamp(max=count - 1), (places - count + 1).clamp(min=0)


def _load(path: Path, weights: Mapping[str, Tensor]) -> Run:
    """A function of a flat list of tensors."""
    code = torch._inductor.aoti_load_package(str(path))
    if weights:
        wanted = {name: weights[name].detach() for name in code.get_constant_fqns()}
        code.load_constants(wanted, check_full_update=True, user_managed=True)
    return code.loader.run  # the package's own call takes trees of tensors apart, which costs as much as a layer
