"""Whether the machine was quiet enough for a run's timings to be valid. Torch-free; the browser judges races by the
same rule (tests/golden/validity.json tests both).

There are two signs of other work on the processors. The first is an impossible time: a round of speculation contains a
target pass, so it cannot take less time than a round of plain decoding (within the resolution of the clock they count
as equal), and a pass over n tokens cannot take longer than n plain rounds. The second is scatter: rounds that do the
same work, those of one run with equally many guesses, should take about the same time.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from statistics import median
from typing import Literal

from specdec.methods import DRAFTERS
from specdec.trace import Round, Trace

# Chosen from 99 races of the embedded stories pair on two cores. On an otherwise idle machine 60 of 62 races stayed
# within these limits (scatter 0.01 to 0.10). Beside programs that could have filled the cores five times over, 33 of
# 37 exceeded them (scatter 0.1 to 1.6): the speed-ups measured in those 33 were 0.13 to 4.3 times the true ones, in
# the other four 0.85 to 1.2 times.
MOST_SCATTER = 0.15
TYPICAL_CLOCK = (0.88, 1.25)  # a run's time ÷ its rounds at their medians: below, a slow phase; above, single stalls
LEAST_COST = 0.95  # of a round, in plain rounds; a round without a draft is a plain one, apart from noise
FEWEST = 3  # rounds with equally many guesses that are needed for a typical time
NOISE = 1.5  # factor of tolerance: the plain round after a run is the median of at most three

Disturbance = Literal["impossible", "scattered"]


def disturbance(trace: Trace, plain: Trace | None = None) -> Disturbance | None:
    """The sign that the timings of a run, and of the `plain` run that it raced, are not valid; None without one."""
    lanes = [trace] if plain is None else [plain, trace]
    if plain is None and _contradicts_plain_round(trace):
        return "impossible"
    if plain is not None and _mean_seconds(trace) < LEAST_COST * _mean_seconds(plain):
        return "impossible"
    return "scattered" if any(_is_scattered(lane.rounds) for lane in lanes) else None


def speedup(trace: Trace, plain: Trace) -> float:
    """The speed-up over the `plain` run, from mean round times; bounded by the ratio of tokens per pass, since a round
    cannot be cheaper than a plain one."""
    cost = _mean_seconds(trace) / _mean_seconds(plain)
    speculative, alone = trace.totals.tokens_per_pass, plain.totals.tokens_per_pass
    assert speculative and alone, "both runs have written something"
    return speculative / alone / max(1.0, cost)


def _mean_seconds(trace: Trace) -> float:
    """Mean seconds of a run's rounds."""
    return sum(map(_seconds, trace.rounds)) / max(1, len(trace.rounds))


def _seconds(one: Round) -> float:
    return one.end - one.start


def _is_scattered(rounds: Sequence[Round]) -> bool:
    """Whether rounds with equally many guesses scatter: typically differ too much from the round before (not from the
    mean, since a growing context slows rounds gradually), or some took so long that the run's time is not that of its
    typical rounds."""
    sizes: dict[int, list[float]] = defaultdict(list)
    for one in rounds:
        sizes[len(one.draft)].append(_seconds(one))
    alike = [(taken, median(taken)) for taken in sizes.values() if len(taken) >= FEWEST and median(taken) > 0]
    if not alike:
        return False
    differences = [abs(later - earlier) / usual for taken, usual in alike for earlier, later in pairwise(taken)]
    clock = sum(sum(taken) for taken, _ in alike) / sum(len(taken) * usual for taken, usual in alike)
    least, most = TYPICAL_CLOCK
    return median(differences) > MOST_SCATTER or not least <= clock <= most


def _contradicts_plain_round(trace: Trace) -> bool:
    """Whether the time of the plain round measured after a run is impossible given the rounds of the run."""
    guessing = [one for one in trace.rounds if one.draft]
    unit = trace.footer.plain_round_seconds if trace.footer else None
    if unit is None or not guessing:
        return False
    judging = median(one.seconds.verify + one.seconds.other for one in guessing if one.seconds)
    judged = median(len(one.draft) + 1 for one in guessing)
    most = NOISE * judged * unit if not _has_riders(trace.header.drafter.name) else inf
    return judging * NOISE < unit or judging > most


def _has_riders(drafter: str) -> bool:
    """Whether the drafter adds tokens of its own to the target's pass, besides the draft."""
    method = DRAFTERS.get(drafter)
    return method is not None and method.riders
