"""Logits → probabilities → a token, with the coin as an argument.

Shapes: logits and p are [..., V]; a coin u is in [0, 1).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from specdec.device.transfer import upload
from specdec.settings import Settings

FEW = 512  # tokens that mostly hold the mass that top-p asks for


class Coins:
    """Two independent streams of uniform numbers: one for the drafter, one for the judge.

    One stream for both would let the judge's coin depend on the very number that chose the token, which biases the
    output. Numbers are float64 in [0, 1), drawn on the host, so a run is the same on every device.

    `drafted` and `judged` count the numbers that were taken of each stream; begun with such counts, both go on from
    there, as if that many had been taken.

    >>> coins = Coins(7)
    >>> taken = coins.draft(2), coins.judge(5)
    >>> coins.fork().draft(3) == coins.draft(3) == Coins(7, drafted=2).draft(3)
    True
    """

    def __init__(self, seed: int, *, drafted: int = 0, judged: int = 0) -> None:
        self.seed, self.drafted, self.judged = seed, drafted, judged
        draft, judge = np.random.SeedSequence(seed).spawn(2)
        self._draft, self._judge = _stream(draft, drafted), _stream(judge, judged)

    def draft(self, count: int) -> list[float]:
        self.drafted += count
        return self._draft.random(count).tolist()

    def judge(self, count: int) -> list[float]:
        self.judged += count
        return self._judge.random(count).tolist()

    def fork(self) -> "Coins":
        """Coins that go on from here by themselves."""
        return Coins(self.seed, drafted=self.drafted, judged=self.judged)


def _stream(seed: np.random.SeedSequence, taken: int) -> np.random.Generator:
    """Uniform numbers of which so many are taken already: each of them is one step of the generator."""
    return np.random.Generator(np.random.PCG64(seed).advance(taken))


class Choice(NamedTuple):
    """How a token is chosen of `size`: all that it depends on besides logits and a coin."""

    rule: str
    temperature: float
    top_k: int
    top_p: float
    min_p: float
    size: int

    @classmethod
    def of(cls, settings: Settings, size: int) -> "Choice":
        return cls(settings.rule, settings.temperature, settings.top_k, settings.top_p, settings.min_p, size)

    @property
    def kind(self) -> str | None:
        """Of KINDS, or None for any other: `greedy`, the most probable token, guessed with the softmax of the logits;
        `whole`, drawn from the softmax of logits / temperature; `nucleus`, from the top-p of that."""
        if self.rule == "greedy":
            return "greedy"
        if self.temperature == 0 or (self.top_k, self.min_p) != (0, 0.0):
            return None
        return "whole" if self.top_p == 1 else "nucleus"

    def numbers(self) -> Tensor:
        """Temperature and top-p, [2]: what `law` wants to know besides the kind."""
        return torch.tensor([self.temperature, self.top_p])


KINDS = "nucleus", "greedy", "whole"  # first what a page begins with


def exact(device: torch.device) -> torch.dtype:
    """The widest float of a device: float64, but float32 on Apple's GPUs, which have no other."""
    return torch.float32 if device.type == "mps" else torch.float64


def tossed(coins: Sequence[float], device: torch.device) -> Tensor:
    """Coins on a device, in its widest float, and still below 1 where that is a short one."""
    made = upload(coins, exact(device), device)
    return made if made.dtype == torch.float64 else made.clamp(max=1 - torch.finfo(made.dtype).eps / 2)


def distribution(logits: Tensor, settings: Settings) -> Tensor:
    """The distribution a run decodes from, float32 [..., V].

    Under the greedy rule only the order of p matters, so p is the model's own softmax: that is what a reader wants
    to see beside a match or a mismatch.
    """
    if settings.rule == "greedy":
        return torch.softmax(logits.float(), dim=-1)
    return probabilities(logits, settings.temperature, settings.top_k, settings.top_p, settings.min_p)


def probabilities(
    logits: Tensor, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0, min_p: float = 0.0
) -> Tensor:
    """Softmax of logits / temperature after the filters, in the order temperature, top-k, top-p, min-p.

    Temperature 0 is the limit: all mass on the largest logit (the first of equals). Top-p keeps the smallest set of
    tokens whose mass reaches p (Holtzman et al. 2020); min-p drops what is below min_p times the largest
    probability (Nguyen et al. 2024).

    >>> probabilities(torch.tensor([0.0, 1.0, 1.0]), temperature=0.0).tolist()
    [0.0, 1.0, 0.0]
    """
    logits = logits.float()
    if temperature == 0:
        return one_hot(logits.argmax(-1), logits.shape[-1])
    p = torch.softmax(logits / temperature, dim=-1)
    if 0 < top_k < p.shape[-1]:
        p = _normalize(torch.where(_most_probable(p, p.topk(top_k).values[..., -1:], top_k), p, 0))
    if top_p < 1:
        p = _normalize(torch.where(_nucleus(p, top_p), p, 0))
    if min_p > 0:
        p = _normalize(torch.where(p >= min_p * p.amax(-1, keepdim=True), p, 0))
    return p


