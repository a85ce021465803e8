"""The runs that lie in the repository: the page opens on them before any model is loaded."""

from specdec.trace import Header, loads
from specdec.words import ASSETS


def read(name: str) -> str:
    """The NDJSON of a recorded run, "" where there is none."""
    path = ASSETS / "traces" / f"{name}.ndjson"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def last_header(ndjson: str) -> Header | None:
    """The header of the last run in a stream: a race holds two, and the second is the speculative one."""
    lines = [line for line in ndjson.split("\n") if line.startswith('{"kind":"header"')]
    return loads(lines[-1]).header if lines else None
