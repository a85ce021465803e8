"""The loop: draft → target pass → verdicts → commit, a Round at a time. Plain decoding is an empty draft.

Read this, then `verify/`, then `trace.py`, and you have read the project.
"""

import logging
import platform
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import version
from statistics import median
from time import perf_counter
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from specdec import __version__, drafters
from specdec.device.clock import Stopwatch, synchronize
from specdec.device.machine import describe, peak_memory, reset_peak_memory
from specdec.drafters.draft import Context, Draft, Drafter, Outcome
from specdec.drafters.none import NoDrafter
from specdec.engine.planner import WIDTHS, Calibration, Planner, interpolate
from specdec.engine.recorder import Judged, TraceRecorder
from specdec.errors import NoRoom, UserError, first_line
from specdec.methods import PLAIN, RULES
from specdec.models.detokenizer import Detokenizer, Position, detokenizer
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.session import Session
from specdec.sampling import Choice, Coins, distribution, one_hot, tossed
from specdec.settings import AUTO, Settings
from specdec.trace import (
    DrafterInfo,
    DraftToken,
    FinalToken,
    Footer,
    Header,
    Line,
    Passes,
    Prompt,
    Round,
    Seconds,
    TargetInfo,
    Token,
    count,
)
from specdec.verify import VERDICTS
from specdec.verify.judgment import Judgment, tree

log = logging.getLogger(__name__)

CALIBRATION_TURNS = 7  # widths take turns, so a slow moment of the machine meets all of them
CALIBRATION_LENGTH, CALIBRATION_TOKENS = 4, 16
PLAIN_TURNS, PLAIN_EVERY = 3, 8  # plain rounds measured behind a run: at most so many, and one for so many of its own


def rounds(
    pair: Pair,
    drafter_name: str,
    prompt: str,
    settings: Settings,
    *,
    source: str = "live",
    calibration: Calibration | None = None,
    remember: bool = True,
    recorder: type[TraceRecorder] = TraceRecorder,
) -> Iterator[Line]:
    """Yield the Header, each Round as it happens, the Footer. The clock stands still while the caller holds a line.

    A draft length of `auto` is planned by a calibration: an earlier run's, or else one that is measured here first.
    A drafter that learns from runs learns from this one, unless it is not to be remembered; another recorder records
    less, and its lines are no trace to be written (`specdec.lab.recording_overhead`). Raises UserError before the
    header for what cannot be run; whatever fails later ends the trace with reason `error`, so what was there is kept.
    """
    drafter = drafters.make(drafter_name, pair, settings)
    settings = drafters.settle(drafter_name, pair, settings)
    run = Run(pair.target, drafter, prompt, settings, recorder)
    if pair.target.mode == "graphs":
        warm_up(pair, drafter_name, prompt, settings)  # most recordings are made here, others aside from the clock
    if settings.draft_length == AUTO and drafter_name != PLAIN:
        costs = calibration or _costs(pair, drafter_name, prompt, settings)
        run.planner = Planner(costs, drafters.longest(drafter_name, pair))
    yield _begin(run, drafter_name, source)
    done: list[Round] = []
    reason, message = None, None
    try:
        while reason is None:
            one, reason, message = _attempt(run)
            if one is not None:
                done.append(one)
                yield one
    finally:  # a caller who stops early leaves here
        if remember:
            drafter.finish([*run.source, *run.tokens])
    totals = count(done, peak_memory(pair.target.device))
    yield Footer(reason, message, totals, _plain_round_seconds(run, done) if reason != "error" else None)


def _begin(run: "Run", drafter_name: str, source: str) -> Header:
    """Raises UserError where the prompt cannot be read: there is no trace yet that could say what failed."""
    try:
        return run.begin(drafter_name, source)
    except UserError:
        raise
    except torch.OutOfMemoryError:
        raise UserError("errors.prompt_memory", n=len(run.given)) from None
    except Exception as error:
        log.exception("the run could not begin")
        raise UserError("errors.prompt_unread", why=first_line(error)) from error


def _attempt(run: "Run") -> tuple[Round | None, str | None, str | None]:
    """The next round, why the run ended (or None), and what failed if it did."""
    try:
        return *run.round(), None
    except Exception as error:
        log.exception("the run failed")
        return None, "error", f"{type(error).__name__}: {error}".splitlines()[0]


