"""The agreement of a draft model with its target on given text, which determines the acceptance rate."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from specdec.train.corpus import Rows


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
def compare(target: PreTrainedModel, draft: PreTrainedModel, rows: Rows) -> Agreement:
    """Compare the two models on the same rows [R, L]; positions whose label is IGNORED are not counted."""
    sums, positions = torch.zeros(4, dtype=torch.float64), int((rows.labels >= 0).sum())
    for inputs, labels in zip(*map(torch.from_numpy, rows), strict=True):
        counted = labels >= 0
        logits = (model(inputs[None]).logits[0, counted].float() for model in (target, draft))
        log_p, log_q = (torch.log_softmax(scores, -1) for scores in logits)
        sums += torch.tensor(list(_row_sums(log_p, log_q, labels[counted])), dtype=torch.float64)
    return Agreement(positions, *(sums / max(1, positions)).tolist())


def _row_sums(log_p: torch.Tensor, log_q: torch.Tensor, labels: torch.Tensor) -> Iterator[float]:
    """In the order of Agreement's fields; log_p, log_q [L, V], labels [L]."""
    for log_probs in (log_p, log_q):
        yield -log_probs.gather(1, labels[:, None]).sum().item()
    yield (log_p.argmax(-1) == log_q.argmax(-1)).sum().item()
    yield torch.minimum(log_p, log_q).exp().sum().item()
