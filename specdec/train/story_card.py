"""The model card of a family that writes and edits stories."""

from functools import cached_property

from transformers import LlamaForCausalLM

from specdec.lab.bench import PLAIN, loops
from specdec.settings import Settings
from specdec.train.agreement import compare
from specdec.train.card import SHORT, Card, CardOptions, table, write_card
from specdec.train.exercises import MAKERS
from specdec.train.export import load_run
from specdec.train.language_model import measure
from specdec.train.library import STORIES
from specdec.train.workspace import Kitchen

ROW, LOSS_TOKENS = 512, 65_536
SAMPLE_TOKENS, SAMPLE_SEED, OPENING_WORDS = 150, 2, 12
OPENINGS = ("Once upon a time, there was a little", "One day, Tom and his dog", "Mia was sad because")


class StoryCard(Card):
    bare = "${sizes}\n\n${losses}\n\n${agreement}\n\n${acceptance}\n\n${edits}\n\n${samples}\n\n${hardware}\n"
    draft_length = 4
    copying = ("early_exit", "lookup", "suffix")

    def has_held_out(self) -> bool:
        return bool(self.kitchen.texts.held_out()[STORIES])

    @cached_property
    def models(self) -> dict[str, LlamaForCausalLM]:
        return {name: load_run(self.kitchen.result(name)) for name in (self.target, *self.drafts)}

    @cached_property
    def prompts(self) -> list[str]:
        """The openings of the first held-out stories after which plain greedy decoding does not loop."""
        found: list[str] = []
        for document in self.kitchen.texts.held_out()[STORIES]:
            words = document.text.split()
            if len(words) > 3 * OPENING_WORDS and len(found) < self.count:
                prompt = " ".join(words[:OPENING_WORDS])
                if not loops(self.trace(self.pair, PLAIN, prompt, Settings(max_new_tokens=self.new_tokens)).ids):
                    found.append(prompt)
        return found or [document.text[:200] for document in self.kitchen.texts.held_out()[STORIES][:1]]

    def losses(self) -> str:
        """Held-out losses in nats per token."""
        rows = self.kitchen.texts.held_out_rows(self.kitchen.tokenizer, ROW, LOSS_TOKENS)
        sets = [name for name in rows if name not in MAKERS]
        return self.loss_table(sets, lambda step, name: measure(self.models[step], rows[name]))

    def agreement(self) -> str:
        """How often each draft names the target's most likely token, and Σ min(p, q)."""
        rows = self.kitchen.texts.held_out_rows(self.kitchen.tokenizer, ROW, LOSS_TOKENS)[STORIES]
        lines = []
        for step in self.drafts:
            found = compare(self.models[self.target], self.models[step], rows)
            lines.append([self.label(step), f"{found.greedy:.1%}", f"{found.overlap:.3f}"])
        return table(["draft", "same most likely token", "Σ min(p, q)"], lines)

    def edits(self) -> str:
        """Tokens per target pass on held-out exercises of the last training mixture, for prompt lookup and for the
        first draft model."""
        lines, trained = [], self.kitchen.texts.mixture(self.mixture)
        for task, documents in self.kitchen.texts.held_out().items():
            if task in MAKERS and task in trained and documents:
                prompts = [document.given for document in documents[: self.count]]
                settings = Settings(draft_length=8, max_new_tokens=self.new_tokens)
                rows = [self._measure(self.pair, name, settings, prompts) for name in ("lookup", self.drafts[0])]
                lines.append([task, *(f"{one.tokens_per_pass:.2f}" for one in rows)])
        return table(["task", "lookup, K = 8", f"{self.label(self.drafts[0])}, K = 8"], lines)

    def samples(self) -> str:
        """Three texts sampled with one seed, not selected."""
        parts, length = [], SAMPLE_TOKENS if self.kitchen.pace is None else SHORT
        settings = Settings(rule="rejection", temperature=0.8, max_new_tokens=length, seed=SAMPLE_SEED)
        for opening in OPENINGS:
            text = opening + self.trace(self.pair, PLAIN, opening, settings).text
            parts.append("\n".join(f"> {line}" for line in text.split("\n")))
        return "\n\n".join(parts)


def make_story_card(kitchen: Kitchen, name: str, options: CardOptions) -> dict:
    return write_card(kitchen, name, StoryCard(kitchen, name, options))
