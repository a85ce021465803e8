"""What is greyed out is what the engine refuses, and nothing else; every reason is a sentence."""

import json
from dataclasses import replace

import pytest

from specdec import drafters
from specdec.catalog import capabilities
from specdec.catalog.pairs import PAIRS, TASKS, PairEntry, unwrap, wrap
from specdec.errors import UserError
from specdec.methods import DRAFTERS, RULES
from specdec.settings import SHAPES, Settings, field, shape_of


@pytest.fixture
def bare(tiny_pair_folder):
    """The catalog entry of a pair that has a draft model and nothing else."""
    return PairEntry("tiny", str(tiny_pair_folder / "target"), str(tiny_pair_folder / "draft"), 4)


@pytest.fixture
def encoder(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"is_encoder_decoder": True, "num_layers": 2}))
    return PairEntry("t5", str(tmp_path), str(tmp_path), 4, datastore="texts.store")


def test_the_engine_refuses_the_drafters_that_are_grey(tiny_pair, bare):
    for name in DRAFTERS:
        if capabilities.no_drafter(name, bare):
            with pytest.raises(UserError):
                drafters.make(name, tiny_pair, Settings())
        else:
            drafters.make(name, tiny_pair, Settings())


def test_the_settings_refuse_the_shapes_and_rules_that_do_not_go_together():
    asked = {
        "chain": {},
        "tree": {"branching": (3, 2)},
        "dynamic": {"branching": "dynamic"},
        "auto": {"draft_length": "auto"},
    }
    for shape in SHAPES:
        for rule in RULES:
            if capabilities.no_tree_rule(shape, rule):
                with pytest.raises(UserError):
                    Settings(rule=rule, **asked[shape])
            else:
                assert shape_of(Settings(rule=rule, **asked[shape]).as_record()) == shape


def test_what_a_pair_comes_with_can_be_chosen(bare):
    whole = replace(bare, heads={"medusa": "heads", "eagle": "head"}, datastore="texts.store")
    assert not any(one.why for one in capabilities.drafters(whole))
    missing = {one.value for one in capabilities.drafters(bare) if one.why}
    assert missing == {"retrieval", "medusa", "eagle"}


def test_an_encoder_decoder_takes_chains_and_fewer_rules_and_drafters(encoder):
    assert {one.value for one in capabilities.drafters(encoder) if not one.why} == {
        "model",
        "lookup",
        "retrieval",
        "none",
    }
    assert {one.value for one in capabilities.rules(encoder) if not one.why} == {"greedy", "rejection", "block"}
    assert {one.value for one in capabilities.shapes(encoder) if not one.why} == {"chain", "auto"}


def test_a_target_of_one_layer_has_nowhere_to_exit(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"num_hidden_layers": 1}))
    assert capabilities.no_drafter("early_exit", PairEntry("flat", str(tmp_path), str(tmp_path), 4))


def test_what_is_not_on_disk_is_left_to_the_run():
    entry = PairEntry("far", "owner/model", "owner/draft", 4)
    assert capabilities.layers(entry) is None and capabilities.no_drafter("early_exit", entry) is None


def test_of_public_pairs_the_published_configurations_tell():
    assert {one.value for one in capabilities.drafters(PAIRS["layerskip-1b"]) if one.why} >= {
        "model",
        "medusa",
        "eagle",
    }
    assert capabilities.layers(PAIRS["layerskip-1b"]) == 16 and capabilities.is_encoder_decoder(PAIRS["flan-t5-xl"])
    assert not capabilities.no_drafter("medusa", PAIRS["mistral-7b"]) and not capabilities.no_drafter(
        "model", PAIRS["opt-6.7b"]
    )
    assert [one.why for one in capabilities.drafts(PAIRS["opt-6.7b"])] == [None]


@pytest.mark.parametrize("typed", ["9" * 5000, "3," + "1" * 5000, "10000", "²", "", "3,,1", "-1", "3.0"])
def test_a_branching_that_is_no_small_whole_numbers_is_refused_in_a_sentence(typed):
    with pytest.raises(UserError, match="branching"):
        field("branching").parse(typed)


@pytest.mark.parametrize("drafter", sorted({*DRAFTERS} - {"retrieval", "medusa", "eagle"}))
def test_the_engine_refuses_the_dynamic_trees_that_are_grey(tiny_pair, drafter):
    if capabilities.no_drafter_shape("dynamic", drafter):
        with pytest.raises(UserError, match="3,2,1"):
            drafters.make(drafter, tiny_pair, Settings(branching="dynamic"))
    else:
        drafters.make(drafter, tiny_pair, Settings(branching="dynamic"))


def ladder(bare, **drafts):
    return replace(
        bare, drafts={"draft-kd": bare.draft, **{f"draft-{name}": folder for name, folder in drafts.items()}}
    )


