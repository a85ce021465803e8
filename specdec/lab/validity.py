"""Whether a machine was quiet enough for a run's clock to say something. Torch-free; the browser judges races by the
same rule (tests/golden/validity.json holds both to it).

Two signs of other work on the processors. Something impossible: a round of speculation contains a pass of the target,
so it cannot take less than a round of plain decoding (what seems to by less than clocks can tell takes as long), nor
can a pass over n tokens take longer than n plain rounds. And scatter: rounds that do the same work, those of one run
with equally many guesses, take about the same time.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from statistics import median
from typing import Literal

from specdec.methods import DRAFTERS
from specdec.trace import Round, Trace

# Chosen from 99 races of the embedded stories pair on two cores. With the processors to themselves 60 of 62 stayed
# within these limits (scatter 0.01 to 0.10). Beside programs that would have filled the cores five times over 33 of 37
# did not (scatter 0.1 to 1.6); the speed-ups that those would have told were 0.13 to 4.3 times the true ones, those
# that the other four told 0.85 to 1.2 times.
MOST_SCATTER = 0.15
TYPICAL_CLOCK = (0.88, 1.25)  # of a run, in the sum of its typical rounds: below, a phase was slow; above, it stalled
LEAST_COST = 0.95  # of a round in plain ones; where nothing is guessed both are the same and differ by noise alone
FEWEST = 3  # rounds of a size that tell what is typical of it
NOISE = 1.5  # a plain round after a run is the median of three at most, so it says this much only

Disturbance = Literal["impossible", "scattered"]


def disturbance(trace: Trace, plain: Trace | None = None) -> Disturbance | None:
    """What shows that a run, and the `plain` one that it raced, are no measurement; None where nothing does."""
    lanes = [trace] if plain is None else [plain, trace]
    if plain is None and _contradicts_plain_round(trace):
        return "impossible"
    if plain is not None and _mean_seconds(trace) < LEAST_COST * _mean_seconds(plain):
        return "impossible"
    return "scattered" if any(_is_scattered(lane.rounds) for lane in lanes) else None


def speedup(trace: Trace, plain: Trace) -> float:
    """How many times as fast a token came as in the `plain` run: at most the tokens of a pass."""
    cost = _mean_seconds(trace) / _mean_seconds(plain)
    speculative, alone = trace.totals.tokens_per_pass, plain.totals.tokens_per_pass
    assert speculative and alone, "both runs have written something"
    return speculative / alone / max(1.0, cost)


def _mean_seconds(trace: Trace) -> float:
    """Of a round."""
    return sum(map(_seconds, trace.rounds)) / max(1, len(trace.rounds))


def _seconds(one: Round) -> float:
    return one.end - one.start


def _is_scattered(rounds: Sequence[Round]) -> bool:
    """Whether rounds of a size differ much from the one before, as a rule (a longer context makes them slower, but
    slowly), or some took so long that the run's clock is not that of its typical rounds."""
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
    """Whether the plain round that was measured after a run does not fit the rounds of the run."""
    guessing = [one for one in trace.rounds if one.draft]
    unit = trace.footer.plain_round_seconds if trace.footer else None
    if unit is None or not guessing:
        return False
    judging = median(one.seconds.verify + one.seconds.other for one in guessing if one.seconds)
    judged = median(len(one.draft) + 1 for one in guessing)
    most = NOISE * judged * unit if not _has_riders(trace.header.drafter.name) else inf
    return judging * NOISE < unit or judging > most


def _has_riders(drafter: str) -> bool:
    """Whether its passes have more tokens than the draft."""
    method = DRAFTERS.get(drafter)
    return method is not None and method.riders
