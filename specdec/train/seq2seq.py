"""A small T5: its dimensions, its initialization, and its loss on rows of several packed passages.

T5 stores two scaling factors inside its weights: the query projection is already divided by √(head width), and the
embeddings are √(width) times as large as the output layer that they are tied to. One learning rate cannot suit
matrices of such different scales, so a model is trained "unfolded", with explicit scaling factors as in other
transformers. `fold` multiplies them into the weights, as T5 expects; the result computes the same function.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import GenerationConfig, PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5Attention

from specdec.errors import UserError
from specdec.train import checkpoint
from specdec.train.loss import token_loss
from specdec.train.parallel_corpora import PairRows
from specdec.train.tokenizer import load_tokenizer, save_tokenizer

SPREAD = 0.02  # initial standard deviation of all matrices; Muon soon sets their scale


@dataclass(frozen=True)
class Shape:
    """T5's dimensions. The encoder runs once per text and the decoder in every round, so speculation gains more from a
    deep decoder."""

    encoder_layers: int = 3
    decoder_layers: int = 8
    width: int = 256
    head_width: int = 64

    @property
    def feed_forward(self) -> int:
        """The inner width of the gated feed-forward layers: with 6 · width² weights they are as large as ungated ones
        of three times the width."""
        return 2 * self.width


def build_translator(shape: Shape, tokenizer: PreTrainedTokenizerFast, seed: int) -> T5ForConditionalGeneration:
    """An unfolded model with random weights. Raises UserError if the width is no multiple of the head width."""
    if shape.width % shape.head_width:
        raise UserError("train.width", width=shape.width, head_width=shape.head_width)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=shape.width,
        d_kv=shape.head_width,
        d_ff=shape.feed_forward,
        num_layers=shape.encoder_layers,
        num_decoder_layers=shape.decoder_layers,
        num_heads=shape.width // shape.head_width,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.0,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
    )
    model = T5ForConditionalGeneration(config)
    torch.manual_seed(seed)
    for parameter in model.parameters():
        if parameter.ndim == 2:
            nn.init.normal_(parameter, std=SPREAD)
    return _unfolded(model)


def _attentions(model: T5ForConditionalGeneration) -> list[T5Attention]:
    return [module for module in model.modules() if isinstance(module, T5Attention)]


def _unfolded(model: T5ForConditionalGeneration) -> T5ForConditionalGeneration:
    """Mark the weights as unfolded: attention applies the scaling factor."""
    for attention in _attentions(model):
        attention.scaling = attention.key_value_proj_dim**-0.5
    return model


@torch.no_grad()
def fold(model: T5ForConditionalGeneration) -> T5ForConditionalGeneration:
    """Multiply the scaling factors into the weights, in place. The result is an ordinary T5; it cannot be trained here
    any more."""
    for attention in _attentions(model):
        attention.q.weight.mul_(attention.scaling)
        attention.scaling = 1.0
    model.shared.weight.mul_(math.sqrt(model.config.d_model))
    return model


@torch.no_grad()
def start_from(model: T5ForConditionalGeneration, seed: T5ForConditionalGeneration) -> None:
    """Copy the weights of another unfolded model of the same width and vocabulary. A deeper model repeats its stack of
    layers (Gong et al. 2019), a shallower one takes its first layers."""
    for name in ("encoder", "decoder"):
        stack, other = getattr(model, name), getattr(seed, name)
        stack.final_layer_norm.load_state_dict(other.final_layer_norm.state_dict())
        for index, block in enumerate(stack.block):
            place = index % len(other.block)
            block.load_state_dict(other.block[place].state_dict(), strict=place > 0)
    model.shared.load_state_dict(seed.shared.state_dict())


def decoder_states(model: T5ForConditionalGeneration, rows: PairRows) -> Tensor:
    """The decoder's final hidden states [R, T, H] of an unfolded model. Logits are their products with the embeddings.

    A passage attends only to itself: to all of its source, and causally to its output. T5's positions are relative, so
    the place of a passage in its row makes no difference.
    """
    source, source_part, inputs, part = (torch.as_tensor(x, device=model.device) for x in rows[:4])
    used = max(1, int(source_part.amax(0).count_nonzero()))
    source, source_part = source[:, :used], source_part[:, :used].unsqueeze(1)
    own, scale = part.unsqueeze(2), math.sqrt(model.config.d_model)
    before = torch.ones(2 * [inputs.shape[1]], dtype=torch.bool, device=model.device).tril()
    encoded = model.encoder(
        inputs_embeds=scale * model.shared(source), attention_mask=(source_part.mT == source_part)[:, None]
    )
    decoded = model.decoder(
        inputs_embeds=scale * model.shared(inputs),
        attention_mask=((own == own.mT) & before)[:, None],
        encoder_hidden_states=encoded.last_hidden_state,
        encoder_attention_mask=(own == source_part)[:, None],
        use_cache=False,
    )
    return decoded.last_hidden_state


def rows_loss(
    model: T5ForConditionalGeneration,
    rows: PairRows,
    teacher: T5ForConditionalGeneration | None = None,
    mix: float = 0.0,
) -> Tensor:
    """The loss in nats, summed over learned positions; `mix` is the weight of the teacher's distributions."""
    labels = torch.as_tensor(rows.labels, device=model.device).flatten()
    hidden, logits = decoder_states(model, rows).flatten(0, 1), None
    if teacher is not None:
        with torch.no_grad():
            logits = decoder_states(teacher, rows).flatten(0, 1) @ teacher.shared.weight.T
    return token_loss(hidden, model.shared.weight, labels, logits, mix)


@torch.no_grad()
def measure(model: T5ForConditionalGeneration, rows: PairRows, at_once: int = 16) -> float:
    """Mean cross-entropy in nats per learned token."""
    parts = (PairRows(*(x[start : start + at_once] for x in rows)) for start in range(0, len(rows.labels), at_once))
    total = sum(rows_loss(model, part).item() for part in parts)
    return total / max(1, int((rows.labels >= 0).sum()))


def load_unfolded(run: Path) -> T5ForConditionalGeneration:
    """The unfolded model of a run's last checkpoint, in float32. Raises UserError for a folder that is no run."""
    if not (run / "config.json").is_file():
        raise UserError("train.no_run", folder=run)
    model = T5ForConditionalGeneration(T5Config.from_pretrained(run))
    checkpoint.load_weights(run, model)
    return _unfolded(model).eval()


def load_translator(run: Path) -> T5ForConditionalGeneration:
    """The model of a run's last checkpoint as an ordinary T5, in float32."""
    return fold(load_unfolded(run))


def export_translator(run: Path, folder: Path) -> None:
    """Write a model folder for `AutoModelForSeq2SeqLM` and `AutoTokenizer`. Weights are stored in bfloat16 and
    computed with in float32, as in the other embedded models."""
    model, tokenizer = load_translator(run), load_tokenizer(run)
    model.generation_config = GenerationConfig(
        decoder_start_token_id=model.config.decoder_start_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model.to(torch.bfloat16).save_pretrained(folder)
    model.config.dtype = torch.float32
    model.config.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)
