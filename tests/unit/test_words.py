"""Every sentence that the engine says stands in the catalog, and is a sentence."""

import re
import string
from pathlib import Path

import pytest

import specdec
from specdec.messages import catalog, say


def entries():
    for section, group in catalog().items():
        for key, entry in group.items():
            for form, text in entry.items() if isinstance(entry, dict) else [("", entry)]:
                yield f"{section}.{key}", form, text


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_entry_is_text_or_a_choice_between_one_and_other():
    for section, group in catalog().items():
        assert isinstance(group, dict), section
        for key, entry in group.items():
            forms = entry if isinstance(entry, dict) else {"one": entry, "other": entry}
            assert set(forms) == {"one", "other"}, f"{section}.{key}"
            assert all(isinstance(text, str) and text.strip() for text in forms.values()), f"{section}.{key}"


def test_every_place_in_an_entry_has_a_name():
    for key, form, text in entries():
        assert all(name.isidentifier() for name in places(text) - {""}) and "" not in places(text), (key, form)


def test_every_error_is_one_sentence_on_one_line():
    for key, _, text in entries():
        if key.startswith("errors.") and not key.startswith("errors.why_"):
            assert text[0].isupper() or text.startswith("{"), key
            assert text.endswith((".", ": {why}")) and "\n" not in text, key


def test_every_key_that_the_package_says_is_in_the_catalog():
    folder = Path(specdec.__file__).parent
    source = "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    said = set(re.findall(r"""\b(?:say|Message|UserError|NoRoom)\(\s*["']([a-z_]+\.[a-z_0-9]+)["']\s*[,)]""", source))
    assert "errors.prompt_empty" in said and len(said) > 10
    known = {f"{section}.{key}" for section, group in catalog().items() for key in group}
    assert not said - known


def test_a_key_that_is_not_there_raises():
    for key in ("errors.nothing", "nothing.draft_length"):
        with pytest.raises(KeyError):
            say(key)


def test_a_place_without_a_value_raises():
    with pytest.raises(KeyError):
        say("errors.draft_length", low=0, high=64)


def test_values_are_shown_as_they_are_even_where_they_look_like_places():
    said = say("errors.rule_unknown", value="{choices}", choices="greedy")
    assert "{choices}" in said and said.count("greedy") == 1


def test_the_middle_of_a_value_that_is_too_long_for_a_sentence_is_left_out():
    for value in ("x" * 100_000, (1,) * 100_000, 10**4000):
        said = say("errors.branching", high=16, value=value)
        assert len(said) < 600 and said.endswith(f"{str(value)[-50:]}.") and "…" in said
    said = say("errors.rule_unknown", value="x" * 100_000, choices="greedy")
    assert said.startswith("There is no rule called 'xxx") and said.endswith("xxx'; choose one of greedy.")


def test_no_refusal_of_every_surface_speaks_of_the_command_line():
    shared = [
        (key, text) for key, _, text in entries() if key.split(".")[0] in ("errors", "choices", "app", "settings")
    ]
    assert not [(key, text) for key, text in shared if re.search(r"--[a-z]", text)]


def test_one_thing_is_counted_in_the_singular():
    counted = [(key, entry) for key, entry in catalog()["figures"].items() if isinstance(entry, dict)]
    for key, entry in counted:
        for n, form in ((1, "one"), (0, "other"), (2, "other")):
            names = places(entry["one"]) | places(entry["other"])
            values = {**dict.fromkeys(names, "x"), "n": n}
            assert say(f"figures.{key}", **values) == entry[form].format(**values)
