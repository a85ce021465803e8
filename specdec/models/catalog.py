"""The pairs that ship with the project. Torch-free."""

from dataclasses import dataclass
from pathlib import Path

from specdec.words import ASSETS


@dataclass(frozen=True, slots=True)
class PairEntry:
    """Folders or hub ids of a target and its best draft, and the draft length that suits them (measured); heads that
    were trained on the target and a datastore in its tokens, where there are any."""

    name: str
    target: str
    draft: str
    draft_length: int
    medusa: str | None = None
    eagle: str | None = None
    datastore: str | None = None

    @property
    def on_disk(self) -> bool:
        return all((Path(folder) / "config.json").is_file() for folder in (self.target, self.draft))

    @property
    def size_bytes(self) -> int:
        """Bytes of both folders on disk, 0 where they are not."""
        return sum(f.stat().st_size for d in (self.target, self.draft) for f in Path(d).rglob("*") if f.is_file())


def _embedded(family: str, target: str, draft: str, draft_length: int, **others: str) -> PairEntry:
    folder = ASSETS / "models" / family
    paths = {part: str(folder / name) for part, name in others.items()}
    return PairEntry(family, str(folder / target), str(folder / draft), draft_length, **paths)


PAIRS = {
    "stories": _embedded("stories", "Llama-Stories-7M", "Llama-Stories-2M-draft", 3, datastore="own-stories.datastore")
}
DEFAULT_PAIR = "stories"
