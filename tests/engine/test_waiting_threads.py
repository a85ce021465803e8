"""Threads wait for each other without burning what other programs need: settled before torch is loaded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from specdec.device.waiting import POLICIES, SPINS

ROOT = Path(__file__).resolve().parents[2]
STARTS = {
    "python": "import specdec; specdec.load('stories')",
    "a module that needs torch": "import specdec.engine.loop",
    "the page": "import app; from specdec.ui import engine; engine.BACKEND.load(engine.choose())",
    "the command line": "from specdec.cli.main import main; main(['run', '--prompt', 'The', '--max-new-tokens', '1'])",
    "code in the making": "import specdec.accelerate.build_worker",
}
UNTIL_TORCH = """
import json, os, sys
class Torch:
    def find_spec(self, name, *_):
        if name == "torch":
            print(json.dumps(dict(os.environ)), flush=True)
            os._exit(0)
sys.meta_path.insert(0, Torch())
"""


def at_import_of_torch(start, **asked):
    """What the environment says of waiting when torch is first asked for: in a fresh process, which ends there."""
    clean = {name: value for name, value in os.environ.items() if name not in POLICIES}
    command = [sys.executable, "-c", UNTIL_TORCH + start]
    done = subprocess.run(command, cwd=ROOT, env=clean | asked, stdout=subprocess.PIPE, text=True, check=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    return {name: seen[name] for name in POLICIES if name in seen}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_the_policy_is_settled_before_torch_is_imported(start):
    assert at_import_of_torch(start) == {"GOMP_SPINCOUNT": SPINS}


@pytest.mark.parametrize("asked", [{"GOMP_SPINCOUNT": "7"}, {"OMP_WAIT_POLICY": "passive"}], ids=str)
def test_what_the_environment_asks_for_stands(asked):
    assert at_import_of_torch("import specdec.engine.loop", **asked) == asked
