"""ASGI middleware in front of Gradio's routes: it refuses uploads and large requests, and replaces Gradio's link
preview by the page's own.
"""

import re
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from specdec.messages import ENGLISH, Words

UPLOADS = ("/upload", "/process_recording")  # the page has no field that takes a file
MOST_BODY = 4 * 2**20  # bytes of a request; fields hold far less, and no page sends a trace
PREVIEW = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')  # Gradio's: its name, its picture
LANGUAGE = re.compile(r'(<html\b[^>]*?\blang=)"[^"]*"')


class Door:
    """ASGI middleware that refuses uploads (403) and large requests (413), and puts the page's title and description
    into its HTML."""

    def __init__(self, app: ASGIApp, words: Words) -> None:
        self.app, self.words = app, words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").rstrip("/")
        if scope["type"] == "http" and path.endswith(UPLOADS):
            refusal = PlainTextResponse(self.words.say("app.no_uploads"), status_code=403)
            await refusal(scope, receive, send)
        elif scope["type"] == "http" and _announced(scope) > MOST_BODY:
            refusal = PlainTextResponse(self.words.say("app.large_request", high=MOST_BODY // 2**20), status_code=413)
            await refusal(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "POST":
            await self.app(scope, _Bounded(receive), send)
        elif scope["type"] == "http" and path == "" and scope["method"] == "GET":
            await self.app(scope, receive, _Rewriting(send, self.words))
        else:
            await self.app(scope, receive, send)


def _announced(scope: Scope) -> int:
    """The content length that a request declares, 0 where it declares none."""
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isdecimal() and len(said) < 20 else 0


class _Bounded:
    """An ASGI `receive` for a request of undeclared length: after more than MOST_BODY bytes it reports a
    disconnect."""

    def __init__(self, receive: Receive) -> None:
        self.receive, self.bytes = receive, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        self.bytes += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.bytes > MOST_BODY else message


class _Rewriting:
    """An ASGI `send` that replaces the link preview in an HTML response. It holds the response back until it is
    complete, since its length changes."""

    def __init__(self, send: Send, words: Words) -> None:
        self.send, self.words = send, words
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(scope=self.start)
        if headers.get("content-type", "").startswith("text/html"):
            self.body = previewed(self.body.decode(), self.words).encode()
            headers["content-length"] = str(len(self.body))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": self.body})


def previewed(html: str, words: Words = ENGLISH) -> str:
    """The page with its own link preview, in the language that it is written in.

    >>> print(previewed('<head><meta property="og:title" content="Gradio" /><script>'))
    ... # doctest: +ELLIPSIS
    <head><meta property="og:type" content="website">
    <meta property="og:title" content="specdec: ...">
    <meta property="og:description" content="Speculative decoding ...">
    <script>
    """
    before, script, after = html.partition("<script")  # the page's configuration follows
    known = {"type": "website", "title": title(words), "description": words.say("app.about")}
    ours = [f'<meta property="og:{name}" content="{escape(text)}">\n' for name, text in known.items()]
    before = LANGUAGE.sub(rf'\g<1>"{words.language}"', PREVIEW.sub("", before), count=1)
    return "".join([before, *ours, script, after])


def title(words: Words) -> str:
    return f"{words.say('app.name')}: {words.say('app.tagline')}"
