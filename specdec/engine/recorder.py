"""One judged round, from device tensors to plain trace values, in one transfer.

Everything is computed on the whole vocabulary and truncated here, to the TOP tokens a reader may want to see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from math import isfinite
from typing import NamedTuple

import torch
from torch import Tensor

from specdec.device.transfer import download
from specdec.drafters.draft import Draft
from specdec.methods import RuleMethod
from specdec.models.detokenizer import Detokenizer, Position
from specdec.models.language_model import LanguageModel
from specdec.trace import DraftToken, FinalToken, Tail, Top
from specdec.verify.judgment import Judgment, tree, with_none

TOP = 8
BLOCK, MANY = 64, 1 << 15  # tokens
EXCERPT = "excerpt"  # the first part of the key of its compiled code


class Row(NamedTuple):
    """Where one token was judged: its p and q, the top tokens as (−max(p, q), id, p, q, residual), the mass of all
    others."""

    target_prob: float
    draft_prob: float
    top: list[tuple[float, int, float, float, float]]
    tail: Tail


@dataclass(frozen=True, slots=True)
class Judged:
    """A Judgment on the host: N ids and verdicts; N + 1 rows, the last one the final token's, drawn from row
    `final_row` of p; the rule's own numbers for every node, None where it has none."""

    ids: tuple[int, ...]
    verdicts: tuple[str, ...]
    accept_probs: tuple[float | None, ...]
    rule: tuple[dict[str, float] | None, ...]
    final: int
    final_row: int
    rows: tuple[Row, ...]


def fetch(target: LanguageModel, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Judged:
    """Ask the device for everything at once: the round's only synchronisation.

    p [N + 1, V], q [N, V]. Node i was judged by row parents[i] + 1 of p. One more row, where the final token stands,
    follows the N nodes'. Raises FloatingPointError where a model computed what is no number.
    """
    rule, accepts = judgment.rule, [] if judgment.accept_prob is None else [judgment.accept_prob]
    nodes = [draft.ids, judgment.kept, judgment.tried, *accepts, *rule.values()]  # [N] each
    seen = _excerpt(target, draft, p, q, judgment)
    final, final_row, *told, shown, laws, masses = download([judgment.final, judgment.final_row, *nodes, *seen])
    if not isfinite(sum(map(sum, masses))):
        raise FloatingPointError("a model computed probabilities that are not numbers")
    ids, kept, tried, *numbers = told
    none = (None,) * len(ids)
    return Judged(
        ids=tuple(ids),
        verdicts=verdicts(kept, tried),
        accept_probs=tuple(numbers.pop(0)) if accepts else none,
        rule=tuple(dict(zip(rule, own, strict=True)) for own in zip(*numbers, strict=True)) if rule else none,
        final=final,
        final_row=final_row,
        rows=tuple(map(_row, (*ids, final), shown, *laws, *masses, repeat(judgment.left is None))),
    )


def _excerpt(target: LanguageModel, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Sequence[Tensor]:
    shape = tree(draft.parents, p.device)
    refused = shape.last_behind(judgment.final_row)  # the guess that was refused where the final token stands, if any
    inputs = [p, q, draft.ids, judgment.final, judgment.final_row, shape.rows, refused]
    code = target.code((EXCERPT, len(draft.parents))) if judgment.laws is None and judgment.left is None else None
    return code(inputs) if code else excerpt(*inputs, judgment.laws, judgment.left)


def excerpt(
    p: Tensor,
    q: Tensor,
    ids: Tensor,
    final: Tensor,
    final_row: Tensor,
    rows: Tensor,
    refused: Tensor,
    laws: Tensor | None = None,
    left: Tensor | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """What a reader may want to see of N nodes, of which row rows[i] of p judges node i, and of the final token.

    p [N + 1, V], q [N, V], ids and rows [N], final, final_row and refused (the node in whose place the final token
    stands, N if in none's) []; laws and left as in a Judgment. Returns TOP tokens of every place [N + 1, S], those of
    the largest p or q, the own one in any case and where it stands the final one; their p, q and what is left of p
    [3, N + 1, S]; and the masses of these three over the whole vocabulary [3, N + 1].
    """
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
    laws = law, guess, left
    return shown, torch.stack([one.gather(1, shown) for one in laws]), torch.stack([one.sum(1) for one in laws])


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


def _row(
    own: int,
    ids: list[int],
    p: list[float],
    q: list[float],
    left: list[float],
    p_mass: float,
    q_mass: float,
    left_mass: float,
    excess: bool,
) -> Row:
    """What is left of p is still max(0, p − q) if it is an `excess`."""
    if excess:  # normalized here, where few are left; nothing over means p, as in `sampling.residual`
        left, left_mass = ([one / left_mass for one in left], 1.0) if left_mass > 0 else (p, p_mass)
    order = [-one for one in map(max, p, q)]
    top = sorted(zip(order, ids, p, q, left, strict=True))
    tail = max(0.0, p_mass - sum(p)), max(0.0, q_mass - sum(q)), max(0.0, left_mass - sum(left))
    if not top[-1][0]:  # there is nothing else, whatever sums have rounded
        tail = 0.0, 0.0, 0.0
    place = ids.index(own)
    return Row(p[place], q[place], top, tail)


class TraceRecorder:
    """Turns judged rounds into trace tokens, and keeps the place where the text stands."""

    fetch = staticmethod(fetch)

    def __init__(self, detokenizer: Detokenizer, position: Position, rule: RuleMethod) -> None:
        self.detokenizer, self.position, self.rule = detokenizer, position, rule
        tossed = {"tried": ("accepted", "rejected"), "all": ("accepted", "rejected", "discarded")}
        self.shows_coin = tossed.get(rule.coins, ())

    def draft_tokens(self, draft: Draft, judged: Judged, coins: Sequence[float]) -> tuple[DraftToken, ...]:
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

    def final_token(self, draft: Draft, judged: Judged, coins: Sequence[float]) -> FinalToken:
        """Call after `commit` of the accepted path: its text depends on what stands before it."""
        row = judged.rows[-1]
        refused = judged.final_row - 1 in draft.parents  # there were guesses where it stands
        verdict = "plain" if not judged.ids else "correction" if refused else "bonus"
        coin = None if self.rule.coins == "none" else coins[judged.final_row if self.rule.redraws else -1]
        text, _ = self.detokenizer.add(self.position, judged.final)
        piece = self.detokenizer.piece(judged.final)
        top = self._top(row)
        return FinalToken(judged.final, piece, text, verdict, row.target_prob, coin, top, row.tail)

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
