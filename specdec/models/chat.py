"""Chat templates: wrapping a prompt in the format that a chat model was trained to answer."""

from typing import Any, Protocol

from transformers import PreTrainedTokenizerBase

from specdec.errors import UserError, first_line

SAID = "specdec"  # a word that no template holds


class SpokenTo(Protocol):
    """The parts of a model that determine how a prompt is encoded: name, tokenizer, and whether it has an encoder."""

    @property
    def name(self) -> str: ...

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase: ...

    @property
    def encoder_decoder(self) -> bool: ...


class Templated(str):
    """A text made by a chat template. It already contains its special tokens, so the tokenizer adds none."""

    __slots__ = ()


def sent(model: SpokenTo, text: str, chat: str = "auto") -> str:
    """The prompt for a text. chat `on`: the text in the tokenizer's chat template; `off`: the text itself; `auto`:
    `on` if there is a template. Reasoning models are asked not to think first.

    Raises UserError if the template is required but missing, or fails.
    """
    template = getattr(model.tokenizer, "chat_template", None)
    if chat == "off" or (chat == "auto" and not template):
        return text
    if not template:
        raise UserError("errors.chat_missing", target=model.name)
    said = [{"role": "user", "content": text}]
    try:
        return Templated(_applied(model.tokenizer, said, add_generation_prompt=True, enable_thinking=False))
    except Exception as error:  # a template is a program, and may fail in any way
        raise UserError("errors.chat_failed", target=model.name, why=first_line(error)) from None


def sent_again(model: SpokenTo, text: str, ids: list[int]) -> str:
    """The prompt of an earlier run, so that it becomes the same tokens as it did then."""
    plain = model.tokenizer.encode(text, add_special_tokens=False)
    return Templated(text) if not model.encoder_decoder and plain == ids else text


def end_of_turn(tokenizer: PreTrainedTokenizerBase) -> int | None:
    """The special token that a chat template puts after the model's answer; None if there is none."""
    if not getattr(tokenizer, "chat_template", None):
        return None
    turns = [{"role": "user", "content": "?"}, {"role": "assistant", "content": SAID}]
    try:
        after = _applied(tokenizer, turns).rpartition(SAID)[2]
        first = tokenizer.encode(after, add_special_tokens=False)[:1]
    except Exception:  # a template that accepts no answers does not show the token
        return None
    known = tokenizer.added_tokens_decoder
    return first[0] if first and first[0] in known and known[first[0]].special else None


def _applied(tokenizer: PreTrainedTokenizerBase, turns: list[dict[str, str]], **options: Any) -> str:
    return tokenizer.apply_chat_template(turns, tokenize=False, **options)
