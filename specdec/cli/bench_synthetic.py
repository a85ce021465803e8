"""`bench --shapes` and `bench --context`: what models cost by their shapes alone, so nothing of them is fetched."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specdec import methods
from specdec.catalog import capabilities
from specdec.catalog.pairs import DEFAULT_PAIR, PAIRS, PairEntry
from specdec.cli import arguments, load, validate
from specdec.cli.progress import Progress
from specdec.errors import UserError
from specdec.messages import say
from specdec.methods import DRAFTERS
from specdec.settings import AUTO, Settings
from specdec.views import tables

if TYPE_CHECKING:
    from specdec.models.pair import Pair

OTHERS = ("rules", "prompts", "task", "proposals")  # ways to measure
REFUSED = {"--shapes": ("drafters", "pair", "target", "draft"), "--context": ("shapes", "against")}  # by each alone
FREE = ("draft_length", "seed", "max_new_tokens")  # settings that shape a run; all others are the usual ones

Result = tuple[dict[str, Any], Callable[[dict[str, Any], tables.Layout], str]]


def add_arguments(group: argparse._ArgumentGroup) -> None:
    pairs = ", ".join(entry.name for entry in _pairs())
    group.add_argument("--shapes", metavar="PAIR", help=say("cli.shapes", choices=pairs))
    group.add_argument("--acceptance", metavar="A,B", type=arguments.shares, help=say("cli.acceptance"))
    group.add_argument("--context", action="store_true", help=say("cli.context", choices=", ".join(_drafters())))


def _drafters() -> list[str]:
    """Those that a text laid down says something about."""
    return methods.names(DRAFTERS, lambda method: method.synthetic)


def is_asked(options: argparse.Namespace) -> bool:
    return options.context or (options.shapes, options.acceptance) != (None, None)


def prepare(options: argparse.Namespace, settings: Settings, names: list[str], runs: int) -> Callable[[], Result]:
    """Everything is checked and made; what is left is to measure. Raises UserError."""
    _check(options, settings, names)
    pair = load.load_scripted(options, *_sources(options))
    if options.context:
        return partial(_context, pair, names, settings, runs)
    return partial(_against if options.against else _shapes, pair, options, settings, runs)


def _context(pair: "Pair", names: list[str], settings: Settings, runs: int) -> Result:
    from specdec.lab import long_context

    lanes = long_context.lanes(pair, names)
    samples = long_context.measure(pair, lanes, long_context.CONTEXTS, settings, runs)
    samples = _told(samples, len(long_context.CONTEXTS) * len(lanes) * runs)
    return long_context.report(pair, samples, settings), tables.context


def _shapes(pair: "Pair", options: argparse.Namespace, settings: Settings, runs: int) -> Result:
    from specdec.lab import synthetic_bench
    from specdec.lab.bandwidth import memory

    stated = options.acceptance or synthetic_bench.ACCEPTANCES
    lengths = synthetic_bench.DRAFT_LENGTHS if options.draft_length is None else (settings.draft_length,)
    costs = synthetic_bench.calibrate(pair, settings)
    measured = _told(
        synthetic_bench.measure(pair, settings, stated, lengths, runs), len(stated) * (1 + len(lengths)) * runs
    )
    return synthetic_bench.report(measured, costs, stated, memory(pair)), tables.shapes


def _against(pair: "Pair", options: argparse.Namespace, settings: Settings, runs: int) -> Result:
    from specdec.lab import synthetic_bench
    from specdec.lab.bandwidth import memory

    stated = options.acceptance or synthetic_bench.ACCEPTANCES
    measured = _told(
        synthetic_bench.measure_against(pair, settings, stated, runs), len(stated) * len(synthetic_bench.LANES) * runs
    )
    return synthetic_bench.report_against(measured, stated, runs, memory(pair)), tables.shapes_against


def _told(measurements: Iterable, runs: int) -> Iterator:
    bar = Progress(runs)
    for number, one in enumerate(measurements, start=1):
        yield one
        bar.show(number, say("terminal.progress_runs", run=number, runs=runs))


def _check(options: argparse.Namespace, settings: Settings, names: list[str]) -> None:
    """Refuse what plays no part in the measurement."""
    if options.acceptance is not None and options.shapes is None:
        raise UserError("cli.acceptance_alone")
    measured = "--context" if options.context else "--shapes"
    given = [name for name in (*REFUSED[measured], *OTHERS) if getattr(options, name) not in (None, False)]
    given += ["chat"] * (options.chat != "auto")
    names_of_settings = [
        field.name for field in reversed(fields(settings)) if field.name not in FREE
    ]  # rule comes last
    given += [name for name in names_of_settings if getattr(settings, name) != getattr(Settings(), name)]
    if options.against == arguments.UNRECORDED:
        given.append("against unrecorded")
    if given:
        raise UserError("cli.unweighted_alone", measured=measured, option="--" + given[0].replace("_", "-"))
    if settings.draft_length in (0, AUTO):
        raise UserError("cli.unweighted_length", measured=measured, value=settings.draft_length)
    if unknown := [name for name in names if name not in _drafters()]:
        raise UserError("cli.context_drafter", value=unknown[0], choices=", ".join(_drafters()))
    validate.check_own(options, names, settings)
    validate.check_pair(options, [], settings)


def _sources(options: argparse.Namespace) -> tuple[str, str | None]:
    """Hub ids or folders of the target and the draft model whose shapes are asked for."""
    if options.shapes is not None:
        entry = hub_pair(options.shapes)
        return entry.target, entry.draft
    if options.target is not None:
        return options.target, options.draft
    entry = PAIRS[options.pair or DEFAULT_PAIR]
    return entry.target, entry.drafts.get(options.draft, options.draft) or entry.draft


def hub_pair(name: str) -> PairEntry:
    """The pair of this name, or the first whose models are called by these two sizes. Raises UserError.

    >>> hub_pair("7b/0.5b").name
    'qwen2.5-7b'
    """
    found = [entry for entry in _pairs() if name == entry.name or _sizes_are(entry, name)]
    if not found:
        raise UserError("cli.shapes_unknown", value=name, choices=", ".join(entry.name for entry in _pairs()))
    return found[0]


def _pairs() -> list[PairEntry]:
    """Those of two decoders."""
    return [entry for entry in PAIRS.values() if entry.draft and not capabilities.is_encoder_decoder(entry)]


def _sizes_are(entry: PairEntry, sizes: str) -> bool:
    target, _, draft = sizes.lower().partition("/")
    parts = [Path(source).name.lower().split("-") for source in (entry.target, entry.draft)]
    return target in parts[0] and draft in parts[1]
