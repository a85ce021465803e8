"""What a pair can run, told from its files and without torch: the page greys out the rest, the command line refuses it
before anything is loaded. The engine has the last word when a run starts.

A choice that cannot be made has a reason, one sentence; where a reason follows from another choice (`against`), the
other choice is what could be changed.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from specdec.catalog.hub import HUB_MODELS
from specdec.catalog.pairs import PLACE, TASKS, PairEntry, is_known, parameters, wrap
from specdec.errors import UserError
from specdec.messages import say
from specdec.settings import (
    AUTO,
    CHAIN_RULES,
    DRAFTERS,
    DYNAMIC,
    ENCODER_DRAFTERS,
    ENCODER_RULES,
    HF_DRAFTERS,
    HF_RULES,
    LOSSY_RULES,
    MAX_CHILDREN,
    RULES,
    SURE_DRAFTERS,
    Settings,
)

CHAIN, TREE = "chain", "tree"
SHAPES = (CHAIN, TREE, DYNAMIC, AUTO)
MOST_DIGITS = 4  # of a typed number: int() fails at thousands of them


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a setting: its name, what it is, the line that stands below it once it is chosen, and why this pair
    cannot have it, or None.

    `against`: setting → value → the reason why the two do not go together.
    """

    value: str
    name: str
    what: str
    line: str
    why: str | None = None
    against: dict[str, dict[str, str]] = field(default_factory=dict)
    lossy: bool = False


def drafters(entry: PairEntry) -> list[Choice]:
    return [
        Choice(name, say(f"settings.drafter_{name}"), what, what, no_drafter(name, entry))
        for name in (*DRAFTERS[1:], DRAFTERS[0])  # plain decoding last: it is the choice not to guess
        for what in [say(f"choices.drafter_{name}")]
    ]


def rules(entry: PairEntry) -> list[Choice]:
    return [
        Choice(
            rule,
            say(f"settings.rule_{rule}"),
            say(f"choices.rule_{rule}"),
            say(f"settings.law_{rule}"),
            no_rule(rule, entry),
            {"shape": _those((shape, no_tree_rule(shape, rule)) for shape in SHAPES)},
            rule in LOSSY_RULES,
        )
        for rule in RULES
    ]


def shapes(entry: PairEntry) -> list[Choice]:
    return [
        Choice(
            shape,
            say(f"settings.shape_{shape}"),
            say(f"choices.shape_{shape}"),
            "" if shape == CHAIN else say(f"choices.shape_{shape}"),
            no_shape(shape, entry),
            {
                "drafter": _those((drafter, no_drafter_shape(shape, drafter)) for drafter in DRAFTERS),
                "rule": _those((rule, no_tree_rule(shape, rule)) for rule in RULES),
            },
        )
        for shape in SHAPES
    ]


def across(choices: Callable[[PairEntry], list[Choice]], entries: Sequence[PairEntry]) -> list[Choice]:
    """The choices of several pairs in one list, where the task says which pair runs: what one of them cannot have does
    not go together with its tasks."""
    return [
        replace(first, why=None, against=first.against | {"task": why}) if (why := _by_task(entries, same)) else first
        for same in zip(*map(choices, entries), strict=True)
        for first in [same[0]]
    ]


def _by_task(entries: Sequence[PairEntry], same: Sequence[Choice]) -> dict[str, str]:
    """Why a choice cannot be made, by task; nothing where all pairs can make it or none can."""
    if all(one.why for one in same):
        return {}
    return {task: one.why for entry, one in zip(entries, same, strict=True) if one.why for task in entry.tasks}


def tasks(*entries: PairEntry) -> list[Choice]:
    """Each can be had if one of the pairs has learned it."""
    return [
        Choice(
            task,
            say(f"settings.task_{task}"),
            say(f"choices.task_{task}"),
            _sent_as(task),
            None if any(task in entry.tasks for entry in entries) else say("choices.no_task"),
        )
        for task in TASKS
    ]


def _sent_as(task: str) -> str:
    """What the target reads, beside what was typed.

    >>> _sent_as("correct")
    'The target reads “With mistakes:”, your text, “Corrected:”.'
    """
    before, after = (part.strip() for part in TASKS[task].split(PLACE))
    if before:
        return say("choices.sent_between", before=before, after=after)
    return say("choices.sent_before", after=after) if after else ""


def drafts(*entries: PairEntry) -> list[Choice]:
    """The draft models of pairs by name, the best one first. A name stands once, and does not go together with the
    tasks of a pair that has no such draft."""
    return [
        _draft(name, [entry for entry in entries if name in entry.drafts], entries)
        for name in dict.fromkeys(name for entry in entries for name in entry.drafts)
    ]


def _draft(name: str, having: Sequence[PairEntry], entries: Sequence[PairEntry]) -> Choice:
    folders = [entry.drafts[name] for entry in having]
    about = say(f"choices.rung_{'public' if having[0].is_public else name.replace('-', '_')}")
    why = None if any(map(is_known, folders)) else say("choices.no_draft")
    lacking = (task for entry in entries if entry not in having for task in entry.tasks)
    against = dict.fromkeys(lacking, say("choices.no_such_draft"))
    return Choice(name, name, _sized(about, folders), about, why, {"task": against})


