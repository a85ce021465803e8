"""From options to a pair that is ready to run. The first that imports torch."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from specdec.catalog.pairs import PAIRS, best
from specdec.cli.validate import pair_name
from specdec.messages import Message, say
from specdec.settings import DYNAMIC, Settings
from specdec.views.terminal import one_line

if TYPE_CHECKING:
    from specdec.models.pair import Pair


def load(options: argparse.Namespace, asked: Settings) -> tuple["Pair", Settings]:
    """The pair, and the settings with its own draft length where none was asked for."""
    from specdec.models.loading import load as load_pair

    pair = load_pair(
        pair_name(options),
        target=options.target,
        draft=options.draft,
        device=options.device,
        dtype=options.dtype,
    )
    for model in filter(None, (pair.target, pair.draft)):
        if model.unfollowed:
            _tell(say("errors.unfollowed", model=model.name, settings=", ".join(model.unfollowed)))
    if options.draft_length is None:
        asked = replace(asked, draft_length=suited[1] if (suited := _suited(options)) else pair.draft_length)
    return _compiled(pair, options.compile), asked


def drafter(options: argparse.Namespace, pair: "Pair") -> str:
    """The one that is asked for, or else the one that suits the task, or else the pair's own."""
    suited = _suited(options)
    return options.drafter or (suited[0] if suited else best(pair))


def _suited(options: argparse.Namespace) -> tuple[str, int] | None:
    """The drafter that suits the task of a run, and its draft length; None where what is asked for wants another."""
    several = "drafter" not in options  # they share a draft length, the pair's
    if several or options.target or options.draft or options.branching == DYNAMIC:
        return None
    suited = PAIRS[pair_name(options)].suited.get(options.task)
    return suited if suited and options.drafter in (None, suited[0]) else None


def load_scripted(options: argparse.Namespace, target: str, draft: str | None) -> "Pair":
    """A pair in the shape of these models, without their weights."""
    from specdec.models.synthetic import load as load_pair

    return _compiled(load_pair(target, draft, device=options.device, dtype=options.dtype), options.compile)


def _compiled(pair: "Pair", how: str) -> "Pair":
    """With compiled passes where they were asked for, or are there already; where they cannot be, that is said."""
    from specdec.accelerate import accelerated

    if how == "off":
        return pair
    told = accelerated.remark(pair) if how == "auto" else say("cli.compiling") if accelerated.missing(pair) else ""
    if told:
        _tell(told)
    return accelerated.make(pair) if how == "on" else accelerated.accelerated(pair)


def _tell(sentence: Message | str) -> None:
    print(one_line(str(sentence)), file=sys.stderr, flush=True)


def sent(options: argparse.Namespace, pair: "Pair", text: str) -> str:
    """A prompt as the pair's target is sent it: in its chat template, or as it is. Raises UserError."""
    from specdec.models import chat

    return chat.sent(pair.target, text, options.chat)
