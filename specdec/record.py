"""One judged round, from device tensors to plain trace values, in one transfer.

Everything is computed on the whole vocabulary and truncated here, to the TOP tokens a reader may want to see.
"""

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
    """Numbers of one row of p on the host: the drafted token's p and q, the top tokens and the mass behind them."""

    drafted: tuple[float, float]
    top: tuple[tuple[int, float, float, float], ...]
    tail: Tail


@dataclass(frozen=True, slots=True)
class Judged:
    """A Judgment on the host: N ids and verdicts, N + 1 rows, and the final token."""

    ids: tuple[int, ...]
    verdicts: tuple[str, ...]
    accept_probs: tuple[float | None, ...]
    final: int
    final_row: int
    final_prob: float
    rows: tuple[Row, ...]


def fetch(draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Judged:
    """Pack everything the host needs into one tensor and wait for it: the round's only synchronisation.

    p [N + 1, V], q [N, V]. A node's own row of p is its parent's: p[parent + 1].
    """
    count, wide = len(draft.parents), exact(p.device)
    parent_rows = torch.tensor([parent + 1 for parent in draft.parents], dtype=torch.long, device=p.device)
    judged_p = torch.cat([p[parent_rows], p[judgment.final_row][None]])  # [N + 1, V]: a row for each node, and final's
    judged_q = torch.cat([q, _draft_law_at(judgment.final_row, draft, q)[None]])
    chosen = torch.cat([draft.ids, judgment.final[None]])
    numbers = _numbers(judged_p, judged_q, chosen, judgment, parent_rows)
    accept = judgment.accept_prob if judgment.accept_prob is not None else torch.full((count,), -1.0, device=p.device)
    heads = torch.cat([draft.ids, judgment.kept, judgment.tried, accept, judgment.final[None], judgment.final_row[None]])
    packed = torch.cat([heads.to(wide), numbers.to(wide).flatten()]).tolist()
    return _unpack(packed, count, judgment.accept_prob is not None)


def _draft_law_at(final_row: Tensor, draft: Draft, q: Tensor) -> Tensor:
    """What the drafter thought where the final token stands: q of a node whose parent is the last kept one, or 0."""
    if not draft.parents:
        return torch.zeros(q.shape[-1], device=q.device)
    at = torch.tensor([parent + 1 for parent in draft.parents], device=q.device) == final_row  # [N]
    return torch.where(at.any(), q[at.long().argmax()], 0.0)


def _numbers(p: Tensor, q: Tensor, chosen: Tensor, judgment: Judgment, parent_rows: Tensor) -> Tensor:
    """[N + 1, 5 + 4·TOP]: p and q of the chosen token, tails of p, q, residual, then ids, p, q, residual of the top."""
    left = residual(p, q)
    largest = torch.maximum(p, q)
    forced = largest.scatter(-1, chosen[:, None], 3.0)  # the drafted and the final token are always among the top
    same_place = torch.cat([parent_rows == judgment.final_row, judgment.final[None] >= 0])
    at_final = forced.gather(-1, judgment.final.expand(len(chosen), 1))
    forced = forced.scatter(
        -1, judgment.final.expand(len(chosen), 1), torch.where(same_place[:, None], torch.full_like(at_final, 2.0), at_final)
    )
    top = forced.topk(min(TOP, p.shape[-1]), dim=-1).indices
    laws = torch.stack([p, q, left], dim=1)  # [N + 1, 3, V]
    shown = laws.gather(-1, top[:, None].expand(-1, 3, -1))
    tails = (laws.sum(-1) - shown.sum(-1)).clamp(min=0)
    own = laws[:, :2].gather(-1, chosen[:, None, None].expand(-1, 2, 1))[..., 0]
    return torch.cat([own, tails, top.to(p.dtype if p.shape[-1] < 1 << 24 else exact(p.device)), shown.flatten(1)], dim=1)


def _unpack(packed: list[float], count: int, has_accept: bool) -> Judged:
    split = [packed[i * count : (i + 1) * count] for i in range(4)]
    final, final_row = map(int, packed[4 * count : 4 * count + 2])
    numbers = packed[4 * count + 2 :]
    width = len(numbers) // (count + 1)
    rows = tuple(_row(numbers[i * width : (i + 1) * width]) for i in range(count + 1))
    verdicts = tuple(
        "accepted" if kept else "rejected" if tried else "discarded" for kept, tried in zip(split[1], split[2], strict=True)
    )
    return Judged(
        ids=tuple(map(int, split[0])),
        verdicts=verdicts,
        accept_probs=tuple(split[3]) if has_accept else (None,) * count,
        final=final,
        final_row=final_row,
        final_prob=rows[-1].drafted[0],
        rows=rows,
    )


def _row(numbers: list[float]) -> Row:
    (p, q), tail, rest = numbers[:2], numbers[2:5], numbers[5:]
    size = len(rest) // 4
    ids, ps, qs, lefts = (rest[i * size : (i + 1) * size] for i in range(4))
    top = sorted(zip(map(int, ids), ps, qs, lefts, strict=True), key=lambda t: (-max(t[1], t[2]), t[0]))
    return Row((p, q), tuple(top), tuple(tail))


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
                    draft_prob=row.drafted[1],
                    draft_coin=draft.coins[i],
                    target_prob=row.drafted[0],
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
        return FinalToken(judged.final, piece, text, verdict, judged.final_prob, coin, top, row.tail)

    def commit(self, ids: Sequence[int]) -> None:
        for token in ids:
            _, self.position = self.detokenizer.add(self.position, token)

    def _top(self, row: Row) -> Top:
        return tuple((token, self.detokenizer.piece(token), p, q, left) for token, p, q, left in row.top)
