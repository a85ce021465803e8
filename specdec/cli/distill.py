"""`distill`: train a draft model on its target's own answers, and measure acceptance before and after on other
prompts."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from specdec.catalog.pairs import PAIRS
from specdec.cli import arguments, load, validate
from specdec.errors import UserError
from specdec.messages import Words
from specdec.settings import Settings
from specdec.views import tables, terminal

if TYPE_CHECKING:
    from specdec.models.pair import Pair

EXAMPLES = (
    "distill --target ID --draft ID --prompts FILE --minutes 20",
    "distill --pair smollm2-1.7b --prompts prompts.jsonl --texts 2000 --out my-draft",
)
DEFAULT_TEXTS, MOST_TEXTS = 1000, 1_000_000
DEFAULT_LENGTH = 128


def add_arguments(parser: argparse.ArgumentParser, words: Words) -> None:
    arguments.add_models(parser, words)
    parser.set_defaults(draft_length=None)  # measured with the pair's own
    add = parser.add_argument_group(words.say("cli.group_distill")).add_argument
    add("--prompts", metavar="FILE", required=True, help=words.say("cli.distill_prompts"))
    add(
        "--texts",
        metavar="N",
        type=arguments.whole_number(words),
        default=DEFAULT_TEXTS,
        help=words.say("cli.distill_texts"),
    )
    most = words.say("cli.max_new_tokens", default=DEFAULT_LENGTH)
    add("--max-new-tokens", metavar="N", type=arguments.whole_number(words), default=DEFAULT_LENGTH, help=most)
    add("--minutes", metavar="M", type=arguments.number(words), help=words.say("cli.distill_minutes"))
    add("--seed", metavar="S", type=arguments.whole_number(words), default=0, help=words.say("cli.seed"))
    add = parser.add_argument_group(words.say("cli.group_output")).add_argument
    add("--out", metavar="DIR", help=words.say("cli.distill_out"))
    add("--json", action="store_true", help=words.say("cli.json_bench"))


def main(options: argparse.Namespace, words: Words) -> int:
    settings = _checked(options)
    from specdec.lab import prompts

    texts = prompts.read(options.prompts)
    pair, settings = load.load(options, settings, words)
    texts = [load.sent(options, pair, text) for text in texts]
    _refuse_heads(options, pair)
    assert pair.draft is not None  # else it was refused
    out = Path(validate.unicode(options.out) if options.out else f"{pair.draft.name.split('/')[-1]}-distilled")
    report = _distil(options, pair, texts, out, words)
    if options.json:
        print(terminal.tame_json(json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False)))
    else:
        sys.stdout.write(tables.distil(report, str(out), words))
    return 0


def _checked(options: argparse.Namespace) -> Settings:
    """The settings of the run; raises UserError for invalid numbers and an unknown pair, before torch is imported."""
    if not 1 <= options.texts <= MOST_TEXTS:
        raise UserError("cli.distill_texts_range", high=f"{MOST_TEXTS:,}", value=options.texts)
    if options.minutes is not None and not (math.isfinite(options.minutes) and options.minutes > 0):
        raise UserError("cli.distill_minutes_range", value=options.minutes)
    settings = Settings(max_new_tokens=options.max_new_tokens, seed=options.seed)
    validate.check_pair(options, [], settings)
    return settings


def _refuse_heads(options: argparse.Namespace, pair: "Pair") -> None:
    """Raise UserError where `--draft` names heads, or where the pair has no draft model.

    Loading accepts heads as `--draft` and then keeps the named pair's own draft model, which is not the one to train.
    """
    from specdec.models.heads import kind

    named = options.draft is not None and options.draft not in PAIRS
    if pair.draft is None or (named and pair.heads and kind(options.draft)):
        raise UserError("errors.distil_heads" if named else "errors.distil_draft", draft=options.draft)


def _distil(options: argparse.Namespace, pair: "Pair", texts: list[str], out: Path, words: Words) -> dict:
    from specdec.train.distil import UNFINISHED, Plan, distil
    from specdec.train.progress import Board

    plan = Plan(options.texts, options.max_new_tokens, seed=options.seed, minutes=options.minutes)
    with Board(words) as board:

        def report(stage: str, entry: dict) -> None:
            if board.is_seen:
                board.report(words.say(f"cli.distill_{stage}"), entry)

        try:
            return distil(pair, texts, out, plan, report)
        except KeyboardInterrupt:
            if (out / UNFINISHED).is_dir():
                print(terminal.one_line(words.say("cli.distill_stopped", path=out)), file=sys.stderr)
            raise
