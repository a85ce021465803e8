"""The house keeps its order: imports flow one way, pages wait for no model, documents and words hold."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.messages import catalog
from specdec.methods import DRAFTERS
from specdec.settings import FIELDS, Settings
from specdec.trace import gather

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted([ROOT / "app.py", *ROOT.glob("specdec/**/*.py")])
SCRIPTS = sorted(path for path in ROOT.glob("specdec/web/**/*.js") if "dist" not in path.parts)
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# A module may import what stands before it, never what stands behind. `specdec` is the package's own lazy front.
ORDER = (
    "version paths messages errors language files progress trace methods settings theory catalog device sampling "
    "models verify drafters engine accelerate lab train backend views specdec ui cli __main__ app"
).split()
ENGINE = ORDER[ORDER.index("trace") : ORDER.index("views")]
FORBIDDEN = {
    **dict.fromkeys(ENGINE, {"gradio", "plotly"}),
    **dict.fromkeys(
        ("paths", "messages", "errors", "trace", "methods", "settings", "theory", "catalog", "views"),
        {"torch", "transformers", "gradio"},
    ),
}


def layer(module: str) -> str:
    """The layer of a dotted module name.

    >>> layer("specdec.models.kv_cache"), layer("specdec"), layer("app")
    ('models', 'specdec', 'app')
    """
    parts = module.split(".")
    return parts[1] if parts[0] == "specdec" and len(parts) > 1 else parts[0]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PYTHON}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside its functions and for type checkers: of `from x import y` it is
    x.y where y is a module, else x, which may be a package's front."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path.name}: imports are written out in full"
            named = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in named)


def circles() -> list[list[str]]:
    """Files that import one another, directly or over others."""
    graph = {name: {other for other in imports(path) if other in MODULES} - {name} for name, path in MODULES.items()}

    def reached(start: str) -> set[str]:
        found, ahead = set(), [start]
        while ahead:
            ahead += (fresh := graph[ahead.pop()] - found)
            found |= fresh
        return found

    within = {name: reached(name) for name in graph}
    return [
        sorted({name, *(other for other in within[name] if name in within[other])})
        for name in graph
        if name in within[name]
    ]


def test_no_files_import_one_another():
    assert circles() == []


@pytest.mark.parametrize("path", PYTHON, ids=module_name)
def test_imports_flow_one_way(path):
    here = layer(module_name(path))
    for name in imports(path):
        if name.split(".")[0] in ("specdec", "app"):
            assert ORDER.index(layer(name)) <= ORDER.index(here), f"{module_name(path)} imports {name}"
        assert name.split(".")[0] not in FORBIDDEN.get(here, ()), f"{module_name(path)} imports {name}"


def test_trace_imports_nothing_of_ours_but_messages():
    assert not [
        name
        for path in ROOT.glob("specdec/trace/*.py")
        for name in imports(path)
        if name.startswith("specdec") and layer(name) not in ("messages", "errors", "trace")
    ]


def test_what_a_pair_can_do_is_told_without_torch():
    assert "torch" not in loaded_by("import specdec.catalog.pairs, specdec.catalog.capabilities")


def test_the_page_is_built_without_torch():
    modules = ", ".join(module_name(p) for p in PYTHON if layer(module_name(p)) in ("views", "ui", "trace"))
    assert loaded_by(f"import specdec, {modules}, app").isdisjoint({"torch", "transformers"})


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh process holds after one statement."""
    code = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


SAYING = ("say", "Message", "UserError", "NoRoom")  # called with a key and what its places hold


def said_in_python() -> Iterator[tuple[str, ast.Call]]:
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                yield path.name, node


def sentences(entry: str | dict[str, str]) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def places(entry: str | dict[str, str]) -> set[str]:
    """The names of the places in a sentence.

    >>> sorted(places("{kept} of {n!r}"))
    ['kept', 'n']
    """
    fields = (field for text in sentences(entry) for _, field, _, _ in string.Formatter().parse(text))
    return {field for field in fields if field is not None}


