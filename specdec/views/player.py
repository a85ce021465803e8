"""The scripts and styles for a page's head as strings, and how Gradio's gr.HTML mounts a stage or a race.

`specdec/web/dist` holds two bundles, each a script and a style sheet: `player` for a standalone page, `page` for the
Gradio page. `npm run build` makes them from the modules in specdec/web; users need no Node.

Model text is never inserted into a template: it is passed as data (the component's value), and the player writes it
with `textContent`. The templates are static, so nothing in a trace can become markup or code.
"""

import json
from functools import cache
from typing import Literal

from specdec import methods
from specdec.messages import ENGLISH, Words
from specdec.paths import WEB
from specdec.trace.schema import json_schema

# Fonts that Gradio serves. Weights 400 and 700 only: its SemiBold files lack the ASCII letters.
FACES = (
    ("Specdec Sans", 400, "SourceSansPro/SourceSansPro-Regular"),
    ("Specdec Sans", 700, "SourceSansPro/SourceSansPro-Bold"),
    ("Specdec Mono", 400, "IBMPlexMono/IBMPlexMono-Regular"),
    ("Specdec Mono", 700, "IBMPlexMono/IBMPlexMono-Bold"),
)

TEMPLATE_STAGE = '<div class="specdec specdec-stage"></div>'
TEMPLATE_RACE = '<div class="specdec specdec-race"></div>'

ON_LOAD_STAGE = "window.specdec.stage(element, props, watch, () => trigger('run_live'), server);"
ON_LOAD_RACE = "window.specdec.race(element, props, watch, () => trigger('run_live'), server);"


@cache
def head(bundle: Literal["player", "page"], words: Words = ENGLISH) -> str:
    """One <style> and one <script> with everything a page needs; nothing is fetched from another machine.

    The Gradio page uses the fonts that Gradio serves, a standalone page those of the system.
    """
    faces = [_face(*face) for face in FACES] if bundle == "page" else []
    data = {"words": words.catalog, "schema": json_schema(), "methods": methods.as_json()}
    given = f"window.specdec = {script_json(data)};\n"
    style, script = "".join([*faces, read(f"{bundle}.css")]), given + read(f"{bundle}.js")
    return f"<style>\n{style}</style>\n<script>\n{script}</script>\n"


def script_json(value: object) -> str:
    """A value as JSON that is safe inside a <script>: it contains no `<`, which could close or open an element.

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
    """The text of a bundle. esbuild has escaped whatever would close the surrounding element."""
    return (WEB / "dist" / name).read_text(encoding="utf-8")


def _face(family: str, weight: int, file: str) -> str:
    source = f'url("static/fonts/{file}.woff2") format("woff2")'
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; src: {source}; }}\n'
