"""Draft heads: small modules that were trained on one target's hidden states, and the formats of their files.

Heads are a folder or a hub repository with a config.json and safetensors. These formats are read and written:

- Medusa heads as text-generation-inference repackages them, with FasterDecoding/Medusa's own names: head 0's residual
  block 0 is `0.0.linear.weight` and `.bias`, its output layer `0.1.weight`; without one the heads share the target's.
  A prefix `medusa_head.` may stand before them. The config has `medusa_num_heads`; the tensors tell how many.
- EAGLE-1 and EAGLE-2 heads as SafeAILab/EAGLE trains them: `fc.weight` (perhaps `fc.bias`), `layers.0.self_attn.…`,
  `layers.0.mlp.…`, `layers.0.post_attention_layernorm.weight` and no `input_layernorm`; the config is that of a Llama
  with one layer. `embed_tokens` is ignored, since it is a frozen copy of the target's. With `draft_ids` [D], the ids
  of the tokens that the head can guess, it uses only these rows of the target's output layer.

Pickled weights (`.pt`, `.bin`, in which both were first published) are refused, since opening one can execute code.
EAGLE-3 heads are not supported: they read the hidden states of several layers, which are not available here.
"""

import json
import math
import re
from pathlib import Path
from typing import Self, TypeVar

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import Cache, LlamaConfig
from transformers.models.llama.modeling_llama import LlamaDecoderLayer, LlamaRotaryEmbedding
from transformers.utils import cached_file

from specdec.device.transfer import cast
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.methods import DRAFTERS, HeadsKind, resolve
from specdec.models.accelerator import EAGER, Accelerator
from specdec.models.language_model import LanguageModel
from specdec.models.linear import quicken

