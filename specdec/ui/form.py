"""The settings column of a tab, generated from the table of fields in `specdec.settings`."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from specdec.catalog import capabilities
from specdec.catalog.pairs import OPEN_TASKS, PairEntry, is_model, unwrap
from specdec.messages import Words
from specdec.methods import RULES
from specdec.settings import CHAIN, DYNAMIC, FIELDS, TREE, Field, Settings, field, shape_of
from specdec.trace import Header
from specdec.ui import widgets
from specdec.ui.engine import ENTRIES
from specdec.ui.text_line import text_line
from specdec.views import player

EXAMPLES = {
    "story": ("lily", "fox", "boat"),
    "correct": ("picnic", "bakery"),
    "split": ("kitten", "kite"),
    "simplify": ("storm", "penguin"),
    "format": ("pets", "fruit"),
    "quote": ("lighthouse", "robot"),
    "translate": ("beach", "market"),
}
ENTRY = ENTRIES[0]  # the pair that is chosen at first
DEFAULTS = Settings(draft_length=ENTRY.draft_length).as_record()
BRANCHING = "3,2,1"  # the initial tree when the shape becomes a tree
SAMPLING_TEMPERATURE = 0.8  # the slider's new value when a sampling rule is chosen at temperature 0

FOLDED = ("task", "drafter", "shape", "draft_length", "branching", "rule")
FOLD = '<button type="button" class="fold" aria-expanded="false"><span class="fold-text"></span></button>'
FOLD_ON_LOAD = "window.specdec.fold(element, props, watch);"


@dataclass(frozen=True, slots=True)
class Controls:
    """The widgets of one tab; `inputs` are the inputs of its run function, by name."""

    inputs: dict[str, gr.components.Component]
    run: gr.Button
    stop: gr.Button


@dataclass(frozen=True, slots=True)
class Fields:
    """The widgets whose values depend on one another."""

    task: gr.HTML
    drafter: gr.HTML
    shape: gr.HTML
    draft_length: gr.Slider
    branching: gr.Textbox
    treelet: gr.HTML
    rule: gr.HTML
    temperature: gr.Slider


def build(tab: str, action: str, drafters: tuple[str, ...], start: Header | None, words: Words) -> Controls:
    """The column, filled with the settings of the run that the tab opens on: Run then does the same run live."""
    settings = DEFAULTS | (start.settings if start else {})
    started = start.drafter.name if start else "model"
    known, text = opening(start, words)
    fold = gr.HTML(
        folded(known, started, settings),
        html_template=FOLD,
        js_on_load=FOLD_ON_LOAD,
        apply_default_css=False,
        elem_classes="settings-fold",
    )
    with gr.Column(elem_classes="settings-body"):
        task, prompt = prompt_fields(known, text, words)
        offered = [one for one in capabilities.across(capabilities.drafters, ENTRIES) if one.value in drafters]
        drafter = widgets.picker("drafter", words.say("settings.drafter"), offered, started, words=words)
        draft = draft_picker(start, words)
        exit_layer = _exit_layer(settings, words)
        shape, draft_length, branching, treelet = _draft(settings, words)
        rules = capabilities.across(capabilities.rules, ENTRIES)
        rule = widgets.picker("rule", words.say("settings.rule"), rules, settings["rule"], badges=True, words=words)
        own = _of_rules(settings, words)
        temperature = _slider("temperature", settings["temperature"], words=words)
        more = more_fields(settings, words)
        with gr.Row(elem_classes="actions"):
            run = gr.Button(action, variant="primary", scale=2, min_width=80, elem_id=f"{tab}-run")
            stop = gr.Button(
                words.say("settings.stop"), interactive=False, scale=1, min_width=60, elem_id=f"{tab}-stop"
            )
        _models(task, words)
    _couple(Fields(task, drafter, shape, draft_length, branching, treelet, rule, temperature), fold)
    inputs = {"prompt": prompt, "task": task, "drafter": drafter, "draft": draft, "shape": shape, "rule": rule}
    inputs |= {"draft_length": draft_length, "branching": branching, "exit_layer": exit_layer}
    return Controls({**inputs, "temperature": temperature, **own, **more}, run, stop)


def opening(start: Header | None, words: Words) -> tuple[str, str]:
    """The task and the text of the run that the tab opens on, or the first task and its first example."""
    if start:
        return unwrap(start.prompt.text, ENTRY.tasks)
    return ENTRY.tasks[0], next(iter(example_texts(EXAMPLES[ENTRY.tasks[0]], words).values()))


def prompt_fields(known: str, text: str, words: Words) -> tuple[gr.HTML, gr.Textbox]:
    """What is asked for, and of which text: the text alone, what a task puts around it is shown when it is sent."""
    offered = {task: example_texts(names, words) for task, names in EXAMPLES.items()}
    first = {task: next(iter(examples.values())) for task, examples in offered.items()}
    task = widgets.picker("task", words.say("settings.task"), capabilities.tasks(*ENTRIES), known, words=words)
    prompt = gr.Textbox(text, label=words.say("settings.prompt"), lines=2, max_lines=8, elem_classes="prompt")
    examples = widgets.examples(offered)
    ours = [text, *(text for examples in offered.values() for text in examples.values())]
    _follow(task.input, [task, prompt], prompt, "exampleOf", {"first": first, "all": ours})
    _follow(examples.input, [examples], prompt, "same")
    return task, prompt


def example_texts(names: tuple[str, ...], words: Words) -> dict[str, str]:
    return {words.say(f"examples.{name}"): words.say(f"examples.{name}_prompt") for name in names}


def draft_picker(start: Header | None, words: Words) -> gr.HTML:
    """Which draft model guesses, where there is more than one."""
    named = {Path(folder).name: name for name, folder in ENTRY.drafts.items()}
    best = next(iter(ENTRY.drafts))
    value = named.get(start.drafter.model or "", best) if start else best
    ladder = len(ENTRY.drafts) > 1
    return widgets.picker(
        "draft",
        words.say("settings.draft"),
        capabilities.drafts(*ENTRIES),
        value,
        visible=ladder,
        elem_classes="when-model",
        words=words,
    )


def _draft(settings: dict[str, Any], words: Words) -> tuple[gr.HTML, gr.Slider, gr.Textbox, gr.HTML]:
    """How far and how wide a round guesses; which of the fields is there depends on the shape."""
    kind = shape_of(settings)
    length = settings["draft_length"] if kind in (CHAIN, DYNAMIC) else ENTRY.draft_length
    tree = ",".join(map(str, settings["branching"])) if kind == TREE else BRANCHING
    shape = widgets.segments(
        "shape", words.say("settings.shape"), capabilities.across(capabilities.shapes, ENTRIES), kind, words
    )
    with gr.Column(scale=0, elem_classes="when-length"):
        slider = _slider("draft_length", length, words=words)
    with gr.Column(scale=0, elem_classes="when-tree"):
        branching = gr.Textbox(tree, label=words.say(field("branching").label), lines=1, max_lines=1)
        treelet = widgets.treelet(tree)
    return shape, slider, branching, treelet


def _exit_layer(settings: dict[str, Any], words: Words) -> gr.Slider:
    last = (capabilities.layers(ENTRY) or 2) - 1
    value = settings["exit_layer"] or capabilities.exit_layer(ENTRY)
    with gr.Column(scale=0, elem_classes="when-exit"):
        return _slider("exit_layer", value, high=max(2, last), words=words)


def _slider(name: str, value: float, high: float | None = None, *, words: Words) -> gr.Slider:
    about = field(name)
    low, highest = about.shown or (about.low or 0, about.high or value)
    return gr.Slider(low, high or highest, value, step=about.step, label=words.say(about.label), buttons=[])


def _numbers(settings: dict[str, Any], fields: Sequence[Field], words: Words) -> dict[str, gr.components.Component]:
    """Two in a row."""
    made: dict[str, gr.components.Component] = {}
    for start in range(0, len(fields), 2):
        with gr.Row():
            for one in fields[start : start + 2]:
                made[one.name] = gr.Number(
                    settings[one.name], label=words.say(one.label), step=one.step or 1, min_width=100
                )
    return made


def _of_rules(settings: dict[str, Any], words: Words) -> dict[str, gr.components.Component]:
    """The settings that belong to one rule alone, seen where it is chosen."""
    made: dict[str, gr.components.Component] = {}
    for rule in RULES.values():
        if rule.settings:
            with gr.Column(scale=0, elem_classes=f"when-{rule.name}"):
                made |= _numbers(settings, [field(name) for name in rule.settings], words)
    return made


def more_fields(settings: dict[str, Any], words: Words) -> dict[str, gr.components.Component]:
    """The settings that shape every run and are seldom changed."""
    numbers = [one for one in FIELDS if one.widget == "number" and one.owner is None]
    with gr.Accordion(words.say("settings.more"), open=False, elem_classes="more"):
        made = _numbers(settings, numbers, words)
        for one in FIELDS:
            if one.widget == "lines":
                typed = _typed(settings[one.name])
                made[one.name] = gr.Textbox(typed, label=words.say(one.label), lines=2, max_lines=4)
    return made


def _typed(texts: Sequence[str]) -> str:
    """The value of a field of several texts: one per line, with \\n for a line break inside a text."""
    return "\n".join(text.replace("\n", r"\n") for text in texts)


def _follow(trigger: Callable, inputs: list, outputs: Any, name: str, known: Any = None) -> None:
    """Update `outputs` on `trigger` in the browser, without a request to the server: by the function `name` of
    `specdec/web/app/choices.js`, called with `known` (data from Python, if any) and the values of `inputs`."""
    said = "" if known is None else f"{player.script_json(known)}, "
    js = f"(...values) => window.specdec.choices.{name}({said}...values)"
    trigger(None, inputs, outputs, js=js, api_visibility="private", show_progress="hidden")


def _couple(fields: Fields, fold: gr.HTML) -> None:
    """Connect the widgets whose values depend on one another: task → drafter, length, temperature and rule;
    temperature ↔ rule; branching → drawing; all → the folded line."""
    rule, temperature = fields.rule, fields.temperature
    usual = {task: entry.usual(task) for entry in ENTRIES for task in entry.tasks}
    tasks = {
        "usual": {task: {"drafter": drafter, "draft_length": length} for task, (drafter, length) in usual.items()},
        "temperatures": {task: temperature.value if task in OPEN_TASKS else 0 for task in usual},
    }
    brought = [fields.drafter, fields.draft_length, temperature, rule]
    _follow(fields.task.input, [fields.task, *brought], brought, "usualOf", tasks)
    _follow(temperature.input, [temperature, rule], rule, "ruleOf")
    _follow(rule.input, [rule, temperature], temperature, "temperatureOf", SAMPLING_TEMPERATURE)
    _follow(fields.branching.change, [fields.branching], fields.treelet, "same")
    shown = {name: getattr(fields, name) for name in FOLDED}
    for part in shown.values():
        _follow(part.change, list(shown.values()), fold, "folded", list(FOLDED))


def folded(task: str, drafter: str, settings: dict[str, Any]) -> str:
    """The initial value (JSON) of the line that replaces the column where there is no room for it."""
    branching = settings["branching"]
    tree = ",".join(map(str, branching)) if isinstance(branching, list) else ""
    values = (task, drafter, shape_of(settings), settings["draft_length"], tree, settings["rule"])
    return json.dumps(dict(zip(FOLDED, values, strict=True)))


def _models(task: gr.HTML, words: Words) -> None:
    """The line that says which models run."""
    lines = {known: _pair_line(entry, words) for entry in ENTRIES for known in entry.tasks}
    line = text_line(lines[task.value])
    _follow(task.change, [task], line, "lineOf", lines)


def _pair_line(entry: PairEntry, words: Words) -> str:
    """Which models run, and whether they share a tokenizer: read from their files, without torch."""
    if not entry.on_disk:
        return words.say("app.models_missing")
    drafts = [folder for folder in entry.drafts.values() if is_model(folder)]
    tokenizers = {Path(folder, "tokenizer.json").read_bytes() for folder in (entry.target, *drafts)}
    known = "same" if len(tokenizers) == 1 else "other"
    target, draft = Path(entry.target).name, Path(entry.draft or "").name
    if len(entry.drafts) > 1:
        return words.say(f"settings.pairs_{known}", target=target)
    return words.say(f"settings.pair_{known}", target=target, draft=draft)
