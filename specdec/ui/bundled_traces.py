"""The runs that lie in the repository: the page opens on them before any model is loaded."""

from specdec.paths import ASSETS
from specdec.trace import Header, loads


def read(name: str) -> str:
    """The NDJSON of a recorded run, "" where there is none."""
    path = ASSETS / "traces" / f"{name}.ndjson"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def last_run(ndjson: str) -> str:
    """Of a stream that holds several runs the last: a race holds two, and the second is the speculative one.

    >>> last_run("")
    ''
    """
    return ndjson[_last(ndjson) :]


def before_last_run(ndjson: str) -> str:
    """What stands before it: the plain run of a race, "" where a run is alone."""
    return ndjson[: _last(ndjson)]


def _last(ndjson: str) -> int:
    return max(0, ndjson.rfind('{"kind":"header"'))


def last_header(ndjson: str) -> Header | None:
    return loads(last_run(ndjson).partition("\n")[0]).header if ndjson else None
