"""The page as a reader meets it: the real app, the real models, a real browser."""

import re

import pytest
from fields import set_length, set_temperature
from playwright.sync_api import Locator, Page, expect

from specdec.messages import say
from specdec.settings import MAX_SEED

pytestmark = pytest.mark.browser

HOSTILE = '<script>alert(1)</script> ${window.hit=1} {{7*7}} \\u 😀 <img src=x onerror="window.hit=2">'
MESSAGE = ".message .line"

LOOPING = " ".join(16 * "A")  # greedily continued, it finds no end


def stage(page: Page):
    return page.locator("#explore-stage .specdec-stage")


def race(page: Page):
    return page.locator("#race-stage .specdec-race")


def part(page: Page, name: str):
    return stage(page).locator(f"[data-test={name}]")


def opened(page: Page) -> Page:
    """The page once its recorded run is on the stage, standing still at the first beat."""
    expect(stage(page)).to_have_attribute("data-state", "playing")
    first = part(page, "first")  # a phone has no room for it
    (first if first.is_visible() else part(page, "play")).click()
    expect(stage(page)).to_have_attribute("data-state", "paused")
    return page


def rounds(page: Page) -> int:
    return int(stage(page).get_attribute("data-rounds"))


def at(page: Page, number: int, beat: str) -> None:
    expect(stage(page)).to_have_attribute("data-round", str(number))
    expect(stage(page)).to_have_attribute("data-beat", beat)


def settings(page: Page, name: str = "explore") -> Locator:
    return page.locator(f".settings:has(#{name}-run)")


def run(page: Page, prompt: str | None = None, tokens: int = 24) -> None:
    if prompt is not None:
        settings(page).get_by_label(say("settings.prompt")).fill(prompt)
    set_length(settings(page), tokens)
    page.locator("#explore-run").click()


def test_the_recorded_run_plays_before_any_model_is_loaded(tab, app_without_models):
    page = tab(app_without_models)
    expect(part(page, "provenance")).to_contain_text(say("stage.recorded"))
    expect(stage(page)).to_have_attribute("data-state", "playing")
    expect(stage(page)).to_have_attribute("data-round", re.compile(r"^[2-9]$"))


def test_without_models_a_run_is_refused_in_a_sentence_and_the_recorded_one_stays(tab, app_without_models):
    page = opened(tab(app_without_models))
    before = rounds(page)
    page.locator("#explore-run").click()
    expect(page.locator(MESSAGE).first).to_have_text(say("app.models_missing"))
    assert rounds(page) == before
    expect(page.locator("#explore-run")).to_be_enabled()


def test_the_page_says_what_it_is(tab, app):
    page = opened(tab(app))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    expect(heading).to_contain_text(say("app.tagline"))
    expect(page.locator("p.intro")).to_contain_text(say("app.about"))
    expect(page.locator("p.intro").get_by_role("link", name=say("app.paper"))).to_be_visible()


def test_stop_texts_take_lines_and_enter_begins_another(tab, app):
    page = opened(tab(app))
    set_length(settings(page), 8)
    field = settings(page).get_by_label(say("settings.stop_texts"))
    field.fill("one")
    field.press("Enter")
    page.keyboard.type("two")
    expect(field).to_have_value("one\ntwo")
    expect(part(page, "provenance")).to_contain_text(say("stage.recorded"))


def test_a_seed_that_a_browser_cannot_hold_is_refused(tab, app):
    page = opened(tab(app))
    set_length(settings(page), 8)
    settings(page).get_by_label(say("settings.seed")).fill("9007199254740993")
    run(page, tokens=8)
    expect(page.locator(MESSAGE).first).to_contain_text(str(MAX_SEED))


def test_keys_step_through_a_run(tab, app):
    page = opened(tab(app))
    at(page, 1, "guess")
    page.keyboard.press("ArrowRight")
    at(page, 1, "check")
    page.keyboard.press("Shift+ArrowRight")
    expect(stage(page)).to_have_attribute("data-round", "2")
    page.keyboard.press("Shift+ArrowLeft")
    expect(stage(page)).to_have_attribute("data-round", "1")
    page.keyboard.press("End")
    at(page, rounds(page), "keep")
    page.keyboard.press("Home")
    part(page, "playhead").press("Space")
    expect(stage(page)).to_have_attribute("data-state", "playing")
    part(page, "playhead").press("Space")
    expect(stage(page)).to_have_attribute("data-state", "paused")