def _sized(about: str, folders: list[str]) -> str:
    sizes = say("choices.or").join(f"{size / 1e6:.1f}" for size in map(parameters, folders) if size)
    return say("choices.draft_sized", about=about, size=sizes) if sizes else about


def _those(reasons) -> dict[str, str]:
    return {value: why for value, why in reasons if why}


def no_drafter(drafter: str, entry: PairEntry) -> str | None:
    """Why this pair cannot be run with a drafter, None if it can."""
    if drafter not in ENCODER_DRAFTERS and is_encoder_decoder(entry):
        return say("choices.no_encoder_drafter")
    if drafter == "model" and entry.draft is None:
        return say("errors.draft_missing")
    if drafter == "retrieval" and not entry.datastore:
        return say("choices.no_datastore")
    if drafter in ("medusa", "eagle") and not getattr(entry, drafter):
        return say("choices.no_heads", name=say(f"settings.drafter_{drafter}"))
    return say("choices.no_exit") if drafter == "early_exit" and layers(entry) == 1 else None


def no_rule(rule: str, entry: PairEntry) -> str | None:
    return say("choices.no_encoder_rule") if rule not in ENCODER_RULES and is_encoder_decoder(entry) else None


def no_shape(shape: str, entry: PairEntry) -> str | None:
    return say("choices.no_encoder_tree") if shape in (TREE, DYNAMIC) and is_encoder_decoder(entry) else None


def no_tree_rule(shape: str, rule: str) -> str | None:
    """Why a shape and a rule do not go together, None if they do.

    >>> no_tree_rule("tree", "block")
    'Block verification judges a chain of guesses, not a tree.'
    """
    return say(f"choices.no_tree_{rule}") if shape in (TREE, DYNAMIC) and rule in CHAIN_RULES else None


def no_drafter_shape(shape: str, drafter: str) -> str | None:
    return say("choices.no_dynamic") if shape == DYNAMIC and drafter not in (*SURE_DRAFTERS, "none") else None


def text(name: str, value: Any) -> str:
    """What a field holds that takes text, "" where it is empty. Raises UserError for a value of another type."""
    if value is not None and not isinstance(value, str):
        raise UserError("errors.not_text", name=name)
    return value or ""


def wrapped(task: str | None, text: str, known: Collection[str] = tuple(TASKS)) -> str:
    """What the target is sent when a text is typed under a task, or under none. Raises UserError for an empty text and
    for a task that is not among the known ones."""
    if not text.strip():
        raise UserError("errors.prompt_empty")
    if task is None:
        return text
    check_task(task, known)
    return wrap(task, text)


def check_task(task: str, known: Collection[str] = tuple(TASKS)) -> None:
    """Raises UserError for a task that is not known; the sentence names those that are."""
    if task not in known:
        raise UserError("errors.task_unknown", value=task, choices=", ".join(known))


def check_counterpart(drafters: Collection[str], settings: Settings) -> None:
    """Raises UserError for what transformers cannot be asked to do alike."""
    if others := [name for name in drafters if name not in HF_DRAFTERS]:
        raise UserError("errors.hf_drafter", value=others[0])
    if settings.rule not in HF_RULES:
        raise UserError("errors.hf_rule", rule=settings.rule)
    if settings.branching is not None:
        raise UserError("errors.hf_branching")
    if settings.draft_length in (AUTO, 0):
        raise UserError("errors.hf_length", value=settings.draft_length)
    if settings.stop:
        raise UserError("errors.hf_stop")


def branching(text: str) -> tuple[int, ...]:
    """Children per depth, as they are typed. Raises UserError.

    >>> branching("3, 2,1")
    (3, 2, 1)
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS for part in parts):
        raise UserError("errors.branching", high=MAX_CHILDREN, value=text)
    return tuple(map(int, parts))


def shape_of(settings: dict[str, Any]) -> str:
    """Which shape settings ask for, as a trace's header holds them.

    >>> shape_of({"branching": [3, 2]}), shape_of({"draft_length": 4})
    ('tree', 'chain')
    """
    asked = settings.get("branching")
    if asked:
        return DYNAMIC if asked == DYNAMIC else TREE
    return AUTO if settings.get("draft_length") == AUTO else CHAIN


def is_encoder_decoder(entry: PairEntry) -> bool:
    return bool(_config(entry.target).get("is_encoder_decoder"))


def layers(entry: PairEntry) -> int | None:
    """How many layers the target has; None where its files do not say."""
    config = _config(entry.target)
    return config.get("num_hidden_layers") or config.get("n_layer")


def exit_layer(entry: PairEntry) -> int:
    """After how many layers a draft leaves the target when nothing else is asked for: a quarter of them."""
    return max(1, (layers(entry) or 4) // 4)


@cache
def _config(folder: str) -> dict:
    if folder in HUB_MODELS:
        return HUB_MODELS[folder].config
    try:
        return json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # another hub id, or not on disk: then the run says what is wrong
