"""The model card of a family. All of its figures are measured when it is written.

The template (recipes/NAME.md) contains placeholders such as `${losses}`; each is measured and formatted by the method
of that name, only if the template has it. This module has the parts that all families share, `story_card` and
`translation_card` the others.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from string import Template

import torch

from specdec import files
from specdec.accelerate.accelerated import accelerated
from specdec.device.machine import name_of
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.lab.bench import check
from specdec.models.loading import load
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Totals, Trace, count, gather
from specdec.train.publish import publish
from specdec.train.workspace import Kitchen

NEW_TOKENS, SHORT = 96, 16  # SHORT where the recipe's steps are shortened


@dataclass(frozen=True, kw_only=True)
class CardOptions:
    """The options of a card step: the steps whose models are measured, and the number of prompts."""

    target: str
    drafts: tuple[str, ...]
    heads: tuple[str, ...] = ()
    prompts: int = 20
    mixture: str = "main"


class Card(ABC):
    """The measurements of a card, each made when a block first needs it. `bare` is the template for models trained on
    a user's own texts; it contains only measurements."""

    bare: str
    draft_length: int
    copying: tuple[str, ...]  # drafters without a draft model, for comparison

    def __init__(self, kitchen: Kitchen, name: str, options: CardOptions) -> None:
        self.kitchen, self.name, self.target, self.mixture = kitchen, name, options.target, options.mixture
        if not self.has_held_out():
            raise UserError("train.card_few")
        self.drafts, self.heads = list(options.drafts), list(options.heads)
        self.count = kitchen.scaled(options.prompts)
        self.new_tokens = NEW_TOKENS if kitchen.pace is None else SHORT

    @abstractmethod
    def has_held_out(self) -> bool:
        """Whether there are texts that no model was trained on."""

    @property
    @abstractmethod
    def prompts(self) -> list[str]:
        """The prompts that the drafters are measured on."""

    @cached_property
    def pair(self) -> Pair:
        """The pair as a user loads it, from the exported folders, with every kind of heads."""
        folders = {name: self._published(name) for name in (self.target, self.drafts[0], *self.heads)}
        pair = load(target=folders[self.target], draft=folders[self.drafts[0]], device="cpu")
        for name in self.heads:
            with_heads = load(target=folders[self.target], draft=folders[name], device="cpu")
            pair = replace(pair, heads={**pair.heads, **with_heads.heads})
        return pair

    def _published(self, step: str) -> str:
        folder = self.kitchen.folder(self.name) / "models" / self.kitchen.recipe.exports.get(step, step)
        publish(self.kitchen, step, folder)
        return str(folder)

    def stages(self, step: str) -> list[str]:
        """The names of a step and of the steps whose weights it started from, the earliest first."""
        start = self.kitchen.facts(step).get("start")
        return [*(self.stages(start) if start else []), step]

    # --- blocks

    def sizes(self) -> str:
        """A table of all models: parameters, tokens read in training, minutes of training."""
        rows = []
        for name in (self.target, *self.drafts, *self.heads):
            stages = [self.kitchen.facts(stage) for stage in self.stages(name)]
            read = sum(stage["options"]["schedule"]["total"] for stage in stages)
            minutes = sum(stage["seconds"] for stage in stages) / 60
            rows.append([self.label(name), f"{stages[-1]['parameters']:,}", f"{read:,}", f"{minutes:.0f}"])
        return table(["model", "parameters", "tokens read", "minutes of training"], rows)

    def label(self, step: str) -> str:
        return f"`{self.kitchen.recipe.exports.get(step, step)}`"

    def acceptance(self) -> str:
        """α and tokens per target pass of every drafter on held-out prompts."""
        lines = []
        for name, settings in self._runs():
            figures = [
                self._measure(self._pair_for(name), name, asked)
                for asked in (settings, replace(settings, rule="rejection", temperature=0.8))
            ]
            cells = [f"{one.acceptance_rate or 0:.2f} · {one.tokens_per_pass:.2f}" for one in figures]
            shape = settings.branching or f"K = {settings.draft_length}"
            lines.append([self.label(name) if name in self.drafts else name, str(shape), *cells])
        return table(["drafter", "shape", "greedy: α · tokens per pass", "temperature 0.8: the same"], lines)

    def _runs(self) -> list[tuple[str, Settings]]:
        chain = Settings(draft_length=self.draft_length, max_new_tokens=self.new_tokens)
        runs = [(name, chain) for name in (*self.drafts, *self.copying)]
        for name in self.heads:
            runs += [(name, chain), (name, replace(chain, branching=(4, 2, 1, 1)))]
        return runs

    def _pair_for(self, name: str) -> Pair:
        if name not in self.drafts[1:]:
            return self.pair
        with_draft = load(target=self._published(self.target), draft=self._published(name), device="cpu")
        return replace(self.pair, draft=with_draft.draft)

    def _measure(self, pair: Pair, name: str, settings: Settings, prompts: Sequence[str] = ()) -> Totals:
        """The totals of a drafter over all prompts; raises RunFailed for a run that ended in an error."""
        drafter = "model" if name in self.drafts else name
        traces = [self.trace(pair, drafter, prompt, settings) for prompt in prompts or self.prompts]
        return count(one for trace in traces for one in trace.rounds)

    def trace(self, pair: Pair, drafter: str, prompt: str, settings: Settings) -> Trace:
        trace = gather(loop.rounds(prepare(accelerated(pair), Request(prompt, drafter, settings))))
        check(trace)
        return trace

    def loss_table(self, sets: Sequence[str], loss: Callable[[str, str], float]) -> str:
        """A table of held-out losses in nats per token: of the target and its drafts on every set, given by
        `loss(step, set)`."""
        lines = [
            [self.label(step), *(f"{loss(step, name):.3f}" for name in sets)] for step in (self.target, *self.drafts)
        ]
        return table(["held-out loss, nats per token", *sets], lines)

    def hardware(self) -> str:
        return f"{name_of(torch.device('cpu'))}, {torch.get_num_threads()} threads"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))


def write_card(kitchen: Kitchen, name: str, card: Card) -> dict:
    """Write `README.md` in the step's folder."""
    path = resources.files("specdec.train") / "recipes" / f"{kitchen.recipe.name}.md"
    ours = path.is_file() and not kitchen.library.own
    template = Template(path.read_text(encoding="utf-8") if ours else card.bare)
    blocks = {block: getattr(card, block)() for block in template.get_identifiers()}
    files.write_text(kitchen.folder(name) / "README.md", template.substitute(blocks))
    return {"blocks": sorted(blocks)}
