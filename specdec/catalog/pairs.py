"""The pairs that can be named, those that ship with the project and public ones, and the tasks that prompts are
wrapped in. Torch-free."""

import json
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from specdec.catalog.hub import HUB_MODELS, HUB_PAIRS, HubPair
from specdec.methods import DRAFTERS, DrafterMethod
from specdec.paths import MODELS

# What a prompt is wrapped in. The embedded models were trained on these words, so they stand here and nowhere else.
TASKS = {
    "story": "{text}",
    "correct": "With mistakes:\n{text}\n\nCorrected:\n",
    "split": "Long sentences:\n{text}\n\nShort sentences:\n",
    "simplify": "Hard words:\n{text}\n\nEasy words:\n",
    "format": "{text}\n\nConverted:\n",
    "quote": "{text}\n\nThe sentence that answers:\n",
    "translate": "{text}",
}
PLACE = "{text}"
OPEN_TASKS = (
    "story",
)  # every continuation is as good as another; the others have a right answer, so they are not sampled
PLAIN_TASKS = tuple(task for task, template in TASKS.items() if template == PLACE)  # any model may know these


def wrap(task: str, text: str) -> str:
    """What a model is sent. A template stands close around the text, as it did in training; without one the text is
    sent as it is.

    >>> wrap("format", "Turn this CSV into YAML: ...\\n")
    'Turn this CSV into YAML: ...\\n\\nConverted:\\n'
    """
    template = TASKS[task]
    return text if template == PLACE else template.replace(PLACE, text.strip())


def unwrap(prompt: str, tasks: Iterable[str]) -> tuple[str, str]:
    """Which task a prompt was wrapped in, and the text in it: the first without a template where no other fits.
    A trace keeps the prompt as it was sent, so this is how its task is known.

    >>> unwrap("With mistakes:\\nHe goed.\\n\\nCorrected:\\n", ("story", "correct"))
    ('correct', 'He goed.')
    """
    tasks = tuple(tasks)
    for task in tasks:
        before, after = TASKS[task].split(PLACE)
        text = prompt.removeprefix(before).removesuffix(after)
        if before + after and wrap(task, text) == prompt:
            return task, text
    return next((task for task in tasks if TASKS[task] == PLACE), tasks[0]), prompt


@dataclass(frozen=True, slots=True)
class PairEntry:
    """Folders or hub ids of a target and its best draft, and the draft length that suits them (measured, if they
    ship); heads by their kind that were trained on the target, and a datastore in its tokens, where there are any.

    `tasks`: the templates that the target knows, its usual one first. `drafts`: draft models to choose from by name,
    the best one first; it is `draft`. `drafter`: what the pair is for, where that is neither a draft model nor heads.
    `suited`: tasks that another drafter suits better, and its draft length (measured, if they ship).
    """

    name: str
    target: str
    draft: str | None
    draft_length: int
    heads: dict[str, str] = field(default_factory=dict)
    datastore: str | None = None
    tasks: tuple[str, ...] = ("story",)
    drafts: dict[str, str] = field(default_factory=dict)
    drafter: str | None = None
    suited: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        usual = {} if self.draft is None else {"draft": self.draft}
        object.__setattr__(self, "drafts", dict(self.drafts) or usual)
        if next(iter(self.drafts.values()), None) != self.draft:
            raise ValueError(f"the first of the drafts of {self.name} is not its draft")

    def usual(self, task: str) -> tuple[str, int]:
        """The drafter and the draft length that a task is run with when nothing else is asked for."""
        return self.suited.get(task, (best(self), self.draft_length))

    @property
    def on_disk(self) -> bool:
        return is_model(self.target) and (self.draft is None or is_model(self.draft))

    @property
    def is_public(self) -> bool:
        """Whether it is fetched from the hub."""
        return self.target in HUB_MODELS

    @property
    def sources(self) -> tuple[str, ...]:
        """All that is loaded for it."""
        return tuple(filter(None, (self.target, self.draft, *self.heads.values())))


class HasDrafters(Protocol):
    """A pair in the catalog, or one that is loaded: its draft model, heads and preferred drafter, or None each."""

    @property
    def draft(self) -> Any: ...

    @property
    def heads(self) -> Mapping[str, Any]: ...

    @property
    def drafter(self) -> str | None: ...


