"""What goes over the wire for a run on the page: its new lines, once, and nothing of it back."""

import pytest
from fields import set_length, set_temperature
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
MOST_SENT = 4000  # bytes of all requests of a run: the fields' values, and no trace


def run(page: Page, tokens: int) -> dict[str, int]:
    """Run for so many tokens; the rounds, and the bytes received and sent from the click until all are drawn."""
    stage = page.locator("#explore-stage .specdec-stage")
    set_length(page.locator(".settings").first, tokens)
    counts = {"received": 0, "sent": 0}

    def received(event: dict) -> None:
        counts["received"] += event["dataLength"]

    def sent(event: dict) -> None:
        counts["sent"] += len(event["request"].get("postData", ""))

    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.dataReceived", received)
    devtools.on("Network.requestWillBeSent", sent)
    devtools.send("Network.enable")
    stage.evaluate("element => element.setAttribute('data-ended', 'before')")  # a short run may be over at once
    page.locator("#explore-run").click()
    expect(stage).to_have_attribute("data-ended", "length")
    expect(page.locator("#explore-run")).to_be_enabled()
    expect(page.locator(".figures").first).to_be_visible()
    devtools.detach()
    return {"rounds": int(stage.get_attribute("data-rounds")), **counts}


def test_a_run_of_twice_the_rounds_costs_twice_the_bytes_and_none_goes_back(tab, app_of_a_family):
    page = tab(app_of_a_family)
    expect(page.locator("#explore-stage .specdec-stage")).to_have_attribute("data-rounds", "21")
    set_temperature(page.locator(".settings").first, 0.8)
    run(page, 8)  # the models are loaded, the figures' script has come
    short, long = run(page, 150), run(page, 300)
    assert long["rounds"] > 1.8 * short["rounds"]
    per_round = [one["received"] / one["rounds"] for one in (short, long)]
    assert per_round[1] <= 1.1 * per_round[0]
    assert short["sent"] < MOST_SENT and long["sent"] < MOST_SENT
