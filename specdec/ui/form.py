"""The settings column of a tab, and what its fields mean to the engine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from specdec.catalog import capabilities
from specdec.catalog.pairs import OPEN_TASKS, PairEntry, is_model, unwrap
from specdec.errors import UserError
from specdec.messages import say
from specdec.methods import RULES
from specdec.settings import AUTO, CHAIN, DYNAMIC, SHAPES, TREE, Settings, field, shape_of
from specdec.trace import Header
from specdec.ui import widgets
from specdec.ui.engine import ENTRIES
from specdec.ui.text_line import text_line

EXAMPLES = {
    "story": ("lily", "fox", "boat"),
    "correct": ("picnic", "bakery"),
    "split": ("kitten", "kite"),
    "simplify": ("storm", "penguin"),
    "format": ("pets", "fruit"),
    "quote": ("lighthouse", "robot"),
    "translate": ("beach", "market"),
}
ENTRY = ENTRIES[0]  # what the page opens with
DEFAULTS = Settings(draft_length=ENTRY.draft_length).as_record()
BRANCHING = "3,2,1"  # the tree that stands there when one is asked for
LONGEST_DRAFT = 16  # the slider's end; the engine goes further, but no guess that far is ever kept
SAMPLING_TEMPERATURE = 0.8  # where the slider goes when a sampling rule is chosen

# Rule and temperature go together: greedy is the rule of temperature 0, rejection the one above it.
RULE_OF = "(temperature, rule) => temperature == 0 ? 'greedy' : rule === 'greedy' ? 'rejection' : rule"
TEMPERATURE_OF = f"(rule, temperature) => rule === 'greedy' ? 0 : temperature || {SAMPLING_TEMPERATURE}"
CHOICE = "(...choice) => JSON.stringify(choice)"
# A task brings its example where an example or nothing stands; what a reader typed stays.
EXAMPLE_OF = "(task, text) => !text.trim() || {ours}.includes(text) ? {first}[task] : text"
# Likewise a drafter and a draft length that suit one task give way to those that suit another; so does a temperature,
# and the rule goes with it.
USUAL_OF = """(task, drafter, length, temperature, rule) => {{
  const usual = {usual}, temperatures = {temperatures}, ruleOf = {rule_of};
  const brought = Object.values(usual).some(([one, most]) => one === drafter && most === length);
  const guessing = brought && usual[task] || [drafter, length];
  const warmth = Object.values(temperatures).includes(temperature) ? temperatures[task] ?? temperature : temperature;
  return [...guessing, warmth, ruleOf(warmth, rule)];
}}"""
LINE_OF = "(task) => ({lines})[task]"  # which models run is the task's choice
SAME = "(value) => value"

FOLD = '<button type="button" class="fold" aria-expanded="false"><span class="fold-text"></span></button>'
FOLD_ON_LOAD = "window.specdec.fold(element, props, watch);"


@dataclass(frozen=True, slots=True)
class Controls:
    """The widgets of one tab. `inputs` are what its run function takes, in order."""

    prompt: gr.Textbox
    inputs: list[gr.components.Component]
    run: gr.Button
    stop: gr.Button


def parse(
    drafter: str | None,
    draft_length: float | None,
    rule: str | None,
    temperature: float | None,
    top_k: float | None,
    top_p: float | None,
    min_p: float | None,
    seed: float | None,
    max_new_tokens: float | None,
    stop: str | None,
    shape: str | None = None,
    branching: str | None = None,
    exit_layer: float | None = None,
    epsilon: float | None = None,
    delta: float | None = None,
) -> Settings:
    """What the fields hold → Settings. An empty field means its default, one that does not matter is not looked at;
    stop texts stand one on a line.

    Raises UserError, in one sentence, for what makes no sense.

    >>> parse("model", 4.0, "greedy", 0, None, None, None, 7, 96, "The end", "tree", "3,2").shape
    (3, 2)
    """
    rule = capabilities.text("rule", rule) or None
    given: dict[str, Any] = {
        "rule": rule,
        "temperature": temperature,
        "top_k": _whole(top_k),
        "top_p": top_p,
        "min_p": min_p,
        "seed": _whole(seed),
        "max_new_tokens": _whole(max_new_tokens),
        **_shape(capabilities.text("shape", shape), draft_length, capabilities.text("branching", branching)),
    }
    if drafter == field("exit_layer").owner.name:
        given["exit_layer"] = _whole(exit_layer)
    if rule in RULES and not RULES[rule].lossless:
        given |= {"epsilon": epsilon, "delta": delta}
    given = {name: value for name, value in given.items() if value is not None}
    return Settings(**given, stop=_stop_texts(capabilities.text("stop", stop)))


def _stop_texts(typed: str) -> tuple[str, ...]:
    r"""One a line; a line break inside of one is written \n. Empty lines do not count.

    >>> _stop_texts("The end\n\n.\\n")
    ('The end', '.\n')
    """
    lines = (line.removesuffix("\r") for line in typed.split("\n"))
    return tuple(line.replace(r"\n", "\n") for line in lines if line)


def _typed_stop_texts(stop: Sequence[str]) -> str:
    """What stands in the field for these stop texts."""
    return "\n".join(text.replace("\n", r"\n") for text in stop)


def _shape(shape: str, draft_length: float | None, branching: str) -> dict[str, Any]:
    """What the draft's shape means to Settings; raises UserError for a shape that is not there."""
    if shape not in ("", *SHAPES):
        raise UserError("errors.shape_unknown", value=shape, choices=", ".join(SHAPES))
    if shape == TREE:
        return {"branching": field("branching").parse(branching)}
    if shape == AUTO:
        return {"draft_length": AUTO}
    return {"draft_length": _whole(draft_length), "branching": DYNAMIC if shape == DYNAMIC else None}


