"""One judged round, from device tensors to plain trace values, in one transfer.

Everything is computed on the whole vocabulary and truncated here, to the TOP tokens a reader may want to see.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from specdec.drafters.draft import Draft
from specdec.sampling import exact
from specdec.text import Detokenizer, Position
from specdec.trace import DraftToken, FinalToken, Tail, Top
from specdec.verify import Rule
from specdec.verify.judgment import Judgment, at, tree

TOP = 8


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
    """Pack everything the host needs into one tensor and wait for it: the round's only synchronisation.

    p [N + 1, V], q [N, V]. Node i was judged by row parents[i] + 1 of p. One more row, where the final token stands,
    follows the N nodes'.
    """
    count = len(draft.parents)
    shape = tree(draft.parents, p.device)
    laws_p = judgment.laws if judgment.laws is not None else p[torch.cat([shape.rows, judgment.final_row[None]])]
    laws_q = torch.cat([q, _guessed_at(at(shape.last_child, judgment.final_row), q)])  # [N + 1, V]
    top = torch.maximum(laws_p, laws_q).topk(min(TOP, p.shape[-1])).indices
    own = torch.cat([draft.ids, judgment.final[None]])[:, None]
    shown = torch.cat([own, judgment.final.expand(count + 1, 1), top], dim=1)  # [N + 1, 2 + TOP]
    columns = [shown, *_seen(laws_p, shown), *_seen(laws_q, shown)]
    columns += _seen(judgment.left, shown) if judgment.left is not None else _left(laws_p, laws_q, *columns[1:4])
    wide = exact(p.device)
    accept = judgment.accept_prob if judgment.accept_prob is not None else torch.zeros_like(draft.ids)
    own_numbers = [number.to(wide) for number in judgment.rule.values()]
    heads = torch.stack([judgment.kept.to(wide), judgment.tried.to(wide), accept.to(wide), *own_numbers], dim=1)
    tail = torch.stack([judgment.final_row, judgment.final])
    packed = torch.cat([heads.flatten(), tail.to(wide), torch.cat([c.to(wide) for c in columns], 1).flatten()])
    numbers = packed.tolist()
    if not all(map(math.isfinite, numbers)):
        raise FloatingPointError("a model computed probabilities that are not numbers")
    return _unpack(numbers, draft.parents, judgment.accept_prob is not None, tuple(judgment.rule))


def _seen(law: Tensor, shown: Tensor) -> tuple[Tensor, Tensor]:
    """A law [N + 1, V] where it is shown [N + 1, S], and all of its mass [N + 1, 1]."""
    return law.gather(1, shown), law.sum(1, keepdim=True)


def _left(p: Tensor, q: Tensor, p_shown: Tensor, p_mass: Tensor, q_shown: Tensor) -> tuple[Tensor, Tensor]:
    """The same of `sampling.residual(p, q)`, without dividing what is not shown."""
    mass = (p - q).clamp_(min=0).sum(1, keepdim=True)
    some = mass > 0
    shown = torch.where(some, (p_shown - q_shown).clamp(min=0) / mass, p_shown)
    return shown, torch.where(some, 1.0, p_mass)


def _guessed_at(last: Tensor, q: Tensor) -> Tensor:
    """The drafter's law where the final token stands, [1, V]: that of the last guess refused there, else nothing."""
    if len(q) == 0:
        return q.new_zeros(1, q.shape[-1])
    return at(q, last.clamp(min=0))[None] * (last >= 0)


def _unpack(packed: list[float], parents: tuple[int, ...], has_accept: bool, names: tuple[str, ...]) -> Judged:
    count = len(parents)
    size = (3 + len(names)) * count
    heads, (final_row, final), table = packed[:size], packed[size : size + 2], packed[size + 2 :]
    kept, tried, accept, *own = (heads[i :: 3 + len(names)] for i in range(3 + len(names)))
    width = len(table) // (count + 1)
    places = [parent + 1 for parent in parents] + [int(final_row)]
    rows = tuple(
        _row(table[i * width : (i + 1) * width], forced=2 if place == int(final_row) else 1)
        for i, place in enumerate(places)
    )
    verdicts = tuple(
        "accepted" if yes else "rejected" if asked else "discarded" for yes, asked in zip(kept, tried, strict=True)
    )
    return Judged(
        ids=tuple(row.token for row in rows[:-1]),
        verdicts=verdicts,
        accept_probs=tuple(accept) if has_accept else (None,) * count,
        rule=tuple(dict(zip(names, row, strict=True)) for row in zip(*own, strict=True)) or (None,) * count,
        final=int(final),
        final_row=int(final_row),
        rows=rows,
    )


def _row(numbers: list[float], forced: int) -> Row:
    """The first `forced` tokens are shown in any case, the largest fill up; the tail is what their masses leave."""
    size = (len(numbers) - 3) // 4
    ids = [int(token) for token in numbers[:size]]
    values = [numbers[size + i * (size + 1) : size + (i + 1) * (size + 1)] for i in range(3)]  # p, q, residual; total
    masses = {token: (p, q, left) for token, p, q, left in zip(ids, *(v[:-1] for v in values), strict=True)}
    possible = [token for token in ids[2:] if max(masses[token][:2]) > 0]  # top-p and its like leave few
    chosen = list(dict.fromkeys([*ids[:forced], *possible]))[: size - 2]
    chosen.sort(key=lambda token: (-max(masses[token][:2]), token))
    tail = tuple(max(0.0, v[-1] - sum(masses[token][i] for token in chosen)) for i, v in enumerate(values))
    return Row(ids[0], *masses[ids[0]][:2], tuple((token, *masses[token]) for token in chosen), tail)


class Scribe:
    """Turns judged rounds into trace tokens, and keeps the place where the text stands."""

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
