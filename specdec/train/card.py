"""A family's model card: a text in which every figure is measured when it is written.

The template (recipes/NAME.md) names blocks, `${losses}` and the like; each is measured and laid out here, and only if
the template asks for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib import resources
from string import Template
from typing import Any

import torch
from transformers import LlamaForCausalLM

from specdec import decode
from specdec.errors import UserError
from specdec.hardware import name_of
from specdec.lab.bench import PLAIN, Measurement, bench, loops, report
from specdec.models.loading import Pair, load
from specdec.settings import Settings
from specdec.trace import gather
from specdec.train import corpus
from specdec.train.agreement import compare
from specdec.train.exercises import MAKERS
from specdec.train.export import load_run
from specdec.train.kitchen import Kitchen
from specdec.train.language_model import measure
from specdec.train.library import STORIES
from specdec.train.ngram import NGram
from specdec.train.publish import publish

ROW, LOSS_TOKENS = 512, 65_536
NEW_TOKENS, SAMPLE_TOKENS, SHORT = 96, 150, 16  # the last when every step is shortened
OPENING_WORDS = 12
BARE = "${sizes}\n\n${losses}\n\n${agreement}\n\n${acceptance}\n\n${edits}\n\n${samples}\n\n${hardware}\n"
OPENINGS = ("Once upon a time, there was a little", "One day, Tom and his dog", "Mia was sad because")


class Card:
    """The measurements, each made when a block first asks for it."""

    def __init__(
        self,
        kitchen: Kitchen,
        name: str,
        target: str,
        drafts: Sequence[str],
        heads: Sequence[str] = (),
        prompts: int = 20,
        mixture: str = "main",
    ) -> None:
        self.kitchen, self.name, self.target, self.mixture = kitchen, name, target, mixture
        if not kitchen.library.held_out()[STORIES]:
            raise UserError("The texts are too few to set some aside, and a card is measured on such.")
        self.drafts, self.heads, self.count = list(drafts), list(heads), kitchen.scaled(prompts)
        self.new_tokens, self.sample_tokens = (NEW_TOKENS, SAMPLE_TOKENS) if kitchen.pace is None else (SHORT, SHORT)

    @cached_property
    def models(self) -> dict[str, LlamaForCausalLM]:
        return {name: load_run(self.kitchen.result(name)) for name in (self.target, *self.drafts)}

    @cached_property
    def pair(self) -> Pair:
        """What a user loads: the exported folders, with every kind of heads."""
        folders = {name: self._published(name) for name in (self.target, self.drafts[0], *self.heads)}
        pair = load(target=folders[self.target], draft=folders[self.drafts[0]], device="cpu")
        for name in self.heads:
            kind = self.kitchen.recipe.step(name).kind
            with_heads = load(target=folders[self.target], draft=folders[name], device="cpu")
            pair = replace(pair, **{kind: getattr(with_heads, kind)})
        return pair

    def _published(self, step: str) -> str:
        folder = self.kitchen.folder(self.name) / "models" / self.kitchen.recipe.exports.get(step, step)
        publish(self.kitchen, step, folder)
        return str(folder)

    def stages(self, step: str) -> list[str]:
        """A step and those whose weights it went on from, the first one first."""
        start = self.kitchen.facts(step).get("start")
        return [*(self.stages(start) if start else []), step]

    # --- blocks

    def sizes(self) -> str:
        """Every model: its size, what it read, how long that took."""
        rows = []
        for name in (self.target, *self.drafts, *self.heads):
            stages = [self.kitchen.facts(stage) for stage in self.stages(name)]
            read = sum(stage["options"]["schedule"]["total"] for stage in stages)
            minutes = sum(stage["seconds"] for stage in stages) / 60
            rows.append([self.label(name), f"{stages[-1]['parameters']:,}", f"{read:,}", f"{minutes:.0f}"])
        return table(["model", "parameters", "tokens read", "minutes of training"], rows)

    def label(self, step: str) -> str:
        return f"`{self.kitchen.recipe.exports.get(step, step)}`"

    def losses(self) -> str:
        """Held-out losses in nats per token, under those of an n-gram model."""
        library, tokenizer = self.kitchen.library, self.kitchen.tokenizer
        rows = library.held_out_rows(tokenizer, ROW, LOSS_TOKENS)
        plain = {name: corpus.encode(tokenizer, documents) for name, documents in library.held_out().items()}
        names = [name for name in rows if name not in MAKERS]
        read = library.tokens(tokenizer)
        stories = [file for file in library.mixture(self.mixture) if file not in MAKERS and "edit" not in file]
        ngram = NGram([tokens.ids for file in stories for tokens in read(file)], len(tokenizer))
        lines = [["4-gram (Kneser–Ney)", *(f"{ngram.loss(corpus.join(plain[name]).ids):.3f}" for name in names)]]
        for step, model in self.models.items():
            lines.append([self.label(step), *(f"{measure(model, rows[name]):.3f}" for name in names)])
        return table(["held-out loss, nats per token", *names], lines)

    def agreement(self) -> str:
        """How often each draft names the target's most likely token, and Σ min(p, q)."""
        rows = self.kitchen.library.held_out_rows(self.kitchen.tokenizer, ROW, LOSS_TOKENS)[STORIES]
        lines = []
        for step in self.drafts:
            found = compare(self.models[self.target], self.models[step], rows)
            lines.append([self.label(step), f"{found.greedy:.1%}", f"{found.overlap:.3f}"])
        return table(["draft", "same most likely token", "Σ min(p, q)"], lines)

    @cached_property
    def prompts(self) -> list[str]:
        """Openings of held-out stories after which plain greedy decoding does not loop, the first ones found."""
        found: list[str] = []
        for document in self.kitchen.library.held_out()[STORIES]:
            words = document.text.split()
            if len(words) > 3 * OPENING_WORDS and len(found) < self.count:
                prompt = " ".join(words[:OPENING_WORDS])
                lines = decode.rounds(
                    self.pair, PLAIN, prompt, Settings(max_new_tokens=self.new_tokens), remember=False
                )
                if not loops(gather(lines).ids):
                    found.append(prompt)
        return found or [document.text[:200] for document in self.kitchen.library.held_out()[STORIES][:1]]

    def acceptance(self) -> str:
        """α and tokens per target pass of every drafter on held-out stories."""
        lines = []
        for name, settings in self._runs():
            figures = [
                self._measure(self._pair_for(name), name, replace(settings, **changes))
                for changes in ({}, {"rule": "rejection", "temperature": 0.8})
            ]
            cells = [f"{row['acceptance_rate'] or 0:.2f} · {row['tokens_per_pass']:.2f}" for row in figures]
            shape = settings.branching or f"K = {settings.draft_length}"
            lines.append([self.label(name) if name in self.drafts else name, str(shape), *cells])
        return table(["drafter", "shape", "greedy: α · tokens per pass", "temperature 0.8: the same"], lines)

    def _runs(self) -> list[tuple[str, Settings]]:
        chain = Settings(draft_length=4, max_new_tokens=self.new_tokens)
        runs = [(name, chain) for name in (*self.drafts, "early_exit", "lookup", "suffix")]
        for name in self.heads:
            runs += [(name, chain), (name, replace(chain, branching=(4, 2, 1, 1)))]
        return runs

    def _pair_for(self, name: str) -> Pair:
        if name not in self.drafts[1:]:
            return self.pair
        with_draft = load(target=self._published(self.target), draft=self._published(name), device="cpu")
        return replace(self.pair, draft=with_draft.draft)

    def _measure(self, pair: Pair, name: str, settings: Settings, prompts: Sequence[str] = ()) -> dict[str, Any]:
        drafter = "model" if name in self.drafts else name
        found: list[Measurement] = list(bench(pair, [drafter], list(prompts or self.prompts), settings, runs=1))
        return report(found)["rows"][-1]

    def edits(self) -> str:
        """Tokens per target pass on held-out exercises, by the drafter that copies and the one that models."""
        lines = []
        for task, documents in self.kitchen.library.held_out().items():
            if task in MAKERS and documents:
                prompts = [document.given for document in documents[: self.count]]
                settings = Settings(draft_length=8, max_new_tokens=self.new_tokens)
                rows = [self._measure(self.pair, name, settings, prompts) for name in ("lookup", self.drafts[0])]
                lines.append([task, *(f"{row['tokens_per_pass']:.2f}" for row in rows)])
        return table(["task", "lookup, K = 8", f"{self.label(self.drafts[0])}, K = 8"], lines)

    def samples(self) -> str:
        """The first three of seed 1, as they came."""
        parts = []
        settings = Settings(rule="rejection", temperature=0.8, max_new_tokens=self.sample_tokens, seed=1)
        for opening in OPENINGS:
            text = opening + gather(decode.rounds(self.pair, PLAIN, opening, settings, remember=False)).text
            parts.append("\n".join(f"> {line}" for line in text.split("\n")))
        return "\n\n".join(parts)

    def hardware(self) -> str:
        return f"{name_of(torch.device('cpu'))}, {torch.get_num_threads()} threads"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))


def make_card(kitchen: Kitchen, name: str, **options) -> dict:
    """Write `README.md` in the step's folder."""
    path = resources.files("specdec.train") / "recipes" / f"{kitchen.recipe.name}.md"
    ours = path.is_file() and not kitchen.library.own  # of other texts nothing is known but what is measured
    text = path.read_text(encoding="utf-8") if ours else BARE
    template, card = Template(text), Card(kitchen, name, **options)
    blocks = {block: getattr(card, block)() for block in template.get_identifiers()}
    (kitchen.folder(name) / "README.md").write_text(template.substitute(blocks), encoding="utf-8")
    return {"blocks": sorted(blocks)}
