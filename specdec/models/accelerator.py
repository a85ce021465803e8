"""The interface of accelerators, which run a model's passes faster than eager mode does. The implementations are in
`specdec.accelerate`."""

from collections.abc import Callable
from typing import Any, NamedTuple

from torch import Tensor

from specdec.messages import Message
from specdec.models.kv_cache import SlotCache
from specdec.sampling import Choice

FEW = 64  # tokens: a longer pass is dominated by arithmetic, and few of its logits are needed


class PassInputs(NamedTuple):
    """The inputs of a pass over T tokens: ids, slots and positions [T], and the attention mask [T, L] bool, True where
    a token may see a slot. The pass of an EAGLE head also has features [T, H], each of the token before."""

    ids: Tensor
    slots: Tensor
    positions: Tensor
    mask: Tensor
    features: Tensor | None = None

    def tensors(self) -> list[Tensor]:
        return [one for one in self if one is not None]


class ChainInputs(NamedTuple):
    """The inputs of a chain of guesses: ids and slots [T] of the context's tokens that are not cached yet, and the
    coins [length] that draw the guesses, None where nothing is drawn."""

    ids: Tensor
    slots: Tensor
    coins: Tensor | None = None

    def tensors(self) -> list[Tensor]:
        return [one for one in self if one is not None]


Chain = Callable[[ChainInputs], tuple[Tensor, Tensor]]  # → tokens [length], distributions [length, V]
Judge = Callable[[Tensor, Tensor, Tensor, Tensor | None, Choice], Any]  # (logits, ids, q, coins, choice) → p, Judgment


class Accelerator:
    """Runs a model's short passes, and the computations after them. This base class leaves everything eager.

    mode: as a trace's header says it; reason: what keeps the passes eager, None where nothing does; aside: seconds
    spent so far on what is prepared once for many runs, which are on no run's clock.
    """

    reason: Message | None = None

    def __init__(self, reason: Message | None = None) -> None:
        self.reason = reason

    @property
    def mode(self) -> str:
        return "eager"

    @property
    def aside(self) -> float:
        return 0.0

    def takes(self, cache: SlotCache, inputs: PassInputs) -> bool:
        """Whether this accelerator runs a pass with these inputs."""
        return False

    def forward(self, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor]:
        """Run a pass for which `takes` is true: logits [T, V] and hidden states [T, H]."""
        raise NotImplementedError

    def lease(self) -> SlotCache | None:
        """A cache that a new sequence must use until it is released; None if any cache will do."""
        return None

    def release(self, cache: SlotCache) -> None:
        """Take back a leased cache, whose sequence is no longer needed."""

    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        """The result of run(inputs), perhaps computed faster: a chain of `length` tokens, each chosen by `choice`."""
        return run(inputs)

    def verdicts(self, rule: str, kind: str | None, guesses: int) -> Judge | None:
        """A faster function that judges a chain of this many guesses by a rule, from the logits of the target's pass,
        for a kind of `specdec.sampling.Choice`; None if there is none."""
        return None

    def excerpt(self, guesses: int) -> Callable[[Any], Any] | None:
        """A faster `specdec.engine.recorder.excerpt` for a chain of this many guesses; None if there is none."""
        return None


EAGER = Accelerator()
