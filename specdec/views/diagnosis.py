"""The diagnosis of a run as a few sentences, the same for the terminal, the page and the exported page."""

from specdec.lab.diagnosis import Costs, Diagnosis, diagnose
from specdec.lab.validity import disturbance
from specdec.messages import ENGLISH, Words
from specdec.trace import Trace

NEAR = 1.05  # another K is recommended only if it would be at least this many times as fast


def sentence(trace: Trace, plain: Trace | None = None, words: Words = ENGLISH) -> str:
    """Where the time went; and where a plain round was measured, by itself or in the `plain` run of a race, what the
    parts cost and what would help. "" for a run that says nothing: a plain or a very short one. Of a run on a machine
    that was busy, that it was."""
    found = diagnose(trace, plain)
    if found is None:
        return ""
    if disturbance(trace, plain):
        return words.say("diagnosis.busy")
    shares = {part: _percent(getattr(found, part)) for part in ("draft", "verify", "other")}
    sentences = [words.say("diagnosis.shares", **shares)]
    if found.costs is not None:
        sentences += [
            _costs(found, found.costs, trace, words),
            _length(found.costs, trace, words),
            _help(found, found.costs, trace, words),
        ]
    return " ".join(filter(None, sentences))


def _costs(found: Diagnosis, costs: Costs, trace: Trace, words: Words) -> str:
    """What a drafter does at once is a guess, or a level of a tree."""
    numbers = {name: _cost(getattr(costs, name)) for name in ("c", "v", "o")}
    key = "costs_tree" if trace.header.settings.get("branching") else "costs"
    return words.say(f"diagnosis.{key}", **numbers, alpha=_percent(found.alpha), speedup=f"{costs.speedup:.2f}")


def _length(costs: Costs, trace: Trace, words: Words) -> str:
    """What another draft length would do, if one is worth a word."""
    if costs.best_length is None or costs.best_speedup is None:
        return ""
    if costs.best_length == 0:
        return words.say("diagnosis.length_none")
    if costs.best_speedup < NEAR * costs.speedup:
        return words.say("diagnosis.length_kept", length=trace.header.settings["draft_length"])
    return words.say("diagnosis.length_best", length=costs.best_length, gain=f"{costs.best_speedup:.2f}")


def _help(found: Diagnosis, costs: Costs, trace: Trace, words: Words) -> str:
    """What holds the run up most, and what is done about that."""
    if costs.hold is None:
        return words.say("diagnosis.help_none")
    if costs.hold == "verify" and trace.header.settings.get("branching"):
        return words.say("diagnosis.help_tree")
    return words.say(f"diagnosis.help_{costs.hold}", silent=_percent(found.silent))


def _percent(share: float) -> str:
    """A share as a whole percentage; 0 and 100 stand only for exactly 0 and 1.

    >>> _percent(0.004), _percent(0.375), _percent(0.998), _percent(1.0)
    ('<1', '38', '>99', '100')
    """
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _cost(value: float) -> str:
    """
    >>> _cost(0.0), _cost(0.002), _cost(1.034)
    ('0.00', '<0.01', '1.03')
    """
    return "<0.01" if 0 < value < 0.005 else f"{value:.2f}"
