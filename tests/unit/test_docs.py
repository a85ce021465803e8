"""README and docs/: short where it must be, true of the program, and every link leads somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from specdec.cli.main import COMMANDS, parser_for
from specdec.methods import DRAFTERS, RULES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"!?\[[^]]*\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_code(page: str) -> str:
    """A page without its blocks of code, which may hold what looks like headings or links."""
    return re.sub(r"^```.*?^```", "", page, flags=re.M | re.S)


def anchors(page: str) -> set[str]:
    """What a link may name after #, as GitHub makes it of headings.

    >>> sorted(anchors("# The loop\\n## `run`: one, two"))
    ['run-one-two', 'the-loop']
    """
    headings = re.findall(r"^#+ (.+)$", without_code(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands(page: str) -> list[str]:
    return re.findall(r"^python -m specdec (.+)$", page, re.M)


def test_the_readme_is_read_in_minutes():
    assert len(README.splitlines()) <= 150


def test_the_recording_of_the_stage_is_small():
    assert (ROOT / "assets" / "screenshots" / "stage.gif").stat().st_size <= 3_000_000


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(without_code(text(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(text(file)), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_are_commands(page):
    for line in commands(text(page)):
        arguments = shlex.split(re.split(r" [<>] ", line)[0])
        assert arguments[0] in (*COMMANDS, "COMMAND")
        if arguments[0] in COMMANDS:
            parser_for(arguments).parse_args(arguments)  # raises for what the command line does not know


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_make_has_the_targets_that_pages_name(page):
    rules = text(ROOT / "Makefile")
    for target in re.findall(r"^make (\w+)|`make (\w+)`", text(page), re.M):
        assert re.search(rf"^{''.join(target)}:", rules, re.M), target


def test_every_page_of_the_docs_is_in_their_index():
    linked = set(LINK.findall(text(ROOT / "docs" / "README.md")))
    assert {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"} <= linked


def test_generated_pages_are_what_the_program_says():
    done = subprocess.run(
        [sys.executable, "scripts/docs.py", "--check"], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_tree_of_the_docs_is_the_tree():
    blocks = text(ROOT / "docs" / "how-it-works.md").split("```")[1::2]
    tree = next(block for block in blocks if block.lstrip().startswith("app.py"))
    listed, folder = set(), ""
    for line in tree.strip().splitlines():
        entry = line.split()[0]
        folder = folder if line.startswith(" ") else ""
        listed.add(folder + entry)
        folder = folder if line.startswith(" ") or not entry.endswith("/") else entry
    assert [entry for entry in listed if not (ROOT / entry).exists()] == []
    parts = {
        f"specdec/{path.name}{'/' * path.is_dir()}"
        for path in (ROOT / "specdec").iterdir()
        if not path.name.startswith("__") and path.name != "py.typed"
    }
    assert parts <= listed, f"not in the tree: {parts - listed}"


def test_every_drafter_and_rule_is_described():
    described = text(ROOT / "docs" / "how-it-works.md")
    assert [method for method in (*DRAFTERS, *RULES) if f"| `{method}` |" not in described] == []
    assert [method for method in DRAFTERS if f"| `{method}` |" not in README] == []


def test_measured_sections_say_what_they_were_measured_on():
    page = text(ROOT / "docs" / "benchmarks.md")
    sections = page.partition("begin -->")[2].partition("<!--")[0].split("\n## ")[1:]
    for section in sections:
        for fact in ("command", "date", "commit", "machine", "versions"):
            assert re.search(rf"^\| {fact} \| \S", section, re.M), fact
