"""The API's endpoint of a tab: what its fields take as types, and a refusal as an exception."""

from collections.abc import Iterator, Mapping
from inspect import Parameter, Signature
from typing import Any, Literal

import gradio as gr
from gradio.context import get_blocks_context

from specdec.catalog import capabilities
from specdec.messages import say
from specdec.settings import MAX_DRAFT_LENGTH, MAX_NEW_TOKENS, MAX_STOP_TEXTS, RULES
from specdec.ui import engine
from specdec.ui.gpu import LANE
from specdec.ui.streaming import RunFunction

# What a field may hold, in the order of the endpoint's arguments; `drafter` is the tab's.
DRAFTS = tuple(dict.fromkeys(name for entry in engine.ENTRIES for name in entry.drafts))
TYPES: dict[str, Any] = {
    "prompt": str,
    "drafter": str,
    "draft_length": int,
    "rule": Literal[RULES],
    "temperature": float,
    "top_k": int,
    "top_p": float,
    "min_p": float,
    "seed": int,
    "max_new_tokens": int,
    "stop": str,
    "shape": Literal[capabilities.SHAPES],
    "branching": str,
    "exit_layer": int,
    "epsilon": float,
    "delta": float,
    "task": Literal[engine.tasks()],
    "draft": Literal[DRAFTS],
}
BOUNDS = {"draft_length": MAX_DRAFT_LENGTH, "max_new_tokens": MAX_NEW_TOKENS, "stop": MAX_STOP_TEXTS}
RESULT = "trace"


def add(name: str, run: RunFunction, drafters: tuple[str, ...], defaults: Mapping[str, Any]) -> None:
    """Offer a run function under a name; `defaults` are what the page's fields open with.

    A client that follows a run gets its new lines as they come, and at the end the whole trace: that is the result.
    """
    types = TYPES | {"drafter": Literal[drafters]}

    def ask(*given: Any) -> Iterator[str]:
        sent: list[str] = []
        for update in run(dict(zip(types, given, strict=True))):
            if update.refused:
                raise gr.Error(update.notice, print_exception=False)
            if update.lines:
                sent.append(update.lines)
                yield update.lines
        yield "".join(sent)

    kind = Parameter.POSITIONAL_OR_KEYWORD
    fields = [
        Parameter(name, kind, default=defaults[name], annotation=annotation) for name, annotation in types.items()
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
