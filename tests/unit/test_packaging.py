"""What `pip install` gives: the same requirements everywhere, one version, and whatever the package reads."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import specdec

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def required_by(name: str) -> set[str]:
    """The lines of a list of requirements, but for the lists that it includes."""
    lines = (ROOT / name).read_text(encoding="utf-8").split("\n")
    return {line for line in lines if line and not line.startswith(("#", "-r"))}


def test_requirements_are_those_of_the_package_and_its_page():
    extras = PROJECT["optional-dependencies"]
    assert required_by("requirements.txt") == {*PROJECT["dependencies"], *extras["app"]}
    assert required_by("requirements-gguf.txt") == set(extras["gguf"])
    assert required_by("requirements-dev.txt") == set(extras["dev"])


def test_the_version_stands_in_one_place():
    assert PROJECT["dynamic"] == ["version"] and "version" not in PROJECT
    named = [path for path in ROOT.rglob("specdec/**/*.py") if re.search(r"^__version__ = ", path.read_text(), re.M)]
    assert named == [ROOT / "specdec" / "version.py"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", specdec.__version__)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    """The names in a wheel built from what the repository holds; no network, no environment of its own."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("specdec", "assets/prompts", "assets/traces"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    build = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-q", "-w", "dist"]
    subprocess.run(build, cwd=folder, check=True)
    (path,) = (folder / "dist").glob("specdec_stage-*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_every_file_of_the_package(wheel):
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "specdec").rglob("*") if path.is_file()}
    assert {name for name in ours if "__pycache__" not in name} <= wheel
    assert {"specdec/py.typed", "specdec/web/dist/player.js", "specdec/web/words/en.json"} <= wheel


def test_a_wheel_holds_prompts_and_recorded_runs_but_no_model(wheel):
    for folder in ("prompts", "traces"):
        files = [path.name for path in (ROOT / "assets" / folder).iterdir() if path.is_file()]
        assert files and {f"specdec/assets/{folder}/{name}" for name in files} <= wheel
    assert not [name for name in wheel if name.endswith(".safetensors")]


def test_a_wheel_gives_the_command(wheel):
    assert PROJECT["scripts"].keys() == {"specdec"}
    module, function = PROJECT["scripts"]["specdec"].split(":")
    assert module.replace(".", "/") + ".py" in wheel or module.replace(".", "/") + "/__init__.py" in wheel
