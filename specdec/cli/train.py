"""`train`: train a family of models from a recipe, as the embedded ones were. Its options are defined in
`specdec.train.command`, which imports torch."""

import argparse

EXAMPLES = (
    "train --recipe stories --data DIR --out work --export models",
    "train --recipe mine.toml --data DIR --out work --minutes 30 --only tokenizer,target",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from specdec.train import command

    command.add_arguments(parser)


def main(options: argparse.Namespace) -> int:
    from specdec.train import command

    return command.main(options)
