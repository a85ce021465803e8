"""Training of draft heads on a frozen target: Medusa heads, each of which predicts a token further ahead (Cai et al.
2024), and EAGLE heads, which predict the target's next feature (Li et al. 2024).

A feature is the target's hidden state after its last norm, the input of its output layer. The heads are distilled from
the target's distributions. In a draft an EAGLE head reads its own predictions from the second token on, so it is
trained in the same way (training-time test: Zhang et al. 2024, HASS; Li et al. 2025, EAGLE-3).
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

MEASURED_TOKENS = 4096  # of each held-out set; measuring costs as much as training on four times as many
MEASURED_DEPTHS = 4


class Seen(NamedTuple):
    """Rows of token ids, inputs and labels [R, L], with the target's features [R, L, H] and logits [R, L, V]."""

    inputs: Tensor
    labels: Tensor
    features: Tensor
    logits: Tensor


@torch.no_grad()
def read(target: LanguageModel, rows: Rows, output: nn.Module | None = None) -> Seen:
    """The target's features of rows, and logits by its output layer or another one, such as that of a draft
    vocabulary."""
    inputs, labels = (torch.as_tensor(part, device=target.device) for part in rows)
    features, _ = hidden_states(target.module, inputs)
    return Seen(inputs, labels, features, (output or target.module.lm_head)(features))


# ------------------------------------------------------------------------------------------------- Medusa


def fresh_medusa(target: LanguageModel, heads: int, blocks: int, shared: bool) -> MedusaHeads:
    """Initial Medusa heads, which repeat the target's last prediction: the residual blocks are zero, and output layers
    of their own are copies of the target's."""
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
    """The loss summed over learned positions and over heads, head k weighted by decayᵏ (the weights sum to 1). The
    loss of head k is its cross-entropy against the target's distribution of the token k + 2 positions later, mixed
    with that of the token itself.
    """
    seen, weights = read(target, rows), _weights(len(heads), decay)
    losses = (
        weight * token_loss(_states(heads, k, seen.features[:, : -k - 1]), _output(heads, k, target), *later, mix)
        for k, (weight, later) in enumerate(zip(weights, _later(seen, len(heads)), strict=True))
    )
    return cast(Tensor, sum(losses))


def medusa_guesses(heads: MedusaHeads, target: LanguageModel, seen: Seen) -> Iterator[Tensor]:
    """The most likely tokens [R, L - k - 1] of each head k."""
    for k in range(min(len(heads), MEASURED_DEPTHS)):
        states = _states(heads, k, seen.features[:, : -k - 1])
        yield (states @ _output(heads, k, target).T).argmax(-1).view(len(seen.inputs), -1)


def _states(heads: MedusaHeads, head: int, features: Tensor) -> Tensor:
    """The inputs of a head's output layer, [N, H]."""
    return _layers(heads[head])[: heads.blocks](features).flatten(0, 1)


def _output(heads: MedusaHeads, head: int, target: LanguageModel) -> Tensor:
    return target.module.lm_head.weight if heads.shared else cast(nn.Linear, _layers(heads[head])[-1]).weight


def _layers(head: nn.Module) -> nn.Sequential:
    """The layers of a head: residual blocks, then its output layer if it has one of its own."""
    return cast(nn.Sequential, head)


# ------------------------------------------------------------------------------------------------- EAGLE


def fresh_eagle(target: LanguageModel, feed_forward: int, seed: int, draft_ids: Tensor | None = None) -> EagleHead:
    """An initial EAGLE head: one layer with the target's dimensions, except for the inner width `feed_forward`."""
    config = copy.deepcopy(target.config)
    config.num_hidden_layers, config.intermediate_size = 1, feed_forward
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        head = EagleHead(config, target.module.get_input_embeddings().embedding_dim, draft_ids=draft_ids)
        return head.to(target.device)


