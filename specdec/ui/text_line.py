"""A component for one line of text that is never interpreted as markup, since it may quote a user's input."""

import gradio as gr

SHOW = """
const line = element.querySelector(".line");
const show = () => { line.textContent = props.value || ""; line.hidden = !props.value; };
show();
watch("value", show);
"""


def text_line(value: str = "", **choices) -> gr.HTML:
    return gr.HTML(
        value,
        html_template='<div role="status"><p class="line" hidden></p></div>',
        js_on_load=SHOW,
        apply_default_css=False,
        **choices,
    )
