"""Load the pair that the options ask for. The first module of a command that imports torch."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from specdec.backend import Backend, PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.catalog.pairs import PAIRS, best
from specdec.cli.validate import pair_name
from specdec.messages import Message, say
from specdec.settings import DYNAMIC, Settings
from specdec.views.terminal import one_line

if TYPE_CHECKING:
    from specdec.models.pair import Pair

BACKEND: Backend = LocalBackend()


def choice(options: argparse.Namespace, **changes: Any) -> PairChoice:
    """The choice of models in the options, with `changes` to its fields."""
    named = {"target": options.target, "draft": options.draft}
    place = {"device": options.device, "dtype": options.dtype, "compiled": options.compile}
    return PairChoice(pair_name(options), **{**named, **place, **changes})


def load(options: argparse.Namespace, asked: Settings) -> tuple["Pair", Settings]:
    """The pair, and the settings with the draft length that suits the task or the pair where none was asked for."""
    pair = ready(choice(options))
    if options.draft_length is None:
        asked = replace(asked, draft_length=suited[1] if (suited := _suited(options)) else pair.draft_length)
    return pair, asked


def ready(choice: PairChoice) -> "Pair":
    """The pair, loaded by the backend. Prints to stderr which generation settings of its models are not followed, why
    its passes run eagerly, or that they are compiled first."""
    plain = BACKEND.load(replace(choice, compiled="off"))
    for model in filter(None, (plain.target, plain.draft)):
        if model.unfollowed:
            _tell(say("errors.unfollowed", model=model.name, settings=", ".join(model.unfollowed)))
    if choice.compiled == "off":
        return plain
    from specdec.accelerate import accelerated

    waits = choice.compiled == "on" and accelerated.missing(plain)
    if told := accelerated.remark(plain) if choice.compiled == "auto" else say("cli.compiling") if waits else "":
        _tell(told)
    return BACKEND.load(choice)


def request(options: argparse.Namespace, prompt: str, asked: Settings) -> RunRequest:
    """The request for one run, with the pair's draft length, drafter and chat template where the options leave them
    open."""
    pair, settings = load(options, asked)
    return RunRequest(choice(options), sent(options, pair, prompt), drafter(options, pair), settings)


def drafter(options: argparse.Namespace, pair: "Pair") -> str:
    """The drafter that is asked for, else the one that suits the task, else the pair's best."""
    suited = _suited(options)
    return options.drafter or (suited[0] if suited else best(pair))


def _suited(options: argparse.Namespace) -> tuple[str, int] | None:
    """The drafter and the draft length that suit the task of a run best; None where the options rule that choice
    out."""
    several = "drafter" not in options  # `bench` has several drafters, which share the pair's draft length
    if several or options.target or options.draft or options.branching == DYNAMIC:
        return None
    suited = PAIRS[pair_name(options)].suited.get(options.task)
    return suited if suited and options.drafter in (None, suited[0]) else None


def _tell(sentence: Message | str) -> None:
    print(one_line(str(sentence)), file=sys.stderr, flush=True)


def sent(options: argparse.Namespace, pair: "Pair", text: str) -> str:
    """The prompt as the pair's target reads it: in its chat template, or as it is. Raises UserError if a template is
    asked for and missing, or fails."""
    from specdec.models import chat

    return chat.sent(pair.target, text, options.chat)
