"""The state of one run, and the rounds that change it: propose, target pass, judge, commit."""

import logging
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from time import perf_counter

import torch
from msgspec import structs
from torch import Tensor

from specdec import drafters
from specdec.device.clock import Stopwatch, synchronize
from specdec.device.machine import describe, reset_peak_memory
from specdec.drafters.draft import Context, Draft, Drafter, Outcome
from specdec.engine.planner import Planner
from specdec.engine.recorder import Guess, Judged, Recorder, Written, discarded
from specdec.engine.request import Prepared, spell
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.methods import RULES
from specdec.models.detokenizer import Position, detokenizer
from specdec.sampling import Choice, Coins, distribution, one_hot, tossed
from specdec.trace import (
    DrafterInfo,
    Header,
    MessageRecord,
    Passes,
    Plan,
    Prompt,
    Reason,
    Round,
    Seconds,
    TargetInfo,
)
from specdec.verify.judgment import Judgment, tree
from specdec.version import __version__

log = logging.getLogger(__name__)


class Run:
    """One run, from the prefilled prompt to the last round. `header` is the first line of its trace; `tokens` is the
    committed token list, prompt included, which all caches follow.

    With a planner, the planner chooses the draft length of every round. With `record` false, the tokens of a round
    hold only ids, texts and verdicts, and the rounds cannot be saved as a trace. Raises UserError if the prompt cannot
    be read, since there is no trace yet that could report the error.
    """

    def __init__(self, prepared: Prepared, planner: Planner | None = None, record: bool = True) -> None:
        opening, settings = prepared.opening, prepared.settings
        self.prepared, self.planner, self.settings = prepared, planner, settings
        self.target, self.drafter = prepared.pair.target, prepared.drafter
        self.source, self.tokens = list(opening.source), list(opening.tokens)
        self.prompt_length = len(self.tokens)
        self.rule = RULES[settings.rule]
        self.choice = Choice.of(settings, self.target.vocab_size)
        used = {"drafted": opening.parent.draft_coins, "judged": opening.parent.judge_coins} if opening.parent else {}
        self.coins = Coins(settings.seed, **used)
        self.elapsed = 0.0
        self.index = 0
        self.stop_ids = detokenizer(self.target.tokenizer).named(settings.stop)
        with _readable(len(opening.given)):
            shown, position = spell(self.target, opening.given, len(opening.written))
            self.tail = "".join(token.text for token in shown[len(shown) - len(opening.written) :])
            self.recorder = Recorder(self.target, Position() if self.source else position, self.rule, record)
            reset_peak_memory(self.target.device)
            start = perf_counter()
            self._prefill()
            prompt = Prompt(str(opening.text), shown)  # a plain string, whoever wrote it
            self.header = _header(prepared, planner, prompt, prefill_seconds=perf_counter() - start)

    def _prefill(self) -> None:
        """Feed the prompt, except its last token, to the target and to the drafter, before the run's clock starts."""
        given = list(self.prepared.opening.given)
        self.session = self.target.session(keeps_hidden="hidden" in self.drafter.needs)
        self.hidden = [self.session.begin(given)]  # hidden states that the drafter has not been given yet
        self.extra: Tensor | None = None
        self.drafter.start(self.target, given, self.settings)
        synchronize(self.target.device)

    @torch.inference_mode()
    def round(self) -> tuple[Round, Reason | None]:
        """Decode one round: a draft, a target pass and its outcome. Returns the round, and the reason why the run
        ended, or None."""
        start = perf_counter()
        watch = Stopwatch(self.target.device, lambda: self.target.accelerator.aside)
        watch.mark()
        plan, draft = self._propose()
        watch.mark()
        logits = self._target_pass(draft)
        watch.mark()
        judged, coins = self._judge(draft, logits)
        guesses, final, reason = self._commit(draft, judged, coins)
        spent = perf_counter() - start - watch.aside
        drafting = watch.between(0) if self.drafter.longest else 0.0
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
        """The seconds that a round without guesses takes at the current end of the text. Nothing is committed."""
        start = perf_counter()
        draft = drafters.nothing(self.target.device, self.target.vocab_size)
        judged, coins = self._judge(draft, self._target_pass(draft))
        self.recorder.final_token(draft, judged, coins)
        return perf_counter() - start

    def _propose(self) -> tuple[Plan | None, Draft]:
        """The round's plan, if there is a planner, and its draft. The draft is never longer than what can still be
        written, since the target adds one token after it."""
        most = self.prompt_length + self.settings.max_new_tokens - len(self.tokens) - 1
        plan = self.planner.plan(most) if self.planner else None
        most = int(min(most, self.drafter.longest))
        shape = (1,) * plan.draft_length if plan else (self.settings.shape or ())[:most]
        shape = tuple(min(width, self.target.vocab_size) for width in shape)
        if not shape:
            return plan, drafters.nothing(self.target.device, self.target.vocab_size)
        return plan, self.drafter.propose(self._context(), shape, self.coins)

    def _context(self) -> Context:
        """The committed tokens, and what the drafter's `needs` ask for since its last proposal."""
        needs = self.drafter.needs
        hidden = [part for part in self.hidden if part is not None]
        context = Context(
            self.tokens,
            self.source,
            hidden=torch.cat(hidden) if hidden else None,
            session=self.session if "layers" in needs else None,
            extra=self.extra if "logits" in needs else None,
        )
        self.hidden, self.extra = [], None
        return context

    def _target_pass(self, draft: Draft) -> Tensor:
        """Feed all guesses in one pass: logits [N + 1, V], row 0 after the context, row i + 1 after node i. The logits
        of the draft's extra tokens are kept for the drafter."""
        if draft.extra is None:
            return self.session.forward(self.tokens, draft.ids, draft.parents)
        count = len(draft.parents)
        riders = tuple(count + parent if parent >= 0 else -1 for parent in draft.extra.parents)
        logits = self.session.forward(self.tokens, torch.cat([draft.ids, draft.extra.ids]), draft.parents + riders)
        self.extra = logits[count + 1 :]
        return logits[: count + 1]

    def _judge(self, draft: Draft, logits: Tensor) -> tuple[Judged, list[float]]:
        """The rule's verdicts on the host, and the random numbers (coins) that they were decided with."""
        q = draft.q if draft.q is not None else one_hot(draft.ids, logits.shape[-1])
        coins = self.coins.judge(len(draft.parents) + 1) if self.rule.coins != "none" else []
        flips = tossed(coins, logits.device) if coins else None
        p, judgment = self._verdicts(draft, logits, q, flips)
        return self.recorder.fetch(draft, p, q, judgment), coins

    def _verdicts(self, draft: Draft, logits: Tensor, q: Tensor, flips: Tensor | None) -> tuple[Tensor, Judgment]:
        """The target's distributions p [N + 1, V] and the rule's judgment. Some chains are judged by compiled code."""
        judge = self.target.accelerator.verdicts(self.choice.rule, self.choice.kind, len(draft.parents))
        if judge and tree(draft.parents, logits.device).is_chain:
            return judge(logits, draft.ids, q, flips, self.choice)
        p = distribution(logits, self.settings)
        options = {name: getattr(self.settings, name) for name in self.rule.settings}
        return p, self.rule.judge(draft.ids, draft.parents, p, q, flips, **options)

    def _commit(
        self, draft: Draft, judged: Judged, coins: list[float]
    ) -> tuple[tuple[Guess, ...], Written | None, Reason | None]:
        """Append what was kept, up to where the text ends; text, trace, caches and counts end at the same token."""
        guesses = self.recorder.draft_tokens(draft, judged, coins)
        path: list[int] = []
        reason: Reason | None = None
        for i, token in enumerate(guesses):
            if token.verdict == "accepted" and reason is None:
                path.append(i)
                reason = self._write(token)
            elif reason is not None:
                guesses = guesses[:i] + (discarded(token),) + guesses[i + 1 :]
        kept = [guesses[i].id for i in path]
        final = None
        if self.session.keeps_hidden:
            assert self.session.hidden is not None
            self.hidden.append(self.session.hidden[self.target.tensor([0, *(node + 1 for node in path)])])
        self.session.keep(path, kept)
        self.drafter.observe(Outcome(tuple(path), tuple(kept)))
        if reason is None:
            final = self.recorder.final_token(draft, judged, coins)
            reason = self._write(final)
        if reason is not None and (ending := self.recorder.ending()):
            if final is not None:
                return guesses, structs.replace(final, text=final.text + ending), reason
            last = structs.replace(guesses[path[-1]], text=guesses[path[-1]].text + ending)
            guesses = guesses[: path[-1]] + (last,) + guesses[path[-1] + 1 :]
        return guesses, final, reason

    def _write(self, token: Guess | Written) -> Reason | None:
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


