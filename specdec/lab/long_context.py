"""The cost of a long context: the time per token as the context grows, compared with the time of attention alone.

Attention has to read the keys and values of all earlier tokens, so a token takes longer the more of them there are; no
other part of a pass depends on the length. The pair has random weights (`specdec.models.synthetic`): at every length
its text repeats itself every hundred tokens, and the draft model is right on the same share of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import torch
from msgspec import to_builtins
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from specdec.accelerate.cuda_graphs import Recording
from specdec.catalog.pairs import best
from specdec.device.clock import synchronize
from specdec.device.machine import describe
from specdec.engine import loop
from specdec.engine.calibration import warm_up
from specdec.engine.request import Request, prepare
from specdec.lab.bench import check, in_turns, with_plain
from specdec.methods import DRAFTERS
from specdec.models import synthetic
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Trace, gather

CONTEXTS = (200, 400, 800, 1600, 3000)  # tokens of the prompt
ACCEPTANCE = 0.8  # share of the draft model's guesses that are right: prescribed, not measured
PASSES = 15  # timed when attention alone is measured


@dataclass(frozen=True, slots=True)
class Sample:
    """The figures of one run, per token: `seconds`, the whole time, and `attention`, that of attention alone in all
    passes of a round."""

    drafter: str
    context: int
    turn: int
    seconds: float
    attention: float
    tokens_per_pass: float


class Queries(NamedTuple):
    """The inputs of a recorded attention pass: queries of shape [1, heads, rows, head size]."""

    queries: Tensor


def lanes(pair: Pair, drafters: Sequence[str] = ()) -> list[str]:
    """The lanes: plain decoding and each drafter; where none is named, the pair's best drafter."""
    return with_plain(drafters or [best(pair)])


def measure(
    pair: Pair, names: Sequence[str], contexts: Sequence[int], settings: Settings, runs: int
) -> Iterator[Sample]:
    """Measure every lane with every length of context `runs` times, after a warm-up; yields each sample as soon as its
    run ends. The order is reversed from turn to turn. Raises UserError for what cannot be run, RunFailed for a run
    that ended in an error."""
    if pair.draft:
        synthetic.differ(pair, 1 - ACCEPTANCE, settings.seed)
    for name in names:
        warm_up(prepare(pair, Request(synthetic.text(min(contexts)), name, settings)))
    for _, turn, (context, name) in in_turns(list(product(contexts, names)), [0], runs):
        trace = gather(loop.rounds(prepare(pair, Request(synthetic.text(context), name, settings)), remember=False))
        yield _sample(pair, name, context, turn, trace)


def _sample(pair: Pair, name: str, context: int, turn: int, trace: Trace) -> Sample:
    """The figures of a run. The time per token comes from the median round, which leaves out the few rounds that are
    disturbed or in which buffers grow."""
    check(trace)
    per_pass = trace.totals.tokens_per_pass
    assert per_pass is not None, "a run that came to its end has rounds"
    guesses = median(len(one.draft) for one in trace.rounds)
    attention = attention_seconds(pair.target, int(guesses) + 1, context)
    if DRAFTERS[name].draft_model and pair.draft:
        passes = median(one.passes.draft for one in trace.rounds if one.passes)
        attention += passes * attention_seconds(pair.draft, 1, context)
    seconds = median(one.end - one.start for one in trace.rounds)
    return Sample(name, context, turn, seconds / per_pass, attention / per_pass, per_pass)


@torch.inference_mode()
def attention_seconds(model: LanguageModel, rows: int, slots: int) -> float:
    """Seconds that `scaled_dot_product_attention` of all layers takes in one pass over `rows` tokens, each of which
    attends to all of `slots` cache slots without a mask; query heads that share keys are stacked. The median of PASSES
    passes."""
    session = model.session()
    session.prefill([0])
    shapes = [buffer.shape for buffer in session.cache.buffers()]  # keys and values of each layer, [1, heads, L, size]
    stacked = rows * model.config.num_attention_heads // shapes[0][1]
    like: dict[str, Any] = {"dtype": model.module.dtype, "device": model.device}
    queries = torch.randn(1, shapes[0][1], stacked, shapes[0][3], **like)
    buffers = [torch.randn(1, heads, slots, size, **like) for _, heads, _, size in shapes]
    layers = list(zip(buffers[::2], buffers[1::2], strict=True))

    def attend(inputs: Queries) -> tuple[Tensor, ...]:
        read = [scaled_dot_product_attention(inputs.queries, keys, values) for keys, values in layers]
        return (read[-1][..., :1],)  # a recording copies its outputs, so they are kept small

    captures = model.device.type == "cuda"  # without a CUDA graph the GPU would wait for the host
    run = Recording(attend, Queries(queries), None, captures)
    seconds = []
    for _ in range(1 + PASSES):  # the first one warms up
        synchronize(model.device)
        start = perf_counter()
        run(Queries(queries))
        synchronize(model.device)
        seconds.append(perf_counter() - start)
    return median(seconds[1:])


def report(pair: Pair, samples: Iterable[Sample], settings: Settings) -> dict[str, Any]:
    """The report as plain JSON values: `hardware`, `settings`, and a row for each lane and context length, with
    medians over the runs. `longer`: how many seconds more a token takes than with the shortest context, and how many
    seconds more its attention takes."""
    samples = list(samples)
    names, contexts = list(dict.fromkeys(one.drafter for one in samples)), sorted({one.context for one in samples})
    rows = []
    for name in names:
        lane = [_row([one for one in samples if (one.drafter, one.context) == (name, length)]) for length in contexts]
        for row in lane:
            row["longer"] = {what: row[what] - lane[0][what] for what in ("seconds_per_token", "attention")}
        rows += lane
    return {
        "hardware": to_builtins(describe(pair.target.device, pair.target.dtype, pair.target.mode)),
        "settings": {
            "target": pair.target.name,
            "draft": pair.draft.name if pair.draft and "model" in names else None,
            "acceptance": ACCEPTANCE if "model" in names else None,
            "positions": pair.target.limit,
            "runs": len({one.turn for one in samples}),
            **settings.as_record(),
        },
        "rows": rows,
    }


def _row(some: list[Sample]) -> dict[str, Any]:
    return {
        "drafter": some[0].drafter,
        "context": some[0].context,
        "seconds_per_token": median(one.seconds for one in some),
        "attention": median(one.attention for one in some),
        "tokens_per_pass": median(one.tokens_per_pass for one in some),
    }
