"""A Llama as a GGUF file."""

import json

import gguf
import numpy as np
import pytest

FILE_TYPES = {"F32": 0, "F16": 1, "Q8_0": 7}  # how GGUF numbers them


@pytest.fixture(scope="session")
def write_gguf():
    """`write_gguf(model, path, number_format="F32")` → path: a Llama and its tokenizer as a GGUF file."""
    return write


def interleaved(weights, heads):
    """The rows of a query or key projection in the order of llama.cpp, whose rotary embedding turns neighbours."""
    halves = weights.reshape(heads, 2, len(weights) // heads // 2, -1)
    return halves.swapaxes(1, 2).reshape(weights.shape)


def write(model, path, number_format="F32"):
    """A Llama and its tokenizer as a GGUF file."""
    config, tokenizer = model.config, model.tokenizer
    kind = gguf.GGMLQuantizationType[number_format]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_file_type(FILE_TYPES[number_format])
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    backend = tokenizer.backend_tokenizer
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    special = set(tokenizer.all_special_ids)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocabulary])
    writer.add_token_types([3 if id in special else 1 for _, id in vocabulary])
    writer.add_token_merges([" ".join(pair) for pair in merges(backend)])
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_chat_template("{{ messages[0]['content'] }}!")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, tensor in model.module.state_dict().items():
        array = tensor.float().numpy()
        for part, heads in (("q_proj", config.num_attention_heads), ("k_proj", config.num_key_value_heads)):
            array = interleaved(array, heads) if part in name else array
        wanted = kind if array.ndim > 1 else gguf.GGMLQuantizationType.F32
        stored = gguf.quants.quantize(np.ascontiguousarray(array), wanted)
        writer.add_tensor(names.get_name(name.removesuffix(".weight")) + ".weight", stored, raw_dtype=wanted)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def merges(backend):
    return json.loads(backend.to_str())["model"]["merges"]
