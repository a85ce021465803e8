"""Drafters that copy find what a slow search finds, keep within the shape, and never change what is written."""

import io
import json
import os
import random
import struct
import subprocess
import sys
import threading
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

import specdec
from specdec import drafters
from specdec.cli.main import main
from specdec.drafters import datastore, prompt_lookup, suffix_decoding
from specdec.drafters.continuation_counts import RAREST, count
from specdec.drafters.datastore import Datastore
from specdec.drafters.draft import Context
from specdec.drafters.ngram_index import Places
from specdec.drafters.prompt_lookup import LookupDrafter
from specdec.drafters.retrieval import LONGEST, MOST_PLACES, SHORTEST, RetrievalDrafter
from specdec.drafters.suffix_decoding import END, REACH, Memory, SuffixDrafter
from specdec.engine import calibration
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.lab import drafter_latency
from specdec.lab.bench import bench
from specdec.methods import DRAFTERS, names
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings
from specdec.views import tables

TREES = [(1, 1, 1, 1), (3, 2, 1), (2, 2, 2), (4,)]
POEM = (
    "The old lamp on the harbour wall burns all night, and the boats come home by it.\n"
    "The old lamp on the table burns all day, and the cat comes home by it.\n"
    "Nobody on the wall could see the sea, and nobody could see the boats.\n"
)


def propose(drafter, tokens, shape, source=()):
    """The draft's paths in its order; checks what holds for every drafter that copies."""
    if isinstance(shape, int):
        shape = (1,) * shape
    draft = drafter.propose(Context(tokens, source), shape, Coins(0))
    ids, count = draft.ids.tolist(), len(draft.parents)
    assert (draft.q, draft.passes, draft.extra) == (None, 0, None) and draft.coins == (None,) * count
    assert draft.ids.dtype == torch.long and all(-1 <= parent < i for i, parent in enumerate(draft.parents))
    paths = []
    for token, parent in zip(ids, draft.parents, strict=True):
        paths.append((*(paths[parent] if parent >= 0 else ()), token))
    assert len(set(paths)) == count, "siblings are different tokens"
    for parent, children in Counter(draft.parents).items():
        assert children <= shape[len(paths[parent]) if parent >= 0 else 0], "a draft is never wider than its shape"
    assert all(len(path) <= len(shape) for path in paths), "a draft is never deeper than its shape"
    return paths


def guesses(drafter, tokens, shape=4):
    """The tokens of a chain."""
    paths = propose(drafter, tokens, shape)
    return list(paths[-1]) if paths else []


def texts(kinds, runs=30, steps=12):
    """Texts that grow by one to five tokens at a time, of so many kinds of token."""
    rng = random.Random(0)
    for _ in range(runs):
        tokens = [rng.randrange(kinds) for _ in range(rng.randrange(1, 30))]
        grown = [tokens]
        for _ in range(steps):
            tokens = tokens + [rng.randrange(kinds) for _ in range(rng.randrange(1, 6))]
            grown.append(tokens)
        yield grown


# ------------------------------------------------------------------------------------------------- lookup


@pytest.fixture
def begin_lookup(tiny_model):
    def begin(prompt=()):
        drafter = LookupDrafter()
        drafter.start(tiny_model("llama"), list(prompt), Settings())
        return drafter

    return begin


def slow_places(tokens, longest=prompt_lookup.LONGEST, shortest=prompt_lookup.SHORTEST):
    """(size, place) of every earlier occurrence of a suffix, found by looking everywhere; the longest match of a
    place counts, longest first, then latest first. A single token has to have stood at one place only."""
    found = {}
    for size in range(min(longest, len(tokens)), shortest - 1, -1):
        for end in range(len(tokens) - 1, size - 1, -1):
            alone = size > 1 or tokens.count(tokens[-1]) == 2  # here and at one other place
            if alone and tokens[end - size : end] == tokens[-size:]:
                found.setdefault(end, size)
    return [(size, end) for end, size in found.items()]


def slow_copy(tokens, place, length):
    text = list(tokens)
    for i in range(length):
        text.append(text[place + i])  # may read what it has just written
    return tuple(text[len(tokens) :])


def slow_tree(continuations, shape):
    """Continuations merged in their order, as long as each fits: the paths of all nodes."""
    nodes = []
    for tokens in continuations:
        for depth, most in enumerate(shape):
            path = tuple(tokens[: depth + 1])
            if len(path) <= depth:
                break
            if path not in nodes:
                if sum(len(other) == depth + 1 and other[:-1] == path[:-1] for other in nodes) == most:
                    break
                nodes.append(path)
    return nodes


def test_lookup_copies_what_followed_the_last_time(begin_lookup):
    assert guesses(begin_lookup(), [1, 2, 3, 4, 5, 6, 1, 2]) == [3, 4, 5, 6]
    assert guesses(begin_lookup(), [1, 2, 3, 4, 5, 6, 1, 2], 2) == [3, 4]


def test_lookup_prefers_the_most_recent_of_equal_matches(begin_lookup):
    assert guesses(begin_lookup(), [1, 2, 7, 1, 2, 8, 1, 2], 1) == [8]


def test_lookup_prefers_the_longest_match_to_the_most_recent(begin_lookup):
    assert guesses(begin_lookup(), [5, 1, 2, 7, 6, 1, 2, 8, 5, 1, 2], 1) == [7]


