"""What this engine decodes is what it decoded when golden.json was recorded: see record.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RECORDED = json.loads((HERE / "golden.json").read_text(encoding="utf-8"))
NUMBERS = ("p", "q", "coins")
SLACK = 1e-4  # another processor adds up in another order


@pytest.fixture(scope="module")
def decoded(tmp_path_factory):
    """The same runs in a fresh process: a drafter that learns from earlier runs has seen no others."""
    path = tmp_path_factory.mktemp("golden") / "now.json"
    command = [sys.executable, "-W", "ignore", str(HERE / "record.py"), str(path)]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_drafter_rule_and_shape_that_was_recorded_is_still_decoded(decoded):
    assert list(decoded) == list(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_a_run_decodes_what_was_recorded(decoded, name):
    now, then = decoded[name], RECORDED[name]
    assert now["ids"] == then["ids"] and now["reason"] == then["reason"]
    assert [_exact(one) for one in now["rounds"]] == [_exact(one) for one in then["rounds"]]
    for index, (one, other) in enumerate(zip(now["rounds"], then["rounds"], strict=True)):
        for kind in NUMBERS:
            assert one.get(kind) == pytest.approx(other.get(kind), abs=SLACK), f"{kind} in round {index}"


def _exact(one):
    """Drafted and final ids, verdicts and parents; and which numbers there are."""
    return {key: len(value) if key in NUMBERS else value for key, value in one.items()}