def test_python_says_only_what_the_catalog_holds_and_fills_every_place():
    words = catalog()
    for where, call in said_in_python():
        if not (isinstance(call.args[0], ast.Constant) and re.fullmatch(r"[a-z_]+\.\w+", str(call.args[0].value))):
            continue  # a key put together at run time is met by the test below; some sentences stand in the code still
        section, _, key = call.args[0].value.partition(".")
        assert key in words.get(section, {}), f"{where}: {call.args[0].value}"
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            needed = places(words[section][key]) | ({"n"} if isinstance(words[section][key], dict) else set())
            assert needed <= given, f"{where}: {section}.{key} needs {needed - given}"


def test_scripts_say_only_what_the_catalog_holds():
    words = catalog()
    for path in SCRIPTS:
        for key in re.findall(r"""\bsay\(\s*["'`]([a-z_]+\.\w+)["'`]\s*[,)]""", path.read_text(encoding="utf-8")):
            section, _, name = key.partition(".")
            assert name in words.get(section, {}), f"{path.name}: {key}"


def test_no_sentence_lies_unused():
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*PYTHON, *SCRIPTS])
    # a key put together at run time counts for all that begin like it: "stage.beat_" + name, f"figures.part_{part}"
    stems = set(re.findall(r"""["'`]([a-z_]+\.\w*)(?:\{|\$\{|["'`]\s*\+)""", source))
    # those of a field, a drafter or a rule are put together in their tables, and would count for whole sections
    stems -= {"cli.", "errors.", "settings."}
    made = {key for field in FIELDS for key in (field.help, field.label, f"errors.{field.name}")}
    unused = [
        f"{section}.{key}"
        for section, entries in catalog().items()
        for key in entries
        if f"{section}.{key}" not in made
        and not re.search(rf"""["'`]{section}\.{key}["'`]""", source)
        and not any(f"{section}.{key}".startswith(stem) for stem in stems)
    ]
    assert not unused


def test_every_sentence_is_whole():
    for section, entries in catalog().items():
        for key, entry in entries.items():
            assert isinstance(entry, str) or set(entry) == {"one", "other"}, f"{section}.{key}"
            for text in sentences(entry):
                assert text.strip(), f"{section}.{key} is empty"
                assert "  " not in text, f"{section}.{key} has stray spaces"
            assert all(name.isidentifier() for name in places(entry)), f"{section}.{key}: {places(entry)}"


def test_assets_stay_small_and_weights_are_safetensors():
    files = [path for path in (ROOT / "assets").rglob("*") if path.is_file()]
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in files}
    assert not [name for name, size in sizes.items() if size > 25 * 2**20]
    assert sum(sizes.values()) <= 80 * 2**20
    assert not [name for name in sizes if name.endswith((".pt", ".pth", ".bin", ".pkl", ".pickle", ".ckpt"))]


def test_front_matter_is_what_spaces_reads():
    front = yaml.safe_load(README.split("---\n")[1])
    assert front["sdk"] == "gradio" and (ROOT / front["app_file"]).is_file()
    assert isinstance(front["python_version"], str) and isinstance(front["sdk_version"], str)
    assert len(front["short_description"]) <= 60
    assert f"gradio>={'.'.join(front['sdk_version'].split('.')[:2])}," in (ROOT / "requirements.txt").read_text()


def test_the_example_of_a_drafter_works(tiny_pair):
    blocks = CONTRIBUTING.split("```python\n")[1:]
    drafter, naming = (
        next(code.split("```")[0] for code in blocks if sign in code) for sign in ("class Echo", "register_drafter(")
    )
    assert len(drafter.splitlines()) <= 30
    names: dict = {}
    try:
        for code in (drafter, naming):
            exec(compile(code, "CONTRIBUTING.md", "exec"), names)
        settings = Settings(draft_length=3, max_new_tokens=24)
        plain, echoed = (
            gather(loop.rounds(prepare(tiny_pair, Request("Once", name, settings)))) for name in ("none", "echo")
        )
        assert echoed.ids == plain.ids and echoed.totals.drafted > 0
    finally:
        DRAFTERS.pop("echo", None)