def test_lookup_goes_round_when_the_copy_reaches_its_own_start(begin_lookup):
    assert guesses(begin_lookup(), [9, 1, 2, 3, 1, 2, 3], 8) == [1, 2, 3, 1, 2, 3, 1, 2]
    assert guesses(begin_lookup(), [4, 4, 4], 5) == [4] * 5


@pytest.mark.parametrize("tokens", [[1], [1, 2], [1, 2, 3, 4], [1, 9, 2, 9, 3, 9]])
@pytest.mark.parametrize("shape", [4, (3, 2)])
def test_lookup_guesses_nothing_where_nothing_repeats(begin_lookup, tokens, shape):
    assert propose(begin_lookup(), tokens, shape) == []


@pytest.mark.parametrize("kinds", [2, 3, 8])
def test_lookup_finds_what_a_slow_search_finds_however_the_text_grows(begin_lookup, kinds):
    found = 0
    for grown in texts(kinds):
        growing = begin_lookup(grown[0])
        for i, tokens in enumerate(grown):
            length = 1 + i
            places = slow_places(tokens)
            expected = list(slow_copy(tokens, places[0][1], length)) if places else []
            assert guesses(growing, tokens, length) == guesses(begin_lookup(), tokens, length) == expected
            found += bool(expected)
    assert found > 50


@pytest.mark.parametrize("shape", TREES[1:])
def test_a_lookup_tree_holds_the_different_ways_on_best_match_first(begin_lookup, shape):
    branched = 0
    for grown in texts(3, runs=10):
        growing = begin_lookup(grown[0])
        for tokens in grown:
            places = slow_places(tokens)[: prompt_lookup.MOST_PLACES]
            expected = slow_tree([slow_copy(tokens, place, len(shape)) for _, place in places], shape)
            assert propose(growing, tokens, shape) == expected
            branched += len(expected) > len(shape)
    assert branched > 50


def test_lookup_copies_behind_a_single_token_that_stood_at_one_place_only(begin_lookup):
    assert guesses(begin_lookup(), [7, 1, 2, 9, 7], 3) == [1, 2, 9]
    assert guesses(begin_lookup(), [7, 1, 7, 2, 9, 7], 3) == []
    assert guesses(begin_lookup(), [3, 7, 1, 7, 2, 3, 7], 3) == [1, 7, 2]  # behind two tokens, as ever


def test_the_first_path_of_a_lookup_tree_is_its_chain(begin_lookup):
    for grown in texts(3, runs=5):
        chain, tree = guesses(begin_lookup(), grown[-1], 3), propose(begin_lookup(), grown[-1], (3, 2, 2))
        assert [path for path in tree if len(path) == 3][:1] == [tuple(chain)]


def test_lookup_begins_every_run_anew(begin_lookup, tiny_model):
    drafter = begin_lookup()
    assert guesses(drafter, [1, 2, 3, 1, 2]) == [3, 1, 2, 3]
    drafter.start(tiny_model("llama"), [], Settings())
    assert guesses(drafter, [7, 1, 2]) == []


@pytest.mark.parametrize("make", [LookupDrafter, SuffixDrafter], ids=["lookup", "suffix"])
def test_an_encoders_input_is_text_to_copy_from(tiny_model, make):
    drafter, source = make(), [5, 6, 7, 8, 9]
    drafter.start(tiny_model("llama"), source, Settings())
    assert propose(drafter, [0], 2, source) == []
    assert propose(drafter, [0, 6, 7], 2, source) == [(8,), (8, 9)]
    assert propose(drafter, [0, 6, 7, 3, 6, 7], 2, source) == [(3,), (3, 6)]


# ------------------------------------------------------------------------------------------------- the index


def test_places_are_found_latest_first_and_only_up_to_a_moment():
    places = Places(1, 2)
    places.extend([1, 2, 1, 2, 1])
    assert list(places.places_after((1,))) == [3, 1] and list(places.places_after((1, 2))) == [4, 2]
    assert list(places.places_after((1,), until=3)) == [1] and list(places.places_after((3,))) == []


def test_no_run_reaches_from_one_text_into_the_next():
    places = Places(1, 3)
    for text in ([1, 2], [1, 3], []):
        places.extend(text)
        places.separate(END)
    assert list(places.places_after((1,))) == [4, 1]
    assert all(END not in run for run in places.latest) and (2, 1) not in places.latest


def test_an_index_read_in_pieces_is_the_index_read_at_once():
    for grown in texts(3, runs=5):
        whole, pieces = Places(1, 4), Places(1, 4)
        whole.extend(grown[-1])
        for tokens in grown:
            pieces.extend(tokens[len(pieces.tokens) :])
        assert (whole.tokens, whole.latest, whole.earlier) == (pieces.tokens, pieces.latest, pieces.earlier)


# ------------------------------------------------------------------------------------------------- counting


def slow_count(rows, shape):
    """Every path's share of all rows, from counts of prefixes: the likeliest at every node, rare ones left out."""
    share = Counter(tuple(row[: depth + 1]) for row in rows for depth in range(min(len(row), len(shape))))
    kept = {()}
    for depth, width in enumerate(shape):
        for parent in [path for path in kept if len(path) == depth]:
            children = [path for path in share if path[:-1] == parent and len(path) == depth + 1]
            best = sorted(children, key=lambda path: -share[path])[:width]
            kept |= {path for path in best if share[path] / len(rows) >= RAREST}
    return {path: share[path] / len(rows) for path in kept - {()}}


