"""The one GPU lane: Spaces lends a GPU for the length of a call; everywhere else a call is just a call.

Import this before anything that touches CUDA: the `spaces` package has to come first.
"""

import os
from collections.abc import Callable
from typing import Any

try:
    import spaces
except ImportError:  # the package exists on Spaces only
    spaces = None

ZERO = spaces is not None and bool(os.environ.get("SPACES_ZERO_GPU"))
LANE: dict[str, Any] = {"concurrency_id": "gpu", "concurrency_limit": 1}
SECONDS = 60


def on_gpu(function: Callable) -> Callable:
    """Mark a run function, so that it holds a GPU while it runs. What it yields must be plain strings."""
    return function if spaces is None else spaces.GPU(duration=SECONDS)(function)
