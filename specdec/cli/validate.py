"""What options say, judged before torch is imported: settings, the prompt, and what no pair or this one cannot run."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from specdec import files, methods
from specdec.catalog import capabilities
from specdec.catalog.pairs import PAIRS, PLAIN_TASKS, TASKS, knowing
from specdec.errors import UserError
from specdec.messages import Message
from specdec.methods import DRAFTERS, DrafterMethod
from specdec.settings import DYNAMIC, FIELDS, Field, Settings, shape_of

STDIN = "-"
ADVICE = {  # what names the option that would help, where the page names none
    "errors.draft_missing": "cli.draft_missing",
    "errors.datastore_missing": "cli.datastore_unnamed",
}


def settings(options: argparse.Namespace) -> Settings:
    """The settings asked for; the draft length stays a default until the pair is known. Raises UserError."""
    given = {field.name: getattr(options, field.name) for field in FIELDS}
    if given["draft_length"] is not None and given["branching"] not in (None, DYNAMIC):
        raise UserError("cli.branching_and_length")
    if given["datastore"] is not None and not Path(unicode(given["datastore"])).is_file():
        raise UserError("cli.datastore_missing", path=given["datastore"])
    asked = {field.name: _typed(field, given[field.name]) for field in FIELDS if given[field.name] is not None}
    return Settings(**asked)


def _typed(field: Field, given: str | list[str]) -> Any:
    return [unicode(text) for text in given] if field.repeated else field.parse(unicode(given))


def prompt(options: argparse.Namespace) -> str:
    """The prompt, wrapped in its task; from stdin when it is `-` (without the line end that closes it, or a byte-order
    mark). Raises UserError."""
    check_task(options)
    text = _read_stdin().removesuffix("\n") if options.prompt == STDIN else unicode(options.prompt)
    return capabilities.wrapped(options.task, text)


def _read_stdin() -> str:
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


def check(options: argparse.Namespace, drafters: Sequence[str], *asked: Settings) -> None:
    """Refuse what no pair can have, and what this one cannot, before torch is imported."""
    check_choices(drafters, *asked)
    check_own(options, drafters, *asked)
    for one in asked:
        check_pair(options, drafters, one)


def check_choices(drafters: Sequence[str], *asked: Settings) -> None:
    """Refuse a drafter that is not there, and one that cannot guess in the shape asked for."""
    for method in map(methods.drafter, drafters):
        for one in asked:
            capabilities.check_shape(method, one)


def check_own(options: argparse.Namespace, drafters: Sequence[str], *asked: Settings) -> None:
    """Refuse an option that nobody asked for would look at. Where no drafter is named, none that has options runs."""
    chosen = {"drafter": drafters, "rule": [one.rule for one in asked]}
    for field in FIELDS:
        owner = field.owner
        kind = "drafter" if isinstance(owner, DrafterMethod) else "rule"
        if owner and getattr(options, field.name) is not None and owner.name not in chosen[kind]:
            raise UserError(f"cli.of_{kind}", option=field.flag, **{kind: owner.name})


def check_pair(options: argparse.Namespace, drafters: Sequence[str], asked: Settings) -> None:
    """Refuse a pair that is not there, and what it cannot run."""
    if options.pair is not None and options.pair not in PAIRS:
        raise UserError("errors.pair_unknown", value=options.pair, choices=", ".join(PAIRS))
    if why := next(filter(None, _refusals(options, drafters, asked)), None):
        raise UserError(why)


def _refusals(options: argparse.Namespace, drafters: Sequence[str], asked: Settings) -> Iterator[Message | None]:
    """What the files of an embedded pair say; of any other pair they are not here yet, only what was named for it."""
    if options.target is not None:
        yield from (_unnamed(DRAFTERS[name], options, asked) for name in drafters)
        return
    entry = PAIRS[pair_name(options)]
    if asked.datastore is not None:
        entry = replace(entry, datastore=asked.datastore)
    if options.draft is not None and options.draft not in entry.drafts:  # it may name heads
        heads = {method.heads.name: options.draft for method in DRAFTERS.values() if method.heads}
        entry = replace(entry, draft=options.draft, drafts={}, heads=heads)
    for name in drafters:
        why = capabilities.refusal(name, entry)
        yield why and Message(ADVICE.get(why.key, why.key), **why.values)
    yield capabilities.no_rule(asked.rule, entry)
    yield capabilities.no_shape(shape_of(asked.as_record()), entry)


def _unnamed(method: DrafterMethod, options: argparse.Namespace, asked: Settings) -> Message | None:
    """What has to be named for a target of one's own. Heads are named as its draft."""
    if method.draft_model and options.draft is None:
        return Message("cli.draft_missing")
    return Message("cli.datastore_unnamed") if method.datastore and asked.datastore is None else None