@pytest.mark.parametrize("shape", [*TREES, (2, 1, 1, 1)])
def test_a_guess_is_as_likely_as_the_share_of_rows_that_begin_like_it(shape):
    rng = random.Random(1)
    for _ in range(50):
        rows = [[rng.randrange(3) for _ in range(rng.randrange(5))] for _ in range(rng.randrange(1, 40))]
        branches, expected = count(rows, shape), slow_count(rows, shape)
        chances = [expected[path] for path in branches.paths]
        assert chances == sorted(chances, reverse=True)
        assert sorted(chances) == sorted(expected.values())  # among equals the choice is free
        assert branches.kept == pytest.approx(sum(chances))
        assert all(path[:-1] in branches.paths[:i] for i, path in enumerate(branches.paths) if len(path) > 1)


def test_counting_nothing_gives_nothing():
    assert count([], (2, 2)) == ([], 0.0)
    assert count([[], []], (2, 2)) == ([], 0.0)


# ------------------------------------------------------------------------------------------------- suffix


@pytest.fixture
def begin_suffix(tiny_model):
    """`begin_suffix(prompt, earlier)`: a drafter that remembers these outputs."""

    def begin(prompt=(), earlier=()):
        target = tiny_model("llama")
        drafter = SuffixDrafter()
        drafter.start(target, [], Settings())
        for text in earlier:
            drafter.memory.learn(list(text))
        drafter.start(target, list(prompt), Settings())
        return drafter

    return begin


def test_suffix_drafts_what_followed_most_often_not_what_followed_last(begin_suffix):
    tokens = [1, 2, 7, 3, 1, 2, 7, 4, 1, 2, 8, 5, 1, 2]
    assert guesses(begin_suffix(), tokens, 1) == [7]


def test_suffix_copies_from_earlier_outputs_too(begin_suffix):
    assert guesses(begin_suffix(), [9, 1, 2]) == []
    assert guesses(begin_suffix(earlier=[[1, 2, 3, 4, 5]]), [9, 1, 2]) == [3, 4, 5]
    assert guesses(begin_suffix(earlier=[[1, 2, 3], [4, 5]]), [9, 2, 3]) == [], "texts end where they end"


def test_suffix_stops_drafting_where_the_counts_part(begin_suffix):
    same, parted = [[1, 2, 3, 4, 5, 6]] * 20, [[1, 2, 3, 4, token, 6] for token in range(10, 30)]
    assert guesses(begin_suffix(earlier=same), [1, 2], 4) == [3, 4, 5, 6]
    assert guesses(begin_suffix(earlier=parted), [1, 2], 4) == [3, 4]


def test_suffix_trusts_a_short_match_less_far(begin_suffix):
    earlier = [list(range(100, 140))]
    for size in range(1, suffix_decoding.LONGEST + 1):
        context = [0, *range(110 - size, 110)]
        assert len(guesses(begin_suffix(earlier=earlier), context, 30)) == min(30, REACH * size)


def test_a_suffix_tree_keeps_the_frequent_branches_first(begin_suffix):
    earlier = [[1, 2, 3, 4]] * 5 + [[1, 2, 6, 7]] * 3 + [[1, 2, 8, 9]] * 2
    assert propose(begin_suffix(earlier=earlier), [1, 2], (2, 1)) == [(3,), (3, 4), (6,), (6, 7)]


def slow_suffix(tokens, earlier, shape):
    """The tree of the match that promises most, from every occurrence in every text: of equals, the longest match in
    this text."""
    found = []
    for text in (tokens, earlier):
        for size in range(min(suffix_decoding.LONGEST, len(tokens)), 0, -1):
            rows = []
            for part in [text] if text is tokens else reversed(text):
                for end in range(len(part) - 1, size - 1, -1):
                    if part[end - size : end] == tokens[-size:]:
                        own = part is tokens
                        rows.append(slow_copy(part, end, len(shape)) if own else part[end : end + len(shape)])
            if rows:
                found.append(count(rows, shape[: REACH * size]))
    return max(found, key=lambda branches: branches.kept, default=count([], shape))  # the first of equals


@pytest.mark.parametrize("shape", TREES)
def test_suffix_takes_the_match_that_promises_most_as_a_slow_count_finds_it(begin_suffix, shape, monkeypatch):
    monkeypatch.setattr(suffix_decoding, "MOST_PLACES", 10**6)
    rng, promised = random.Random(2), 0
    for _ in range(150):
        kinds = rng.randrange(2, 6)
        earlier = [[rng.randrange(kinds) for _ in range(rng.randrange(1, 20))] for _ in range(4)]
        tokens = [rng.randrange(kinds) for _ in range(rng.randrange(1, 20))]
        expected = slow_suffix(tokens, earlier, shape)
        assert propose(begin_suffix(tokens, earlier), tokens, shape) == slow_tree(expected.paths, shape)
        promised += expected.kept > 0.5
    assert promised > 80


def test_runs_learn_from_earlier_runs_of_the_same_pair_and_of_no_other(tiny_pair, tiny_model):
    here, there = (Pair(None, target, None, 4) for target in (tiny_pair.target, tiny_model("gpt2")))
    output = [1, 2, 3, 40, 41, 42, 43]

    def begin(pair):
        drafter = drafters.make("suffix", pair, Settings())
        drafter.start(pair.target, output[:3], Settings())
        return drafter

    first = begin(here)
    assert guesses(first, output[:3]) == []
    first.finish(output)
    again, other = begin(here), begin(there)
    assert guesses(again, output[:3]) == [40, 41, 42, 43]
    assert guesses(other, output[:3]) == []