def _most_probable(p: Tensor, least: Tensor, count: Tensor | int) -> Tensor:
    """Marks `count` of the most probable tokens, of which the last has probability `least` [..., 1]; equals by id."""
    above, equal = p > least, p == least
    return above | (equal & (equal.cumsum(-1) <= count - above.sum(-1, keepdim=True)))


def _nucleus(p: Tensor, mass: float) -> Tensor:
    """Marks the smallest set of tokens that has this mass, [..., V] bool."""
    largest = _as_many_as_needed(p, mass)
    before = largest.cumsum(-1) - largest
    count = (before < mass).sum(-1, keepdim=True).clamp(min=1)  # none at all if p is not numbers
    return _most_probable(p, largest.gather(-1, count - 1), count)


def _as_many_as_needed(p: Tensor, mass: float) -> Tensor:
    """The largest values of p in order, at least those that make up this mass. A processor finds few of them much
    sooner than it sorts all; a GPU would have to be asked whether they are enough."""
    if p.device.type == "cpu" and p.shape[-1] > FEW:
        few = p.topk(FEW).values
        if bool((few.cumsum(-1)[..., -1] >= mass).all()):
            return few
    return p.sort(dim=-1, descending=True).values


def law(kind: str, logits: Tensor, numbers: Tensor) -> Tensor:
    """The `distribution` of a kind of Choice [..., V], on tensors alone: for compiled code, to which its numbers [2]
    are inputs, and which cannot ask the host for anything."""
    logits = logits.float()
    if kind == "greedy":
        return torch.softmax(logits, dim=-1)
    temperature, mass = numbers.unbind()
    if kind == "whole":
        return torch.softmax(logits / temperature, dim=-1)
    # Not amax: behind a library's function the many short loops below are one thread's, and wait for no other.
    weights = (logits - logits.topk(1).values).div(temperature).exp()
    least = torch.finfo(torch.float32).tiny  # no top-p is 0, though it may be rounded to it
    return _normalize(_nucleus_by_halving(weights, (mass * weights.sum(-1, keepdim=True)).clamp(min=least)))


def _nucleus_by_halving(weights: Tensor, mass: Tensor) -> Tensor:
    """Weights [..., V] of at most 1 where `_nucleus` would mark them, else 0. Compiled code sums all of them up in no
    time, but sorts as slowly as any. Bits of positive floats, read as whole numbers, have the order of the floats."""
    bits = torch.zeros(mass.shape, dtype=torch.int32)
    for bit in reversed(range(30)):  # up to the largest number for which all that is not below it has the mass
        more = bits + (1 << bit)
        has_it = torch.where(weights >= more.view(torch.float32), weights, 0).sum(-1, keepdim=True) >= mass
        bits = torch.where(has_it, more, bits)
    least = bits.view(torch.float32)
    above = torch.where(weights > least, weights, 0)
    lacking = mass - above.sum(-1, keepdim=True)
    size = weights.shape[-1]
    equal = torch.where(weights == least, torch.arange(size, dtype=torch.float32), torch.inf)  # their ids
    last = torch.zeros_like(mass)
    for bit in reversed(range(size.bit_length())):  # up to the largest id before which they are not enough
        more = last + (1 << bit)
        lacks_some = torch.where(equal < more, weights, 0).sum(-1, keepdim=True) < lacking
        last = torch.where(lacks_some, more, last)
    return torch.where(equal <= last, weights, above)


def _normalize(weights: Tensor) -> Tensor:
    return weights / weights.sum(-1, keepdim=True)


def one_hot(ids: Tensor, size: int) -> Tensor:
    """All mass on one token each: [...] → [..., V], float32."""
    return torch.zeros(*ids.shape, size, device=ids.device).scatter_(-1, ids[..., None], 1.0)


def residual(p: Tensor, q: Tensor) -> Tensor:
    """normalize(max(0, p − q)), [..., V]: what a correction is drawn from (Leviathan et al. 2023, §2.3).

    Where nothing is left (p ≤ q everywhere, or NaN) it is p itself.

    >>> residual(torch.tensor([0.5, 0.5]), torch.tensor([0.75, 0.25])).tolist()
    [0.0, 1.0]
    """
    left = (p - q).clamp(min=0)
    mass = left.sum(-1, keepdim=True)
    return torch.where(mass > 0, left / mass, p)  # NaN > 0 is False, so NaN falls back too


def draw(p: Tensor, coin: Tensor) -> Tensor:
    """The token at `coin` of the cumulative distribution: p [..., V], coin [...] → ids [...].

    The coin is scaled by the total, so rounding in p cannot run past the end, and a token of probability 0 is never
    drawn: a number below 1 times the total never rounds up to the total.

    >>> draw(torch.tensor([0.25, 0.0, 0.75]), torch.tensor(0.25)).item()
    2
    """
    steps = p.cumsum(-1, dtype=exact(p.device))
    point = coin.to(steps.dtype)[..., None] * steps[..., -1:]
    return torch.searchsorted(steps, point, right=True)[..., 0].clamp(max=p.shape[-1] - 1)  # NaN is past the end
