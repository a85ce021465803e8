"""One judged round, from device tensors to plain trace values, in one transfer.

Everything is computed on the whole vocabulary and truncated here, to the TOP tokens a reader may want to see.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from specdec.drafters.draft import Draft
from specdec.sampling import exact, residual
from specdec.text import Detokenizer, Position
from specdec.trace import DraftToken, FinalToken, Tail, Top
from specdec.verify.judgment import Judgment

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
    """A Judgment on the host: N ids and verdicts; N + 1 rows, the last one the final token's."""

    ids: tuple[int, ...]
    verdicts: tuple[str, ...]
    accept_probs: tuple[float | None, ...]
    final: int
    rows: tuple[Row, ...]


def fetch(draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Judged:
    """Pack everything the host needs into one tensor and wait for it: the round's only synchronisation.

    p [N + 1, V], q [N, V]. Node i was judged by row parents[i] + 1 of p. One more row, where the final token stands,
    follows the N nodes'.
    """
    count = len(draft.parents)
    rows = torch.tensor([parent + 1 for parent in draft.parents], dtype=torch.long, device=p.device)
    rows = torch.cat([rows, judgment.final_row[None]])
    laws_p, laws_q = p[rows], torch.cat([q, _guessed_at(judgment.final_row, rows, q)])  # [N + 1, V]
    left = residual(laws_p, laws_q)
    top = torch.maximum(laws_p, laws_q).topk(min(TOP, p.shape[-1])).indices
    own = torch.cat([draft.ids, judgment.final[None]])[:, None]
    shown = torch.cat([own, judgment.final.expand(count + 1, 1), top], dim=1)  # [N + 1, 2 + TOP]
    columns = [shown]
    for law in (laws_p, laws_q, left):
        columns += [law.gather(1, shown), law.sum(1, keepdim=True)]
    accept = judgment.accept_prob if judgment.accept_prob is not None else torch.zeros_like(draft.ids)
    heads = torch.stack([judgment.kept, judgment.tried, accept], dim=1)
    tail = torch.stack([judgment.final_row, judgment.final])
    wide = exact(p.device)
    packed = torch.cat(
        [heads.to(wide).flatten(), tail.to(wide), torch.cat([c.to(wide) for c in columns], 1).flatten()]
    )
    numbers = packed.tolist()
    if not all(map(math.isfinite, numbers)):
        raise FloatingPointError("a model computed probabilities that are not numbers")
    return _unpack(numbers, draft.parents, judgment.accept_prob is not None)


def _guessed_at(final_row: Tensor, rows: Tensor, q: Tensor) -> Tensor:
    """The drafter's law where the final token stands, [1, V]: that of a guess judged by the same row, else nothing."""
    if len(q) == 0:
        return q.new_zeros(1, q.shape[-1])
    same = rows[:-1] == final_row  # [N]
    return q[same.long().argmax()][None] * same.any()


def _unpack(packed: list[float], parents: tuple[int, ...], has_accept: bool) -> Judged:
    count = len(parents)
    heads, (final_row, final), table = packed[: 3 * count], packed[3 * count : 3 * count + 2], packed[3 * count + 2 :]
    kept, tried, accept = heads[0::3], heads[1::3], heads[2::3]
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
        final=int(final),
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

    def __init__(self, detokenizer: Detokenizer, position: Position) -> None:
        self.detokenizer, self.position = detokenizer, position

    def draft_tokens(self, draft: Draft, judged: Judged, coins: Sequence[float | None]) -> tuple[DraftToken, ...]:
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
                    coin=None if verdict == "discarded" else coins[i],
                    verdict=verdict,
                    rule=None,
                    top=self._top(row),
                    tail=row.tail,
                )
            )
        return tuple(tokens)

    def final_token(self, judged: Judged, coin: float | None) -> FinalToken:
        """Call after `commit` of the accepted path: its text depends on what stands before it."""
        row = judged.rows[-1]
        behind_last = judged.verdicts.count("rejected") == 0
        verdict = "plain" if not judged.ids else "bonus" if behind_last else "correction"
        text, _ = self.detokenizer.add(self.position, judged.final)
        piece = self.detokenizer.piece(judged.final)
        top = self._top(row)
        return FinalToken(judged.final, piece, text, verdict, row.target_prob, coin, top, row.tail)

    def commit(self, ids: Sequence[int]) -> None:
        for token in ids:
            _, self.position = self.detokenizer.add(self.position, token)

    def _top(self, row: Row) -> Top:
        return tuple((token, self.detokenizer.piece(token), p, q, left) for token, p, q, left in row.top)
