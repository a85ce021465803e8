"""The settings as a reader uses them: every choice says what it is, and what cannot be had says why."""

import re

import pytest
from fields import set_length, set_temperature
from playwright.sync_api import Page, expect

from specdec.catalog import capabilities
from specdec.messages import say
from specdec.ui.engine import ENTRIES

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(tab, app):
    page = tab(app)
    column = page.locator(".settings:has(#explore-run)")
    expect(picker(column, "drafter")).to_be_visible()
    return column


def picker(column, name: str):
    return column.get_by_role("combobox", name=say(f"settings.{name}"))


def option(column, name: str):
    return column.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(name)}"))


def pick(column, setting: str, value: str) -> None:
    picker(column, setting).click()
    option(column, say(f"settings.{setting}_{value}")).click()
    expect(picker(column, setting)).to_have_text(say(f"settings.{setting}_{value}"))


def shape(column, value: str):
    return column.get_by_role("radio", name=say(f"settings.shape_{value}"))


def temperature(column):
    return column.get_by_role("spinbutton", name=say("settings.temperature"))


def run(page: Page, column) -> None:
    set_length(column, 12)
    column.locator("#explore-run").click()
    expect(page.locator("#explore-stage .specdec-stage")).to_have_attribute("data-ended", re.compile("length|eos"))


def test_every_drafter_stands_in_the_list_and_those_that_cannot_be_had_say_why(settings):
    picker(settings, "drafter").click()
    for one in capabilities.drafters(ENTRIES[0]):
        entry = option(settings, str(one.name))
        expect(entry).to_contain_text(str(one.what))
        expect(entry).to_have_attribute("aria-disabled", "true" if one.why else "false")
        if one.why:
            expect(entry).to_contain_text(str(one.why))


def test_a_drafter_that_cannot_be_had_is_not_taken(tab, app_of_a_family):
    settings = tab(app_of_a_family).locator(".settings:has(#explore-run)")
    picker(settings, "drafter").click()
    grey = option(settings, say("settings.drafter_medusa"))
    expect(grey).to_have_attribute("aria-disabled", "true")
    grey.click(force=True)
    expect(settings.get_by_role("option").first).to_be_visible()
    settings.page.keyboard.press("Escape")
    expect(picker(settings, "drafter")).to_have_text(say("settings.drafter_model"))


def test_a_drafter_is_chosen_by_keyboard_alone(settings):
    field = picker(settings, "drafter")
    field.focus()
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_text(say("settings.drafter_lookup"))
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("e")
    field.press(" ")
    expect(field).to_have_text(say("settings.drafter_early_exit"))
    field.press("Enter")
    field.press("End")
    field.press("Escape")
    expect(field).to_have_text(say("settings.drafter_early_exit"))


def test_rule_and_temperature_go_together(settings):
    rule = picker(settings, "rule")
    about = rule.locator("xpath=../following-sibling::p")
    set_temperature(settings, 0)
    expect(rule).to_have_text(say("settings.rule_greedy"))
    expect(about).to_have_text(say("settings.law_greedy"))
    set_temperature(settings, 0.7)
    expect(rule).to_have_text(say("settings.rule_rejection"))
    expect(about).to_have_text(say("settings.law_rejection"))
    pick(settings, "rule", "greedy")
    expect(temperature(settings)).to_have_value("0")
    pick(settings, "rule", "block")
    expect(temperature(settings)).not_to_have_value("0")


def test_a_rule_that_changes_the_output_says_so(settings):
    badge = settings.locator("p .rule-badge.is-lossy")
    expect(badge).to_have_count(0)
    pick(settings, "rule", "typical")
    expect(badge).to_have_text(say("settings.lossy"))
    for name in ("epsilon", "delta"):
        expect(settings.get_by_label(say(f"settings.{name}"))).to_be_visible()
    pick(settings, "rule", "rejection")
    expect(badge).to_have_count(0)
    expect(settings.get_by_label(say("settings.epsilon"))).to_be_hidden()


