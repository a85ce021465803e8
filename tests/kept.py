"""Compiled pieces take minutes to make, so the tests keep them between runs: in $SPECDEC_TEST_CACHE, else in the
user's cache."""

import hashlib
import os
import shutil
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "specdec"
TRACED = (
    "accelerate",
    "device",
    "drafters",
    "engine",
    "models",
    "verify",
    "sampling.py",
)  # what the pieces are made of
LAST = 5  # states of the sources whose pieces are kept


def pieces() -> Path:
    """A folder for the sources as they are. A piece's own key holds shapes, machine and versions, which is enough for
    users; while the code that is traced is worked on, it would pass off old code as new."""
    cache = Path(os.environ.get("SPECDEC_TEST_CACHE") or Path.home() / ".cache" / "specdec-tests")
    folder = cache / "pieces" / _fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    folder.touch()
    for old in sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-LAST]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _fingerprint() -> str:
    sources = sorted(path for name in TRACED for path in _sources(PACKAGE / name))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]


def _sources(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))
