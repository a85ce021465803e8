"""What is written down of public models is what their configurations make."""

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, LlamaConfig

from specdec.catalog.hub import CONTEXT, HUB_HEADS, HUB_MODELS, HUB_PAIRS
from specdec.catalog.pairs import PAIRS
from specdec.messages import catalog
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.language_model import LanguageModel

SHORT = 512  # a context that is quickly read
MILLIONS = {  # as published
    "Qwen/Qwen3-8B": 8190,
    "Qwen/Qwen3-0.6B": 596,
    "Qwen/Qwen2.5-7B-Instruct": 7620,
    "Qwen/Qwen2.5-0.5B-Instruct": 494,
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": 1710,
    "HuggingFaceTB/SmolLM2-135M-Instruct": 135,
    "meta-llama/Llama-3.1-8B-Instruct": 8030,
    "meta-llama/Llama-3.2-1B-Instruct": 1240,
    "meta-llama/Meta-Llama-3-70B-Instruct": 70_600,
    "facebook/layerskip-llama3.2-1B": 1240,
    "facebook/opt-6.7b": 6660,
    "facebook/opt-125m": 125,
    "google/flan-t5-xl": 2850,
    "google/flan-t5-small": 77,
    "mistralai/Mistral-7B-Instruct-v0.2": 7240,
}
TINY = {
    "llama": {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "vocab_size": 99,
        "tie_word_embeddings": False,
    },
    "opt": {
        "hidden_size": 32,
        "word_embed_proj_dim": 32,
        "ffn_dim": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "vocab_size": 99,
        "max_position_embeddings": 2 * CONTEXT,
    },
    "t5": {
        "d_model": 32,
        "d_kv": 8,
        "d_ff": 64,
        "num_layers": 2,
        "num_decoder_layers": 3,
        "num_heads": 4,
        "vocab_size": 99,
        "relative_attention_num_buckets": 8,
        "feed_forward_proj": "gated-gelu",
        "decoder_start_token_id": 0,
    },
}
TINY["qwen3"] = {**TINY["llama"], "head_dim": 16}


def built(config, device="meta"):
    """The modules that a configuration describes."""
    made = AutoConfig.for_model(**config)
    reader = AutoModelForSeq2SeqLM if made.is_encoder_decoder else AutoModelForCausalLM
    with torch.device(device):
        return reader.from_config(made, attn_implementation="sdpa").eval()


def size(module):
    return sum(weight.numel() for weight in module.parameters())


def size_of_checkpoint(config):
    """transformers begins with one matrix for T5's embeddings and output layer, whatever the configuration says, and
    takes that back where a checkpoint holds two."""
    module = built(config)
    output = module.get_output_embeddings().weight
    shared = output is module.get_input_embeddings().weight
    return size(module) + (output.numel() if shared and not config["tie_word_embeddings"] else 0)


@pytest.mark.parametrize("model", HUB_MODELS.values(), ids=lambda model: model.id)
def test_parameters_are_those_of_the_modules_and_those_that_are_published(model):
    assert model.parameters == size_of_checkpoint(model.config)
    assert model.parameters / 1e6 == pytest.approx(MILLIONS[model.id], rel=0.005)


def test_heads_are_as_large_as_those_that_are_read():
    sizes = {id: heads.parameters for id, heads in HUB_HEADS.items()}
    with torch.device("meta"):
        for id, config in ((heads.id, heads.config) for heads in HUB_HEADS.values()):
            if config["model_type"] == "medusa":
                made = MedusaHeads(config["hidden_size"], config["vocab_size"], config["medusa_num_heads"])
            else:
                made = EagleHead(LlamaConfig(**{**config, "model_type": "llama"}), config["hidden_size"])
            assert sizes.pop(id) == size(made)
    assert not sizes


def kept(config):
    """Numbers that are kept of a token: keys and values of every layer, of an encoder–decoder twice."""
    if config["model_type"] == "t5":
        return 2 * 2 * config["num_decoder_layers"] * config["num_heads"] * config["d_kv"]
    heads = config["num_attention_heads"]
    head = config.get("head_dim", config["hidden_size"] // heads)
    return 2 * config["num_hidden_layers"] * config.get("num_key_value_heads", heads) * head


@pytest.mark.parametrize("kind", TINY)
def test_what_is_kept_of_a_token_is_what_a_session_holds(kind):
    config = {"model_type": kind, **TINY[kind]}
    module = built(config, "cpu")
    has_encoder = module.config.is_encoder_decoder
    session = (EncoderDecoderModel if has_encoder else LanguageModel)("tiny", module, None).session()
    session.begin([1] * SHORT)
    session.cache.reserve(SHORT)
    buffers = session.cache.buffers()
    if has_encoder:  # its states are no keys or values
        buffers = [buffer for buffer in buffers if buffer is not session.cache.encoded]
    assert sum(buffer.numel() for buffer in buffers) == SHORT * kept(config)


@pytest.mark.parametrize("model", [*HUB_MODELS.values(), *HUB_HEADS.values()], ids=lambda model: model.id)
def test_memory_is_that_of_weights_and_of_the_keys_and_values_of_a_context(model):
    own = 0 if model.config["model_type"] == "medusa" else kept(model.config)  # such heads keep nothing
    length = min(CONTEXT, model.config.get("max_position_embeddings", CONTEXT))
    assert model.kept == own and (length < CONTEXT) is (model.config["model_type"] == "opt")
    assert model.memory("float32") == 2 * model.memory("bfloat16") == 4 * (model.parameters + length * own)


def test_pairs_are_made_of_what_is_listed_and_say_why():
    for pair in HUB_PAIRS.values():
        assert pair.target in HUB_MODELS
        assert pair.draft or pair.heads or pair.drafter
        if pair.draft:
            assert 6 * HUB_MODELS[pair.draft].parameters < HUB_MODELS[pair.target].parameters
        for heads in pair.heads.values():
            target = HUB_MODELS[pair.target].config
            assert all(HUB_HEADS[heads].config[name] == target[name] for name in ("hidden_size", "vocab_size"))
    assert len(catalog()["catalog"]) == len(HUB_PAIRS)


def test_pairs_that_ship_come_first_and_the_others_are_public():
    public = [entry.is_public for entry in PAIRS.values()]
    assert public == sorted(public) and not public[0]
    assert [entry.name for entry in PAIRS.values() if entry.is_public] == list(HUB_PAIRS)
    assert not any(entry.on_disk for entry in PAIRS.values() if entry.is_public)
