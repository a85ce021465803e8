"""One judged round, from device tensors to plain trace values, in one transfer.

Everything is computed on the whole vocabulary and truncated here, to the TOP tokens a reader may want to see.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from specdec.drafters.draft import Draft
from specdec.hardware import download
from specdec.text import Detokenizer, Position
from specdec.trace import DraftToken, FinalToken, Tail, Top
from specdec.verify import Rule
from specdec.verify.judgment import Judgment, tree, with_none

TOP = 8
ACCEPT = "accept_prob"


@dataclass(frozen=True, slots=True)
class Row:
    """Where one token was judged: its p and q, the top tokens as (id, p, q, residual), the mass of all others."""

    token: int
    target_prob: float
    draft_prob: float
    top: tuple[tuple[int, float, float, float], ...]
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


def fetch(draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Judged:
    """Ask the device for everything at once: the round's only synchronisation.

    p [N + 1, V], q [N, V]. Node i was judged by row parents[i] + 1 of p. One more row, where the final token stands,
    follows the N nodes'. Raises FloatingPointError where a model computed what is no number.
    """
    accept = {} if judgment.accept_prob is None else {ACCEPT: judgment.accept_prob}
    nodes = {"kept": judgment.kept, "tried": judgment.tried, **accept, **judgment.rule}  # [N] each
    table = _table(draft, p, q, judgment)
    final, final_row, *numbers = download([judgment.final, judgment.final_row, *nodes.values(), *table])
    told = dict(zip(nodes, numbers, strict=False))
    *seen, p_mass, q_mass, left_mass = numbers[len(nodes) :]
    if not math.isfinite(sum(p_mass) + sum(q_mass) + sum(left_mass)):
        raise FloatingPointError("a model computed probabilities that are not numbers")
    judges = (*(parent + 1 for parent in draft.parents), final_row)
    masses = zip(p_mass, q_mass, left_mass, strict=True)
    rows = tuple(
        _row(*columns, mass, 2 if judge == final_row else 1, judgment.left is None)
        for judge, *columns, mass in zip(judges, *seen, masses, strict=True)
    )
    own = zip(*(told[name] for name in judgment.rule), strict=True)
    none = (None,) * len(draft.parents)
    return Judged(
        ids=tuple(row.token for row in rows[:-1]),
        verdicts=verdicts(told["kept"], told["tried"]),
        accept_probs=tuple(told.get(ACCEPT, none)),
        rule=tuple(dict(zip(judgment.rule, values, strict=True)) for values in own) or none,
        final=final,
        final_row=final_row,
        rows=rows,
    )


def _table(draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> list[Tensor]:
    """Of all N + 1 rows: the tokens that may be shown [N + 1, S], the own one, the final one and the largest; their p,
    q and what is left of p, each alike; and the masses of these three over the whole vocabulary, [N + 1] each."""
    count, row, final = len(draft.parents), judgment.final_row[None], judgment.final[None]
    shape = tree(draft.parents, p.device)
    laws_p = judgment.laws if judgment.laws is not None else p.index_select(0, torch.cat([shape.rows, row]))
    last = shape.last_behind(judgment.final_row)  # the guess that was refused where the final token stands, if any
    laws_q = torch.cat([q, with_none(q).index_select(0, last[None])])  # [N + 1, V]
    left = judgment.left if judgment.left is not None else (laws_p - laws_q).clamp_(min=0)
    top = torch.maximum(laws_p, laws_q).topk(min(TOP, p.shape[-1])).indices
    shown = torch.cat([torch.cat([draft.ids, final])[:, None], final.expand(count + 1, 1), top], 1)
    laws = (laws_p, laws_q, left)
    return [shown, *(law.gather(1, shown) for law in laws), *(law.sum(1) for law in laws)]


def verdicts(kept: Sequence[float], tried: Sequence[float]) -> tuple[str, ...]:
    """
    >>> verdicts([1, 0, 0], [1, 1, 0])
    ('accepted', 'rejected', 'discarded')
    """
    return tuple("accepted" if k else "rejected" if t else "discarded" for k, t in zip(kept, tried, strict=True))


def _row(
    ids: list[int], p: list[float], q: list[float], left: list[float], masses: Tail, forced: int, excess: bool
) -> Row:
    """The first `forced` tokens are shown in any case, the largest fill up; the tail is what their masses leave. What
    is left of p is still max(0, p − q) if it is an `excess`."""
    if excess:  # normalized here, where few are left; nothing over means p, as in `sampling.residual`
        p_mass, q_mass, some = masses
        left, some = ([one / some for one in left], 1.0) if some > 0 else (p, p_mass)
        masses = (p_mass, q_mass, some)
    tokens = list(zip(ids, p, q, left, strict=True))
    chosen = {one[0]: one for one in tokens[:forced]}
    for one in tokens[2:]:
        if len(chosen) == len(ids) - 2:
            break
        if one[1] > 0 or one[2] > 0:  # top-p and its like leave few
            chosen.setdefault(one[0], one)
    top = tuple(sorted(chosen.values(), key=_rank))
    _, *shown = zip(*top, strict=True)
    tail = tuple(max(0.0, total - sum(part)) for total, part in zip(masses, shown, strict=True))
    return Row(*tokens[0][:3], top, tail)


def _rank(one: tuple[int, float, float, float]) -> tuple[float, int]:
    """Largest probability first, equals by id."""
    token, p, q, _ = one
    return -(p if p > q else q), token


class Scribe:
    """Turns judged rounds into trace tokens, and keeps the place where the text stands."""

    fetch = staticmethod(fetch)

    def __init__(self, detokenizer: Detokenizer, position: Position, rule: Rule) -> None:
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

    def _top(self, row: Row) -> Top:
        return tuple((token, self.detokenizer.piece(token), p, q, left) for token, p, q, left in row.top)
