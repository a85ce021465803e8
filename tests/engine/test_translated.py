"""A draft model with another tokenizer: its guesses are right where it knows the text, and harmless elsewhere.

Both models have really learnt the same few lines, each in its own tokens.
"""

import json

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from specdec import drafters
from specdec.drafters.cross_tokenizer import ANCHOR, WINDOW, DraftTokens, TranslatedDrafter
from specdec.drafters.draft import Context
from specdec.drafters.draft_model import ModelDrafter
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings
from specdec.trace import Round

LINES = (
    "The old lamp on the harbour wall burns all night, and the boats come home by it.",
    "“Light it again,” said the café cat 🐈, and the harbour master lit it again and again.",
    "港の古い灯台は一晩中燃えている。船はその光で家に帰る。",
    "def lamp(night):\n    if night:\n        return '🔥' * 3",
)
TEXT = "\n".join(LINES) + "\n"
PROMPT = "The old lamp on the harbour wall"
KINDS = ("target", "bytes", "spaces", "characters", "lower")
SEEDS = {kind: seed for seed, kind in enumerate(KINDS)}  # not in the order of asking: tests run in any
KNOWN = 0.02  # the loss at which a text is known by heart


def trained_tokenizer(kind):
    """bytes: byte-level BPE, as the target's but with fewer merges · spaces: SentencePiece's way, with a start token
    and bytes for what it does not know · characters: one each · lower: it changes the text."""
    if kind == "bytes":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        alphabet, special, size = sorted(pre_tokenizers.ByteLevel.alphabet()), ["<end>"], 290
    elif kind == "lower":
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
        plain = [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
        tokenizer.normalizer = normalizers.Sequence(plain)
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        alphabet, special, size = sorted(pre_tokenizers.ByteLevel.alphabet()), ["<end>"], 300
    else:
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
        tokenizer.decoder = decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        )
        special = ["<unk>", "<s>", "<end>", *(f"<0x{byte:02X}>" for byte in range(256))]
        alphabet = sorted(set("".join(LINES[:1])) | set("▁“”,.")) if kind == "spaces" else sorted(set(TEXT) | {"▁"})
        size = 420 if kind == "spaces" else 0
    choices = {"vocab_size": size, "special_tokens": special, "initial_alphabet": alphabet, "show_progress": False}
    tokenizer.train_from_iterator(LINES[:1] if kind == "spaces" else LINES, trainers.BpeTrainer(**choices))
    if kind in ("spaces", "characters"):  # a trainer adds bytes as special tokens only; they are none
        written = json.loads(tokenizer.to_str())
        written["added_tokens"] = [one for one in written["added_tokens"] if not one["content"].startswith("<0x")]
        tokenizer = Tokenizer.from_str(json.dumps(written))
    if kind == "spaces":
        start = ("<s>", tokenizer.token_to_id("<s>"))
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[start])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>")


