"""A small T5: its shape, its weights at the start, its loss on rows that hold several passages each.

T5 keeps two scales inside its weights: what makes the queries is stored already divided by √(head width), and the
embeddings √(width) times as large as what reads out the logits. One learning rate cannot suit matrices of such
different sizes, so while a model trains both scales stand outside, as in other transformers; `fold` puts them where T5
expects them. A folded model computes the same.
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

SPREAD = 0.02  # of all matrices at the start; Muon soon makes them as large as they need to be


@dataclass(frozen=True)
class Shape:
    """T5's dimensions. The encoder reads once, and every round pays for the decoder: drafting gains by a deep one."""

    encoder_layers: int = 3
    decoder_layers: int = 8
    width: int = 256
    head_width: int = 64

    @property
    def feed_forward(self) -> int:
        """A gated layer of twice the width has the 6 · width² weights of a plain one of three times the width."""
        return 2 * self.width


def build_translator(shape: Shape, tokenizer: PreTrainedTokenizerFast, seed: int) -> T5ForConditionalGeneration:
    """A fresh model with its scales outside the weights, ready to be trained."""
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
    """Says that the weights are without their scales."""
    for attention in _attentions(model):
        attention.scaling = attention.key_value_proj_dim**-0.5
    return model


@torch.no_grad()
def fold(model: T5ForConditionalGeneration) -> T5ForConditionalGeneration:
    """Puts the scales into the weights, in place: now it is a T5 like any other, and no longer one to train here."""
    for attention in _attentions(model):
        attention.q.weight.mul_(attention.scaling)
        attention.scaling = 1.0
    model.shared.weight.mul_(math.sqrt(model.config.d_model))
    return model


@torch.no_grad()
def start_from(model: T5ForConditionalGeneration, seed: T5ForConditionalGeneration) -> None:
    """Take over another's weights (both unfolded): with more layers its stack over and over (Gong et al. 2019), with
    fewer its first ones. Both have the same width and vocabulary."""
    for name in ("encoder", "decoder"):
        mine, its = getattr(model, name), getattr(seed, name)
        mine.final_layer_norm.load_state_dict(its.final_layer_norm.state_dict())
        for index, block in enumerate(mine.block):
            block.load_state_dict(its.block[index % len(its.block)].state_dict(), strict=index % len(its.block) > 0)
    model.shared.load_state_dict(seed.shared.state_dict())


def decoder_states(model: T5ForConditionalGeneration, rows: PairRows) -> Tensor:
    """[R, T, H] of an unfolded model; times the table of embeddings they are the logits.

    A passage attends only to itself: to its source in both directions, to its output causally. T5's positions are
    relative, so a passage that follows another in its row is read as it would be alone.
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
    """Summed loss in nats over the learned positions; `mix` is the share of the teacher's distributions."""
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
    """The model of a run's last checkpoint as it trained, in float32: to start from, or to learn from."""
    if not (run / "config.json").is_file():
        raise UserError("train.no_run", folder=run)
    model = T5ForConditionalGeneration(T5Config.from_pretrained(run))
    checkpoint.load_weights(run, model)
    return _unfolded(model).eval()


def load_translator(run: Path) -> T5ForConditionalGeneration:
    """The model of a run's last checkpoint as a plain T5, in float32."""
    return fold(load_unfolded(run))


def export_translator(run: Path, folder: Path) -> None:
    """A model folder that `AutoModelForSeq2SeqLM` and `AutoTokenizer` load; weights are bfloat16, to be computed with
    in float32, as in the other embedded models."""
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
