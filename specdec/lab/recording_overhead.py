"""What recording costs: every run twice, as ever and with nothing kept of a round but the text, taking turns.

What a rule computes for the record alone (on trees, the law at the moment of each judgment) is computed either way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

import torch
from torch import Tensor

from specdec.drafters.draft import Draft
from specdec.engine import loop
from specdec.engine.recorder import TraceRecorder, verdicts
from specdec.errors import UserError
from specdec.lab import bench as lab
from specdec.lab.bench import Measurement
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.settings import AUTO, Settings
from specdec.trace import gather
from specdec.verify.judgment import Judgment

SILENT = "-unrecorded"  # behind a drafter's name


@dataclass(frozen=True, slots=True)
class Kept:
    """What the loop itself asks of a token."""

    id: int
    text: str
    verdict: str
    parent: int = -1
    coin: None = None


class Verdicts(NamedTuple):
    """Of one round, on the host: N ids and verdicts, and the token that the target writes."""

    ids: tuple[int, ...]
    verdicts: tuple[str, ...]
    final: int


class Silent(TraceRecorder):
    """A recorder that asks the device only for what the text goes on with, still in one transfer."""

    @staticmethod
    def fetch(target: LanguageModel, draft: Draft, p: Tensor, q: Tensor, judgment: Judgment) -> Verdicts:
        *numbers, final = torch.cat([draft.ids, judgment.kept, judgment.tried, judgment.final[None]]).tolist()
        count = len(draft.parents)
        ids, kept, tried = (tuple(numbers[start : start + count]) for start in (0, count, 2 * count))
        return Verdicts(ids, verdicts(kept, tried), final)

    def draft_tokens(self, draft: Draft, judged: Verdicts, coins: Sequence[float]) -> tuple[Kept, ...]:
        position, tokens = self.position, []
        for token, verdict, parent in zip(judged.ids, judged.verdicts, draft.parents, strict=True):
            text = ""
            if verdict == "accepted":
                text, position = self.detokenizer.add(position, token)
            tokens.append(Kept(token, text, verdict, parent))
        return tuple(tokens)

    def final_token(self, draft: Draft, judged: Verdicts, coins: Sequence[float]) -> Kept:
        text, _ = self.detokenizer.add(self.position, judged.final)
        return Kept(judged.final, text, "plain")


def bench(
    pair: Pair, drafters: Sequence[str], prompts: Sequence[str], settings: Settings, runs: int
) -> Iterator[Measurement]:
    """After a warm-up, every prompt that fits `runs` times by every lane, with a record and without one, as they
    happen; the order is reversed from turn to turn. Raises UserError for what cannot be run and for a draft length of
    `auto`, which two runs may plan differently; RunFailed for a run that ended in an error."""
    if settings.draft_length == AUTO:
        raise UserError("errors.unrecorded_auto")
    names = lab.with_plain(drafters)
    places = lab.fitting(pair, names, prompts, settings)
    lanes = {
        lane: (name, recorder) for name in names for lane, recorder in ((name, TraceRecorder), (name + SILENT, Silent))
    }
    for name, recorder in lanes.values():
        loop.warm_up(pair, name, prompts[places[0]], settings, recorder)
    for place, turn, lane in lab.in_turns(list(lanes), places, runs):
        name, recorder = lanes[lane]
        lines = loop.rounds(pair, name, prompts[place], settings, remember=False, recorder=recorder)
        yield lab.measure(lane, place, turn, gather(lines))


def report(measurements: Iterable[Measurement], categories: Sequence[str | None] = ()) -> dict[str, Any]:
    """Plain JSON values: those of `lab.bench.report` for the recorded lanes. A row has also `host_seconds`, the median
    of what in a round was neither guessing nor the target's pass; `unrecorded`, its time per token and the same
    without a record; and `recording`: by what share of its time a token takes longer because it is recorded, the
    median over pairs of one prompt in one turn."""
    recorded: list[Measurement] = []
    silent: dict[tuple[str, int, int], Measurement] = {}
    for one in measurements:
        if one.drafter.endswith(SILENT):
            silent[one.drafter.removesuffix(SILENT), one.prompt, one.turn] = one
        else:
            recorded.append(one)

    def rows(some: list[Measurement]) -> list[lab.Row]:
        lanes = lab.by_lane(some)
        pairs = {name: [(one, silent[name, one.prompt, one.turn]) for one in lane] for name, lane in lanes.items()}
        return [row | _beside(pairs[row["drafter"]]) for row in lab.rows(some)]

    return lab.report(recorded, categories, rows)


def _beside(pairs: list[tuple[Measurement, Measurement]]) -> dict[str, Any]:
    ever, silent = zip(*pairs, strict=True)
    return {
        "host_seconds": _host(ever),
        "recording": median(1 - other.seconds_per_token / one.seconds_per_token for one, other in pairs),
        "unrecorded": {
            "seconds_per_token": median(one.seconds_per_token for one in silent),
            "host_seconds": _host(silent),
            "same_text": all(one.ids == other.ids for one, other in pairs),
        },
    }


def _host(lane: Sequence[Measurement]) -> float:
    return median(spent for one in lane for spent in one.host_seconds)
