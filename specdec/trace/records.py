"""The records of a trace, the complete account of one run: frozen values, stored as newline-delimited JSON (schema 2).

A trace is a header, one line per round, written as it happens, and a footer. It is append-only: a file that is cut off
anywhere after the header is still a trace, without the incomplete line. The format is defined only here: the reader's
checks (`specdec.trace.reader`) and the JSON schema in docs/ (`specdec.trace.schema`) are derived from these types.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from msgspec import Meta, Struct

from specdec.messages import Message, render

SCHEMA: Literal[2] = 2
ENGINE = "specdec"
SLACK = 1e-6  # tolerance: probabilities are computed in float32, and times are rounded to microseconds
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
    """The base of all records. They are immutable, and unknown fields are refused."""


class MessageRecord(Record, frozen=True):
    """A sentence, independent of language: its key in the message catalog and the values of its placeholders."""

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
        """The message; one that shows the key and the values where this version's catalog lacks the key or a
        placeholder."""
        values = {name: one.message if isinstance(one, MessageRecord) else one for name, one in self.values.items()}
        message = Message(self.key, **values)
        try:
            render(message)
        except (LookupError, ValueError, AttributeError, TypeError):
            listed = ", ".join(f"{name}={value}" for name, value in self.values.items())
            return Message("trace.unknown_message", key=self.key, values=listed)
        return message


def _recorded(value: Any) -> Any:
    if isinstance(value, Message):
        return MessageRecord.of(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


class Token(Record, frozen=True):
    """`text` is what the token adds to the output (possibly ""); `piece` is how the token is displayed, never
    empty."""

    id: Whole
    piece: str
    text: str


class Prompt(Record, frozen=True):
    """The prompt of the run. `tokens` may be empty in traces of other engines."""

    text: str
    tokens: tuple[Token, ...]


class Hardware(Record, frozen=True):
    """`mode` is how passes were run: `eager`, `compiled` or `graphs`, or another engine's own word. `mode_reason` says
    why they were eager although compiled passes had been asked for; null otherwise."""

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
    """`model` is the name of the draft model or of the draft heads, `parameters` the number of their parameters; null
    for a drafter without either."""

    name: str
    model: str | None
    parameters: Whole | None


class Parent(Record, frozen=True):
    """The place where a run branched off another one: before the committed token `token` (from 0) of round `round`.
    `trace` is the `created` of that run's header. `written`: how many tokens at the end of the prompt the earlier run
    generated. `draft_coins`, `judge_coins`: how many random numbers of the two streams were used before the branch."""

    trace: str
    round: Whole
    token: Whole
    written: Whole
    draft_coins: Whole
    judge_coins: Whole


class Calibration(Record, frozen=True):
    """Costs in units of one plain target pass: `c` of one drafted token, `v[n − 1]` of a target pass over n tokens,
    `o` of everything else in a round."""

    c: Ratio
    v: Annotated[tuple[Ratio, ...], Meta(min_length=1)]
    o: Ratio


class Settings(TypedDict):
    """The settings that readers may rely on. A header may have further ones."""

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
    """The first line. `engine`: the program that decoded; `pair`: the catalog name of the models, null if they were
    named individually; `parent`: set for a run that branched off another one; `calibration`: set if the draft length
    was `auto`. Values that another engine does not report are null."""

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
    """The parts of a round's time."""

    draft: Duration
    verify: Duration
    other: Duration


class Passes(Record, frozen=True):
    """The numbers of forward passes of the drafter and of the target."""

    draft: Whole
    target: Whole


class Plan(Record, frozen=True):
    """Why a run with automatic draft length drafted this many tokens. `gain`: the predicted speed-up over plain
    decoding of the best draft length, at acceptance rate `acceptance`. `kind`: `best`, the best length; `cut`, only
    `most` tokens still fitted; `none`, no draft would be faster than plain decoding; `probe`, a single token is
    drafted to measure whether drafting pays again. Schema 1 had `gain` only for `best`, and no `most`."""

    draft_length: Whole
    acceptance: Probability
    gain: Ratio | None
    kind: Literal["best", "cut", "none", "probe"]
    most: Whole | None


