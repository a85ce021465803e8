"""How often a draft model agrees with its target on given text: what acceptance is made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedModel


@dataclass(frozen=True)
class Agreement:
    """Means over positions: losses in nats per token, the share of equal argmaxes, and Σ_v min(p_v, q_v).

    The last is the probability that rejection sampling keeps a drafted token (Leviathan et al. 2023, temperature 1).
    """

    positions: int
    target_loss: float
    draft_loss: float
    greedy: float
    overlap: float


@torch.no_grad()
def compare(target: PreTrainedModel, draft: PreTrainedModel, rows: np.ndarray) -> Agreement:
    """Both models read the same rows [R, L + 1]; position i predicts token i + 1."""
    sums = torch.zeros(4, dtype=torch.float64)
    for row in torch.from_numpy(rows):
        log_p, log_q = (torch.log_softmax(model(row[None, :-1]).logits[0].float(), -1) for model in (target, draft))
        sums += torch.tensor(list(_row_sums(log_p, log_q, row[1:])), dtype=torch.float64)
    positions = rows.shape[0] * (rows.shape[1] - 1)
    return Agreement(positions, *(sums / positions).tolist())


def _row_sums(log_p: torch.Tensor, log_q: torch.Tensor, labels: torch.Tensor) -> Iterator[float]:
    """In the order of Agreement's fields; log_p, log_q [L, V], labels [L]."""
    for log_probs in (log_p, log_q):
        yield -log_probs.gather(1, labels[:, None]).sum().item()
    yield (log_p.argmax(-1) == log_q.argmax(-1)).sum().item()
    yield torch.minimum(log_p, log_q).exp().sum().item()
