"""Sampling: from logits to probabilities to a token. The uniform random number that decides the draw, called a coin,
is an argument.

Shapes: logits and p are [..., V]; a coin u is in [0, 1).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from specdec.device.transfer import upload
from specdec.settings import Settings

FEW = 512  # so many of the most probable tokens usually reach the mass of top-p


class Coins:
    """Two independent streams of uniform numbers: one for the drafter, one for the judge.

    With a single stream, the coin that judges a token could be the very number that chose it, which would bias the
    output. Numbers are float64 in [0, 1) and drawn on the host, so a run is the same on every device.

    `drafted` and `judged` count the numbers taken from each stream so far. Coins that are created with such counts
    continue from there, as if that many numbers had been taken.

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
        """Independent coins that continue from the same place in both streams."""
        return Coins(self.seed, drafted=self.drafted, judged=self.judged)


def _stream(seed: np.random.SeedSequence, taken: int) -> np.random.Generator:
    """A generator of uniform numbers, advanced past the first `taken`: each number is one step of the generator."""
    return np.random.Generator(np.random.PCG64(seed).advance(taken))


class Choice(NamedTuple):
    """How a token is chosen from a vocabulary of `size`: everything that the choice depends on besides the logits and
    the coin."""

    rule: str
    temperature: float
    top_k: int
    top_p: float
    min_p: float
    size: int

    @classmethod
    def of(cls, settings: Settings, size: int) -> "Choice":
        return cls(str(settings.rule), settings.temperature, settings.top_k, settings.top_p, settings.min_p, size)

    @property
    def kind(self) -> str | None:
        """The kind of distribution, one of KINDS, or None for any other. `greedy`: the most probable token, with the
        softmax of the logits as its distribution; `whole`: drawn from the softmax of logits / temperature; `nucleus`:
        drawn from the top-p of that."""
        if self.rule == "greedy":
            return "greedy"
        if self.temperature == 0 or (self.top_k, self.min_p) != (0, 0.0):
            return None
        return "whole" if self.top_p == 1 else "nucleus"

    def numbers(self) -> Tensor:
        """Temperature and top-p as a tensor [2], which `distribution_of_kind` needs besides the kind."""
        return torch.tensor([self.temperature, self.top_p])


KINDS = "nucleus", "greedy", "whole"  # compiled in this order: the page's default settings come first


def exact(device: torch.device) -> torch.dtype:
    """The widest float of a device: float64, but float32 on Apple's GPUs, which have no other."""
    return torch.float32 if device.type == "mps" else torch.float64


def tossed(coins: Sequence[float], device: torch.device) -> Tensor:
    """Coins [N] on a device, in its widest float. In float32 they are clamped below 1, to which some would be
    rounded."""
    numbers = upload(coins, exact(device), device)
    return numbers if numbers.dtype == torch.float64 else numbers.clamp(max=1 - torch.finfo(numbers.dtype).eps / 2)


def distribution(logits: Tensor, settings: Settings) -> Tensor:
    """The distribution that a run decodes from, float32 [..., V].

    Under the greedy rule only the order of p matters. There p is the model's unmodified softmax, which is the most
    informative to show in a trace.
    """
    if settings.rule == "greedy":
        return torch.softmax(logits.float(), dim=-1)
    return probabilities(logits, settings.temperature, settings.top_k, settings.top_p, settings.min_p)


