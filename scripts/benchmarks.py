"""Measure, and write what `bench` printed into docs/benchmarks.md: `python scripts/benchmarks.py NAME -- OPTIONS…`.

The section says what a number needs to mean anything: the command, the date, the commit, the machine and the versions.
Run it on a quiet machine and from a checkout without changes; one of the same name is replaced.
"""

import argparse
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = (f"<!-- sections written by scripts/benchmarks.py: {place} -->" for place in ("begin", "end"))
LIBRARIES = ("torch", "transformers")


def main() -> int:
    parser = argparse.ArgumentParser(description="Write a section of docs/benchmarks.md with what `bench` prints.")
    parser.add_argument("name", help="the section's heading")
    parser.add_argument("options", nargs="+", help="after --: options of `bench`")
    asked = parser.parse_args()
    if changed := _git("status", "--porcelain", "--untracked-files=no"):
        print(f"A measurement belongs to a commit, and this checkout has changes:\n{changed}", file=sys.stderr)
        return 1
    command = ["-m", "specdec", "bench", *asked.options, "--markdown"]
    measured = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if not measured.returncode:
        section = f"## {asked.name}\n\n{_circumstances(shlex.join(['python', *command]))}\n{measured.stdout}"
        PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), asked.name, section), encoding="utf-8")
    return measured.returncode


def placed(page: str, name: str, section: str) -> str:
    """The page with the section in place of the one of its name, or as the newest.

    >>> page = placed(f"a {BEGIN}{END} z", "One", "## One\\n\\n1\\n")
    >>> placed(page, "One", "## One\\n\\n2\\n").count("## One"), "2" in placed(page, "One", "## One\\n\\n2\\n")
    (1, True)
    """
    above, _, rest = page.partition(BEGIN)
    sections, _, below = rest.partition(END)
    others = [part for part in sections.split("\n## ")[1:] if part.partition("\n")[0] != name]
    kept = "".join(f"\n## {part.rstrip()}\n" for part in others)
    return f"{above}{BEGIN}\n\n{section.rstrip()}\n{kept}\n{END}{below}"


def _circumstances(command: str) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"| | |\n|---|---|\n| command | `{command}` |\n| date | {datetime.now(UTC):%Y-%m-%d %H:%M} UTC |\n"
        f"| commit | `{_git('rev-parse', '--short=10', 'HEAD')}` |\n| machine | {_machine()} |\n"
        f"| versions | Python {platform.python_version()}, {versions} |\n"
    )


def _machine() -> str:
    """The processor and its cores; the GPUs, where there are any."""
    sys.path.insert(0, str(ROOT))
    import torch

    from specdec.device import machine

    places = ["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
    return ", ".join(machine.name_of(torch.device(place)) for place in places)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
