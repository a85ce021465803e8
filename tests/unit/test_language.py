"""No sentence of ours bypasses the catalog: in a made-up language, whose every sentence stands between ⟦ and ⟧ and has
accents, nothing but names and values is left outside."""

import json
import re
import string

import pytest

from specdec import messages
from specdec.catalog import capabilities
from specdec.catalog.pairs import EMBEDDED, PAIRS
from specdec.cli.main import COMMANDS, main
from specdec.messages import Words
from specdec.methods import DRAFTERS
from specdec.trace import loads
from specdec.ui import bundled_traces
from specdec.views import diagnosis, figures, player, tables, terminal
from specdec.views import page as standalone

LANGUAGE = "qps"  # no language has this code
ACCENTS = str.maketrans("aeiounycAEIOUNYC", "áéíóúñýçÁÉÍÓÚÑÝÇ")
NAMES = {*DRAFTERS, *(name for pair in PAIRS.values() for name in pair.drafts)}
UNITS = {"ms", "s"}


def foreign(sentence):
    """A sentence in the made-up language; its places stay."""
    made = ""
    for text, name, spec, conversion in string.Formatter().parse(sentence):
        made += text.translate(ACCENTS).replace("{", "{{").replace("}", "}}")
        if name is not None:
            made += "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"
    return f"⟦{made}⟧"


def translated(entry):
    return {form: foreign(text) for form, text in entry.items()} if isinstance(entry, dict) else foreign(entry)


def outside(text):
    """What stands in no ⟦⟧."""
    depth, left = 0, []
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        assert depth >= 0, text
        left.append(sign if depth == 0 and sign != "⟧" else " ")
    return "".join(left)


def bypassing(text, known=frozenset()):
    """Words that no catalog holds, but for what is known as a name."""
    found = re.findall(r"[^\W\d_][\w.-]*", re.sub(r"</?\w[^>]*>|&\w+;", " ", outside(text)))
    return [word for word in found if word not in known]


@pytest.fixture
def words(tmp_path, monkeypatch):
    catalog = {
        section: {key: translated(entry) for key, entry in entries.items()}
        for section, entries in messages.catalog().items()
    }
    (tmp_path / f"{LANGUAGE}.json").write_text(json.dumps(catalog), encoding="utf-8")
    (tmp_path / "en.json").write_bytes((messages.CATALOGS / "en.json").read_bytes())
    monkeypatch.setattr(messages, "CATALOGS", tmp_path)
    return Words(LANGUAGE)


@pytest.fixture(scope="module")
def trace():
    return loads(bundled_traces.read("stories"))


@pytest.mark.parametrize(
    "command", [[], *([name] for name in COMMANDS), ["datastore", "build"], ["datastore", "info"]]
)
def test_help_is_in_the_readers_language(words, capsys, command):
    with pytest.raises(SystemExit):
        main([*command, "--help"], LANGUAGE)
    usage, *paragraphs = capsys.readouterr().out.split("\n\n")
    assert usage.startswith("⟦")
    shown = "\n".join(line for line in "\n".join(paragraphs).splitlines() if "python -m specdec" not in line)
    shown = re.sub(r"--?[a-z][\w-]*|\{[\w,]+\}|\b[A-Z]+(?:[|,][A-Z]+)*\b", " ", outside(shown))
    assert not bypassing(shown, {*COMMANDS, "build", "info"} | {"build|info", *"|".join(COMMANDS).split("|")})


BAD = [
    ["run", "--prompt", ""],
    ["run", "--prompt", "x", "--draft-length", "-3"],
    ["run", "--prompt", "x", "--temperature", "-1"],
    ["run", "--prompt", "x", "--drafter", "nobody"],
    ["run", "--prompt", "x", "--pair", "nobody"],
    ["run", "--prompt", "x", "--task", "fly"],
    ["run", "--prompt", "x", "--branching", "3,x"],
    ["run", "--prompt", "x", "--pair", "translate", "--drafter", "retrieval"],
    ["bench", "--runs", "none"],
    ["bench", "--rules", "greedy"],
    ["bench", "--acceptance", "2"],
    ["page", "--port", "0"],
    ["fly"],
    [],
]


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_errors_are_in_the_readers_language(words, capsys, arguments):
    assert main(arguments, LANGUAGE) == 2
    said = capsys.readouterr().err
    assert said.startswith("⟦") and not bypassing(said)


