"""The experiments as values: what each needs, how far it is, and what it found.

No torch: a job may be made by a process that has no models, and carried out by another.
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
    """`done` steps are over, of `most` at most (None: that is not known). `partial` is what the last of them found;
    its type is the job's."""

    done: int
    most: int | None
    partial: Any


@dataclass(frozen=True, slots=True)
class Report:
    """What an experiment found, as plain JSON values."""

    values: dict[str, Any]


Steps = Iterator[Progress | Report]


class Job(Protocol):
    """A frozen dataclass of plain values, among them the pair that it is about.

    `steps` carries it out with that pair: Progress after every step, a Report at the end; closing the iterator stops
    it. Raises UserError for what cannot be run.
    """

    @property
    def pair(self) -> PairChoice: ...

    def steps(self, pair: "Pair") -> Steps: ...


@dataclass(frozen=True, slots=True)
class Race:
    """Plain decoding against a drafter on one prompt (`specdec.lab.race`). A step is a line of one of the two traces;
    the report has the totals of both."""

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
    """What is found, as it happens, and then the report on all of it."""
    kept = []
    for number, one in enumerate(found, start=1):
        kept.append(one)
        yield Progress(number, most, one)
    yield Report(report(kept))


@dataclass(frozen=True, slots=True)
class Bench:
    """Plain decoding and drafters on the same prompts, `runs` times (`specdec.lab.bench`). A step is a run's
    Measurement. unrecorded: every run once more with nothing recorded (`specdec.lab.recording_overhead`)."""

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
    """The same, beside transformers' own lanes (`specdec.lab.vs_transformers`). A step is a Measurement, or what could
    not be measured and why."""

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
    """How much more one rule keeps than another, on the same prompts and seeds (`specdec.lab.compare_rules`). A step
    is what a run kept."""

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
    """What a guess costs drafters that copy, deep in a text (`specdec.lab.drafter_latency`). It has no steps but the
    report."""

    pair: PairChoice
    drafters: tuple[str, ...]
    tokens: int
    settings: Settings

    def steps(self, pair: "Pair") -> Steps:
        from specdec.lab.drafter_latency import proposal_cost

        yield Report(proposal_cost(pair, self.drafters, self.tokens, self.settings))


@dataclass(frozen=True, slots=True)
class LongContext:
    """What a token costs behind more and more of them (`specdec.lab.long_context`), on a pair with random weights. A
    step is a run's Sample."""

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
    """What speculation pays at stated acceptances (`specdec.lab.synthetic_bench`), on a pair with random weights. A
    step is a run's Measurement. No draft lengths or acceptances: the usual ones."""

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
    """The same, beside transformers' own lanes, at one draft length."""

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
