"""Tasks and a ladder of drafts as a reader uses them, on a pair of tiny models that has both."""

import re

import pytest
from fields import set_length, set_temperature
from playwright.sync_api import expect

from specdec.catalog.pairs import TASKS, wrap
from specdec.messages import say
from specdec.ui.form import EXAMPLES

pytestmark = pytest.mark.browser

OWN = 'He goed.\n<img src=x onerror="window.hit=1"> ${window.hit=2} {{7*7}} {text}'
ORIGIN = ".provenance, .race-from"


def column(page, tab="explore"):
    found = page.locator(f".settings:has(#{tab}-run)")
    expect(found.get_by_role("combobox", name=say("settings.task"))).to_be_visible()
    return found


@pytest.fixture
def settings(tab, app_of_a_family):
    return column(tab(app_of_a_family))


def prompt(settings):
    return settings.get_by_label(say("settings.prompt"))


def choose(settings, name: str, entry: str, **how):
    settings.get_by_role("combobox", name=say(f"settings.{name}")).click()
    settings.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(entry)}")).first.click(**how)


def choose_task(settings, task: str, **how):
    choose(settings, "task", say(f"settings.task_{task}"), **how)


def run(settings, tab="explore"):
    set_length(settings, 6)
    settings.locator(f"#{tab}-run").click()
    stage = settings.page.locator(f"#{tab}-stage")
    expect(stage.locator(ORIGIN)).to_contain_text(say("stage.live"))
    return stage


def example(task: str, place: int = 0) -> str:
    return say(f"examples.{EXAMPLES[task][place]}_prompt")


def test_a_task_brings_its_example_and_its_buttons(settings):
    for task in ("quote", "story", "correct"):
        choose_task(settings, task)
        expect(prompt(settings)).to_have_value(example(task))
        buttons = settings.locator(".specdec-examples").get_by_role("button")
        expect(buttons).to_have_text([say(f"examples.{name}") for name in EXAMPLES[task]])
    buttons.last.click()
    expect(prompt(settings)).to_have_value(example("correct", -1))


def test_what_a_reader_typed_stays_whatever_task_is_chosen(settings):
    prompt(settings).fill("My own words.")
    for task in ("quote", "correct"):
        choose_task(settings, task)
        expect(prompt(settings)).to_have_value("My own words.")
    prompt(settings).fill("")
    choose_task(settings, "quote")
    expect(prompt(settings)).to_have_value(example("quote"))


def test_a_task_brings_the_drafter_and_the_draft_length_that_suit_it(settings):
    drafter = settings.get_by_role("combobox", name=say("settings.drafter"))
    length = settings.get_by_role("spinbutton", name=say("settings.draft_length"))
    for task, name, tokens in (("correct", "lookup", 6), ("quote", "model", 4), ("correct", "lookup", 6)):
        choose_task(settings, task)
        expect(drafter).to_have_text(say(f"settings.drafter_{name}"))
        expect(length).to_have_value(str(tokens))
    choose(settings, "drafter", say("settings.drafter_suffix"))
    choose_task(settings, "quote")
    expect(prompt(settings)).to_have_value(example("quote"))
    expect(drafter).to_have_text(say("settings.drafter_suffix"))  # a reader's own choice stays
    expect(length).to_have_value("6")


def test_a_task_with_a_right_answer_brings_greedy_decoding_and_a_story_sampling(settings):
    temperature = settings.get_by_role("spinbutton", name=say("settings.temperature"))
    rule = settings.get_by_role("combobox", name=say("settings.rule"))
    for task, degrees, name in (("correct", "0", "greedy"), ("story", "0.8", "rejection"), ("quote", "0", "greedy")):
        choose_task(settings, task)
        expect(temperature).to_have_value(degrees)
        expect(rule).to_contain_text(say(f"settings.rule_{name}"))
    set_temperature(settings, 1.3)
    choose_task(settings, "correct")
    expect(temperature).to_have_value("1.3")  # a reader's own choice stays
    expect(rule).to_contain_text(say("settings.rule_rejection"))


def test_a_task_that_the_pair_has_not_learned_is_not_taken_and_says_why(settings):
    choose_task(settings, "split", force=True)
    grey = settings.get_by_role("option").filter(has_text=say("settings.task_split"))
    expect(grey).to_have_attribute("aria-disabled", "true")
    expect(grey).to_contain_text(say("choices.no_task"))
    settings.page.keyboard.press("Escape")
    expect(settings.get_by_role("combobox", name=say("settings.task"))).to_have_text(say("settings.task_story"))


def test_a_task_says_what_it_puts_around_the_text(settings):
    choose_task(settings, "correct")
    before, after = (part.strip() for part in TASKS["correct"].split("{text}"))
    expect(settings.get_by_text(say("choices.sent_between", before=before, after=after))).to_be_visible()


def test_a_prompt_has_lines_and_is_shown_as_it_is_sent_while_what_was_typed_stays(settings):
    choose_task(settings, "correct")
    first, second = OWN.split("\n")
    prompt(settings).fill(first)
    prompt(settings).press("End")
    prompt(settings).press("Enter")
    settings.page.keyboard.insert_text(second)
    expect(prompt(settings)).to_have_value(OWN)
    stage = run(settings)
    assert stage.locator(".text-prompt").inner_text() == wrap("correct", OWN)
    expect(prompt(settings)).to_have_value(OWN)
    assert settings.page.evaluate("() => window.hit") is None


def test_a_draft_is_chosen_by_name_and_guesses(settings):
    choice = settings.get_by_role("combobox", name=say("settings.draft"))
    expect(choice).to_have_text("draft-kd")
    choose(settings, "draft", "draft-tiny")
    expect(choice).to_have_text("draft-tiny")
    expect(run(settings).locator(ORIGIN)).to_contain_text("small")
    choose(settings, "drafter", say("settings.drafter_lookup"))
    expect(choice).to_be_hidden()


def test_a_draft_that_is_not_on_disk_says_so(settings):
    choose(settings, "draft", "draft-large", force=True)
    expect(settings.get_by_role("option").filter(has_text="draft-large")).to_contain_text(say("choices.no_draft"))


def test_a_race_takes_tasks_and_drafts_too(tab, app_of_a_family):
    page = tab(app_of_a_family)
    page.get_by_role("tab", name=say("app.race")).click()
    settings = column(page, "race")
    choose_task(settings, "quote")
    choose(settings, "draft", "draft-tiny")
    expect(run(settings, "race").locator(ORIGIN)).to_contain_text("small")


def test_a_phone_has_room_for_tasks(tab, app_of_a_family):
    page = tab(app_of_a_family, viewport={"width": 360, "height": 740}, has_touch=True)
    page.locator(".settings:has(#explore-run) .fold").click()
    settings = column(page)
    settings.get_by_role("combobox", name=say("settings.task")).click()
    box = settings.get_by_role("listbox").locator("visible=true").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    page.keyboard.press("Escape")
    choose_task(settings, "quote")
    for button in settings.locator(".specdec-examples").get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
