"""A trace as a standalone HTML page, which needs no server, no other file and no network."""

from html import escape

from specdec.messages import ENGLISH, Words
from specdec.trace import Trace, unicode
from specdec.views import diagnosis
from specdec.views.player import escape_script, head


def page(trace: Trace, *, autoplay: bool = True, words: Words = ENGLISH) -> str:
    """The trace with its player as one HTML document. The trace is data in it: nothing of it can run."""
    still = "" if autoplay else " data-still"
    title = _title(trace, words)
    data = escape_script(trace.dumps())
    sentence = escape(diagnosis.sentence(trace, words=words))
    return (
        f'<!doctype html>\n<html lang="{words.language}"{still}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="icon" href="data:,">\n{head("player", words)}</head>\n<body>\n'
        f'<div class="page specdec">\n{_header(words)}'
        f'<main id="stage" class="specdec specdec-stage"></main>\n<p class="diagnosis">{sentence}</p>\n'
        f"<noscript>{escape(words.say('page.no_script'))}</noscript>\n</div>\n"
        f'<script type="application/x-ndjson" id="trace">\n{data}</script>\n'
        "<script>window.specdec.open();</script>\n</body>\n</html>\n"
    )


def notebook(trace: Trace, *, height: int = 980, words: Words = ENGLISH) -> str:
    """The same page inside a notebook's cell, in a frame that can reach nothing around it."""
    content = escape(page(trace, autoplay=False, words=words), quote=True)
    style = f"width:100%;height:{height}px;border:0;resize:vertical"
    title = _title(trace, words)
    return f'<iframe srcdoc="{content}" sandbox="allow-scripts" title="{title}" style="{style}"></iframe>'


def _title(trace: Trace, words: Words) -> str:
    return escape(unicode(words.say("page.title", target=trace.header.target.name)), quote=True)


def _header(words: Words) -> str:
    name, tagline, theme = (escape(words.say(f"page.{key}"), quote=True) for key in ("heading", "tagline", "theme"))
    button = f'<button type="button" id="theme" aria-label="{theme}" title="{theme}"></button>'
    return f'<header class="page-head"><b>{name}</b><span>{tagline}</span>{button}</header>\n'
