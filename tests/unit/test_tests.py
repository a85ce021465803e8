"""The tests use what the package offers, so that what it keeps to itself can change without them."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = re.compile(r"_[a-z]\w*")


def used(path: Path) -> set[str]:
    """The private names that a file takes from elsewhere, or has a fixture put something in place of.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "test.py"
    >>> _ = file.write_text("build._run(1)\\nself._mine = row.given\\nmonkeypatch.setattr(build, '_make', 3)")
    >>> sorted(used(file))
    ['_make', '_run']
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            found.add(node.attr)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("setattr", "delattr"):
            found |= {str(each.value) for each in node.args if isinstance(each, ast.Constant)}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return {name for name in found if PRIVATE.fullmatch(name)}


def kept_back() -> set[str]:
    """Every private name that the package defines: functions, classes, attributes and module variables."""
    found: set[str] = set()
    for path in ROOT.glob("specdec/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.attr if isinstance(node, ast.Attribute) else node.id)
    return {name for name in found if PRIVATE.fullmatch(name)}


def test_no_test_touches_what_the_package_keeps_to_itself():
    ours = kept_back()
    touched = {path.relative_to(ROOT).as_posix(): used(path) & ours for path in ROOT.glob("tests/**/*.py")}
    assert {name: names for name, names in touched.items() if names} == {}
