"""The settings column of a tab, and what its fields mean to the engine."""

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from specdec.settings import RULES, Settings
from specdec.trace import Header
from specdec.ui.engine import ENTRY
from specdec.ui.line import text_line
from specdec.words import ASSETS, say

EXAMPLES = ("lily", "fox", "boat")
DEFAULTS = Settings(draft_length=ENTRY.draft_length).as_record()
LONGEST_DRAFT = 16  # the slider's end; the engine goes further, but no guess that far is ever kept
SAMPLING_TEMPERATURE = 0.8  # where the slider goes when a sampling rule is chosen

# Rule and temperature go together: greedy is the rule of temperature 0, rejection the one above it.
RULE_OF = "(temperature, rule) => temperature == 0 ? 'greedy' : rule === 'greedy' ? 'rejection' : rule"
TEMPERATURE_OF = f"(rule, temperature) => rule === 'greedy' ? 0 : temperature || {SAMPLING_TEMPERATURE}"
LAW_OF = "(rule) => window.specdec.say('settings.law_' + rule)"
CHOICE = "(...choice) => JSON.stringify(choice)"

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
    draft_length: float | None,
    rule: str | None,
    temperature: float | None,
    top_k: float | None,
    top_p: float | None,
    min_p: float | None,
    seed: float | None,
    max_new_tokens: float | None,
    stop: str | None,
) -> Settings:
    """What the fields hold → Settings. An empty field means its default; stop texts stand one on a line.

    Raises UserError, in one sentence, for what makes no sense.

    >>> parse(4.0, "greedy", 0, None, None, None, 7, 96, "The end").stop
    ('The end',)
    """
    given: dict[str, Any] = {
        "draft_length": _whole(draft_length),
        "rule": rule,
        "temperature": temperature,
        "top_k": _whole(top_k),
        "top_p": top_p,
        "min_p": min_p,
        "seed": _whole(seed),
        "max_new_tokens": _whole(max_new_tokens),
    }
    given = {name: value for name, value in given.items() if value is not None}
    return Settings(**given, stop=tuple(text for text in (stop or "").splitlines() if text))


def _whole(value: float | None) -> float | int | None:
    """Browsers send 4.0 for 4; 4.5 stays what it is and is refused by Settings."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def build(tab: str, action: str, drafters: tuple[str, ...], start: Header | None) -> Controls:
    """The column, filled with the settings of the run that the tab opens on: Run then does the same run live."""
    settings = start.settings if start else DEFAULTS
    started = start.drafter.name if start else drafters[0]
    choice = json.dumps([started, settings["draft_length"], settings["rule"]])
    fold = gr.HTML(
        choice, html_template=FOLD, js_on_load=FOLD_ON_LOAD, apply_default_css=False, elem_classes="settings-fold"
    )
    with gr.Column(elem_classes="settings-body"):
        prompt = gr.Textbox(
            start.prompt.text if start else say("examples.lily_prompt"),
            label=say("settings.prompt"),
            lines=2,
            max_lines=8,
            elem_classes="prompt",
        )
        _examples(prompt)
        drafter = gr.Radio(
            [(say(f"settings.drafter_{name}"), name) for name in drafters],
            value=started,
            label=say("settings.drafter"),
            elem_classes="cards",
        )
        draft_length = gr.Slider(
            0, LONGEST_DRAFT, settings["draft_length"], step=1, label=say("settings.draft_length"), buttons=[]
        )
        rule = gr.Dropdown(
            [(say(f"settings.rule_{name}"), name) for name in RULES],
            value=settings["rule"],
            label=say("settings.rule"),
            filterable=False,
        )
        law = text_line(say(f"settings.law_{settings['rule']}"), elem_classes="law")
        temperature = gr.Slider(
            0, 2, settings["temperature"], step=0.05, label=say("settings.temperature"), buttons=[]
        )
        more = _more(settings)
        with gr.Row(elem_classes="actions"):
            run = gr.Button(action, variant="primary", scale=2, min_width=80, elem_id=f"{tab}-run")
            stop = gr.Button(say("settings.stop"), interactive=False, scale=1, min_width=60, elem_id=f"{tab}-stop")
        text_line(_pair_line())
    _couple(drafter, draft_length, rule, temperature, law, fold)
    return Controls(prompt, [prompt, drafter, draft_length, rule, temperature, *more], run, stop)


def _examples(prompt: gr.Textbox) -> None:
    with gr.Row(elem_classes="chips"):
        for name in EXAMPLES:
            chip = gr.Button(say(f"examples.{name}"), size="sm", min_width=0, scale=0)
            fill = f"() => {json.dumps(say(f'examples.{name}_prompt'))}"
            chip.click(None, None, prompt, js=fill, api_visibility="private")


def _more(settings: dict[str, Any]) -> list[gr.components.Component]:
    def number(name: str, step: float | None = None) -> gr.Number:
        return gr.Number(settings[name], label=say(f"settings.{name}"), step=step, min_width=100)

    with gr.Accordion(say("settings.more"), open=False, elem_classes="more"):
        with gr.Row():
            top_k, top_p = number("top_k"), number("top_p", 0.05)
        with gr.Row():
            min_p, seed = number("min_p", 0.01), number("seed")
        with gr.Row():
            length = number("max_new_tokens")
        stop = gr.Textbox("\n".join(settings["stop"]), label=say("settings.stop_texts"), lines=1, max_lines=4)
    return [top_k, top_p, min_p, seed, length, stop]


def _couple(drafter, draft_length, rule, temperature, law, fold) -> None:
    """What follows from what, in the browser: no trip to the server."""

    def follow(trigger, inputs: list, output, js: str) -> None:
        trigger(None, inputs, output, js=js, api_visibility="private", show_progress="hidden")

    follow(temperature.input, [temperature, rule], rule, RULE_OF)
    follow(rule.input, [rule, temperature], temperature, TEMPERATURE_OF)
    follow(rule.change, [rule], law, LAW_OF)
    for part in (drafter, draft_length, rule):
        follow(part.change, [drafter, draft_length, rule], fold, CHOICE)


def _pair_line() -> str:
    """Which models run, and whether they share a tokenizer: read from their files, without torch."""
    if not ENTRY.on_disk:
        return say("app.models_missing")
    target, draft = (ASSETS.joinpath(folder) for folder in (ENTRY.target, ENTRY.draft))
    same = (target / "tokenizer.json").read_bytes() == (draft / "tokenizer.json").read_bytes()
    return say(f"settings.pair_{'same' if same else 'other'}", target=target.name, draft=draft.name)
