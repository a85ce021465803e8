"""Errors that the user can correct. Each carries a message, which the page and the command line render in the user's
language."""

from typing import Any

from specdec.messages import Message


class UserError(ValueError):
    """Invalid input. `message` is one sentence for the user; `str()` renders it in the default language.

    >>> str(UserError("errors.prompt_empty"))
    'The prompt is empty; type a few words for the model to continue.'
    """

    def __init__(self, message: Message | str, /, **values: Any) -> None:
        self.message = message if isinstance(message, Message) else Message(message, **_rendered_later(values))
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


def _rendered_later(values: dict[str, Any]) -> dict[str, Any]:
    """What another error says is a sentence of its reader's language too."""
    return {name: value.message if isinstance(value, UserError) else value for name, value in values.items()}


class BadPrompt(UserError):
    """A prompt that cannot be run with any settings."""


class NoRoom(BadPrompt):
    """A prompt that, together with the tokens to be written, is longer than a model's context."""


def first_line(error: Exception) -> str:
    """The first line of a library's error without its full stop, for the `why` placeholder of a message.

    >>> first_line(ValueError("no such file.\\nTry another."))
    'no such file'
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
