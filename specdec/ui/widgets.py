"""Custom widgets of the settings column: a list with a description of each entry, a row of radio buttons, a small
drawing of a tree, and example prompts.

They are drawn in the browser (`specdec/web/app`); for Gradio each is a component whose value is text. An entry that
the pair does not support is shown in grey, with the reason below it.
"""

import gradio as gr

from specdec.catalog.capabilities import Choice
from specdec.messages import Words

ON_LOAD = "window.specdec.{kind}(element.firstElementChild, props, watch, trigger);"


def picker(
    name: str, label: str, choices: list[Choice], value: str, badges: bool = False, *, words: Words, **others
) -> gr.HTML:
    """A field that opens into a list. `badges` mark each entry as lossless or not."""
    return _widget("picker", value, name=name, caption=label, choices=_plain(choices, words), badges=badges, **others)


def segments(name: str, label: str, choices: list[Choice], value: str, words: Words) -> gr.HTML:
    """A row of radios; the first choice is the one that is always possible."""
    return _widget(
        "segments", value, name=name, caption=label, choices=_plain(choices, words), elem_classes="when-shape"
    )


def examples(offered: dict[str, dict[str, str]]) -> gr.HTML:
    """A button for each example of the chosen task; `offered`: task → name → text. Its value is the text of the
    example clicked last."""
    return _widget("examples", "", offered=offered, elem_classes="examples")


def treelet(branching: str) -> gr.HTML:
    """A small drawing of the tree of a branching such as "3,2,1"."""
    return _widget("treelet", branching)


def _plain(choices: list[Choice], words: Words) -> list[dict]:
    return [choice.rendered(words) for choice in choices]


def _widget(kind: str, value: str, **props) -> gr.HTML:
    return gr.HTML(
        value,
        html_template=f'<div class="specdec specdec-{kind}"></div>',
        js_on_load=ON_LOAD.format(kind=kind),
        apply_default_css=False,
        **props,
    )