def test_a_language_without_a_catalog_is_refused_in_a_sentence(capsys):
    assert main(["models"], "klingon") == 2
    assert "klingon" in capsys.readouterr().err


def test_the_language_of_the_environment_is_spoken(words, capsys, monkeypatch):
    monkeypatch.setenv("SPECDEC_LANGUAGE", LANGUAGE)
    assert main(["run", "--prompt", ""]) == 2
    assert capsys.readouterr().err.startswith("⟦")


def strings(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("pair", [*EMBEDDED, "flan-t5-xl", "layerskip-1b", "opt-6.7b"])
def test_choices_and_reasons_are_in_the_readers_language(words, pair):
    entry = PAIRS[pair]
    kinds = (capabilities.drafters, capabilities.rules, capabilities.shapes, capabilities.drafts, capabilities.tasks)
    for choice in (choice for kind in kinds for choice in kind(entry)):
        shown = choice.rendered(words)
        del shown["value"]
        assert not [text for text in strings(shown) if bypassing(text, NAMES)]


def test_what_is_told_of_a_run_is_in_the_readers_language(words, trace):
    summary = terminal.summary(trace.header, trace.rounds, trace.footer, words=words)
    assert summary.count("⟦") > 5 and not bypassing(summary)
    assert not bypassing(diagnosis.sentence(trace, words=words))


@pytest.mark.parametrize("draw", [figures.position_acceptance, figures.accepted_lengths, figures.time_split])
def test_figures_are_in_the_readers_language(words, trace, draw):
    figure = draw(trace, words)
    layout = figure.to_plotly_json()["layout"]
    texts = [layout[axis].get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
    texts += [text for bars in figure.data for text in [*bars.text, *bars.hovertext]]
    assert any("⟦" in text for text in texts)
    assert not [text for text in texts if bypassing(text, UNITS)]


def test_tables_are_in_the_readers_language(words):
    seconds = {"median": 0.1, "min": 0.1, "max": 0.2}
    rates = {"acceptance_rate": 0.5, "accepted": 1, "refusals": 1, "tokens_per_pass": 2.0, "speedup": 1.5}
    apart = {"looping": {"prompts": 1, "speedup": 2.0}, "others": {"prompts": 1, "speedup": 1.0}}
    row = {"drafter": "model", "draft_length": 4, "seconds_per_token": seconds, "draft_seconds": 0.1, "prompts": 2}
    row |= rates | {"same_text": True, "drafted": 4, "apart": apart}
    settings = {"target": "t", "draft": "d", "rule": "greedy", "prompts": 2, "runs": 1, "max_new_tokens": 8}
    hardware = {"name": None, "device": "cpu", "dtype": "float32", "mode": "eager"}
    report = {"hardware": hardware, "settings": settings | {"left_out": 1}, "rows": [row], "categories": {"x": [row]}}
    assert not bypassing(tables.bench(report, words=words), {"model"})


def test_an_exported_page_is_in_the_readers_language(words, trace):
    document = standalone.page(trace, words=words)
    assert f'<html lang="{LANGUAGE}"' in document
    body = document.partition("<body>")[2]
    shown = re.sub(r"<script.*?</script>", "", body, flags=re.S)
    assert not bypassing(shown)


def test_the_scripts_are_given_the_readers_words(words):
    for bundle in ("player", "page"):
        assert player.script_json(words.catalog) in player.head(bundle, words)


def test_the_page_is_in_the_readers_language(words):
    from specdec.ui import api, page

    built = page.build(words)
    config = built.get_config_file()
    assert not bypassing(config["title"], {"specdec"})
    texts = []
    for part in config["components"]:
        props = part["props"] | (part["props"].get("props") or {})
        texts += [props.get(name) or "" for name in ("label", "caption", "placeholder", "info", "html_template")]
        texts += [props.get("value") or ""] * (part["type"] == "button")
        for choice in props.get("choices") or []:
            texts += strings({name: text for name, text in choice.items() if name != "value"})
        for examples in (props.get("offered") or {}).values():
            texts += [*examples, *examples.values()]
    assert sum("⟦" in text for text in texts) > 30
    shown = [re.sub(r"\$\{.*?\}", "", text) for text in texts if isinstance(text, str)]
    assert not [text for text in shown if bypassing(text, {*NAMES, *api.TYPES, api.RESULT})]  # fields of the API
    endpoints = built.get_api_info()["named_endpoints"].values()
    assert not [one["description"] for one in endpoints if bypassing(one["description"])]
