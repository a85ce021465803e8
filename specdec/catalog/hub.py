"""Public models of the Hugging Face hub, heads, and pairs of them, as data. Torch-free.

Configurations are the published ones, as far as they shape a model, in the keywords of transformers:
`AutoConfig.for_model(**config)` is a model of that shape; those of heads are as `specdec.models.heads` writes them.
Parameters and memory are computed from them.
"""

from dataclasses import dataclass, field
from typing import Any

CONTEXT = 4096  # tokens that keys and values are counted for
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}  # of a number


@dataclass(frozen=True, slots=True)
class HubModel:
    """`dtype`: the number format that the weights are published in; `gated`: terms must be accepted on its page."""

    id: str
    licence: str
    gated: bool
    dtype: str
    config: dict[str, Any]

    @property
    def parameters(self) -> int:
        """Counted as PyTorch counts them: a matrix that is shared is one."""
        return COUNTS.get(self.config["model_type"], _llama)(self.config)

    def memory(self, dtype: str) -> int:
        """Bytes of the weights, and of the keys and values of CONTEXT tokens (or as many as it takes), in a number
        format. What a pass needs besides is small and not counted."""
        length = min(CONTEXT, self.config.get("max_position_embeddings", CONTEXT))
        return (self.parameters + length * _kept(self.config)) * BYTES[dtype]


@dataclass(frozen=True, slots=True)
class HubPair:
    """Hub ids of a target and of its draft model, or of heads by their kind; `drafter`: what the pair is for, where it
    is neither."""

    name: str
    target: str
    draft: str | None = None
    heads: dict[str, str] = field(default_factory=dict)
    drafter: str | None = None


