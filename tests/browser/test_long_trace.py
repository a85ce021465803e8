"""A thousand tokens on the standalone page: the playhead still reaches every round."""

import pytest
from playwright.sync_api import expect

from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.settings import Settings
from specdec.trace import gather
from specdec.views.page import page as standalone

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def long_trace(tiny_pair):
    return gather(
        loop.rounds(prepare(tiny_pair, Request("Once", "model", Settings(draft_length=2, max_new_tokens=1000))))
    )


def test_scrubbing_a_thousand_tokens(tab, tmp_path, long_trace):
    assert len(long_trace.ids) == 1000
    file = tmp_path / "trace.html"
    file.write_text(standalone(long_trace), encoding="utf-8")
    page = tab(file.as_uri())
    stage = page.locator(".specdec-stage")
    last = len(long_trace.rounds)
    expect(stage).to_have_attribute("data-rounds", str(last))
    stage.locator("[data-test=last]").click()
    expect(stage).to_have_attribute("data-round", str(last))
    for number in (1, last // 2, last // 3, last):
        stage.locator("[data-test=playhead]").fill(str(4 * number))
        expect(stage).to_have_attribute("data-round", str(number))
    stage.locator("[data-test=last]").click()
    written = stage.locator("[data-test=text]")
    expect(written).to_contain_text(long_trace.text.strip().split("\n")[-1].strip()[-20:])


PLACES = """flow => [...flow.querySelectorAll(".token .under")].map(ink => {
  const { x, y } = flow.getBoundingClientRect();
  return [...ink.getClientRects()].map(({ left, top, right }) => [left - x, top - y, right - x].map(Math.round));
})"""
JOIN = """flow => {
  for (const part of flow.querySelectorAll(".text-part")) part.replaceWith(...part.childNodes);
}"""


@pytest.mark.parametrize("width", [1440, 700])
def test_old_lines_are_laid_out_apart_and_every_token_stands_where_it_would_in_one_text(
    tab, tmp_path, long_trace, width
):
    file = tmp_path / "trace.html"
    file.write_text(standalone(long_trace), encoding="utf-8")
    page = tab(file.as_uri())
    page.locator("[data-test=last]").click()
    page.set_viewport_size({"width": width, "height": 1000})
    page.locator(".text-all").click()
    text = page.locator("[data-test=text]")
    expect(text.locator(".text-part").nth(2)).to_be_attached()
    apart, said = text.evaluate(PLACES), text.evaluate("flow => flow.textContent")
    text.evaluate(JOIN)
    assert apart == text.evaluate(PLACES) and said == text.evaluate("flow => flow.textContent")
