"""The API's endpoint of a tab: what its fields take as types, and a refusal as an exception."""

from collections.abc import Iterator, Sequence
from inspect import Parameter, Signature
from typing import Any, Literal

import gradio as gr
from gradio.context import get_blocks_context

from specdec.messages import say
from specdec.methods import RULES
from specdec.settings import FIELDS, SHAPES
from specdec.ui import engine
from specdec.ui.gpu import LANE
from specdec.ui.streaming import RunFunction

# What a field may hold, in the order of a run function's arguments; `drafter` is the tab's.
DRAFTS = tuple(dict.fromkeys(name for entry in engine.ENTRIES for name in entry.drafts))
TYPES: dict[str, Any] = {
    "prompt": str,
    "drafter": str,
    "draft_length": int,
    "rule": Literal[tuple(RULES)],
    "temperature": float,
    "top_k": int,
    "top_p": float,
    "min_p": float,
    "seed": int,
    "max_new_tokens": int,
    "stop": str,
    "shape": Literal[SHAPES],
    "branching": str,
    "exit_layer": int,
    "epsilon": float,
    "delta": float,
    "task": Literal[engine.tasks()],
    "draft": Literal[DRAFTS],
}
BOUNDS = {field.name: field.high for field in FIELDS}
RESULT = "trace"


def add(name: str, run: RunFunction, drafters: tuple[str, ...], defaults: Sequence[Any]) -> None:
    """Offer a run function under a name; `defaults` are what the page's fields open with, in their order."""

    def ask(*given: Any) -> Iterator[str]:
        for update in run(*given):
            if update.refused:
                raise gr.Error(update.notice, print_exception=False)
            if update.trace is not None:
                yield update.trace

    types = TYPES | {"drafter": Literal[drafters]}
    kind = Parameter.POSITIONAL_OR_KEYWORD
    fields = [
        Parameter(field, kind, default=default, annotation=types[field])
        for field, default in zip(types, defaults, strict=True)
    ]
    ask.__signature__ = Signature(fields, return_annotation=str)
    ask.__annotations__ = types
    endpoint = gr.api(ask, api_name=name, api_description=say(f"api.{name}"), **LANE)
    _describe(endpoint, types)


def _describe(endpoint: gr.events.Dependency, types: dict[str, Any]) -> None:
    """What a client is shown of every field and of the result; Gradio numbers them instead."""
    function = get_blocks_context().fns[endpoint["id"]]
    for field, part in zip(types, function.inputs, strict=True):
        part.label = field
        part.api_info()["additional_description"] = say(f"api.{field}", high=BOUNDS.get(field))
    (result,) = function.outputs
    result.label = RESULT
    result.api_info()["description"] = say(f"api.{RESULT}")
