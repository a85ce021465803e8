"""Access to the GPU, one run at a time. On Hugging Face Spaces with ZeroGPU a GPU is assigned for the duration of a
call; everywhere else a call is an ordinary one.

Import this module before anything that initializes CUDA: the package `spaces` has to come first.
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
    """Decorate a run function so that it holds a GPU while it runs. It must yield plain strings."""
    return function if spaces is None else spaces.GPU(duration=SECONDS)(function)
