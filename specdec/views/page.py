"""One trace as a page of its own: no server, no other file, no network."""

from html import escape

from specdec.trace import Trace
from specdec.views.player import escape_script, head
from specdec.words import say

_STYLE = """<style>
html { background: #ffffff; } html.dark { background: #131316; }
body { margin: 0; }
.page { max-width: 1032px; margin: 0 auto; padding: 16px 16px 32px; background: var(--page); }
.page-head { display: flex; align-items: baseline; gap: 14px; padding-bottom: 12px; margin-bottom: 14px;
  border-bottom: 1px solid var(--line); }
.page-head b { font-size: 17px; }
.page-head span { flex: 1; min-width: 0; color: var(--second); }
.page-head button { display: grid; place-items: center; width: 44px; height: 32px; align-self: center; }
.page-head svg.mark { width: 17px; height: 17px; }
@media (min-width: 860px) { .page { padding: 20px 40px 40px; max-width: 1112px; } }
</style>
"""

# The reader's own preference first; the button turns it over.
_SCRIPT = """<script>
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  root.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", () => root.classList.toggle("dark", dark.matches));
  const button = document.getElementById("theme");
  button.append(window.specdec.mark("theme"));
  button.addEventListener("click", () => root.classList.toggle("dark"));
  const stage = window.specdec.stage(document.getElementById("stage"), {autoplay: !root.hasAttribute("data-still")});
  stage.update(document.getElementById("trace").textContent.slice(1), {live: false});
  window.specdec.player = stage;
})();
</script>
"""


def page(trace: Trace, *, autoplay: bool = True) -> str:
    """The trace with its player as one HTML document. The trace is data in it: nothing of it can run."""
    still = "" if autoplay else " data-still"
    title = escape(say("page.title", target=trace.header.target.name))
    data = escape_script(trace.dumps())
    return (
        f'<!doctype html>\n<html lang="en"{still}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="icon" href="data:,">\n{head(fonts=False)}{_STYLE}</head>\n<body>\n'
        f'<div class="page specdec">\n{_header()}'
        f'<main id="stage" class="specdec specdec-stage"></main>\n'
        f"<noscript>{escape(say('page.no_script'))}</noscript>\n</div>\n"
        f'<script type="application/x-ndjson" id="trace">\n{data}</script>\n{_SCRIPT}</body>\n</html>\n'
    )


def notebook(trace: Trace, *, height: int = 980) -> str:
    """The same page inside a notebook's cell, in a frame that can reach nothing around it."""
    content = escape(page(trace, autoplay=False), quote=True)
    style = f"width:100%;height:{height}px;border:0;resize:vertical"
    title = escape(say("page.title", target=trace.header.target.name), quote=True)
    return f'<iframe srcdoc="{content}" sandbox="allow-scripts" title="{title}" style="{style}"></iframe>'


def _header() -> str:
    name, tagline, theme = (escape(say(f"page.{key}"), quote=True) for key in ("heading", "tagline", "theme"))
    button = f'<button type="button" id="theme" aria-label="{theme}" title="{theme}"></button>'
    return f'<header class="page-head"><b>{name}</b><span>{tagline}</span>{button}</header>\n'
