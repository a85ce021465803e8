"""Heads on a frozen target: Medusa's guess tokens further ahead (Cai et al. 2024), EAGLE's guesses the target's next
feature (Li et al. 2024).

They learn from the inputs that the drafters will give them: the target's hidden states after its last norm, as its
output layer sees them. The target is frozen; its distributions are what the heads learn to predict. At inference an
EAGLE head reads its own guesses from the second token of a draft on, so it does in training (training-time test:
Zhang et al. 2024, HASS; Li et al. 2025, EAGLE-3).
"""

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import DynamicCache

from specdec.models.heads import EagleHead, Heads, MedusaHeads, ResidualBlock, save
from specdec.models.language_model import LanguageModel
from specdec.train.corpus import Rows, TokenStream
from specdec.train.export import load_run
from specdec.train.language_model import hidden_states
from specdec.train.loss import token_loss
from specdec.train.options import Training
from specdec.train.workspace import Kitchen

MEASURED_TOKENS = 4096  # of every held-out set: a measurement costs as much as training on four times as many
MEASURED_DEPTHS = 4


class Seen(NamedTuple):
    """What a target makes of rows [R, L]: features [R, L, H], what its output layer reads; logits [R, L, V]; and the
    rows themselves."""

    inputs: Tensor
    labels: Tensor
    features: Tensor
    logits: Tensor


@torch.no_grad()
def read(target: LanguageModel, rows: Rows) -> Seen:
    inputs, labels = (torch.as_tensor(part, device=target.device) for part in rows)
    features, _ = hidden_states(target.module, inputs)
    return Seen(inputs, labels, features, target.module.lm_head(features))


# ------------------------------------------------------------------------------------------------- Medusa


def fresh_medusa(target: LanguageModel, heads: int, blocks: int, shared: bool) -> MedusaHeads:
    """Initial Medusa heads, which repeat the target's last prediction: zeroed residual blocks and, where the heads
    have their own output layers, copies of the target's."""
    made = MedusaHeads.random(target, heads, blocks, shared).train()
    with torch.no_grad():
        for head in map(_layers, made):
            for block in list(head)[:blocks]:
                for parameter in cast(ResidualBlock, block).linear.parameters():
                    parameter.zero_()
            if not shared:
                cast(nn.Linear, head[-1]).weight.copy_(target.module.lm_head.weight)
    return made


def medusa_loss(heads: MedusaHeads, target: LanguageModel, rows: Rows, decay: float, mix: float) -> Tensor:
    """Summed over learned positions: head k's cross-entropy against the target's distribution of the token that k + 2
    places further on, given the text before it, mixed with the token itself; weighted by decayᵏ, weights adding to 1.
    """
    seen, weights = read(target, rows), _weights(len(heads), decay)
    losses = (
        weight * token_loss(_states(heads, k, seen.features[:, : -k - 1]), _output(heads, k, target), *later, mix)
        for k, (weight, later) in enumerate(zip(weights, _later(seen, len(heads)), strict=True))
    )
    return cast(Tensor, sum(losses))


def medusa_guesses(heads: MedusaHeads, target: LanguageModel, seen: Seen) -> Iterator[Tensor]:
    """Every head's likeliest tokens [R, L - k - 1]."""
    for k in range(min(len(heads), MEASURED_DEPTHS)):
        states = _states(heads, k, seen.features[:, : -k - 1])
        yield (states @ _output(heads, k, target).T).argmax(-1).view(len(seen.inputs), -1)


def _states(heads: MedusaHeads, head: int, features: Tensor) -> Tensor:
    """What an output layer makes logits of, [N, H]."""
    return _layers(heads[head])[: heads.blocks](features).flatten(0, 1)


def _output(heads: MedusaHeads, head: int, target: LanguageModel) -> Tensor:
    return target.module.lm_head.weight if heads.shared else cast(nn.Linear, _layers(heads[head])[-1]).weight


def _layers(head: nn.Module) -> nn.Sequential:
    """Residual blocks, and an output layer where heads have their own."""
    return cast(nn.Sequential, head)


# ------------------------------------------------------------------------------------------------- EAGLE


