"""Where a run's time went, and what would help: the terms of S = E / (K·c + v + o), measured in the run itself.

The unit of all costs is a round of plain decoding: in a race the median one of the plain run, else measured behind the
run (`Footer.plain_round_seconds`); its pass and what goes with it, so that S is what a race measures. It cannot take
longer than a round that has guesses to judge; where it seemed to, that was noise, and the latter is the unit. Costs
are medians over the rounds that guessed, since the first ones still warm up. c is a guess along the path: of a tree a
level, of a drafter without passes of its own its share of the search. v is the target's pass over the draft with
whatever rides along, o everything else.
"""

from dataclasses import dataclass
from math import inf
from statistics import fmean, median
from typing import Literal

from specdec import theory
from specdec.engine.planner import interpolate
from specdec.methods import DRAFTERS, RULES
from specdec.settings import MAX_DRAFT_LENGTH
from specdec.trace import Round, Trace

FEWEST = 5  # rounds that guessed; fewer say nothing
WORTH = 1.1  # what does not speed a run up by so much when it is halved holds nothing up

Hold = Literal["guesses", "draft", "verify", "other", "silent"]


@dataclass(frozen=True, slots=True)
class Costs:
    """c, v, o in rounds of plain decoding. `speedup`: plain time over this run's. `hold`: what halved would speed it
    up most, None where nothing is worth it. `best_length` is the K that α and these costs call for, `best_speedup`
    what it should reach; both None where K was no fixed number or the formula does not hold, 0 and 1 where no K pays.
    """

    c: float
    v: float
    o: float
    speedup: float
    hold: Hold | None
    best_length: int | None
    best_speedup: float | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Shares of the whole time that drafting, target passes and all else took; α; the share of rounds without a guess;
    and the costs, where a plain round was measured."""

    draft: float
    verify: float
    other: float
    alpha: float
    silent: float
    costs: Costs | None


def diagnose(trace: Trace, plain: Trace | None = None) -> Diagnosis | None:
    """`plain` is the run that it raced. None for plain decoding, for runs that are too short to tell, and where the
    engine did not tell what its time was spent on."""
    if any(one.seconds is None for one in trace.rounds):
        return None
    guessing = [one for one in trace.rounds if one.draft]
    spent = [sum(getattr(one.seconds, part) for one in trace.rounds) for part in ("draft", "verify", "other")]
    total, alpha = sum(spent), trace.totals.acceptance_rate
    if len(guessing) < FEWEST or alpha is None or not trace.totals.tokens or not 0 < total < inf:
        return None
    silent = 1 - len(guessing) / len(trace.rounds)
    unit = _unit(trace, plain)
    costs = _costs(trace, guessing, unit, alpha, silent) if unit else None
    draft, verify, other = (seconds / total for seconds in spent)
    return Diagnosis(draft, verify, other, alpha, silent, costs)


def _unit(trace: Trace, plain: Trace | None) -> float | None:
    """Seconds of a plain round; None where none was measured."""
    if plain and plain.rounds:
        return median(one.end - one.start for one in plain.rounds)
    return trace.footer.plain_round_seconds if trace.footer else None


def _costs(trace: Trace, guessing: list[Round], unit: float, alpha: float, silent: float) -> Costs | None:
    unit = min(unit, median(one.seconds.verify + one.seconds.other for one in guessing if one.seconds))
    if not unit:
        return None
    c = median(one.seconds.draft / one.depth for one in guessing if one.seconds) / unit
    v = median(one.seconds.verify for one in guessing if one.seconds) / unit
    o = median(one.seconds.other for one in guessing if one.seconds) / unit
    depth = fmean(one.depth for one in guessing)
    plainly = [(one.end - one.start) / unit for one in trace.rounds if not one.draft]
    spent = len(guessing) * (depth * c + v + o) + (len(plainly) * median(plainly) if plainly else 0.0)
    if not 0 < spent < inf:  # no clock measured that
        return None
    speedup = trace.totals.tokens / spent
    hold = _hold(round(depth), alpha, c, v, o, silent)
    return Costs(c, v, o, speedup, hold, *_best(trace, alpha, c, v + o, speedup))


def _hold(length: int, alpha: float, c: float, v: float, o: float, silent: float) -> Hold | None:
    """What would speed the run up most if it were halved: refusals, the cost of a guess, that of a pass above a plain
    round, the rest, or the rounds without a guess, which cost as much as plain ones."""

    def speed(alpha: float = alpha, c: float = c, v: float = v, o: float = o, silent: float = silent) -> float:
        tokens = (1 - silent) * theory.expected_tokens(alpha, length) + silent
        return tokens / ((1 - silent) * theory.round_cost(length, c, (v,), o) + silent)

    halved: dict[Hold, float] = {
        "guesses": speed(alpha=(1 + alpha) / 2),
        "draft": speed(c=c / 2),
        "verify": speed(v=min(v, (1 + v) / 2)),
        "other": speed(o=o / 2),
        "silent": speed(silent=silent / 2),
    }
    hold = max(halved, key=halved.__getitem__)
    return hold if halved[hold] >= WORTH * speed() else None


def _best(trace: Trace, alpha: float, c: float, checked: float, speedup: float) -> tuple[int | None, float | None]:
    """The best K up to twice the run's own, and its speed-up. `checked` is v + o: 1 without a guess, taken as a
    straight line from there through the run's K. All costs are scaled until the formula gives the run's K its speed.
    """
    settings, length = trace.header.settings, int(median(one.depth for one in trace.rounds))
    drafter, rule = DRAFTERS.get(trace.header.drafter.name), RULES.get(str(settings.get("rule")))
    fits = drafter and drafter.steady and rule and rule.formula
    if not fits or settings.get("branching") or settings.get("draft_length") != length:
        return None, None
    line = interpolate((1, length + 1, 2 * length + 1), (1.0, checked, 2 * checked - 1))
    scale = theory.speedup(alpha, length, c, line) / speedup
    longest = min(2 * length, MAX_DRAFT_LENGTH)
    return theory.best_draft_length(alpha, scale * c, [scale * cost for cost in line], longest=longest)
