"""How many more guesses one verification rule accepts than another, on the same prompts with the same seeds.

The unit of the statistics is a prompt: its runs continue the same text, so only their mean counts. The confidence
interval is a bootstrap over prompts with a fixed seed: the same runs give the same interval.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from msgspec import to_builtins

from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.lab.bench import check, fitting
from specdec.methods import RULES
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Header, Totals, gather, together

LEVEL = 0.95
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of one run's trace that the comparison needs."""

    rule: str
    prompt: int
    header: Header
    totals: Totals

    @property
    def per_round(self) -> float:
        return self.totals.accepted / self.totals.rounds


def compare(
    pair: Pair, drafter: str, prompts: Sequence[str], settings: Settings, rules: tuple[str, str], runs: int
) -> Iterator[Kept]:
    """Run every prompt that fits under both rules, with `runs` seeds: the settings' seed and the numbers that follow
    it.

    Raises UserError for what cannot be run, RunFailed for a run that ended in an error.
    """
    for place in fitting(pair, [drafter], prompts, replace(settings, rule=rules[0])):
        for turn in range(runs):
            for rule in rules:
                asked = replace(settings, rule=rule, seed=settings.seed + turn)
                trace = gather(loop.rounds(prepare(pair, Request(prompts[place], drafter, asked)), remember=False))
                check(trace)
                yield Kept(rule, place, trace.header, trace.totals)


def report(runs: Iterable[Kept]) -> dict[str, Any]:
    """The comparison as plain JSON values: `hardware`, `settings`, a row for each rule, and `difference`: accepted
    tokens per round under the second rule minus those under the first, with the confidence interval of the mean and
    the difference on every prompt."""
    runs = list(runs)
    header = runs[-1].header
    rules = list(dict.fromkeys(run.rule for run in runs))
    differences = [second - first for first, second in zip(*(_by_prompt(runs, rule) for rule in rules), strict=True)]
    low, high = interval(differences)
    models = {"target": header.target.name, "draft": header.drafter.model, "drafter": header.drafter.name}
    size = {"prompts": len(differences), "runs": len(runs) // (len(rules) * len(differences))}
    shared = {"rule": None, "rules": rules, "seed": runs[0].header.settings["seed"]}
    return {
        "hardware": to_builtins(header.hardware),
        "settings": {**header.settings, **models, **size, **shared},
        "rows": [_row(rule, [run.totals for run in runs if run.rule == rule]) for rule in rules],
        "difference": {"mean": fmean(differences), "low": low, "high": high, "level": LEVEL, "by_prompt": differences},
    }


def _by_prompt(runs: list[Kept], rule: str) -> list[float]:
    kept: dict[int, list[float]] = {}
    for run in runs:
        if run.rule == rule:
            kept.setdefault(run.prompt, []).append(run.per_round)
    return [fmean(kept[prompt]) for prompt in sorted(kept)]


def _row(rule: str, runs: list[Totals]) -> dict[str, Any]:
    totals = together(runs)
    counts = {name: getattr(totals, name) for name in ("rounds", "accepted", "tokens")}
    rates = {"accepted_per_round": totals.accepted / totals.rounds, "tokens_per_pass": totals.tokens_per_pass}
    return {"rule": rule, "lossless": RULES[rule].lossless, **rates, **counts}


def interval(values: Sequence[float], level: float = LEVEL) -> tuple[float, float]:
    """The confidence interval (low, high) of the mean of `values`, by a percentile bootstrap at `level`.

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 1.0)
    """
    draws = random.Random(0)
    means = sorted(fmean(draws.choices(values, k=len(values))) for _ in range(RESAMPLES))
    outside = round((1 - level) / 2 * RESAMPLES)
    return means[outside], means[-1 - outside]
