"""What a piece of compiled code depends on, and where it lies."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers

from specdec.accelerate.programs import Code
from specdec.device import machine
from specdec.messages import Message

FORMAT = 5  # of the files; another number makes all of them anew


@dataclass(frozen=True)
class Order:
    """What a piece of code depends on, as JSON, and where it lies when it is made."""

    text: str

    @property
    def key(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:20]

    @property
    def path(self) -> Path:
        return folder() / f"{self.key}.pt2"

    @property
    def refusal(self) -> Path:
        """Written where the code cannot be made: it is not tried again."""
        return folder() / f"{self.key}.failed"

    def refuse(self, why: Message) -> None:
        self.refusal.write_text(json.dumps({"key": why.key, "values": why.values}) + "\n", encoding="utf-8")

    @property
    def refused(self) -> Message | None:
        """Why it cannot be made, where that was tried."""
        if not self.refusal.exists():
            return None
        why = json.loads(self.refusal.read_text(encoding="utf-8"))
        return Message(why["key"], **why["values"])

    @property
    def is_made(self) -> bool:
        return self.path.is_file()


def folder() -> Path:
    """Where code is kept between starts: $SPECDEC_CACHE, else the user's cache; a user without a home has the
    machine's folder of temporary files."""
    if own := os.environ.get("SPECDEC_CACHE"):
        return Path(own) / "compiled"
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        cache = Path(tempfile.gettempdir())
    return cache / "specdec" / "compiled"


def order(one: Code, tokens: int | None) -> Order:
    """Shapes, number format, machine and versions; never the weights: models of one shape share their code."""
    facts = {
        "format": FORMAT,
        "tokens": tokens,
        "shapes": one.shapes(),
        "dtype": str(one.dtype).removeprefix("torch."),
        "threads": one.threads,
        "machine": [machine.name_of(torch.device("cpu")), torch.backends.cpu.get_cpu_capability()],
        "versions": [torch.__version__, transformers.__version__],
    }
    return Order(json.dumps(facts, sort_keys=True, default=str))
