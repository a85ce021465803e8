"""Which drafters, rules, shapes and tasks a pair of models supports, read from its files without torch.

The page greys out what is not supported and the command line refuses it before a model is loaded; the engine checks
again when a run starts. A choice that is not available has a reason of one sentence. Where the reason depends on
another choice, it stands in `against`, and changing that other choice makes this one available.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from specdec import methods
from specdec.catalog.hub import HUB_MODELS
from specdec.catalog.pairs import PLACE, TASKS, PairEntry, is_known, parameters, wrap
from specdec.errors import UserError
from specdec.messages import ENGLISH, Message, Words
from specdec.methods import DRAFTERS, PLAIN, RULES, DrafterMethod
from specdec.settings import AUTO, CHAIN, DYNAMIC, SHAPES, TREE, Settings

Sentence = Message | str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a setting as it is offered to the user.

    `name` and `what`: its name and its description in the list; `line`: the sentence shown below the field once it is
    chosen; `why`: the reason why this pair does not support it, None if it does; `against`: setting → value → the
    reason why the two cannot be combined; `lossy`: the output's distribution changes.
    """

    value: str
    name: Sentence
    what: Sentence
    line: Sentence
    why: Message | None = None
    against: dict[str, dict[str, Message]] = field(default_factory=dict)
    lossy: bool = False

    def rendered(self, words: Words = ENGLISH) -> dict[str, Any]:
        """Plain values, in the language of the reader."""
        return {one.name: _rendered(getattr(self, one.name), words) for one in fields(self)}


def _rendered(value: Any, words: Words) -> Any:
    if isinstance(value, dict):
        return {key: _rendered(one, words) for key, one in value.items()}
    return words.render(value) if isinstance(value, Message) else value


def drafters(entry: PairEntry) -> list[Choice]:
    """All drafters as choices for this pair, plain decoding last."""
    guessing = [method for method in DRAFTERS.values() if method.name != PLAIN]
    return [
        Choice(method.name, method.title, method.line, method.line, no_drafter(method.name, entry))
        for method in (*guessing, DRAFTERS[PLAIN])
    ]


def rules(entry: PairEntry) -> list[Choice]:
    return [
        Choice(
            rule,
            Message(f"settings.rule_{rule}"),
            Message(f"choices.rule_{rule}"),
            Message(f"settings.law_{rule}"),
            no_rule(rule, entry),
            {"shape": _those((shape, no_tree_rule(shape, rule)) for shape in SHAPES)},
            not RULES[rule].lossless,
        )
        for rule in RULES
    ]


def shapes(entry: PairEntry) -> list[Choice]:
    return [
        Choice(
            shape,
            Message(f"settings.shape_{shape}"),
            Message(f"choices.shape_{shape}"),
            "" if shape == CHAIN else Message(f"choices.shape_{shape}"),
            no_shape(shape, entry),
            {
                "drafter": _those((drafter, no_drafter_shape(shape, drafter)) for drafter in DRAFTERS),
                "rule": _those((rule, no_tree_rule(shape, rule)) for rule in RULES),
            },
        )
        for shape in SHAPES
    ]


def across(choices: Callable[[PairEntry], list[Choice]], entries: Sequence[PairEntry]) -> list[Choice]:
    """The choices of several pairs merged into one list, for a form in which the task decides which pair runs: what
    one pair does not support cannot be combined with that pair's tasks."""
    return [_for_tasks(entries, same) for same in zip(*map(choices, entries), strict=True)]


def _for_tasks(entries: Sequence[PairEntry], same: Sequence[Choice]) -> Choice:
    first, why = same[0], _by_task(entries, same)
    return replace(first, why=None, against=first.against | {"task": why}) if why else first


def _by_task(entries: Sequence[PairEntry], same: Sequence[Choice]) -> dict[str, Message]:
    """Why a choice is not available, by task; empty where all pairs support it or none does."""
    if all(one.why for one in same):
        return {}
    return {task: one.why for entry, one in zip(entries, same, strict=True) if one.why for task in entry.tasks}


def tasks(*entries: PairEntry) -> list[Choice]:
    """All tasks as choices; a task is available if one of the pairs was trained on it."""
    return [
        Choice(
            task,
            Message(f"settings.task_{task}"),
            Message(f"choices.task_{task}"),
            _sent_as(task),
            None if any(task in entry.tasks for entry in entries) else Message("choices.no_task"),
        )
        for task in TASKS
    ]


