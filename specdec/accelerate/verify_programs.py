"""The computations after a target's pass as programs: the verdicts on a chain, and the excerpt for the trace."""

from abc import abstractmethod
from typing import Any, Self, cast

import torch
from torch import Tensor

from specdec.accelerate.programs import Code
from specdec.engine.recorder import Distributions, excerpt
from specdec.methods import RULES
from specdec.sampling import distribution_of_kind


class JudgingProgram(Code):
    """A program for a chain of N guesses, which a pass over N + 1 tokens judges, and a vocabulary of `size`."""

    threads = 1  # the work is too short to be distributed

    def __init__(self, size: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.size, self.dtype = size, dtype

    @abstractmethod
    def inputs(self, tokens: int) -> list[Tensor]:
        """Example inputs for a pass over `tokens` tokens, to trace with."""

    @torch.no_grad()
    def trace(self, tokens: int | None) -> torch.export.ExportedProgram:
        assert tokens is not None, "a draft is judged by code for its length"
        inputs = self.inputs(tokens)
        self(*inputs)  # caches the tensors that depend only on the draft's shape, so they become constants
        return torch.export.export(self, tuple(inputs), strict=False)


class VerdictsProgram(JudgingProgram):
    """The verdicts as a program: forward(logits [N + 1, V], ids [N]), with the further inputs q [N, V], coins [N + 1]
    and numbers [2] for a rule that draws, → p [N + 1, V], and the fields kept, tried, final, final_row and, if the
    rule has it, accept_prob of a Judgment. `choice` is the kind of a `specdec.sampling.Choice`, and `numbers` are its
    temperature and top-p."""

    RULES = {"greedy": "greedy", "whole": "rejection", "nucleus": "rejection"}  # the most common rule of each kind

    def __init__(self, choice: str, size: int, dtype: torch.dtype) -> None:
        super().__init__(size, dtype)
        self.choice, self.rule = choice, self.RULES[choice]

    def shapes(self) -> dict[str, Any]:
        return {"kind": "verdicts", "choice": self.choice, "size": self.size}

    @classmethod
    def build(cls, shapes: dict[str, Any], dtype: torch.dtype) -> Self:
        return cls(shapes["choice"], shapes["size"], dtype)

    def inputs(self, tokens: int) -> list[Tensor]:
        logits, ids = torch.zeros(tokens, self.size, dtype=self.dtype), torch.arange(tokens - 1)
        q, coins = torch.softmax(logits[1:].float(), -1), torch.zeros(tokens, dtype=torch.float64)
        return [logits, ids] if RULES[self.rule].coins == "none" else [logits, ids, q, coins, torch.ones(2)]

    def forward(
        self,
        logits: Tensor,
        ids: Tensor,
        q: Tensor | None = None,
        coins: Tensor | None = None,
        numbers: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        p = distribution_of_kind(self.choice, logits, cast(Tensor, numbers))  # the greedy choice needs none
        seen = RULES[self.rule].judge(ids, tuple(range(-1, len(ids) - 1)), p, q, coins)
        accept = () if seen.accept_prob is None else (seen.accept_prob,)
        return p, seen.accepted, seen.tried, seen.final, seen.final_row, *accept


class ExcerptProgram(JudgingProgram):
    """`engine.recorder.excerpt` as a program, for rules that judge with p itself and the residual max(0, p − q)."""

    def __init__(self, size: int, dtype: torch.dtype = torch.float32) -> None:
        super().__init__(size, dtype)

    def shapes(self) -> dict[str, Any]:
        return {"kind": "excerpt", "size": self.size}

    @classmethod
    def build(cls, shapes: dict[str, Any], dtype: torch.dtype) -> Self:
        return cls(shapes["size"], dtype)

    def inputs(self, tokens: int) -> list[Tensor]:
        p, ids, row = torch.full((tokens, self.size), 1 / self.size), torch.arange(tokens - 1), torch.tensor(0)
        places = Distributions(p, p[1:].clone(), ids, row.clone(), row, rows=ids.clone(), refused=row.clone())
        return list(places)

    def forward(
        self, p: Tensor, q: Tensor, ids: Tensor, final: Tensor, final_row: Tensor, rows: Tensor, refused: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(excerpt(Distributions(p, q, ids, final, final_row, rows, refused)))