def fresh_eagle(target: LanguageModel, feed_forward: int, seed: int) -> EagleHead:
    """One layer of the target's kind; `feed_forward` is its own."""
    config = copy.deepcopy(target.config)
    config.num_hidden_layers, config.intermediate_size = 1, feed_forward
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return EagleHead(config, target.module.get_input_embeddings().embedding_dim).to(target.device)


def unrolled(head: EagleHead, embedded: Tensor, features: Tensor, steps: int) -> Iterator[Tensor]:
    """Predicted features [R, N, H], once for every depth of a draft; entry i joins feature i and token i + 1.

    At depth s + 1 (step s) the last s features that an entry builds on are the head's own: it reads the one that was
    predicted for its token a step before, and sees entry i - s and what lies before as made of true features, entry
    i - 1 as a step before, and so on. The mask picks them out of the keys of all steps so far.
    """
    positions = torch.arange(features.shape[1], device=features.device)
    behind = positions[:, None] - positions
    cache, given = DynamicCache(), features
    for step in range(steps):
        drafted = [behind == step - earlier for earlier in range(1, step + 1)]
        guessed = head(embedded, given, positions, torch.cat([behind >= step, *drafted], dim=-1), cache)
        yield guessed
        given = torch.cat([features[:, :1], guessed[:, :-1]], dim=1)  # nothing was predicted for the first


def eagle_features(head: EagleHead, target: LanguageModel, seen: Seen, steps: int) -> Iterator[Tensor]:
    """unrolled(…) on what a target has seen: [R, L - 1, H], to be compared with its features from the second on."""
    embedded = target.module.get_input_embeddings()(seen.inputs[:, 1:])
    return unrolled(head, embedded, seen.features[:, :-1], steps)


def eagle_loss(
    head: EagleHead, target: LanguageModel, rows: Rows, steps: int, decay: float, mix: float, feature_weight: float
) -> Tensor:
    """Summed over learned positions, and weighted over depths as Medusa's heads are: the cross-entropy against the
    target's next distribution, and `feature_weight` times the smooth L1 distance to its next feature (the mean over
    the feature's numbers)."""
    seen, weight = read(target, rows), target.module.lm_head.weight
    ((labels, logits),) = _later(seen, 1)
    learned, features = labels >= 0, seen.features[:, 1:].flatten(0, 1)
    total = features.new_zeros(())
    weights = _weights(steps, decay)
    for share, guessed in zip(weights, eagle_features(head, target, seen, steps), strict=True):
        guessed = guessed.flatten(0, 1)
        total += share * token_loss(guessed, weight, labels, logits, mix)
        if feature_weight:
            far = torch.nn.functional.smooth_l1_loss(guessed[learned], features[learned], reduction="sum")
            total += share * feature_weight * far / features.shape[1]
    return total


def eagle_guesses(head: EagleHead, target: LanguageModel, seen: Seen) -> Iterator[Tensor]:
    """The likeliest tokens [R, L - 1] at every depth of a draft that the text agrees with."""
    for guessed in eagle_features(head, target, seen, MEASURED_DEPTHS):
        yield target.module.lm_head(guessed).argmax(-1)


# ------------------------------------------------------------------------------------------------- both


Taught = TypeVar("Taught", bound=Heads)
Guesses = Callable[[Taught, LanguageModel, Seen], Iterator[Tensor]]


@torch.no_grad()
def agreement(heads: Taught, target: LanguageModel, rows: Rows, guesses: Guesses[Taught]) -> list[float]:
    """How often the likeliest token of each depth is the target's own likeliest there, over learned positions; the
    text before is the row's in any case."""
    right, judged = np.zeros(MEASURED_DEPTHS), np.zeros(MEASURED_DEPTHS)
    for row in range(len(rows.labels)):
        seen = read(target, Rows(*(part[row : row + 1] for part in rows)))
        for depth, guessed in enumerate(guesses(heads, target, seen)):
            learned = seen.labels[:, -guessed.shape[1] :] >= 0
            same = guessed == seen.logits[:, -guessed.shape[1] :].argmax(-1)
            right[depth] += int((same & learned).sum())
            judged[depth] += int(learned.sum())
    return [float(r / max(1, n)) for r, n in zip(right, judged, strict=True) if n]


