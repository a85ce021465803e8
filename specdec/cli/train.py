"""`train`: train a family of models from a recipe, as the embedded ones were. Its options are defined in
`specdec.train.command`, which imports torch."""

import argparse

from specdec.messages import Words

EXAMPLES = (
    "train --recipe stories --data DIR --out work --export models",
    "train --recipe mine.toml --data DIR --out work --minutes 30 --only tokenizer,target",
)


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    from specdec.train import command

    command.add_arguments(parser, words)


def main(options: argparse.Namespace, words: Words) -> int:
    from specdec.train import command

    return command.main(options, words)
