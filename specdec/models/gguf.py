"""GGUF, the format of llama.cpp, LM Studio and Ollama.

A file is converted once to a folder of safetensors in the cache, with the tokenizer and the chat template that it
contains; from then on it is loaded like any other model. Quantised weights are dequantised by transformers and stored
in bfloat16, whose rounding is small beside that of the quantisation.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from specdec.errors import UserError, first_line
from specdec.paths import cache

SUFFIX = ".gguf"
UNQUANTISED = {0: torch.float32, 1: torch.float16}  # by the number of the file's type; others are stored in bfloat16


def file_of(source: str) -> Path | None:
    """The GGUF file that a source names: itself, or the only one of a folder without safetensors; None for any other
    source. Raises UserError for a folder with several."""
    path = Path(source)
    if path.suffix.lower() == SUFFIX:
        return path
    if not path.is_dir() or any(path.glob("*.safetensors")):
        return None
    files = sorted(path.glob("*" + SUFFIX))
    if len(files) > 1:
        raise UserError("errors.gguf_several", value=path.name, files=", ".join(file.name for file in files))
    return files[0] if files else None


def converted(file: Path) -> Path:
    """The folder in the cache that holds the converted model. Raises UserError for a file that cannot be read, and if
    the packages for that are missing."""
    if not file.is_file():
        raise UserError("errors.gguf_missing", value=file.name)
    facts = file.stat()
    key = hashlib.sha256(f"{file.resolve()} {facts.st_size} {facts.st_mtime_ns}".encode()).hexdigest()[:12]
    folder = cache("gguf") / key / file.stem
    if not folder.is_dir():
        convert(file, folder)
    return folder


def convert(file: Path, folder: Path) -> None:
    """Write a GGUF file as a folder of safetensors, which appears only when it is complete. Raises UserError."""
    place, name = str(file.parent), file.name
    _check(file)
    number_format = _number_format(file)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, gguf_file=name, trust_remote_code=False)
        module = AutoModelForCausalLM.from_pretrained(
            place,
            gguf_file=name,
            dtype=number_format,
            quantization_config=GgufConfig(dequantize=True),
            trust_remote_code=False,
        )
        _save(module, tokenizer, folder)
    except Exception as error:  # the file may hold anything
        raise UserError("errors.gguf_kind", value=name, why=first_line(error)) from None


def _save(module, tokenizer, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as parent:
        fresh = Path(parent) / folder.name
        module.save_pretrained(fresh)
        tokenizer.save_pretrained(fresh)
        if not folder.exists():  # another process may have been faster
            shutil.move(fresh, folder)


def _check(file: Path) -> None:
    """Raises UserError if the file does not begin as GGUF does, and if the packages that read it are missing."""
    with file.open("rb") as opened:
        if opened.read(4) != b"GGUF":
            raise UserError("errors.gguf_broken", value=file.name, why="GGUF")
    try:
        import accelerate  # noqa: F401
        import gguf  # noqa: F401
    except ImportError as error:
        raise UserError("errors.gguf_extra", value=file.name, package=error.name) from None


def _number_format(file: Path) -> torch.dtype:
    """The number format that the file's weights are stored in. Raises UserError for a file that is not GGUF."""
    from gguf import GGUFReader

    try:
        kind = GGUFReader(file).get_field("general.file_type")
        return UNQUANTISED.get(int(kind.contents()), torch.bfloat16) if kind else torch.bfloat16
    except Exception as error:  # the file may hold anything
        raise UserError("errors.gguf_broken", value=file.name, why=first_line(error)) from None
