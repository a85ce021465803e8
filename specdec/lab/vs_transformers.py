"""A benchmark of our engine against transformers' `generate`: the same weights, prompts, lengths and sampling
distribution, in turns.

The clock of both starts before the prompt is read, since `generate` reads it in the same call, and stops at the last
token. `specdec.lab.transformers_lane` describes how transformers is configured.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

from specdec.catalog import capabilities
from specdec.engine import loop
from specdec.engine.calibration import warm_up
from specdec.engine.request import Request, prepare
from specdec.errors import UserError, first_line
from specdec.lab import bench as lab
from specdec.lab import transformers_lane
from specdec.lab.bandwidth import Memory
from specdec.lab.bench import Measurement, Row
from specdec.messages import Message
from specdec.methods import DRAFTERS, PLAIN
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Totals, gather

log = logging.getLogger(__name__)

RIVALS = {method.name: method.transformers for method in DRAFTERS.values() if method.transformers}
ORDER = [lane for name, theirs in RIVALS.items() for lane in (name, *theirs)]
COUNTS = ("drafted", "accepted", "rejected", "discarded", "refusals")  # which transformers does not report


class Missing(NamedTuple):
    """A lane that transformers cannot run; `prompt` is the index of the prompt on which it failed, `why` one
    sentence."""

    drafter: str
    prompt: int
    why: Message | str


def bench(
    pair: Pair,
    drafters: Sequence[str],
    prompts: Sequence[str],
    settings: Settings,
    runs: int,
    prepare: Callable[[int], None] = lambda place: None,
) -> Iterator[Measurement | Missing]:
    """Measure our lanes and their counterparts in transformers `runs` times on every prompt that fits, after a
    warm-up; yields each measurement as soon as its run ends.

    Without `drafters` the lanes are the draft model, if there is one, and lookup. `prepare` is called with the index
    of the prompt before every run except the warm-up. Raises UserError for what we cannot run or transformers has no
    counterpart of, RunFailed for a run of ours that ended in an error. A lane that fails in transformers is Missing
    from then on.
    """
    ours = lab.with_plain(drafters or [name for name in RIVALS if not DRAFTERS[name].draft_model or pair.draft])
    capabilities.check_counterpart(ours, settings)
    places = lab.fitting(pair, ours, prompts, settings)
    lanes = [lane for name in ours for lane in (name, *RIVALS[name])]
    gone = []
    for lane in lanes:
        if missing := _warm_up(pair, lane, prompts[places[0]], settings):
            gone.append(lane)
            yield missing
    for place, turn, lane in lab.in_turns(lanes, places, runs):
        if lane not in gone:
            prepare(place)
            one = (_theirs if lane in transformers_lane.LANES else _ours)(
                pair, lane, place, turn, prompts[place], settings
            )
            if isinstance(one, Missing):
                gone.append(lane)
            yield one


def _warm_up(pair: Pair, lane: str, prompt: str, settings: Settings) -> Missing | None:
    if lane not in transformers_lane.LANES:
        warm_up(prepare(pair, Request(prompt, lane, settings)))
        return None
    short = replace(settings, max_new_tokens=min(settings.max_new_tokens, 3 * (int(settings.draft_length) + 1)))
    one = _theirs(pair, lane, 0, 0, prompt, short)
    return one if isinstance(one, Missing) else None


def _ours(pair: Pair, name: str, place: int, turn: int, prompt: str, settings: Settings) -> Measurement:
    one = lab.measure(name, place, turn, gather(loop.rounds(prepare(pair, Request(prompt, name, settings)))))
    return replace(one, seconds=(one.own_header.prefill_seconds or 0.0) + one.seconds)


def _theirs(pair: Pair, lane: str, place: int, turn: int, prompt: str, settings: Settings) -> Measurement | Missing:
    try:
        found = transformers_lane.generate(pair, lane, prompt, settings)
    except UserError as error:
        return Missing(lane, place, error.message)
    except Exception as error:
        log.exception("transformers failed")
        return Missing(lane, place, Message("terminal.against_failed", why=first_line(error)))
    totals = Totals(
        rounds=found.passes.target,
        tokens=len(found.ids),
        seconds=found.seconds,
        peak_memory_bytes=found.peak_memory_bytes,
        **dict.fromkeys(COUNTS, 0),
    )
    return Measurement(
        lane,
        place,
        turn,
        header=None,
        totals=totals,
        seconds=found.seconds,
        draft_passes=found.passes.draft,
        draft_seconds=(),
        host_seconds=(),
        ids=found.ids,
        looping=lab.loops(found.ids),
    )


def report(
    measured: Iterable[Measurement | Missing], categories: Sequence[str | None] = (), memory: Memory | None = None
) -> dict[str, Any]:
    """The report as plain JSON values: that of `lab.bench.report`, with `software` and with rows of transformers among
    ours.

    A row also has `against`: its speed-up over its counterpart in transformers, the median over pairs of runs on the
    same prompt in the same turn; `host_seconds`: the median time of a round outside drafting and the target's pass;
    `prefill_seconds`; `memory_share`: the share of its time that reading memory needs at least, where `memory` is
    given (the report then also has its speed); and `why`: the reason why transformers could not run the lane, all of
    whose figures are then null.
    """
    measured = list(measured)
    missing = {one.drafter: one.why for one in measured if isinstance(one, Missing)}
    runs = [one for one in measured if isinstance(one, Measurement) and one.drafter not in missing]
    result = lab.report(runs, categories, lambda some: _rows(some, memory))
    header = lab.by_lane(runs)[PLAIN][0].own_header
    for rows in (result["rows"], *result.get("categories", {}).values()):
        rows += [dict.fromkeys(rows[0]) | {"drafter": lane, "why": why} for lane, why in missing.items()]
        rows.sort(key=lambda row: ORDER.index(row["drafter"]))
    speed = memory.speed if memory else None
    return {**result, "software": header.software, "memory_bytes_per_second": speed}


def _rows(measurements: Sequence[Measurement], memory: Memory | None) -> list[Row]:
    lanes = lab.by_lane(measurements)
    return [row | _beside(row, lanes, memory) for row in lab.rows(measurements)]


def _beside(row: Row, lanes: dict[str, list[Measurement]], memory: Memory | None) -> Row:
    """The entries that this report adds to a row; for a row of transformers also None for what it does not report."""
    name = row["drafter"]
    lane, theirs = lanes[name], lanes.get(RIVALS[name][0]) if name in RIVALS else None
    host = [spent for one in lane for spent in one.host_seconds]
    headers = [one.header for one in lane if one.header]
    prefill = [own.prefill_seconds for own in headers if own.prefill_seconds is not None]
    added = {
        "against": lab.speedup(lane, theirs) if theirs else None,
        "host_seconds": median(host) if host else None,
        "prefill_seconds": median(prefill) if prefill else None,
        "memory_share": memory_share(lane, lanes[PLAIN], memory) if memory else None,
        "why": None,
    }
    if name not in transformers_lane.LANES:
        return added
    length = {transformers_lane.PLAIN: 0, transformers_lane.DEFAULTS: None}.get(name, row["draft_length"])
    untold = dict.fromkeys((*COUNTS, "acceptance_rate"))
    apart = {kind: figures | untold for kind, figures in row["apart"].items()}
    return {**added, **untold, "draft_length": length, "apart": apart}


def memory_share(lane: list[Measurement], plain: list[Measurement], memory: Memory) -> float:
    """The share of a lane's time that reading memory needs at least, the median over runs. The context of a pass is
    taken as the prompt and half of the text written after it."""
    prompts = {one.prompt: len(one.own_header.prompt.tokens) for one in plain}
    return median(
        memory.share(
            target_passes=one.totals.rounds,
            draft_passes=one.draft_passes,
            context=prompts[one.prompt] + one.totals.tokens / 2,
            seconds=one.seconds,
        )
        for one in lane
    )
