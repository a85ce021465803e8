"""Where a run's time went and what would make it faster: the terms of S = E / (K·c + v + o), measured in the run
itself.

The unit of all costs is one round of plain decoding, its target pass and everything around it, so that S is the
speed-up that a race measures. In a race it is the median round of the plain run, otherwise the rounds measured after
the run (`Footer.plain_round_seconds`). A plain round cannot take longer than the target's pass and the remaining work
of a round that judges a draft; a longer one is noise, and the latter is then the unit. Costs are medians over the
rounds that have a draft, since the first of them still warm up. c is the cost of one guess along a path: of one level
of a tree, and for a drafter without forward passes its share of the search. v is the target's pass over the draft and
any extra tokens that the drafter adds to it, o is everything else.
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

FEWEST = 5  # rounds with a draft; with fewer the medians mean nothing
WORTH = 1.1  # least speed-up from halving a cost for which that cost is named as the bottleneck

Hold = Literal["guesses", "draft", "verify", "other", "silent"]


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of a run in rounds of plain decoding: c (a guess), v (the target's pass) and o (everything else).

    `speedup`: plain time ÷ this run's time. `hold`: the bottleneck, the cost whose halving would speed the run up
    most; None where no halving gains enough. `best_length`: the draft length K that is best for α and these costs;
    `best_speedup`: the speed-up expected there. Both are None where K was not fixed or the formula does not apply, and
    0 and 1 where no K is faster than plain decoding.
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
    """Shares of the run's time spent on drafting, on target passes and on everything else; `alpha`, the acceptance
    rate; `silent`, the share of rounds without a draft; and the costs, None where no plain round was measured."""

    draft: float
    verify: float
    other: float
    alpha: float
    silent: float
    costs: Costs | None


def diagnose(trace: Trace, plain: Trace | None = None) -> Diagnosis | None:
    """Diagnose a run; `plain` is the plain run of the same race, if there was one.

    None for plain decoding, for a run that is too short, and for a trace of an engine that does not report how the
    time of a round was spent.
    """
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
    """Seconds of a round of plain decoding; None where none was measured."""
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
    if not 0 < spent < inf:  # no real clock gives such a time
        return None
    speedup = trace.totals.tokens / spent
    hold = _hold(round(depth), alpha, c, v, o, silent)
    return Costs(c, v, o, speedup, hold, *_best(trace, alpha, c, v + o, speedup))


def _hold(length: int, alpha: float, c: float, v: float, o: float, silent: float) -> Hold | None:
    """The bottleneck: what would speed the run up most if it were halved. Candidates are the refusals (1 − α), the
    cost of a guess, the cost of the target's pass in excess of a plain round, everything else, and the rounds without
    a draft, which cost as much as plain rounds."""

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
    """The best draft length K up to twice that of the run, and its expected speed-up.

    `checked` is v + o at the run's K. It is 1 without a draft, and linear in K between and beyond those two points.
    All costs are scaled so that the formula gives the measured speed-up at the run's K.
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
