"""Load the pair that the options ask for. The first module of a command that imports torch."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from specdec.backend import Backend, PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.catalog import reach
from specdec.catalog.pairs import PAIRS, best
from specdec.cli.validate import pair_name
from specdec.messages import Message, Words
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


def load(options: argparse.Namespace, asked: Settings, words: Words) -> tuple["Pair", Settings]:
    """The pair, and the settings with its own draft length where none was asked for."""
    pair = ready(choice(options), words)
    if options.draft_length is None:
        asked = replace(asked, draft_length=suited[1] if (suited := _suited(options)) else pair.draft_length)
    return pair, asked


def ready(choice: PairChoice, words: Words) -> "Pair":
    """The pair of the backend. What is not followed of its models' settings is said, and what keeps its passes eager,
    or that their code is made first."""
    for source in filter(None, (choice.target, None if choice.draft in PAIRS else choice.draft)):
        if choice.name not in PAIRS or source not in PAIRS[choice.name].drafts:
            reach.check(source)  # before torch is imported, which takes longer
    plain = BACKEND.load(replace(choice, compiled="off"))
    for model in filter(None, (plain.target, plain.draft)):
        if model.unfollowed:
            _tell(words.say("errors.unfollowed", model=model.name, settings=", ".join(model.unfollowed)), words)
    if choice.compiled == "off":
        return plain
    from specdec.accelerate import accelerated

    waits = choice.compiled == "on" and accelerated.missing(plain)
    if told := accelerated.remark(plain) if choice.compiled == "auto" else words.say("cli.compiling") if waits else "":
        _tell(told, words)
    return BACKEND.load(choice)


def request(options: argparse.Namespace, prompt: str, asked: Settings, words: Words) -> RunRequest:
    """One run, with what the pair decides: its draft length and drafter, and its chat template."""
    pair, settings = load(options, asked, words)
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


def _tell(sentence: Message | str, words: Words) -> None:
    print(one_line(words.render(sentence)), file=sys.stderr, flush=True)


def sent(options: argparse.Namespace, pair: "Pair", text: str) -> str:
    """The prompt as the pair's target reads it: in its chat template, or as it is. Raises UserError if a template is
    asked for and missing, or fails."""
    from specdec.models import chat

    return chat.sent(pair.target, text, options.chat)
