"""What the reader did wrong, said in one sentence."""


class UserError(ValueError):
    """Bad input. Its message is one clear sentence for the reader; every surface shows it as it is."""
