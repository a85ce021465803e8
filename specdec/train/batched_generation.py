"""Batched generation of answers to prompts, so that a draft model can learn from the target's own texts
(sequence-level distillation: Kim and Rush 2016; for drafts: Zhou et al. 2023).

The batches and what is sampled in them depend on the seed alone, and every batch is stored in a file of its own, so an
interrupted generation resumes where it stopped. A draft model never has to guess a prompt, so prompts are read but not
learned.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.numpy import load_file, save
from torch import Tensor
from transformers import GenerationConfig

from specdec import files
from specdec.models import hf_generate
from specdec.models.language_model import LanguageModel
from specdec.train.corpus import Tokens

PARTS = "parts"


class Prompt(NamedTuple):
    """A prompt's token ids, and the most tokens that may be generated after it."""

    ids: list[int]
    most: int


class Written(NamedTuple):
    """A prompt's token ids [M], the answer generated after it [N], and whether the answer ends with an end token."""

    prompt: np.ndarray
    answer: np.ndarray
    ended: bool


@dataclass(frozen=True)
class Manner:
    """The sampling settings of a generation; batches take the temperatures in turn. `fixed_cache` uses transformers'
    static KV cache, which is faster but not supported by every architecture."""

    temperatures: tuple[float, ...] = (0.8,)
    top_p: float = 1.0
    batch: int = 96
    seed: int = 0
    fixed_cache: bool = False


def write(
    model: LanguageModel,
    prompts: list[Prompt],
    manner: Manner,
    folder: Path,
    report: Callable[[int, int], None] = lambda texts, tokens: None,
    until: float | None = None,
) -> list[Written]:
    """Generate answers to all prompts, in the order of the batches; batches whose files are in the folder are read.

    Generation stops after the batch during which `until` (time.monotonic) passes; at least one batch is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Written] = []
    for index, batch in enumerate(_batches(prompts, manner)):
        path = folder / f"{index:05}.safetensors"
        if not path.is_file():
            if written and until is not None and time.monotonic() > until:
                break
            _store(answers(model, batch, manner, index), path)
        written += read(path)
        report(len(written), sum(len(one.answer) for one in written))
    return written


def _batches(prompts: list[Prompt], manner: Manner) -> list[list[Prompt]]:
    """Batches of prompts of similar length, since a batch takes as long as its longest text. Their order is random, so
    that the first few are representative of all."""
    ordered = sorted(prompts, key=lambda prompt: (-(-prompt.most // 32), len(prompt.ids)))
    batches = [ordered[start : start + manner.batch] for start in range(0, len(ordered), manner.batch)]
    return [batches[i] for i in np.random.default_rng([manner.seed, 0]).permutation(len(batches))]


@torch.inference_mode()
def answers(model: LanguageModel, prompts: list[Prompt], manner: Manner, turn: int = 0) -> list[Written]:
    """Generate the answers of one batch. The prompts are padded on the right for an encoder, on the left for a
    decoder, which continues them."""
    config = _generation(model, manner, turn)
    config.max_new_tokens = max(prompt.most for prompt in prompts)
    padding, in_front = config.pad_token_id, not model.encoder_decoder
    ids, mask = padded([prompt.ids for prompt in prompts], padding, model.device, in_front)
    start = hf_generate.first_tokens(model, len(prompts))
    seed = int(np.random.default_rng([manner.seed, 1, turn]).integers(2**62))
    with hf_generate.recommending(model.module, GenerationConfig()), hf_generate.seeded(seed, model.device):
        found = model.module.generate(ids, attention_mask=mask, generation_config=config, **start)
    begin = len(model.start) if model.encoder_decoder else ids.shape[1]
    rows = found[:, begin:].cpu().numpy()
    return [
        Written(np.array(prompt.ids), *until_end(row[: prompt.most], model.end_ids))
        for prompt, row in zip(prompts, rows, strict=True)
    ]


def _generation(model: LanguageModel, manner: Manner, turn: int) -> GenerationConfig:
    temperature = manner.temperatures[turn % len(manner.temperatures)]
    sampled = {"temperature": temperature, "top_p": manner.top_p, "top_k": 0} if temperature else {}
    cache = "static" if manner.fixed_cache else None
    return hf_generate.configured(model, do_sample=temperature > 0, cache_implementation=cache, **sampled)


def padded(rows: list[list[int]], padding: int, device: torch.device, in_front: bool = False) -> tuple[Tensor, Tensor]:
    """Pad rows of token ids to ids [N, L] and an attention mask [N, L] (1: token, 0: padding)."""
    lengths = torch.tensor([len(row) for row in rows])
    places = torch.arange(int(lengths.max()))
    mask = places >= len(places) - lengths[:, None] if in_front else places < lengths[:, None]
    ids = torch.full(mask.shape, padding)
    ids[mask] = torch.tensor([token for row in rows for token in row])
    return ids.to(device), mask.long().to(device)


def until_end(row: np.ndarray, ends: frozenset[int]) -> tuple[np.ndarray, bool]:
    """The row up to and including its first end token, and whether it has one."""
    found = np.isin(row, sorted(ends)).nonzero()[0]
    return (row[: found[0] + 1], True) if len(found) else (row, False)


def _store(texts: list[Written], path: Path) -> None:
    arrays = {
        "ids": np.concatenate([part for one in texts for part in one[:2]]).astype(np.int32),
        "prompt": np.array([len(one.prompt) for one in texts], dtype=np.int32),
        "answer": np.array([len(one.answer) for one in texts], dtype=np.int32),
        "ended": np.array([one.ended for one in texts]),
    }
    with files.replacing(path) as file:
        file.write(save(arrays))


def read(path: Path) -> list[Written]:
    """The texts of one file."""
    arrays = load_file(path)
    lengths = np.stack([arrays["prompt"], arrays["answer"]], axis=1).flatten()
    parts = np.split(arrays["ids"].astype(np.int64), np.cumsum(lengths)[:-1])
    return [Written(*one) for one in zip(parts[::2], parts[1::2], arrays["ended"].tolist(), strict=True)]


def written(folder: Path) -> list[Written]:
    """The texts that a step of kind `text` generated, from its folder."""
    return [one for path in sorted((folder / PARTS).glob("*.safetensors")) for one in read(path)]


def documents(folder: Path) -> list[Tokens]:
    """The texts that a step of kind `text` generated, as documents to train on. Every document begins with the
    end-of-text token, so the one at the end of an answer is dropped."""
    return [document_of(one) for one in written(folder)]


def document_of(text: Written) -> Tokens:
    ids = np.concatenate([text.prompt, text.answer[:-1] if text.ended else text.answer])
    learned = np.arange(len(ids)) >= len(text.prompt)
    learned[0] = True
    return Tokens(ids, learned)
