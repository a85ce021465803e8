"""The recorded traces in the repository, which the page shows before a model is loaded."""

from specdec.paths import ASSETS
from specdec.trace import Header, loads


def read(name: str) -> str:
    """The NDJSON of the recorded trace of that name, "" where there is none."""
    path = ASSETS / "traces" / f"{name}.ndjson"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def last_run(ndjson: str) -> str:
    """The last run in an NDJSON stream of one or more runs: of a race the speculative run, which follows the plain
    one.

    >>> last_run("")
    ''
    """
    return ndjson[_last(ndjson) :]


def before_last_run(ndjson: str) -> str:
    """The part of an NDJSON stream before its last run: of a race the plain run, "" for a single run."""
    return ndjson[: _last(ndjson)]


def _last(ndjson: str) -> int:
    return max(0, ndjson.rfind('{"kind":"header"'))


def last_header(ndjson: str) -> Header | None:
    return loads(last_run(ndjson).partition("\n")[0]).header if ndjson else None
