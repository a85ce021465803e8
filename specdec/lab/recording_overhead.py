"""The overhead of recording a trace: every run is made with recording and without it (only the text is kept), in
turns.

What a rule computes only for the trace (on trees, the distribution at the moment of each judgment) is computed in
both, so it is not part of the overhead.
"""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any

from specdec.engine import loop
from specdec.engine.calibration import warm_up
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.lab import bench as lab
from specdec.lab.bench import Measurement
from specdec.models.pair import Pair
from specdec.settings import AUTO, Settings
from specdec.trace import gather

SILENT = "-unrecorded"  # appended to a drafter's name


def bench(
    pair: Pair, drafters: Sequence[str], prompts: Sequence[str], settings: Settings, runs: int
) -> Iterator[Measurement]:
    """Measure every lane `runs` times on every prompt that fits, with recording and without it, after a warm-up;
    yields each measurement as soon as its run ends. The order is reversed from turn to turn. Raises UserError for what
    cannot be run and for draft length `auto`, which two runs may plan differently; RunFailed for a run that ended in
    an error."""
    if settings.draft_length == AUTO:
        raise UserError("errors.unrecorded_auto")
    names = lab.with_plain(drafters)
    places = lab.fitting(pair, names, prompts, settings)
    lanes = [lane for name in names for lane in (name, name + SILENT)]
    for lane in lanes:
        warm_up(prepare(pair, _request(lane, prompts[places[0]], settings)), _is_recorded(lane))
    for place, turn, lane in lab.in_turns(lanes, places, runs):
        prepared = prepare(pair, _request(lane, prompts[place], settings))
        lines = loop.rounds(prepared, remember=False, record=_is_recorded(lane))
        yield lab.measure(lane, place, turn, gather(lines))


def _request(lane: str, prompt: str, settings: Settings) -> Request:
    return Request(prompt, lane.removesuffix(SILENT), settings)


def _is_recorded(lane: str) -> bool:
    return not lane.endswith(SILENT)


def report(measurements: Iterable[Measurement], categories: Sequence[str | None] = ()) -> dict[str, Any]:
    """The report as plain JSON values: that of `lab.bench.report` for the recorded lanes, with three more entries in
    each row. `host_seconds`: the median time of a round outside drafting and the target's pass. `unrecorded`: the time
    per token and `host_seconds` of the same runs without recording. `recording`: the share of the time per token that
    recording takes, the median over pairs of runs on the same prompt in the same turn."""
    recorded: list[Measurement] = []
    silent: dict[tuple[str, int, int], Measurement] = {}
    for one in measurements:
        if not _is_recorded(one.drafter):
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
