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
