"""What the reader did wrong, as a message that every surface renders in its reader's language."""

from typing import Any

from specdec.messages import Message


class UserError(ValueError):
    """Bad input. `message` is one clear sentence for the reader; `str()` renders it in the default language.

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
    """A prompt that cannot be run, whatever else is asked for."""


class NoRoom(BadPrompt):
    """A prompt that is longer than a model can hold, the tokens to be written included."""


def first_line(error: Exception) -> str:
    """What a library complained of, as the `why` of a message.

    >>> first_line(ValueError("no such file.\\nTry another."))
    'no such file'
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