def unrolled(head: EagleHead, embedded: Tensor, features: Tensor, steps: int) -> Iterator[Tensor]:
    """The predicted features [R, N, H] for each depth of a draft. Entry i combines feature i and token i + 1.

    In step s the draft has s tokens already, so the last s features before an entry are predictions: the entry's
    input is the feature predicted in step s - 1, and it attends to the key of entry i - 1 from step s - 1, of entry
    i - 2 from step s - 2, …, and to the keys made from true features (step 0) up to entry i - s. The cache holds the
    keys of all steps, and the mask selects among them.
    """
    positions = torch.arange(features.shape[1], device=features.device)
    distance = positions[:, None] - positions
    cache, given = DynamicCache(), features
    for step in range(steps):
        drafted = [distance == step - earlier for earlier in range(1, step + 1)]
        guessed = head(embedded, given, positions, torch.cat([distance >= step, *drafted], dim=-1), cache)
        yield guessed
        given = torch.cat([features[:, :1], guessed[:, :-1]], dim=1)  # there is no prediction for the first


def eagle_features(head: EagleHead, target: LanguageModel, seen: Seen, steps: int) -> Iterator[Tensor]:
    """`unrolled` on the target's features: predictions [R, L - 1, H] of its features from the second on."""
    embedded = target.module.get_input_embeddings()(seen.inputs[:, 1:])
    return unrolled(head, embedded, seen.features[:, :-1], steps)


def eagle_loss(
    head: EagleHead, target: LanguageModel, rows: Rows, steps: int, decay: float, mix: float, feature_weight: float
) -> Tensor:
    """The loss summed over learned positions and over depths, which are weighted as Medusa's heads are: the
    cross-entropy against the target's next distribution, plus `feature_weight` times the smooth L1 distance to its
    next feature (averaged over the H elements)."""
    output = head.output_layer(target.module.lm_head)
    seen, weight = read(target, rows, output), output.weight
    ((labels, logits),) = _later(seen, 1)
    learned, features = labels >= 0, seen.features[:, 1:].flatten(0, 1)
    labels = head.entries(labels)
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
    """The most likely tokens [R, L - 1] for each depth of a draft, all of whose earlier tokens are those of the
    text."""
    for guessed in eagle_features(head, target, seen, MEASURED_DEPTHS):
        yield head.spread(head.output_layer(target.module.lm_head)(guessed)).argmax(-1)


# ------------------------------------------------------------------------------------------------- both


Taught = TypeVar("Taught", bound=Heads)
Guesses = Callable[[Taught, LanguageModel, Seen], Iterator[Tensor]]


@torch.no_grad()
def agreement(heads: Taught, target: LanguageModel, rows: Rows, guesses: Guesses[Taught]) -> list[float]:
    """For each depth, the share of learned positions at which the heads' most likely token is the target's. The text
    before a position is that of the row at every depth."""
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
    """The labels [N] and the target's logits [N, V] one position later, two positions later, …"""
    for offset in range(1, count + 1):
        yield seen.labels[:, offset:].flatten(), seen.logits[:, offset:].flatten(0, 1)


@dataclass(frozen=True, kw_only=True)
class HeadsTraining(Training):
    """target: the step whose model the heads are trained on. Heads are trained on few tokens, so batches are small,
    learning rates high, and the rate decays over most of the schedule."""

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
    """mix: the weight of the target's distributions against the tokens of the text.

    SiLU is at least -0.28, so a block can add much to a hidden state but subtract little. One block before a shared
    output layer can hardly suppress the token that the target has just predicted; four blocks can. They learn as fast
    as Medusa's usual head, one block and an output layer of its own, in a quarter of the size.
    """

    heads: int = 4
    blocks: int = 4
    shared: bool = True
    mix: float = 0.9


@dataclass(frozen=True, kw_only=True)
class EagleOptions(HeadsTraining):
    """steps: the depth of the drafts in training; feed_forward: the inner width of the layer, None for the target's;
    mix: as for Medusa heads; feature_weight: the weight of the distance between features."""

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
    save_head(heads, kitchen.folder(name))
    return facts


def save_head(heads: Heads, folder: Path) -> None:
    """Write heads in bfloat16, as the embedded models are stored."""
    save(copy.deepcopy(heads).to(torch.bfloat16), folder)


def export(run: Path, folder: Path) -> None:
    """Copy the finished heads of a run to a folder that `load_heads` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "model.safetensors"):
        shutil.copy(run / name, folder)


def frozen_target(kitchen: Kitchen, step: str) -> LanguageModel:
    """The target of a finished step, in float32, with all weights frozen. Raises UserError if it is not finished."""
    module = load_run(kitchen.result(step)).to(kitchen.device).requires_grad_(False)
    return LanguageModel(step, module, kitchen.tokenizer)