def _sent_as(task: str) -> Sentence:
    """What the target reads, beside what was typed.

    >>> str(_sent_as("correct"))
    'The target reads “With mistakes:”, your text, “Corrected:”.'
    """
    before, after = (part.strip() for part in TASKS[task].split(PLACE))
    if before:
        return Message("choices.sent_between", before=before, after=after)
    return Message("choices.sent_before", after=after) if after else ""


def drafts(*entries: PairEntry) -> list[Choice]:
    """The draft models of several pairs as choices, the best one first. Each name is listed once, and cannot be
    combined with the tasks of a pair that has no draft model of that name."""
    return [
        _draft(name, [entry for entry in entries if name in entry.drafts], entries)
        for name in dict.fromkeys(name for entry in entries for name in entry.drafts)
    ]


def _draft(name: str, having: Sequence[PairEntry], entries: Sequence[PairEntry]) -> Choice:
    folders = [entry.drafts[name] for entry in having]
    about = Message(f"choices.rung_{'public' if having[0].is_public else name.replace('-', '_')}")
    why = None if any(map(is_known, folders)) else Message("choices.no_draft")
    lacking = (task for entry in entries if entry not in having for task in entry.tasks)
    against = dict.fromkeys(lacking, Message("choices.no_such_draft"))
    return Choice(name, name, _sized(about, folders), about, why, {"task": against})


def _sized(about: Message, folders: list[str]) -> Message:
    sizes = [f"{size / 1e6:.1f}" for size in map(parameters, folders) if size]
    if not sizes:
        return about
    either: Message | str = sizes[0]
    for other in sizes[1:]:
        either = Message("choices.or", first=either, other=other)
    return Message("choices.draft_sized", about=about, size=either)


def _those(reasons: Iterable[tuple[str, Message | None]]) -> dict[str, Message]:
    return {value: why for value, why in reasons if why}


def no_drafter(name: str, entry: PairEntry) -> Message | None:
    """The reason why a pair does not support a drafter, None if it does."""
    method = DRAFTERS[name]
    if method.broken:
        return method.broken
    if no_encoder := _no_encoder_drafter(method, entry):
        return no_encoder
    if method.one_of and all(no_drafter(one, entry) for one in method.one_of):
        return Message("choices.no_guesser")
    if method.draft_model and entry.draft is None:
        return Message("errors.draft_missing")
    if method.datastore and not entry.datastore:
        return Message("choices.no_datastore")
    if method.heads and not entry.heads.get(method.heads.name):
        return Message("choices.no_heads", name=method.title)
    return Message("choices.no_exit") if (layers(entry) or method.layers) < method.layers else None


def _no_encoder_drafter(method: DrafterMethod, entry: PairEntry) -> Message | None:
    unsuited = not method.encoder_decoders and is_encoder_decoder(entry)
    return Message("choices.no_encoder_drafter") if unsuited else None


def refusal(name: str, entry: PairEntry) -> Message | None:
    """The reason why a pair does not support a drafter, for the command line: where an option would supply what is
    missing, the sentence names that option. None if the drafter is supported."""
    method, target = DRAFTERS[name], Path(entry.target).name
    return _no_encoder_drafter(method, entry) or lacking(method, entry, target) or no_drafter(name, entry)


class HasParts(Protocol):
    """A pair, from the catalog or loaded, with its draft model, its datastore and its heads by kind; each may be
    missing."""

    @property
    def draft(self) -> Any: ...

    @property
    def datastore(self) -> str | None: ...

    @property
    def heads(self) -> Mapping[str, Any]: ...


def lacking(method: DrafterMethod, pair: HasParts, target: str, datastore: str | None = None) -> Message | None:
    """The part that a drafter needs and a pair lacks (draft model, datastore or heads), as a message; None if nothing
    is missing. `datastore`: the one named for the run, if any."""
    if method.one_of and all(lacking(DRAFTERS[one], pair, target) for one in method.one_of):
        return Message("choices.no_guesser")
    if method.draft_model and pair.draft is None:
        return Message("errors.draft_missing")
    if method.datastore and not (datastore or pair.datastore):
        return Message("errors.datastore_missing")
    if method.heads and not pair.heads.get(method.heads.name):
        return Message("errors.heads_missing", drafter=method.title, target=target)
    return None


def no_rule(rule: str | None, entry: PairEntry) -> Message | None:
    unsuited = not RULES[rule].encoder_decoders and is_encoder_decoder(entry)
    return Message("choices.no_encoder_rule") if unsuited else None


def no_shape(shape: str, entry: PairEntry) -> Message | None:
    return Message("choices.no_encoder_tree") if shape in (TREE, DYNAMIC) and is_encoder_decoder(entry) else None


