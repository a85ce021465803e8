"""The speed-up of each drafter over plain decoding on this machine, measured in one process with alternating runs.

A measurement is one run of one drafter on one prompt. Runs on the same prompt follow each other closely and are
compared pair by pair, so that slow drifts (temperature, clock rates, other programs) cancel.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, TypeVar

from msgspec import to_builtins

from specdec.engine import loop
from specdec.engine.calibration import warm_up
from specdec.engine.request import Request, prepare
from specdec.errors import BadPrompt, NoRoom, UserError
from specdec.messages import Message
from specdec.methods import PLAIN
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Header, Totals, Trace, gather, together

LOOP_GRAM = 4  # a text loops when fewer than half of its 4-grams are distinct


class RunFailed(RuntimeError):
    """A measured run ended in an error; `message` is the trace's."""

    def __init__(self, message: Message | str) -> None:
        self.message = message
        super().__init__(str(message))


@dataclass(frozen=True, slots=True)
class Measurement:
    """The figures of one run that reports are made from.

    `prompt`: the prompt's index; `header`: None for a run of another engine; `seconds`: the time that counts for this
    run, decoding alone unless the experiment says otherwise.
    """

    drafter: str
    prompt: int
    turn: int
    header: Header | None
    totals: Totals
    seconds: float
    draft_passes: int
    draft_seconds: tuple[float, ...]  # drafting time of each round that has a draft
    host_seconds: tuple[float, ...]  # of each round: the time outside drafting and the target's pass
    ids: tuple[int, ...]
    looping: bool

    @property
    def own_header(self) -> Header:
        """The header of the run's trace; asked for only where this engine made the run."""
        assert self.header is not None, f"{self.drafter} ran in another engine, which writes none"
        return self.header

    @property
    def seconds_per_token(self) -> float:
        return self.seconds / self.totals.tokens


Row = dict[str, Any]
Lane = TypeVar("Lane")


def bench(
    pair: Pair, drafters: Sequence[str], prompts: Sequence[str], settings: Settings, runs: int
) -> Iterator[Measurement]:
    """Measure plain decoding and each drafter `runs` times on every prompt that fits, after a warm-up; yields each
    measurement as soon as its run ends.

    The order of the drafters is reversed from turn to turn. Every turn uses the same seed, since time is measured and
    not luck. A drafter that learns from finished runs learns after the last turn only, so that it cannot copy its own
    text from the turn before, and each lane has a memory of its own, so that none copies what another one wrote.
    Raises UserError for what cannot be run, RunFailed for a run that ended in an error.
    """
    lanes = with_plain(drafters)
    places = fitting(pair, lanes, prompts, settings)
    pairs = {name: replace(pair, memory={}) for name in lanes}
    for name in lanes:
        warm_up(prepare(pairs[name], Request(prompts[places[0]], name, settings)))
    for place, turn, name in in_turns(lanes, places, runs):
        lines = loop.rounds(prepare(pairs[name], Request(prompts[place], name, settings)), remember=turn == runs - 1)
        yield measure(name, place, turn, gather(lines))


def with_plain(drafters: Iterable[str]) -> list[str]:
    """The lanes of a benchmark: plain decoding first, then each drafter once."""
    return list(dict.fromkeys([PLAIN, *drafters]))


def fitting(pair: Pair, lanes: Sequence[str], prompts: Sequence[str], settings: Settings) -> list[int]:
    """The indices of the prompts that fit into the context of every lane; a draft model's may be shorter than its
    target's.

    Raises UserError, before any time is spent on a run, for a lane that cannot be run, for a prompt that is refused
    for another reason than its length, and, where no prompt fits, for the first one.
    """
    places, long = [], []
    for place, prompt in enumerate(prompts):
        try:
            for name in lanes:
                prepare(pair, Request(prompt, name, settings))
            places.append(place)
        except BadPrompt as error:
            refusal = UserError("errors.prompt_among", number=place + 1, prompts=len(prompts), why=error)
            if not isinstance(error, NoRoom):
                raise refusal from None
            long.append(refusal)
    if not places:
        raise long[0]
    return places


def in_turns(lanes: Sequence[Lane], places: Sequence[int], runs: int) -> Iterator[tuple[int, int, Lane]]:
    """(place, turn, lane) for every run, in the order in which they are made: lanes in reversed order from one turn to
    the next.

    >>> [lane for _, _, lane in in_turns(["none", "model"], places=[0], runs=2)]
    ['none', 'model', 'model', 'none']
    """
    for number, place in enumerate(places):
        for turn in range(runs):
            for lane in lanes if (number + turn) % 2 == 0 else reversed(lanes):
                yield place, turn, lane


def check(trace: Trace) -> None:
    """Raise RunFailed if a run ended in an error."""
    if trace.footer is None or trace.footer.reason == "error":
        raise RunFailed((trace.footer.failure if trace.footer else None) or "")


def measure(drafter: str, prompt: int, turn: int, trace: Trace) -> Measurement:
    """The figures of a finished run; raises RunFailed for one that ended in an error."""
    check(trace)
    return Measurement(
        drafter,
        prompt,
        turn,
        trace.header,
        trace.totals,
        seconds=trace.totals.seconds,
        draft_passes=sum(one.passes.draft for one in trace.rounds if one.passes),
        draft_seconds=tuple(one.seconds.draft for one in trace.rounds if one.draft and one.seconds),
        host_seconds=tuple(one.seconds.other for one in trace.rounds if one.seconds),
        ids=tuple(trace.ids),
        looping=loops(trace.ids),
    )


