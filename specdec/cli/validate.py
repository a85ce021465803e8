"""Read and check the options without torch: the settings, the prompt, and whether the pair supports what is asked
for."""

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
ADVICE = {  # messages for the command line, which name the option that would help, by the page's message
    "errors.draft_missing": "cli.draft_missing",
    "errors.datastore_missing": "cli.datastore_unnamed",
}


def settings(options: argparse.Namespace) -> Settings:
    """The settings in the options; a draft length that is not given keeps its default until the pair is known. Raises
    UserError for invalid ones."""
    given = {field.name: getattr(options, field.name) for field in FIELDS}
    if given["draft_length"] is not None and given["branching"] not in (None, DYNAMIC):
        raise UserError("cli.branching_and_length")
    if given["datastore"] is not None and not Path(unicode(given["datastore"])).is_file():
        raise UserError("cli.datastore_missing", path=given["datastore"])
    asked = {field.name: _typed(field, given[field.name]) for field in FIELDS if given[field.name] is not None}
    return Settings(**asked)


def _typed(field: Field, given: str | list[str]) -> Any:
    return [unicode(text) for text in given] if isinstance(given, list) else field.parse(unicode(given))


def prompt(options: argparse.Namespace) -> str:
    """The prompt, wrapped in the template of its task; `-` reads it from stdin, without the final line break and a
    byte-order mark. Raises UserError for an empty prompt, an unknown task, and bytes that are not UTF-8."""
    check_task(options)
    text = _read_stdin().removesuffix("\n") if options.prompt == STDIN else unicode(options.prompt)
    return capabilities.wrapped(options.task, text)


def _read_stdin() -> str:
    try:
        return files.text(sys.stdin.buffer.read())
    except UnicodeDecodeError:
        raise UserError("cli.not_utf8") from None


def unicode(text: str) -> str:
    """The argument, unchanged; raises UserError if it was not UTF-8 (Python represents such bytes as lone
    surrogates)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UserError("cli.not_utf8") from None
    return text


def pair_name(options: argparse.Namespace) -> str:
    """The name of the pair that is asked for, else of the embedded pair that was trained on the task."""
    return options.pair or knowing(getattr(options, "task", None)).name


def check_task(options: argparse.Namespace) -> None:
    """Raise UserError for an unknown task, and for one that the target was not trained on."""
    if options.task is None:
        return
    known = known_tasks(options)
    if options.target is not None and options.task in TASKS and options.task not in known:
        facts = {"target": options.target, "task": options.task, "choices": ", ".join(known)}
        raise UserError("cli.task_unlearned", **facts)
    capabilities.check_task(options.task, known)


def known_tasks(options: argparse.Namespace) -> tuple[str, ...]:
    """The tasks of the pair that is asked for, its default first. With `--target` those of the catalog's pair with
    that target, else the tasks without a template."""
    if options.target is not None:
        entry = next((one for one in PAIRS.values() if _is_same(one.target, options.target)), None)
        return entry.tasks if entry else PLAIN_TASKS
    entry = PAIRS.get(pair_name(options))
    return entry.tasks if entry else tuple(TASKS)  # `check_pair` refuses an unknown pair


def _is_same(source: str, other: str) -> bool:
    """Whether two strings are the same hub id or lead to the same folder."""
    return os.path.realpath(source) == os.path.realpath(other)


def check(options: argparse.Namespace, drafters: Sequence[str], *asked: Settings) -> None:
    """Raise UserError for drafters and settings that no pair, or not this pair, supports, before torch is imported."""
    check_choices(drafters, *asked)
    check_own(options, drafters, *asked)
    for one in asked:
        check_pair(options, drafters, one)


def check_choices(drafters: Sequence[str], *asked: Settings) -> None:
    """Raise UserError for an unknown drafter, and for one that does not support the draft's shape."""
    for method in map(methods.drafter, drafters):
        for one in asked:
            capabilities.check_shape(method, one)


def check_own(options: argparse.Namespace, drafters: Sequence[str], *asked: Settings) -> None:
    """Raise UserError for an option of a drafter or rule that is not chosen, since it would have no effect. A default
    drafter has no such options, so without a named drafter all of them are refused."""
    chosen = {"drafter": drafters, "rule": [one.rule for one in asked]}
    for field in FIELDS:
        owner = field.owner
        kind = "drafter" if isinstance(owner, DrafterMethod) else "rule"
        if owner and getattr(options, field.name) is not None and owner.name not in chosen[kind]:
            raise UserError(f"cli.of_{kind}", option=field.flag, **{kind: owner.name})


def check_pair(options: argparse.Namespace, drafters: Sequence[str], asked: Settings) -> None:
    """Raise UserError for an unknown pair, and for drafters and settings that it does not support."""
    if options.pair is not None and options.pair not in PAIRS:
        raise UserError("errors.pair_unknown", value=options.pair, choices=", ".join(PAIRS))
    if why := next(filter(None, _refusals(options, drafters, asked)), None):
        raise UserError(why)


def _refusals(options: argparse.Namespace, drafters: Sequence[str], asked: Settings) -> Iterator[Message | None]:
    """The reasons why the pair does not support what is asked for, None where it does. Of a catalog pair they come
    from its entry and files; the files of a target named by `--target` may not be on disk yet, so only the parts named
    for it are checked."""
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
    """The option that a drafter needs beside `--target`, as a message; None if nothing is missing. Heads are named by
    `--draft`."""
    if method.draft_model and options.draft is None:
        return Message("cli.draft_missing")
    return Message("cli.datastore_unnamed") if method.datastore and asked.datastore is None else None