def test_keys_that_scroll_a_page_are_the_stages_only_where_it_has_the_focus(tab, app_without_models):
    page = opened(tab(app_without_models, viewport={"width": 1440, "height": 500}))
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("End")
    page.wait_for_function("() => window.scrollY > 0")
    at(page, 1, "guess")
    page.keyboard.press("ArrowRight")
    at(page, 1, "check")


def test_a_recorded_race_is_slowed_until_it_can_be_followed(tab, app_without_models):
    page = tab(app_without_models)
    page.get_by_role("tab", name=say("app.race")).click()
    speed = race(page).locator(".race-speed")
    expect(speed).to_have_value("pace")
    assert re.fullmatch(say("race.speed_slowed", times=r"\d+"), speed.locator("option").first.inner_text())
    expect(race(page)).to_have_attribute("data-playing", "true")
    speed.select_option("double")
    expect(race(page)).to_have_attribute("data-playing", "false")


def test_what_plays_by_itself_is_not_announced(tab, app_without_models):
    page = tab(app_without_models)
    expect(stage(page)).to_have_attribute("data-round", "3")
    expect(part(page, "heard")).to_have_text("")
    part(page, "previous").click()
    expect(part(page, "heard")).not_to_have_text("")


def test_a_followed_run_ends_at_a_round_that_shows_something_with_its_whole_text_and_the_focus_on_run(tab, app):
    page = opened(tab(app))
    page.locator("#explore-run").focus()
    run(page, tokens=24)
    expect(page.locator("#explore-stop")).to_be_focused()
    expect(stage(page)).to_have_attribute("data-ended", "length")
    expect(page.locator("#explore-run")).to_be_focused()
    expect(stage(page).locator(".chip[data-verdict=rejected]").first).to_be_visible()
    assert stage(page).locator(".text-round").last.is_visible()
    expect(part(page, "heard")).to_contain_text(say("stage.ended_length", limit=24))


def test_the_scrubber_goes_anywhere_and_the_text_follows(tab, app):
    page = opened(tab(app))
    part(page, "playhead").fill("4")
    at(page, 1, "keep")
    first = part(page, "sentence").inner_text()
    short = part(page, "text").inner_text()
    part(page, "playhead").fill(str(4 * rounds(page)))
    at(page, rounds(page), "keep")
    assert part(page, "text").inner_text().startswith(short[:20]) and part(page, "text").inner_text() != short
    part(page, "playhead").fill("4")
    at(page, 1, "keep")
    assert part(page, "sentence").inner_text() == first


def test_a_token_says_why(tab, app):
    page = opened(tab(app))
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("End")
    chip = stage(page).locator(".chip[data-token][data-verdict]").first
    token = chip.get_attribute("data-token")
    chip.click()
    expect(part(page, "why")).to_have_attribute("data-token", token)


def test_run_it_live_streams_and_ends_with_three_figures(tab, app):
    page = opened(tab(app))
    told = page.locator(".diagnosis .line")
    expect(told).to_contain_text("of the time")
    set_length(settings(page), 72)
    page.evaluate(
        """() => {
          window.seen = new Set();
          const stage = document.querySelector("#explore-stage .specdec-stage");
          new MutationObserver(() => stage.dataset.ended || window.seen.add(stage.dataset.rounds))
            .observe(stage, { attributes: true });
        }"""
    )
    part(page, "run-live").click()
    expect(part(page, "provenance")).to_contain_text(say("stage.live"))
    expect(stage(page)).to_have_attribute("data-ended", re.compile("length|eos"))
    assert page.evaluate("() => window.seen.size") > 2, "rounds arrive one by one"
    expect(page.locator(".figures .js-plotly-plot")).to_have_count(3)
    expect(told).to_contain_text(re.compile(f"a guess costs|{re.escape(say('diagnosis.busy'))}"))
    expect(page.locator("#explore-run")).to_be_enabled()
    expect(page.locator("#explore-stop")).to_be_disabled()


def test_a_second_run_replaces_the_first(tab, app):
    page = opened(tab(app))
    for prompt in ("The moon was big.", "A dog ran home."):
        run(page, prompt, tokens=12)
        expect(part(page, "text")).to_contain_text(prompt)
        expect(stage(page)).to_have_attribute("data-ended", "length")
    expect(part(page, "text")).not_to_contain_text("The moon was big.")


