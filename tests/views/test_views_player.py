"""The player's strings: self-contained, static, and nothing of a model's text can become markup or code."""

import json
import re
import subprocess
import sys

import pytest
from msgspec.structs import replace

from specdec import methods
from specdec import trace as tr
from specdec.messages import catalog
from specdec.paths import PACKAGE
from specdec.trace.schema import json_schema
from specdec.views import diagnosis, page, player

HOSTILE = [
    "</script><script>window.hit = 1</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "${window.hit = 1}",
    "{{value}}",
    "\\u",
    "\u2028",
    "\ud83d",
    "'\"`&",
]


def hostile_trace() -> tr.Trace:
    """One round a token, every text field filled with something that would run if it could."""
    header = tr.Header(
        created="2026-11-20T12:00:00+00:00",
        source="recorded",
        software={},
        hardware=tr.Hardware("cpu", HOSTILE[0], "float32", 2, "eager"),
        target=tr.TargetInfo(HOSTILE[0], 1000, False),
        drafter=tr.DrafterInfo("none", None, None),
        settings={"rule": "greedy", "draft_length": 0, "temperature": 0.0, "max_new_tokens": len(HOSTILE)},
        calibration=None,
        prompt=tr.Prompt(HOSTILE[0], (tr.Token(0, HOSTILE[0], HOSTILE[0]),)),
        prefill_seconds=0.0,
    )
    rounds = tuple(
        tr.Round(
            i,
            float(i),
            float(i + 1),
            tr.Seconds(0.0, 1.0, 0.0),
            tr.Passes(0, 1),
            None,
            (),
            tr.FinalToken(i, text, text, "plain", 1.0, None, ((i, text, 1.0, 0.0, 1.0),), (0.0, 0.0, 0.0)),
        )
        for i, text in enumerate(HOSTILE)
    )
    return tr.Trace(header, rounds, tr.Footer("error", HOSTILE[0], tr.count(rounds)))


def scripts(document: str) -> list[str]:
    """What an HTML parser takes for the contents of the script elements."""
    return re.findall(r"<script[^>]*>(.*?)</script", document, flags=re.DOTALL | re.IGNORECASE)


@pytest.mark.parametrize("bundle", ["player", "page"])
def test_the_head_fetches_nothing_from_another_machine(bundle):
    head = player.head(bundle)
    addresses = set(re.findall(r"[a-z]+://[^\s\"')]+", head)) - {"http://www.w3.org/2000/svg"}
    assert not addresses
    assert "@import" not in head and "<link" not in head and " src=" not in head


def test_a_page_without_gradio_asks_for_no_font_file():
    assert "static/fonts" in player.head("page")
    assert "url(" not in player.head("player")


@pytest.mark.parametrize("bundle", ["player", "page"])
def test_the_head_is_one_style_and_one_script(bundle):
    head = player.head(bundle)
    assert head.count("<style>") == head.count("</style>") == 1
    assert head.count("<script>") == head.count("</script>") == 1


def test_the_head_holds_the_words_and_what_is_known_of_drafters_and_rules():
    script = scripts(player.head("player"))[0]
    line = next(line for line in script.splitlines() if line.startswith("window.specdec = "))
    assert json.loads(line.removeprefix("window.specdec = ").removesuffix(";")) == {
        "words": catalog(),
        "methods": json.loads(json.dumps(methods.as_json())),
        "schema": json_schema(),
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_json_in_a_script_cannot_close_it_and_means_the_same(text):
    escaped = player.script_json({"text": text})
    assert "<" not in escaped and "\u2028" not in escaped
    escaped.encode("utf-8")
    assert json.loads(escaped) == {"text": text}


WEB = PACKAGE / "web"
MODULES = sorted(path for path in WEB.rglob("*.js") if "dist" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_script_writes_markup(path):
    source = path.read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in source


@pytest.mark.parametrize("path", sorted((WEB / "dist").iterdir()), ids=lambda path: path.name)
def test_no_bundle_closes_the_element_that_it_stands_in(path):
    bundle = path.read_text(encoding="utf-8").lower()
    assert not any(sign in bundle for sign in ("</script", "</style", "<!--"))


def test_a_page_of_its_own_carries_nothing_of_gradios_page():
    assert "treelet" in player.head("page") and "specdec-race" in player.head("page")
    code = player.head("player").partition("<script>")[2].partition("\n")[2]  # behind the words
    assert "treelet" not in code and "specdec-race" not in code


def test_every_word_that_the_scripts_say_is_in_the_catalog():
    for path in MODULES:
        for key in re.findall(r'"((?:stage|race|app|settings)\.[a-z_]+)"', path.read_text(encoding="utf-8")):
            section, _, name = key.partition(".")
            assert name in catalog()[section], f"{path.name}: {key}"


@pytest.mark.parametrize("template", [player.TEMPLATE_STAGE, player.TEMPLATE_RACE])
def test_gradio_has_nothing_to_evaluate_in_a_template(template):
    assert not any(sign in template for sign in ("$", "{", "`", "\\", "@children"))


@pytest.mark.parametrize("code", [player.ON_LOAD_STAGE, player.ON_LOAD_RACE])
def test_mounting_hands_the_value_over_as_data(code):
    assert "'run_live'" in code, "gr.HTML finds its events by the quoted name"
    assert "props" in code and "watch" in code and "${" not in code
    assert "innerHTML" not in code


def test_no_text_of_a_model_can_run_in_a_page():
    document = page.page(hostile_trace())
    assert "<img" not in document and "<!--" not in document
    assert len(scripts(document)) == 3 == document.lower().count("<script")
    assert document.lower().count("</script") == 3
    player_code, data, start = scripts(document)
    assert "window.hit" in data and "window.hit" not in player_code + start


def test_the_trace_in_a_page_is_the_trace():
    original = hostile_trace()
    data = scripts(page.page(original))[1]
    assert tr.loads(data) == tr.loads(original.dumps())


def test_a_page_can_be_written_as_utf_8():
    one = hostile_trace()
    for name in (HOSTILE[0], "\udcff"):  # as Python reads a folder's name that is no UTF-8
        one = replace(one, header=replace(one.header, target=tr.TargetInfo(name, 1000, False)))
        page.page(one).encode("utf-8")
        page.notebook(one).encode("utf-8")


def test_a_page_names_its_model_and_sets_its_language():
    document = page.page(hostile_trace())
    assert '<html lang="en">' in document
    assert "&lt;/script&gt;" in re.search(r"<title>(.*?)</title>", document)[1]


def test_a_page_says_where_the_time_went_below_the_stage(hand_made):
    trace = hand_made.trace(*["aard"] * 5)
    assert f'<p class="diagnosis">{diagnosis.sentence(trace)}</p>' in page.page(trace)
    assert '<p class="diagnosis"></p>' in page.page(hand_made.trace("aard"))


def test_a_notebook_gets_the_page_in_a_frame_that_cannot_reach_out():
    frame = page.notebook(hostile_trace())
    assert frame.startswith("<iframe srcdoc=") and frame.count("<") == 2
    assert 'sandbox="allow-scripts"' in frame


def test_the_views_of_a_trace_need_neither_torch_nor_gradio():
    code = "import sys, specdec.views.page; print([name for name in ('torch', 'gradio') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
