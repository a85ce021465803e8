"""Byte-level BPE tokenizers: every Unicode text is encoded without loss and without an unknown token.

`<|endoftext|>` marks the beginning and the end of a text. Encoding a prompt prepends it, so the model knows that a
text begins, and generation ends when the model produces it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from specdec import files
from specdec.errors import UserError
from specdec.train.corpus import END_OF_TEXT


@dataclass(frozen=True, kw_only=True)
class TokenizerOptions:
    """mixture: the texts to train on; vocabulary: the number of entries; context: the context length of its models."""

    mixture: str
    vocabulary: int
    context: int


def train_tokenizer(documents: Iterable[str], vocabulary_size: int, context: int) -> PreTrainedTokenizerFast:
    """A tokenizer for texts that begin with the end-of-text token; `context` is recorded as the longest input, in
    tokens."""
    around = {"single": f"{END_OF_TEXT} $A", "pair": f"{END_OF_TEXT} $A {END_OF_TEXT} $B"}
    names = {"bos_token": END_OF_TEXT, "eos_token": END_OF_TEXT, "pad_token": END_OF_TEXT}
    return byte_level_bpe(documents, vocabulary_size, [END_OF_TEXT], around, model_max_length=context, **names)


def byte_level_bpe(
    texts: Iterable[str], vocabulary_size: int, special: list[str], around: dict[str, str], **options
) -> PreTrainedTokenizerFast:
    """A BPE tokenizer (Sennrich et al. 2016) over bytes, as in GPT-2. Special tokens get the first ids; `around` is
    the post-processing template for a single text and for a pair. Raises UserError for a vocabulary that cannot hold
    all bytes."""
    if vocabulary_size < (least := 256 + len(special)):
        raise UserError("train.vocabulary_small", low=least, special=", ".join(special))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    known = [(token, tokenizer.token_to_id(token)) for token in special]
    tokenizer.post_processor = processors.TemplateProcessing(**around, special_tokens=known)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, clean_up_tokenization_spaces=False, **options)


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Save a tokenizer under the class name that all versions of transformers know, without settings of this
    machine."""
    tokenizer.save_pretrained(folder)
    tokenizer.backend_tokenizer.save(
        str(folder / "tokenizer.json"), pretty=False
    )  # indented, it would be twice as large
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    kept = {key: value for key, value in config.items() if key not in {"backend", "is_local", "local_files_only"}}
    kept["tokenizer_class"] = "PreTrainedTokenizerFast"
    files.write_text(path, json.dumps(kept, indent=2) + "\n")


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    if not (folder / "tokenizer.json").is_file():
        raise UserError("train.no_tokenizer", folder=folder)
    return PreTrainedTokenizerFast.from_pretrained(folder)
