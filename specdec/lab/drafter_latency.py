"""The latency of drafters that copy text: the time of `propose` alone, after a long context, without any target pass.

The context is made of the sentences in this program's message catalog, repeated until they are enough, so it has
repetitions as real texts do. It grows by one to four tokens a round, as in a run. The suffix drafter's memory of
earlier texts is full; retrieval searches a datastore built from the same sentences, unless one is named.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from msgspec import to_builtins

from specdec import methods
from specdec.catalog import capabilities
from specdec.device.machine import describe
from specdec.drafters import make
from specdec.drafters.datastore import build
from specdec.drafters.draft import Context, Drafter
from specdec.drafters.suffix_decoding import MOST_TOKENS, SuffixDrafter
from specdec.errors import UserError
from specdec.messages import catalog
from specdec.methods import DRAFTERS
from specdec.models.pair import Pair
from specdec.sampling import Coins
from specdec.settings import Settings

ROUNDS, WARM_UP = 300, 20
MOST_COMMITTED = 4  # tokens a round
LENGTH = 4  # used where the draft length is 0, or is not known before a run


def proposal_cost(
    pair: Pair, names: Sequence[str] = (), tokens: int = 4000, settings: Settings | None = None
) -> dict[str, Any]:
    """Measure how long drafters take to propose a draft after `tokens` tokens of context; all that copy by default.

    Returns plain JSON values: `hardware`, `settings` with the draft's shape, and a row for each drafter with the
    seconds of a proposal (median and 90th percentile) and its mean number of guesses. Raises UserError for a drafter
    that does not copy, for a dynamic tree, and for a datastore that cannot be used.
    """
    settings = _with_shape(settings or Settings())
    copying = methods.names(DRAFTERS, lambda method: method.copies)
    names = list(dict.fromkeys(names)) or copying
    for name in names:
        if name not in copying:
            raise UserError("errors.proposals_drafter", value=name, choices=", ".join(copying))
        capabilities.check_shape(DRAFTERS[name], settings)
    text = "\n".join(_sentences())
    ids = pair.target.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    with TemporaryDirectory() as folder:
        rows = [
            _row(name, _drafter(name, pair, settings, text, ids, Path(folder)), ids, tokens, settings, pair)
            for name in names
        ]
    shape = {"draft_length": settings.draft_length, "branching": settings.as_record()["branching"]}
    hardware = to_builtins(describe(pair.target.device, pair.target.dtype))
    return {"hardware": hardware, "settings": {"target": pair.target.name, "tokens": tokens, **shape}, "rows": rows}


def _with_shape(settings: Settings) -> Settings:
    """The settings, with draft length LENGTH where their draft would be empty or is not known before a run."""
    return settings if settings.shape else replace(settings, draft_length=LENGTH)


def _sentences() -> Iterator[str]:
    for section in catalog().values():
        for entry in section.values():
            yield from [entry] if isinstance(entry, str) else entry.values()


def _drafter(name: str, pair: Pair, settings: Settings, text: str, ids: list[int], folder: Path) -> Drafter:
    if DRAFTERS[name].datastore and not (settings.datastore or pair.datastore):
        file, path = folder / "sentences.txt", folder / "datastore"
        file.write_text(text, encoding="utf-8")
        build([file], path, pair.target.tokenizer)
        settings = replace(settings, datastore=str(path))
    drafter = make(name, replace(pair, memory={}), settings)  # runs of this pair learn nothing from the measurement
    return _taught(pair, settings, ids) if isinstance(drafter, SuffixDrafter) else drafter


def _taught(pair: Pair, settings: Settings, ids: list[int]) -> SuffixDrafter:
    """A suffix drafter whose memory of earlier texts is full, separate from that of the process's own runs."""
    drafter = SuffixDrafter()
    drafter.start(pair.target, [], settings)
    drafter.finish(list(islice(cycle(ids), MOST_TOKENS // 2 - 1)))
    drafter.finish(list(islice(cycle(ids), len(ids) // 2, len(ids) // 2 + MOST_TOKENS // 2 - 1)))
    return drafter


def _row(name: str, drafter: Drafter, ids: list[int], tokens: int, settings: Settings, pair: Pair) -> dict[str, Any]:
    shape, coins, chance = settings.shape or (), Coins(settings.seed), random.Random(settings.seed)
    stream = cycle(ids)
    context = list(islice(stream, tokens))
    drafter.start(pair.target, context[:], settings)
    seconds, guesses = [], []
    for _ in range(WARM_UP + ROUNDS):
        start = perf_counter()
        draft = drafter.propose(Context(context), shape, coins)
        seconds.append(perf_counter() - start)
        guesses.append(len(draft.parents))
        context += islice(stream, chance.randint(1, MOST_COMMITTED))
    seconds = sorted(seconds[WARM_UP:])
    return {
        "drafter": name,
        "rounds": ROUNDS,
        "seconds": {"median": median(seconds), "nine_in_ten": seconds[ROUNDS * 9 // 10]},
        "guesses": sum(guesses[WARM_UP:]) / ROUNDS,
    }
