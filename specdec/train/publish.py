"""Export of finished recipe steps as self-contained folders: bfloat16 weights, without checkpoints."""

from collections.abc import Callable
from pathlib import Path

from specdec import files
from specdec.train.datastore_step import export_datastore
from specdec.train.export import export
from specdec.train.heads import export as export_heads
from specdec.train.seq2seq import export_translator
from specdec.train.workspace import Kitchen


def export_card(run: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files.copy(run / "README.md", folder / "README.md")


EXPORTS: dict[str, Callable[[Path, Path], object]] = {
    "model": export,
    "medusa": export_heads,
    "eagle": export_heads,
    "chat-eagle": export_heads,
    "translator": export_translator,
    "datastore": export_datastore,
    "card": export_card,
    "translation-card": export_card,
}


def publish(kitchen: Kitchen, step: str, folder: Path) -> None:
    """Export the result of a finished step to `folder`; a result that is a single file is written to that path."""
    EXPORTS[kitchen.recipe.step(step).kind](kitchen.result(step), folder)
