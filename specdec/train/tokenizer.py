"""A byte-level BPE tokenizer: every Unicode text survives the round trip, no unknown token exists.

A text begins and ends with `<|endoftext|>`: encoding a prompt puts it in front, so the model knows that a story
begins here, and generation stops when the model writes it.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train.corpus import END_OF_TEXT


def train_tokenizer(documents: Iterable[str], vocabulary_size: int, context: int) -> PreTrainedTokenizerFast:
    """BPE (Sennrich et al. 2016) over bytes (GPT-2). `context` is recorded as the longest input, in tokens."""
    if vocabulary_size < 257:
        raise UserError("A byte-level vocabulary needs at least 257 entries: 256 bytes and the end-of-text token.")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(documents, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{END_OF_TEXT} $A",
        pair=f"{END_OF_TEXT} $A {END_OF_TEXT} $B",
        special_tokens=[(END_OF_TEXT, tokenizer.token_to_id(END_OF_TEXT))],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END_OF_TEXT,
        eos_token=END_OF_TEXT,
        pad_token=END_OF_TEXT,
        model_max_length=context,
        clean_up_tokenization_spaces=False,
    )


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Keeps to the class name that every version of transformers knows, and to what holds wherever the folder goes."""
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    kept = {key: value for key, value in config.items() if key not in {"backend", "is_local", "local_files_only"}}
    kept["tokenizer_class"] = "PreTrainedTokenizerFast"
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    if not (folder / "tokenizer.json").is_file():
        raise UserError(f"The folder {folder} holds no tokenizer.json; make one with `train tokenizer`.")
    return PreTrainedTokenizerFast.from_pretrained(folder)


def encode_documents(tokenizer: PreTrainedTokenizerFast, documents: list[str]) -> list[np.ndarray]:
    """One int64 array per document, beginning with the end-of-text token."""
    if not documents:
        return []
    encodings = tokenizer.backend_tokenizer.encode_batch_fast(documents, add_special_tokens=True)
    return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]
