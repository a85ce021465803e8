"""A model that is too large for one GPU is spread over all; nobody but the loader need know."""

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from transformers import LlamaConfig, LlamaForCausalLM, OPTConfig, OPTForCausalLM

from specdec.errors import UserError
from specdec.models import device_map, session
from specdec.models.language_model import LanguageModel

SHAPE = {"vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4}
LLAMA = LlamaConfig(**SHAPE, intermediate_size=64, num_key_value_heads=2, attn_implementation="sdpa")
OPT = OPTConfig(**SHAPE, ffn_dim=64, word_embed_proj_dim=32, attn_implementation="sdpa")
FAR = "cpu:1"  # where tensors do not exist: a second device that needs no second device
CUDA = torch.device("cuda")
SIZE = sum(weight.numel() for weight in LlamaForCausalLM(LLAMA).parameters()) * 4


def put(module, device):
    """`.to`, which tensors that do not exist refuse."""
    for part in module.modules():
        for names in (part._parameters, part._buffers):
            names.update({name: one.detach().to(device) for name, one in names.items() if one is not None})


def brought(value):
    if isinstance(value, torch.Tensor):
        return value.to(FAR)
    return tuple(map(brought, value)) if isinstance(value, tuple) else value


def following(forward):
    """What accelerate makes of the forward of a part that lies elsewhere: what it is given is brought to it."""

    def moved(*inputs, **options):
        return forward(*map(brought, inputs), **{name: brought(value) for name, value in options.items()})

    return moved


def halved(model, behind):
    """The model's last parts put on another device, as accelerate does it."""
    for part in behind:
        put(part, FAR)
        part.forward = following(part.forward)
    device_map.gathered(model)
    return LanguageModel("far", model.eval(), None)


def llama():
    model = LlamaForCausalLM(LLAMA)
    return halved(model, [*model.model.layers[1:], model.model.norm, model.lm_head])


def opt():
    model = OPTForCausalLM(OPT)
    decoder = model.model.decoder
    return halved(model, [*decoder.layers[1:], decoder.final_layer_norm])


@pytest.mark.parametrize("build", [llama, opt])
def test_passes_over_parts_on_two_devices_begin_and_end_on_the_first(build, monkeypatch):
    for name in ("_places", "_shape"):  # nothing of this is remembered
        monkeypatch.setattr(session, name, getattr(session, name).__wrapped__)
    with FakeTensorMode():  # it refuses every operation whose tensors lie on two devices
        model = build()
        one = model.session(keeps_hidden=True)
        one.prefill([1, 2, 3, 4])
        logits = one.forward([1, 2, 3, 4, 5], torch.arange(3), [-1, -1, 0])
        assert {str(layer.keys.device) for layer in one.cache.layers} == {"cpu", FAR}
        assert str(model.device) == str(logits.device) == str(one.hidden.device) == "cpu"
        one.cache.move(torch.arange(5, 7), torch.arange(4, 6))


def gpus(monkeypatch, *free):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(free))
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: (free[index], 2 * free[index]))


def asked(device=CUDA, config=LLAMA):
    return device_map.is_needed("large", config, torch.float32, device)


def test_a_model_is_spread_where_one_gpu_is_too_small_and_all_are_not(monkeypatch):
    monkeypatch.setattr(device_map, "find_spec", lambda name: name)  # accelerate, as if it were there
    gpus(monkeypatch, SIZE, SIZE)  # a share of each is left for keys and values
    assert asked()
    gpus(monkeypatch, 2 * SIZE, SIZE)
    assert not asked()


def test_a_model_stays_on_the_only_gpu_on_a_named_one_and_on_a_processor(monkeypatch):
    gpus(monkeypatch, SIZE)
    assert not asked()
    gpus(monkeypatch, SIZE, SIZE)
    assert not asked(torch.device("cuda:1")) and not asked(torch.device("cpu"))


def test_a_model_that_is_too_large_for_all_gpus_is_refused_with_the_numbers(monkeypatch):
    config = LlamaConfig(**{**SHAPE, "vocab_size": 2_000_000}, intermediate_size=64, num_key_value_heads=2)
    gpus(monkeypatch, 10**8, 10**8)
    with pytest.raises(UserError, match=r"'large' take 0\.5 GB.*\(0\.2 GB in all\)"):
        asked(config=config)


def test_without_accelerate_a_sentence_says_what_to_install(monkeypatch):
    gpus(monkeypatch, SIZE, SIZE)
    monkeypatch.setattr(device_map, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="install the accelerate package"):
        asked()


def test_weights_are_counted_in_the_number_format_asked_for():
    assert device_map.weight_bytes(LLAMA, torch.float32) == SIZE == 2 * device_map.weight_bytes(LLAMA, torch.bfloat16)
