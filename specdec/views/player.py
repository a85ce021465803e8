"""The scripts as strings: what a page needs in its head, and how Gradio's gr.HTML mounts a stage or a race.

`specdec/web/dist` holds two bundles, each a script and a style sheet: `player` for a page of its own, `page` for
Gradio's. `npm run build` makes them from the modules in specdec/web; users need no Node.

Model text never passes a template: it travels as data (the component's value), and the player writes it with
`textContent`. So the templates are static, and nothing in a trace can become markup or code.
"""

import json
from functools import cache
from typing import Literal

from specdec import methods
from specdec.messages import ENGLISH, Words
from specdec.paths import WEB
from specdec.trace.schema import json_schema

# Gradio serves these beside its page. Only 400 and 700: its SemiBold files lack the ASCII letters.
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

    Gradio's page uses the faces that Gradio serves itself, a page of its own those of the system.
    """
    faces = [_face(*face) for face in FACES] if bundle == "page" else []
    data = {"words": words.catalog, "schema": json_schema(), "methods": methods.as_json()}
    given = f"window.specdec = {script_json(data)};\n"
    style, script = "".join([*faces, read(f"{bundle}.css")]), given + read(f"{bundle}.js")
    return f"<style>\n{style}</style>\n<script>\n{script}</script>\n"


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
    """A bundle. esbuild escapes what would close the element that it stands in."""
    return (WEB / "dist" / name).read_text(encoding="utf-8")


def _face(family: str, weight: int, file: str) -> str:
    source = f'url("static/fonts/{file}.woff2") format("woff2")'
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; src: {source}; }}\n'
