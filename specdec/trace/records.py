"""The trace: everything one run showed, as frozen values and as newline-delimited JSON (schema 2).

A header, one line per round as it happens, a footer. Append-only: a stream cut anywhere after the header is still
a trace, also inside a line, which then is no part of it. These types are its only description: what the reader checks
(`specdec.trace.reader`) and the JSON schema in docs/ (`specdec.trace.schema`) are made from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta, Struct

from specdec.messages import Message, render

SCHEMA: Literal[2] = 2
ENGINE = "specdec"
SLACK = 1e-6  # probabilities are computed in float32, and clocks are read in microseconds
MAX_WHOLE = 2**63 - 1

Whole = Annotated[int, Meta(ge=0, le=MAX_WHOLE, title="whole number")]
Probability = Annotated[float, Meta(ge=-SLACK, le=1 + SLACK, title="probability")]
Coin = Annotated[float, Meta(ge=0, lt=1, title="coin")]
Duration = Annotated[float, Meta(ge=0, title="seconds")]
Ratio = Annotated[float, Meta(ge=0, title="ratio")]
Free = dict[str, Any]  # JSON values that the schema leaves open

Verdict = Literal["accepted", "rejected", "discarded"]
FinalVerdict = Literal["correction", "bonus", "plain"]
Reason = Literal["eos", "length", "stop", "cancelled", "error"]
Mode = Literal["eager", "compiled", "graphs"]


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """An object of the trace: it cannot be changed, and has no fields but its own."""


class MessageRecord(Record, frozen=True):
    """A sentence that has no language yet: its key in the catalog of words and the values of its places."""

    key: str
    values: dict[str, str | int | float | bool | MessageRecord | None] = {}

    @classmethod
    def of(cls, message: Message) -> MessageRecord:
        """
        >>> MessageRecord.of(Message("plan.cut", length=3)).message
        Message(key='plan.cut', values={'length': 3})
        """
        return cls(message.key, {name: _recorded(value) for name, value in message.values.items()})

    @property
    def message(self) -> Message:
        """Of a key or places that this program's words lack, the key and the values."""
        values = {name: one.message if isinstance(one, MessageRecord) else one for name, one in self.values.items()}
        message = Message(self.key, **values)
        try:
            render(message)
        except (LookupError, ValueError, AttributeError, TypeError):
            told = ", ".join(f"{name}={value}" for name, value in self.values.items())
            return Message("trace.unknown_message", key=self.key, values=told)
        return message


