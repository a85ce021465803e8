"""Artifacts of compiled code: their keys, and their files on disk."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers

from specdec.accelerate.programs import Code
from specdec.device import machine
from specdec.messages import Message
from specdec.paths import cache

FORMAT = 6  # of the files; changing it causes all of them to be compiled again


@dataclass(frozen=True)
class Order:
    """An artifact to be compiled. `text` is everything that the code depends on, as JSON; the file name is its
    hash."""

    text: str

    @property
    def key(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:20]

    @property
    def path(self) -> Path:
        return folder() / f"{self.key}.pt2"

    @property
    def refusal(self) -> Path:
        """The file that marks an artifact which cannot be compiled, so that it is not tried again."""
        return folder() / f"{self.key}.failed"

    def refuse(self, why: Message) -> None:
        self.refusal.write_text(json.dumps({"key": why.key, "values": why.values}) + "\n", encoding="utf-8")

    @property
    def refused(self) -> Message | None:
        """The reason why the artifact could not be compiled; None if it was not tried or did not fail."""
        if not self.refusal.exists():
            return None
        why = json.loads(self.refusal.read_text(encoding="utf-8"))
        return Message(why["key"], **why["values"])

    @property
    def is_made(self) -> bool:
        return self.path.is_file()


def folder() -> Path:
    """The folder of the artifacts."""
    return cache("compiled")


def order(one: Code, tokens: int | None) -> Order:
    """The order of a program for a number of tokens. It depends on shapes, number format, machine and versions but not
    on the weights, so models of the same shape share their code."""
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
