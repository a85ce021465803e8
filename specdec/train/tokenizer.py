"""A byte-level BPE tokenizer: every Unicode text survives the round trip, no unknown token exists.

A text begins and ends with `<|endoftext|>`: encoding a prompt puts it in front, so the model knows that a story
begins here, and generation stops when the model writes it.
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
    """Which texts it learns, and how many entries it has; `context`: the most tokens that its models take."""

    mixture: str
    vocabulary: int
    context: int


def train_tokenizer(documents: Iterable[str], vocabulary_size: int, context: int) -> PreTrainedTokenizerFast:
    """For texts between end-of-text tokens; `context` is recorded as the longest input, in tokens."""
    around = {"single": f"{END_OF_TEXT} $A", "pair": f"{END_OF_TEXT} $A {END_OF_TEXT} $B"}
    names = {"bos_token": END_OF_TEXT, "eos_token": END_OF_TEXT, "pad_token": END_OF_TEXT}
    return byte_level_bpe(documents, vocabulary_size, [END_OF_TEXT], around, model_max_length=context, **names)


def byte_level_bpe(
    texts: Iterable[str], vocabulary_size: int, special: list[str], around: dict[str, str], **options
) -> PreTrainedTokenizerFast:
    """BPE (Sennrich et al. 2016) over bytes (GPT-2). The special tokens have the first ids; `around` says how they
    stand around a text and a pair of texts. Raises UserError for a vocabulary that has no room for all bytes."""
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
    """Keeps to the class name that every version of transformers knows, and to what holds wherever the folder goes."""
    tokenizer.save_pretrained(folder)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)  # laid out it is twice as long
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    kept = {key: value for key, value in config.items() if key not in {"backend", "is_local", "local_files_only"}}
    kept["tokenizer_class"] = "PreTrainedTokenizerFast"
    files.write_text(path, json.dumps(kept, indent=2) + "\n")


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    if not (folder / "tokenizer.json").is_file():
        raise UserError("train.no_tokenizer", folder=folder)
    return PreTrainedTokenizerFast.from_pretrained(folder)
