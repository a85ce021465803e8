"""Fields of the settings column that several tests write."""

from playwright.sync_api import Locator, expect

from specdec.messages import say

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def set_length(column: Locator, tokens: int) -> None:
    """Write how many tokens a run may have, which lies under "More"; opened, that shows the values it starts with a
    frame after its fields, and a test that types in between would lose what it typed."""
    field = column.get_by_label(say("settings.max_new_tokens"))
    if not field.is_visible():
        column.get_by_role("button", name=say("settings.more")).click()
        expect(field).to_be_visible()
        column.page.evaluate(TWO_FRAMES)
    field.fill(str(tokens))
    expect(field).to_have_value(str(tokens))


def set_temperature(column: Locator, temperature: float) -> None:
    field = column.get_by_role("spinbutton", name=say("settings.temperature"))
    field.fill(f"{temperature:g}")
    field.press("Tab")
