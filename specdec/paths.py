"""The folders of the files that are not code: scripts, words, recorded traces, prompts, models, and the cache.

A wheel carries recorded traces and prompts inside the package; a checkout has them, and the embedded models, in
`assets/`. `SPECDEC_MODELS` names another folder for the model families.
"""

import os
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
WEB = PACKAGE / "web"  # scripts, styles and words
ASSETS = next(
    (folder for folder in (PACKAGE / "assets", PACKAGE.parent / "assets") if folder.is_dir()), PACKAGE / "assets"
)
MODELS = Path(os.environ["SPECDEC_MODELS"]).expanduser() if os.environ.get("SPECDEC_MODELS") else ASSETS / "models"


def cache(part: str) -> Path:
    """The folder of a part of the cache: in $SPECDEC_CACHE, else in the user's cache folder, or for a user without a
    home in the folder of temporary files. It may not exist yet."""
    if own := os.environ.get("SPECDEC_CACHE"):
        return Path(own) / part
    try:
        users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        users = Path(tempfile.gettempdir())
    return users / "specdec" / part
