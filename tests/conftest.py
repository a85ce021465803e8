"""Real models, tiny and with random weights, that every test may use: no network, no weights on disk."""

import copy
import os
import tempfile
from pathlib import Path

from specdec import paths

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: no test may reach for the hub
os.environ["SPECDEC_COMPILE"] = "off"  # pages under test have the machine for themselves
# What `make models` has fetched; the processes that share the tests inherit it, with the cache that is set next.
FETCHED = Path(os.environ.setdefault("SPECDEC_TEST_MODELS", str(paths.cache("models"))))
CACHE = tempfile.TemporaryDirectory(prefix="specdec-")  # gone when the tests have ended
os.environ["SPECDEC_CACHE"] = CACHE.name

import pytest  # noqa: E402
import torch  # noqa: E402
from msgspec import structs  # noqa: E402
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers  # noqa: E402
from transformers import (  # noqa: E402
    GPT2Config,
    GPT2LMHeadModel,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    OPTConfig,
    OPTForCausalLM,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
)

from specdec import trace as tr  # noqa: E402
from specdec.models.encoder_decoder import EncoderDecoderModel  # noqa: E402
from specdec.models.language_model import LanguageModel  # noqa: E402
from specdec.models.pair import Pair  # noqa: E402

torch.set_num_threads(1)  # a tiny model is faster without threads that wait for each other


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Groups first: each stays in one process, takes minutes, and would be waited for at the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


ARCHITECTURES = ("llama", "qwen3", "opt", "gpt2", "neox")
END = "<|endoftext|>"
POSITIONS = 1024
LINES = (
    "The old lamp on the harbour wall burns all night, and the boats come home by it.",
    "A small grey cat sat on the warm stones and counted the boats: one, two, three.",
    "When the wind turned, the lamp went out, and nobody on the wall could see the sea.",
    "“Light it again,” said the cat, and the harbour master lit it again and again.",
)


def _llama(layers, vocab_size, spread):
    config = LlamaConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=POSITIONS,
        initializer_range=spread,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=None,
    )
    return LlamaForCausalLM(config)


def _qwen3(layers, vocab_size, spread):
    config = Qwen3Config(
        vocab_size=vocab_size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=POSITIONS,
        initializer_range=spread,
        bos_token_id=None,
        eos_token_id=None,
        tie_word_embeddings=False,
    )
    return Qwen3ForCausalLM(config)


def _opt(layers, vocab_size, spread):
    config = OPTConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        word_embed_proj_dim=32,
        ffn_dim=64,
        num_hidden_layers=layers,
        num_attention_heads=4,
        max_position_embeddings=POSITIONS,
        init_std=spread,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=None,
        tie_word_embeddings=False,
    )
    return OPTForCausalLM(config)


def _gpt2(layers, vocab_size, spread):
    config = GPT2Config(
        vocab_size=vocab_size,
        n_embd=32,
        n_layer=layers,
        n_head=4,
        n_positions=POSITIONS,
        initializer_range=spread,
        bos_token_id=None,
        eos_token_id=None,
        tie_word_embeddings=False,
    )
    return GPT2LMHeadModel(config)


def _neox(layers, vocab_size, spread):
    config = GPTNeoXConfig(
        vocab_size=vocab_size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=layers,
        num_attention_heads=4,
        max_position_embeddings=POSITIONS,
        initializer_range=spread,
        bos_token_id=None,
        eos_token_id=None,
        tie_word_embeddings=False,
    )
    return GPTNeoXForCausalLM(config)


def _t5(layers, vocab_size, spread):
    config = T5Config(
        vocab_size=vocab_size,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=layers,
        num_heads=4,
        relative_attention_num_buckets=8,
        relative_attention_max_distance=24,
        feed_forward_proj="gated-gelu",
        initializer_factor=5 * spread,
        tie_word_embeddings=False,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
    )
    model = T5ForConditionalGeneration(config)
    with torch.no_grad():
        model.decoder.block[0].layer[0].SelfAttention.relative_attention_bias.weight *= 20  # place is all that changes
    return model