def test_a_tree_and_a_chain_rule_exclude_each_other_and_say_so(settings):
    pick(settings, "rule", "block")
    for tree in ("tree", "dynamic"):
        expect(shape(settings, tree)).to_be_disabled()
    expect(settings.get_by_text(say("choices.no_tree_block")).locator("visible=true")).to_have_count(1)
    pick(settings, "rule", "rejection")
    shape(settings, "tree").check()
    picker(settings, "rule").click()
    expect(option(settings, say("settings.rule_block"))).to_contain_text(say("choices.no_tree_block"))
    option(settings, say("settings.rule_block")).click(force=True)
    settings.page.keyboard.press("Escape")
    expect(picker(settings, "rule")).to_have_text(say("settings.rule_rejection"))


def test_only_the_fields_of_the_shape_are_there(settings):
    length = settings.get_by_role("spinbutton", name=say("settings.draft_length"))
    branching = settings.get_by_label(say("settings.branching"))
    expect(length).to_be_visible()
    expect(branching).to_be_hidden()
    shape(settings, "tree").check()
    expect(length).to_be_hidden()
    branching.fill("2,2")
    expect(settings.get_by_text(say("settings.tree_size", n=6))).to_be_visible()
    branching.fill("2,")
    expect(settings.get_by_text(say("settings.branching_form"))).to_be_visible()
    shape(settings, "auto").check()
    expect(length).to_be_hidden()
    expect(branching).to_be_hidden()
    pick(settings, "drafter", "none")
    expect(shape(settings, "auto")).to_be_hidden()


def test_a_shape_that_the_next_drafter_cannot_draft_gives_way(settings):
    shape(settings, "dynamic").check()
    pick(settings, "drafter", "lookup")
    expect(shape(settings, "chain")).to_be_checked()
    expect(shape(settings, "dynamic")).to_be_disabled()
    expect(settings.get_by_text(say("choices.no_dynamic"))).to_be_visible()


def test_a_tree_is_run_as_it_was_asked_for(settings):
    page = settings.page
    pick(settings, "drafter", "early_exit")
    expect(settings.get_by_role("spinbutton", name=say("settings.exit_layer"))).to_be_visible()
    shape(settings, "tree").check()
    settings.get_by_label(say("settings.branching")).fill("2,1")
    run(page, settings)
    expect(page.locator("#explore-stage [data-test=provenance]")).to_contain_text(say("stage.live"))


def test_a_phone_has_room_for_the_lists(tab, app):
    page = tab(app, viewport={"width": 360, "height": 740}, has_touch=True)
    column = page.locator(".settings:has(#explore-run)")
    column.locator(".fold").click()
    for name in ("drafter", "rule"):
        picker(column, name).click()
        box = column.get_by_role("listbox").locator("visible=true").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("Escape")
    shape(column, "tree").check()
    expect(column.locator(".fold")).to_contain_text(say("settings.summary_tree", branching="3,2,1"))
    pick(column, "task", "correct")
    expect(column.locator(".fold")).to_contain_text(say("settings.task_correct"))


def test_translating_runs_the_pair_that_has_learned_it(tab, app):
    page = tab(app)
    column = page.locator(".settings:has(#explore-run)")
    pick(column, "rule", "typical")
    pick(column, "drafter", "early_exit")
    pick(column, "task", "translate")
    expect(column).to_contain_text("T5-Translate")
    expect(picker(column, "drafter")).to_have_text(say("settings.drafter_model"))
    expect(picker(column, "rule")).to_have_text(say("settings.rule_greedy"))
    expect(shape(column, "tree")).to_be_disabled()
    picker(column, "drafter").click()
    grey = option(column, say("settings.drafter_eagle"))
    expect(grey).to_have_attribute("aria-disabled", "true")
    expect(grey).to_contain_text(say("choices.no_encoder_drafter"))
    page.keyboard.press("Escape")
    run(page, column)
    expect(page.locator("#explore-stage .provenance")).to_contain_text("T5-Translate")
    expect(page.locator("#explore-stage .text-prompt")).to_have_css("display", "block")  # no token goes on from it
    pick(column, "task", "story")
    expect(column).not_to_contain_text("T5-Translate")
    expect(shape(column, "tree")).to_be_enabled()
