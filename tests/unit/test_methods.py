"""A drafter is one file and one entry: of this project, of another package by its entry point, or of a program."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from specdec import drafters, methods
from specdec.errors import UserError
from specdec.methods import DRAFTERS, PLAIN, RULES, DrafterMethod, register_drafter
from specdec.settings import FIELDS, Settings

ROOT = Path(__file__).resolve().parents[2]
ECHO = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
METHOD = """from specdec.methods import DrafterMethod

METHOD = DrafterMethod(name="echo", code="echo_drafter.drafter:make", about="Repeats the last token.")
"""
PAGE = "import sys; from specdec.ui import page; print(page.build().get_config_file()); print('torch' in sys.modules)"


@pytest.fixture
def package(tmp_path):
    """`package(code)` lays an installed package with a drafter called echo into a folder, and returns the folder."""

    def install(code, name="echo_drafter"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(code)
        (tmp_path / name / "drafter.py").write_text(ECHO + "\n\ndef make(pair, settings):\n    return EchoDrafter()\n")
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[specdec.drafters]\necho = {name}:METHOD\n")
        return tmp_path

    return install


def python(folder, *arguments):
    env = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "SPECDEC_COMPILE": "off"}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


def test_a_drafter_of_another_package_runs_on_the_command_line(package):
    small = ["--prompt", "Once", "--max-new-tokens", "8", "--device", "cpu"]
    done = python(package(METHOD), "-m", "specdec", "run", "--drafter", "echo", *small, "--json")
    assert done.returncode == 0, done.stderr
    assert '"drafter":{"name":"echo"' in done.stdout.replace(" ", "") and '"draft":[{' in done.stdout.replace(" ", "")


def test_a_drafter_of_another_package_is_offered_on_the_page_before_torch_is_there(package):
    done = python(package(METHOD), "-c", PAGE)
    assert done.returncode == 0, done.stderr
    assert "Repeats the last token." in done.stdout and done.stdout.rstrip().endswith("False")


@pytest.mark.parametrize("code", ["import no_such_module_anywhere", "METHOD = 5"], ids=["import", "type"])
def test_a_package_that_cannot_be_loaded_is_one_sentence_and_no_crash(package, code):
    folder = package(code)
    done = python(folder, "-m", "specdec", "run", "--drafter", "echo", "--prompt", "Once")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert "echo_drafter cannot be loaded" in done.stderr
    code = "from specdec.catalog import capabilities, pairs; print(*capabilities.drafters(pairs.PAIRS['stories']))"
    assert "errors.plugin_broken" in python(folder, "-c", code).stdout


@pytest.fixture
def second():
    """A drafter that another package might register, for one test."""
    register_drafter(DrafterMethod(name="second", code=DRAFTERS["lookup"].code, trees=False))
    yield "second"
    del DRAFTERS["second"]


def test_a_drafter_registered_from_python_is_known_by_its_name(tiny_pair, second):
    assert drafters.make(second, tiny_pair, Settings()) is not None
    with pytest.raises(UserError, match="chain"):
        drafters.make(second, tiny_pair, Settings(branching=(2, 1)))
    with pytest.raises(UserError, match="already"):
        register_drafter(DrafterMethod(name="lookup", code="nowhere:make"))


def test_every_method_has_its_code_and_its_words():
    for method in (*DRAFTERS.values(), *RULES.values()):
        assert callable(methods.resolve(method.code))
    for method in DRAFTERS.values():
        assert str(method.title) != method.name and str(method.line).endswith(".")
        assert method.heads is None or methods.resolve(method.heads.code).longest


def test_what_belongs_to_a_method_is_a_field_of_the_settings():
    own = [name for method in (*DRAFTERS.values(), *RULES.values()) for name in method.settings]
    assert len(own) == len(set(own)) and set(own) < {field.name for field in FIELDS}


def test_scripts_get_the_tables_as_plain_values():
    tables = methods.as_json()
    assert json.loads(json.dumps(tables, allow_nan=False)) is not None
    assert [row["name"] for row in tables["drafters"]] == list(DRAFTERS)
    assert {row["name"] for row in tables["rules"] if not row["lossless"]} == {"typical"}
    assert all("code" not in row for rows in tables.values() for row in rows)


# A new drafter or head touches its own file, the table and the words, as long as nothing else calls those that are
# there by their names. Apart: what the catalog lists of pairs, recipes that train heads, code that is compiled.
NAMES = set(DRAFTERS) - {PLAIN, "model"}  # "none" and "model" are words of many meanings
MAY_NAME = {"methods.py", "catalog/pairs.py", "catalog/hub.py", "train", "accelerate"}


def test_no_module_calls_a_drafter_by_its_name():
    found = []
    for path in (ROOT / "specdec").rglob("*.py"):
        name = path.relative_to(ROOT / "specdec").as_posix()
        if name in MAY_NAME or name.split("/")[0] in MAY_NAME:
            continue
        named = {one.value for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Constant)} & NAMES
        own = {method.name for method in DRAFTERS.values() if _files(method) & {name}}
        found += [f"{name}: {one}" for one in named - own]
    assert not found


def _files(method):
    """The files that a method's code lies in."""
    codes = [method.code, *([method.heads.code] if method.heads else [])]
    return {code.partition(":")[0].removeprefix("specdec.").replace(".", "/") + ".py" for code in codes}
