"""Generated texts as training rows, and the distillation loss of a draft model on them, for any architecture.

A row is one text, padded on the right. Several texts are not packed into one row, since an arbitrary architecture may
not be able to keep them from attending to each other.
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
    """The encoder's input [R, S] (-1: padding; S = 0 without an encoder), and the decoder's inputs and labels [R, L].
    Position i of the inputs predicts label i, unless that is IGNORED."""

    source: np.ndarray
    inputs: np.ndarray
    labels: np.ndarray


class TextStream:
    """Texts addressed by number: an endless sequence of epochs, each in a new random order in which texts of similar
    length are neighbours. `start`: the token ids that the decoder of an encoder–decoder begins with; None for a
    decoder-only model, which begins with the prompt."""

    NEIGHBOURS = 128

    def __init__(self, texts: list[Written], start: list[int] | None, seed: int) -> None:
        self.texts, self.start, self.seed = texts, start, seed
        self._orders: dict[int, list[int]] = {}

    @property
    def mean_length(self) -> int:
        """The mean number of decoder inputs of a text."""
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
    """The cross-entropy −Σ_v p_v log q_v of the draft's q against the target's p, summed over learned positions. It is
    KL(p ‖ q) plus the entropy of p, which does not depend on the draft.

    The texts were sampled from p, so their tokens carry no information beyond p. Output layers may be padded to
    different sizes; only the common entries are tokens. Dropout is off.
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
    """The rows without the columns that are padding in all of them: they are a part of a batch that was padded as a
    whole."""
    width, length = (rows.source >= 0).sum(1).max(), np.flatnonzero((rows.labels >= 0).any(0))[-1] + 1
    return TextRows(rows.source[:, :width], rows.inputs[:, :length], rows.labels[:, :length])


def _logits(module: PreTrainedModel, source: Tensor, inputs: Tensor, first: int) -> Tensor:
    """The logits [R, L - first, V] from position `first` on. A token id that the model has no embedding for is
    replaced by 0, as in the engine."""
    inputs = torch.where(inputs < module.get_input_embeddings().num_embeddings, inputs, 0)
    if not source.shape[1]:
        return module(input_ids=inputs, logits_to_keep=inputs.shape[1] - first, use_cache=False).logits
    mask = (source >= 0).long()
    read = module(input_ids=source.clamp(min=0), attention_mask=mask, decoder_input_ids=inputs, use_cache=False)
    return read.logits[:, first:]
