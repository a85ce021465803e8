"""Written texts as rows, and how far a draft is from its target on them: for models of any architecture.

Every row holds one text, padded on the right: for an arbitrary architecture it is not known whether texts packed into
one row could be kept from attending to each other.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from specdec.models.language_model import LanguageModel
from specdec.train.batched_generation import Written
from specdec.train.corpus import IGNORED


class TextRows(NamedTuple):
    """What an encoder reads [R, S] (-1: padding; S = 0 where there is none), inputs and labels [R, L] of the model
    that writes; position i of the inputs predicts label i, unless that is IGNORED."""

    source: np.ndarray
    inputs: np.ndarray
    labels: np.ndarray


class TextStream:
    """Written texts, by number: an endless sequence of passes, each in a fresh order in which neighbours are alike in
    length. `start` is what a decoder begins with that has an encoder before it; else the prompt stands there."""

    NEIGHBOURS = 128

    def __init__(self, texts: list[Written], start: list[int] | None, seed: int) -> None:
        self.texts, self.start, self.seed = texts, start, seed
        self._orders: dict[int, list[int]] = {}

    @property
    def mean_length(self) -> int:
        """Inputs of a text."""
        return max(1, round(sum(len(self._given(one)) + len(one.answer) - 1 for one in self.texts) / len(self.texts)))

    def rows(self, first: int, count: int) -> TextRows:
        texts = [self.texts[self._place(index)] for index in range(first, first + count)]
        sources = [one.prompt if self.start else one.prompt[:0] for one in texts]
        ids = [np.concatenate([self._given(one), one.answer]) for one in texts]
        labels = [np.concatenate([np.full(len(self._given(one)) - 1, IGNORED), one.answer]) for one in texts]
        return TextRows(_pad(sources, -1), _pad([one[:-1] for one in ids], 0), _pad(labels, IGNORED))

    def _given(self, text: Written) -> np.ndarray:
        return np.array(self.start) if self.start else text.prompt

    def _place(self, index: int) -> int:
        turn, place = divmod(index, len(self.texts))
        if turn not in self._orders:
            order = np.random.default_rng([self.seed, turn]).permutation(len(self.texts)).tolist()
            parts = [order[start : start + self.NEIGHBOURS] for start in range(0, len(order), self.NEIGHBOURS)]
            self._orders[turn] = [i for part in parts for i in sorted(part, key=self._length)]
        return self._orders[turn][place]

    def _length(self, index: int) -> int:
        return len(self.texts[index].prompt) + len(self.texts[index].answer)


def _pad(rows: list[np.ndarray], value: int) -> np.ndarray:
    padded = np.full((len(rows), max(map(len, rows))), value, dtype=np.int64)
    for row, ids in zip(padded, rows, strict=True):
        row[: len(ids)] = ids
    return padded


def divergence(draft: nn.Module, target: LanguageModel, rows: TextRows) -> Tensor:
    """−Σ_v p_v log q_v summed over learned positions: the KL divergence of the draft's q from the target's p, and p's
    entropy, which no draft can change.

    The texts were drawn from p, so p says all that their tokens do. Output layers may be padded differently: only the
    common entries are tokens. Dropout is left out, for what is to be learned is exact.
    """
    draft.eval()
    source, inputs, labels = (torch.as_tensor(part, device=target.device) for part in _trimmed(rows))
    learned = labels >= 0
    first = int(learned.any(0).nonzero()[0])
    with torch.no_grad():
        p = _logits(target.module, source, inputs, first)[learned[:, first:]].float()
    q = _logits(draft, source, inputs, first)[learned[:, first:]].float()
    common = min(p.shape[-1], q.shape[-1])
    p = nn.functional.pad(p[:, :common].softmax(-1), (0, q.shape[-1] - common))
    return nn.functional.cross_entropy(q, p, reduction="sum")


def _trimmed(rows: TextRows) -> TextRows:
    """Without the columns that are padding in every row: these are some of the rows that were padded together."""
    width, length = (rows.source >= 0).sum(1).max(), np.flatnonzero((rows.labels >= 0).any(0))[-1] + 1
    return TextRows(rows.source[:, :width], rows.inputs[:, :length], rows.labels[:, :length])


def _logits(module: PreTrainedModel, source: Tensor, inputs: Tensor, first: int) -> Tensor:
    """[R, L - first, V] of the positions from `first` on. A token that a model has no entry for is read as its first:
    the engine does so too."""
    inputs = torch.where(inputs < module.get_input_embeddings().num_embeddings, inputs, 0)
    if not source.shape[1]:
        return module(input_ids=inputs, logits_to_keep=inputs.shape[1] - first, use_cache=False).logits
    mask = (source >= 0).long()
    read = module(input_ids=source.clamp(min=0), attention_mask=mask, decoder_input_ids=inputs, use_cache=False)
    return read.logits[:, first:]