def _llama(config: dict[str, Any]) -> int:
    """Llama and what is built like it: Mistral, Qwen2 (biases on q, k, v), Qwen3 (norms of q and k)."""
    size, heads = config["hidden_size"], config["num_attention_heads"]
    head = config.get("head_dim", size // heads)
    queries, keys = heads * head, config["num_key_value_heads"] * head
    own = {"qwen2": queries + 2 * keys, "qwen3": 2 * head}.get(config["model_type"], 0)
    layer = 2 * size * (queries + keys) + 3 * size * config["intermediate_size"] + 2 * size + own
    layers = config["num_hidden_layers"] * layer
    if config["model_type"] == "eagle":  # one norm less, and a layer that mixes; the target's embeddings
        return layers - size + 2 * size * size + size
    return config["vocab_size"] * size * (1 if config["tie_word_embeddings"] else 2) + layers + size


def _opt(config: dict[str, Any]) -> int:
    size, inner = config["hidden_size"], config["ffn_dim"]
    layer = 4 * size * (size + 1) + 2 * size * inner + inner + size + 4 * size
    places = config["max_position_embeddings"] + 2  # the first two are never used
    return (config["vocab_size"] + places) * size + config["num_hidden_layers"] * layer + 2 * size


def _t5(config: dict[str, Any]) -> int:
    """T5 1.1: a gated inner layer, and an output layer of its own."""
    size, inner = config["d_model"], config["num_heads"] * config["d_kv"]
    attention, feed = 4 * size * inner + size, 3 * size * config["d_ff"] + size
    layers = config["num_layers"] * (attention + feed) + config["num_decoder_layers"] * (2 * attention + feed)
    distances = 2 * config["relative_attention_num_buckets"] * config["num_heads"]
    return 2 * config["vocab_size"] * size + layers + distances + 2 * size


def _medusa(config: dict[str, Any]) -> int:
    """Residual blocks, and an output layer for each head."""
    size = config["hidden_size"]
    return config["medusa_num_heads"] * size * (config["medusa_num_layers"] * (size + 1) + config["vocab_size"])


COUNTS = {"opt": _opt, "t5": _t5, "medusa": _medusa}


def _kept(config: dict[str, Any]) -> int:
    """Numbers that are kept of a token: its key and its value in every layer. An encoder–decoder keeps those of the
    tokens that it writes, and those of the tokens that it reads; Medusa heads keep nothing."""
    if config["model_type"] == "medusa":
        return 0
    if config["model_type"] == "t5":
        return 2 * 2 * config["num_decoder_layers"] * config["num_heads"] * config["d_kv"]
    heads = config["num_attention_heads"]
    head = config.get("head_dim", config["hidden_size"] // heads)
    return 2 * config["num_hidden_layers"] * config.get("num_key_value_heads", heads) * head


def _qwen3(tied: bool, **sizes: int) -> dict[str, Any]:
    shared = {"head_dim": 128, "num_key_value_heads": 8, "vocab_size": 151_936, "max_position_embeddings": 40_960}
    rest = {"tie_word_embeddings": tied, "rms_norm_eps": 1e-6, "rope_theta": 1e6}
    return {"model_type": "qwen3", **sizes, **shared, **rest}


def _qwen25(tied: bool, **sizes: int) -> dict[str, Any]:
    rest = {"tie_word_embeddings": tied, "rms_norm_eps": 1e-6, "rope_theta": 1e6, "max_position_embeddings": 32_768}
    return {"model_type": "qwen2", **sizes, **rest}


def _smollm2(rope_theta: float, **sizes: int) -> dict[str, Any]:
    rest = {"tie_word_embeddings": True, "rms_norm_eps": 1e-5, "max_position_embeddings": 8192}
    return {"model_type": "llama", **sizes, "vocab_size": 49_152, "rope_theta": rope_theta, **rest}


def _llama3(tied: bool, factor: float, **sizes: int) -> dict[str, Any]:
    """Llama 3.1 and 3.2: a context of 8,192 tokens stretched to 131,072."""
    stretched = {"rope_type": "llama3", "rope_theta": 5e5, "factor": factor, "original_max_position_embeddings": 8192}
    stretched |= {"low_freq_factor": 1.0, "high_freq_factor": 4.0}
    shared = {"num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128_256}
    rest = {"tie_word_embeddings": tied, "rms_norm_eps": 1e-5, "max_position_embeddings": 131_072}
    return {"model_type": "llama", **sizes, **shared, **rest, "rope_parameters": stretched}


def _opts(size: int, layers: int, heads: int) -> dict[str, Any]:
    sizes = {"hidden_size": size, "word_embed_proj_dim": size, "ffn_dim": 4 * size, "num_hidden_layers": layers}
    rest = {"tie_word_embeddings": True, "max_position_embeddings": 2048}
    return {"model_type": "opt", **sizes, "num_attention_heads": heads, "vocab_size": 50_272, **rest}


def _flan_t5(layers: int, **sizes: int) -> dict[str, Any]:
    depth = {"num_layers": layers, "num_decoder_layers": layers}
    rest = {"tie_word_embeddings": False, "feed_forward_proj": "gated-gelu", "relative_attention_num_buckets": 32}
    start = {"is_encoder_decoder": True, "decoder_start_token_id": 0}
    return {"model_type": "t5", **sizes, **depth, "d_kv": 64, "vocab_size": 32_128, **rest, **start}


_LLAMA_70B = {
    "model_type": "llama",
    "hidden_size": 8192,
    "intermediate_size": 28_672,
    "num_hidden_layers": 80,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "vocab_size": 128_256,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": False,
    "rms_norm_eps": 1e-5,
    "rope_theta": 5e5,
}
_LLAMA_1B = _llama3(True, 32.0, hidden_size=2048, intermediate_size=8192, num_hidden_layers=16)

HUB_MODELS = {
    model.id: model
    for model in (
        HubModel(
            "Qwen/Qwen3-8B",
            "apache-2.0",
            False,
            "bfloat16",
            _qwen3(False, hidden_size=4096, intermediate_size=12_288, num_hidden_layers=36, num_attention_heads=32),
        ),
        HubModel(
            "Qwen/Qwen3-0.6B",
            "apache-2.0",
            False,
            "bfloat16",
            _qwen3(True, hidden_size=1024, intermediate_size=3072, num_hidden_layers=28, num_attention_heads=16),
        ),
        HubModel(
            "Qwen/Qwen2.5-7B-Instruct",
            "apache-2.0",
            False,
            "bfloat16",
            _qwen25(
                False,
                hidden_size=3584,
                intermediate_size=18_944,
                num_hidden_layers=28,
                num_attention_heads=28,
                num_key_value_heads=4,
                vocab_size=152_064,
            ),
        ),
        HubModel(
            "Qwen/Qwen2.5-0.5B-Instruct",
            "apache-2.0",
            False,
            "bfloat16",
            _qwen25(
                True,
                hidden_size=896,
                intermediate_size=4864,
                num_hidden_layers=24,
                num_attention_heads=14,
                num_key_value_heads=2,
                vocab_size=151_936,
            ),
        ),
        HubModel(
            "HuggingFaceTB/SmolLM2-1.7B-Instruct",
            "apache-2.0",
            False,
            "bfloat16",
            _smollm2(
                130_000.0,
                hidden_size=2048,
                intermediate_size=8192,
                num_hidden_layers=24,
                num_attention_heads=32,
                num_key_value_heads=32,
            ),
        ),
        HubModel(
            "HuggingFaceTB/SmolLM2-135M-Instruct",
            "apache-2.0",
            False,
            "bfloat16",
            _smollm2(
                100_000.0,
                hidden_size=576,
                intermediate_size=1536,
                num_hidden_layers=30,
                num_attention_heads=9,
                num_key_value_heads=3,
            ),
        ),
        HubModel(
            "meta-llama/Llama-3.1-8B-Instruct",
            "llama3.1",
            True,
            "bfloat16",
            _llama3(False, 8.0, hidden_size=4096, intermediate_size=14_336, num_hidden_layers=32),
        ),
        HubModel("meta-llama/Llama-3.2-1B-Instruct", "llama3.2", True, "bfloat16", _LLAMA_1B),
        HubModel("facebook/layerskip-llama3.2-1B", "FAIR noncommercial", True, "bfloat16", _LLAMA_1B),
        HubModel("meta-llama/Meta-Llama-3-70B-Instruct", "llama3", True, "bfloat16", _LLAMA_70B),
        # OPT's own files are pickled; the hub's converter keeps safetensors beside them, which transformers finds.
        HubModel("facebook/opt-6.7b", "OPT noncommercial", False, "float16", _opts(4096, layers=32, heads=32)),
        HubModel("facebook/opt-125m", "OPT noncommercial", False, "float16", _opts(768, layers=12, heads=12)),
        HubModel(
            "google/flan-t5-xl",
            "apache-2.0",
            False,
            "float32",
            _flan_t5(24, d_model=2048, d_ff=5120, num_heads=32),
        ),
        HubModel(
            "google/flan-t5-small",
            "apache-2.0",
            False,
            "float32",
            _flan_t5(8, d_model=512, d_ff=1024, num_heads=6),
        ),
        HubModel(
            "mistralai/Mistral-7B-Instruct-v0.2",
            "apache-2.0",
            True,
            "bfloat16",
            {
                "model_type": "mistral",
                "hidden_size": 4096,
                "intermediate_size": 14_336,
                "num_hidden_layers": 32,
                "num_attention_heads": 32,
                "num_key_value_heads": 8,
                "vocab_size": 32_000,
                "max_position_embeddings": 32_768,
                "sliding_window": None,
                "tie_word_embeddings": False,
                "rms_norm_eps": 1e-5,
                "rope_theta": 1e6,
            },
        ),
    )
}

# Read by `specdec.models.heads`, so each one lies there as safetensors.
HUB_HEADS = {
    heads.id: heads
    for heads in (
        HubModel(
            "text-generation-inference/Mistral-7B-Instruct-v0.2-medusa",
            "apache-2.0",
            False,
            "float16",
            {
                "model_type": "medusa",
                "medusa_num_heads": 3,
                "medusa_num_layers": 1,
                "hidden_size": 4096,
                "vocab_size": 32_000,
            },
        ),
        HubModel(
            "yuhuili/EAGLE-LLaMA3-Instruct-70B",
            "apache-2.0",
            False,
            "float16",
            {**_LLAMA_70B, "model_type": "eagle", "num_hidden_layers": 1},
        ),
    )
}

HUB_PAIRS = {
    pair.name: pair
    for pair in (
        HubPair("smollm2-1.7b", "HuggingFaceTB/SmolLM2-1.7B-Instruct", "HuggingFaceTB/SmolLM2-135M-Instruct"),
        HubPair("qwen3-8b", "Qwen/Qwen3-8B", "Qwen/Qwen3-0.6B"),
        HubPair("qwen2.5-7b", "Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-0.5B-Instruct"),
        HubPair("llama3.1-8b", "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.2-1B-Instruct"),
        HubPair("opt-6.7b", "facebook/opt-6.7b", "facebook/opt-125m"),
        HubPair("flan-t5-xl", "google/flan-t5-xl", "google/flan-t5-small"),
        HubPair("layerskip-1b", "facebook/layerskip-llama3.2-1B", drafter="early_exit"),
        HubPair(
            "mistral-7b",
            "mistralai/Mistral-7B-Instruct-v0.2",
            heads={"medusa": "text-generation-inference/Mistral-7B-Instruct-v0.2-medusa"},
        ),
        HubPair(
            "llama3-70b",
            "meta-llama/Meta-Llama-3-70B-Instruct",
            heads={"eagle": "yuhuili/EAGLE-LLaMA3-Instruct-70B"},
        ),
    )
}
