"""The options that shape a run, and what they become: settings, a prompt, a pair. Torch-free until `load`."""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from specdec import files
from specdec.catalog import capabilities
from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS, PLAIN_TASKS, TASKS, PairEntry, best, knowing
from specdec.errors import UserError
from specdec.messages import Message, say
from specdec.settings import AUTO, DRAFTERS, DYNAMIC, MAX_CHILDREN, RULES, SURE_DRAFTERS, Settings
from specdec.views.terminal import one_line

if TYPE_CHECKING:
    from specdec.models.loading import Pair

STDIN = "-"
OF_DRAFTER = {"exit_layer": "early_exit", "datastore": "retrieval"}  # whom an option is for
OF_RULE = {"epsilon": "typical", "delta": "typical"}
DEFAULTS = Settings()
HF, UNRECORDED = RIVALS = ("hf", "unrecorded")  # what `bench` measures a lane beside
COMPILE = CHAT = ("on", "off", "auto")
ADVICE = {  # what names the option that would help, where the page names none
    "model": "cli.draft_missing",
    "retrieval": "cli.datastore_unnamed",
    "medusa": "errors.heads_medusa_missing",
    "eagle": "errors.heads_eagle_missing",
}


def whole_number(text: str) -> int:
    return _parse(int, text, "cli.not_whole")


def length(text: str) -> int | str:
    return AUTO if text == AUTO else _parse(int, text, "cli.not_length")


def number(text: str) -> float:
    return _parse(float, text, "cli.not_number")


def shares(text: str) -> tuple[float, ...]:
    """
    >>> shares("0.6,0.85")
    (0.6, 0.85)
    """
    found = tuple(_parse(float, part, "cli.not_shares") for part in text.split(","))
    if not all(0 <= share <= 1 and math.isclose(100 * share, round(100 * share)) for share in found):
        raise argparse.ArgumentTypeError(say("cli.not_shares", value=text))
    return found


