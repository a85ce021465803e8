"""One judged round, from device tensors to plain trace values, in one transfer.

Everything is computed on the whole vocabulary and truncated here, to the TOP tokens a reader may want to see.
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
from specdec.trace import DraftToken, FinalToken, OpaqueDraftToken, OpaqueFinalToken, Tail, Top
from specdec.verify.judgment import Judgment, tree, with_none

TOP = 8
BLOCK, MANY = 64, 1 << 15  # tokens


class Places(NamedTuple):
    """Where N guesses and the final token stand: p [N + 1, V], q [N, V], ids [N], final [] from row final_row [] of p,
    rows [N] of p that judge the guesses, refused []: the guess in whose place the final token stands, N if in none's.
    """

    p: Tensor
    q: Tensor
    ids: Tensor
    final: Tensor
    final_row: Tensor
    rows: Tensor
    refused: Tensor


class Excerpt(NamedTuple):
    """What a reader may want to see of N guesses and of the final token, which is the last: ids [N + 1, S] of the TOP
    tokens there, their p, q and residual [3, N + 1, S], and the masses [3, N + 1] of these three over all tokens."""

    ids: Tensor
    probabilities: Tensor
    masses: Tensor


@dataclass(frozen=True, slots=True)
class RoundTensors:
    """All that the host asks of a judged round, on the device; fields as in Draft and Judgment. Without an excerpt, it
    is what the text goes on with."""

    ids: Tensor
    kept: Tensor
    tried: Tensor
    final: Tensor
    final_row: Tensor
    accept_prob: Tensor | None = None
    rule: Mapping[str, Tensor] = field(default_factory=dict)
    excerpt: Excerpt | None = None

    def fetch(self) -> dict[str, Any]:
        """The same values on the host, by their names: those of the excerpt and of the rule by theirs. The round's
        only synchronisation."""
        own = {"ids": self.ids, "kept": self.kept, "tried": self.tried, "final": self.final}
        own |= {"final_row": self.final_row} | {f"rule.{name}": numbers for name, numbers in self.rule.items()}
        if self.accept_prob is not None:
            own["accept_prob"] = self.accept_prob
        if self.excerpt is not None:
            own |= {f"excerpt.{name}": one for name, one in self.excerpt._asdict().items()}
        return dict(zip(own, download(list(own.values())), strict=True))


class Shown(NamedTuple):
    """One distribution at one place: what the tokens shown have of it, and the mass of all."""

    values: list[float]
    mass: float

    @property
    def rest(self) -> float:
        return max(0.0, self.mass - sum(self.values))


class Row(NamedTuple):
    """Where one token was judged: its p and q, the top tokens as (−max(p, q), id, p, q, residual), the mass of all
    others."""

    target_prob: float
    draft_prob: float
    top: list[tuple[float, int, float, float, float]]
    tail: Tail

    @classmethod
    def of(cls, own: int, ids: list[int], p: Shown, q: Shown, left: Shown, excess: bool) -> "Row":
        """The place of the token `own`. What is left of p is still max(0, p − q) if it is an `excess`."""
        if excess:  # normalized here, where few are left; nothing over means p, as in `sampling.residual`
            left = Shown([one / left.mass for one in left.values], 1.0) if left.mass > 0 else p
        order = [-one for one in map(max, p.values, q.values)]
        top = sorted(zip(order, ids, p.values, q.values, left.values, strict=True))
        # There is nothing else, whatever sums have rounded, if one of the tokens shown is impossible.
        tail = (p.rest, q.rest, left.rest) if top[-1][0] else (0.0, 0.0, 0.0)
        place = ids.index(own)
        return cls(p.values[place], q.values[place], top, tail)


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged round on the host: N ids and verdicts; accept probabilities and the rule's own numbers for every node,
    None where it has none; the final token, drawn from row `final_row` of p; N + 1 rows, the last one its own, or no
    rows where nothing is recorded."""

    ids: tuple[int, ...]
    verdicts: tuple[str, ...]
    accept_probs: tuple[float | None, ...]
    rule: tuple[dict[str, float] | None, ...]
    final: int
    final_row: int
    rows: tuple[Row, ...] = ()


Guess = DraftToken | OpaqueDraftToken
Written = FinalToken | OpaqueFinalToken  # by the target itself


def discarded(guess: Guess) -> Guess:
    """A guess that stands behind the end of the text."""
    used = {"coin": None} if isinstance(guess, DraftToken) else {}
    return structs.replace(guess, verdict="discarded", **used)


def excerpt(places: Places, laws: Tensor | None = None, left: Tensor | None = None) -> Excerpt:
    """The excerpt of a judged round; laws and left as in a Judgment. Of the TOP tokens with the largest p or q, the
    own one is there in any case, and so is the final one where it stands."""
    p, q, ids, final, final_row, rows, refused = places
    if not len(ids) and laws is None and left is None:  # where nothing is guessed, all is the target's
        law, guess, left, there = p, torch.zeros_like(p), p, final[None, None]
    else:
        judges = torch.cat([rows, final_row[None]])
        law = p.index_select(0, judges) if laws is None else laws
        guess = torch.cat([q, with_none(q).index_select(0, refused[None])])
        left = (law - guess).clamp(min=0) if left is None else left.to(law.dtype)
        own = torch.cat([ids, final[None]])
        there = torch.stack([own, torch.where(judges == final_row, final, own)], 1)
    shown = largest(torch.maximum(law, guess).scatter_(1, there, 2.0), TOP)
    three = law, guess, left
    values = torch.stack([one.gather(1, shown) for one in three])
    return Excerpt(shown, values, masses=torch.stack([one.sum(1) for one in three]))


