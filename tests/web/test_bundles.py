"""The bundles in specdec/web/dist are built from the modules beside them; told without Node, by the hash in each."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "specdec" / "web"
BUNDLES = ("player.js", "player.css", "page.js", "page.css")


def fingerprint() -> str:
    """As specdec/web/build.js computes it: every source's path and text, in the order of their paths."""
    found = (path for path in WEB.rglob("*") if path.suffix in (".js", ".css") and "dist" not in path.parts)
    sources = sorted(path.relative_to(WEB).as_posix() for path in found)
    texts = (f"{name}\0{(WEB / name).read_text(encoding='utf-8')}\0" for name in sources)
    return hashlib.sha256("".join(texts).encode()).hexdigest()


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_is_built_from_the_sources_as_they_are(name):
    first = (WEB / "dist" / name).read_text(encoding="utf-8").partition("\n")[0]
    assert fingerprint() in first, f"{name} is stale: npm ci, then npm run build"


def test_nothing_else_is_in_dist():
    assert sorted(path.name for path in (WEB / "dist").iterdir()) == sorted(BUNDLES)


def test_no_line_of_a_script_is_longer_than_pythons():
    width = int(re.search(r"^line-length = (\d+)$", (ROOT / "pyproject.toml").read_text(), re.M)[1])
    assert json.loads((ROOT / "biome.json").read_text())["formatter"]["lineWidth"] == width
    sources = [*WEB.rglob("*.js"), *ROOT.glob("tests/web/*.js")]
    for path in (path for path in sources if "dist" not in path.parts):
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        assert [n for n, line in lines if len(line) > width] == [], path


def test_the_lock_file_names_no_registry_but_the_public_one():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    addresses = [package["resolved"] for package in packages.values() if "resolved" in package]
    assert all(address.startswith("https://registry.npmjs.org/") for address in addresses)
