"""The folders of the files that are not code: scripts, words, recorded traces, prompts and models.

A wheel carries recorded traces and prompts inside the package; a checkout has them, and the embedded models, in
`assets/`. `SPECDEC_MODELS` names another folder for the model families.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
WEB = PACKAGE / "web"  # scripts, styles and words
ASSETS = next(
    (folder for folder in (PACKAGE / "assets", PACKAGE.parent / "assets") if folder.is_dir()), PACKAGE / "assets"
)
MODELS = Path(os.environ["SPECDEC_MODELS"]).expanduser() if os.environ.get("SPECDEC_MODELS") else ASSETS / "models"
