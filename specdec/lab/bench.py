"""What speculation pays on this machine: plain decoding and every drafter, alternating in one process.

A measurement is one run of one drafter on one prompt. Runs of one prompt follow each other closely and are compared
pair by pair, so what drifts (heat, clocks, neighbours) cancels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from specdec import decode
from specdec.drafters import make
from specdec.errors import UserError
from specdec.models.loading import Pair
from specdec.settings import Settings
from specdec.trace import Header, Totals, Trace, gather
from specdec.words import say

PLAIN = "none"
LOOP_GRAM = 4  # a text loops when fewer than half of its 4-grams are distinct


class RunFailed(RuntimeError):
    """A measured run ended in an error; its message is the trace's."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is kept of one run."""

    drafter: str
    prompt: int
    turn: int
    header: Header
    totals: Totals
    draft_seconds: tuple[float, ...]  # what guessing took in each round that guessed
    text: str
    looping: bool

    @property
    def seconds_per_token(self) -> float:
        return self.totals.seconds / self.totals.tokens


def bench(
    pair: Pair, drafters: Sequence[str], prompts: Sequence[str], settings: Settings, runs: int
) -> Iterator[Measurement]:
    """After a warm-up, every prompt `runs` times by plain decoding and by each drafter, as they happen.

    The order is reversed from turn to turn. Every turn uses the same seed: it measures time, not luck; and a drafter
    that learns from runs does so after the last turn, so that none copies its own text of the turn before. Raises
    UserError for what cannot be run, RunFailed for a run that ended in an error.
    """
    lanes = [PLAIN, *(name for name in dict.fromkeys(drafters) if name != PLAIN)]
    _check(pair, lanes, prompts, settings)
    for name in lanes:
        decode.warm_up(pair, name, prompts[0], settings)
    for place, prompt in enumerate(prompts):
        for turn in range(runs):
            for name in lanes if (place + turn) % 2 == 0 else reversed(lanes):
                lines = decode.rounds(pair, name, prompt, settings, remember=turn == runs - 1)
                yield _measure(name, place, turn, gather(lines))


def _check(pair: Pair, lanes: Sequence[str], prompts: Sequence[str], settings: Settings) -> None:
    """Refuse a prompt that some lane cannot run before any time is spent on the others: a draft model may hold less
    than its target."""
    drafters = [make(name, pair, settings) for name in lanes]
    for number, prompt in enumerate(prompts, start=1):
        try:
            for drafter in drafters:
                decode.Run(pair.target, drafter, prompt, settings)
        except UserError as error:
            raise UserError(say("errors.prompt_among", number=number, prompts=len(prompts), why=error)) from None


def _measure(drafter: str, prompt: int, turn: int, trace: Trace) -> Measurement:
    if trace.footer.reason == "error":
        raise RunFailed(trace.footer.message)
    guessing = tuple(one.seconds.draft for one in trace.rounds if one.draft)
    return Measurement(drafter, prompt, turn, trace.header, trace.totals, guessing, trace.text, loops(trace.ids))


def loops(ids: Sequence[int]) -> bool:
    """Whether a text repeats itself: distinct 4-grams under half of all.

    >>> loops([1, 2, 3] * 9), loops([1, 2, 3, 4, 5, 6])
    (True, False)
    """
    grams = [tuple(ids[i : i + LOOP_GRAM]) for i in range(len(ids) - LOOP_GRAM + 1)]
    return len(set(grams)) < len(grams) / 2


def report(measurements: Iterable[Measurement]) -> dict[str, Any]:
    """Plain JSON values: `hardware`, `settings`, and `rows`, plain decoding first.

    Times are those of every run; `draft_seconds` is the median of what guessing took in a round. Counts, texts and
    loops are those of the first run on each prompt, since the others repeat it.
    """
    measurements = list(measurements)
    header = measurements[-1].header
    lanes: dict[str, list[Measurement]] = {PLAIN: []}
    for one in measurements:
        lanes.setdefault(one.drafter, []).append(one)
    drafts = [lane[0].header.drafter.model for name, lane in lanes.items() if name == "model"]
    size = {"prompts": len({one.prompt for one in measurements}), "runs": len({one.turn for one in measurements})}
    models = {"target": header.target.name, "draft": drafts[0] if drafts else None}
    return {
        "hardware": asdict(header.hardware),
        "settings": {**models, **size, **header.settings},
        "rows": [_row(lane, lanes[PLAIN]) for lane in lanes.values()],
    }


def _row(lane: list[Measurement], plain: list[Measurement]) -> dict[str, Any]:
    settings = lane[0].header.settings
    seconds = [one.seconds_per_token for one in lane]
    guessing = [spent for one in lane for spent in one.draft_seconds]
    looping = {one.prompt for one in lane if one.looping}
    figures = _figures(lane, plain)
    return {
        "drafter": lane[0].drafter,
        "rule": settings["rule"],
        "draft_length": 0 if lane[0].drafter == PLAIN else settings["draft_length"],
        "branching": None if lane[0].drafter == PLAIN else settings["branching"],
        "draft_seconds": median(guessing) if guessing else None,
        "seconds_per_token": {"median": median(seconds), "min": min(seconds), "max": max(seconds)},
        **figures,
        "looping": len(looping),
        "apart": {
            "looping": _figures([one for one in lane if one.prompt in looping], plain),
            "others": _figures([one for one in lane if one.prompt not in looping], plain),
        },
        "same_text": _same_text(lane, plain) if settings["rule"] == "greedy" else None,
        "peak_memory_bytes": max((one.totals.peak_memory_bytes or 0 for one in lane), default=0) or None,
    }


def _figures(lane: list[Measurement], plain: list[Measurement]) -> dict[str, Any]:
    """Speed-up, rates and the counts behind them."""
    counted = [one.totals for one in lane if one.turn == 0]
    names = ("accepted", "rejected", "discarded", "refusals", "drafted", "tokens", "rounds")
    sums = {name: sum(getattr(totals, name) for totals in counted) for name in names}
    judged = sums["accepted"] + sums["refusals"]
    passes = sums.pop("rounds")
    return {
        "prompts": len(counted),
        "speedup": _speedup(lane, plain),
        "acceptance_rate": sums["accepted"] / judged if judged else None,
        "tokens_per_pass": sums["tokens"] / passes if passes else None,
        **sums,
        "passes": passes,
    }


def _speedup(lane: list[Measurement], plain: list[Measurement]) -> float | None:
    """The median ratio plain ÷ this, each pair being one prompt in one turn; None without a pair."""
    partner = {(one.prompt, one.turn): one.seconds_per_token for one in plain}
    ratios = [partner[one.prompt, one.turn] / one.seconds_per_token for one in lane]
    return median(ratios) if ratios else None


def _same_text(lane: list[Measurement], plain: list[Measurement]) -> bool:
    expected = {one.prompt: one.text for one in plain}
    return all(one.text == expected[one.prompt] for one in lane)
