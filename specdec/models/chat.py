"""A prompt as a chat model wants it: what a user said, in the words that the model was trained to answer."""

from typing import Any

from specdec.errors import UserError, first_line
from specdec.models.language_model import LanguageModel


def sent(model: LanguageModel, text: str, chat: str = "auto") -> str:
    """What a model is sent for a text: wrapped by its tokenizer's chat template with `on`, as it is with `off`; `auto`
    wraps where there is a template. Models that think aloud first are asked not to.

    Raises UserError where a template is asked for and missing, or fails.
    """
    template = getattr(model.tokenizer, "chat_template", None)
    if chat == "off" or (chat == "auto" and not template):
        return text
    if not template:
        raise UserError("errors.chat_missing", target=model.name)
    return _applied(model, text, add_generation_prompt=True, enable_thinking=False)


def _applied(model: LanguageModel, text: str, **options: Any) -> str:
    said = [{"role": "user", "content": text}]
    try:
        return model.tokenizer.apply_chat_template(said, tokenize=False, **options)
    except Exception as error:  # a template is somebody's program, and may fail in any way
        raise UserError("errors.chat_failed", target=model.name, why=first_line(error)) from None
