"""Settings that make no sense are refused in one sentence; the others go into the header as they are."""

import inspect
import json
import subprocess
import sys

import pytest

import specdec
from specdec.errors import UserError
from specdec.settings import (
    FIELDS,
    MAX_DRAFT_LENGTH,
    MAX_NEW_TOKENS,
    MAX_SEED,
    MAX_STOP_CHARACTERS,
    MAX_STOP_TEXTS,
    MIN_TEMPERATURE,
    Settings,
    field,
    from_form,
)

NAN, INFINITY = float("nan"), float("inf")


def sentence(**choices):
    with pytest.raises(UserError) as caught:
        Settings(**choices)
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith(".") and said[0].isupper(), said
    assert "{" not in said
    return said


@pytest.mark.parametrize("value", [-3, 65, 10_000, 2.0, "4", None, True, False, NAN, 10**400])
def test_a_draft_length_outside_0_to_64_is_refused(value):
    assert "from 0 to 64" in sentence(draft_length=value)


@pytest.mark.parametrize("value", [0, 1, MAX_DRAFT_LENGTH])
def test_a_draft_length_from_0_to_64_is_taken(value):
    assert Settings(draft_length=value).draft_length == value


@pytest.mark.parametrize("value", [NAN, INFINITY, -INFINITY, -0.1, 10.1, 1e308, 10**400, "hot", None, True, False])
def test_a_temperature_that_is_no_number_from_0_to_10_is_refused(value):
    assert "temperature" in sentence(temperature=value).lower()


@pytest.mark.parametrize("value", [1e-9, 5e-324, MIN_TEMPERATURE * 0.99])
def test_a_temperature_too_small_to_compute_with_is_refused_and_points_to_zero(value):
    assert "use 0" in sentence(temperature=value)


@pytest.mark.parametrize("value", [0, 0.0, -0.0, MIN_TEMPERATURE, 1, 10])
def test_a_temperature_from_0_to_10_is_taken(value):
    assert Settings(temperature=value).temperature == value


@pytest.mark.parametrize("value", [0, 0.0, -0.5, 1.01, NAN, INFINITY, True, "0.9", None, 10**400])
def test_a_top_p_that_leaves_nothing_or_is_no_share_is_refused(value):
    assert "Top-p" in sentence(top_p=value)


@pytest.mark.parametrize("value", [-0.5, 1.01, NAN, INFINITY, True, "0.9", None])
def test_a_min_p_that_is_no_share_is_refused(value):
    assert "Min-p" in sentence(min_p=value)


@pytest.mark.parametrize("value", [-1, 1.0, 10**7, True, None, "5"])
def test_a_top_k_that_is_no_count_is_refused(value):
    assert "Top-k" in sentence(top_k=value)


@pytest.mark.parametrize("value", [-1, MAX_SEED + 1, 0.5, True, None, "7"])
def test_a_seed_that_is_no_whole_number_is_refused(value):
    assert "seed" in sentence(seed=value)


@pytest.mark.parametrize("value", [0, -1, MAX_NEW_TOKENS + 1, 1.0, True, None])
def test_a_length_that_is_no_count_is_refused(value):
    assert "length" in sentence(max_new_tokens=value)


@pytest.mark.parametrize("value", ["", ("",), ("a", ""), (3,), (None,), [""], [b"a"], 5, None, {"a": 1}])
def test_stop_texts_that_are_not_a_row_of_texts_are_refused(value):
    assert "Stop texts" in sentence(stop=value)


@pytest.mark.parametrize(
    "value", [["a"] * (MAX_STOP_TEXTS + 1), "a" * (MAX_STOP_CHARACTERS + 1)], ids=["many", "long"]
)
def test_stop_texts_are_bounded_in_number_and_length(value):
    assert "stop text" in sentence(stop=value)
    assert Settings(stop=["a" * MAX_STOP_CHARACTERS] * MAX_STOP_TEXTS).stop


def test_a_seed_is_one_that_a_browser_reads_exactly():
    assert float(MAX_SEED) + 1 == MAX_SEED + 1 and float(MAX_SEED + 2) != MAX_SEED + 2
    assert Settings(seed=MAX_SEED).seed == MAX_SEED


def test_a_refusal_quotes_no_more_of_a_value_than_can_be_read():
    assert len(sentence(rule="x" * 100_000)) < 1000 and len(sentence(branching="x" * 100_000)) < 1000


def test_stop_texts_may_come_as_one_text_or_a_row_of_them():
    assert Settings(stop=["a", "\n"]).stop == Settings(stop=("a", "\n")).stop == ("a", "\n")
    assert Settings(stop="END").stop == ("END",)  # and not three stop texts of one letter


