"""What one run was asked to do. Torch-free, so the page can offer the choices before any model is loaded."""

from dataclasses import asdict, dataclass
from typing import Any

from specdec.errors import UserError
from specdec.words import say

DRAFTERS = ("none", "model", "lookup")
RULES = ("greedy", "rejection")
MAX_DRAFT_LENGTH = 64
MAX_NEW_TOKENS = 4096
MIN_TEMPERATURE = 1e-3  # below it, logits / temperature leaves what float32 can hold


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices that shape a run; raises UserError for one that makes no sense.

    `rule=None` takes the rule that goes with the temperature: greedy at 0, rejection above. `top_k=0`, `top_p=1`
    and `min_p=0` leave the distribution whole. Draft length 0 is plain decoding.

    >>> Settings(temperature=0.8).rule
    'rejection'
    """

    rule: str | None = None
    draft_length: int = 4
    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    max_new_tokens: int = 96
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rule is None:
            object.__setattr__(self, "rule", "greedy" if self.temperature == 0 else "rejection")
        object.__setattr__(self, "stop", _texts(self.stop))
        self._check_rule()
        _whole("draft_length", self.draft_length, 0, MAX_DRAFT_LENGTH)
        _whole("max_new_tokens", self.max_new_tokens, 1, MAX_NEW_TOKENS)
        _whole("top_k", self.top_k, 0, 1_000_000)
        _whole("seed", self.seed, 0, 2**63 - 1)
        _number("temperature", self.temperature, 0, 10)
        _number("top_p", self.top_p, 0, 1)
        _number("min_p", self.min_p, 0, 1)
        if 0 < self.temperature < MIN_TEMPERATURE:
            raise UserError(say("errors.temperature_tiny", low=MIN_TEMPERATURE, value=self.temperature))
        if self.top_p == 0:
            raise UserError(say("errors.top_p_zero"))

    def _check_rule(self) -> None:
        if self.rule not in RULES:
            raise UserError(say("errors.rule_unknown", value=self.rule, choices=", ".join(RULES)))
        if self.rule == "greedy" and self.temperature != 0:
            raise UserError(say("errors.greedy_temperature", value=self.temperature))

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values, for the trace's header."""
        record = asdict(self)
        record["stop"] = list(self.stop)
        return record


def _whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UserError(say(f"errors.{name}", low=low, high=high, value=value))


def _number(name: str, value: Any, low: float, high: float) -> None:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or not low <= value <= high:  # NaN is not between anything
        raise UserError(say(f"errors.{name}", low=low, high=high, value=value))


def _texts(value: Any) -> tuple[str, ...]:
    """One text, or a row of them."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, tuple | list) or not all(isinstance(text, str) and text for text in texts):
        raise UserError(say("errors.stop_empty"))
    return tuple(texts)