def _recorded(value: Any) -> Any:
    if isinstance(value, Message):
        return MessageRecord.of(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


class Token(Record, frozen=True):
    """`text` is what the token adds to the output (possibly ""); `piece` is what a chip shows, never empty."""

    id: Whole
    piece: str
    text: str


class Prompt(Record, frozen=True):
    """What the run went on from. Another engine may tell no tokens."""

    text: str
    tokens: tuple[Token, ...]


class Hardware(Record, frozen=True):
    """`mode` is how passes were run: `eager`, `compiled` or `graphs`, of another engine what it calls that.
    `mode_reason` says what kept them eager; null where nothing did."""

    device: str
    name: str
    dtype: str
    threads: Whole | None
    mode: str
    mode_reason: MessageRecord | None = None


class TargetInfo(Record, frozen=True):
    """The model whose distribution the output follows."""

    name: str
    parameters: Whole | None
    encoder_decoder: bool


class DrafterInfo(Record, frozen=True):
    """`model` names the draft model or the heads that guess, `parameters` counts theirs; null where neither does."""

    name: str
    model: str | None
    parameters: Whole | None


class Parent(Record, frozen=True):
    """Where a branch left another run: before the committed token `token` (from 0) of its round `round`. `trace` is
    the `created` of that run's header. Of the prompt's tokens, the last were `written` by it; `draft_coins` and
    `judge_coins` had been taken of the two streams before the branch begins."""

    trace: str
    round: Whole
    token: Whole
    written: Whole
    draft_coins: Whole
    judge_coins: Whole


class Calibration(Record, frozen=True):
    """Costs in units of one plain target pass: `c`, a guess; `v[n − 1]`, a pass over n tokens; `o`, all else in a
    round."""

    c: Ratio
    v: Annotated[tuple[Ratio, ...], Meta(min_length=1)]
    o: Ratio


class Settings(TypedDict):
    """The settings that a reader may look at; whatever else shaped the run stands beside them."""

    rule: str
    draft_length: Whole | Literal["auto"]
    branching: NotRequired[Literal["dynamic"] | tuple[Whole, ...] | None]
    temperature: NotRequired[float]
    top_k: NotRequired[Whole]
    top_p: NotRequired[float]
    min_p: NotRequired[float]
    seed: NotRequired[Whole]
    max_new_tokens: NotRequired[Whole]
    stop: NotRequired[tuple[str, ...]]
    epsilon: NotRequired[float]
    delta: NotRequired[float]


class Header(Record, frozen=True, kw_only=True, tag_field="kind", tag="header"):
    """The first line. `engine` is who decoded, `pair` the catalog's name of the models, null for models named one by
    one, `parent` where a branch left another run. `calibration` is there where the draft length was `auto`. Null is
    what another engine does not tell."""

    schema: Literal[2] = SCHEMA
    created: str
    source: Literal["live", "recorded"]
    engine: str = ENGINE
    software: dict[str, str]
    hardware: Hardware
    pair: str | None = None
    target: TargetInfo
    drafter: DrafterInfo
    settings: Free
    calibration: Calibration | None
    parent: Parent | None = None
    prompt: Prompt
    prefill_seconds: Duration | None


class Seconds(Record, frozen=True):
    """What a round's time was spent on."""

    draft: Duration
    verify: Duration
    other: Duration


class Passes(Record, frozen=True):
    """Forward passes of the drafter and of the target."""

    draft: Whole
    target: Whole


class Plan(Record, frozen=True):
    """Why an automatic run drafted as far: `gain` is what the best draft length should bring over plain decoding if
    `acceptance` of the guesses are kept; `cut` means that only `most` still fitted, `none` that no draft would pay,
    `probe` that a single guess finds out whether one does again. Schema 1 told `gain` of a best length only, and never
    `most`."""

    draft_length: Whole
    acceptance: Probability
    gain: Ratio | None
    kind: Literal["best", "cut", "none", "probe"]
    most: Whole | None


Top = tuple[tuple[Whole, str, Probability, Probability, Probability], ...]
Tail = tuple[Probability, Probability, Probability]


class DraftToken(Token, frozen=True, tag_field="kind", tag="judged"):
    """A guess with everything that decided it. `parent` is an index into the round's draft, -1 for a child of the last
    committed token. `draft_prob` is q, `target_prob` is p; coins and `accept_prob` are null where none was used.
    `rule` has what the rule computed for the token. `top` has the largest tokens as [id, piece, p, q, residual], by
    max(p, q); `tail` the mass of all others as [p, q, residual]."""

    parent: int
    draft_prob: Probability
    draft_coin: Coin | None
    target_prob: Probability
    accept_prob: Probability | None
    coin: Coin | None
    verdict: Verdict
    rule: dict[str, float] | None
    top: Top
    tail: Tail


class FinalToken(Token, frozen=True, tag_field="kind", tag="judged"):
    """The token the target wrote itself: drawn from the residual (correction) or from p (bonus, plain)."""

    verdict: FinalVerdict
    target_prob: Probability
    coin: Coin | None
    top: Top
    tail: Tail


class OpaqueDraftToken(Token, frozen=True, tag_field="kind", tag="opaque"):
    """A guess of an engine that tells no probabilities; `said` has what it did tell."""

    parent: int
    verdict: Verdict
    said: Free = {}


class OpaqueFinalToken(Token, frozen=True, tag_field="kind", tag="opaque"):
    """A token that the target of such an engine wrote itself."""

    verdict: FinalVerdict
    said: Free = {}


class Round(Record, frozen=True, tag_field="kind", tag="round"):
    """One draft, one target pass and the outcome. `start` and `end` are seconds since the clock started, which is
    after prefill. Parents stand before their children, siblings in the order in which they were tried. `final` is null
    where the text ended inside the draft; `seconds` and `passes` are null where an engine does not tell them."""

    index: Whole
    start: Duration
    end: Duration
    seconds: Seconds | None
    passes: Passes | None
    plan: Plan | None
    draft: tuple[DraftToken | OpaqueDraftToken, ...]
    final: FinalToken | OpaqueFinalToken | None

    @property
    def path(self) -> tuple[DraftToken | OpaqueDraftToken, ...]:
        """The accepted tokens, in the order they were committed."""
        return tuple(token for token in self.draft if token.verdict == "accepted")

    @property
    def committed(self) -> tuple[DraftToken | OpaqueDraftToken | FinalToken | OpaqueFinalToken, ...]:
        """Every token this round added to the output."""
        return self.path if self.final is None else (*self.path, self.final)

    @property
    def refused(self) -> bool:
        """Whether every tried child at some reached depth was refused.

        >>> Round(0, 0.0, 1.0, Seconds(0, 1, 0), Passes(0, 1), None, (), None).refused
        False
        """
        last = max((i for i, token in enumerate(self.draft) if token.verdict == "accepted"), default=-1)
        return any(token.verdict == "rejected" and token.parent == last for token in self.draft)

    @property
    def depth(self) -> int:
        """Guesses along the longest path of the draft."""
        depths: list[int] = []
        for token in self.draft:
            depths.append(1 if token.parent < 0 else depths[token.parent] + 1)
        return max(depths, default=0)


class Totals(Record, frozen=True):
    """Counts of a whole run. accepted + rejected + discarded = drafted; a refusal is a round in which every tried
    child at some reached depth was refused."""

    rounds: Whole
    drafted: Whole
    accepted: Whole
    rejected: Whole
    discarded: Whole
    refusals: Whole
    tokens: Whole
    seconds: Duration
    peak_memory_bytes: Whole | None

    @property
    def acceptance_rate(self) -> float | None:
        """α = accepted ÷ (accepted + refusals); None when nothing was judged."""
        judged = self.accepted + self.refusals
        return self.accepted / judged if judged else None

    @property
    def tokens_per_pass(self) -> float | None:
        """Committed tokens ÷ target passes (one pass a round)."""
        return self.tokens / self.rounds if self.rounds else None

    @property
    def draft_efficiency(self) -> float | None:
        """Accepted ÷ drafted. Not α: discarded tokens count here."""
        return self.accepted / self.drafted if self.drafted else None


class Footer(Record, frozen=True, tag_field="kind", tag="footer"):
    """The last line. `message` says what failed: a sentence to be rendered, or a library's own text.
    `plain_round_seconds` is what a round without a guess took where the text had ended, measured after the run and
    outside its clock; null where it was not measured."""

    reason: Reason
    message: MessageRecord | str | None
    totals: Totals
    plain_round_seconds: Annotated[float, Meta(gt=0, title="seconds above 0")] | None = None

    @property
    def failure(self) -> Message | str:
        """What failed, to be rendered; "" where nothing did."""
        return self.message.message if isinstance(self.message, MessageRecord) else self.message or ""


Line = Header | Round | Footer
