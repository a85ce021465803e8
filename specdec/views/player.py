"""The player as strings: what a page needs in its head, and how Gradio's gr.HTML mounts it.

Model text never passes a template: it travels as data (the component's value), and the player writes it with
`textContent`. So the templates are static, and nothing in a trace can become markup or code.
"""

import json
from functools import cache

from specdec.messages import catalog
from specdec.paths import ASSETS

STYLES = ("base.css", "stage.css", "tree.css", "rules.css", "race.css")
READING = ("dom.js", "words.js", "marks.js", "shape.js", "trace.js", "tokens.js", "origin.js")
ROUND = ("text.js", "sentences.js", "mask.js", "tree.js", "round.js")
REASONS = ("bars.js", "reasons.js", "block.js", "typical.js", "why.js")
SCRIPTS = (*READING, *ROUND, *REASONS, "chart.js", "transport.js", "flight.js", "stage.js")
RACE = ("race-numbers.js", "race-lane.js", "race.js")

# Gradio serves these beside its page. Only 400 and 700: its SemiBold files lack the ASCII letters.
FACES = (
    ("Specdec Sans", 400, "SourceSansPro/SourceSansPro-Regular"),
    ("Specdec Sans", 700, "SourceSansPro/SourceSansPro-Bold"),
    ("Specdec Mono", 400, "IBMPlexMono/IBMPlexMono-Regular"),
    ("Specdec Mono", 700, "IBMPlexMono/IBMPlexMono-Bold"),
)

TEMPLATE_STAGE = '<div class="specdec specdec-stage"></div>'
TEMPLATE_RACE = '<div class="specdec specdec-race"></div>'

# A value that arrives later may still be growing, the first one stands as it is; a `live` set by the page decides.
ON_LOAD_STAGE = """
const stage = window.specdec.stage(element.querySelector('.specdec-stage'), {onRunLive: () => trigger('run_live')});
stage.update(props.value || '', {live: false});
watch('value', () => stage.update(props.value || '', {live: props.live}));
"""
ON_LOAD_RACE = """
const race = window.specdec.race(element.querySelector('.specdec-race'), {onRunLive: () => trigger('run_live')});
race.update(props.value || '');
watch('value', () => race.update(props.value || ''));
"""


@cache
def head(*, fonts: bool = True) -> str:
    """One <style> and one <script> with everything the player needs; nothing is fetched from another machine.

    `fonts` names the faces that Gradio serves itself; a page without Gradio leaves them out and uses the system's.
    """
    styles = [_face(*face) for face in FACES] if fonts else []
    styles += [read(name) for name in STYLES]
    words = f"window.specdec = {{words: {script_json(catalog())}}};\n"
    scripts = [words, *map(read, SCRIPTS + RACE)]
    return f"<style>\n{''.join(styles)}</style>\n<script>\n{''.join(scripts)}</script>\n"


def script_json(value: object) -> str:
    """JSON that can stand inside a <script>: no `<` can close or open anything there.

    >>> script_json("</script>")
    '"\\\\u003c/script>"'
    """
    return escape_script(json.dumps(value, ensure_ascii=False))


def escape_script(ndjson: str) -> str:
    """JSON text with every `<` written as an escape. JSON has `<` only inside strings, where that means the same.

    U+2028 and U+2029 end lines in older scripts, and a lone surrogate has no form in UTF-8: they are escaped too.
    """
    text = ndjson.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def read(name: str) -> str:
    """A style sheet or script of the player's."""
    return (ASSETS / "web" / name).read_text(encoding="utf-8")


def _face(family: str, weight: int, file: str) -> str:
    source = f'url("static/fonts/{file}.woff2") format("woff2")'
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; src: {source}; }}\n'