def probabilities(
    logits: Tensor, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0, min_p: float = 0.0
) -> Tensor:
    """Softmax of logits / temperature after the filters, in the order temperature, top-k, top-p, min-p.

    At temperature 0 all mass is on the largest logit (the first of equals). Top-p keeps the smallest set of tokens
    whose mass reaches p (Holtzman et al. 2020); min-p drops tokens below min_p times the largest probability (Nguyen
    et al. 2024).

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
    """Marks the `count` most probable tokens, [..., V] bool. `least` [..., 1] is the smallest probability among them;
    of tokens with equal probability, lower ids come first."""
    above, equal = p > least, p == least
    return above | (equal & (equal.cumsum(-1) <= count - above.sum(-1, keepdim=True)))


def _nucleus(p: Tensor, mass: float) -> Tensor:
    """Marks the smallest set of tokens whose mass reaches `mass`, [..., V] bool."""
    largest = _as_many_as_needed(p, mass)
    before = largest.cumsum(-1) - largest
    count = (before < mass).sum(-1, keepdim=True).clamp(min=1)  # the count would be 0 if p is NaN
    return _most_probable(p, largest.gather(-1, count - 1), count)


def _as_many_as_needed(p: Tensor, mass: float) -> Tensor:
    """The largest values of p in descending order, at least as many as reach `mass`. On a CPU, finding the FEW largest
    is much faster than sorting all; on a GPU, asking whether they are enough would cost a synchronisation."""
    if p.device.type == "cpu" and p.shape[-1] > FEW:
        few = p.topk(FEW).values
        if bool((few.cumsum(-1)[..., -1] >= mass).all()):
            return few
    return p.sort(dim=-1, descending=True).values


def distribution_of_kind(kind: str, logits: Tensor, numbers: Tensor) -> Tensor:
    """The `distribution` [..., V] of a kind of Choice, as a function of tensors alone. It is for compiled code, which
    takes temperature and top-p as the input `numbers` [2] and cannot branch on values."""
    logits = logits.float()
    if kind == "greedy":
        return torch.softmax(logits, dim=-1)
    temperature, mass = numbers.unbind()
    if kind == "whole":
        return torch.softmax(logits / temperature, dim=-1)
    # topk instead of amax: it is a library call, after which the compiler runs the many short loops below in one
    # thread, without waiting for others.
    weights = (logits - logits.topk(1).values).div(temperature).exp()
    least = torch.finfo(torch.float32).tiny  # top-p is above 0, but may be rounded to 0 in float32
    return _normalize(_nucleus_by_halving(weights, (mass * weights.sum(-1, keepdim=True)).clamp(min=least)))


def _nucleus_by_halving(weights: Tensor, mass: Tensor) -> Tensor:
    """The weights [..., V], all of them at most 1, that `_nucleus` would mark, and 0 for the others. The threshold is
    found by bisection: compiled code sums all weights very fast, but sorts no faster than eager code. The bits of
    positive floats, read as integers, have the order of the floats, so each step decides one bit of the threshold."""
    bits = torch.zeros(mass.shape, dtype=torch.int32)
    for bit in reversed(range(30)):  # find the largest threshold at which the weights not below it reach the mass
        more = bits + (1 << bit)
        has_it = torch.where(weights >= more.view(torch.float32), weights, 0).sum(-1, keepdim=True) >= mass
        bits = torch.where(has_it, more, bits)
    least = bits.view(torch.float32)
    above = torch.where(weights > least, weights, 0)
    lacking = mass - above.sum(-1, keepdim=True)
    size = weights.shape[-1]
    equal = torch.where(weights == least, torch.arange(size, dtype=torch.float32), torch.inf)  # their ids
    last = torch.zeros_like(mass)
    for bit in reversed(range(size.bit_length())):  # find the largest id before which the equal weights are too few
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
    """normalize(max(0, p − q)), [..., V]: the distribution that a correction is drawn from (Leviathan et al. 2023,
    §2.3). Where no mass is left (p ≤ q everywhere, or NaN), it is p itself.

    >>> residual(torch.tensor([0.5, 0.5]), torch.tensor([0.75, 0.25])).tolist()
    [0.0, 1.0]
    """
    left = (p - q).clamp(min=0)
    mass = left.sum(-1, keepdim=True)
    return torch.where(mass > 0, left / mass, p)  # NaN > 0 is False, so NaN falls back too


def draw(p: Tensor, coin: Tensor) -> Tensor:
    """Draws a token by inverse transform sampling: the first at which the cumulative distribution exceeds the coin,
    p [..., V], coin [...] → ids [...].

    The coin is scaled by the total, so the result stays in the vocabulary even if p does not sum to exactly 1, and a
    token of probability 0 is never drawn: a number below 1 times the total never rounds up to the total.

    >>> draw(torch.tensor([0.25, 0.0, 0.75]), torch.tensor(0.25)).item()
    2
    """
    steps = p.cumsum(-1, dtype=exact(p.device))
    point = coin.to(steps.dtype)[..., None] * steps[..., -1:]
    return torch.searchsorted(steps, point, right=True)[..., 0].clamp(max=p.shape[-1] - 1)  # NaN sorts past the end