def largest(values: Tensor, count: int) -> Tensor:
    """The places of the `count` largest of each row, [M, V] → [M, count], or all. Where blocks come out even, they are
    compared first: a processor does that several times as fast as it ranks single numbers. It takes more operations,
    which compiled code does in one go; else they pay from MANY tokens on.

    >>> largest(torch.tensor([[1.0, 3.0, 2.0]]), 2).tolist()
    [[1, 2]]
    """
    worth_it = values.shape[1] >= MANY or torch.compiler.is_compiling()
    if not worth_it or values.shape[1] % BLOCK or values.shape[1] // BLOCK < count:
        return values.topk(min(count, values.shape[1])).indices
    blocks = values.unflatten(1, (-1, BLOCK))
    best = blocks.amax(2).topk(count).indices  # no other block holds one of them
    places = blocks.gather(1, best[..., None].expand(-1, -1, BLOCK)).flatten(1).topk(count).indices
    return best.gather(1, places // BLOCK) * BLOCK + places % BLOCK


def verdicts(kept: Sequence[float], tried: Sequence[float]) -> tuple[str, ...]:
    """
    >>> verdicts([1, 0, 0], [1, 1, 0])
    ('accepted', 'rejected', 'discarded')
    """
    return tuple("accepted" if k else "rejected" if t else "discarded" for k, t in zip(kept, tried, strict=True))


class Recorder:
    """Turns judged rounds into tokens of a trace, and keeps the place where the text stands. Where nothing is to be
    recorded, it asks the device only for what the text goes on with, still in one transfer."""

    def __init__(self, target: LanguageModel, position: Position, rule: RuleMethod, record: bool = True) -> None:
        self.target, self.position, self.rule, self.record = target, position, rule, record
        self.detokenizer = detokenizer(target.tokenizer)
        tossed = {"tried": ("accepted", "rejected"), "all": ("accepted", "rejected", "discarded")}
        self.shows_coin = tossed.get(rule.coins, ())

    def fetch(self, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Judged:
        """Ask the device for everything at once. p [N + 1, V], q [N, V]; node i was judged by row parents[i] + 1 of p.

        Raises FloatingPointError where a model computed what is no number.
        """
        own = draft.ids, judgment.kept, judgment.tried, judgment.final, judgment.final_row
        if not self.record:
            return _judged(RoundTensors(*own).fetch())
        seen = self._excerpt(draft, p, q, judgment)
        tensors = RoundTensors(*own, accept_prob=judgment.accept_prob, rule=judgment.rule, excerpt=seen)
        return _judged(tensors.fetch(), excess=judgment.left is None)

    def _excerpt(self, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Excerpt:
        shape = tree(draft.parents, p.device)
        refused = shape.last_behind(judgment.final_row)
        places = Places(p, q, draft.ids, judgment.final, judgment.final_row, shape.rows, refused)
        if judgment.laws is not None or judgment.left is not None:
            return excerpt(places, judgment.laws, judgment.left)
        return (self._code(draft) or excerpt)(places)

    def _code(self, draft: Draft) -> Callable[[Places], Excerpt] | None:
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
        refused = judged.final_row - 1 in draft.parents  # there were guesses where it stands
        verdict = "plain" if not judged.ids else "correction" if refused else "bonus"
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
        """The text of bytes that still wait where a run ends: no character will come of them."""
        text, self.position = self.detokenizer.finish(self.position)
        return text

    def _top(self, row: Row) -> Top:
        """Largest first, equals by id; top-p and its like leave few."""
        piece = self.detokenizer.piece
        return tuple([(token, piece(token), p, q, left) for largest, token, p, q, left in row.top if largest])


def _judged(told: dict[str, Any], excess: bool = False) -> Judged:
    """What was fetched of a round, by its tokens."""
    ids = told["ids"]
    none = (None,) * len(ids)
    rule = {name.removeprefix("rule."): numbers for name, numbers in told.items() if name.startswith("rule.")}
    return Judged(
        ids=tuple(ids),
        verdicts=verdicts(told["kept"], told["tried"]),
        accept_probs=tuple(told.get("accept_prob", none)),
        rule=tuple(dict(zip(rule, own, strict=True)) for own in zip(*rule.values(), strict=True)) if rule else none,
        final=told["final"],
        final_row=told["final_row"],
        rows=_rows(told, excess) if "excerpt.ids" in told else (),
    )


def _rows(told: dict[str, Any], excess: bool) -> tuple[Row, ...]:
    masses = told["excerpt.masses"]
    if not isfinite(sum(map(sum, masses))):
        raise FloatingPointError("a model computed probabilities that are not numbers")
    p, q, left = (map(Shown, *one) for one in zip(told["excerpt.probabilities"], masses, strict=True))
    own = *told["ids"], told["final"]
    return tuple(Row.of(*place, excess) for place in zip(own, told["excerpt.ids"], p, q, left, strict=True))