BLOCK = re.compile(r"0\.(\d+)\.linear\.weight")
HEAD = re.compile(r"([0-9]{1,3})\..*")  # bounded, since a name may contain any number; there are never 1000 heads
NO_LAYER = (  # errors of an invalid config: transformers validates few of its values
    StrictDataclassError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
IDS = "draft_ids"
NEVER_READ = re.compile(r"embed_tokens\.weight|.*\.rotary_emb\.inv_freq")


class ResidualBlock(nn.Module):
    """A residual block, x + SiLU(Wx + b), [..., H] → [..., H]. With W and b zero, as at the beginning of training, it
    is the identity."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(size, size)

    def forward(self, x: Tensor) -> Tensor:
        return x + nn.functional.silu(self.linear(x))


class Heads(nn.Module):
    """Modules that were trained on one target. name: a hub id or a folder's last part, as shown in traces; longest:
    the longest chain of guesses that they can make.

    `specdec.methods` lists the kinds of heads. Each class recognises its config, reads its tensors and writes both.
    """

    name: str | None = None
    longest: float = math.inf

    @classmethod
    def recognises(cls, config: dict, named: str, has_tokenizer: bool) -> bool:
        """Whether a config.json describes heads of this class. `named`: its model type and architectures, in lower
        case."""
        raise NotImplementedError

    @classmethod
    def refuse(cls, config: dict, named: str, name: str) -> None:
        """Raises UserError for a config whose heads are not supported. It is called before their tensors are
        fetched."""

    @classmethod
    def of(cls, tensors: dict[str, Tensor], config: dict, target: LanguageModel, name: str) -> Self:
        """Heads for a target, from their tensors and config. Raises UserError for tensors that are missing or do not
        fit the target."""
        raise NotImplementedError

    def config(self) -> dict:
        """The config.json that goes with the tensors."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(p.numel() for p in self.parameters())


class MedusaHeads(Heads, nn.ModuleList):
    """Medusa heads. Head 0 guesses the token two places after that of the hidden state, head 1 the one after it, and
    so on. With `shared`, the heads compute hidden states for the target's output layer instead of logits."""

    def __init__(self, hidden_size: int, vocab_size: int, heads: int, blocks: int = 1, shared: bool = False) -> None:
        super().__init__()
        for _ in range(heads):
            output = [] if shared else [nn.Linear(hidden_size, vocab_size, bias=False)]
            self.append(nn.Sequential(*(ResidualBlock(hidden_size) for _ in range(blocks)), *output))
        self.hidden_size, self.vocab_size, self.blocks, self.shared = hidden_size, vocab_size, blocks, shared
        self.longest = heads

    @classmethod
    def recognises(cls, config: dict, named: str, has_tokenizer: bool) -> bool:
        return "medusa" in named or "medusa_num_heads" in config

    def forward(self, hidden: Tensor, output: nn.Module, count: int | None = None) -> Tensor:
        """hidden [..., H] → logits [count, ..., V] of the first heads; `output` is the target's output layer."""
        seen = torch.stack([head(hidden) for head in list(self)[:count]])
        return output(seen) if self.shared else seen

    @classmethod
    def random(
        cls, target: LanguageModel, heads: int = 3, blocks: int = 1, shared: bool = False, seed: int = 0
    ) -> Self:
        """Untrained heads that fit a target."""
        vocab_size, hidden_size = target.module.get_output_embeddings().weight.shape
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _ready(cls(hidden_size, vocab_size, heads, blocks, shared), target)

    @classmethod
    def of(cls, tensors: dict[str, Tensor], config: dict, target: LanguageModel, name: str) -> Self:
        tensors = {key.removeprefix("medusa_head."): tensor for key, tensor in tensors.items()}
        blocks = sum(BLOCK.fullmatch(key) is not None for key in tensors)
        first = _tensor(tensors, "0.0.linear.weight", name)
        output = _tensor(tensors, key, name) if (key := f"0.{blocks}.weight") in tensors else None
        _check_hidden(first.shape[-1], target, name)
        if output is not None:
            _check_vocabulary(len(output), target, name)
        heads = 1 + max(int(found[1]) for found in map(HEAD.fullmatch, tensors) if found)
        with torch.device("meta"):  # no time is spent on initializing weights that are replaced at once
            made = cls(first.shape[-1], target.vocab_size, heads, blocks, shared=output is None)
        return _filled(made, tensors, target, name)

    def config(self) -> dict:
        sizes = {"hidden_size": self.hidden_size, "vocab_size": self.vocab_size}
        return {"model_type": "medusa", "medusa_num_heads": len(self), "medusa_num_layers": self.blocks, **sizes}


class EagleHead(Heads):
    """An EAGLE head: one Llama layer that predicts the target's feature of a token from the feature of the token
    before it and its own embedding. `accelerator` runs its short passes.

    draft_ids [D]: the ids of the tokens that it can guess (a draft vocabulary: Zhao et al. 2025, FR-Spec); None: all.
    A guess then costs a product with D rows of the output layer, and the probability of all other tokens is 0.
    """

    accelerator: Accelerator = EAGER

    draft_ids: Tensor | None

    def __init__(
        self, config: LlamaConfig, embedding_size: int, bias: bool = True, draft_ids: Tensor | None = None
    ) -> None:
        super().__init__()
        config._attn_implementation = "sdpa"
        self.llama = config
        self.fc = nn.Linear(embedding_size + config.hidden_size, config.hidden_size, bias=bias)
        layer = LlamaDecoderLayer(config, layer_idx=0)
        layer.input_layernorm = nn.Identity()  # EAGLE's layer reads the output of fc without a norm
        self.layers = nn.ModuleList([layer])
        self.rotary = LlamaRotaryEmbedding(config)
        self.register_buffer("draft_ids", draft_ids)
        self._outputs: list[nn.Linear] = []  # not a module of the head: its rows are the target's

    @classmethod
    def recognises(cls, config: dict, named: str, has_tokenizer: bool) -> bool:
        """The authors' configs are those of a Llama with one layer; unlike draft models, they have no tokenizer."""
        alone = config.get("num_hidden_layers") == 1 and not has_tokenizer
        return "eagle" in named or "draft_vocab_size" in config or alone

    @classmethod
    def refuse(cls, config: dict, named: str, name: str) -> None:
        if "eagle3" in named or "draft_vocab_size" in config:
            raise UserError("errors.heads_eagle3", value=name)

    def forward(
        self, embedded: Tensor, features: Tensor, positions: Tensor, mask: Tensor, cache: Cache | None = None
    ) -> Tensor:
        """Predict features: embedded [T, E], the embeddings of the next tokens, features [T, H], positions [T] and
        mask [T, L] bool → features [T, H]. Also takes a batch [R, T, …] with common positions and mask."""
        mixed = self.fc(torch.cat([embedded, features], dim=-1))
        rows = mixed.view(-1, *mixed.shape[-2:])
        turns = self.rotary(rows, positions[None])
        (layer,) = self.layers
        made = layer(rows, attention_mask=mask[None, None], cache=cache, position_embeddings=turns)
        return made.view_as(mixed)

    def output_layer(self, whole: nn.Linear) -> nn.Linear:
        """The layer that computes the head's logits [..., D] from its features: the rows of the target's output layer
        for the draft vocabulary, or the target's whole layer."""
        if self.draft_ids is None:
            return whole
        if not (self._outputs and self._outputs[0].weight.dtype == whole.weight.dtype):
            with torch.device("meta"):
                short = nn.Linear(whole.in_features, len(self.draft_ids), bias=whole.bias is not None)
            rows = {name: weight.detach()[self.draft_ids] for name, weight in whole.named_parameters()}
            short.load_state_dict(rows, assign=True)
            self._outputs[:] = [quicken(short.eval().requires_grad_(False))]
        return self._outputs[0]

    def spread(self, logits: Tensor) -> Tensor:
        """Logits [..., D] of the draft vocabulary as logits [..., V] of all tokens, -inf for those outside of it."""
        if self.draft_ids is None:
            return logits
        wide = logits.new_full((*logits.shape[:-1], self.llama.vocab_size), -torch.inf)
        return wide.index_copy(-1, self.draft_ids, logits)

    def entries(self, ids: Tensor) -> Tensor:
        """The places of token ids in the draft vocabulary, -1 for those outside of it and for negative ids."""
        if self.draft_ids is None:
            return ids
        places = ids.new_full((self.llama.vocab_size + 1,), -1)  # the last one is for negative ids
        places[self.draft_ids] = torch.arange(len(self.draft_ids), device=ids.device)
        return places[ids.clamp(min=-1)]

    @classmethod
    def random(cls, target: LanguageModel, seed: int = 0, draft_ids: Tensor | None = None) -> Self:
        """An untrained head that fits a target."""
        vocab_size, hidden_size = target.module.get_output_embeddings().weight.shape
        config = LlamaConfig(
            vocab_size=vocab_size,
            hidden_size=hidden_size,
            intermediate_size=2 * hidden_size,
            num_hidden_layers=1,
            num_attention_heads=math.gcd(hidden_size, target.config.num_attention_heads),
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _ready(cls(config, _embedding_size(target), draft_ids=draft_ids), target)

    @classmethod
    def of(cls, tensors: dict[str, Tensor], config: dict, target: LanguageModel, name: str) -> Self:
        tensors = {key: tensor for key, tensor in tensors.items() if not NEVER_READ.fullmatch(key)}
        if "d2t" in tensors or any(key.startswith("midlayer.") for key in tensors):
            raise UserError("errors.heads_eagle3", value=name)
        hidden_size, read = _tensor(tensors, "fc.weight", name).shape
        _check_hidden(hidden_size, target, name)
        _check_hidden(read - _embedding_size(target), target, name)
        _check_vocabulary(config.get("vocab_size", target.vocab_size), target, name)
        attention = "layers.0.self_attn.{}_proj.bias".format
        biased = attention("q") in tensors
        if biased:  # Qwen2's layers have biases for q, k and v; a Llama layer also expects one for o
            tensors.setdefault(attention("o"), torch.zeros(hidden_size))
        try:
            llama = LlamaConfig.from_dict({**config, "attention_bias": biased})
            draft_ids = _checked_ids(tensors["draft_ids"], target, name) if "draft_ids" in tensors else None
            with torch.device("meta"):  # nothing is allocated before the tensors confirm the sizes of the config
                made = cls(llama, _embedding_size(target), bias="fc.bias" in tensors)
            made.draft_ids = draft_ids
            _check_tensors(made, tensors, name)
            made.rotary = LlamaRotaryEmbedding(llama)
        except NO_LAYER as error:
            why = (str(error).strip() or type(error).__name__).splitlines()[-1]
            raise _broken(name, why.strip().rstrip(".")) from None
        return _filled(made, tensors, target, name)

    def config(self) -> dict:
        described = {**self.llama.to_diff_dict(), "num_hidden_layers": 1, "bias": self.fc.bias is not None}
        return {**described, "model_type": "eagle", "architectures": ["EagleHead"]}


def kind(source: str) -> str | None:
    """The kind of heads that the config.json of a folder or hub id describes; None for a model, or without such a
    file.
    """
    if (file := _file(source, "config.json")) is None:
        return None
    config = _json(file, source)
    named = _named(config, source) + str(config.get("speculators_model_type", ""))
    has_tokenizer = _file(source, "tokenizer_config.json") is not None
    found = (one for one in kinds() if resolve(one.code).recognises(config, named, has_tokenizer))
    return next((one.name for one in found), None)


def kinds() -> list[HeadsKind]:
    """The kinds of heads that the drafters use."""
    return list(dict.fromkeys(method.heads for method in DRAFTERS.values() if method.heads))


def load_heads(source: str, target: LanguageModel) -> Heads:
    """Heads for a target from a folder or hub id, on its device and in its number format. Raises UserError for files
    that cannot be read or do not fit the target."""
    name, found = _name(source), kind(source)
    if found is None or (file := _file(source, "config.json")) is None:
        known = ", ".join(one.name for one in kinds())
        raise UserError("errors.heads_unknown", value=name, kinds=known)
    reader = next(resolve(one.code) for one in kinds() if one.name == found)
    config = _json(file, source)
    reader.refuse(config, _named(config, source), name)
    if "speculators_model_type" in config or isinstance(config.get("model"), dict):
        raise UserError("errors.heads_packaging", value=name)
    return reader.of(_tensors(source), config, target, name)


def save(heads: Heads, folder: str | Path) -> None:
    """Write heads to a folder in the format that `load_heads` reads."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(heads.config(), indent=2) + "\n", encoding="utf-8")
    tensors = {key: tensor.detach().cpu().contiguous() for key, tensor in heads.state_dict().items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _file(source: str, name: str) -> str | None:
    quiet = {"_raise_exceptions_for_missing_entries": False, "_raise_exceptions_for_connection_errors": False}
    try:
        return cached_file(source, name, **quiet)
    except (OSError, ValueError):  # no such repository, or not a valid repository name
        return None


def _json(file: str, source: str) -> dict:
    try:
        config = json.loads(Path(file).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise _broken(_name(source), first_line(error)) from None
    if not isinstance(config, dict):
        raise _broken(_name(source), "config.json")
    return config


def _named(config: dict, source: str) -> str:
    """A config's model type and architectures, joined and in lower case."""
    model_type, classes = config.get("model_type") or "", config.get("architectures") or []
    if not isinstance(classes, list) or not all(isinstance(one, str) for one in [model_type, *classes]):
        raise _broken(_name(source), "config.json: model_type, architectures")
    return " ".join([model_type, *classes]).lower()


def _tensors(source: str) -> dict[str, Tensor]:
    """The tensors of all safetensors files of a folder or hub id."""
    try:
        folder = source if Path(source).is_dir() else snapshot_download(source, allow_patterns=["*.safetensors"])
        files = sorted(Path(folder).glob("*.safetensors"))
        if not files:
            raise UserError("errors.heads_pickled", value=_name(source))
        return {key: tensor for file in files for key, tensor in load_file(file).items()}
    except (OSError, SafetensorError) as error:
        raise _broken(_name(source), first_line(error)) from None


Made = TypeVar("Made", bound=Heads)


def _filled(heads: Made, tensors: dict[str, Tensor], target: LanguageModel, name: str) -> Made:
    _check_tensors(heads, tensors, name)
    heads.load_state_dict(tensors, assign=True)
    heads.name = name
    return _ready(heads, target)


def _check_tensors(heads: Heads, tensors: dict[str, Tensor], name: str) -> None:
    expected = {key: tensor.shape for key, tensor in heads.state_dict().items()}
    found = {key: tensor.shape for key, tensor in tensors.items()}
    if strange := sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key)):
        raise _broken(name, Message("errors.why_heads_tensor", tensor=repr(strange[0])))
    if whole := sorted(key for key, tensor in tensors.items() if not (tensor.is_floating_point() or key == IDS)):
        dtype = str(tensors[whole[0]].dtype).removeprefix("torch.")
        raise _broken(name, Message("errors.why_heads_dtype", tensor=repr(whole[0]), dtype=dtype))


