"""The recorder: it turns a judged round from device tensors into plain trace values, with one transfer to the host.

Probabilities are computed over the whole vocabulary; only those of the TOP most probable tokens go into the trace.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple

import torch
from msgspec import structs
from torch import Tensor

from specdec.device.transfer import download
from specdec.drafters.draft import Draft
from specdec.methods import RuleMethod
from specdec.models.detokenizer import Position, detokenizer
from specdec.models.language_model import LanguageModel
from specdec.trace import DraftToken, FinalToken, FinalVerdict, OpaqueDraftToken, OpaqueFinalToken, Tail, Top, Verdict
from specdec.verify.judgment import Judgment, tree, with_none

TOP = 8
BLOCK, MANY = 64, 1 << 15  # tokens: the block size of `largest`, and the vocabulary from which on blocks pay


class Distributions(NamedTuple):
    """The distributions and indices that the excerpt of a round is made from: p [N + 1, V]; q [N, V]; ids [N] of the
    guesses; final [], the final token, and final_row [], the row of p it was drawn from; rows [N], the rows of p that
    judge the guesses; refused [], the last guess that was refused at the final token's place, N if there is none.
    """

    p: Tensor
    q: Tensor
    ids: Tensor
    final: Tensor
    final_row: Tensor
    rows: Tensor
    refused: Tensor


class Excerpt(NamedTuple):
    """The distributions at N guesses and at the final token (the last row), cut to the S most probable tokens:
    ids [N + 1, S]; probabilities [3, N + 1, S], their p, q and residual; masses [3, N + 1], the sums of these three
    over the whole vocabulary."""

    ids: Tensor
    probabilities: Tensor
    masses: Tensor


@dataclass(frozen=True, slots=True)
class RoundTensors:
    """Everything that the host needs of a judged round, as device tensors; fields as in Draft and Judgment. In a run
    that is not recorded, `excerpt` is None, and the other fields are what decoding needs to continue."""

    ids: Tensor
    accepted: Tensor
    tried: Tensor
    final: Tensor
    final_row: Tensor
    accept_prob: Tensor | None = None
    rule: Mapping[str, Tensor] = field(default_factory=dict)
    excerpt: Excerpt | None = None

    def fetch(self) -> dict[str, Any]:
        """The same values on the host, by field name; the rule's numbers as `rule.…`, the excerpt's fields as
        `excerpt.…`. This is the round's only synchronisation."""
        tensors = {"ids": self.ids, "accepted": self.accepted, "tried": self.tried, "final": self.final}
        tensors |= {"final_row": self.final_row} | {f"rule.{name}": numbers for name, numbers in self.rule.items()}
        if self.accept_prob is not None:
            tensors["accept_prob"] = self.accept_prob
        if self.excerpt is not None:
            tensors |= {f"excerpt.{name}": one for name, one in self.excerpt._asdict().items()}
        return dict(zip(tensors, download(list(tensors.values())), strict=True))


class Shown(NamedTuple):
    """One distribution at one place of the draft: the probabilities of the tokens shown, and the mass of the whole
    vocabulary."""

    values: list[float]
    mass: float

    @property
    def rest(self) -> float:
        return max(0.0, self.mass - sum(self.values))