def _plain_round_seconds(run: "Run", done: list[Round]) -> float | None:
    """What the run's costs are compared with: the median of a few plain rounds; None for a run that had few rounds, or
    whose own were plain. The run is over, so nothing that fails here is a failure of it."""
    turns = min(PLAIN_TURNS, len(done) // PLAIN_EVERY)
    if not turns or not any(one.draft for one in done):
        return None
    try:
        run.plain_round()  # the first of its width warms up
        return median(run.plain_round() for _ in range(turns))
    except Exception:
        log.exception("a plain round could not be measured")
        return None


def warm_up(
    pair: Pair, drafter_name: str, prompt: str, settings: Settings, recorder: type[TraceRecorder] = TraceRecorder
) -> None:
    """Run a few rounds and forget them: first passes pay for memory, kernels and caches of the machine."""
    fixed = replace(settings, draft_length=CALIBRATION_LENGTH) if settings.draft_length == AUTO else settings
    fixed = drafters.settle(drafter_name, pair, replace(fixed, stop=()))
    run, reason = Run(pair.target, drafters.make(drafter_name, pair, fixed), prompt, fixed, recorder), None
    enough = run.prompt_length + 3 * (len(fixed.shape) + 1)
    _begin(run, drafter_name, "live")
    while reason is None and len(run.tokens) < enough:
        _, reason, _ = _attempt(run)


def _costs(pair: Pair, drafter_name: str, prompt: str, settings: Settings) -> Calibration:
    """Measured; where that fails, costs under which nothing pays, so that the run itself says what is wrong."""
    try:
        return calibrate(pair, drafter_name, prompt, settings)
    except Exception:
        log.exception("the costs could not be measured")
        return Calibration(1.0, (1.0,), 0.0)


def calibrate(pair: Pair, drafter_name: str, prompt: str, settings: Settings) -> Calibration:
    """Measure what `auto` has to know, on this prompt and machine: passes of several widths, and a short fixed run."""
    session = pair.target.session()
    source, tokens = pair.target.begin(_well_formed(prompt))
    session.begin(source or tokens)
    widths = [width for width in WIDTHS if len(tokens) + width <= pair.target.limit + 1]
    taken = [[_seconds_of_pass(session, tokens, width) for width in widths] for _ in range(CALIBRATION_TURNS)]
    seconds = [median(turns) for turns in zip(*taken, strict=True)]
    plain, v = seconds[0], interpolate(widths, [one / seconds[0] for one in seconds])
    length = min(CALIBRATION_TOKENS, settings.max_new_tokens)
    short = replace(settings, draft_length=CALIBRATION_LENGTH, max_new_tokens=length, stop=())
    for _ in range(2):  # the first run only warms up
        lines = rounds(pair, drafter_name, prompt, short, remember=False)
        trial = [line for line in lines if isinstance(line, Round)]
    c = median(one.seconds.draft / max(1, len(one.draft)) for one in trial) / plain
    o = median((one.end - one.start - one.seconds.draft) / plain - v[min(len(one.draft), len(v) - 1)] for one in trial)
    return Calibration(c, v, max(0.0, o))


def _seconds_of_pass(session: Session, tokens: list[int], width: int) -> float:
    """One pass over the last token and guesses behind it, `width` in all; the session forgets them."""
    start = perf_counter()
    session.forward(tokens, session.model.tensor([tokens[-1]] * (width - 1)), range(-1, width - 2))
    synchronize(session.model.device)
    return perf_counter() - start


class Run:
    """One run between its header and its footer. `tokens`, prompt included, is the truth that caches follow."""

    def __init__(
        self,
        target: LanguageModel,
        drafter: Drafter,
        prompt: str,
        settings: Settings,
        recorder: type[TraceRecorder] = TraceRecorder,
    ) -> None:
        self.target, self.drafter, self.settings, self._new_recorder = target, drafter, settings, recorder
        self.prompt = _well_formed(prompt)
        _check_characters(target, self.prompt)
        self.source, self.tokens = target.begin(self.prompt)
        self.given = self.source or list(self.tokens)
        if not self.given:
            raise UserError("errors.prompt_empty")
        _check_room(target, self.source, self.tokens, settings)
        self.prompt_length = len(self.tokens)
        self.rule = RULES[settings.rule]
        self.choice = Choice.of(settings, target.vocab_size)
        self.coins = Coins(settings.seed)
        self.planner: Planner | None = None
        self.elapsed = 0.0
        self.index = 0
        self.stop_ids = detokenizer(target.tokenizer).named(settings.stop)
        self.tail = ""  # the end of the output, as long as the longest stop text can reach back

    def begin(self, drafter_name: str, source: str) -> Header:
        """Feed the prompt but its last token, to both models; the clock starts after this."""
        reader = detokenizer(self.target.tokenizer)
        shown, position = _spell(reader, self.given)
        self.recorder = self._new_recorder(reader, Position() if self.source else position, self.rule)
        reset_peak_memory(self.target.device)
        start = perf_counter()
        self.session = self.target.session(keeps_hidden="hidden" in self.drafter.needs)
        self.hidden = [self.session.begin(self.given)]  # what the drafter has not been handed yet
        self.extra: Tensor | None = None
        self.drafter.start(self.target, list(self.given), self.settings)
        synchronize(self.target.device)
        return Header(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            source=source,
            software=_software(),
            hardware=describe(self.target.device, self.target.dtype, self.target.mode),
            target=TargetInfo(self.target.name, self.target.parameters, encoder_decoder=self.target.encoder_decoder),
            drafter=_described(drafter_name, self.drafter),
            settings=self.settings.as_record(),
            calibration=self.planner.costs.as_record() if self.planner else None,
            prompt=Prompt(self.prompt, shown),
            prefill_seconds=perf_counter() - start,
        )

    @torch.inference_mode()
    def round(self) -> tuple[Round, str | None]:
        """One draft, one target pass, the outcome; and why the run ended, or None."""
        start = perf_counter()
        watch = Stopwatch(self.target.device)
        watch.mark()
        plan, draft = self._propose()
        watch.mark()
        logits = self._target_pass(draft)
        watch.mark()
        judged, coins = self._judge(draft, logits)
        guesses, final, reason = self._commit(draft, judged, coins)
        spent = perf_counter() - start - watch.aside
        drafting = 0.0 if isinstance(self.drafter, NoDrafter) else watch.between(0)
        seconds = Seconds(drafting, watch.between(1), max(0.0, spent - drafting - watch.between(1)))
        began, self.elapsed = self.elapsed, self.elapsed + spent
        passes = Passes(draft.passes, 1)
        self.index += 1
        one = Round(self.index - 1, began, self.elapsed, seconds, passes, plan, guesses, final)
        if self.planner:
            self.planner.learn(one)
        return one, reason

    @torch.inference_mode()
    def plain_round(self) -> float:
        """Seconds that a round without a guess takes where the text stands: all but the writing, and all forgotten."""
        start = perf_counter()
        draft = drafters.nothing(self.target.device, self.target.vocab_size)
        judged, coins = self._judge(draft, self._target_pass(draft))
        self.recorder.final_token(draft, judged, coins)
        return perf_counter() - start

    def _propose(self) -> tuple[dict[str, Any] | None, Draft]:
        """Never more than can still be written: the target adds one token of its own."""
        most = self.prompt_length + self.settings.max_new_tokens - len(self.tokens) - 1
        plan = self.planner.plan(most) if self.planner else None
        shape = (1,) * plan["draft_length"] if plan else (self.settings.shape or ())[:most]
        shape = tuple(min(width, self.target.vocab_size) for width in shape)
        if not shape:
            return plan, drafters.nothing(self.target.device, self.target.vocab_size)
        return plan, self.drafter.propose(self._context(), shape, self.coins)

    def _context(self) -> Context:
        """What is committed, and what the drafter asked for since its last proposal."""
        hidden = [part for part in self.hidden if part is not None]
        session = self.session if "layers" in self.drafter.needs else None
        context = Context(self.tokens, self.source, torch.cat(hidden) if hidden else None, session, self.extra)
        self.hidden, self.extra = [], None
        return context

    def _target_pass(self, draft: Draft) -> Tensor:
        """Judge all guesses at once: logits [N + 1, V], row 0 behind the context. What rides along is set aside."""
        if draft.extra is None:
            return self.session.forward(self.tokens, draft.ids, draft.parents)
        count = len(draft.parents)
        riders = tuple(count + parent if parent >= 0 else -1 for parent in draft.extra.parents)
        logits = self.session.forward(self.tokens, torch.cat([draft.ids, draft.extra.ids]), draft.parents + riders)
        self.extra = logits[count + 1 :]
        return logits[: count + 1]

    def _judge(self, draft: Draft, logits: Tensor) -> tuple[Judged, list[float]]:
        """The rule's verdicts on the host, and the coins that they took."""
        q = draft.q if draft.q is not None else one_hot(draft.ids, logits.shape[-1])
        coins = self.coins.judge(len(draft.parents) + 1) if self.rule.coins != "none" else []
        flips = tossed(coins, logits.device) if coins else None
        p, judgment = self._verdicts(draft, logits, q, flips)
        return self.recorder.fetch(self.target, draft, p, q, judgment), coins

    def _verdicts(self, draft: Draft, logits: Tensor, q: Tensor, flips: Tensor | None) -> tuple[Tensor, Judgment]:
        """p [N + 1, V], and what the rule makes of it. Compiled code is there for chains and usual laws."""
        code = self.target.code((VERDICTS, self.settings.rule, self.choice.kind, len(draft.parents)))
        if code and tree(draft.parents, logits.device).is_chain:
            drawn = [] if flips is None else [q, flips, self.choice.numbers()]
            p, kept, tried, final, row, *accept = code([logits, draft.ids, *drawn])
            return p, Judgment(kept, tried, *accept or [None], final, row)
        p = distribution(logits, self.settings)
        options = {name: getattr(self.settings, name) for name in self.rule.settings}
        return p, self.rule.judge(draft.ids, draft.parents, p, q, flips, **options)

    def _commit(
        self, draft: Draft, judged: Judged, coins: list[float]
    ) -> tuple[tuple[DraftToken, ...], FinalToken | None, str | None]:
        """Append what was kept, up to where the text ends; text, trace, caches and counts end at the same token."""
        guesses = self.recorder.draft_tokens(draft, judged, coins)
        path: list[int] = []
        reason = None
        for i, token in enumerate(guesses):
            if token.verdict == "accepted" and reason is None:
                path.append(i)
                reason = self._write(token)
            elif reason is not None:
                guesses = guesses[:i] + (replace(token, verdict="discarded", coin=None),) + guesses[i + 1 :]
        kept = [guesses[i].id for i in path]
        final = None
        if self.session.keeps_hidden:
            self.hidden.append(self.session.hidden[self.target.tensor([0, *(node + 1 for node in path)])])
        self.session.keep(path, kept)
        self.drafter.observe(Outcome(tuple(path), tuple(kept)))
        if reason is None:
            final = self.recorder.final_token(draft, judged, coins)
            reason = self._write(final)
        if reason is not None and (ending := self.recorder.ending()):
            if final is not None:
                return guesses, replace(final, text=final.text + ending), reason
            last = replace(guesses[path[-1]], text=guesses[path[-1]].text + ending)
            guesses = guesses[: path[-1]] + (last,) + guesses[path[-1] + 1 :]
        return guesses, final, reason

    def _write(self, token: DraftToken | FinalToken) -> str | None:
        """Add one token to the output; why the text ends here, or None."""
        self.recorder.commit([token.id])
        self.tokens.append(token.id)
        if token.id in self.target.end_ids:
            return "eos"
        if token.id in self.stop_ids:
            return "stop"
        reach = max(map(len, self.settings.stop), default=0) + len(token.text)
        self.tail = (self.tail + token.text)[-reach:] if reach else ""
        if any(text in self.tail for text in self.settings.stop):
            return "stop"
        return "length" if len(self.tokens) - self.prompt_length >= self.settings.max_new_tokens else None


def _described(name: str, drafter: Drafter) -> DrafterInfo:
    """The draft model, or the heads, if any guess."""
    if drafter.model is not None:
        return DrafterInfo(name, drafter.model.name, drafter.model.parameters)
    heads = getattr(drafter, "heads", None)
    return DrafterInfo(name, None, None) if heads is None else DrafterInfo(name, heads.name, heads.size)


@cache
def _software() -> dict[str, str]:
    """Versions of what computed the run."""
    names = {name: version(name) for name in ("torch", "transformers")}
    return {"specdec": __version__, "python": platform.python_version(), **names}


def _well_formed(prompt: str) -> str:
    """Surrogate pairs joined, lone ones replaced: no tokenizer can take them. Raises UserError for an empty prompt."""
    if not prompt.strip():
        raise UserError("errors.prompt_empty")
    return type(prompt)(prompt.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _check_characters(model: LanguageModel, prompt: str) -> None:
    """Raises NoRoom, before it is tokenized, for a prompt that no tokenization makes short enough for the model."""
    most = model.limit * _longest_piece(model.tokenizer)
    if len(prompt) > most:
        size = {"characters": len(prompt), "most": most, "limit": model.limit}
        raise NoRoom("errors.prompt_characters", model=model.name, **size)


@lru_cache(maxsize=8)
def _longest_piece(tokenizer: PreTrainedTokenizerBase) -> int:
    """Characters of the longest entry of the vocabulary. An entry spelled in bytes has one for each byte: never fewer
    than it writes."""
    return max(map(len, tokenizer.get_vocab()))


def _check_room(model: LanguageModel, source: list[int], tokens: list[int], settings: Settings) -> None:
    if max(len(source), len(tokens) + settings.max_new_tokens) > model.limit:
        size = {"tokens": len(source or tokens), "new": settings.max_new_tokens, "limit": model.limit}
        key = "errors.prompt_long_rope" if model.limit == model.original_context else "errors.prompt_long"
        raise NoRoom(key, model=model.name, **size)


def _spell(reader: Detokenizer, ids: list[int]) -> tuple[tuple[Token, ...], Position]:
    position, shown = Position(), []
    for token in ids:
        text, position = reader.add(position, token)
        shown.append(Token(token, reader.piece(token), text))
    ending, position = reader.finish(position)  # a prompt is a text: no character goes on behind it
    return (*shown[:-1], replace(shown[-1], text=shown[-1].text + ending)), position
