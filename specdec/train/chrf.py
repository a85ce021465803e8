"""The quality of translations: chrF (Popović 2015) of a model and, for comparison, of the untranslated source."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from specdec.errors import UserError
from specdec.models.encoder_decoder import EncoderDecoderModel
from specdec.train import batched_generation
from specdec.train.batched_generation import Manner
from specdec.train.translation import prompt


@dataclass(frozen=True)
class Quality:
    """chrF scores from 0 to 100 on the same passages, of the model and of the untranslated sources (`copying`), and
    the model's translations."""

    passages: int
    model: float
    copying: float
    written: tuple[str, ...]


def check() -> None:
    """Raise UserError if the package sacrebleu is missing; called before hours of training."""
    if find_spec("sacrebleu") is None:
        raise UserError("train.no_sacrebleu", command="python -m pip install sacrebleu")


def chrf(found: Sequence[str], references: Sequence[str]) -> float:
    """sacrebleu's chrF2 with its defaults (character 6-grams), over the whole corpus, with one reference per
    passage."""
    check()
    from sacrebleu.metrics import CHRF

    return CHRF().corpus_score(list(found), [list(references)]).score


def quality(model: EncoderDecoderModel, texts: Sequence[tuple[str, str]], batch: int = 32) -> Quality:
    """The quality of a model's greedy translations. `texts`: passages and their references, for example from
    `parallel_corpora.held_out_texts`. Raises UserError where there are none."""
    if not texts:
        raise UserError("train.no_held_out")
    sources, references = zip(*texts, strict=True)
    prompts = [prompt(model.tokenizer.encode(source)) for source in sources]
    manner = Manner(temperatures=(0.0,))
    batches = [prompts[start : start + batch] for start in range(0, len(prompts), batch)]
    answers = [one for some in batches for one in batched_generation.answers(model, some, manner)]
    written = tuple(model.tokenizer.decode(one.answer, skip_special_tokens=True) for one in answers)
    return Quality(len(texts), chrf(written, references), chrf(sources, references), written)
