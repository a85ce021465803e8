"""Passes whose code is there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from specdec.accelerate.artifact import Order, order
from specdec.accelerate.programs import GuessPass, Pass
from specdec.accelerate.verify_programs import ExcerptProgram, VerdictsProgram
from specdec.engine.recorder import Excerpt, Places
from specdec.models.accelerator import FEW, Accelerator, Chain, ChainInputs, Judge, PassInputs
from specdec.models.kv_cache import SlotCache
from specdec.sampling import Choice
from specdec.verify.judgment import Judgment

Run = Callable[[list[Tensor]], list[Tensor]]

ANY = None  # number of tokens
WIDTHS = 1, 5, 9  # of a target: a token, and one more than the usual draft lengths
LINKS = 4, 1  # of a chain that are guessed at once: a usual draft, or what is left of another


class CompiledPass(Accelerator):
    """A pass whose code is there, over the weights of the eager one, and the code of what follows it, as far as that
    is there. passes: by the number of tokens, ANY for any; links: of a chain, by kind of choice and size of
    vocabulary, then by their number; judges: by rule, kind of choice and number of guesses; excerpts: by the number of
    guesses."""

    mode = "compiled"

    def __init__(
        self,
        one: Pass,
        guesses: Sequence[GuessPass] = (),
        verdicts: Iterable[VerdictsProgram] = (),
        excerpt: ExcerptProgram | None = None,
    ) -> None:
        self._worked_on = one.worked_on
        weights = dict(one.named_parameters(remove_duplicate=False)) | dict(one.named_buffers(remove_duplicate=False))
        self.passes = _loaded({tokens: order(one, tokens) for tokens in (*WIDTHS, ANY)}, weights)
        self.links = {(each.choice, each.model.vocab_size): _loaded(_orders(each), weights) for each in guesses}
        judges = {(each.rule, each.choice, tokens - 1): order(each, tokens) for each in verdicts for tokens in WIDTHS}
        self.judges = {which: _judge(run) for which, run in _loaded(judges, {}).items()}
        excerpts = {tokens - 1: order(excerpt, tokens) for tokens in WIDTHS} if excerpt else {}
        self.excerpts = {guesses: _excerpt(run) for guesses, run in _loaded(excerpts, {}).items()}

    def takes(self, cache: SlotCache, inputs: PassInputs) -> bool:
        return len(inputs.ids) <= FEW and cache.is_ready

    def forward(self, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor]:
        count = len(inputs.ids)
        width = self._width(count, cache.size - int(inputs.slots[-1]))
        if width not in (count, ANY):
            inputs = _filled(inputs, width)
        logits, hidden = self.passes[width]([*inputs.tensors(), *self._worked_on(cache)])
        return logits[:count], hidden[:count]

    def _width(self, count: int, room: int) -> int | None:
        """What a pass over `count` tokens is filled up to; `room`: slots from that of its last token on."""
        fitting = (width for width in WIDTHS if width in self.passes and 0 <= width - count < room)
        return next(fitting, ANY)

    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        """Several links at once, where there is code for them."""
        links = self.links.get((choice.kind, choice.size), {})
        if 1 not in links or len(inputs.ids) > FEW:
            return run(inputs)
        ids, slots, coins = inputs
        if len(ids) > 1:  # the last token begins the chain; those before it only have to be in the cache
            before = slots[:-1]
            self.forward(cache, PassInputs(ids[:-1], before, before, torch.arange(cache.size) <= before[:, None]))
        coins = torch.zeros(length, dtype=torch.float64) if coins is None else coins
        numbers, buffers = choice.numbers(), self._worked_on(cache)
        token, slot, made = ids[-1:], slots[-1:], []
        for part in coins.split(_parts(length, tuple(links))):
            tokens, laws, slot = links[len(part)]([token, slot, part, numbers, *buffers])
            token = tokens[-1:]
            made.append((tokens, laws))
        return made[0] if len(made) == 1 else tuple(map(torch.cat, zip(*made, strict=True)))

    def verdicts(self, rule: str, kind: str | None, guesses: int) -> Judge | None:
        return self.judges.get((rule, kind, guesses))

    def excerpt(self, guesses: int) -> Callable[[Places], Excerpt] | None:
        return self.excerpts.get(guesses)


def _orders(one: GuessPass) -> dict[int, Order]:
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


def _judge(run: Run) -> Judge:
    """Verdicts by code that reads its inputs where they lay when it was traced: one behind the other."""

    def judge(logits: Tensor, ids: Tensor, q: Tensor, coins: Tensor | None, choice: Choice) -> tuple[Tensor, Judgment]:
        drawn = [] if coins is None else [q, coins, choice.numbers()]
        p, kept, tried, final, row, *accept = run([one.contiguous() for one in (logits, ids, *drawn)])
        return p, Judgment(kept, tried, *accept or [None], final, row)

    return judge


def _excerpt(run: Run) -> Callable[[Places], Excerpt]:
    return lambda places: Excerpt(*run([one.contiguous() for one in places]))


def _filled(inputs: PassInputs, width: int) -> PassInputs:
    """The last token again and again, each written behind the one before: where nobody looks."""
    rows, behind = _filling(len(inputs.ids), width)
    filled = inputs._make(None if one is None else one.index_select(0, rows) for one in inputs)
    return filled._replace(slots=filled.slots + behind)


@cache
def _filling(count: int, width: int) -> tuple[Tensor, Tensor]:
    """Which row of a pass fills each place up to the width, and how many slots behind it."""
    places = torch.arange(width)
    return places.clamp(max=count - 1), (places - count + 1).clamp(min=0)


def _loaded(orders: Mapping[Any, Order], weights: Mapping[str, Tensor]) -> dict[Any, Run]:
    """What of it is made."""
    return {name: load(one.path, weights) for name, one in orders.items() if one.is_made}


def load(path: Path, weights: Mapping[str, Tensor]) -> Run:
    """A function of a flat list of tensors."""
    code = torch._inductor.aoti_load_package(str(path))
    if weights:
        wanted = {name: weights[name].detach() for name in code.get_constant_fqns()}
        code.load_constants(wanted, check_full_update=True, user_managed=True)
    return code.loader.run  # the package's own call takes trees of tensors apart, which costs as much as a layer
