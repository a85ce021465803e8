"""The diagnosis of a run as a few sentences, the same for the terminal, the page and the exported page."""

from specdec.lab.diagnosis import Costs, Diagnosis, diagnose
from specdec.lab.validity import disturbance
from specdec.messages import say
from specdec.trace import Trace

NEAR = 1.05  # another K is recommended only if it would be at least this many times as fast


def sentence(trace: Trace, plain: Trace | None = None) -> str:
    """Where a run's time went and, if a plain round was measured (on its own or in the `plain` run of a race), what
    the parts of a round cost and what would make the run faster. "" for a plain run and for one that is too short; for
    a run on a busy machine, a sentence that says so."""
    found = diagnose(trace, plain)
    if found is None:
        return ""
    if disturbance(trace, plain):
        return say("diagnosis.busy")
    shares = {part: _percent(getattr(found, part)) for part in ("draft", "verify", "other")}
    told = [say("diagnosis.shares", **shares)]
    if found.costs is not None:
        told += [_costs(found, found.costs, trace), _length(found.costs, trace), _help(found, found.costs, trace)]
    return " ".join(filter(None, told))


def _costs(found: Diagnosis, costs: Costs, trace: Trace) -> str:
    """The sentence with c, v, o, α and the speed-up; c is the cost of a guess, or of a level of a tree."""
    numbers = {name: _cost(getattr(costs, name)) for name in ("c", "v", "o")}
    key = "costs_tree" if trace.header.settings.get("branching") else "costs"
    return say(f"diagnosis.{key}", **numbers, alpha=_percent(found.alpha), speedup=f"{costs.speedup:.2f}")


def _length(costs: Costs, trace: Trace) -> str:
    """The sentence on the best draft length; "" where none can be computed."""
    if costs.best_length is None or costs.best_speedup is None:
        return ""
    if costs.best_length == 0:
        return say("diagnosis.length_none")
    if costs.best_speedup < NEAR * costs.speedup:
        return say("diagnosis.length_kept", length=trace.header.settings["draft_length"])
    return say("diagnosis.length_best", length=costs.best_length, gain=f"{costs.best_speedup:.2f}")


def _help(found: Diagnosis, costs: Costs, trace: Trace) -> str:
    """The sentence on the run's bottleneck and its remedy."""
    if costs.hold is None:
        return say("diagnosis.help_none")
    if costs.hold == "verify" and trace.header.settings.get("branching"):
        return say("diagnosis.help_tree")
    return say(f"diagnosis.help_{costs.hold}", silent=_percent(found.silent))


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
