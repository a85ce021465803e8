"""What one run was asked to do. Torch-free, so the page can offer the choices before any model is loaded."""

from dataclasses import asdict, dataclass, fields
from math import prod
from pathlib import Path
from typing import Any, Literal

from specdec.errors import UserError

DRAFTERS = ("none", "model", "lookup", "suffix", "retrieval", "lookahead", "early_exit", "medusa", "eagle")
COPYING_DRAFTERS = ("lookup", "suffix", "retrieval")  # they find their guesses in texts
RULES = ("greedy", "rejection", "block", "match", "typical")
CHAIN_RULES = ("block", "match")  # they judge a row of guesses, not a tree
LOSSY_RULES = ("typical",)  # they change what is written
ENCODER_DRAFTERS = ("model", "lookup", "retrieval", "none")  # those an encoder–decoder is offered
ENCODER_RULES = ("greedy", "rejection", "block")
HF_DRAFTERS = ("model", "lookup", "none")  # those that transformers has a counterpart of
HF_RULES = ("greedy", "rejection")
AUTO = "auto"  # a draft length chosen anew for every round
DYNAMIC = "dynamic"  # a tree that grows where the drafter is surest
SURE_DRAFTERS = ("model", "early_exit", "medusa", "eagle")  # they know how sure they are, so a tree may grow by that
MAX_DRAFT_LENGTH = 64
MAX_CHILDREN = 16
MAX_NODES = 256  # of a tree
MAX_NEW_TOKENS = 4096
MAX_STOP_TEXTS = 16
MAX_STOP_CHARACTERS = 256  # of one stop text
MAX_SEED = 2**53 - 1  # the last whole number that a browser reads exactly: a trace is read there too
MIN_TEMPERATURE = 1e-3  # below it, logits / temperature leaves what float32 can hold


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices that shape a run; raises UserError for one that makes no sense.

    `rule=None` takes the rule that goes with the temperature: greedy at 0, rejection above. `top_k=0`, `top_p=1`
    and `min_p=0` leave the distribution whole. Draft length 0 is plain decoding, `"auto"` is chosen for every round.
    `branching` makes the draft a tree: how many guesses follow each one, depth by depth (the draft length is then its
    depth), or `"dynamic"`: as deep as the draft length, and wide where the drafter is surest. `exit_layer` belongs to
    the early-exit drafter, `datastore` (a file) to retrieval, `epsilon` and `delta` to the typical rule.

    >>> Settings(temperature=0.8).rule, Settings(branching=(3, 2)).draft_length
    ('rejection', 2)
    """

    rule: str | None = None
    draft_length: int | Literal["auto"] = 4
    branching: tuple[int, ...] | Literal["dynamic"] | None = None
    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    max_new_tokens: int = 96
    stop: tuple[str, ...] = ()
    exit_layer: int | None = None
    datastore: str | None = None
    epsilon: float = 0.09
    delta: float = 0.3

    def __post_init__(self) -> None:
        if self.rule is None:
            object.__setattr__(self, "rule", "greedy" if self.temperature == 0 else "rejection")
        object.__setattr__(self, "stop", _texts(self.stop))
        self._check_rule()
        self._check_shape()
        _whole("max_new_tokens", self.max_new_tokens, 1, MAX_NEW_TOKENS)
        _whole("top_k", self.top_k, 0, 1_000_000)
        _whole("seed", self.seed, 0, MAX_SEED)
        _number("temperature", self.temperature, 0, 10)
        _number("top_p", self.top_p, 0, 1)
        _number("min_p", self.min_p, 0, 1)
        _number("epsilon", self.epsilon, 0, 1)
        _number("delta", self.delta, 0, 1)
        if self.exit_layer is not None:
            _whole("exit_layer", self.exit_layer, 1, 1000)
        if 0 < self.temperature < MIN_TEMPERATURE:
            raise UserError("errors.temperature_tiny", low=MIN_TEMPERATURE, value=self.temperature)
        if self.top_p == 0:
            raise UserError("errors.top_p_zero")

    def _check_rule(self) -> None:
        if self.rule not in RULES:
            raise UserError("errors.rule_unknown", value=self.rule, choices=", ".join(RULES))
        if self.rule == "greedy" and self.temperature != 0:
            raise UserError("errors.greedy_temperature", value=self.temperature)

    def _check_shape(self) -> None:
        if self.branching is None:
            if self.draft_length != AUTO:
                _whole("draft_length", self.draft_length, 0, MAX_DRAFT_LENGTH)
            return
        if self.rule in CHAIN_RULES:
            raise UserError("errors.chain_rule", rule=self.rule)
        if self.draft_length == AUTO:
            raise UserError("errors.auto_tree")
        if self.branching == DYNAMIC:
            _whole("dynamic_length", self.draft_length, 1, MAX_DRAFT_LENGTH)
            return
        object.__setattr__(self, "branching", _branching(self.branching))
        object.__setattr__(self, "draft_length", len(self.branching))

    @property
    def shape(self) -> tuple[int, ...] | None:
        """How many guesses follow each one, depth by depth: a chain is all ones. None while the length is `auto`.

        >>> Settings(draft_length=3).shape, Settings(branching=(3, 2)).shape
        ((1, 1, 1), (3, 2))
        """
        if isinstance(self.branching, tuple):
            return self.branching
        return None if self.draft_length == AUTO else (1,) * self.draft_length

    @classmethod
    def read(cls, record: dict[str, Any]) -> "Settings":
        """The settings of a recorded run; raises UserError for what this program cannot run."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in record.items() if name in known})

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values, for the trace's header."""
        record = asdict(self)
        record["stop"] = list(self.stop)
        record["branching"] = list(self.branching) if isinstance(self.branching, tuple) else self.branching
        record["datastore"] = (
            Path(self.datastore).name if self.datastore else None
        )  # where it lies is nobody's business
        return record


def _whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UserError(f"errors.{name}", low=low, high=high, value=value)


def _number(name: str, value: Any, low: float, high: float) -> None:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or not low <= value <= high:  # NaN is not between anything
        raise UserError(f"errors.{name}", low=low, high=high, value=value)


def _branching(value: Any) -> tuple[int, ...]:
    """Raises UserError for what is no tree of 1 to MAX_NODES guesses."""
    row = tuple(value) if isinstance(value, tuple | list) else ()
    whole = all(type(one) is int and 1 <= one <= MAX_CHILDREN for one in row)
    if not whole or not 1 <= len(row) <= MAX_DRAFT_LENGTH:
        raise UserError("errors.branching", high=MAX_CHILDREN, value=value)
    if (nodes := tree_size(row)) > MAX_NODES:
        raise UserError("errors.tree_large", nodes=nodes, high=MAX_NODES)
    return row


def tree_size(branching: tuple[int, ...]) -> int:
    """Guesses in a whole tree.

    >>> tree_size((3, 2, 1))
    15
    """
    return sum(prod(branching[: depth + 1]) for depth in range(len(branching)))


def _texts(value: Any) -> tuple[str, ...]:
    """One text, or a row of them."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, tuple | list) or not all(isinstance(text, str) and text for text in texts):
        raise UserError("errors.stop_empty")
    if len(texts) > MAX_STOP_TEXTS:
        raise UserError("errors.stop_many", high=MAX_STOP_TEXTS, n=len(texts))
    if (longest := max(map(len, texts), default=0)) > MAX_STOP_CHARACTERS:
        raise UserError("errors.stop_long", high=MAX_STOP_CHARACTERS, n=longest)
    return tuple(texts)