def source(text: str) -> str:
    """A hub id, a folder or a name; an unset variable of a shell is none."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("cli.source_empty"))
    return text


def _parse(kind: type, text: str, complaint: str) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say(complaint, value=text)) from None


def add_models(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(say("cli.group_models"))
    which = group.add_mutually_exclusive_group()
    which.add_argument("--pair", metavar="NAME", help=say("cli.pair", choices=", ".join(PAIRS), default=DEFAULT_PAIR))
    which.add_argument("--target", metavar="ID", type=source, help=say("cli.target"))
    names = dict.fromkeys(name for entry in PAIRS.values() for name in entry.drafts)
    group.add_argument("--draft", metavar="NAME|ID", type=source, help=say("cli.draft", names=", ".join(names)))
    group.add_argument("--device", metavar="D", default="auto", help=say("cli.device"))
    group.add_argument("--dtype", metavar="T", default="auto", help=say("cli.dtype"))
    group.add_argument("--compile", choices=COMPILE, default="auto", help=say("cli.compile"))
    group.add_argument("--chat", choices=CHAT, default="auto", help=say("cli.chat"))


def add_settings(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group(say("cli.group_settings")).add_argument
    add("--rule", metavar="RULE", help=say("cli.rule", choices=", ".join(RULES)))
    add("--draft-length", metavar="K", type=length, help=say("cli.draft_length"))
    add("--branching", metavar="B", help=say("cli.branching", high=MAX_CHILDREN))
    add("--temperature", metavar="T", type=number, default=DEFAULTS.temperature, help=say("cli.temperature"))
    add("--top-k", metavar="N", type=whole_number, default=DEFAULTS.top_k, help=say("cli.top_k"))
    add("--top-p", metavar="P", type=number, default=DEFAULTS.top_p, help=say("cli.top_p"))
    add("--min-p", metavar="P", type=number, default=DEFAULTS.min_p, help=say("cli.min_p"))
    add("--seed", metavar="S", type=whole_number, default=DEFAULTS.seed, help=say("cli.seed"))
    add("--stop", metavar="TEXT", action="append", default=[], help=say("cli.stop"))
    most = DEFAULTS.max_new_tokens
    add("--max-new-tokens", metavar="N", type=whole_number, default=most, help=say("cli.max_new_tokens", default=most))
    add = parser.add_argument_group(say("cli.group_own")).add_argument
    add("--exit-layer", metavar="E", type=whole_number, help=say("cli.exit_layer"))
    add("--datastore", metavar="FILE", help=say("cli.datastore"))
    for name in ("epsilon", "delta"):
        add(f"--{name}", metavar="X", type=number, help=say(f"cli.{name}", default=getattr(DEFAULTS, name)))


def add_one_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group(say("cli.group_run")).add_argument
    add("--prompt", metavar="TEXT", required=True, help=say("cli.prompt"))
    add("--task", metavar="NAME", help=say("cli.task", choices=", ".join(TASKS)))
    add("--drafter", metavar="NAME", help=say("cli.drafter", choices=", ".join(DRAFTERS)))


def settings(options: argparse.Namespace) -> Settings:
    """The settings asked for; the draft length stays a default until the pair is known. Raises UserError."""
    names = ("rule", "temperature", "top_k", "top_p", "min_p", "seed", "max_new_tokens")
    asked = {name: getattr(options, name) for name in names}
    own = {name: getattr(options, name) for name in (*OF_DRAFTER, *OF_RULE)}
    asked |= {name: value for name, value in own.items() if value is not None}
    if options.draft_length is not None:
        asked["draft_length"] = options.draft_length
    asked["branching"] = _branching(options)
    if options.datastore is not None and not Path(unicode(options.datastore)).is_file():
        raise UserError("cli.datastore_missing", path=options.datastore)
    return Settings(**asked, stop=tuple(unicode(text) for text in options.stop))


def _branching(options: argparse.Namespace) -> tuple[int, ...] | str | None:
    if options.branching in (None, DYNAMIC):
        return options.branching
    if options.draft_length is not None:
        raise UserError("cli.branching_and_length")
    return capabilities.branching(options.branching)


def prompt(options: argparse.Namespace) -> str:
    """The prompt, wrapped in its task; from stdin when it is `-` (without the line end that closes it, or a byte-order
    mark). Raises UserError."""
    check_task(options)
    text = _read_stdin().removesuffix("\n") if options.prompt == STDIN else unicode(options.prompt)
    return capabilities.wrapped(options.task, text)


def sent(options: argparse.Namespace, pair: "Pair", text: str) -> str:
    """A prompt as the pair's target is sent it: in its chat template, or as it is. Raises UserError."""
    from specdec.models import chat

    return chat.sent(pair.target, text, options.chat)


def pair_name(options: argparse.Namespace) -> str:
    """The pair that is asked for, or else the embedded one that has learned the task."""
    return options.pair or knowing(getattr(options, "task", None)).name


def check_task(options: argparse.Namespace) -> None:
    """Refuse a task that is not there, or that the target has not learned."""
    if options.task is None:
        return
    known = known_tasks(options)
    if options.target is not None and options.task in TASKS and options.task not in known:
        facts = {"target": options.target, "task": options.task, "choices": ", ".join(known)}
        raise UserError("cli.task_unlearned", **facts)
    capabilities.check_task(options.task, known)


def known_tasks(options: argparse.Namespace) -> tuple[str, ...]:
    """The tasks of the pair that is asked for, its usual one first; of a target those of the pair that has it, else
    what needs no words of ours."""
    if options.target is not None:
        entry = next((one for one in PAIRS.values() if _is_same(one.target, options.target)), None)
        return entry.tasks if entry else PLAIN_TASKS
    entry = PAIRS.get(pair_name(options))
    return entry.tasks if entry else tuple(TASKS)  # a pair that is not there is refused where pairs are checked


def _is_same(source: str, other: str) -> bool:
    """Whether two hub ids or folders are the same."""
    return os.path.realpath(source) == os.path.realpath(other)