BUILDERS = {"llama": _llama, "qwen3": _qwen3, "opt": _opt, "gpt2": _gpt2, "neox": _neox, "t5": _t5}


def _byte_level_bpe(special):
    """Some 300 entries, trained on the lines above; takes any text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    choices = {"vocab_size": 300, "special_tokens": special, "initial_alphabet": alphabet, "show_progress": False}
    tokenizer.train_from_iterator(LINES, trainers.BpeTrainer(**choices))
    return tokenizer


@pytest.fixture(scope="session")
def fetched_models():
    """The folder of the models that were fetched for the user; it may not exist."""
    return FETCHED


@pytest.fixture(scope="session")
def tiny_tokenizer():
    return PreTrainedTokenizerFast(tokenizer_object=_byte_level_bpe([END]), bos_token=END, eos_token=END)


@pytest.fixture(scope="session")
def ending_tokenizer():
    """It ends every text with `</s>`, as those of the T5 family do."""
    tokenizer = _byte_level_bpe(["<pad>", "</s>"])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>")


@pytest.fixture(scope="session")
def tiny_model(tiny_tokenizer, ending_tokenizer):
    """`tiny_model(architecture, layers=2, seed=0, vocab_size=None)`: the same arguments give the same object.

    Weights are spread wide, so that greedy text wanders instead of repeating one token. "t5" is an encoder–decoder.
    """
    made = {}

    def make(architecture="llama", layers=2, seed=0, vocab_size=None):
        key = architecture, layers, seed, vocab_size
        if key not in made:
            torch.manual_seed(seed)
            has_encoder = architecture == "t5"
            tokenizer = ending_tokenizer if has_encoder else tiny_tokenizer
            module = BUILDERS[architecture](layers, vocab_size or len(tokenizer), 0.3)
            module.set_attn_implementation("sdpa")
            kind = EncoderDecoderModel if has_encoder else LanguageModel
            made[key] = kind(f"tiny-{architecture}", module.eval(), tokenizer)
        return made[key]

    return make


@pytest.fixture(scope="session")
def noisy():
    """`noisy(model, noise, seed=0)`: the same model with blurred weights, so it agrees often but not always."""

    def blur(model, noise=0.05, seed=0):
        module = copy.deepcopy(model.module)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for weight in module.parameters():
                weight += noise * weight.std().nan_to_num() * torch.randn(weight.shape, generator=generator)
        return type(model)(f"{model.name}-draft", module, model.tokenizer)

    return blur


@pytest.fixture(scope="session")
def tiny_pair(tiny_model, noisy):
    """A Llama target of 3 layers and a draft that is right about two times in three."""
    target = tiny_model("llama", layers=3)
    return Pair(None, target, noisy(target), 4)


@pytest.fixture(scope="session")
def tiny_pair_folder(tiny_pair, tmp_path_factory):
    """A folder with `target/` and `draft/`, each as `save_pretrained` writes it, tokenizer included."""
    folder = tmp_path_factory.mktemp("pair")
    for name, model in (("target", tiny_pair.target), ("draft", tiny_pair.draft)):
        model.module.save_pretrained(folder / name)
        model.tokenizer.save_pretrained(folder / name)
    return folder


@pytest.fixture
def shape_of(tiny_model, tmp_path):
    """A folder with nothing but the configuration of a tiny model; the same arguments give the same folder."""

    def save(architecture="llama", **choices):
        folder = tmp_path / "-".join([architecture, *map(str, choices.values())])
        tiny_model(architecture, **choices).module.config.save_pretrained(folder)
        return str(folder)

    return save


class HandMade:
    """Runs made by hand, 14 ms a round, for what is drawn and counted: every number fits its rule and its verdict."""

    LETTERS = {"a": "accepted", "r": "rejected", "d": "discarded"}
    LAWS = {"accepted": (0.9, 0.6), "rejected": (0.05, 0.8), "discarded": (0.5, 0.5)}  # p, q of the guess

    def trace(self, *drafts, ended_inside=False, drafter="model", plan=None, **settings):
        """A draft is a chain, a letter a verdict ("aard"), or a tree, (text, parent, letter) a guess. Rounds that
        refused write a correction, rounds without a guess a plain token, all others a bonus; `ended_inside` the last
        draft writes nothing more. A round's `plan` is handed on as it is."""
        settings = {"rule": "greedy", "draft_length": 4, "temperature": 0.0, "max_new_tokens": 96} | settings
        rounds = []
        for i, draft in enumerate(drafts):
            if isinstance(draft, str):
                draft = [(f" w{at}", at - 1, letter) for at, letter in enumerate(draft)]
            guesses = tuple(self.guess(*one, rule=settings["rule"]) for one in draft)
            if ended_inside and i == len(drafts) - 1:  # behind the end of a text nobody is judged
                guesses = tuple(
                    structs.replace(one, coin=None) if one.verdict == "discarded" else one for one in guesses
                )
            final = None if ended_inside and i == len(drafts) - 1 else self.final(guesses, settings["rule"])
            start, seconds = 0.014 * i, tr.Seconds(0.003, 0.010, 0.001)
            rounds.append(tr.Round(i, start, start + 0.014, seconds, tr.Passes(len(guesses), 1), plan, guesses, final))
        hardware = tr.Hardware("cpu", "Abacus", "float32", 2, "eager")
        info = tr.DrafterInfo(drafter, "draft" if drafter == "model" else None, 10 if drafter == "model" else None)
        prompt = tr.Prompt("Once upon a time", (tr.Token(0, " time", " time"),))
        target = tr.TargetInfo("target", 9_000_000, False)
        created = "2026-11-20T12:00:00+00:00"
        header = tr.Header(
            created=created,
            source="recorded",
            software={},
            hardware=hardware,
            target=target,
            drafter=info,
            settings=settings,
            calibration=None,
            prompt=prompt,
            prefill_seconds=0.01,
        )
        return tr.Trace(header, tuple(rounds), tr.Footer("length", None, tr.count(rounds)))

    def guess(self, text, parent, letter, rule="greedy"):
        verdict = self.LETTERS[letter]
        p, q = self.LAWS[verdict]
        judged = rule != "greedy" and verdict != "discarded"
        accept = {"rejection": min(1.0, p / q), "match": p}.get(rule)
        limits = {"accepted": 0.8, "rejected": 0.3, "discarded": 0.2}
        numbers = {
            "block": {"product": min(1.0, p / q), "threshold": limits[verdict], "mass": 0.5},
            "typical": {"entropy": 1.0, "threshold": 0.09},
        }.get(rule)
        coin = 0.5 if rule == "block" or (judged and rule != "typical") else None
        return tr.DraftToken(
            1, text, text, parent, q, 0.4, p, accept, coin, verdict, numbers, self.top(text, p, q), (0.0, 0.0, 0.0)
        )

    def final(self, guesses, rule):
        refused = tr.Round(0, 0.0, 0.0, None, None, None, guesses, None).refused
        verdict = "correction" if refused else "bonus" if guesses else "plain"
        coin = None if rule == "greedy" else 0.3
        return tr.FinalToken(2, " end", " end", verdict, 0.75, coin, self.top(" end", 0.75, 0.1, 2), (0.0, 0.0, 0.0))

    @staticmethod
    def top(text, p, q, token=1):
        left = [max(0.0, p - q), max(0.0, q - p)]
        left = [one / sum(left) if sum(left) else 0.0 for one in left]
        return ((token, text, p, q, left[0]), (3, " other", 1 - p, 1 - q, left[1]))


@pytest.fixture(scope="session")
def hand_made():
    return HandMade()
