"""What the reader did wrong, said in one sentence."""


class UserError(ValueError):
    """Bad input. Its message is one clear sentence for the reader; every surface shows it as it is."""


class NoRoom(UserError):
    """A prompt that is longer than a model can hold, what is to be written counted where it stands behind it."""


def first_line(error: Exception) -> str:
    """What a library complained of, as the `why` of a sentence.

    >>> first_line(ValueError("no such file.\\nTry another."))
    'no such file'
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
