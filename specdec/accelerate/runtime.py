"""The accelerator that runs passes with compiled code on a CPU."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from specdec.accelerate.artifact import Order, order
from specdec.accelerate.programs import GuessPass, Pass
from specdec.accelerate.verify_programs import ExcerptProgram, VerdictsProgram
from specdec.engine.recorder import Distributions, Excerpt
from specdec.models.accelerator import FEW, Accelerator, Chain, ChainInputs, Judge, PassInputs
from specdec.models.kv_cache import SlotCache
from specdec.sampling import Choice
from specdec.verify.judgment import Judgment

Run = Callable[[list[Tensor]], list[Tensor]]

ANY = None  # in place of a width: the code for any number of tokens
WIDTHS = 1, 5, 9  # tokens of a target's pass: a single one, and one more than the usual draft lengths
LINKS = 4, 1  # guesses of a chain that one call makes: a usual draft, or the rest of a draft of another length


class CompiledPass(Accelerator):
    """Runs a model's passes with compiled code over the weights of the eager model, and also the computations after a
    pass if their artifacts exist.

    passes: by the number of tokens, or ANY; links (steps of a chain): by kind of choice and size of vocabulary, then
    by their number; judges: by rule, kind of choice and number of guesses; excerpts: by the number of guesses.
    """

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
        self.links: dict[tuple[str | None, int], dict[int, Run]] = {
            (each.choice, each.model.vocab_size): _loaded(_orders(each), weights) for each in guesses
        }
        judges = {(each.rule, each.choice, tokens - 1): order(each, tokens) for each in verdicts for tokens in WIDTHS}
        self.judges = {which: _judge(run) for which, run in _loaded(judges, {}).items()}
        excerpts = {tokens - 1: order(excerpt, tokens) for tokens in WIDTHS} if excerpt else {}
        self.excerpts = {guesses: _excerpt(run) for guesses, run in _loaded(excerpts, {}).items()}

    def takes(self, cache: SlotCache, inputs: PassInputs) -> bool:
        return len(inputs.ids) <= FEW and cache.is_ready

    def forward(self, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor]:
        count = len(inputs.ids)
        width = self._width(count, cache.size - int(inputs.slots[-1]))
        if width is not None and width != count:  # None is ANY
            inputs = _filled(inputs, width)
        logits, hidden = self.passes[width]([*inputs.tensors(), *self._worked_on(cache)])
        return logits[:count], hidden[:count]

    def _width(self, count: int, room: int) -> int | None:
        """The width to which a pass over `count` tokens is padded, or ANY; `room`: the number of slots from that of
        its last token to the end of the cache."""
        fitting = (width for width in WIDTHS if width in self.passes and 0 <= width - count < room)
        return next(fitting, ANY)

    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        """A chain of guesses, several in one call where there is code for it; else run(inputs)."""
        links = self.links.get((choice.kind, choice.size), {})
        if 1 not in links or len(inputs.ids) > FEW:
            return run(inputs)
        ids, slots, coins = inputs
        if len(ids) > 1:  # the last token begins the chain; those before it only have to be written to the cache
            before = slots[:-1]
            self.forward(cache, PassInputs(ids[:-1], before, before, torch.arange(cache.size) <= before[:, None]))
        coins = torch.zeros(length, dtype=torch.float64) if coins is None else coins
        numbers, buffers = choice.numbers(), self._worked_on(cache)
        token, slot, made = ids[-1:], slots[-1:], []
        for part in coins.split(_parts(length, tuple(links))):
            tokens, q, slot = links[len(part)]([token, slot, part, numbers, *buffers])
            token = tokens[-1:]
            made.append((tokens, q))
        if len(made) == 1:
            return made[0]
        chosen, distributions = zip(*made, strict=True)
        return torch.cat(chosen), torch.cat(distributions)

    def verdicts(self, rule: str, kind: str | None, guesses: int) -> Judge | None:
        return self.judges.get((rule, kind, guesses))

    def excerpt(self, guesses: int) -> Callable[[Distributions], Excerpt] | None:
        return self.excerpts.get(guesses)


def _orders(one: GuessPass) -> dict[int, Order]:
    return {count: order(one, count) for count in LINKS}


@cache
def _parts(length: int, sizes: tuple[int, ...]) -> list[int]:
    """A chain's length split into as few parts of these sizes as possible, largest first.

    >>> _parts(6, (4, 1)), _parts(2, (4, 1))
    ([4, 1, 1], [1, 1])
    """
    parts: list[int] = []
    for size in sizes:
        parts += (length - sum(parts)) // size * [size]
    return parts


def _judge(run: Run) -> Judge:
    """A function that judges with compiled code. The inputs are made contiguous, as they were in tracing."""

    def judge(logits: Tensor, ids: Tensor, q: Tensor, coins: Tensor | None, choice: Choice) -> tuple[Tensor, Judgment]:
        drawn = [] if coins is None else [q, coins, choice.numbers()]
        p, kept, tried, final, row, *accept = run([one.contiguous() for one in (logits, ids, *drawn)])
        return p, Judgment(kept, tried, accept[0] if accept else None, final, row)

    return judge


def _excerpt(run: Run) -> Callable[[Distributions], Excerpt]:
    return lambda places: Excerpt(*run([one.contiguous() for one in places]))


def _filled(inputs: PassInputs, width: int) -> PassInputs:
    """The inputs padded to `width` with copies of the last token. Their keys go into the slots after it, which nothing
    reads before they are overwritten."""
    rows, offsets = _filling(len(inputs.ids), width)
    filled = PassInputs._make(None if one is None else one.index_select(0, rows) for one in inputs)
    return filled._replace(slots=filled.slots + offsets)


@cache
def _filling(count: int, width: int) -> tuple[Tensor, Tensor]:
    """For each place of a padded pass, the row of the original pass that it copies, [width], and the number of slots
    by which its slot comes after that row's, [width]."""
    places = torch.arange(width)
    return places.clamp(max=count - 1), (places - count + 1).clamp(min=0)


def _loaded(orders: Mapping[Any, Order], weights: Mapping[str, Tensor]) -> dict[Any, Run]:
    """The compiled functions whose artifacts exist, by the same names."""
    return {name: load(one.path, weights) for name, one in orders.items() if one.is_made}


def load(path: Path, weights: Mapping[str, Tensor]) -> Run:
    """Load an artifact as a function of a flat list of tensors, using these weights."""
    code = torch._inductor.aoti_load_package(str(path))
    if weights:
        wanted = {name: weights[name].detach() for name in code.get_constant_fqns()}
        code.load_constants(wanted, check_full_update=True, user_managed=True)
    return code.loader.run  # calling the package itself flattens pytrees, which takes as long as a layer
