"""A translating family made of a few hundred lines: pairs, passages, a small T5, and its draft."""

import argparse
import gzip
import json
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, DynamicCache, EncoderDecoderCache

from specdec.cli.main import main
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.models.loading import load
from specdec.settings import Settings
from specdec.trace import Round, loads
from specdec.train import batched_generation, chrf, command, parallel_corpora, seq2seq, steps, translation
from specdec.train.corpus import IGNORED
from specdec.train.parallel_corpora import Pair, PairRows, ParallelLibrary, Passage, PassageStream
from specdec.train.recipe import read_recipe
from specdec.train.schedule import Schedule
from specdec.train.seq2seq import Shape, decoder_states
from specdec.train.tokenizer import load_tokenizer, save_tokenizer
from specdec.train.trainer import Options, build_optimizers
from specdec.train.workspace import Kitchen

pytestmark = pytest.mark.xdist_group("train-translate")  # what is trained is made once, for the whole file
ANIMALS = {"cat": "chat", "dog": "chien", "fox": "renard", "lion": "lion", "horse": "cheval"}
DEEDS = {"sees": "voit", "wants": "veut", "finds": "trouve", "loses": "perd", "takes": "prend"}
COLOURS = {"red": "rouge", "yellow": "jaune", "pink": "rose", "square": "carré"}
THINGS = {"book": "livre", "bread": "pain", "hat": "chapeau", "bag": "sac", "garden": "jardin"}
ROW = 32
RECIPE = """
languages = ["en", "fr"]

[export]
target = "Tiny"
draft = "Tiny-draft"

[mixture.main]
pairs = 1

[mixture.distil]
own = 1

[[step]]
name = "tokenizer"
kind = "translation-tokenizer"
mixture = "main"
vocabulary = 400
context = 128

[[step]]
name = "target"
kind = "translator"
mixture = "main"
encoder_layers = 1
decoder_layers = 2
width = 64
tokens = 30_720
warm_up = 2048
cool_down = 15_360
row_length = 32
longest = 90
batch = 512
micro_batch = 512
learning_rate = 0.02
embedding_rate = 0.01

[[step]]
name = "draft"
kind = "translator"
start = "target"
mixture = "main"
encoder_layers = 1
decoder_layers = 1
width = 64
tokens = 4096
warm_up = 512
row_length = 32
longest = 90
batch = 512
micro_batch = 256
log_steps = 1
checkpoint_minutes = 0.0

[[step]]
name = "own"
kind = "translations"
writer = "target"
mixture = "main"
passages = 24
temperatures = [0.0, 0.8]
longest = 90
batch = 8

[[step]]
name = "draft-kd"
kind = "translator"
start = "draft"
teacher = "target"
mixture = "distil"
encoder_layers = 1
decoder_layers = 1
width = 64
tokens = 5120
warm_up = 512
row_length = 32
batch = 512
micro_batch = 256

[[step]]
name = "card"
kind = "translation-card"
target = "target"
drafts = ["draft-kd", "draft"]
prompts = 2
"""


