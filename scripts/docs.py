"""Write the pages of docs/ that are made from the program: `python scripts/docs.py [--check]`.

docs/command-line.md comes from the commands' parsers, docs/api.md from signatures and docstrings and from what the
page offers its clients.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this checkout, whatever is installed

import api_page  # noqa: E402
import command_line_page  # noqa: E402

COMMAND = "python scripts/docs.py"
PAGES: dict[str, Callable[[], str]] = {
    "docs/command-line.md": command_line_page.render,
    "docs/api.md": api_page.render,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the generated pages of docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is stale")
    check = parser.parse_args().check
    stale = []
    for name, render in PAGES.items():
        path, text = ROOT / name, render()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"{', '.join(stale)}: not what the program says any more. Renew with: {COMMAND}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