def _ready(heads: Made, target: LanguageModel) -> Made:
    return quicken(cast(heads.to(target.device), target.module.dtype).eval())


def _tensor(tensors: dict[str, Tensor], key: str, name: str) -> Tensor:
    if key not in tensors or tensors[key].dim() != 2:
        raise _broken(name, Message("errors.why_heads_tensor", tensor=repr(key)))
    return tensors[key]


def _checked_ids(ids: Tensor, target: LanguageModel, name: str) -> Tensor:
    """The ids of a draft vocabulary, int64. Raises UserError unless they are different tokens of the target."""
    is_list = ids.dim() == 1 and len(ids) and not ids.is_floating_point() and not ids.is_complex()
    if not is_list or ids.min() < 0 or ids.max() >= target.vocab_size or len(ids.unique()) < len(ids):
        raise _broken(name, Message("errors.why_heads_tensor", tensor=repr(IDS)))
    return ids.long()


def _check_hidden(size: int, target: LanguageModel, name: str) -> None:
    hidden_size = target.module.get_output_embeddings().weight.shape[1]
    if size != hidden_size:
        sizes = {"size": f"{size:,}", "hidden": f"{hidden_size:,}"}
        raise UserError("errors.heads_hidden", value=name, target=target.name, **sizes)


def _check_vocabulary(size: int, target: LanguageModel, name: str) -> None:
    if type(size) is not int:  # a config may hold anything
        raise _broken(name, "config.json: vocab_size")
    if size != target.vocab_size:
        sizes = {"size": f"{size:,}", "vocabulary": f"{target.vocab_size:,}"}
        raise UserError("errors.heads_vocabulary", value=name, target=target.name, **sizes)


def _embedding_size(target: LanguageModel) -> int:
    return target.module.get_input_embeddings().weight.shape[1]


def _broken(name: str, why: str | Message) -> UserError:
    return UserError("errors.heads_broken", value=name, why=why)


def _name(source: str) -> str:
    return Path(source).name if Path(source).is_dir() else source
