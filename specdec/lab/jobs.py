"""Experiments as plain values: their inputs (`Job`), their progress and their reports.

Torch-free: a job may be created in a process without models and carried out in another.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from msgspec import to_builtins

from specdec.catalog.pair_choice import PairChoice
from specdec.lab.prompts import Prompt
from specdec.settings import Settings
from specdec.trace import Footer

if TYPE_CHECKING:
    from specdec.models.pair import Pair


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job: `done` steps of at most `most` (None: not known). `partial` is the result of the last
    step; its type depends on the job."""

    done: int
    most: int | None
    partial: Any


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an experiment, as plain JSON values."""

    values: dict[str, Any]


Steps = Iterator[Progress | Report]


class Job(Protocol):
    """An experiment's inputs: a frozen dataclass of plain values, one of which names the pair of models.

    `steps` runs the experiment with that pair once it is loaded and yields a Progress after every step and a Report at
    the end; closing the iterator stops the experiment. Raises UserError for what cannot be run.
    """

    @property
    def pair(self) -> PairChoice: ...

    def steps(self, pair: "Pair") -> Steps: ...


@dataclass(frozen=True, slots=True)
class Race:
    """A race between plain decoding and a drafter on one prompt (`specdec.lab.race`). A step is a line of one of the
    two traces; the report has the totals of both."""

    pair: PairChoice
    prompt: str
    drafter: str
    settings: Settings
    source: Literal["live", "recorded"] = "live"

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab.race import race

        totals = []
        lines = race(pair, self.prompt, self.drafter, self.settings, source=self.source)
        for number, line in enumerate(lines, start=1):
            if isinstance(line, Footer):
                totals.append(to_builtins(line.totals))
            yield Progress(number, None, line)
        yield Report(dict(zip(("plain", "speculative"), totals, strict=False)))


def _steps(found: Iterable[Any], most: int | None, report: Callable[[list[Any]], dict[str, Any]]) -> Steps:
    """A Progress for each result as soon as there is one, then the Report on all of them."""
    kept = []
    for number, one in enumerate(found, start=1):
        kept.append(one)
        yield Progress(number, most, one)
    yield Report(report(kept))


@dataclass(frozen=True, slots=True)
class Bench:
    """A benchmark of plain decoding and drafters on the same prompts, `runs` times (`specdec.lab.bench`). A step is a
    run's Measurement.

    unrecorded: make every run a second time without recording a trace (`specdec.lab.recording_overhead`).
    """

    pair: PairChoice
    drafters: tuple[str, ...]
    prompts: tuple[Prompt, ...]
    settings: Settings
    runs: int
    unrecorded: bool = False

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab import bench, recording_overhead

        lab = recording_overhead if self.unrecorded else bench
        texts, categories = zip(*self.prompts, strict=True)
        found = lab.bench(pair, self.drafters, texts, self.settings, self.runs)
        most = (1 + self.unrecorded) * len(bench.with_plain(self.drafters)) * len(texts) * self.runs
        yield from _steps(found, most, lambda kept: lab.report(kept, categories))


@dataclass(frozen=True, slots=True)
class VsTransformers:
    """A benchmark of our lanes against transformers' `generate` (`specdec.lab.vs_transformers`). A step is a
    Measurement, or a Missing for a lane that could not be measured."""

    pair: PairChoice
    drafters: tuple[str, ...]
    prompts: tuple[Prompt, ...]
    settings: Settings
    runs: int

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab import vs_transformers
        from specdec.lab.bandwidth import memory

        texts, categories = zip(*self.prompts, strict=True)
        found = vs_transformers.bench(pair, self.drafters, texts, self.settings, self.runs)
        yield from _steps(found, None, lambda kept: vs_transformers.report(kept, categories, memory(pair)))


@dataclass(frozen=True, slots=True)
class CompareRules:
    """How many more guesses one rule accepts than another, on the same prompts and seeds
    (`specdec.lab.compare_rules`). A step is a run's Kept."""

    pair: PairChoice
    drafter: str
    prompts: tuple[Prompt, ...]
    settings: Settings
    rules: tuple[str, str]
    runs: int

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab import compare_rules

        texts = [prompt.text for prompt in self.prompts]
        found = compare_rules.compare(pair, self.drafter, texts, self.settings, self.rules, self.runs)
        yield from _steps(found, len(self.rules) * len(texts) * self.runs, compare_rules.report)


@dataclass(frozen=True, slots=True)
class DrafterLatency:
    """The latency of drafters that copy, after a long context (`specdec.lab.drafter_latency`). It yields the Report
    only."""

    pair: PairChoice
    drafters: tuple[str, ...]
    tokens: int
    settings: Settings

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab.drafter_latency import proposal_cost

        yield Report(proposal_cost(pair, self.drafters, self.tokens, self.settings))


@dataclass(frozen=True, slots=True)
class LongContext:
    """The time per token as the context grows (`specdec.lab.long_context`), on a pair with random weights. A step is a
    run's Sample."""

    pair: PairChoice
    drafters: tuple[str, ...]
    settings: Settings
    runs: int

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab import long_context

        lanes, contexts = long_context.lanes(pair, self.drafters), long_context.CONTEXTS
        found = long_context.measure(pair, lanes, contexts, self.settings, self.runs)
        most = len(contexts) * len(lanes) * self.runs
        yield from _steps(found, most, lambda kept: long_context.report(pair, kept, self.settings))


@dataclass(frozen=True, slots=True)
class SyntheticBench:
    """The speed-up at given acceptance rates (`specdec.lab.synthetic_bench`), on a pair with random weights. A step is
    a run's Measurement. Empty `draft_lengths` or `acceptances` stand for the defaults of that module."""

    pair: PairChoice
    settings: Settings
    runs: int
    acceptances: tuple[float, ...] = ()
    draft_lengths: tuple[int, ...] = ()

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab import synthetic_bench
        from specdec.lab.bandwidth import memory

        stated = self.acceptances or synthetic_bench.ACCEPTANCES
        lengths = self.draft_lengths or synthetic_bench.DRAFT_LENGTHS
        costs = synthetic_bench.calibrate(pair, self.settings)
        found = synthetic_bench.measure(pair, self.settings, stated, lengths, self.runs)
        most = len(stated) * (1 + len(lengths)) * self.runs
        yield from _steps(found, most, lambda kept: synthetic_bench.report(kept, costs, stated, memory(pair)))


@dataclass(frozen=True, slots=True)
class SyntheticVsTransformers:
    """The speed-up at given acceptance rates of our lanes and of transformers' `generate`, on a pair with random
    weights and at one draft length (`specdec.lab.synthetic_bench`)."""

    pair: PairChoice
    settings: Settings
    runs: int
    acceptances: tuple[float, ...] = ()

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab import synthetic_bench
        from specdec.lab.bandwidth import memory

        stated = self.acceptances or synthetic_bench.ACCEPTANCES
        found = synthetic_bench.measure_against(pair, self.settings, stated, self.runs)
        most = len(stated) * len(synthetic_bench.LANES) * self.runs
        yield from _steps(
            found, most, lambda kept: synthetic_bench.report_against(kept, stated, self.runs, memory(pair))
        )
