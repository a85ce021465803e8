"""Renew the pictures of the page: serve it (`make run`), then `python scripts/screenshots.py`.

Explore and Race are taken as they open, on their recorded runs. The tree is a live run of the embedded models.
"""

import argparse
from collections.abc import Callable

from chromium import SCREENSHOTS, browser
from playwright.sync_api import Browser, Locator, Page, expect

from specdec.messages import say

PATIENCE = 120_000  # milliseconds until something counts as missing
WIDE, PHONE = {"width": 1440, "height": 1240}, {"width": 360, "height": 800}
ROUND, TOKEN = 8, "7:2"  # of the recorded run: where Explore stands, and the rejected guess that is explained
TREE = {"branching": "3,2,1", "seed": "3"}
TREE_TOKEN = ".guess[data-verdict=rejected]"

Shot = Callable[[Browser, str, str], None]


def main() -> None:
    parser = argparse.ArgumentParser(description="Renew the pictures of the page.")
    parser.add_argument(
        "--url", default="http://127.0.0.1:7860", help="where the page is served (default: %(default)s)"
    )
    parser.add_argument("--only", metavar="NAME", choices=SHOTS, help=", ".join(SHOTS))
    options = parser.parse_args()
    expect.set_options(timeout=PATIENCE)
    with browser() as chromium:
        for name, take in SHOTS.items():
            if options.only in (None, name):
                take(chromium, options.url, name)
                print(SCREENSHOTS / f"{name}.png")


def explore(chromium: Browser, url: str, name: str, scheme: str = "light", size: dict = WIDE) -> None:
    page = opened(chromium, url, scheme, size)
    stand_at(stage(page), ROUND)
    stage(page).locator(f".chip[data-token='{TOKEN}']").click()
    save(page, name, whole=size is PHONE)


def race(chromium: Browser, url: str, name: str, scheme: str = "light", size: dict = WIDE) -> None:
    page = opened(chromium, url, scheme, size)
    page.get_by_role("tab", name=say("app.race")).click()
    expect(page.locator(".specdec-race")).to_be_visible()
    save(page, name, whole=size is PHONE)


def tree(chromium: Browser, url: str, name: str) -> None:
    """A live run of a tree, at the round that the page chooses, with a rejected guess explained."""
    page = opened(chromium, url, "light", {"width": 1440, "height": 1240})
    page.get_by_text(say("settings.shape_tree"), exact=True).first.click()
    page.get_by_label(say("settings.branching")).first.fill(TREE["branching"])
    page.get_by_role("button", name=say("settings.more")).first.click()
    page.get_by_label(say("settings.seed")).first.fill(TREE["seed"])
    page.get_by_role("button", name=say("settings.more")).first.click()
    page.get_by_role("button", name=say("settings.run"), exact=True).first.click()
    expect(stage(page)).to_have_attribute("data-ended", "length")
    expect(stage(page)).to_have_attribute("data-state", "paused")
    stage(page).locator(TREE_TOKEN).last.click()
    save(page, name)


def opened(chromium: Browser, url: str, scheme: str, size: dict) -> Page:
    """The page with its recorded run standing still; animations are asked to be left out."""
    page = chromium.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    expect(stage(page)).to_have_attribute("data-state", "paused")
    page.evaluate("document.fonts.ready")
    return page


def stage(page: Page) -> Locator:
    return page.locator(".specdec-stage").first


def stand_at(on: Locator, number: int) -> None:
    """At the end of a round, counted from 1."""
    on.locator("[data-test=first]").dispatch_event("click")  # so that the text shows its first line
    on.locator("[data-test=playhead]").fill(str(number * 4))
    expect(on).to_have_attribute("data-round", str(number))


def save(page: Page, name: str, whole: bool = False) -> None:
    page.mouse.move(0, 0)
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(500)  # for what is laid out once more when fonts and figures are there
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)
    page.close()


SHOTS: dict[str, Shot] = {
    "explore-light": explore,
    "explore-dark": lambda *asked: explore(*asked, scheme="dark"),
    "race-light": race,
    "race-dark": lambda *asked: race(*asked, scheme="dark"),
    "tree": tree,
    "phone": lambda *asked: explore(*asked, size=PHONE),
    "race-phone": lambda *asked: race(*asked, size=PHONE),
}

if __name__ == "__main__":
    main()
