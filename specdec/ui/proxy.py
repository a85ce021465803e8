"""A proxy that the environment names is not for Gradio: it asks its own server, on this machine, whether it runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = ("NO_PROXY", "no_proxy")


@contextmanager
def no_proxy() -> Iterator[None]:
    """No request goes through a proxy until the block ends."""
    before = {name: os.environ[name] for name in NAMES if name in os.environ}
    os.environ.update(dict.fromkeys(NAMES, "*"))
    try:
        yield
    finally:
        for name in NAMES:
            del os.environ[name]
        os.environ.update(before)
