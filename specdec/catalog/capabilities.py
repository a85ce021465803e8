"""What a pair can run, told from its files and without torch: the page greys out the rest, the command line refuses it
before anything is loaded. The engine has the last word when a run starts.

A choice that cannot be made has a reason, one sentence; where a reason follows from another choice (`against`), the
other choice is what could be changed.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, reduce
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
    """One value of a setting: its name, what it is, the line that stands below it once it is chosen, and why this pair
    cannot have it, or None.

    `against`: setting → value → the reason why the two do not go together.
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
    """Plain decoding stands last: it is the choice not to guess."""
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
    """The choices of several pairs in one list, where the task says which pair runs: what one of them cannot have does
    not go together with its tasks."""
    return [_for_tasks(entries, same) for same in zip(*map(choices, entries), strict=True)]


def _for_tasks(entries: Sequence[PairEntry], same: Sequence[Choice]) -> Choice:
    first, why = same[0], _by_task(entries, same)
    return replace(first, why=None, against=first.against | {"task": why}) if why else first


def _by_task(entries: Sequence[PairEntry], same: Sequence[Choice]) -> dict[str, Message]:
    """Why a choice cannot be made, by task; nothing where all pairs can make it or none can."""
    if all(one.why for one in same):
        return {}
    return {task: one.why for entry, one in zip(entries, same, strict=True) if one.why for task in entry.tasks}


def tasks(*entries: PairEntry) -> list[Choice]:
    """Each can be had if one of the pairs has learned it."""
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
    """The draft models of pairs by name, the best one first. A name stands once, and does not go together with the
    tasks of a pair that has no such draft."""
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
    either = reduce(lambda first, other: Message("choices.or", first=first, other=other), sizes) if sizes else None
    return Message("choices.draft_sized", about=about, size=either) if either else about


def _those(reasons: Iterable[tuple[str, Message | None]]) -> dict[str, Message]:
    return {value: why for value, why in reasons if why}


def no_drafter(name: str, entry: PairEntry) -> Message | None:
    """Why this pair cannot be run with a drafter, None if it can."""
    method = DRAFTERS[name]
    if method.broken:
        return method.broken
    if no_encoder := _no_encoder_drafter(method, entry):
        return no_encoder
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
    """The same for the command line: where an option would help, the sentence that names it."""
    method, target = DRAFTERS[name], Path(entry.target).name
    return _no_encoder_drafter(method, entry) or lacking(method, entry, target) or no_drafter(name, entry)


class HasParts(Protocol):
    """A pair in the catalog, or one that is loaded: its draft model, datastore and heads by kind, as far as there are
    any."""

    draft: Any
    datastore: str | None
    heads: Mapping[str, Any]


def lacking(method: DrafterMethod, pair: HasParts, target: str, datastore: str | None = None) -> Message | None:
    """What a pair has to be given for a drafter; `datastore`: one that is named for the run."""
    if method.draft_model and pair.draft is None:
        return Message("errors.draft_missing")
    if method.datastore and not (datastore or pair.datastore):
        return Message("errors.datastore_missing")
    if method.heads and not pair.heads.get(method.heads.name):
        return Message("errors.heads_missing", drafter=method.title, target=target)
    return None


def no_rule(rule: str, entry: PairEntry) -> Message | None:
    unsuited = not RULES[rule].encoder_decoders and is_encoder_decoder(entry)
    return Message("choices.no_encoder_rule") if unsuited else None


def no_shape(shape: str, entry: PairEntry) -> Message | None:
    return Message("choices.no_encoder_tree") if shape in (TREE, DYNAMIC) and is_encoder_decoder(entry) else None


def no_tree_rule(shape: str, rule: str) -> Message | None:
    """Why a shape and a rule do not go together, None if they do.

    >>> str(no_tree_rule("tree", "block"))
    'Block verification judges a chain of guesses, not a tree.'
    """
    return Message(f"choices.no_tree_{rule}") if shape in (TREE, DYNAMIC) and RULES[rule].chain_only else None


def no_drafter_shape(shape: str, drafter: str) -> Message | None:
    """Why a shape and a drafter do not go together, None if they do."""
    method = DRAFTERS[drafter]
    if shape == DYNAMIC and not method.probabilities and drafter != PLAIN:
        return Message("choices.no_dynamic")
    return Message("choices.no_tree") if shape in (TREE, DYNAMIC) and not method.trees else None


def check_shape(method: DrafterMethod, settings: Settings) -> None:
    """Raises UserError for a draft that this drafter cannot guess."""
    if settings.branching == DYNAMIC and not method.probabilities and method.name != PLAIN:
        sure = ", ".join(methods.names(DRAFTERS, lambda other: other.probabilities))
        raise UserError("errors.dynamic_unsure", drafter=method.name, choices=sure)
    if settings.branching is not None and not method.trees:
        raise UserError("errors.tree_unsuited", drafter=method.name)


def check_encoder(method: DrafterMethod, settings: Settings, target: str) -> None:
    """Raises UserError for what an encoder–decoder, called so, cannot do."""
    if not method.encoder_decoders:
        drafters = ", ".join(methods.names(DRAFTERS, lambda other: other.encoder_decoders))
        raise UserError("errors.encoder_drafter", target=target, drafter=method.name, choices=drafters)
    if not RULES[settings.rule].encoder_decoders:
        rules = ", ".join(methods.names(RULES, lambda other: other.encoder_decoders))
        raise UserError("errors.encoder_rule", target=target, rule=settings.rule, choices=rules)
    if settings.branching is not None:
        raise UserError("errors.encoder_tree", target=target)


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
