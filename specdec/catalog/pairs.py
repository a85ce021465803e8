"""The pairs of models that can be run by name, both those in this repository and public ones, and the prompt templates
of the tasks. Torch-free."""

import json
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

from specdec.catalog.hub import HUB_MODELS, HUB_PAIRS, HubPair
from specdec.methods import DRAFTERS, DrafterMethod
from specdec.paths import MODELS

# Prompt templates. The embedded models were trained on exactly these words, so this is their only definition.
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
)  # tasks with open ends, which are sampled; the others have a right answer and are decoded greedily
PLAIN_TASKS = tuple(task for task, template in TASKS.items() if template == PLACE)  # without template: for any model


def wrap(task: str, text: str) -> str:
    """The prompt for a text under a task: the task's template around the stripped text, as in training; the text as it
    is where the task has no template.

    >>> wrap("format", "Turn this CSV into YAML: ...\\n")
    'Turn this CSV into YAML: ...\\n\\nConverted:\\n'
    """
    template = TASKS[task]
    return text if template == PLACE else template.replace(PLACE, text.strip())


def unwrap(prompt: str, tasks: Iterable[str]) -> tuple[str, str]:
    """The task whose template a prompt was wrapped in, and the text inside it; the inverse of `wrap`.

    A prompt that fits no template belongs to the first task without one. A trace stores the prompt as the model read
    it, so its task is found this way.

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
    """A pair of models in the catalog.

    `target`, `draft`: folders or hub ids of the target and its best draft model. `draft_length`: the best one,
    measured for embedded pairs. `heads`: draft heads that were trained on the target, by kind. `datastore`: file of
    the retrieval drafter. `tasks`: the tasks that the target was trained on, its default first. `drafts`: the draft
    models by name, the best one, equal to `draft`, first. `drafter`: the drafter that the pair is meant for, where it
    has neither a draft model nor heads. `suited`: task → (drafter, draft length) where another drafter than the pair's
    best is faster, measured for embedded pairs.
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
        """The default drafter and draft length of a task."""
        return self.suited.get(task, (best(self), self.draft_length))

    @property
    def on_disk(self) -> bool:
        return is_model(self.target) and (self.draft is None or is_model(self.draft))

    @property
    def is_public(self) -> bool:
        """Whether the pair is downloaded from the Hugging Face hub."""
        return self.target in HUB_MODELS

    @property
    def sources(self) -> tuple[str, ...]:
        """Folders or hub ids of everything that the pair loads: target, draft model and heads."""
        return tuple(filter(None, (self.target, self.draft, *self.heads.values())))


class HasDrafters(Protocol):
    """A pair, from the catalog or loaded, with its draft model, its heads by kind and its preferred drafter; each may
    be missing."""

    @property
    def draft(self) -> Any: ...

    @property
    def heads(self) -> Mapping[str, Any]: ...

    @property
    def drafter(self) -> str | None: ...


def best(pair: HasDrafters) -> str:
    """The default drafter of a pair: its preferred one, else the one with the highest preference among those that it
    has the parts for."""
    served = [
        (method.preference, method.name)
        for method in DRAFTERS.values()
        if method.preference is not None and _serves(pair, method)
    ]
    return pair.drafter or max(served, key=itemgetter(0))[1]


def _serves(pair: HasDrafters, method: DrafterMethod) -> bool:
    has_heads = method.heads is None or bool(pair.heads.get(method.heads.name))
    return has_heads and (pair.draft is not None or not method.draft_model)


def is_model(folder: str) -> bool:
    """Whether a folder holds a model, that is, a config.json."""
    return (Path(folder) / "config.json").is_file()


def is_known(source: str) -> bool:
    """Whether `source` is a folder with a model or the hub id of a public model in the catalog."""
    return source in HUB_MODELS or is_model(source)


def parameters(folder: str) -> int | None:
    """The parameter count of a model: of a public one from the catalog, by hub id, otherwise the sum over the headers
    of the folder's safetensors files. None where there are no such files."""
    if folder in HUB_MODELS:
        return HUB_MODELS[folder].parameters
    shapes = [shape for file in Path(folder).glob("*.safetensors") for shape in _shapes(file)]
    return sum(map(math.prod, shapes)) or None


def _shapes(file: Path) -> list[list[int]]:
    """Shapes of the tensors in a safetensors file, from its header (eight bytes of length, then a JSON object).

    Empty for a file in another format, such as a Git LFS pointer.
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
    """The catalog entry of a pair in this repository. `drafts`: name → folder, the best one first; `heads`: kind →
    folder; folders are relative to the family's."""
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
    """The catalog entry of a public pair: it was not trained on our task templates, so it has only the tasks without
    one, and its draft length is the default."""
    return PairEntry(
        pair.name,
        pair.target,
        pair.draft,
        DEFAULT_DRAFT_LENGTH,
        tasks=PLAIN_TASKS,
        heads=pair.heads,
        drafter=pair.drafter,
    )


DEFAULT_DRAFT_LENGTH = 4  # for pairs that were not measured
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
    """The embedded pair that was trained on a task; the default pair where none was."""
    return next((PAIRS[name] for name in EMBEDDED if task in PAIRS[name].tasks), PAIRS[DEFAULT_PAIR])