def test_a_pair_offers_the_tasks_it_has_learned(bare):
    assert [one.value for one in capabilities.tasks(bare)] == list(TASKS)
    assert [one.value for one in capabilities.tasks(bare) if not one.why] == ["story"]
    learned = replace(bare, tasks=("story", "quote"))
    assert [one.value for one in capabilities.tasks(learned) if not one.why] == ["story", "quote"]


def test_a_task_can_be_had_if_one_of_several_pairs_has_learned_it(bare, encoder):
    other = replace(encoder, tasks=("translate",))
    assert [one.value for one in capabilities.tasks(bare, other) if not one.why] == ["story", "translate"]


def test_what_one_of_several_pairs_cannot_have_does_not_go_together_with_its_tasks(bare, encoder):
    other = replace(encoder, tasks=("translate",))
    rules = {one.value: one for one in capabilities.across(capabilities.rules, (bare, other))}
    assert not any(one.why for one in rules.values())
    assert set(rules["typical"].against["task"]) == {"translate"} and "task" not in rules["greedy"].against
    assert rules["block"].against == capabilities.rules(bare)[list(rules).index("block")].against
    eagle = next(one for one in capabilities.across(capabilities.drafters, (bare, other)) if one.value == "eagle")
    assert eagle.why and "task" not in eagle.against, "none has it, whatever the task"


def test_a_draft_of_one_pair_does_not_go_together_with_the_tasks_of_another(bare, encoder):
    first = replace(bare, drafts={"draft": bare.draft, "draft-tiny": bare.target})
    other = replace(encoder, tasks=("translate", "format"))
    both, own = capabilities.drafts(first, other)
    assert (both.value, both.against["task"]) == ("draft", {})
    assert own.value == "draft-tiny" and set(own.against["task"]) == {"translate", "format"}


def test_a_task_says_what_the_target_reads_beside_the_text(bare):
    for one in capabilities.tasks(bare):
        words = TASKS[one.value].replace("{text}", "\n").split("\n")
        assert all(word in str(one.line) for word in words if word) and bool(one.line) == any(words)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("text", ["He goed.", "a,b\n1,2", "{text} ${x} {{y}}", "Corrected:", "With mistakes:\nx"])
def test_what_was_wrapped_can_be_unwrapped(task, text):
    assert unwrap(wrap(task, text), (task, "story")) == (task, text)
    assert text in wrap(task, text)


def test_a_prompt_without_a_template_is_the_usual_task_of_a_pair():
    assert unwrap("Once upon a time", ("correct", "story")) == ("story", "Once upon a time")
    assert unwrap("The cat.", ("translate",)) == ("translate", "The cat.")
    assert unwrap(wrap("quote", "x"), ("story", "correct")) == ("story", wrap("quote", "x"))


def test_a_template_stands_close_around_the_text():
    assert wrap("correct", "\nHe goed. \n") == "With mistakes:\nHe goed.\n\nCorrected:\n"
    assert wrap("story", "Once ") == "Once "


@pytest.mark.parametrize(("task", "text"), [("correct", " \n"), (None, ""), ("fly", "x"), ("", "x"), ("split", "x")])
def test_an_empty_text_or_a_task_that_is_not_known_is_refused(task, text):
    with pytest.raises(UserError) as refusal:
        capabilities.wrapped(task, text, ("story", "correct"))
    if text == "x":
        assert "story, correct" in str(refusal.value)


def test_a_pair_names_its_drafts_and_the_first_is_its_own(bare):
    assert bare.drafts == {"draft": bare.draft}
    assert list(ladder(bare, tiny="elsewhere").drafts) == ["draft-kd", "draft-tiny"]
    with pytest.raises(ValueError, match="first"):
        replace(bare, drafts={"draft-tiny": "elsewhere", "draft": bare.draft})


def test_a_draft_says_how_large_it_is_and_whether_it_is_there(bare):
    best, missing, target = capabilities.drafts(ladder(bare, tiny="/nowhere", large=bare.target))
    assert (best.why, target.why) == (None, None) and missing.why
    assert "million" in str(best.what) and "million" not in str(missing.what)


def test_every_pair_that_ships_offers_its_drafts_and_knows_its_tasks():
    for entry in PAIRS.values():
        assert entry.tasks and set(entry.tasks) <= set(TASKS)
        assert all(str(one.what).endswith(".") for one in capabilities.drafts(entry))


def test_every_reason_is_a_sentence(bare, encoder):
    for entry in (bare, encoder, ladder(bare, tiny="/nowhere")):
        shown = (*capabilities.tasks(entry), *capabilities.drafts(entry))
        for one in (*capabilities.drafters(entry), *capabilities.rules(entry), *capabilities.shapes(entry), *shown):
            reasons = [one.why, *(why for against in one.against.values() for why in against.values())]
            assert all(str(why).endswith(".") and str(why)[0].isupper() for why in reasons if why)