def taught(name, tokenizer, seed):
    """A small Llama that has learnt TEXT by heart, over and over."""
    torch.manual_seed(seed)
    ids = tokenizer.encode(TEXT * 2)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=1,
        num_attention_heads=4,
        max_position_embeddings=2048,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=None,
    )
    module = LlamaForCausalLM(config)
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-2)
    batch = torch.tensor([ids])
    loss = torch.tensor(torch.inf)
    while loss > KNOWN:
        loss = module(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return LanguageModel(name, module.eval(), tokenizer)


@pytest.fixture(scope="module")
def model(tiny_tokenizer):
    made = {}

    def make(kind):
        if kind not in made:
            tokenizer = tiny_tokenizer if kind == "target" else trained_tokenizer(kind)
            made[kind] = taught(kind, tokenizer, seed=SEEDS[kind])
        return made[kind]

    return make


def run(target, draft, prompt=PROMPT, drafter="model", **choices):
    settings = Settings(**({"max_new_tokens": 200} | choices))
    _, *rounds, footer = loop.rounds(prepare(Pair(None, target, draft, 4), Request(prompt, drafter, settings)))
    assert footer.reason != "error", footer.message
    return rounds, footer


def kept(rounds: list[Round]):
    return [t for r in rounds for t in (*(g for g in r.draft if g.verdict == "accepted"), r.final) if t is not None]


def ids(rounds):
    return [token.id for token in kept(rounds)]


KINDS = ("bytes", "spaces", "characters")


@pytest.mark.parametrize("kind", KINDS)
def test_guesses_of_a_draft_that_knows_the_text_are_right(model, kind):
    """Whatever the surface: multi-byte characters, emoji, Japanese without a space, indented code."""
    rounds, footer = run(model("target"), model(kind), draft_length=6)
    plain, _ = run(model("target"), None, drafter="none")
    assert ids(rounds) == ids(plain)
    text = "".join(token.text for token in kept(rounds))
    assert "🐈" in text and "灯台" in text and "🔥" in text
    assert footer.totals.accepted / footer.totals.drafted > 0.8  # a guess may stop inside a longer token
    assert footer.totals.rejected < 12
    assert footer.totals.tokens / footer.totals.rounds > 3


def test_a_tokenizer_that_changes_the_text_is_right_where_it_does_not(model):
    rounds, footer = run(model("target"), model("lower"))
    assert ids(rounds) == ids(run(model("target"), None, drafter="none")[0])
    assert footer.totals.accepted > 20  # most of the text is in lower case


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prompt", ["boats", "港の", "🐈", "a lamp ", "x\n\n  ", "<|endoftext|>The"])
def test_greedy_text_is_plain_text_whatever_the_draft_says(tiny_model, model, kind, prompt):
    """A random target writes bytes that are no text and spellings that no tokenizer would choose."""
    target = tiny_model("llama", layers=2)
    plain, _ = run(target, None, prompt, "none", max_new_tokens=60)
    assert ids(run(target, model(kind), prompt, max_new_tokens=60)[0]) == ids(plain)


def test_a_random_draft_does_no_harm(tiny_model, model):
    draft = LanguageModel("noise", tiny_model("llama", layers=1, vocab_size=340).module, trained_tokenizer("spaces"))
    rounds, _ = run(model("target"), draft)
    assert ids(rounds) == ids(run(model("target"), None, drafter="none")[0])


@pytest.mark.parametrize("rule", ["rejection", "block"])
def test_sampled_runs_take_the_certain_guesses_and_repeat(model, rule):
    choices = {"temperature": 0.4, "seed": 3, "rule": rule, "max_new_tokens": 80}
    first, second = (run(model("target"), model("spaces"), **choices) for _ in range(2))
    assert ids(first[0]) == ids(second[0])
    assert all(guess.draft_prob == 1 and guess.draft_coin is None for one in first[0] for guess in one.draft)
    assert first[1].totals.accepted > 40


# ------------------------------------------------------------------------------------------------------- one proposal


def proposed(target, draft, text, length=4, extra=()):
    """The first draft, `extra` tokens behind a prompt."""
    drafter = TranslatedDrafter(draft)
    tokens = target.tokenizer.encode(text)
    drafter.start(target, tokens, Settings())
    return drafter.propose(Context([*tokens, *extra]), (1,) * length, Coins(0))


def test_a_draft_is_a_chain_of_certain_guesses_no_longer_than_asked(model):
    target = model("target")
    for length in (1, 2, 5):
        draft = proposed(target, model("characters"), "The old lamp", length)
        assert 0 < len(draft.ids) <= length
        assert draft.q is None and draft.parents == tuple(range(-1, len(draft.ids) - 1))
        text = target.tokenizer.decode(draft.ids)
        assert text and " on the harbour wall burns".startswith(text)


def test_passes_are_counted_in_the_drafts_own_tokens(model):
    """Characters are shorter than the target's tokens, so more of them have to be guessed."""
    passes = [proposed(model("target"), model(kind), PROMPT, 5).passes for kind in ("characters", "bytes", "target")]
    assert passes[0] > passes[1] and passes[2] == 5


@pytest.mark.parametrize("kind", KINDS)
def test_inside_a_character_only_its_own_bytes_are_guessed(model, kind):
    target = model("target")
    cat, fire = (target.tokenizer.encode(text, add_special_tokens=False) for text in "🐈🔥")
    before = TEXT[: TEXT.index(" 🐈")]
    behind = target.tokenizer.encode(" ", add_special_tokens=False)
    assert len(cat) == len(fire) == 4 and cat[:2] == fire[:2]
    for known in range(5):
        draft = proposed(target, model(kind), before, extra=[*behind, *cat[:known]])
        assert [*cat[:known], *draft.ids.tolist()][:4] == cat
    assert len(proposed(target, model(kind), before, extra=[*behind, *fire[:3]]).ids) == 0


def test_bytes_that_are_no_text_are_not_puzzled_over(model):
    target = model("target")
    stray = target.tokenizer.encode("🐈", add_special_tokens=False)[-1]
    draft = proposed(target, model("bytes"), PROMPT, extra=[stray] * 4)
    assert (len(draft.ids), draft.passes) == (0, 0)


def test_a_guess_ends_at_the_drafts_end(model):
    draft = model("bytes")
    module = LlamaForCausalLM(draft.config)
    module.load_state_dict(draft.module.state_dict())
    comma = draft.tokenizer.encode(",", add_special_tokens=False)[0]
    module.generation_config.eos_token_id = comma
    ends = LanguageModel("ends", module.eval(), draft.tokenizer)
    text = "The old lamp on the harbour wall burns all"
    whole = model("target").tokenizer.decode(proposed(model("target"), draft, text, 12).ids)
    short = model("target").tokenizer.decode(proposed(model("target"), ends, text, 12).ids)
    assert "," in whole and whole.startswith(short) and short == whole[: whole.index(",")]


def test_a_text_too_long_for_the_draft_model_is_written_without_it(model):
    draft = model("characters")
    config = LlamaConfig(**(draft.config.to_dict() | {"max_position_embeddings": 90}))
    module = LlamaForCausalLM(config)
    module.load_state_dict(draft.module.state_dict())
    short = LanguageModel("short", module.eval(), draft.tokenizer)
    rounds, footer = run(model("target"), short, "The", max_new_tokens=80)
    assert footer.totals.accepted > 0
    assert [one.passes.draft for one in rounds][-3:] == [0, 0, 0]
    assert ids(rounds) == ids(run(model("target"), None, "The", "none", max_new_tokens=80)[0])


# ------------------------------------------------------------------------------------------------------- its growing


LONG = TEXT * 12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", [1, 3, 50])
def test_a_text_added_bit_by_bit_is_cut_into_the_tokens_of_the_whole(kind, step):
    tokenizer = trained_tokenizer(kind)
    growing = DraftTokens(tokenizer)
    for start in range(0, len(LONG), step):
        growing.add(LONG[start : start + step])
    assert growing.ids == tokenizer.encode(LONG)


def test_what_is_encoded_in_a_round_does_not_grow_with_the_text(monkeypatch):
    tokenizer = trained_tokenizer("spaces")
    growing, sizes = DraftTokens(tokenizer), []
    encode = type(tokenizer).encode

    def measured(self, text, **choices):
        sizes.append(len(text))
        return encode(self, text, **choices)

    monkeypatch.setattr(type(tokenizer), "encode", measured)
    for start in range(0, len(LONG), 4):
        growing.add(LONG[start : start + 4])
    assert max(sizes) <= ANCHOR + 2 * WINDOW + 4


def test_a_draft_model_follows_by_its_common_prefix(model):
    """Guesses that came true are not fed again: a round's first pass reads what is new, and little more."""
    draft, fed = model("bytes"), []
    hook = draft.module.get_input_embeddings().register_forward_hook(lambda _, ids, out: fed.append(ids[0].shape[1]))
    run(model("target"), draft, draft_length=6)
    hook.remove()
    assert max(fed[1:]) < 12


# ------------------------------------------------------------------------------------------------------- choosing


def test_a_draft_model_is_translated_only_if_it_has_to_be(model, tiny_pair):
    different = drafters.make("model", Pair(None, model("target"), model("bytes"), 4), Settings())
    assert isinstance(different, TranslatedDrafter) and different.model is model("bytes")
    assert isinstance(drafters.make("model", tiny_pair, Settings()), ModelDrafter)


@pytest.mark.parametrize("branching", [(2, 1), "dynamic"])
def test_a_tree_of_translations_is_refused(model, branching):
    with pytest.raises(UserError) as caught:
        drafters.make("model", Pair(None, model("target"), model("bytes"), 4), Settings(branching=branching))
    assert "tokenizer" in str(caught.value) and str(caught.value).endswith(".")