def lines():
    """Five hundred sentences; the colour goes behind the thing."""
    return [
        (f"The {a} {b} a {c} {d}.", f"Le {ANIMALS[a]} {DEEDS[b]} un {THINGS[d]} {COLOURS[c]}.")
        for a in ANIMALS
        for b in DEEDS
        for c in COLOURS
        for d in THINGS
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "pairs.tsv").write_text("".join(f"{en}\t{fr}\n" for en, fr in lines()), encoding="utf-8")
    (folder / "tiny.toml").write_text(RECIPE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def family(data, tmp_path_factory):
    """The kitchen in which the command line has made every step, and beside it the exported models."""
    out = tmp_path_factory.mktemp("family")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    line = f"--recipe {data}/tiny.toml --data {data} --out {out} --export {out}/models --device cpu"
    assert command.main(parser.parse_args(line.split())) == 0
    recipe = read_recipe(str(data / "tiny.toml"))
    return Kitchen(recipe, ParallelLibrary(data, recipe), out)


@pytest.fixture(scope="module")
def tokenizer():
    return translation.train_pair_tokenizer((text for pair in lines() for text in pair), 400, 128)


def documents():
    return [(Pair(en, (fr,)),) for en, fr in lines()]


def stream(tokenizer, seed=3, row_length=ROW, longest=90):
    return PassageStream({"pairs": 1.5}, lambda name: documents(), tokenizer, row_length, longest, seed)


def small(tokenizer, layers=(2, 2), seed=0, width=64):
    model = seq2seq.build_translator(Shape(*layers, width, 32), tokenizer, seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 2:  # spread wide, so that every part of a row tells
                parameter.mul_(8)
    return model.eval()


# ------------------------------------------------------------------------------------------------------ pairs


def test_a_table_gives_every_text_once_with_all_its_translations(tmp_path):
    text = "Hi.\tSalut !\tCC-BY\r\n\nHi.\tBonjour.\nno translation\n  Two\u00a0 words. \t Deux mots.\n"
    with gzip.open(tmp_path / "pairs.tsv.gz", "wt", encoding="utf-8", newline="") as packed:
        packed.write(text)
    found = parallel_corpora.read_documents(tmp_path / "pairs.tsv.gz", ("en", "fr"))
    assert found == [(Pair("Hi.", ("Salut !", "Bonjour.")),), (Pair("Two words.", ("Deux mots.",)),)]


def test_the_pages_of_a_story_stay_together_in_their_order(tmp_path):
    rows = [("a", "One."), ("a", "Two."), ("b", "Three."), (None, "Four."), (None, "Five.")]
    text = "".join(
        json.dumps({"story": s, "en": t, "fr": t.upper()} if s else {"en": t, "fr": t}) + "\n" for s, t in rows
    )
    (tmp_path / "pages.jsonl").write_text(text, encoding="utf-8")
    found = parallel_corpora.read_documents(tmp_path / "pages.jsonl", ("en", "fr"))
    assert [[pair.source for pair in document] for document in found] == [
        ["One.", "Two."],
        ["Three."],
        ["Four."],
        ["Five."],
    ]
    assert found[0][1].targets == ("TWO.",)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"en": "Hi."}\n', "a.jsonl does not hold a text in each of en, fr"),
        ("a.jsonl", "[1]\n", "a.jsonl does not hold"),
        ("a.jsonl", "{\n", "a.jsonl does not hold"),
        ("a.tsv", "one column\n", "a.tsv holds no line"),
    ],
)
def test_what_holds_no_pairs_is_refused_with_a_sentence(tmp_path, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        parallel_corpora.read_documents(tmp_path / name, ("en", "fr"))


def test_a_text_is_on_one_side_of_the_split_however_it_is_written_and_wherever_it_stands(tmp_path):
    texts = [f"Number {number} is here." for number in range(600)]
    table = "".join(f"{text}\tA\n{text.upper()}\tB\n{text.replace('.', ' !')}\tC\n" for text in texts)
    pages = "".join(json.dumps({"story": i // 7, "en": f"“{t}”", "fr": "D"}) + "\n" for i, t in enumerate(texts))
    (tmp_path / "table.tsv").write_text(table, encoding="utf-8")
    (tmp_path / "pages.jsonl").write_text(pages, encoding="utf-8")
    (tmp_path / "r.toml").write_text('languages = ["en", "fr"]\nstep = []\n[mixture.main]\ntable = 1\npages = 1\n')
    library = ParallelLibrary(tmp_path, read_recipe(str(tmp_path / "r.toml")))

    def numbers(found):
        return Counter(pair.source.split()[1] for document in found for pair in document)

    train = numbers(library.documents("table")) + numbers(library.documents("pages"))
    held_out = numbers(library.held_out())
    assert len(held_out) >= 2 and not train.keys() & held_out.keys()
    assert len(train) + len(held_out) == 600 and {*train.values(), *held_out.values()} == {4}


def test_any_table_will_do_where_the_recipe_finds_none_of_its_files(tmp_path, data):
    (tmp_path / "german.tsv").write_text("Yes.\tJa.\n", encoding="utf-8")
    (tmp_path / "other.jsonl").write_text("{}\n", encoding="utf-8")
    library = ParallelLibrary(tmp_path, read_recipe("translate"))
    assert library.mixture("main") == {"german": 1.0} and library.mixture("distil") == {"own": 1}
    assert library.documents("german") == [(Pair("Yes.", ("Ja.",)),)]
    (tmp_path / "tatoeba_eng_fra.tsv").write_text("Yes.\tOui.\n", encoding="utf-8")
    with pytest.raises(UserError, match="lacks open_storybooks_en_fr"):
        ParallelLibrary(tmp_path, read_recipe("translate"))
    with pytest.raises(UserError, match=r"holds no file that ends in one of \.tsv"):
        ParallelLibrary(data / "..", read_recipe("translate"))


# --------------------------------------------------------------------------------------------------- passages


def test_joining_shows_every_pair_once_and_keeps_a_story_in_order():
    story = tuple(Pair(f"s{i}", (f"t{i}",)) for i in range(40))
    singles = [(Pair(f"x{i}", (f"y{i}", f"z{i}")),) for i in range(40)]
    texts = list(parallel_corpora.join([story, *singles], 30, np.random.default_rng(0)))
    sources, targets = (" ".join(side).split() for side in zip(*texts, strict=True))
    assert sorted(sources) == sorted([f"s{i}" for i in range(40)] + [f"x{i}" for i in range(40)])
    assert [source for source in sources if source[0] == "s"] == [f"s{i}" for i in range(40)]
    assert [target[1:] for target in targets] == [source[1:] for source in sources]
    assert {target[0] for target in targets} == {"t", "y", "z"}
    assert max(len(target) for _, target in texts) <= 30


def test_passages_are_of_all_lengths_and_most_of_them_short():
    counts = [
        len(source.split()) for source, _ in parallel_corpora.join(documents() * 4, 200, np.random.default_rng(0))
    ]
    sentences = np.array(counts) // 6
    assert (sentences == 1).mean() > 0.2 and sentences.max() >= 5 and {2, 3, 4} <= set(sentences)


def test_a_pair_that_is_too_long_alone_stands_alone():
    found = [(Pair("long", ("x" * 50,)),), (Pair("a", ("b",)),), (Pair("c", ("d",)),)]
    texts = list(parallel_corpora.join(found, 10, np.random.default_rng(1)))
    assert ("long", "x" * 50) in texts


def test_packing_keeps_what_fits_once_and_fills_rows(tokenizer):
    passages = stream(tokenizer).passages(0)
    rows = parallel_corpora.pack(passages, ROW)
    fitting = [p for p in passages if max(map(len, p)) <= ROW]
    assert sorted(id(p) for row in rows for p in row) == sorted(map(id, fitting)) and len(fitting) > 100
    for side in (0, 1):
        assert max(sum(len(p[side]) for p in row) for row in rows) <= ROW
    assert sum(len(p.target) for p in fitting) / (len(rows) * ROW) > 0.85


def test_the_decoder_begins_every_passage_anew():
    a, b = Passage(np.array([5, 6, 1]), np.array([7, 8, 9, 1])), Passage(np.array([4, 1]), np.array([3, 1]))
    rows = parallel_corpora.rows_of([[a, b]], 8, start=0)
    assert rows.source.tolist() == [[5, 6, 1, 4, 1, 0, 0, 0]] and rows.source_part.tolist() == [
        [1, 1, 1, 2, 2, 0, 0, 0]
    ]
    assert rows.inputs.tolist() == [[0, 7, 8, 9, 0, 3, 0, 0]] and rows.part.tolist() == [[1, 1, 1, 1, 2, 2, 0, 0]]
    assert rows.labels.tolist() == [[7, 8, 9, 1, 3, 1, IGNORED, IGNORED]]


def test_rows_depend_on_their_number_and_the_seed_alone(tokenizer):
    whole = stream(tokenizer).rows(0, 700)
    one_pass = stream(tokenizer).pass_length // ROW
    assert one_pass < 650  # so the rows reach into a second pass
    middle = stream(tokenizer).rows(600, 50)
    assert all(np.array_equal(a, b[600:650]) for a, b in zip(middle, whole, strict=True))
    back = stream(tokenizer)
    back.rows(600, 50)
    assert all(np.array_equal(a, b[:9]) for a, b in zip(back.rows(0, 9), whole, strict=True))
    assert not np.array_equal(stream(tokenizer, seed=4).rows(0, 700).labels, whole.labels)


def test_a_corpus_without_a_passage_that_fits_is_refused(tokenizer):
    with pytest.raises(UserError, match="no passage"):
        stream(tokenizer, row_length=4).rows(0, 1)


# -------------------------------------------------------------------------------------------------- tokenizer


def test_the_tokenizer_ends_texts_pads_with_zero_and_survives_any_text(tokenizer, tmp_path):
    save_tokenizer(tokenizer, tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    for text in ("Le chat voit.", " deux  espaces ", "naïve 漢字 👩‍👩‍👧\n\t", ""):
        ids = loaded.encode(text)
        assert ids == tokenizer.encode(text) and ids[-1] == loaded.eos_token_id == 1
        assert loaded.decode(ids, skip_special_tokens=True) == text
    assert loaded.pad_token_id == 0 and loaded.bos_token is None and len(loaded) == len(tokenizer)


# ------------------------------------------------------------------------------------------------------ model


def test_a_folded_model_is_a_t5_that_computes_the_same(tokenizer):
    model = small(tokenizer)
    passage = stream(tokenizer).passages(0)[0]
    rows = parallel_corpora.rows_of([[passage]], ROW, 0)
    with torch.no_grad():
        length = len(passage.target)
        expected = (decoder_states(model, rows) @ model.shared.weight.T)[:, :length]
        folded = seq2seq.fold(model)
        got = folded(
            input_ids=torch.tensor(passage.source)[None], decoder_input_ids=torch.tensor(rows.inputs[:, :length])
        ).logits
    assert expected.std() > 0.5 and (got - expected).abs().max() < 1e-4 * expected.abs().max()


def test_a_passage_in_a_row_is_read_as_if_it_stood_alone(tokenizer):
    model = small(tokenizer)
    row = next(row for row in parallel_corpora.pack(stream(tokenizer, row_length=64).passages(0), 64) if len(row) > 3)
    with torch.no_grad():
        together = decoder_states(model, parallel_corpora.rows_of([row], 64, 0))[0]
        begin = 0
        for passage in row:
            alone = decoder_states(model, parallel_corpora.rows_of([[passage]], 64, 0))[0, : len(passage.target)]
            assert torch.allclose(together[begin : begin + len(passage.target)], alone, atol=1e-4)
            begin += len(passage.target)


def test_a_model_that_starts_from_another_takes_its_layers_first_ones_first(tokenizer):
    seed, same, less, more = (small(tokenizer, shape, i) for i, shape in enumerate([(2, 2), (2, 2), (2, 1), (3, 4)]))
    rows = stream(tokenizer).rows(0, 2)
    for model in (same, less, more):
        seq2seq.start_from(model, seed)
    with torch.no_grad():
        assert torch.equal(decoder_states(same, rows), decoder_states(seed, rows))
    for model, layers in ((less, [0]), (more, [0, 1, 0, 1])):
        for block, index in zip(model.decoder.block, layers, strict=True):
            its = dict(seed.decoder.block[index].named_parameters())
            assert all(torch.equal(its[name], weight) for name, weight in block.named_parameters() if name in its)


def test_tables_are_left_to_adam_and_all_other_matrices_to_muon(tokenizer):
    model = small(tokenizer)
    names = {parameter: name for name, parameter in model.named_parameters()}
    muon, adam = build_optimizers(model, Options(Schedule(1, 0, 0)))
    of_muon = {names[p] for group in muon.param_groups for p in group["params"]}
    of_adam = {names[p] for group in adam.param_groups for p in group["params"] if p.ndim == 2}
    bias = "block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    assert of_adam == {"shared.weight", f"encoder.{bias}", f"decoder.{bias}"}
    assert len(of_muon) == 2 * (4 + 3) + 2 * (4 + 4 + 3)


def test_a_model_taught_by_its_equal_has_nothing_to_learn(tokenizer):
    model, teacher = small(tokenizer), small(tokenizer)
    rows = stream(tokenizer).rows(0, 4)
    gradients = {
        name: torch.autograd.grad(seq2seq.rows_loss(model, rows, guide, 1.0), model.shared.weight)[0].abs().max()
        for name, guide in (("teacher", teacher), ("none", None), ("other", small(tokenizer, seed=1)))
    }
    assert gradients["teacher"] < 1e-3 * min(gradients["none"], gradients["other"])


def test_a_width_that_heads_do_not_divide_is_refused(tokenizer):
    with pytest.raises(UserError, match="multiple of the head width"):
        seq2seq.build_translator(Shape(width=96), tokenizer, 0)


# --------------------------------------------------------------------------------------- the family, really made


class Stopped(Exception):
    pass


def again(family, folder, *made, report=lambda step, entry: None):
    """The same kitchen elsewhere, with some steps done."""
    for name in made:
        (folder / name).symlink_to(family.folder(name))
    return replace(family, out=folder, report=report)


def test_a_translator_whose_training_was_stopped_becomes_the_same(family, tmp_path):
    def stopping(step, entry):
        if entry["step"] == 5:
            raise Stopped

    step = family.recipe.step("draft")
    with pytest.raises(Stopped):
        steps.make(again(family, tmp_path, "tokenizer", "target", report=stopping), step)
    stopped = json.loads((tmp_path / "draft/checkpoint/progress.json").read_text())["step"]
    assert 0 < stopped < 8 and not (tmp_path / "draft/done.json").exists()
    steps.make(replace(family, out=tmp_path), step)
    one, other = (load_file(k / "draft/checkpoint/weights.safetensors") for k in (tmp_path, family.out))
    assert one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


def test_a_few_hundred_lines_teach_a_tiny_model_to_translate_what_it_has_not_seen(family):
    held_out = json.loads((family.folder("target") / "done.json").read_text())["held_out"]["translations"]
    model = load(target=str(family.out / "models/Tiny"), device="cpu").target
    texts = parallel_corpora.held_out_texts(family.library.held_out(), 60, 20)
    trained = {pair.source for document in family.library.documents("pairs") for pair in document}
    assert texts and not trained & {source for source, _ in texts}
    found = chrf.quality(model, texts)
    assert held_out < 1.0 and found.model > found.copying + 15 and len(found.written) == found.passages == len(texts)


def test_chrf_is_that_of_sacrebleu():
    texts = ("Le chat dort.", "Il fait beau."), ("Le chien dort.", "Il fait froid.")
    assert chrf.chrf(texts[0], texts[0]) == 100.0
    assert chrf.chrf(("xyz", "uvw"), texts[0]) < 5
    from sacrebleu import corpus_chrf

    assert chrf.chrf(*texts) == corpus_chrf(list(texts[0]), [list(texts[1])]).score
    with pytest.raises(UserError, match="no held-out passage"):
        chrf.quality(None, [])


def test_a_card_that_cannot_be_made_is_refused_before_the_training(data, tmp_path, monkeypatch):
    monkeypatch.setattr(chrf, "find_spec", lambda name: None)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    line = f"--recipe {data}/tiny.toml --data {data} --out {tmp_path}/work --device cpu"
    with pytest.raises(UserError, match="needs the package sacrebleu"):
        command.main(parser.parse_args(line.split()))
    assert not (tmp_path / "work").exists()


def fresh_cache():
    """One that grows by layers; `generate` would make one for as many as the encoder has."""
    return EncoderDecoderCache(DynamicCache(), DynamicCache())


def written(rounds):
    return [t.id for r in rounds for t in (*(g for g in r.draft if g.verdict == "accepted"), r.final) if t is not None]


def test_the_exported_pair_runs_and_writes_what_generate_writes(family):
    folders = [str(family.out / "models" / name) for name in ("Tiny", "Tiny-draft")]
    pair = load(target=folders[0], draft=folders[1], device="cpu")
    prompt = "The cat sees a red book. The dog wants a pink hat."
    rounds = [
        r
        for r in loop.rounds(prepare(pair, Request(prompt, "model", Settings(max_new_tokens=40))))
        if isinstance(r, Round)
    ]
    tokenizer, model = AutoTokenizer.from_pretrained(folders[0]), AutoModelForSeq2SeqLM.from_pretrained(folders[0])
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    expected = model.generate(ids, max_new_tokens=40, past_key_values=fresh_cache())[0, 1:].tolist()
    assert model.dtype == torch.float32 and model.config.tie_word_embeddings
    assert written(rounds) == expected and any(t.verdict == "accepted" for r in rounds for t in r.draft)
    names = {path.suffix for path in (family.out / "models").rglob("*") if path.is_file()}
    assert names == {".safetensors", ".json"}


def test_the_command_line_runs_the_exported_pair(family, capsys):
    folders = [str(family.out / "models" / name) for name in ("Tiny", "Tiny-draft")]
    line = ["run", "--target", folders[0], "--draft", folders[1], "--prompt", "The fox takes a yellow bag.", "--json"]
    assert main([*line, "--device", "cpu", "--max-new-tokens", "24"]) == 0
    trace = loads(capsys.readouterr().out)
    assert trace.header.target.encoder_decoder and trace.footer.reason in ("eos", "length")


def test_the_exported_model_computes_what_was_trained_to_bfloat16_precision(family):
    trained = seq2seq.load_translator(family.folder("target"))
    model = AutoModelForSeq2SeqLM.from_pretrained(family.out / "models/Tiny")
    ids = AutoTokenizer.from_pretrained(family.out / "models/Tiny")("The cat sees a hat.", return_tensors="pt")
    inputs = {"input_ids": ids["input_ids"], "decoder_input_ids": torch.tensor([[0, 5, 9]])}
    with torch.no_grad():
        expected, got = trained(**inputs).logits, model(**inputs).logits
    assert (expected - got).abs().max() < 0.03 * expected.abs().max()


def test_the_target_own_translations_are_those_it_writes_alone_and_can_be_resumed(family, tmp_path):
    target = seq2seq.load_translator(family.folder("target"))
    model = EncoderDecoderModel("target", target, family.tokenizer)
    parts = sorted((family.folder("own") / batched_generation.PARTS).glob("*.safetensors"))
    texts = translation.read_translations(family, "own")
    assert len(parts) == 3 and len(texts) == 24
    greedy = [one for one in batched_generation.read(parts[0]) if one.ended]
    assert greedy
    for one in greedy:
        ids = torch.tensor(one.prompt)[None]
        alone = target.generate(ids, max_new_tokens=len(one.answer), past_key_values=fresh_cache())[0, 1:]
        assert one.answer.tolist() == alone.tolist() and one.answer[-1] in model.end_ids
    kitchen = again(family, tmp_path, "tokenizer", "target")
    (tmp_path / "own" / batched_generation.PARTS).mkdir(parents=True)
    (tmp_path / "own" / batched_generation.PARTS / parts[1].name).write_bytes(parts[1].read_bytes())
    steps.make(kitchen, family.recipe.step("own"))
    repeated = translation.read_translations(kitchen, "own")
    assert [p.target.tolist() for p in repeated] == [p.target.tolist() for p in texts]


def test_distillation_brings_the_draft_closer_to_its_target(family):
    target, *drafts = (seq2seq.load_unfolded(family.folder(name)) for name in ("target", "draft", "draft-kd"))
    passages = translation.read_translations(family, "own")
    rows = parallel_corpora.rows_of(parallel_corpora.pack(passages, ROW), ROW, 0)

    def divergence(model):
        with torch.no_grad():
            return seq2seq.rows_loss(model, rows, target, 1.0).item()

    least, (before, after) = divergence(target), map(divergence, drafts)
    assert least < after and after - least < 0.8 * (before - least)


def test_the_card_tells_how_good_the_translations_are_and_how_many_guesses_are_kept(family):
    card = (family.folder("card") / "README.md").read_text(encoding="utf-8")
    for name in ("target", "draft", "draft-kd"):
        assert f"| `{family.recipe.exports.get(name, name)}` |" in card
    scores = re.findall(r"^\| (?:`\S+`|the source as it is) \| ([0-9]+\.[0-9]) \|$", card, re.M)
    assert len(scores) == 4 and all(0 < float(score) <= 100 for score in scores)
    assert (
        f"| `{family.recipe.exports.get('draft-kd', 'draft-kd')}` | K = 5 |" in card and "| lookup | K = 5 |" in card
    )


def test_the_card_tells_what_a_translation_costs_every_model(family):
    card = (family.folder("card") / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\S.*) \| ([0-9]+\.[0-9]{3}) \|$", card, re.M)
    exports = family.recipe.exports
    assert [name for name, _ in lines] == [f"`{exports.get(name, name)}`" for name in ("target", "draft-kd", "draft")]
    models = [float(loss) for _, loss in lines]
    assert models == pytest.approx([alone(family, name) for name in ("target", "draft-kd", "draft")], abs=1e-3)
    assert models[0] < np.log(len(family.tokenizer))


def alone(family, step):
    """Nats per token of every held-out passage by itself, as transformers reckons them."""
    model, total, count = seq2seq.load_translator(family.folder(step)), 0.0, 0
    texts = parallel_corpora.join(family.library.held_out(), translation.LONGEST, np.random.default_rng(0))
    for source, target in parallel_corpora.encode(family.tokenizer, texts):
        ids, labels = (torch.as_tensor(side)[None] for side in (source, target))
        with torch.no_grad():
            total += model(input_ids=ids, labels=labels).loss.item() * len(target)
        count += len(target)
    return total / count


# ----------------------------------------------------------------------------------------- the recipe that ships


def test_every_step_of_the_recipe_has_the_options_of_its_kind_and_builds_on_earlier_ones():
    recipe = read_recipe("translate")
    done = set()
    for step in recipe.steps:
        steps.read(step)
        named = {step.options[key] for key in ("start", "teacher", "writer", "target") if key in step.options}
        named |= {*step.options.get("drafts", ())}
        named |= recipe.mixtures[step.options.get("mixture", "main")].keys() & recipe.made()
        assert named <= done and step.minutes > 0
        done.add(step.name)
    assert {"target", "draft", "own", "draft-kd"} <= done and recipe.exports.keys() <= done


def test_the_target_of_the_recipe_fits_into_its_file():
    recipe = read_recipe("translate")
    options, entries = recipe.step("target").options, recipe.step("tokenizer").options["vocabulary"]
    shape = Shape(options["encoder_layers"], options["decoder_layers"])
    blank = type("Tokens", (), {"__len__": lambda _: entries, "pad_token_id": 0, "eos_token_id": 1})()
    with torch.device("meta"):
        parameters = seq2seq.build_translator(shape, blank, 0).num_parameters()
    assert 2 * parameters <= 25e6


def test_padding_teaches_nothing(tokenizer):
    model = small(tokenizer)
    rows = parallel_corpora.rows_of([[stream(tokenizer).passages(0)[0]]], ROW, 0)
    other = PairRows(*(array.copy() for array in rows))
    other.inputs[rows.part == 0] = 7
    other.source[rows.source_part == 0] = 9
    with torch.no_grad():
        assert torch.allclose(seq2seq.rows_loss(model, rows), seq2seq.rows_loss(model, other))


def test_a_recipe_finds_its_tokenizer_again(family):
    assert load_tokenizer(family.folder("draft-kd")).encode("The cat.") == family.tokenizer.encode("The cat.")