def no_tree_rule(shape: str, rule: str) -> Message | None:
    """The reason why a draft's shape and a rule cannot be combined, None if they can.

    >>> str(no_tree_rule("tree", "block"))
    'Block verification judges a chain of guesses, not a tree.'
    """
    return Message(f"choices.no_tree_{rule}") if shape in (TREE, DYNAMIC) and RULES[rule].chain_only else None


def no_drafter_shape(shape: str, drafter: str) -> Message | None:
    """The reason why a draft's shape and a drafter cannot be combined, None if they can."""
    method = DRAFTERS[drafter]
    if shape == DYNAMIC and not method.probabilities and drafter != PLAIN:
        return Message("choices.no_dynamic")
    return Message("choices.no_tree") if shape in (TREE, DYNAMIC) and not method.trees else None


def check_shape(method: DrafterMethod, settings: Settings) -> None:
    """Raise UserError if the settings ask for a draft's shape that this drafter cannot produce."""
    if settings.branching == DYNAMIC and not method.probabilities and method.name != PLAIN:
        sure = ", ".join(methods.names(DRAFTERS, lambda other: other.probabilities))
        raise UserError("errors.dynamic_unsure", drafter=method.name, choices=sure)
    if settings.branching is not None and not method.trees:
        raise UserError("errors.tree_unsuited", drafter=method.name)


def check_encoder(method: DrafterMethod, settings: Settings, target: str) -> None:
    """Raise UserError if an encoder–decoder cannot run with this drafter and these settings; `target` is its name, for
    the message."""
    if not method.encoder_decoders:
        drafters = ", ".join(methods.names(DRAFTERS, lambda other: other.encoder_decoders))
        raise UserError("errors.encoder_drafter", target=target, drafter=method.name, choices=drafters)
    if not RULES[settings.rule].encoder_decoders:
        rules = ", ".join(methods.names(RULES, lambda other: other.encoder_decoders))
        raise UserError("errors.encoder_rule", target=target, rule=settings.rule, choices=rules)
    if settings.branching is not None:
        raise UserError("errors.encoder_tree", target=target)


def text(name: str, value: Any) -> str:
    """The value of a text field, "" where it is empty. Raises UserError for a value that is not text."""
    if value is not None and not isinstance(value, str):
        raise UserError("errors.not_text", name=name)
    return value or ""


def wrapped(task: str | None, text: str, known: Collection[str] = tuple(TASKS)) -> str:
    """The prompt that the target reads for a typed text: wrapped in the template of `task`, or as it is without one.
    Raises UserError for an empty text and for a task that is not in `known`."""
    if not text.strip():
        raise UserError("errors.prompt_empty")
    if task is None:
        return text
    check_task(task, known)
    return wrap(task, text)


def check_task(task: str, known: Collection[str] = tuple(TASKS)) -> None:
    """Raise UserError for a task that is not in `known`; the message lists the known ones."""
    if task not in known:
        raise UserError("errors.task_unknown", value=task, choices=", ".join(known))


def check_counterpart(drafters: Collection[str], settings: Settings) -> None:
    """Raise UserError for drafters or settings that have no counterpart in transformers' `generate`."""
    if others := [name for name in drafters if not methods.drafter(name).transformers]:
        known = ", ".join(methods.names(DRAFTERS, lambda method: method.transformers))
        raise UserError("errors.hf_drafter", value=others[0], choices=known)
    if not RULES[settings.rule].transformers:
        raise UserError("errors.hf_rule", rule=settings.rule)
    if settings.branching is not None:
        raise UserError("errors.hf_branching")
    if settings.draft_length in (AUTO, 0):
        raise UserError("errors.hf_length", value=settings.draft_length)
    if settings.stop:
        raise UserError("errors.hf_stop")


def is_encoder_decoder(entry: PairEntry) -> bool:
    return bool(_config(entry.target).get("is_encoder_decoder"))


def layers(entry: PairEntry) -> int | None:
    """The target's number of layers; None where its config does not give it."""
    config = _config(entry.target)
    return config.get("num_hidden_layers") or config.get("n_layer")


def exit_layer(entry: PairEntry) -> int:
    """The default exit layer of early-exit drafting: a quarter of the target's layers."""
    return max(1, (layers(entry) or 4) // 4)


@cache
def _config(folder: str) -> dict:
    if folder in HUB_MODELS:
        return HUB_MODELS[folder].config
    try:
        return json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # a hub id that is not in the catalog, or not on disk: loading reports what is wrong
