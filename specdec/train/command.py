"""`python -m specdec train tokenizer | model | export | compare`: from text files to an embedded pair."""

import argparse
import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from specdec.errors import UserError
from specdec.train import corpus
from specdec.train.agreement import compare
from specdec.train.corpus import Recipe, Split, TokenStream
from specdec.train.export import export
from specdec.train.language_model import Shape, build_model
from specdec.train.schedule import Schedule
from specdec.train.tokenizer import encode_documents, load_tokenizer, save_tokenizer, train_tokenizer
from specdec.train.trainer import Options, Trainer

MIXTURE = "mixture"
MEASURED_TOKENS = 16_384


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="train_command", required=True)
    _tokenizer_arguments(commands.add_parser("tokenizer", help="train a byte-level BPE tokenizer"))
    _model_arguments(commands.add_parser("model", help="train a small Llama, or distil one from a teacher"))
    _export_arguments(commands.add_parser("export", help="write a run's last checkpoint as a model folder"))
    _compare_arguments(commands.add_parser("compare", help="held-out loss of two models, and how often they agree"))


def main(args: argparse.Namespace) -> int:
    actions = {"tokenizer": _train_tokenizer, "model": _train_model, "export": _export, "compare": _compare}
    return actions[args.train_command](args)


def _data_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder of *.txt and *.txt.gz files")
    parser.add_argument(
        "--recipe", help="TOML file with the mixture, or `stories` (the embedded pair's); default: every file once"
    )


def _tokenizer_arguments(parser: argparse.ArgumentParser) -> None:
    _data_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, help="folder to write the tokenizer to")
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--context", type=int, default=Shape.positions, help="longest input, in tokens")


def _model_arguments(parser: argparse.ArgumentParser) -> None:
    _data_arguments(parser)
    add, defaults = parser.add_argument, Options(Schedule(0, 0, 0))
    add("--tokenizer", type=Path, required=True, help="folder written by `train tokenizer`")
    add("--out", type=Path, required=True, help="folder of the run: checkpoints and log")
    add("--resume", action="store_true", help="go on from the run's last checkpoint")
    add("--layers", type=int, default=Shape.layers)
    add("--width", type=int, default=Shape.width)
    add("--teacher", type=Path, help="model folder to distil from")
    add("--teacher-mix", type=float, default=defaults.teacher_mix, help="share of the teacher in the loss")
    add("--tokens", type=int, required=True, help="length of the training, cool-down included")
    add("--warm-up", type=int, default=100_000, help="tokens of rising learning rate")
    add("--cool-down", type=int, help="tokens of falling learning rate; default: a quarter of --tokens")
    add("--batch", type=int, default=defaults.batch, help="tokens per optimizer step")
    add("--micro-batch", type=int, default=defaults.micro_batch, help="tokens per forward pass")
    add("--workers", type=int, default=defaults.workers, help="micro-batches computed side by side")
    add("--row-length", type=int, default=defaults.row_length, help="context during training, in tokens")
    add("--learning-rate", type=float, default=defaults.learning_rate, help="peak for matrices (Muon)")
    add("--embedding-rate", type=float, default=defaults.embedding_rate, help="peak for the rest (AdamW)")
    add("--seed", type=int, default=defaults.seed)
    add("--threads", type=int, help="processor threads; default: PyTorch's choice")
    add("--measure-every", type=int, default=defaults.measure_every, help="tokens between held-out measurements")
    add("--checkpoint-minutes", type=float, default=defaults.checkpoint_minutes)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--to", type=Path, required=True, help="model folder to write")


def _compare_arguments(parser: argparse.ArgumentParser) -> None:
    _data_arguments(parser)
    parser.add_argument("--target", type=Path, required=True, help="model folder")
    parser.add_argument("--draft", type=Path, required=True, help="model folder with the same tokenizer")
    parser.add_argument("--tokens", type=int, default=4 * MEASURED_TOKENS, help="tokens of each held-out set")
    parser.add_argument("--row-length", type=int, default=Options.row_length)
    parser.add_argument("--threads", type=int, help="processor threads; default: PyTorch's choice")


