"""The player on drafts of every shape and every rule, on the standalone page: drawn, explained, reachable by keys."""

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from specdec.messages import say
from specdec.trace import OpaqueDraftToken, OpaqueFinalToken, Plan, Round
from specdec.views.page import page as standalone

pytestmark = pytest.mark.browser

# root ─ play ✗ ─ with ·     eat ✓ ─ the ✓ ─ sweet ✗ / red ✓ (a leaf, so what follows it is a bonus)
TREE = (
    *((" play", -1, "r"), (" eat", -1, "a"), (" help", -1, "d"), (" with", 0, "d"), (" the", 1, "a")),
    *((" her", 1, "d"), (" sweet", 4, "r"), (" red", 4, "a")),
)
REFUSED = ((" play", -1, "r"), (" eat", -1, "a"), (" the", 1, "r"), (" a", 1, "r"))
RULES = ("greedy", "rejection", "block", "match", "typical")
NO_OVERFLOW = "() => document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def shown(tab, tmp_path):
    """`shown(trace, …)`: the standalone page of a trace, at the end of its first round, and its stage."""

    def show(trace, **choices):
        file = tmp_path / "trace.html"
        file.write_text(standalone(trace, autoplay=False), encoding="utf-8")
        page = tab(file.as_uri(), **choices)
        expect(page.locator(".specdec-stage")).to_have_attribute("data-rounds", str(len(trace.rounds)))
        page.evaluate("() => window.specdec.player.go(0, 3)")
        return page

    return show


def part(page, name):
    return page.locator(f".specdec-stage [data-test={name}]")


def tree_of(hand_made, *drafts, **settings):
    return hand_made.trace(*(drafts or (TREE,)), branching=[3, 2, 2], **{"rule": "rejection"} | settings)


def test_a_tree_stands_in_columns_and_its_lines_lead_to_every_guess(shown, hand_made):
    page = shown(tree_of(hand_made))
    expect(part(page, "round")).to_have_attribute("data-layout", "tree")
    lefts = page.evaluate(
        """() => [...document.querySelectorAll('.tree-canvas .chip[data-token]')]
             .map(chip => chip.getBoundingClientRect().left)"""
    )
    assert len(lefts) == len(TREE) + 1
    by_depth = [{lefts[i] for i in nodes} for nodes in ((0, 1, 2), (3, 4, 5), (6, 7), (8,))]
    assert all(len(one) == 1 for one in by_depth), "a column a depth"
    assert [*map(min, by_depth)] == sorted(map(min, by_depth))
    drawn = page.locator(".tree-edges .edge")
    expect(drawn).to_have_count(len(TREE) + 1)
    assert [drawn.nth(i).get_attribute("d")[0] for i in range(drawn.count())] == ["M"] * drawn.count()
    expect(part(page, "tree-ledger")).to_contain_text("= 8 drafted")
    expect(part(page, "sentence")).to_have_text(
        f"{say('stage.guessed_tree_model', n=8)} {say('stage.kept_path_bonus', n=3)}"
    )


def test_the_tree_is_told_no_further_than_the_beat(shown, hand_made):
    page = shown(tree_of(hand_made))
    page.evaluate("() => window.specdec.player.go(0, 0)")
    expect(page.locator('.tree-edges [data-at="final"]')).to_be_hidden()
    expect(page.locator(".chip[data-token='0:0']")).to_have_class("chip is-pending")
    label = page.locator(".chip[data-token='0:4']").get_attribute("aria-label")
    assert label == say("stage.node_pending", token="the", n=5, of=8, depth=2, parent="eat")
    page.evaluate("() => window.specdec.player.go(0, 2)")
    label = page.locator(".chip[data-token='0:4']").get_attribute("aria-label")
    assert label == say(
        "stage.node_label", token="the", n=5, of=8, depth=2, parent="eat", verdict=say("stage.accepted")
    )