def test_a_run_does_not_see_what_others_learn_meanwhile(begin_suffix):
    drafter = begin_suffix(earlier=[[1, 2, 3]])
    before = guesses(drafter, [9, 1, 2], 3)
    drafter.memory.learn([9, 1, 2, 5, 5, 5])
    assert guesses(drafter, [9, 1, 2], 3) == before == [3]


def test_a_run_that_wrote_nothing_teaches_nothing(begin_suffix):
    drafter = begin_suffix([1, 2, 3])
    drafter.finish([1, 2, 3])
    assert drafter.memory.places.tokens == []


def test_memory_is_bounded_and_keeps_the_latest():
    memory = Memory(most=100)
    for i in range(200):
        memory.learn([i, i + 1, i + 2, 1000 + i])
        places, _, length = memory.now()
        assert length == len(places.tokens) <= 100
        assert list(places.places_after((i, i + 1, i + 2))) and places.tokens[-2] == 1000 + i
    assert not list(places.places_after((0, 1, 2)))
    memory.learn(list(range(5000, 6000)))
    assert len(memory.places.tokens) <= 100 and list(memory.places.places_after((5997, 5998)))


@pytest.mark.parametrize("length", range(1, 12))
def test_memory_cuts_between_texts_whatever_their_length(length):
    memory = Memory(most=20)
    for i in range(30):
        memory.learn([i] * length)
        tokens = memory.places.tokens
        kept = " ".join(map(str, tokens)).split(str(END))
        assert tokens and tokens[-1] == END and len(tokens) <= 20
        assert {len(set(text.split())) for text in kept if text.strip()} == {1}
        assert len({len(text.split()) for text in kept if text.strip()}) == 1


def test_threads_may_teach_and_read_at_the_same_time(tiny_model):
    memory, failed = Memory(most=300), []
    target = tiny_model("llama")

    def work(seed):
        try:
            rng = random.Random(seed)
            for _ in range(30):
                drafter = SuffixDrafter(memory)
                tokens = [rng.randrange(5) for _ in range(20)]
                drafter.start(target, tokens[:5], Settings())
                for end in range(5, 20):
                    propose(drafter, tokens[:end], (2, 2))
                drafter.finish(tokens)
        except Exception as error:  # shown by the assertion below: a thread cannot fail a test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    fresh = Places(suffix_decoding.SHORTEST, suffix_decoding.LONGEST)
    for text in " ".join(map(str, memory.places.tokens)).split(f" {END}")[:-1]:
        fresh.extend([int(token) for token in text.split()])
        fresh.separate(END)
    assert (fresh.tokens, fresh.latest) == (memory.places.tokens, memory.places.latest)


# ------------------------------------------------------------------------------------------------- datastore


