"""The API endpoint of a tab: a generator function with typed parameters, which raises gr.Error for a bad request."""

from collections.abc import Iterator, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any, Literal

import gradio as gr
from gradio.context import get_blocks_context

from specdec.messages import Words
from specdec.methods import RULES
from specdec.settings import FIELDS, SHAPES, Whole
from specdec.ui import engine
from specdec.ui.gpu import LANE
from specdec.ui.streaming import RunFunction

# The type of every field, in the order of the endpoint's parameters; `drafter` is replaced by the tab's own drafters.
DRAFTS = tuple(dict.fromkeys(name for entry in engine.ENTRIES for name in entry.drafts))
KINDS = {"slider": float, "number": float, "text": str, "lines": str, "picker": Literal[tuple(RULES)]}  # by widget
TYPES: dict[str, Any] = {
    "prompt": str,
    "drafter": str,
    **{one.name: int if isinstance(one, Whole) else KINDS[one.widget] for one in FIELDS if one.widget},
    "shape": Literal[SHAPES],
    "task": Literal[engine.tasks()],
    "draft": Literal[DRAFTS],
}
BOUNDS = {field.name: field.high for field in FIELDS}
RESULT = "trace"


def add(name: str, run: RunFunction, drafters: tuple[str, ...], defaults: Mapping[str, Any], words: Words) -> None:
    """Offer a run function under a name; `defaults` are what the page's fields open with.

    A client that streams a run gets its new lines as they come; the last value, which is the result, is the whole
    trace.
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
    setattr(ask, "__signature__", Signature(fields, return_annotation=str))  # noqa: B010
    ask.__annotations__ = types
    endpoint = gr.api(ask, api_name=name, api_description=words.say(f"api.{name}"), **LANE)
    _describe(endpoint, types, words)


def _describe(endpoint: gr.events.Dependency, types: dict[str, Any], words: Words) -> None:
    """What a client is shown of every field and of the result; Gradio numbers them instead."""
    context = get_blocks_context()
    assert context is not None, "an endpoint belongs to a page"
    function = context.fns[endpoint["id"]]
    inputs: Sequence[Any] = function.inputs
    for field, part in zip(types, inputs, strict=True):
        part.label = field
        part.api_info()["additional_description"] = words.say(f"api.{field}", high=BOUNDS.get(field))
    result: Any = function.outputs[0]
    result.label = RESULT
    result.api_info()["description"] = words.say(f"api.{RESULT}")