def test_stop_ends_a_run_where_it_is(tab, app):
    page = opened(tab(app))
    set_temperature(settings(page), 0)
    run(page, LOOPING, tokens=900)
    expect(stage(page)).to_have_attribute("data-state", "live")
    expect(page.locator(".figures")).to_be_hidden()
    page.evaluate(
        """() => {
          window.said = [];
          const line = document.querySelector(".message p.line");
          new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
        }"""
    )
    page.locator("#explore-stop").click()
    expect(page.locator("#explore-stop")).to_be_disabled()
    expect(stage(page)).to_have_attribute("data-ended", "cancelled")
    expect(page.locator(MESSAGE).first).to_be_hidden()
    assert say("app.stopping") in page.evaluate("() => window.said")
    expect(page.locator("#explore-run")).to_be_enabled()
    expect(page.locator(".figures .js-plotly-plot")).to_have_count(3)
    reached = rounds(page)
    run(page, "Once upon a time", tokens=8)
    expect(stage(page)).to_have_attribute("data-ended", "length")
    assert rounds(page) < reached or reached < 8


def test_a_run_that_fails_from_outside_keeps_what_came_and_the_next_may_start(app_that_fails, tab):
    page = opened(tab(app_that_fails))
    for prompt in ("The moon was big.", "A dog ran home."):
        run(page, prompt)
        expect(part(page, "text")).to_contain_text(prompt)
        expect(stage(page)).to_have_attribute("data-ended", "error")
        expect(page.locator(".toast-body.error").last).to_contain_text("the GPU is somebody else's now")
        expect(page.locator("#explore-run")).to_be_enabled()
        expect(page.locator("#explore-stop")).to_be_disabled()
        assert rounds(page) == 2
        expect(page.locator(".figures .js-plotly-plot")).to_have_count(3)


def test_bad_input_is_said_in_a_sentence_and_the_run_stays(tab, app):
    page = opened(tab(app))
    before = rounds(page)
    run(page, prompt="", tokens=8)
    expect(page.locator(MESSAGE).first).to_have_text(say("errors.prompt_empty"))
    run(page, prompt="Once", tokens=0)
    expect(page.locator(MESSAGE).first).to_have_text(re.compile("^The length must be a whole number"))
    assert rounds(page) == before
    run(page, prompt="Once", tokens=8)
    expect(stage(page)).to_have_attribute("data-ended", "length")
    expect(page.locator(MESSAGE).first).to_be_hidden()


def test_hostile_text_is_only_text(tab, app):
    page = opened(tab(app))
    run(page, HOSTILE, tokens=8)
    expect(stage(page)).to_have_attribute("data-ended", "length")
    expect(part(page, "text")).to_contain_text(HOSTILE)
    assert page.evaluate("() => window.hit") is None


def test_a_hostile_value_is_refused_as_text_too(tab, app):
    page = opened(tab(app))
    run(page, HOSTILE * 200, tokens=900)
    expect(page.locator(MESSAGE).first).to_be_visible()
    settings(page).get_by_label(say("settings.stop_texts")).fill(HOSTILE)
    run(page, HOSTILE, tokens=4)
    expect(part(page, "text")).to_contain_text(HOSTILE)
    assert page.evaluate("() => window.hit") is None


def test_an_example_fills_the_prompt(tab, app):
    page = opened(tab(app))
    settings(page).get_by_role("button", name=say("examples.fox"), exact=True).click()
    expect(settings(page).get_by_label(say("settings.prompt"))).to_have_value(say("examples.fox_prompt"))


def test_two_tabs_never_see_each_others_tokens(tab, app):
    prompts = ("The first tab tells of a goat.", "The second tab tells of a train.")
    pages = [opened(tab(app)) for _ in prompts]
    for page, prompt in zip(pages, prompts, strict=True):
        run(page, prompt, tokens=16)
    for page, prompt, other in zip(pages, prompts, reversed(prompts), strict=True):
        expect(stage(page)).to_have_attribute("data-ended", "length")
        expect(part(page, "text")).to_contain_text(prompt)
        expect(part(page, "text")).not_to_contain_text(other)