def _whole(value: float | None) -> float | int | None:
    """Browsers send 4.0 for 4; 4.5 stays what it is and is refused by Settings."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class Fields:
    """The widgets that depend on one another."""

    task: gr.HTML
    drafter: gr.HTML
    shape: gr.HTML
    draft_length: gr.Slider
    branching: gr.Textbox
    treelet: gr.HTML
    rule: gr.HTML
    temperature: gr.Slider


def build(tab: str, action: str, drafters: tuple[str, ...], start: Header | None) -> Controls:
    """The column, filled with the settings of the run that the tab opens on: Run then does the same run live."""
    settings = DEFAULTS | (start.settings if start else {})
    started = start.drafter.name if start else "model"
    known, text = _typed(start)
    fold = gr.HTML(
        _folded(known, started, settings),
        html_template=FOLD,
        js_on_load=FOLD_ON_LOAD,
        apply_default_css=False,
        elem_classes="settings-fold",
    )
    with gr.Column(elem_classes="settings-body"):
        task, prompt = _prompt(known, text)
        offered = [one for one in capabilities.across(capabilities.drafters, ENTRIES) if one.value in drafters]
        drafter = widgets.picker("drafter", say("settings.drafter"), offered, started)
        draft = _draft_model(start)
        exit_layer = _exit_layer(settings)
        shape, draft_length, branching, treelet = _draft(settings)
        rules = capabilities.across(capabilities.rules, ENTRIES)
        rule = widgets.picker("rule", say("settings.rule"), rules, settings["rule"], badges=True)
        with gr.Row(elem_classes="when-typical"):
            epsilon, delta = (_number(settings, name, 0.01) for name in ("epsilon", "delta"))
        temperature = gr.Slider(
            0, 2, settings["temperature"], step=0.05, label=say("settings.temperature"), buttons=[]
        )
        more = _more(settings)
        with gr.Row(elem_classes="actions"):
            run = gr.Button(action, variant="primary", scale=2, min_width=80, elem_id=f"{tab}-run")
            stop = gr.Button(say("settings.stop"), interactive=False, scale=1, min_width=60, elem_id=f"{tab}-stop")
        _models(task)
    _couple(Fields(task, drafter, shape, draft_length, branching, treelet, rule, temperature), fold)
    first = [prompt, drafter, draft_length, rule, temperature, *more]
    return Controls(prompt, [*first, shape, branching, exit_layer, epsilon, delta, task, draft], run, stop)


def _typed(start: Header | None) -> tuple[str, str]:
    """The task and the text of the run that the tab opens on, or the first task and its first example."""
    if start:
        return unwrap(start.prompt.text, ENTRY.tasks)
    return ENTRY.tasks[0], next(iter(_examples(EXAMPLES[ENTRY.tasks[0]]).values()))


def _prompt(known: str, text: str) -> tuple[gr.HTML, gr.Textbox]:
    """What is asked for, and of which text: the text alone, what a task puts around it is shown when it is sent."""
    offered = {task: _examples(names) for task, names in EXAMPLES.items()}
    first = {task: next(iter(examples.values())) for task, examples in offered.items()}
    task = widgets.picker("task", say("settings.task"), capabilities.tasks(*ENTRIES), known)
    prompt = gr.Textbox(text, label=say("settings.prompt"), lines=2, max_lines=8, elem_classes="prompt")
    examples = widgets.examples(offered)
    ours = [text, *(text for examples in offered.values() for text in examples.values())]
    bring = EXAMPLE_OF.format(ours=json.dumps(ours), first=json.dumps(first))
    private = {"api_visibility": "private", "show_progress": "hidden"}
    task.input(None, [task, prompt], prompt, js=bring, **private)
    examples.input(None, examples, prompt, js=SAME, **private)
    return task, prompt


def _examples(names: tuple[str, ...]) -> dict[str, str]:
    return {say(f"examples.{name}"): say(f"examples.{name}_prompt") for name in names}


def _draft_model(start: Header | None) -> gr.HTML:
    """Which draft model guesses, where there is more than one."""
    named = {Path(folder).name: name for name, folder in ENTRY.drafts.items()}
    best = next(iter(ENTRY.drafts))
    value = named.get(start.drafter.model, best) if start else best
    ladder = len(ENTRY.drafts) > 1
    return widgets.picker(
        "draft", say("settings.draft"), capabilities.drafts(*ENTRIES), value, visible=ladder, elem_classes="when-model"
    )


def _draft(settings: dict[str, Any]) -> tuple[gr.HTML, gr.Slider, gr.Textbox, gr.HTML]:
    """How far and how wide a round guesses; which of the fields is there depends on the shape."""
    kind = shape_of(settings)
    length = settings["draft_length"] if kind in (CHAIN, DYNAMIC) else ENTRY.draft_length
    tree = ",".join(map(str, settings["branching"])) if kind == TREE else BRANCHING
    shape = widgets.segments("shape", say("settings.shape"), capabilities.across(capabilities.shapes, ENTRIES), kind)
    with gr.Column(scale=0, elem_classes="when-length"):
        slider = gr.Slider(0, LONGEST_DRAFT, length, step=1, label=say("settings.draft_length"), buttons=[])
    with gr.Column(scale=0, elem_classes="when-tree"):
        branching = gr.Textbox(tree, label=say("settings.branching"), lines=1, max_lines=1)
        treelet = widgets.treelet(tree)
    return shape, slider, branching, treelet


def _exit_layer(settings: dict[str, Any]) -> gr.Slider:
    last = (capabilities.layers(ENTRY) or 2) - 1
    value = settings["exit_layer"] or capabilities.exit_layer(ENTRY)
    with gr.Column(scale=0, elem_classes="when-exit"):
        return gr.Slider(1, max(2, last), value, step=1, label=say("settings.exit_layer"), buttons=[])


def _number(settings: dict[str, Any], name: str, step: float | None = None) -> gr.Number:
    return gr.Number(settings[name], label=say(f"settings.{name}"), step=step, min_width=100)


def _more(settings: dict[str, Any]) -> list[gr.components.Component]:
    with gr.Accordion(say("settings.more"), open=False, elem_classes="more"):
        with gr.Row():
            top_k, top_p = _number(settings, "top_k"), _number(settings, "top_p", 0.05)
        with gr.Row():
            min_p, seed = _number(settings, "min_p", 0.01), _number(settings, "seed")
        with gr.Row():
            length = _number(settings, "max_new_tokens")
        stop = gr.Textbox(_typed_stop_texts(settings["stop"]), label=say("settings.stop_texts"), lines=2, max_lines=4)
    return [top_k, top_p, min_p, seed, length, stop]


def _couple(fields: Fields, fold: gr.HTML) -> None:
    """What follows from what, in the browser: no trip to the server."""

    def follow(trigger, inputs: list, outputs, js: str) -> None:
        trigger(None, inputs, outputs, js=js, api_visibility="private", show_progress="hidden")

    rule, temperature = fields.rule, fields.temperature
    usual = {task: entry.usual(task) for entry in ENTRIES for task in entry.tasks}
    brought = [fields.drafter, fields.draft_length, temperature, rule]
    warmth = {task: temperature.value if task in OPEN_TASKS else 0 for task in usual}
    bring = USUAL_OF.format(usual=json.dumps(usual), temperatures=json.dumps(warmth), rule_of=RULE_OF)
    follow(fields.task.input, [fields.task, *brought], brought, bring)
    follow(temperature.input, [temperature, rule], rule, RULE_OF)
    follow(rule.input, [rule, temperature], temperature, TEMPERATURE_OF)
    follow(fields.branching.change, [fields.branching], fields.treelet, SAME)
    shown = [fields.task, fields.drafter, fields.shape, fields.draft_length, fields.branching, rule]
    for part in shown:
        follow(part.change, shown, fold, CHOICE)


def _folded(task: str, drafter: str, settings: dict[str, Any]) -> str:
    """What the line says that stands for the column where there is no room for it."""
    branching = settings["branching"]
    tree = ",".join(map(str, branching)) if isinstance(branching, list) else ""
    return json.dumps([task, drafter, shape_of(settings), settings["draft_length"], tree, settings["rule"]])


def _models(task: gr.HTML) -> None:
    """The line that says which models run."""
    lines = {known: _pair_line(entry) for entry in ENTRIES for known in entry.tasks}
    line = text_line(lines[task.value])
    private = {"api_visibility": "private", "show_progress": "hidden"}
    task.change(None, task, line, js=LINE_OF.format(lines=json.dumps(lines)), **private)


def _pair_line(entry: PairEntry) -> str:
    """Which models run, and whether they share a tokenizer: read from their files, without torch."""
    if not entry.on_disk:
        return say("app.models_missing")
    drafts = [folder for folder in entry.drafts.values() if is_model(folder)]
    tokenizers = {Path(folder, "tokenizer.json").read_bytes() for folder in (entry.target, *drafts)}
    known = "same" if len(tokenizers) == 1 else "other"
    target, draft = Path(entry.target).name, Path(entry.draft).name
    if len(entry.drafts) > 1:
        return say(f"settings.pairs_{known}", target=target)
    return say(f"settings.pair_{known}", target=target, draft=draft)