def test_a_round_keeps_its_height_while_it_plays(shown, hand_made):
    page = shown(tree_of(hand_made, REFUSED, TREE, "", "aa"))
    tops = set()
    for place in range(16):
        page.evaluate("([round, beat]) => window.specdec.player.go(round, beat)", [place // 4, place % 4])
        tops.add(page.locator(".tree-foot").bounding_box()["y"])
    assert len(tops) == 1


def test_tab_goes_through_the_guesses_in_order_and_the_arrows_of_the_panel_too(shown, hand_made):
    page = shown(tree_of(hand_made))
    page.locator(".chip[data-token='0:0']").focus()
    for key in ("0:1", "0:2", "0:3"):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.dataset.token") == key
        expect(part(page, "why")).to_have_attribute("data-token", key)
    page.keyboard.press("Enter")
    part(page, "why-next").focus()
    page.keyboard.press("ArrowRight")
    expect(part(page, "why")).to_have_attribute("data-token", "0:4")


def test_the_mask_shows_who_sees_whom(shown, hand_made):
    page = shown(tree_of(hand_made), viewport={"width": 1600, "height": 1200})
    expect(part(page, "mask")).to_be_visible()
    seen = page.evaluate(
        """() => [...document.querySelectorAll('.mask-row')].map(row =>
             [...row.querySelectorAll('.mask-cell:not(.is-text)')].map(cell => cell.classList.contains('is-seen')))"""
    )
    for i, row in enumerate(seen):
        path = {i}
        while TREE[min(path)][1] >= 0:
            path.add(TREE[min(path)][1])
        assert {at for at, yes in enumerate(row) if yes} == path
    page.locator(".mask-row[data-token='0:7']").hover()
    expect(page.locator(".guesses .chip[data-token='0:7']")).to_have_class("chip is-accepted is-lit")
    expect(part(page, "text").locator("[data-token='0:7']")).to_have_class("token is-accepted is-lit")
    expect(part(page, "mask-reads")).to_have_text(say("stage.mask_reads", text="… upon a time eat the"))
    page.locator(".mask-row[data-token='0:7']").focus()
    page.keyboard.press("ArrowUp")
    expect(part(page, "why")).to_have_attribute("data-token", "0:6")
    expect(page.locator(".mask-row[data-token='0:6']")).to_have_attribute("aria-selected", "true")


def test_a_chain_has_a_triangle_behind_a_button(shown, hand_made):
    page = shown(hand_made.trace("aar", rule="rejection"))
    expect(part(page, "mask")).to_be_hidden()
    part(page, "mask-toggle").click()
    expect(page.locator(".mask-row .is-seen")).to_have_count(1 + 2 + 3)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_explains_every_token_without_a_slip(rule, shown, hand_made):
    page = shown(hand_made.trace("aard", "aaa", "", "rdd", rule=rule, epsilon=0.09, delta=0.3))
    for key in ("0:0", "0:2", "0:3", "0:f", "1:f", "2:f", "3:0", "3:f"):
        page.evaluate("(round) => window.specdec.player.go(round, 3)", int(key[0]))
        page.locator(f".guesses .chip[data-token='{key}']").click()
        why = part(page, "why")
        expect(why).to_have_attribute("data-token", key)
        text = why.inner_text()
        assert len(text) > 40 and not any(slip in text for slip in ("undefined", "NaN", "[object", "null", "{"))


@pytest.mark.parametrize("rule", ["greedy", "rejection", "typical"])
def test_every_tree_rule_explains_every_token_without_a_slip(rule, shown, hand_made):
    page = shown(tree_of(hand_made, TREE, REFUSED, rule=rule, epsilon=0.09, delta=0.3))
    for index, draft in enumerate((TREE, REFUSED)):
        page.evaluate("(round) => window.specdec.player.go(round, 3)", index)
        for key in (*(f"{index}:{i}" for i in range(len(draft))), f"{index}:f"):
            page.locator(f".guesses .chip[data-token='{key}']").click()
            expect(part(page, "why")).to_have_attribute("data-token", key)
            text = part(page, "why").inner_text()
            assert len(text) > 40 and not any(slip in text for slip in ("undefined", "NaN", "[object", "null", "{"))


@pytest.mark.parametrize("rule", RULES)
def test_what_stands_behind_the_end_of_a_text_was_not_judged(rule, shown, hand_made):
    page = shown(hand_made.trace("aadd", rule=rule, epsilon=0.09, delta=0.3, ended_inside=True))
    why = part(page, "why")
    for key in ("0:0", "0:1", "0:2", "0:3"):
        page.locator(f".guesses .chip[data-token='{key}']").click()
        expect(why).to_have_attribute("data-token", key)
        assert not any(slip in why.inner_text() for slip in ("undefined", "NaN", "[object", "null", "{", "refused"))
    expect(why).to_contain_text(say("stage.behind_end"))
    if rule == "block":
        page.locator(".guesses .chip[data-token='0:1']").click()
        expect(why).to_contain_text("The text ended before the block did.")
        expect(why.locator(".block-outcome")).to_have_text(["passes", "passes", "–", "–"])
        expect(why.locator(".block-span")).to_have_text([say("stage.block_accepted"), say("stage.discarded")])


def test_a_drafter_that_nobody_asked_is_not_said_to_have_had_no_guess(shown, hand_made):
    page = shown(hand_made.trace("aar", "", max_new_tokens=4))
    page.evaluate("() => window.specdec.player.go(1, 3)")
    expect(part(page, "sentence")).to_contain_text(say("stage.guessed_none_room"))
    page = shown(hand_made.trace("", "", draft_length=0))
    expect(part(page, "sentence")).to_contain_text(say("stage.guessed_none_asked"))


PLACES = """() => { const canvas = document.querySelector('.tree-canvas').getBoundingClientRect();
     return [...document.querySelectorAll('.tree-canvas .chip[data-token]')].map(chip => chip.getBoundingClientRect())
       .every(chip => chip.top >= canvas.top && chip.bottom <= canvas.bottom + 1); }"""


def test_a_tree_is_drawn_anew_where_the_room_changes_while_it_stands_still(shown, hand_made):
    page = shown(tree_of(hand_made))
    box = page.locator(".tree-box")
    for width, size in ((360, "list"), (1440, "roomy")):
        page.set_viewport_size({"width": width, "height": 900})
        expect(box).to_have_attribute("data-size", size)
        page.wait_for_function(PLACES)
    hide = "(hidden) => { document.getElementById('stage').style.display = hidden ? 'none' : ''; }"
    page.evaluate(hide, True)  # as a tab does that is not on show
    page.evaluate("() => window.specdec.player.go(0, 1)")
    page.set_viewport_size({"width": 360, "height": 900})
    page.evaluate("() => window.specdec.player.go(0, 3)")
    page.evaluate(hide, False)
    expect(box).to_have_attribute("data-size", "list")
    page.wait_for_function(PLACES)


def test_siblings_are_explained_in_the_order_they_were_tried(shown, hand_made):
    page = shown(tree_of(hand_made))
    page.locator(".chip[data-token='0:7']").click()
    expect(part(page, "why")).to_contain_text("Guess 2 of 2 behind")
    expect(part(page, "why").locator(".why-chips")).to_have_text("sweet")
    page.locator(".chip[data-token='0:2']").click()
    expect(part(page, "why")).to_contain_text("was kept first. So this one was never tried.")
    page.locator(".chip[data-token='0:3']").click()
    expect(part(page, "why")).to_contain_text("It stood behind")


def test_the_block_rule_shows_every_check_and_calls_nothing_alpha(shown, hand_made):
    page = shown(hand_made.trace("aard", rule="block"))
    why = part(page, "why")
    expect(why.locator("h3")).to_have_text(say("stage.why_block", n=2))
    expect(why.locator(".block-outcome")).to_have_text(["passes", "passes", "fails", "fails"])
    expect(why.locator(".block-span")).to_have_text(
        [say(f"stage.{one}") for one in ("block_accepted", "rejected", "discarded")]
    )
    expect(part(page, "totals")).to_contain_text(say("stage.acceptance_kept"))
    expect(part(page, "totals")).not_to_contain_text("α")
    expect(page.locator(".chart")).not_to_contain_text("α")


@pytest.mark.parametrize("rule", RULES)
def test_only_what_changes_the_output_wears_the_badge(rule, shown, hand_made):
    page = shown(hand_made.trace("aard", rule=rule, epsilon=0.09, delta=0.3))
    lossy = page.locator(".badge.is-lossy:visible")
    expect(lossy).to_have_count(2 if rule == "typical" else 0)
    if rule != "typical":
        expect(page.locator(".key-settings .badge")).to_have_text(say("stage.lossless"))
    sentence = "stage.lossy_typical" if rule == "typical" else f"stage.lossless_{rule}"
    expect(page.locator(".key-why")).to_be_hidden()
    page.locator(".key-settings button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".key-why")).to_have_text(say(sentence, dtype="float32"))


def test_typical_acceptance_draws_its_line_and_no_coin(shown, hand_made):
    page = shown(hand_made.trace("aard", rule="typical", epsilon=0.09, delta=0.3))
    expect(part(page, "why").locator(".bars-threshold b")).to_be_visible()
    expect(part(page, "why").locator(".coin")).to_have_count(0)
    expect(part(page, "why").locator(".is-under .bars-note").first).to_have_text(say("stage.not_kept"))


@pytest.mark.parametrize(
    "drafter", ["model", "lookup", "suffix", "retrieval", "lookahead", "early_exit", "medusa", "eagle", "echo"]
)
def test_every_drafter_is_spoken_of_in_its_own_words(drafter, shown, hand_made):
    known = "model" if drafter == "echo" else drafter
    page = shown(hand_made.trace("aar", "", drafter=drafter))
    expect(part(page, "sentence")).to_contain_text(say(f"stage.guessed_{known}", n=3))
    expect(page.locator(".key")).to_contain_text(say(f"stage.key_kept_{known}"))
    page.evaluate("() => window.specdec.player.go(1, 3)")
    expect(part(page, "sentence")).to_contain_text(say(f"stage.guessed_none_{known}"))


def test_a_length_chosen_anew_says_why(shown, hand_made):
    plan = Plan(draft_length=3, acceptance=0.7, gain=1.5, kind="best", most=60)
    page = shown(hand_made.trace("aar", rule="rejection", draft_length="auto", plan=plan))
    expect(part(page, "plan")).to_have_text(say("plan.best", length=3, share=70, gain="1.50"))
    expect(page.locator(".key-settings")).to_contain_text("K = auto")


def without_probabilities(trace):
    """The same run as an engine tells it that only says what became of every token."""

    def opaque(token, kind, *parent):
        return kind(token.id, token.piece, token.text, *parent, token.verdict, {"logprob": -0.5})

    rounds = [
        Round(
            one.index,
            one.start,
            one.end,
            None,
            None,
            None,
            tuple(opaque(token, OpaqueDraftToken, token.parent) for token in one.draft),
            opaque(one.final, OpaqueFinalToken),
        )
        for one in trace.rounds
    ]
    return replace(trace, header=replace(trace.header, engine="another"), rounds=tuple(rounds))


@pytest.mark.parametrize("draft", ["aard", "aaardddddddd", TREE], ids=["chain", "long", "tree"])
@pytest.mark.parametrize("rule", RULES)
def test_a_run_of_an_engine_that_tells_no_probabilities_is_shown(rule, draft, shown, hand_made):
    page = shown(without_probabilities(hand_made.trace(draft, "", rule=rule)))
    for beat in range(4):
        page.evaluate("beat => window.specdec.player.go(0, beat)", beat)
    for chip in part(page, "round").locator(".chip[data-token]").all():
        chip.click()
        expect(part(page, "why")).to_contain_text(say("stage.opaque"))
    expect(part(page, "why")).to_contain_text("logprob: -0.5")


@pytest.mark.parametrize("rule", RULES)
def test_a_phone_scrolls_only_downwards(rule, shown, hand_made):
    drafts = (TREE, REFUSED) if rule in ("greedy", "rejection", "typical") else ("aaardddddddd", "ar")
    page = shown(
        hand_made.trace(*drafts, rule=rule, epsilon=0.09, delta=0.3),
        viewport={"width": 360, "height": 800},
        has_touch=True,
    )
    assert page.evaluate(NO_OVERFLOW)
    part(page, "mask-toggle").click()
    assert page.evaluate(NO_OVERFLOW)
    page.evaluate("() => window.specdec.player.go(1, 3)")
    assert page.evaluate(NO_OVERFLOW)


def test_a_large_tree_scrolls_inside_its_round(shown, hand_made):
    wide = [(f" node{i}", (i - 1) // 3 if i else -1, "a" if i in (0, 1, 4) else "d") for i in range(60)]
    for width in (360, 1440):
        page = shown(tree_of(hand_made, wide), viewport={"width": width, "height": 900})
        assert page.evaluate(NO_OVERFLOW)
        expect(page.locator(".guesses .chip[data-token='0:4']")).to_be_in_viewport()
