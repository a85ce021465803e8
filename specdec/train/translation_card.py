"""The card of a family that translates."""

from functools import cached_property

from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.train import parallel_corpora
from specdec.train.card import Card, CardOptions, table, write_card
from specdec.train.chrf import Quality, quality
from specdec.train.seq2seq import load_translator, load_unfolded, measure
from specdec.train.translation import LONGEST
from specdec.train.workspace import Kitchen

SAMPLES, MEASURED = 3, 100  # passages
ROW, LOSS_TOKENS = 256, 65_536


class TranslationCard(Card):
    bare = "${sizes}\n\n${losses}\n\n${quality}\n\n${acceptance}\n\n${samples}\n\n${hardware}\n"
    draft_length = 5
    copying = ("lookup",)

    def has_held_out(self) -> bool:
        return bool(self.texts)

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """Held-out passages of several sentences, or single ones where those are too few, and their references."""
        held_out, count = self.kitchen.translations.held_out(), self.kitchen.scaled(MEASURED)
        return parallel_corpora.held_out_texts(held_out, LONGEST, count) or parallel_corpora.held_out_texts(
            held_out, 0, count
        )

    @cached_property
    def prompts(self) -> list[str]:
        return [source for source, _ in self.texts[: self.count]]

    @cached_property
    def qualities(self) -> dict[str, Quality]:
        return {step: quality(self._model(step), self.texts) for step in (self.target, *self.drafts)}

    def _model(self, step: str) -> EncoderDecoderModel:
        return EncoderDecoderModel(step, load_translator(self.kitchen.result(step)), self.kitchen.tokenizer)

    # --- blocks

    def losses(self) -> str:
        """Teacher-forced loss of held-out translations, their sources given."""
        held_out, tokenizer = self.kitchen.translations.held_out(), self.kitchen.tokenizer
        rows = parallel_corpora.held_out_rows(held_out, tokenizer, ROW, LONGEST, LOSS_TOKENS // ROW)

        def loss(step: str, _: str) -> float:
            return measure(load_unfolded(self.kitchen.result(step)), rows)

        return self.loss_table(["translations"], loss)

    def quality(self) -> str:
        """chrF of every model's greedy translations, under that of the untouched sources."""
        lines = [["the source as it is", f"{self.qualities[self.target].copying:.1f}"]]
        lines += [[self.label(step), f"{found.model:.1f}"] for step, found in self.qualities.items()]
        return table(["translation", f"chrF on {len(self.texts)} held-out passages"], lines)

    def samples(self) -> str:
        """The first three held-out passages, as the target translates them greedily."""
        written = self.qualities[self.target].written
        rows = zip(self.texts[:SAMPLES], written, strict=False)
        return "\n\n".join(f"> {source}\n>\n> *{found.strip()}*" for (source, _), found in rows)


def make_translation_card(kitchen: Kitchen, name: str, options: CardOptions) -> dict:
    return write_card(kitchen, name, TranslationCard(kitchen, name, options))
