"""What the scripts compute without a document, as Node's own test runner sees it."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST = 20  # as package.json says


@cache
def obstacle() -> str | None:
    """Why Node cannot run the tests; None where it can."""
    if not shutil.which("node"):
        return "no Node on the PATH, so the scripts' own tests were left out"
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(re.match(r"v(\d+)", said)[1]) < OLDEST:
        return f"Node {said} is older than {OLDEST}, so the scripts' own tests were left out"
    return None


@pytest.mark.parametrize("path", sorted(ROOT.glob("tests/web/*.test.js")), ids=lambda path: path.name)
def test_a_script_does_what_its_tests_say(path):
    if why := obstacle():
        pytest.skip(why)
    done = subprocess.run(["node", "--test", str(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
