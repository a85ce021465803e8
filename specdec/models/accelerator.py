"""What may make the passes of a model quicker than one operation after the other (`specdec.accelerate`)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from torch import Tensor

from specdec.messages import Message
from specdec.models.kv_cache import SlotCache
from specdec.sampling import Choice

FEW = 64  # tokens; a pass over more is arithmetic for the most part, and nobody wants all of its logits


class PassInputs(NamedTuple):
    """The inputs of a pass over T tokens: ids, slots and positions [T], and who may see whom, mask [T, L] bool. The
    pass of an EAGLE head also has the features [T, H] that stand before its tokens."""

    ids: Tensor
    slots: Tensor
    positions: Tensor
    mask: Tensor
    features: Tensor | None = None

    def tensors(self) -> list[Tensor]:
        return [one for one in self if one is not None]


class ChainInputs(NamedTuple):
    """What a chain of guesses begins with: ids and slots [T] of what is not cached yet, and the coins [length] that
    draw its tokens, None where nothing is drawn."""

    ids: Tensor
    slots: Tensor
    coins: Tensor | None = None

    def tensors(self) -> list[Tensor]:
        return [one for one in self if one is not None]


Chain = Callable[[ChainInputs], tuple[Tensor, Tensor]]  # → tokens [length], distributions [length, V]
Judge = Callable[[Tensor, Tensor, Tensor, Tensor | None, Choice], Any]  # (logits, ids, q, coins, choice) → p, Judgment


class Accelerator:
    """How a model's short passes are run, and what follows them. This one changes nothing: all of it stays eager.

    mode: as a trace's header says it; reason: what keeps the passes eager, None where nothing does; aside: seconds
    spent so far on what is prepared once for many runs, which are on no run's clock.
    """

    mode: str = "eager"
    aside: float = 0.0
    reason: Message | None = None

    def __init__(self, reason: Message | None = None) -> None:
        self.reason = reason

    def takes(self, cache: SlotCache, inputs: PassInputs) -> bool:
        """Whether it runs this pass."""
        return False

    def forward(self, cache: SlotCache, inputs: PassInputs) -> tuple[Tensor, Tensor]:
        """A pass that it takes: logits [T, V] and hidden states [T, H]."""
        raise NotImplementedError

    def lease(self) -> SlotCache | None:
        """A cache that it wants a sequence written into, until it is released; None where any will do."""
        return None

    def release(self, cache: SlotCache) -> None:
        """The sequence is no longer needed."""

    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]:
        """run(inputs), perhaps faster: a chain of `length` tokens, each chosen as `choice` says."""
        return run(inputs)

    def verdicts(self, rule: str, kind: str | None, guesses: int) -> Judge | None:
        """A quicker way to judge a chain of so many guesses by a rule, from the logits of the target's pass, for a
        kind of `specdec.sampling.Choice`; None where there is none."""
        return None

    def excerpt(self, guesses: int) -> Callable[[Any], Any] | None:
        """A quicker `specdec.engine.recorder.excerpt` of a chain of so many guesses; None where there is none."""
        return None


EAGER = Accelerator()