@pytest.mark.parametrize("value", ["", "Greedy", "atypical", 1, []])
def test_a_rule_that_is_not_there_is_refused_and_the_choices_are_named(value):
    assert "greedy, rejection" in sentence(rule=value)


@pytest.mark.parametrize("temperature", [0.5, 1, NAN])
def test_the_greedy_rule_refuses_to_sample(temperature):
    assert "greedy rule" in sentence(rule="greedy", temperature=temperature)


def test_the_rule_follows_the_temperature_unless_it_is_given():
    assert Settings().rule == "greedy"
    assert Settings(temperature=0.3).rule == "rejection"
    assert Settings(rule="rejection").rule == "rejection"  # at temperature 0: the same algebra, with one-hot p


def test_the_record_of_settings_is_plain_json_and_makes_the_same_settings_again():
    settings = Settings(temperature=0.7, top_p=0.9, stop=("\n", "\u2028"), seed=MAX_SEED)
    record = json.loads(json.dumps(settings.as_record(), allow_nan=False))
    assert record["stop"] == ["\n", "\u2028"]
    assert Settings(**record) == settings


def test_settings_need_no_torch():
    code = "import sys, specdec.settings; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_tree_is_as_deep_as_its_branching_and_a_chain_is_all_ones():
    assert Settings(branching=[3, 2, 1]).shape == (3, 2, 1) and Settings(branching=(3, 2, 1)).draft_length == 3
    assert Settings(draft_length=3).shape == (1, 1, 1) and Settings(draft_length=0).shape == ()
    assert Settings(branching="dynamic", draft_length=5).shape == (1,) * 5
    assert Settings(draft_length="auto").shape is None


@pytest.mark.parametrize(
    "value", ["", "3,2", (), (0,), (3, -1), (2.0,), (17,), (True,), (1,) * 65, 3, (16, 16), "Dynamic"]
)
def test_a_tree_that_makes_no_sense_is_refused_in_one_sentence(value):
    with pytest.raises(UserError) as caught:
        Settings(branching=value)
    assert str(caught.value).endswith(".") and len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "choice",
    [
        {"rule": "block", "temperature": 1.0, "branching": (2, 1)},
        {"rule": "match", "temperature": 1.0, "branching": "dynamic"},
        {"draft_length": "auto", "branching": "dynamic"},
        {"draft_length": "long"},
        {"epsilon": -1},
        {"delta": "much"},
        {"exit_layer": 0},
    ],
    ids=str,
)
def test_choices_that_do_not_go_together_are_refused_with_another(choice):
    with pytest.raises(UserError, match=r"^[^\n]+\.$"):
        Settings(**choice)


def test_a_record_names_the_datastore_and_not_where_it_lies():
    record = Settings(datastore="somewhere/else/books.store", branching=(2, 1)).as_record()
    assert record["datastore"] == "books.store" and record["branching"] == [2, 1]
    assert Settings.read(record).as_record() == record


def test_the_functions_of_the_package_name_every_setting_with_its_default():
    for function in (specdec.run, specdec.rounds):
        parameters = inspect.signature(function).parameters
        assert {field.name: parameters[field.name].default for field in FIELDS} == {
            field.name: field.default for field in FIELDS
        }
        assert all(one.kind is not inspect.Parameter.VAR_KEYWORD for one in parameters.values())


@pytest.mark.parametrize("name", [field.name for field in FIELDS if field.name != "datastore"])
def test_what_a_setting_is_typed_as_is_what_it_holds(name):
    """The command line and a form parse texts by the same table."""
    texts = {"rule": "rejection", "draft_length": "3", "branching": "3, 2,1", "stop": "a", "top_p": "0.5"}
    given = {"temperature": "0.5", name: texts.get(name, "0.5" if isinstance(field(name).default, float) else "7")}
    settings = Settings.typed(given)
    assert getattr(settings, name) == field(name).parse(given[name])
    assert Settings.typed({name: ""}) == Settings() == from_form({name: " "}, "model")


def test_a_form_looks_at_what_its_shape_drafter_and_rule_take():
    form = {"shape": "chain", "draft_length": 5.0, "branching": "nonsense", "exit_layer": "deep", "epsilon": "much"}
    assert from_form(form, "model") == Settings(draft_length=5)
    assert from_form({**form, "shape": "auto"}, "model").draft_length == "auto"
    assert from_form({**form, "shape": "dynamic"}, "model").branching == "dynamic"
    for wrong in ({"shape": "tree"}, {"shape": "tree", "branching": ""}, {"shape": "round"}, {"rule": "typical"}):
        with pytest.raises(UserError, match=r"^[^\n]+\.$"):
            from_form({**form, **wrong, "temperature": 1.0}, "model")
    with pytest.raises(UserError, match="deep"):
        from_form(form, "early_exit")