Top = tuple[tuple[Whole, str, Probability, Probability, Probability], ...]
Tail = tuple[Probability, Probability, Probability]


class DraftToken(Token, frozen=True, tag_field="kind", tag="judged", omit_defaults=True):
    """A drafted token with everything that decided about it. `parent` is an index into the round's draft, -1 for a
    child of the last committed token. `draft_prob` is q, `target_prob` is p; coins (random numbers in [0, 1)) and
    `accept_prob` are null if none was used. `rule`: values that the rule computed for the token. `top`: the most
    likely tokens by max(p, q) as [id, piece, p, q, residual]; `tail`: the mass of all others as [p, q, residual].
    `drafter`: the name of the drafter that guessed it, in a run with several."""

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
    drafter: str | None = None


class FinalToken(Token, frozen=True, tag_field="kind", tag="judged"):
    """The token that the target chose itself: sampled from the residual (correction) or from p (bonus, plain)."""

    verdict: FinalVerdict
    target_prob: Probability
    coin: Coin | None
    top: Top
    tail: Tail


class OpaqueDraftToken(Token, frozen=True, tag_field="kind", tag="opaque"):
    """A drafted token of an engine that reports no probabilities; `said` has what it does report."""

    parent: int
    verdict: Verdict
    said: Free = {}


class OpaqueFinalToken(Token, frozen=True, tag_field="kind", tag="opaque"):
    """A token that the target of such an engine chose itself."""

    verdict: FinalVerdict
    said: Free = {}


class Round(Record, frozen=True, tag_field="kind", tag="round"):
    """One draft, one target pass and the outcome. `start` and `end` are seconds since the clock started, which is
    after prefill. Parents come before their children, siblings in the order in which they were tried. `final` is null
    if the text ended inside the draft; `seconds` and `passes` are null if an engine does not report them."""

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
        """The accepted tokens, in the order in which they were committed."""
        return tuple(token for token in self.draft if token.verdict == "accepted")

    @property
    def committed(self) -> tuple[DraftToken | OpaqueDraftToken | FinalToken | OpaqueFinalToken, ...]:
        """Every token this round added to the output."""
        return self.path if self.final is None else (*self.path, self.final)

    @property
    def refused(self) -> bool:
        """Whether all tried children of the last accepted token were rejected.

        >>> Round(0, 0.0, 1.0, Seconds(0, 1, 0), Passes(0, 1), None, (), None).refused
        False
        """
        last = max((i for i, token in enumerate(self.draft) if token.verdict == "accepted"), default=-1)
        return any(token.verdict == "rejected" and token.parent == last for token in self.draft)

    @property
    def depth(self) -> int:
        """The number of drafted tokens on the longest path of the draft."""
        depths: list[int] = []
        for token in self.draft:
            depths.append(1 if token.parent < 0 else depths[token.parent] + 1)
        return max(depths, default=0)


class Totals(Record, frozen=True):
    """Counts of a whole run. accepted + rejected + discarded = drafted; `refusals` counts the rounds that are
    `Round.refused`."""

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
    """The last line. `message`: the error, as a sentence to be rendered or as a library's own text.
    `plain_round_seconds`: the time of a round without a draft at the end of the text, measured after the run and
    outside its clock; null if it was not measured."""

    reason: Reason
    message: MessageRecord | str | None
    totals: Totals
    plain_round_seconds: Annotated[float, Meta(gt=0, title="seconds above 0")] | None = None

    @property
    def failure(self) -> Message | str:
        """The error, to be rendered; "" without one."""
        return self.message.message if isinstance(self.message, MessageRecord) else self.message or ""


Line = Header | Round | Footer