def read_corpus(args: argparse.Namespace) -> tuple[Recipe, dict[str, Split]]:
    """The documents that `--data` and `--recipe` name."""
    recipe = None
    if args.recipe == "stories":
        with resources.as_file(resources.files("specdec.train") / "stories.toml") as path:
            recipe = corpus.read_recipe(path)
    elif args.recipe:
        recipe = corpus.read_recipe(Path(args.recipe))
    return corpus.load(args.data, recipe)


def held_out_sets(
    recipe: Recipe, splits: dict[str, Split], tokenizer: PreTrainedTokenizerFast, row_length: int, tokens: int
) -> dict[str, np.ndarray]:
    """Rows to measure on: each held-out file, and what was set aside of the last phase's files."""
    sets = {name: splits[name].held_out for name in recipe.held_out}
    sets[MIXTURE] = [document for name in sorted(recipe.phases[-1].repeats) for document in splits[name].held_out]
    return {
        name: corpus.held_out_rows(encode_documents(tokenizer, documents), row_length, tokens // row_length)
        for name, documents in sets.items()
    }


def _train_tokenizer(args: argparse.Namespace) -> int:
    recipe, splits = read_corpus(args)
    last = recipe.phases[-1].repeats
    documents = [document for name in sorted(last) for document in splits[name].train]
    if not documents:
        raise UserError(f"The data folder {args.data} holds no document to train on.")
    tokenizer = train_tokenizer(documents, args.vocabulary, args.context)
    save_tokenizer(tokenizer, args.out)
    print(f"{len(tokenizer)} tokens from {len(documents)} documents, written to {args.out}")
    return 0


def _options(args: argparse.Namespace) -> Options:
    cool_down = args.tokens // 4 if args.cool_down is None else args.cool_down
    names = {name for name in asdict(Options(Schedule(0, 0, 0))) if hasattr(args, name)}
    return Options(Schedule(args.tokens, args.warm_up, cool_down), **{name: getattr(args, name) for name in names})


def _train_model(args: argparse.Namespace) -> int:
    if args.threads:
        torch.set_num_threads(args.threads)
    tokenizer, (recipe, splits), options = load_tokenizer(args.tokenizer), read_corpus(args), _options(args)
    encoded = {name: encode_documents(tokenizer, splits[name].train) for name in recipe.files()}
    model = build_model(Shape(args.layers, args.width), tokenizer, args.seed)
    held_out = held_out_sets(recipe, splits, tokenizer, args.row_length, MEASURED_TOKENS)
    teacher = load_model(args.teacher, len(tokenizer)) if args.teacher else None
    stream = TokenStream(recipe, encoded, args.row_length, args.seed)
    trainer = Trainer(args.out, model, stream, held_out, options, teacher, _print)
    model.config.save_pretrained(args.out)
    save_tokenizer(tokenizer, args.out)
    if args.resume:
        trainer.resume()
    trainer.train()
    return 0


def _export(args: argparse.Namespace) -> int:
    _print(f"{export(args.run, args.to)} parameters, written to {args.to}")
    return 0


def _compare(args: argparse.Namespace) -> int:
    if args.threads:
        torch.set_num_threads(args.threads)
    tokenizer, (recipe, splits) = load_tokenizer(args.target), read_corpus(args)
    target, draft = (load_model(folder, len(tokenizer)) for folder in (args.target, args.draft))
    for name, rows in held_out_sets(recipe, splits, tokenizer, args.row_length, args.tokens).items():
        _print(json.dumps({"held_out": name, **asdict(compare(target, draft, rows))}))
    return 0


def load_model(folder: Path, vocabulary: int) -> LlamaForCausalLM:
    """A model folder, for reading only."""
    if not (folder / "config.json").is_file():
        raise UserError(f"The folder {folder} holds no model.")
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    if model.config.vocab_size != vocabulary:
        raise UserError(f"The model {folder.name} has {model.config.vocab_size} tokens, the tokenizer {vocabulary}.")
    return model


def _print(line: str) -> None:
    print(line, flush=True)