def _read_stdin() -> str:
    """As files of prompts are read: without a byte-order mark or carriage returns."""
    try:
        return files.text(sys.stdin.buffer.read())
    except UnicodeDecodeError:
        raise UserError("cli.not_utf8") from None


def unicode(text: str) -> str:
    """An argument as it is; raises UserError for bytes that are no UTF-8 (Python keeps them as lone surrogates)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UserError("cli.not_utf8") from None
    return text


def check(options: argparse.Namespace, drafters: Sequence[str], *asked: Settings) -> None:
    """Refuse what no pair can have, and what this one cannot, before torch is imported."""
    check_choices(drafters, *asked)
    check_own(options, drafters, *asked)
    for one in asked:
        check_pair(options, drafters, one)


def check_choices(drafters: Sequence[str], *asked: Settings) -> None:
    """Refuse a drafter that is not there, and one that cannot guess in the shape asked for."""
    for name in drafters:
        if name not in DRAFTERS:
            raise UserError("errors.drafter_unknown", value=name, choices=", ".join(DRAFTERS))
    shapes = [capabilities.shape_of(one.as_record()) for one in asked]
    if unsure := [name for name in drafters if any(capabilities.no_drafter_shape(shape, name) for shape in shapes)]:
        raise UserError("errors.dynamic_unsure", drafter=unsure[0], choices=", ".join(SURE_DRAFTERS))


def check_own(options: argparse.Namespace, drafters: Sequence[str], *asked: Settings) -> None:
    """Refuse an option that nobody asked for would look at. Where no drafter is named, none that has options runs."""
    rules = [one.rule for one in asked]
    for name, drafter in OF_DRAFTER.items():
        if getattr(options, name) is not None and drafter not in drafters:
            raise UserError("cli.of_drafter", option=_flag(name), drafter=drafter)
    for name, rule in OF_RULE.items():
        if getattr(options, name) is not None and rule not in rules:
            raise UserError("cli.of_rule", option=_flag(name), rule=rule)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def check_pair(options: argparse.Namespace, drafters: Sequence[str], asked: Settings) -> None:
    """Refuse a pair that is not there, and what it cannot run."""
    if options.pair is not None and options.pair not in PAIRS:
        raise UserError("errors.pair_unknown", value=options.pair, choices=", ".join(PAIRS))
    if why := next(filter(None, _refusals(options, drafters, asked)), None):
        raise UserError(why)


def _refusals(options: argparse.Namespace, drafters: Sequence[str], asked: Settings) -> list[str | None]:
    """What the files of an embedded pair tell; of any other pair they are not here yet, only what was named for it."""
    if options.target is not None:
        given = {"model": options.draft, "retrieval": asked.datastore}
        return [say(ADVICE[name]) for name in drafters if name in given and given[name] is None]
    entry = PAIRS[pair_name(options)]
    if asked.datastore is not None:
        entry = replace(entry, datastore=asked.datastore)
    if options.draft is not None and options.draft not in entry.drafts:  # it may name heads
        entry = replace(entry, draft=options.draft, drafts={}, medusa=options.draft, eagle=options.draft)
    whys = [_no_drafter(name, entry) for name in drafters]
    shape = capabilities.shape_of(asked.as_record())
    return [*whys, capabilities.no_rule(asked.rule, entry), capabilities.no_shape(shape, entry)]


def _no_drafter(name: str, entry: PairEntry) -> str | None:
    """The page's reason; where an option would help, the sentence that names it."""
    why = capabilities.no_drafter(name, entry)
    helps = why and name in ADVICE and why != say("choices.no_encoder_drafter")
    return say(ADVICE[name], target=Path(entry.target).name) if helps else why


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
    from specdec.accelerate import compiled

    if how == "off":
        return pair
    told = compiled.remark(pair) if how == "auto" else say("cli.compiling") if compiled.missing(pair) else ""
    if told:
        _tell(told)
    return compiled.make(pair) if how == "on" else compiled.compiled(pair)


def _tell(sentence: Message | str) -> None:
    print(one_line(str(sentence)), file=sys.stderr, flush=True)