def _weights(count: int, decay: float) -> list[float]:
    raw = [decay**index for index in range(count)]
    return [one / sum(raw) for one in raw]


def _later(seen: Seen, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Labels [N] and the target's logits [N, V] one place further on, two places, …"""
    for offset in range(1, count + 1):
        yield seen.labels[:, offset:].flatten(), seen.logits[:, offset:].flatten(0, 1)


@dataclass(frozen=True, kw_only=True)
class HeadsTraining(Training):
    """Heads for the `target` of an earlier step. They see few tokens, so their steps are small in tokens and large in
    rate, and fall for most of the way."""

    target: str
    warm_up: int = 20_000
    batch: int = 2048
    micro_batch: int = 1024
    learning_rate: float = 0.015
    decay: float = 0.8

    @property
    def falling(self) -> int:
        return self.tokens * 3 // 4 if self.cool_down is None else self.cool_down


@dataclass(frozen=True, kw_only=True)
class MedusaOptions(HeadsTraining):
    """`mix` is the share of the target's distributions beside the text's tokens.

    A block can add as much as it likes to a state, but SiLU takes away 0.28 at most: one block before a shared output
    layer can hardly unsay what the target just said, four can. They learn as fast as one block and an output layer of
    its own (Medusa's usual head), in a quarter of the bytes.
    """

    heads: int = 4
    blocks: int = 4
    shared: bool = True
    mix: float = 0.9


@dataclass(frozen=True, kw_only=True)
class EagleOptions(HeadsTraining):
    """Trained on drafts of `steps` tokens."""

    feed_forward: int | None = None
    steps: int = 3
    mix: float = 1.0
    feature_weight: float = 0.5


def make_medusa(kitchen: Kitchen, name: str, options: MedusaOptions) -> dict:
    frozen = frozen_target(kitchen, options.target)
    made = fresh_medusa(frozen, options.heads, options.blocks, options.shared)

    def loss(model: MedusaHeads, rows: Rows, random: np.random.Generator) -> Tensor:
        return medusa_loss(model, frozen, rows, options.decay, options.mix)

    return _train(kitchen, name, made, frozen, loss, medusa_guesses, options)


def make_eagle(kitchen: Kitchen, name: str, options: EagleOptions) -> dict:
    frozen = frozen_target(kitchen, options.target)
    made = fresh_eagle(frozen, options.feed_forward or frozen.config.intermediate_size, kitchen.seed(name))

    def loss(model: EagleHead, rows: Rows, random: np.random.Generator) -> Tensor:
        return eagle_loss(model, frozen, rows, options.steps, options.decay, options.mix, options.feature_weight)

    return _train(kitchen, name, made, frozen, loss, eagle_guesses, options)


def _train(
    kitchen: Kitchen,
    name: str,
    heads: Taught,
    target: LanguageModel,
    loss: Callable[[Taught, Rows, np.random.Generator], Tensor],
    guesses: Guesses[Taught],
    options: HeadsTraining,
) -> dict:
    row_length = options.row_length
    documents = kitchen.tokens(target.tokenizer)
    stream = TokenStream(kitchen.texts.mixture(options.mixture), documents, row_length, kitchen.seed(name))
    held_out = kitchen.texts.held_out_rows(target.tokenizer, min(row_length, 512), MEASURED_TOKENS)

    def measured() -> dict[str, float]:
        found = {key: agreement(heads, target, rows, guesses) for key, rows in held_out.items()}
        return {f"{key} {depth}": share for key, shares in found.items() for depth, share in enumerate(shares, 1)}

    facts = kitchen.train(name, heads, stream, loss, options, measured)
    save(copy.deepcopy(heads).to(torch.bfloat16), kitchen.folder(name))  # as the embedded models are stored
    return facts


def export(run: Path, folder: Path) -> None:
    """The finished heads of a run, as `load_heads` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "model.safetensors"):
        shutil.copy(run / name, folder)


def frozen_target(kitchen: Kitchen, step: str) -> LanguageModel:
    """The finished target, in float32, nothing of which learns."""
    module = load_run(kitchen.result(step)).to(kitchen.device).requires_grad_(False)
    return LanguageModel(step, module, kitchen.tokenizer)
