"""What Python and the scripts both compute stands in one file that the tests of both read: tests/golden/numbers.json.

`python -m tests.golden.test_numbers` writes it anew.
"""

import json
import random
from pathlib import Path
from types import SimpleNamespace

from specdec.settings import tree_size
from specdec.trace import Round, Trace, gather, loads

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "numbers.json"
RECORDINGS = ("stories", "race-stories")
COUNTS = ("rounds", "drafted", "accepted", "rejected", "discarded", "refusals", "tokens")
RATES = ("acceptance_rate", "tokens_per_pass", "draft_efficiency")
BRANCHINGS = ([], [1, 1, 1], [3, 2], [3, 2, 1], [2, 2, 2, 2], [16, 15])


def runs(recording: str) -> list[Trace]:
    text = (ROOT / "assets" / "traces" / f"{recording}.ndjson").read_text(encoding="utf-8")
    starts = [at for at in range(len(text)) if text.startswith('{"kind":"header"', at)]
    return [loads(text[start:end]) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def totals(trace: Trace) -> dict[str, float | None]:
    found = gather([trace.header, *trace.rounds]).totals  # counted from the rounds, not read from the footer
    return {name: getattr(found, name) for name in (*COUNTS, *RATES)}


def speedup(plain: Trace, speculative: Trace) -> float:
    seconds = [trace.totals.seconds / trace.totals.tokens for trace in (plain, speculative)]
    return seconds[0] / seconds[1]


def drafts() -> list[dict]:
    """Trees of every kind, walked by coins: some kept, refused, or never tried."""
    chance = random.Random(5)
    found = []
    for size in (0, 1, 2, 3, 5, 8, 8, 13, 13, 21):
        parents = [chance.randrange(-1, i) if size > 3 else i - 1 for i in range(size)]
        verdicts, last = ["discarded"] * size, -1
        for i, parent in enumerate(parents):
            if parent == last:
                verdicts[i] = chance.choice(("accepted", "rejected"))
                last = i if verdicts[i] == "accepted" else last
        one = Round(0, 0.0, 1.0, None, None, None, tuple(map(_token, parents, verdicts)), None)
        shape = {"parents": parents, "verdicts": verdicts}
        found.append(shape | {"depth": one.depth, "refused": one.refused, "committed": len(one.committed)})
    return found


def _token(parent: int, verdict: str) -> SimpleNamespace:
    return SimpleNamespace(parent=parent, verdict=verdict)


def numbers() -> dict:
    races = {name: speedup(*found) for name in RECORDINGS if len(found := runs(name)) == 2}
    return {
        "recordings": {name: [totals(trace) for trace in runs(name)] for name in RECORDINGS},
        "speedups": races,
        "drafts": drafts(),
        "trees": [{"branching": row, "size": tree_size(row)} for row in BRANCHINGS],
    }


def test_the_golden_numbers_are_pythons():
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == json.loads(json.dumps(numbers()))


def test_the_golden_drafts_hold_every_outcome():
    found = drafts()
    assert {one["refused"] for one in found} == {True, False}
    assert {verdict for one in found for verdict in one["verdicts"]} == {"accepted", "rejected", "discarded"}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(numbers(), indent=1) + "\n", encoding="utf-8")