class Row(NamedTuple):
    """The distributions where one token was judged: the token's p and q, the top tokens as
    (−max(p, q), id, p, q, residual), and `tail`, the mass of all other tokens."""

    target_prob: float
    draft_prob: float
    top: list[tuple[float, int, float, float, float]]
    tail: Tail

    @classmethod
    def of(cls, own: int, ids: list[int], p: Shown, q: Shown, left: Shown, excess: bool) -> "Row":
        """The row of the token `own`. With `excess`, `left` is max(0, p − q) and is normalized here; otherwise it is a
        distribution already."""
        if excess:  # cheaper here than over the whole vocabulary; if no mass is left, p, as in `sampling.residual`
            left = Shown([one / left.mass for one in left.values], 1.0) if left.mass > 0 else p
        order = [-one for one in map(max, p.values, q.values)]
        top = sorted(zip(order, ids, p.values, q.values, left.values, strict=True))
        # If one of the tokens shown has probability 0, so have all the others: what the sums leave is rounding.
        tail = (p.rest, q.rest, left.rest) if top[-1][0] else (0.0, 0.0, 0.0)
        place = ids.index(own)
        return cls(p.values[place], q.values[place], top, tail)


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged round on the host. ids, verdicts, accept_probs and rule have one entry for each of the N nodes; the
    last two hold None where the rule computes no such numbers. The final token was drawn from row `final_row` of p.
    rows has N + 1 entries, the last one for the final token, and is empty in a run that is not recorded."""

    ids: tuple[int, ...]
    verdicts: tuple[Verdict, ...]
    accept_probs: tuple[float | None, ...]
    rule: tuple[dict[str, float] | None, ...]
    final: int
    final_row: int
    rows: tuple[Row, ...] = ()


Guess = DraftToken | OpaqueDraftToken
Written = FinalToken | OpaqueFinalToken  # by the target itself


def discarded(guess: Guess) -> Guess:
    """A guess that comes after the end of the text."""
    used = {"coin": None} if isinstance(guess, DraftToken) else {}
    return structs.replace(guess, verdict="discarded", **used)


def excerpt(places: Distributions, judged_p: Tensor | None = None, residuals: Tensor | None = None) -> Excerpt:
    """The excerpt of a judged round; judged_p and residuals as in a Judgment. It holds the TOP tokens with the largest
    p or q at each place; the guess that was judged there is always among them, and so is the final token at its own
    place."""
    p, q, ids, final, final_row, rows, refused = places
    if not len(ids) and judged_p is None and residuals is None:  # the final token is drawn from p itself
        target, drafted, residuals, there = p, torch.zeros_like(p), p, final[None, None]
    else:
        judges = torch.cat([rows, final_row[None]])
        target = p.index_select(0, judges) if judged_p is None else judged_p
        drafted = torch.cat([q, with_none(q).index_select(0, refused[None])])
        residuals = (target - drafted).clamp(min=0) if residuals is None else residuals.to(target.dtype)
        own = torch.cat([ids, final[None]])
        there = torch.stack([own, torch.where(judges == final_row, final, own)], 1)
    shown = largest(torch.maximum(target, drafted).scatter_(1, there, 2.0), TOP)
    three = target, drafted, residuals
    values = torch.stack([one.gather(1, shown) for one in three])
    return Excerpt(shown, values, masses=torch.stack([one.sum(1) for one in three]))


def largest(values: Tensor, count: int) -> Tensor:
    """The indices of the `count` largest values of each row, [M, V] → [M, min(count, V)].

    Where V is a multiple of BLOCK, the largest values of the blocks are compared first: a CPU does that several times
    as fast as it ranks single numbers. It takes more operations, which compiled code fuses; in eager mode it pays from
    MANY tokens on.

    >>> largest(torch.tensor([[1.0, 3.0, 2.0]]), 2).tolist()
    [[1, 2]]
    """
    worth_it = values.shape[1] >= MANY or torch.compiler.is_compiling()
    if not worth_it or values.shape[1] % BLOCK or values.shape[1] // BLOCK < count:
        return values.topk(min(count, values.shape[1])).indices
    blocks = values.unflatten(1, (-1, BLOCK))
    best = blocks.amax(2).topk(count).indices  # no other block holds one of the `count` largest values
    places = blocks.gather(1, best[..., None].expand(-1, -1, BLOCK)).flatten(1).topk(count).indices
    return best.gather(1, places // BLOCK) * BLOCK + places % BLOCK


def verdicts(kept: Sequence[float], tried: Sequence[float]) -> tuple[Verdict, ...]:
    """The verdict on each node, from what was kept [N] and what was tried [N].

    >>> verdicts([1, 0, 0], [1, 1, 0])
    ('accepted', 'rejected', 'discarded')
    """
    return tuple("accepted" if k else "rejected" if t else "discarded" for k, t in zip(kept, tried, strict=True))


class Recorder:
    """Turns judged rounds into tokens of a trace, and keeps the detokenizer's position in the text. With `record`
    false, it fetches only what decoding needs to continue, still in one transfer."""

    def __init__(self, target: LanguageModel, position: Position, rule: RuleMethod, record: bool = True) -> None:
        self.target, self.position, self.rule, self.record = target, position, rule, record
        self.detokenizer = detokenizer(target.tokenizer)
        tossed = {"tried": ("accepted", "rejected"), "all": ("accepted", "rejected", "discarded")}
        self.shows_coin = tossed.get(rule.coins, ())

    def fetch(self, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Judged:
        """The judged round on the host, fetched in one transfer. p [N + 1, V], q [N, V]; node i was judged by row
        parents[i] + 1 of p.

        Raises FloatingPointError where a model computed probabilities that are not finite.
        """
        needed = draft.ids, judgment.accepted, judgment.tried, judgment.final, judgment.final_row
        if not self.record:
            return _judged(RoundTensors(*needed).fetch())
        shown = self._excerpt(draft, p, q, judgment)
        tensors = RoundTensors(*needed, accept_prob=judgment.accept_prob, rule=judgment.rule, excerpt=shown)
        return _judged(tensors.fetch(), excess=judgment.residuals is None)

    def _excerpt(self, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Excerpt:
        shape = tree(draft.parents, p.device)
        refused = shape.last_judged(judgment.final_row)
        places = Distributions(p, q, draft.ids, judgment.final, judgment.final_row, shape.rows, refused)
        if judgment.judged_p is not None or judgment.residuals is not None:
            return excerpt(places, judgment.judged_p, judgment.residuals)
        return (self._code(draft) or excerpt)(places)

    def _code(self, draft: Draft) -> Callable[[Distributions], Excerpt] | None:
        return self.target.accelerator.excerpt(len(draft.parents))

    def draft_tokens(self, draft: Draft, judged: Judged, coins: Sequence[float]) -> tuple[Guess, ...]:
        if not self.record:
            return self._opaque_tokens(draft, judged)
        places: list[Position] = []
        tokens = []
        for i, (token, parent) in enumerate(zip(judged.ids, draft.parents, strict=True)):
            text, place = self.detokenizer.add(places[parent] if parent >= 0 else self.position, token)
            places.append(place)
            row, verdict = judged.rows[i], judged.verdicts[i]
            tokens.append(
                DraftToken(
                    id=token,
                    piece=self.detokenizer.piece(token),
                    text=text,
                    parent=parent,
                    draft_prob=row.draft_prob,
                    draft_coin=draft.coins[i],
                    target_prob=row.target_prob,
                    accept_prob=judged.accept_probs[i],
                    coin=coins[i] if verdict in self.shows_coin else None,
                    verdict=verdict,
                    rule=judged.rule[i],
                    top=self._top(row),
                    tail=row.tail,
                    drafter=draft.source,
                )
            )
        return tuple(tokens)

    def _opaque_tokens(self, draft: Draft, judged: Judged) -> tuple[OpaqueDraftToken, ...]:
        position, tokens = self.position, []
        for token, verdict, parent in zip(judged.ids, judged.verdicts, draft.parents, strict=True):
            text = ""
            if verdict == "accepted":
                text, position = self.detokenizer.add(position, token)
            tokens.append(OpaqueDraftToken(token, self.detokenizer.piece(token), text, parent, verdict))
        return tuple(tokens)

    def final_token(self, draft: Draft, judged: Judged, coins: Sequence[float]) -> Written:
        """Call after `commit` of the accepted path: its text depends on what stands before it."""
        text, _ = self.detokenizer.add(self.position, judged.final)
        refused = judged.final_row - 1 in draft.parents  # there were guesses at its place, and all were refused
        verdict: FinalVerdict = "plain" if not judged.ids else "correction" if refused else "bonus"
        piece = self.detokenizer.piece(judged.final)
        if not self.record:
            return OpaqueFinalToken(judged.final, piece, text, verdict)
        row = judged.rows[-1]
        coin = None if self.rule.coins == "none" else coins[judged.final_row if self.rule.redraws else -1]
        return FinalToken(judged.final, piece, text, verdict, row.target_prob, coin, self._top(row), row.tail)

    def commit(self, ids: Sequence[int]) -> None:
        for token in ids:
            _, self.position = self.detokenizer.add(self.position, token)

    def ending(self) -> str:
        """The text of the bytes of an unfinished character at the end of a run; nothing will complete them."""
        text, self.position = self.detokenizer.finish(self.position)
        return text

    def _top(self, row: Row) -> Top:
        """The shown tokens that are possible at all, the most probable first, equals by id. A filter such as top-p may
        leave fewer than TOP."""
        piece = self.detokenizer.piece
        return tuple([(token, piece(token), p, q, left) for largest, token, p, q, left in row.top if largest])


def _judged(fetched: dict[str, Any], excess: bool = False) -> Judged:
    """The values fetched by RoundTensors as a Judged, with the rule's numbers regrouped by token."""
    ids = fetched["ids"]
    none = (None,) * len(ids)
    rule = {name.removeprefix("rule."): numbers for name, numbers in fetched.items() if name.startswith("rule.")}
    return Judged(
        ids=tuple(ids),
        verdicts=verdicts(fetched["accepted"], fetched["tried"]),
        accept_probs=tuple(fetched.get("accept_prob", none)),
        rule=tuple(dict(zip(rule, row, strict=True)) for row in zip(*rule.values(), strict=True)) if rule else none,
        final=fetched["final"],
        final_row=fetched["final_row"],
        rows=_rows(fetched, excess) if "excerpt.ids" in fetched else (),
    )


def _rows(fetched: dict[str, Any], excess: bool) -> tuple[Row, ...]:
    masses = fetched["excerpt.masses"]
    if not isfinite(sum(map(sum, masses))):
        raise FloatingPointError("a model computed probabilities that are not numbers")
    p, q, left = (map(Shown, *one) for one in zip(fetched["excerpt.probabilities"], masses, strict=True))
    tokens = *fetched["ids"], fetched["final"]
    return tuple(Row.of(*place, excess) for place in zip(tokens, fetched["excerpt.ids"], p, q, left, strict=True))
