"""A trace as a standalone HTML page, which needs no server, no other file and no network."""

from html import escape

from specdec.messages import say
from specdec.trace import Trace, unicode
from specdec.views import diagnosis
from specdec.views.player import escape_script, head


def page(trace: Trace, *, autoplay: bool = True) -> str:
    """The trace with its player as one HTML document. The trace is embedded as data, so nothing in it is executed."""
    still = "" if autoplay else " data-still"
    title = _title(trace)
    data = escape_script(trace.dumps())
    told = escape(diagnosis.sentence(trace))
    return (
        f'<!doctype html>\n<html lang="en"{still}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="icon" href="data:,">\n{head("player")}</head>\n<body>\n'
        f'<div class="page specdec">\n{_header()}'
        f'<main id="stage" class="specdec specdec-stage"></main>\n<p class="diagnosis">{told}</p>\n'
        f"<noscript>{escape(say('page.no_script'))}</noscript>\n</div>\n"
        f'<script type="application/x-ndjson" id="trace">\n{data}</script>\n'
        "<script>window.specdec.open();</script>\n</body>\n</html>\n"
    )


def notebook(trace: Trace, *, height: int = 980) -> str:
    """The HTML page for a notebook's cell: an iframe that is sandboxed from the notebook."""
    content = escape(page(trace, autoplay=False), quote=True)
    style = f"width:100%;height:{height}px;border:0;resize:vertical"
    title = _title(trace)
    return f'<iframe srcdoc="{content}" sandbox="allow-scripts" title="{title}" style="{style}"></iframe>'


def _title(trace: Trace) -> str:
    return escape(unicode(say("page.title", target=trace.header.target.name)), quote=True)


def _header() -> str:
    name, tagline, theme = (escape(say(f"page.{key}"), quote=True) for key in ("heading", "tagline", "theme"))
    button = f'<button type="button" id="theme" aria-label="{theme}" title="{theme}"></button>'
    return f'<header class="page-head"><b>{name}</b><span>{tagline}</span>{button}</header>\n'