def test_a_race_finishes_with_a_verdict(tab, app):
    page = opened(tab(app))
    page.get_by_role("tab", name=say("app.race")).click()
    expect(race(page)).to_be_visible()
    told = page.locator(".diagnosis p.line").last
    expect(told).to_contain_text("of the time went into guessing")
    before = told.text_content()
    column = settings(page, "race")
    set_temperature(column, 0)
    column.get_by_label(say("settings.prompt")).fill("A race between a snail and a hare:")
    set_length(column, 12)
    page.locator("#race-run").click()
    # not its message: on a quick machine the race is over before anyone has read that it is on
    expect(race(page).locator("[data-lane=plain]")).to_have_attribute("data-total", "12")
    expect(race(page)).to_have_attribute("data-phase", "done")
    expect(race(page)).to_have_attribute("data-claim", "same")
    for lane in ("plain", "speculative"):
        expect(race(page).locator(f"[data-lane={lane}]")).to_have_attribute("data-total", "12")
    expect(page.locator("#race-run")).to_be_enabled()
    expect(told).not_to_have_text(before)  # it is told of the race on show, if there is something to tell


def test_a_stopped_race_leaves_the_one_before_it(tab, app):
    page = opened(tab(app))
    page.get_by_role("tab", name=say("app.race"), exact=True).click()
    told = page.locator(".diagnosis p.line").last.text_content()
    column = settings(page, "race")
    column.get_by_label(say("settings.prompt")).fill(LOOPING)
    set_temperature(column, 0)
    set_length(column, 900)
    page.locator("#race-run").click()
    message = page.locator(MESSAGE).nth(1)
    expect(message).to_contain_text("Plain decoding")
    page.locator("#race-stop").click()
    expect(message).to_have_text(say("app.race_stopped"))
    expect(page.locator("#race-run")).to_be_enabled()
    expect(race(page)).to_contain_text(say("stage.recorded"))
    expect(race(page).locator("[data-lane=plain]")).to_have_attribute("data-total", "72")
    expect(page.locator(".diagnosis p.line").last).to_have_text(told)


def test_the_theme_switches_and_is_remembered(tab, app):
    page = opened(tab(app, color_scheme="light"))
    expect(page.locator("body")).not_to_have_class(re.compile(r"\bdark\b"))
    page.get_by_role("button", name=say("app.to_dark")).click()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    again = page.context.new_page()
    again.goto(app)
    expect(again.get_by_role("button", name=say("app.to_light"))).to_be_visible()
    expect(again.locator("body")).to_have_class(re.compile(r"\bdark\b"))


def test_the_systems_dark_theme_is_followed(tab, app):
    page = opened(tab(app, color_scheme="dark"))
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))


def test_a_phone_shows_one_column_and_folds_the_settings(tab, app):
    page = opened(tab(app, viewport={"width": 360, "height": 800}, has_touch=True))
    fold = page.locator(".settings:has(#explore-run) .fold")
    expect(page.locator("#explore-run")).to_be_hidden()
    for name in (None, "race"):
        if name:
            page.get_by_role("tab", name=say(f"app.{name}")).click()
            expect(race(page)).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), name
    page.get_by_role("tab", name=say("app.explore")).click()
    tops = [part(page, name).bounding_box()["y"] for name in ("text", "round", "why", "totals")]
    assert tops == sorted(tops), "text, then this round, then why, then the run"
    fold.click()
    expect(page.locator("#explore-run")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    run(page, tokens=8)
    expect(page.locator("#explore-run")).to_be_hidden()
    expect(part(page, "provenance")).to_contain_text(say("stage.live"))


def test_the_text_scrolls_by_whole_lines(tab, app_without_models):
    page = opened(tab(app_without_models, viewport={"width": 1280, "height": 900}))
    part(page, "last").click()
    at(page, rounds(page), "keep")
    scrolled, line = page.evaluate(
        """() => { const box = document.querySelector(".text-box");
                   return [box.scrollTop, parseFloat(getComputedStyle(box.firstElementChild).lineHeight)]; }"""
    )
    assert scrolled > 0 and scrolled % line == 0


@pytest.mark.parametrize("width", [1440, 1280, 1000])
def test_the_columns_of_the_why_panel_do_not_overlap(tab, app_without_models, width):
    page = opened(tab(app_without_models, viewport={"width": width, "height": 900}))
    part(page, "playhead").press("End")
    at(page, rounds(page), "keep")
    heads = page.evaluate(
        """() => [...document.querySelector(".bars-head").querySelectorAll("span, b")]
                 .filter((one) => !one.children.length || one.querySelector("var"))
                 .map((one) => { const range = document.createRange(); range.selectNodeContents(one);
                                 const { left, right } = range.getBoundingClientRect(); return [left, right]; })
                 .sort((a, b) => a[0] - b[0])"""
    )
    assert len(heads) >= 2 and all(right <= left for (_, right), (left, _) in zip(heads, heads[1:], strict=False))
