"""The speed-up that models of given shapes would have on this machine at a given acceptance rate α, without their
weights.

The cost of a pass depends on the shapes alone, so random weights are enough and nothing has to be downloaded. How
often a guess is right depends on the weights, so it is not measured: α is prescribed (`specdec.models.synthetic`), and
the rounds that follow from it are run for real, by the usual loop or by transformers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from msgspec import to_builtins

from specdec import theory
from specdec.engine import calibration, loop
from specdec.engine.request import Request, prepare
from specdec.lab import bench as lab
from specdec.lab import vs_transformers
from specdec.lab.bandwidth import Memory
from specdec.lab.bench import PLAIN, Measurement
from specdec.lab.vs_transformers import Missing, memory_share
from specdec.models import synthetic
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Calibration, gather

CONTEXT = synthetic.PERIOD  # tokens of the prompt
ACCEPTANCES = (0.6, 0.7, 0.8, 0.9)
DRAFT_LENGTHS = (2, 4, 6, 8)
UNDRAFTED = (PLAIN, *vs_transformers.RIVALS[PLAIN])
LANES = (*UNDRAFTED, "model", *vs_transformers.RIVALS["model"])  # no lookup: it would copy the repeating text
SETTLED = ("rule", "temperature", "seed", "max_new_tokens")
TIMES = ("seconds_per_token", "speedup", "against", "draft_seconds", "host_seconds", "prefill_seconds", "memory_share")
OTHERS = ("draft_length", "tokens_per_pass", "same_text", "peak_memory_bytes", "why")


def calibrate(pair: Pair, settings: Settings) -> Calibration:
    """The costs c, v and o, measured by `specdec.engine.calibration.calibrate` with a draft model that is always
    right."""
    synthetic.differ(pair, 0)
    return calibration.calibrate(prepare(pair, Request(synthetic.text(CONTEXT), "model", settings)))


def measure(
    pair: Pair, settings: Settings, acceptances: Sequence[float], draft_lengths: Sequence[int], runs: int
) -> Iterator[Measurement]:
    """Measure plain decoding and every draft length `runs` times for every α, after a warm-up; yields each measurement
    as soon as its run ends. The order is reversed from turn to turn.

    A measurement's `prompt` is the index of α in `acceptances`; in each turn the draft model is wrong at other
    positions. Raises UserError for what cannot be run, RunFailed for a run that ended in an error.
    """
    prompt, lengths = synthetic.text(CONTEXT), (0, *draft_lengths)
    for name in (PLAIN, "model"):
        calibration.warm_up(prepare(pair, Request(prompt, name, replace(settings, draft_length=max(lengths)))))
    for place, turn, length in lab.in_turns(lengths, range(len(acceptances)), runs):
        synthetic.differ(pair, 1 - acceptances[place], settings.seed + turn)
        name = "model" if length else PLAIN
        lines = loop.rounds(
            prepare(pair, Request(prompt, name, replace(settings, draft_length=length))), remember=False
        )
        yield lab.measure(name, place, turn, gather(lines))


def report(
    measurements: Iterable[Measurement],
    costs: Calibration,
    acceptances: Sequence[float],
    memory: Memory | None = None,
) -> dict[str, Any]:
    """The report as plain JSON values: `hardware`, `settings`, `costs` (c, v and o), and a row for plain decoding and
    for every prescribed α (`acceptance`) and draft length. `speedup` is measured; `predicted` is what `specdec.theory`
    computes from α and the costs; `memory_share`, where `memory` is given, is that of `specdec.lab.vs_transformers`.
    """
    lanes: dict[tuple[float, int], list[Measurement]] = {}
    for one in measurements:
        length = one.own_header.settings["draft_length"]
        lanes.setdefault((acceptances[one.prompt] if length else -1.0, length), []).append(one)
    (_, plain), *drafted = sorted(lanes.items())
    header = plain[0].own_header
    rows = [_row(plain, plain, memory) | {"acceptance": None, "draft_length": 0, "predicted": None}]
    for (alpha, length), lane in drafted:
        predicted = theory.speedup(alpha, length, costs.c, costs.v, costs.o)
        stated = {"acceptance": alpha, "draft_length": length, "predicted": predicted}
        rows.append(_row(lane, plain, memory) | stated)
    return {
        "hardware": to_builtins(header.hardware),
        "settings": {
            "target": header.target.name,
            "draft": drafted[0][1][0].own_header.drafter.model,
            "context": CONTEXT,
            "runs": len({one.turn for one in plain}),
            **{name: header.settings[name] for name in SETTLED},
        },
        "costs": {"c": costs.c, "v": list(costs.v), "o": costs.o},
        "memory_bytes_per_second": memory.speed if memory else None,
        "rows": rows,
    }


def _row(lane: list[Measurement], plain: list[Measurement], memory: Memory | None) -> dict[str, Any]:
    seconds = median(one.seconds_per_token for one in lane)
    return {
        "seconds_per_token": seconds,
        "tokens_per_second": 1 / seconds,
        "speedup": lab.speedup(lane, plain),
        "tokens_per_pass": sum(one.totals.tokens for one in lane) / sum(one.totals.rounds for one in lane),
        "memory_share": memory_share(lane, plain, memory) if memory else None,
    }


def measure_against(
    pair: Pair, settings: Settings, acceptances: Sequence[float], runs: int
) -> Iterator[Measurement | Missing]:
    """Measure LANES `runs` times for every α, as `specdec.lab.vs_transformers.bench` does, and with the same errors.

    The text is always the same, but the draft model is wrong at other positions each time, so each (α, turn) counts as
    a prompt with an index of its own.
    """
    laid_down = [(1 - acceptance, settings.seed + turn) for acceptance in acceptances for turn in range(runs)]
    prompts = [synthetic.text(CONTEXT)] * len(laid_down)
    synthetic.differ(pair, 0)  # a warm-up needs whole drafts accepted: the draft model then reads one token more
    yield from vs_transformers.bench(
        pair, ["model"], prompts, settings, 1, lambda place: synthetic.differ(pair, *laid_down[place])
    )


def report_against(
    measured: Iterable[Measurement | Missing], acceptances: Sequence[float], runs: int, memory: Memory | None = None
) -> dict[str, Any]:
    """The report as plain JSON values: `hardware`, `settings`, `software`, `memory_bytes_per_second`, and `rows`:
    plain decoding of both engines over all runs, then the lanes with a draft for every prescribed α (`acceptance`).
    Figures are those of `specdec.lab.vs_transformers.report` without those that could be mistaken for a measured α.
    """
    measured = list(measured)
    stated = [acceptance for acceptance in acceptances for _ in range(runs)]
    whole = vs_transformers.report(measured, memory=memory)
    rows = [_beside(row, None) for row in whole["rows"] if row["drafter"] in UNDRAFTED]
    for acceptance in sorted(set(stated)):
        some = [one for one in measured if isinstance(one, Missing) or stated[one.prompt] == acceptance]
        found = vs_transformers.report(some, memory=memory)["rows"]
        rows += [_beside(row, acceptance) for row in found if row["drafter"] not in UNDRAFTED]
    names = ("target", "draft", *SETTLED, "draft_length")
    settings = {name: whole["settings"][name] for name in names} | {"context": CONTEXT, "runs": runs}
    return {**whole, "settings": settings, "rows": rows}


def _beside(row: lab.Row, acceptance: float | None) -> lab.Row:
    return {"drafter": row["drafter"], "acceptance": acceptance} | {name: row[name] for name in (*TIMES, *OTHERS)}
