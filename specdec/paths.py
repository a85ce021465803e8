"""Where the files lie that are no code: in the checkout's `assets/`."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
