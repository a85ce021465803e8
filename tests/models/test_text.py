"""The texts of the tokens, joined, are the text: whatever the tokenizer, wherever characters are cut."""

import copy
import random

import pytest
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from specdec.models.detokenizer import UNFINISHED, Detokenizer, Position

TEXTS = (
    "The old lamp burns.",
    "  two  spaces\n\n\ttab ",
    "naïve café, “quoted” – 你好，世界",
    "😀 👩‍👩‍👧‍👦 🇩🇪 e\u0301 \u200b\ufeff.",
    "x" * 40 + "😀" * 5,
    "",
)


def metaspace_tokenizer(prepend):
    """As SentencePiece makes them: ▁ for spaces, bytes for what has no entry, the first space dropped in decoding."""
    words = ["▁", "▁a", "▁lamp", "lamp", "a", "b", "s", ",", "."]
    pieces = ["<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *words]
    vocab = {piece: i for i, piece in enumerate(pieces)}
    merges = [("▁", "a")]
    tokenizer = Tokenizer(models.BPE(vocab, merges, byte_fallback=True, fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first" if prepend else "never", split=False)
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*steps, decoders.Strip(" ", 1, 0)] if prepend else steps)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")


@pytest.fixture(params=["bytes", "metaspace", "metaspace, nothing prepended"])
def tokenizer(request, tiny_tokenizer):
    return tiny_tokenizer if request.param == "bytes" else metaspace_tokenizer(request.param == "metaspace")


def spell(tokenizer, ids, position=None):
    """The text of each token, and the position behind the last."""
    detokenizer, texts = Detokenizer(tokenizer), []
    position = position or Position()
    for token in ids:
        text, position = detokenizer.add(position, token)
        texts.append(text)
    return texts, position


def decode(tokenizer, ids):
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_the_texts_of_tokens_joined_are_the_text(tokenizer, text):
    ids = tokenizer.encode(text, add_special_tokens=False)
    texts, position = spell(tokenizer, ids)
    assert "".join(texts) == decode(tokenizer, ids)
    assert position.waiting == ()


def test_texts_of_random_bytes_joined_are_what_the_tokenizer_decodes(tiny_tokenizer):
    tokenizer = tiny_tokenizer
    rng = random.Random(0)
    for _ in range(60):
        ids = [rng.randrange(len(tokenizer)) for _ in range(rng.randrange(1, 40))]
        texts, position = spell(tokenizer, ids)
        assert len(position.waiting) <= 3
        ending, position = Detokenizer(tokenizer).finish(position)
        assert "".join(texts) + ending == decode(tokenizer, ids)
        assert position.waiting == ()


def test_bytes_that_can_be_no_character_come_out_as_the_text_goes_on(tokenizer):
    byte = tokenizer.encode("😀", add_special_tokens=False)[-1]
    texts, position = spell(tokenizer, [byte] * 40)
    assert "".join(texts) == UNFINISHED * 39 and len(position.waiting) == 3
    assert Detokenizer(tokenizer).finish(position)[0] == UNFINISHED


def test_a_control_token_of_the_added_table_is_shown_by_its_name_and_adds_nothing(tiny_tokenizer):
    tokenizer = copy.deepcopy(tiny_tokenizer)
    tokenizer.add_tokens([AddedToken("<|turn|>", special=True)])
    turn = tokenizer.convert_tokens_to_ids("<|turn|>")
    detokenizer = Detokenizer(tokenizer)
    assert detokenizer.piece(turn) == "<|turn|>" and detokenizer.add(Position(), turn) == ("", Position())
    assert detokenizer.named(("<|turn|>", "lamp")) == {turn}


def test_texts_of_random_characters_joined_are_what_the_tokenizer_decodes(tokenizer):
    rng = random.Random(1)
    for _ in range(60):
        text = "".join(rng.choice("ab .é“世😀\u200d") for _ in range(rng.randrange(1, 20)))
        ids = tokenizer.encode(text, add_special_tokens=False)
        assert "".join(spell(tokenizer, ids)[0]) == decode(tokenizer, ids)


def test_a_character_cut_into_tokens_appears_whole_with_its_last_one(tiny_tokenizer):
    ids = tiny_tokenizer.encode("a😀b", add_special_tokens=False)
    texts, _ = spell(tiny_tokenizer, ids)
    assert texts == ["a", "", "", "", "😀", "b"]


def test_bytes_that_never_become_a_character_come_out_when_the_next_character_does(tiny_tokenizer):
    ids = tiny_tokenizer.encode("a😀b", add_special_tokens=False)
    broken = [*ids[:3], ids[-1]]
    texts, position = spell(tiny_tokenizer, broken)
    assert "".join(texts) == decode(tiny_tokenizer, broken) == "a\ufffdb"
    assert position.waiting == ()


def test_special_tokens_add_nothing_not_even_between_the_bytes_of_a_character(tokenizer):
    end = tokenizer.eos_token_id
    plain = tokenizer.encode("b😀b", add_special_tokens=False)
    mixed = [token for one in plain for token in (end, one)] + [end]
    texts, _ = spell(tokenizer, mixed)
    assert texts[0::2] == [""] * (len(plain) + 1)
    assert "".join(texts) == decode(tokenizer, mixed) == decode(tokenizer, plain)


def test_leading_spaces_stay_with_a_tokenizer_that_drops_the_first():
    tokenizer = metaspace_tokenizer(prepend=True)
    lamp, space = tokenizer.convert_tokens_to_ids(["▁lamp", "▁"])
    assert spell(tokenizer, [lamp, lamp, space, space, lamp, space])[0] == ["lamp", " lamp", " ", " ", " lamp", " "]
    _, position = spell(tokenizer, tokenizer.encode("a", add_special_tokens=False))
    assert spell(tokenizer, [lamp, lamp], position)[0] == [" lamp", " lamp"]  # behind a prompt the first space stays


def test_a_branch_that_is_not_taken_leaves_no_mark(tiny_tokenizer):
    detokenizer = Detokenizer(tiny_tokenizer)
    ids = tiny_tokenizer.encode("a😀b", add_special_tokens=False)
    _, position = spell(tiny_tokenizer, ids[:3])
    for branch in (tiny_tokenizer.encode("xyz"), tiny_tokenizer.encode("é"), [tiny_tokenizer.eos_token_id]):
        place = position
        for token in branch:
            _, place = detokenizer.add(place, token)
    rest, _ = spell(tiny_tokenizer, ids[3:], position)
    assert rest == ["", "😀", "b"]


def test_a_long_text_of_unfinished_bytes_stays_a_text(tiny_tokenizer):
    tail = tiny_tokenizer.encode("é", add_special_tokens=False)[1]
    texts, _ = spell(tiny_tokenizer, [tail] * 300 + tiny_tokenizer.encode("b"))
    assert "".join(texts) == UNFINISHED * 300 + "b"


def test_a_piece_is_never_empty(tokenizer):
    detokenizer = Detokenizer(tokenizer)
    pieces = [detokenizer.piece(token) for token in range(len(tokenizer) + 3)]  # and padding entries have one too
    assert all(isinstance(piece, str) and piece for piece in pieces)
    assert not any(UNFINISHED in piece for piece in pieces)


def test_a_piece_shows_text_where_there_is_some_and_bytes_where_there_is_none(tokenizer):
    detokenizer = Detokenizer(tokenizer)
    assert [detokenizer.piece(token) for token in tokenizer.encode("😀", add_special_tokens=False)][-4:] == [
        "⟨F0⟩",
        "⟨9F⟩",
        "⟨98⟩",
        "⟨80⟩",
    ]
    assert detokenizer.piece(tokenizer.eos_token_id) == tokenizer.eos_token
    assert detokenizer.piece(tokenizer.encode("b", add_special_tokens=False)[-1]) == "b"


def test_a_piece_keeps_its_leading_space():
    tokenizer = metaspace_tokenizer(prepend=True)
    detokenizer = Detokenizer(tokenizer)
    assert detokenizer.piece(tokenizer.convert_tokens_to_ids("▁lamp")) == " lamp"
    assert detokenizer.piece(tokenizer.convert_tokens_to_ids("▁")) == " "