def best(pair: HasDrafters) -> str:
    """The drafter a pair is run with when none is asked for and no task has one of its own."""
    served = [method for method in DRAFTERS.values() if method.preference is not None and _serves(pair, method)]
    return pair.drafter or max(served, key=lambda method: method.preference).name


def _serves(pair: HasDrafters, method: DrafterMethod) -> bool:
    has_heads = method.heads is None or bool(pair.heads.get(method.heads.name))
    return has_heads and (pair.draft is not None or not method.draft_model)


def is_model(folder: str) -> bool:
    """Whether a model lies there."""
    return (Path(folder) / "config.json").is_file()


def is_known(source: str) -> bool:
    """Whether a model lies there, or is a public one."""
    return source in HUB_MODELS or is_model(source)


def parameters(folder: str) -> int | None:
    """Of a public model, by its hub id; else the numbers that the weight files of a folder name in their heads. None
    where there are none."""
    if folder in HUB_MODELS:
        return HUB_MODELS[folder].parameters
    shapes = [shape for file in Path(folder).glob("*.safetensors") for shape in _shapes(file)]
    return sum(map(math.prod, shapes)) or None


def _shapes(file: Path) -> list[list[int]]:
    """Shapes of the tensors in a safetensors file: eight bytes of length, then a JSON object, then the data.

    None of them for a file that is no such thing, as a Git LFS pointer.
    """
    with file.open("rb") as data:
        try:
            (length,) = struct.unpack("<Q", data.read(8))
            head = json.loads(data.read(min(length, file.stat().st_size)))
        except (ValueError, struct.error):
            return []
    return [tensor["shape"] for name, tensor in head.items() if name != "__metadata__"]


def _embedded(
    family: str,
    target: str,
    drafts: dict[str, str],
    draft_length: int,
    tasks: tuple[str, ...],
    suited: dict[str, tuple[str, int]],
    heads: dict[str, str],
    datastore: str | None,
) -> PairEntry:
    """A pair in this repository. `drafts`: name → folder, the best one first; `heads`: kind → folder."""
    folder = MODELS / family
    ladder = {name: str(folder / place) for name, place in drafts.items()}
    draft = next(iter(ladder.values()))
    return PairEntry(
        family,
        str(folder / target),
        draft,
        draft_length,
        heads={kind: str(folder / place) for kind, place in heads.items()},
        datastore=datastore and str(folder / datastore),
        tasks=tasks,
        drafts=ladder,
        suited=suited,
    )


def _public(pair: HubPair) -> PairEntry:
    """It has not learned our words for tasks, and which draft length suits it is not known, as for any target."""
    own = {"heads": pair.heads, "drafter": pair.drafter}
    return PairEntry(pair.name, pair.target, pair.draft, DEFAULT_DRAFT_LENGTH, tasks=PLAIN_TASKS, **own)


DEFAULT_DRAFT_LENGTH = 4  # where none was measured
PAIRS = {
    "stories": _embedded(
        "stories",
        "Llama-Stories-10M",
        {
            "draft-kd": "Llama-Stories-2M-draft-kd",
            "draft-large": "Llama-Stories-3M-draft-large",
            "draft": "Llama-Stories-2M-draft",
            "draft-tiny": "Llama-Stories-1M-draft-tiny",
        },
        draft_length=4,
        tasks=("story", "correct", "split"),
        suited={"correct": ("lookup", 8), "split": ("lookup", 8)},
        heads={"medusa": "Llama-Stories-medusa", "eagle": "Llama-Stories-eagle"},
        datastore="own-stories.datastore",
    ),
    "translate": _embedded(
        "translate",
        "T5-Translate-10M",
        {"draft-kd": "T5-Translate-3M-draft-kd", "draft": "T5-Translate-3M-draft"},
        draft_length=4,
        tasks=("translate",),
        suited={},
        heads={},
        datastore=None,
    ),
    **{name: _public(pair) for name, pair in HUB_PAIRS.items()},
}
EMBEDDED = ("stories", "translate")  # the families in this repository
DEFAULT_PAIR = EMBEDDED[0]


def knowing(task: str | None) -> PairEntry:
    """The embedded pair that has learned a task; where none has, the default one."""
    return next((PAIRS[name] for name in EMBEDDED if task in PAIRS[name].tasks), PAIRS[DEFAULT_PAIR])
