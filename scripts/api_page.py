"""docs/api.md: what the package offers, from signatures and docstrings, and what the page offers clients."""

import ast
import dataclasses
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import specdec
from specdec import methods, theory, trace
from specdec.drafters import draft
from specdec.models import loading, pair
from specdec.settings import Settings
from specdec.ui import page as web_page
from specdec.views import page

HEAD = """# The Python API

<!-- Written by `python scripts/docs.py` from signatures and docstrings: change those, not this page. -->

What can be imported and relied on. Other modules may change from one version to the next. `UserError` (in
`specdec.errors`) is raised for what a reader can mend, and says how in one sentence.
"""
HTTP = """## The page's HTTP API

A page that is served offers its runs to programs as well: with `gradio_client`, or by HTTP as its *Use via API* says.
Fields may be given by name, and those left out take the defaults of the page. What cannot be run is an error with one
sentence. A trace is sent as newline-delimited JSON; `specdec.trace.loads` reads it.

```python
from gradio_client import Client

client = Client("http://127.0.0.1:7860")
ndjson = client.predict("Once upon a time", max_new_tokens=24, api_name="/explore")
```
"""
PARTS: dict[str, tuple[Any, ...]] = {
    "Running": (specdec.load, specdec.rounds, specdec.run, specdec.replay, loading.load, pair.Pair),
    "Settings": (Settings,),
    "Traces": (trace.Trace, trace.loads, trace.dump, trace.gather, trace.TraceError),
    "Pages of their own": (page.page, page.notebook),
    "Drafters": (
        methods.register_drafter,
        methods.DrafterMethod,
        methods.RuleMethod,
        draft.Drafter,
        draft.Draft,
        draft.Context,
        draft.Outcome,
        draft.certain_chain,
        draft.certain_tree,
    ),
    "Theory": tuple(one for name, one in vars(theory).items() if inspect.isfunction(one) and not name.startswith("_")),
}
INTRODUCED = {
    "Traces": "The records that a trace is made of are described in [trace-schema.md](trace-schema.md).",
    "Drafters": "[CONTRIBUTING.md](../CONTRIBUTING.md#adding-a-drafter) has an example.",
    "Theory": inspect.getdoc(theory),
}
WIDTH = 100
ENTRY = re.compile(r"[a-z_`][a-z_`, ]*: ")


def render() -> str:
    parts = [HEAD, *(_part(title, objects) for title, objects in PARTS.items()), HTTP, *_endpoints()]
    return "\n".join(parts)


def _part(title: str, objects: tuple[Any, ...]) -> str:
    introduced = [INTRODUCED[title] + "\n"] if title in INTRODUCED else []
    return "\n".join([f"## {title}\n", *introduced, *map(_object, objects)])


def _object(one: Any) -> str:
    """A function or a class under its full name."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
    head = f"### {_home(one)}.{one.__name__}\n"
    if isinstance(node, ast.FunctionDef):
        return "\n".join([head, _code(_signature(node)), _prose(one)])
    fields = list(_fields(one, node))
    table = ["| field | type | default |\n|---|---|---|\n" + "".join(fields)] if fields else []
    return "\n".join([head, _prose(one), *table, *_members(one, node)])


def _home(one: Any) -> str:
    """The module that it is imported from: the package whose front offers it, else its own."""
    fronts = (front for front in (specdec, trace) if one.__name__ in front.__all__)
    return next((front.__name__ for front in fronts if getattr(front, one.__name__) is one), one.__module__)


def _members(owner: type, node: ast.ClassDef) -> Iterator[str]:
    """Public methods and properties."""
    for part in node.body:
        if not isinstance(part, ast.FunctionDef) or part.name.startswith("_"):
            continue
        told = _prose(getattr(owner, part.name))
        if any(ast.unparse(one) == "property" for one in part.decorator_list):
            yield f"#### {owner.__name__}.{part.name}\n\n`{ast.unparse(part.returns)}`\n\n{told}"
        else:
            part.args.args = part.args.args[1:]  # self or cls
            yield f"#### {owner.__name__}.{part.name}\n\n{_code(_signature(part))}\n{told}"


def _fields(owner: type, node: ast.ClassDef) -> Iterator[str]:
    defaults = {one.name: one.default for one in dataclasses.fields(owner)} if dataclasses.is_dataclass(owner) else {}
    for part in node.body:
        if not isinstance(part, ast.AnnAssign):
            continue
        name, default = ast.unparse(part.target), defaults.get(ast.unparse(part.target), dataclasses.MISSING)
        shown = repr(default) if default is not dataclasses.MISSING else ""
        cells = (f"`{name}`", _inline(ast.unparse(part.annotation)), _inline(shown))
        yield f"| {' | '.join(cells)} |\n"


def _inline(code: str) -> str:
    return f"`{code}`".replace("|", "\\|") if code else ""


def _signature(node: ast.FunctionDef) -> str:
    """On one line, or an argument a line where that is too long."""
    returns = ast.unparse(node.returns).strip("'")
    rows = [re.sub(r"(: .*?)=", r"\1 = ", row) for row in re.split(r", (?=\*|\w+(?::|=|$))", ast.unparse(node.args))]
    line = f"{node.name}({', '.join(rows)}) -> {returns}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{node.name}(", *(f"    {row}," for row in rows), f") -> {returns}"])


def _prose(one: Any) -> str:
    """A docstring, with its examples as code and its rows of `name: meaning` as a list."""
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(one) or "")
    return "\n".join(
        _code(text) if text.startswith(">>>") else _listed(text) + "\n" for text in filter(None, paragraphs)
    )


def _listed(paragraph: str) -> str:
    lines = paragraph.split("\n")
    entries = [place for place, line in enumerate(lines) if ENTRY.match(line)]
    if len(entries) < 2:
        return paragraph
    first = entries[0]
    items = [f"{'-' if place in entries else ' '} {line}" for place, line in enumerate(lines) if place >= first]
    return "\n".join([*lines[:first], *([""] if first else []), *items])


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n"


def _endpoints() -> Iterator[str]:
    """Every endpoint with its fields, as Gradio tells them to clients."""
    for name, endpoint in web_page.build().get_api_info()["named_endpoints"].items():
        rows = "".join(map(_parameter, endpoint["parameters"]))
        (result,) = endpoint["returns"]
        table = f"| field | type | default | |\n|---|---|---|---|\n{rows}"
        told = result["python_type"]["description"] or result["type"]["description"]
        yield f"### {name}\n\n{endpoint['description']}\n\n{table}\nReturns the {result['label']}: {told}.\n"


def _parameter(one: dict[str, Any]) -> str:
    type_of, default = one["python_type"], json.dumps(one.get("parameter_default"), ensure_ascii=False)
    values = re.sub(r"^Literal\[(.*)\]$", lambda found: found[1].replace("'", '"'), type_of["type"])
    about = (type_of["description"] or "").replace("|", "\\|")
    return f"| `{one['parameter_name']}` | {_inline(values)} | {_inline(default)} | {about} |\n"