def attempt(run: Run) -> tuple[Round | None, Reason | None, MessageRecord | str | None]:
    """The next round (None if it failed), the reason why the run ended (or None), and what failed (or None)."""
    try:
        return *run.round(), None
    except Exception as error:
        log.exception("the run failed")
        return None, "error", _failure(error)


def _failure(error: Exception) -> MessageRecord | str:
    """The error as recorded: a UserError as key and values, any other as the first line of its text."""
    if isinstance(error, UserError) and isinstance(error.message, Message):
        return MessageRecord.of(error.message)
    return f"{type(error).__name__}: {error}".splitlines()[0]


@contextmanager
def _readable(tokens: int) -> Iterator[None]:
    """A context in which every error is raised as a UserError: a prompt of this many tokens cannot be read."""
    try:
        yield
    except UserError:
        raise
    except torch.OutOfMemoryError:
        raise UserError("errors.prompt_memory", n=tokens) from None
    except Exception as error:
        log.exception("the run could not begin")
        raise UserError("errors.prompt_unread", why=first_line(error)) from error


def _header(prepared: Prepared, planner: Planner | None, prompt: Prompt, prefill_seconds: float) -> Header:
    target, request = prepared.pair.target, prepared.request
    why = target.accelerator.reason
    return Header(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source=request.source,
        software=_software(),
        hardware=describe(target.device, target.dtype, target.mode, MessageRecord.of(why) if why else None),
        pair=prepared.pair.name,
        target=TargetInfo(target.name, target.parameters, encoder_decoder=target.encoder_decoder),
        drafter=_described(request.drafter, prepared.drafter),
        settings=prepared.settings.as_record(),
        calibration=planner.costs if planner else None,
        prompt=prompt,
        prefill_seconds=prefill_seconds,
        parent=prepared.opening.parent,
    )


def _described(name: str, drafter: Drafter) -> DrafterInfo:
    """The drafter as the header shows it, with the name and size of its draft model or heads, if it has any."""
    if drafter.model is not None:
        return DrafterInfo(name, drafter.model.name, drafter.model.parameters)
    if drafter.heads is not None:
        return DrafterInfo(name, drafter.heads.name, drafter.heads.size)
    return DrafterInfo(name, None, None)


@cache
def _software() -> dict[str, str]:
    """The versions of the software that computed the run."""
    names = {name: version(name) for name in ("torch", "transformers")}
    return {"specdec": __version__, "python": platform.python_version(), **names}