@pytest.fixture(scope="session")
def poem(tmp_path_factory):
    file = tmp_path_factory.mktemp("texts") / "poem.txt"
    file.write_text(POEM, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def store(poem, tiny_tokenizer, tmp_path_factory):
    path = tmp_path_factory.mktemp("stores") / "poem.data"
    datastore.build([poem], path, tiny_tokenizer)
    return path


def store_of(folder, texts, tokenizer):
    """A datastore of these texts."""
    files = []
    for i, text in enumerate(texts):
        files.append(folder / f"{i}.txt")
        files[-1].write_text(text, encoding="utf-8")
    datastore.build(files, folder / "texts.data", tokenizer)
    return Datastore(folder / "texts.data")


def refused(action, *mentions):
    with pytest.raises(UserError) as caught:
        action()
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith(".") and all(word in said for word in mentions), said


def test_a_datastore_gives_back_the_tokens_it_was_built_from(store, tiny_tokenizer):
    opened = Datastore(store)
    ids = tiny_tokenizer(POEM)["input_ids"]
    assert opened.tokens[: len(ids)].tolist() == ids
    assert (opened.info.tokens, opened.info.texts) == (len(ids), 1)
    assert opened.info.entries == len(tiny_tokenizer) and opened.info.width == 2
    assert os.path.getsize(store) % 4 == 0 and not store.with_name(store.name + ".part").exists()


@pytest.mark.parametrize("kinds", [1, 2, 5, 300])
@pytest.mark.parametrize("depth", [1, 2, 8, 32])
def test_places_are_sorted_by_what_begins_there(kinds, depth):
    rng = np.random.default_rng(kinds)
    for size in (1, 2, 3, 40, 200):
        tokens = rng.integers(0, kinds, size)
        padded = [*tokens.tolist(), *[10**6] * depth]
        expected = sorted(range(size), key=lambda place: (padded[place : place + depth], place))
        assert datastore.sort(tokens, depth).tolist() == expected


def test_a_datastore_finds_every_occurrence_and_nothing_else(store):
    opened = Datastore(store)
    tokens = opened.tokens[: opened.info.tokens].tolist()
    rng, found = random.Random(3), 0
    for size in (1, 2, 3, 5, 8, LONGEST):
        for _ in range(40):
            start = rng.randrange(len(tokens) - size)
            run = tokens[start : start + size]
            if rng.random() < 0.3:
                run[rng.randrange(size)] = rng.randrange(opened.info.entries)
            expected = [i for i in range(len(tokens)) if tokens[i : i + size] == run]
            assert sorted(opened.order[row] for row in opened.stretch(run)) == expected
            found += len(expected) > 1
    assert found > 30


def test_tokens_that_only_the_target_has_are_found_nowhere(store):
    opened = Datastore(store)
    assert not opened.stretch([opened.info.entries]) and not opened.stretch([5, 1 << 20])


def test_texts_end_where_they_end(tmp_path, tiny_tokenizer):
    opened = store_of(tmp_path, ["boats come home", "boats come late"], tiny_tokenizer)
    assert opened.info.texts == 2
    boats = tiny_tokenizer("boats come")["input_ids"]
    followers = opened.followers(opened.stretch(boats), len(boats), 9, MOST_PLACES)
    ends = [tiny_tokenizer(text)["input_ids"][len(boats) :] for text in ("boats come home", "boats come late")]
    assert sorted(followers) == sorted(ends)


def test_of_many_places_a_sample_in_proportion_is_read(tmp_path, tiny_tokenizer):
    opened = store_of(tmp_path, ["ab" * 300 + "\n" + "ac" * 100], tiny_tokenizer)
    a, b = (tiny_tokenizer(letter)["input_ids"][0] for letter in "ab")
    rows = opened.stretch([a])
    read = opened.followers(rows, 1, 1, 64)
    assert len(rows) == 400 and len(read) == 64
    assert 44 <= read.count([b]) <= 52  # three in four


def test_long_texts_are_tokenized_piece_by_piece_and_whole(tmp_path, tiny_tokenizer, monkeypatch):
    monkeypatch.setattr(datastore, "PIECE", 50)
    monkeypatch.setattr(datastore, "BATCH", 2)
    opened = store_of(tmp_path, [POEM + "x" * 333], tiny_tokenizer)
    assert tiny_tokenizer.decode(opened.tokens[: opened.info.tokens].tolist()) == POEM + "x" * 333


def test_large_vocabularies_take_four_bytes(tmp_path):
    vocabulary = {f"t{i}": i for i in range(70_000)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="t0"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    opened = store_of(tmp_path, ["t69999 t5 t300 t69999 t5 t7"], PreTrainedTokenizerFast(tokenizer_object=tokenizer))
    assert opened.info.width == 4 and len(opened.stretch([69999, 5])) == 2
    assert sorted(opened.followers(opened.stretch([69999, 5]), 2, 1, 9)) == [[7], [300]]


def other_tokenizer():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet(), reverse=True)
    tokenizer = Tokenizer(models.BPE({char: i for i, char in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def test_another_tokenizers_datastore_is_refused(tmp_path, poem, tiny_pair):
    out = tmp_path / "other.data"
    datastore.build([poem], out, other_tokenizer())
    settings = Settings(datastore=str(out))
    refused(lambda: drafters.make("retrieval", tiny_pair, settings), "tokenizer", "256", "300", tiny_pair.target.name)


def test_the_same_tokens_under_other_numbers_are_another_tokenizer(tiny_tokenizer):
    assert datastore.fingerprint(tiny_tokenizer) != datastore.fingerprint(other_tokenizer())
    assert datastore.fingerprint(tiny_tokenizer) == datastore.fingerprint(tiny_tokenizer)
    assert len(datastore.fingerprint(tiny_tokenizer)) == 64


def test_retrieval_without_a_datastore_is_refused(tiny_pair):
    refused(lambda: drafters.make("retrieval", tiny_pair, Settings()), "datastore build", "lookup")


def test_a_pairs_own_datastore_is_used_unless_another_is_named(tiny_pair, store, tmp_path):
    pair = replace(tiny_pair, datastore=str(store))
    assert isinstance(drafters.make("retrieval", pair, Settings()), RetrievalDrafter)
    missing = Settings(datastore=str(tmp_path / "none.data"))
    refused(lambda: drafters.make("retrieval", pair, missing), "none.data")


@pytest.mark.parametrize("content", [b"", b"specdat", b"Once upon a time there was a file.", b"\x7fELF" + bytes(200)])
def test_a_file_that_is_no_datastore_is_refused(tmp_path, content):
    file = tmp_path / "file.data"
    file.write_bytes(content)
    refused(lambda: Datastore(file), "file.data", "not a datastore")


def header_of(whole):
    (length,) = struct.unpack("<Q", whole[8:16])
    return json.loads(whole[16 : 16 + length]), length


def with_header(whole, head):
    """A datastore's bytes under another header."""
    _, length = header_of(whole)
    text = json.dumps(head).encode()
    start = datastore.aligned(16 + len(text))
    return (whole[:8] + struct.pack("<Q", len(text)) + text).ljust(start, b"\0") + whole[
        datastore.aligned(16 + length) :
    ]


def test_a_datastore_of_another_format_is_refused(tmp_path, store):
    file, whole = tmp_path / "later.data", store.read_bytes()
    file.write_bytes(with_header(whole, {**header_of(whole)[0], "format": 2, "news": True}))
    refused(lambda: Datastore(file), "later.data", "format 2", "format 1")


DAMAGES = {
    "cut": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"\0",
    "headless": lambda whole: whole[:12],
    "header cut": lambda whole: whole[:30],
    "endless header": lambda whole: whole[:8] + b"\xff" * 8 + whole[16:],
    "no JSON": lambda whole: whole[:16] + b"?" + whole[17:],
    "endless nesting": lambda whole: whole[:8] + struct.pack("<Q", 60_000) + b"[" * 60_000 + whole[60_016:],
    "a list": lambda whole: with_header(whole, [1, 2]),
    "a field less": lambda whole: with_header(whole, {k: v for k, v in header_of(whole)[0].items() if k != "depth"}),
    "a field more": lambda whole: with_header(whole, {**header_of(whole)[0], "more": 1}),
    **{
        f"{name} {value!r}": lambda whole, name=name, value=value: with_header(
            whole, {**header_of(whole)[0], name: value}
        )
        for name in ("entries", "texts", "tokens", "width", "depth")
        for value in (0, -1, 10**30, 2.5, "2", None, True, [])
    },
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_datastore_is_refused(tmp_path, store, damage):
    file = tmp_path / "broken.data"
    file.write_bytes(DAMAGES[damage](store.read_bytes()))
    try:
        opened = Datastore(file)
    except UserError as error:
        said = str(error)
        assert "broken.data" in said and len(said.splitlines()) == 1 and said.endswith(".")
    else:  # a number of entries that is only wrong is found when a tokenizer is compared
        assert damage == f"entries {10**30}" and opened.info.entries == 10**30


def test_a_datastore_that_lies_gives_poor_guesses_and_no_failure(tmp_path, store, tiny_pair):
    file, whole = tmp_path / "liar.data", bytearray(store.read_bytes())
    rng = random.Random(4)
    start = datastore.aligned(16 + header_of(bytes(whole))[1])
    for i in range(start, len(whole)):
        whole[i] = rng.randrange(256)
    file.write_bytes(whole)
    pair = replace(tiny_pair, datastore=str(file))
    plain = specdec.run("The old lamp", pair, drafter="none", max_new_tokens=30)
    assert specdec.run("The old lamp", pair, drafter="retrieval", max_new_tokens=30).ids == plain.ids
    drafter = drafters.make("retrieval", pair, Settings())
    drafter.start(pair.target, [1], Settings())
    for _ in range(300):
        paths = propose(drafter, [rng.randrange(300) for _ in range(20)], (3, 2))
        assert all(token < pair.target.vocab_size for path in paths for token in path)


BAD_TEXTS = {
    "missing.txt": (None, "cannot be read"),
    "empty.txt": (b"", "holds no text"),
    "blank.txt": (b" \n\t\n", "holds no text"),
    "mark.txt": (b"\xef\xbb\xbf", "holds no text"),
    "latin.txt": ("Grüße".encode("latin-1"), "not UTF-8"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
    "zeros.txt": (b"abc\0def", "not UTF-8"),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_a_file_that_is_no_text_is_refused_by_name_and_nothing_is_left(tmp_path, poem, tiny_tokenizer, name):
    content, why = BAD_TEXTS[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = set(tmp_path.iterdir())
    refused(lambda: datastore.build([poem, tmp_path / name], tmp_path / "out", tiny_tokenizer), name, why)
    assert set(tmp_path.iterdir()) == before


def test_a_folder_is_no_text_and_no_place_for_a_datastore(tmp_path, poem, tiny_tokenizer):
    refused(lambda: datastore.build([tmp_path], tmp_path / "out", tiny_tokenizer), "cannot be read")
    refused(lambda: datastore.build([poem], tmp_path, tiny_tokenizer), "cannot be written")
    refused(lambda: datastore.build([poem], tmp_path / "no" / "out", tiny_tokenizer), "cannot be written")
    refused(lambda: Datastore(tmp_path), "cannot be read")
    refused(lambda: Datastore(tmp_path / "none"), "cannot be read")


def test_what_is_no_regular_file_is_no_place_for_a_datastore_and_none_itself(tmp_path, poem, tiny_tokenizer):
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    refused(lambda: datastore.build([poem], pipe, tiny_tokenizer), "cannot be written", "no regular file")
    refused(lambda: datastore.build([poem], loop, tiny_tokenizer), "cannot be written")
    refused(lambda: datastore.build([loop], tmp_path / "out", tiny_tokenizer), "cannot be read")
    refused(lambda: Datastore(pipe), "cannot be read", "no regular file")
    refused(lambda: Datastore(loop), "cannot be read")
    assert pipe.is_fifo() and loop.is_symlink() and not (tmp_path / "out").exists()


def test_a_datastore_is_written_through_a_link(tmp_path, poem, tiny_tokenizer):
    link, real = tmp_path / "link", tmp_path / "real"
    link.symlink_to(real)
    datastore.build([poem], link, tiny_tokenizer)
    assert link.is_symlink() and Datastore(real).info.texts == 1


def test_a_datastore_never_overwrites_its_own_text(tmp_path, tiny_tokenizer):
    text = tmp_path / "text.txt"
    text.write_text(POEM, encoding="utf-8")
    (tmp_path / "link").symlink_to(text)
    for name in (".//text.txt", "link"):
        refused(lambda name=name: datastore.build([text], f"{tmp_path}/{name}", tiny_tokenizer), "overwrite")
    assert text.read_text(encoding="utf-8") == POEM


@pytest.mark.parametrize("fails", [False, True])
def test_building_leaves_every_other_file_alone(tmp_path, poem, tiny_tokenizer, fails, monkeypatch):
    """Also those whose name is the datastore's and `.part`, one of the texts among them."""
    text, other = tmp_path / "book.part", tmp_path / "other.part"
    for file in (text, other):
        file.write_text(POEM, encoding="utf-8")
    if fails:
        monkeypatch.setattr(datastore, "MOST_TOKENS", 20)
    for out in ("book", "other"):
        if fails:
            refused(lambda out=out: datastore.build([text], tmp_path / out, tiny_tokenizer), "20")
        else:
            datastore.build([text], tmp_path / out, tiny_tokenizer)
            assert POEM.startswith(tiny_tokenizer.decode(Datastore(tmp_path / out).tokens[:40].tolist()))
    assert text.read_text(encoding="utf-8") == other.read_text(encoding="utf-8") == POEM
    made = set() if fails else {tmp_path / "book", tmp_path / "other"}
    assert set(tmp_path.iterdir()) == {text, other} | made


def test_a_datastore_can_be_read_by_whoever_may_read_a_new_file(tmp_path, poem, tiny_tokenizer):
    datastore.build([poem], tmp_path / "out", tiny_tokenizer)
    (tmp_path / "new").touch()
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "new").stat().st_mode


def test_too_many_tokens_are_refused(tmp_path, poem, tiny_tokenizer, monkeypatch):
    monkeypatch.setattr(datastore, "MOST_TOKENS", 20)
    refused(lambda: datastore.build([poem], tmp_path / "out", tiny_tokenizer), "20")
    assert not list(tmp_path.iterdir())


def test_an_old_datastore_stays_until_the_new_one_is_whole(tmp_path, store, tiny_tokenizer):
    out = tmp_path / "kept.data"
    out.write_bytes(store.read_bytes())
    refused(lambda: datastore.build([tmp_path / "none"], out, tiny_tokenizer))
    assert out.read_bytes() == store.read_bytes()


# ------------------------------------------------------------------------------------------------- retrieval


@pytest.fixture
def retrieval(store, tiny_model):
    drafter = RetrievalDrafter(Datastore(store))
    drafter.start(tiny_model("llama"), [], Settings())
    return drafter


def slow_rows(tokens, context, length):
    """What follows the longest suffix of the context, wherever it stands in one text."""
    for size in range(min(LONGEST, len(context)), SHORTEST - 1, -1):
        places = [i for i in range(len(tokens)) if tokens[i : i + size] == context[-size:]]
        if places:
            return [tokens[i + size : i + size + length] for i in places]
    return []


@pytest.mark.parametrize("shape", TREES)
def test_retrieval_drafts_what_most_often_follows_the_longest_suffix(retrieval, shape):
    tokens = retrieval.datastore.tokens[: retrieval.datastore.info.tokens].tolist()
    rng, drafted = random.Random(5), 0
    for _ in range(100):
        start, size = rng.randrange(len(tokens) - 20), rng.randrange(1, 20)
        context = [299, *tokens[start : start + size]]
        rows = slow_rows(tokens, context, len(shape))
        expected = slow_count(rows, shape) if rows else {}
        paths = propose(retrieval, context, shape)
        chances = [Counter(tuple(row[: len(path)]) for row in rows)[path] / len(rows) for path in paths]
        assert sorted(chances) == pytest.approx(sorted(expected.values()))
        assert chances == sorted(chances, reverse=True)
        drafted += bool(paths)
    assert drafted > 50


def test_retrieval_guesses_nothing_for_what_it_never_read(retrieval):
    assert propose(retrieval, [299], 4) == [] == propose(retrieval, [299, 298, 297], (2, 2))


# ------------------------------------------------------------------------------------------------- the real loop


@pytest.mark.parametrize("branching", [None, (3, 2, 1)], ids=["chain", "tree"])
@pytest.mark.parametrize("drafter", ["lookup", "suffix", "retrieval"])
def test_whoever_copies_the_greedy_text_is_the_targets_own(tiny_pair, tmp_path, drafter, branching):
    pair = replace(tiny_pair, datastore=str(tmp_path / "own.data"), memory={})
    kept = 0
    for prompt in ("The old lamp on the harbour wall, the old lamp", "One, two, three. One, two", POEM):
        plain = specdec.run(prompt, pair, drafter="none", max_new_tokens=60)
        with open(pair.datastore, "wb") as file:  # of what the target writes, with some noise
            noisy = [token if i % 7 else 5 for i, token in enumerate(plain.ids)]
            datastore.write_index(file, [np.array(noisy), np.array(plain.ids[20:])], pair.target.tokenizer)
        for _ in range(2):  # the second time, suffix knows the first
            trace = specdec.run(prompt, pair, drafter=drafter, max_new_tokens=60, branching=branching)
            assert trace.ids == plain.ids
            assert trace.totals.drafted > 0
            kept += trace.totals.accepted
    assert kept > 0


def test_what_was_written_once_is_drafted_the_second_time(tiny_pair):
    pair = replace(tiny_pair, memory={})
    first, second = (specdec.run("A small grey cat", pair, drafter="suffix", max_new_tokens=40) for _ in range(2))
    assert first.ids == second.ids and second.totals.tokens_per_pass > 3 > first.totals.tokens_per_pass
    alone = specdec.run("A small grey cat", replace(pair, memory={}), drafter="suffix", max_new_tokens=40)
    assert [one.draft for one in alone.rounds] == [one.draft for one in first.rounds], "no other pair was taught"


def test_a_replay_knows_nothing_of_other_runs_and_teaches_none(tiny_pair):
    pair = replace(tiny_pair, memory={})
    first, second = (specdec.run("A small grey cat", pair, drafter="suffix", max_new_tokens=40) for _ in range(2))
    for _ in range(2):
        again = specdec.replay(first, pair)
        assert [one.draft for one in again.rounds] == [one.draft for one in first.rounds]
    third = specdec.run("A small grey cat", pair, drafter="suffix", max_new_tokens=40)
    assert [one.draft for one in third.rounds] == [one.draft for one in second.rounds]


def test_a_pair_that_is_loaded_again_remembers_nothing(tiny_pair_folder):
    first, second = (specdec.load(target=str(tiny_pair_folder / "target")) for _ in range(2))
    assert first.target is second.target, "its weights are kept"
    first.memory["suffix"] = Memory()
    assert not second.memory and first == second


def test_in_a_fresh_process_the_same_run_is_the_same(tiny_pair_folder):
    """This process, which may have learned from other runs, and a new one."""
    code = (
        "import specdec\n"
        f"pair = specdec.load(target={str(tiny_pair_folder / 'target')!r})\n"
        "for prompt in ('The old lamp', 'The old lamp on'):\n"
        "    trace = specdec.run(prompt, pair, drafter='suffix', temperature=0.7, seed=3, max_new_tokens=40)\n"
        "    print(trace.ids, [[token.id for token in one.draft] for one in trace.rounds])\n"
    )
    here = io.StringIO()
    with redirect_stdout(here):
        exec(code, {})
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert here.getvalue() == there and there.count("\n") == 2


# ------------------------------------------------------------------------------------------------- the command


def test_a_datastore_is_built_and_shown_from_the_command_line(
    tmp_path, poem, tiny_pair_folder, tiny_tokenizer, capsys
):
    out = tmp_path / "poem.data"
    target = str(tiny_pair_folder / "target")
    assert main(["datastore", "build", str(poem), "--out", str(out), "--target", target]) == 0
    assert "1 text" in capsys.readouterr().err
    assert main(["datastore", "info", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    info = Datastore(out).info
    assert {**info.as_record(), "size_bytes": info.size} == said
    assert said["fingerprint"] == datastore.fingerprint(tiny_tokenizer)
    assert main(["datastore", "info", str(out)]) == 0
    table = capsys.readouterr().out
    assert f"{info.tokens:,}" in table and info.fingerprint[:16] in table
    pair = Pair(None, *(getattr(specdec.load(target=target), name) for name in ("target", "draft")), 4)
    assert specdec.run("The old lamp", pair, drafter="retrieval", datastore=str(out), max_new_tokens=5).totals.tokens


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (["build", "none.txt", "--out", "x", "--pair", "nobody"], "nobody"),
        (["build", "none.txt", "--out", "x", "--target", "no/such folder"], "no/such folder"),
        (["build", "none.txt"], "--out"),
        (["info", "none.data"], "none.data"),
        (["guess"], "guess"),
        ([], "build|info"),
    ],
)
def test_bad_usage_of_the_command_is_one_sentence(arguments, mentions, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["datastore", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and mentions in said and "Traceback" not in said
    assert not list(tmp_path.iterdir())


# ------------------------------------------------------------------------------------------------- what is learned


def test_warming_up_calibrating_and_repeated_measurements_teach_nothing(tiny_pair):
    pair = replace(tiny_pair, memory={})
    settings = Settings(draft_length=2, max_new_tokens=12)
    calibration.warm_up(prepare(pair, Request("The old lamp", "suffix", settings)))
    calibration.calibrate(prepare(pair, Request("The old lamp", "suffix", settings)))
    assert not pair.memory["suffix"].places.tokens
    measured = list(bench(pair, ["suffix"], ["The old lamp", "The old lamp"], settings, 3))
    first, second = ([one for one in measured if (one.drafter, one.prompt) == ("suffix", at)] for at in (0, 1))
    assert len({(one.totals.drafted, one.totals.accepted) for one in first}) == 1
    assert second[0].totals.rounds < first[0].totals.rounds, "the last turn teaches"
    assert not pair.memory["suffix"].places.tokens, "the runs of the pair learn nothing from a benchmark"


# ------------------------------------------------------------------------------------------------- the cost of a guess


COPYING_DRAFTERS = names(DRAFTERS, lambda method: method.copies)


@pytest.mark.parametrize("choice", [{"draft_length": 3}, {"branching": (2, 2)}, {"draft_length": "auto"}])
def test_the_cost_of_a_guess_is_measured_for_all_who_copy(tiny_pair, monkeypatch, choice):
    monkeypatch.setattr(drafter_latency, "ROUNDS", 40)
    report = drafter_latency.proposal_cost(tiny_pair, tokens=500, settings=Settings(**choice))
    assert [row["drafter"] for row in report["rows"]] == COPYING_DRAFTERS
    for row in report["rows"]:
        assert 0 < row["seconds"]["median"] <= row["seconds"]["nine_in_ten"] and row["guesses"] > 0.5
    json.dumps(report, allow_nan=False)
    table = tables.proposals(report)
    assert all(name in table for name in COPYING_DRAFTERS) and "500 tokens" in table


def test_measuring_teaches_nobody(tiny_pair):
    pair = replace(tiny_pair, memory={})
    drafter_latency.proposal_cost(pair, ["suffix"], tokens=50)
    assert not pair.memory


def test_the_cost_of_a_guess_is_asked_only_of_those_who_copy(tiny_pair):
    refused(lambda: drafter_latency.proposal_cost(tiny_pair, ["model"]), "model", "lookup, suffix, retrieval")


def test_the_command_tells_the_cost_of_a_guess(tiny_pair_folder, capsys):
    target = str(tiny_pair_folder / "target")
    assert main(["bench", "--proposals", "--drafters", "lookup,retrieval", "--target", target, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["drafter"] for row in report["rows"]] == ["lookup", "retrieval"]
    assert report["settings"]["tokens"] == 4000
