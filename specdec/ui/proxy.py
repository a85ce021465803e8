"""Keep Gradio from using the environment's proxy: when it starts, it sends a request to its own server on this
machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = ("NO_PROXY", "no_proxy")


@contextmanager
def no_proxy() -> Iterator[None]:
    """Within the context, no request goes through a proxy; the environment is restored afterwards."""
    before = {name: os.environ[name] for name in NAMES if name in os.environ}
    os.environ.update(dict.fromkeys(NAMES, "*"))
    try:
        yield
    finally:
        for name in NAMES:
            del os.environ[name]
        os.environ.update(before)
