"""Schema 1, as traces were written until 2026: a record of it as one of schema 2, which is then checked as any other.

There every token had been judged, nothing but this engine wrote traces, and a plan held its English sentence.
"""

import re
from typing import Any

SCHEMA = 1
SENTENCES = {
    "best": r"K = \d+: with \d+ % of guesses kept so far, it should run (?P<gain>\d+\.\d+) times as fast as plain .*",
    "cut": r"K = \d+: the text has room for no more\.",
    "none": r"K = 0: with .*",
    "probe": r"K = 1: a probe .*",
}


def upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """A line as it would stand in schema 2; what is broken in it stays so."""
    if record["kind"] == "header":
        return record | {"schema": 2}
    if record["kind"] == "footer":
        return record
    changes = {name: change(record[name]) for name, change in CHANGES.items() if record.get(name) is not None}
    return record | changes


def _judged(token: Any) -> Any:
    return {"kind": "judged"} | token if isinstance(token, dict) else token


def _draft(tokens: Any) -> Any:
    return [_judged(token) for token in tokens] if isinstance(tokens, list) else tokens


def _plan(plan: Any) -> Any:
    """The plan of a round, whose kind and gain schema 1 has only in a sentence; unknown sentences are ignored."""
    if not isinstance(plan, dict) or not isinstance(plan.get("reason"), str):
        return plan
    for kind, sentence in SENTENCES.items():
        if found := re.fullmatch(sentence, plan["reason"]):
            gain = found.groupdict().get("gain")
            rest = {name: value for name, value in plan.items() if name != "reason"}
            return rest | {"kind": kind, "gain": gain and float(gain), "most": None}
    return None


CHANGES = {"draft": _draft, "final": _judged, "plan": _plan}