def loops(ids: Sequence[int]) -> bool:
    """Whether a text (token ids) repeats itself: fewer than half of its 4-grams are distinct.

    >>> loops([1, 2, 3] * 9), loops([1, 2, 3, 4, 5, 6])
    (True, False)
    """
    grams = [tuple(ids[i : i + LOOP_GRAM]) for i in range(len(ids) - LOOP_GRAM + 1)]
    return len(set(grams)) < len(grams) / 2


def rows(measurements: Iterable[Measurement]) -> list[Row]:
    """A row of plain JSON values for each lane, plain decoding first.

    Times are taken over all runs; `draft_seconds` is the median drafting time of a round. Counts, texts and loops are
    taken from the first run on each prompt, since the other runs repeat its text.
    """
    lanes = by_lane(measurements)
    return [_row(lane, lanes[PLAIN]) for lane in lanes.values()]


def report(
    measurements: Iterable[Measurement],
    categories: Sequence[str | None] = (),
    rows: Callable[[list[Measurement]], list[Row]] = rows,
) -> dict[str, Any]:
    """The report of a benchmark as plain JSON values: `hardware`, `settings`, `rows`.

    `categories` gives the category of each prompt by its index; with it the report also has `categories`, the same
    rows for each category that was measured.
    """
    measurements = list(measurements)
    lanes = by_lane(measurements)
    header = lanes[PLAIN][0].own_header
    drafts = [lane[0].own_header.drafter.model for name, lane in lanes.items() if name == "model"]
    size = {"prompts": len({one.prompt for one in measurements}), "runs": len({one.turn for one in measurements})}
    apart = [one.header.settings for lane in lanes.values() if (one := lane[0]).header]
    settled = {name: value for own in apart for name, value in own.items() if header.settings[name] is None}
    models = {"target": header.target.name, "draft": drafts[0] if drafts else None}
    result = {
        "hardware": to_builtins(header.hardware),
        "settings": {**models, **size, **header.settings, **settled},
        "rows": rows(measurements),
    }
    found = [categories[one.prompt] for one in measurements] if categories else []
    if names := list(dict.fromkeys(filter(None, found))):
        kinds = {name: [one for one, kind in zip(measurements, found, strict=True) if kind == name] for name in names}
        result["categories"] = {name: rows(kind) for name, kind in kinds.items()}
    return result


def by_lane(measurements: Iterable[Measurement]) -> dict[str, list[Measurement]]:
    """Measurements grouped by lane: plain decoding first, the others in the order of their first measurement."""
    lanes: dict[str, list[Measurement]] = {PLAIN: []}
    for one in measurements:
        lanes.setdefault(one.drafter, []).append(one)
    return lanes


def _row(lane: list[Measurement], plain: list[Measurement]) -> Row:
    settings = plain[0].own_header.settings
    seconds = [one.seconds_per_token for one in lane]
    looping = {one.prompt for one in lane if one.looping}
    figures = _figures(lane, plain)
    return {
        "drafter": lane[0].drafter,
        "rule": settings["rule"],
        "draft_length": 0 if lane[0].drafter == PLAIN else settings["draft_length"],
        "branching": None if lane[0].drafter == PLAIN else settings["branching"],
        "draft_seconds": _median(spent for one in lane for spent in one.draft_seconds),
        "seconds_per_token": {"median": median(seconds), "min": min(seconds), "max": max(seconds)},
        **figures,
        "looping": len(looping),
        "apart": {
            "looping": _figures([one for one in lane if one.prompt in looping], plain),
            "others": _figures([one for one in lane if one.prompt not in looping], plain),
        },
        "same_text": _same_text(lane, plain) if settings["rule"] == "greedy" else None,
        "peak_memory_bytes": together(one.totals for one in lane).peak_memory_bytes,
    }


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if found else None


def _figures(lane: list[Measurement], plain: list[Measurement]) -> dict[str, Any]:
    """Speed-up, rates, and the counts that they are computed from."""
    counted = [one.totals for one in lane if one.turn == 0]
    totals = together(counted)
    counts = ("accepted", "rejected", "discarded", "refusals", "drafted", "tokens")
    return {
        "prompts": len(counted),
        "speedup": speedup(lane, plain),
        "acceptance_rate": totals.acceptance_rate,
        "tokens_per_pass": totals.tokens_per_pass,
        **{name: getattr(totals, name) for name in counts},
        "passes": totals.rounds,
    }


def speedup(lane: list[Measurement], other: list[Measurement]) -> float | None:
    """The median of (time per token in `other`) ÷ (time per token in `lane`) over pairs of runs on the same prompt in
    the same turn; None for an empty lane."""
    partner = {(one.prompt, one.turn): one.seconds_per_token for one in other}
    return _median(partner[one.prompt, one.turn] / one.seconds_per_token for one in lane)


def _same_text(lane: list[Measurement], plain: list[Measurement]) -> bool:
    expected = {one.prompt: one.ids for one in plain}
    return all(one.ids == expected[one.prompt] for one in lane)
