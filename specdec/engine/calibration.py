"""Measurements around a run: a warm-up, the costs that the draft length `auto` is planned with, and the time of a few
plain rounds after the run, which its speed is compared with."""

import logging
from math import inf
from statistics import median
from time import perf_counter

from specdec.device.clock import synchronize
from specdec.engine.planner import WIDTHS, Planner, interpolate
from specdec.engine.request import Prepared
from specdec.engine.run import Run, attempt
from specdec.models.session import Session
from specdec.settings import AUTO
from specdec.trace import Calibration, Round

log = logging.getLogger(__name__)

TURNS = 7  # timings of each width; the widths alternate, so that a slow moment of the machine affects all of them
LENGTH, TOKENS = 4, 16  # draft length, and number of new tokens, of the short runs that are measured
PLAIN_TURNS, PLAIN_EVERY = 3, 8  # after a run, one plain round is measured for every 8 of its rounds, 3 at most


def warm_up(prepared: Prepared, record: bool = True) -> None:
    """Run a few rounds and discard them: the first passes also pay for allocating memory, loading kernels and filling
    the machine's caches."""
    is_auto = prepared.settings.draft_length == AUTO
    fixed = prepared.with_settings(stop=(), draft_length=LENGTH if is_auto else prepared.settings.draft_length)
    _played(fixed, record, enough=3 * (len(fixed.settings.shape or ()) + 1))


def _played(prepared: Prepared, record: bool = True, enough: float = inf) -> list[Round]:
    """The rounds of a run that stops after `enough` tokens, and from which no drafter learns."""
    run, done, reason = Run(prepared, record=record), [], None
    while reason is None and len(run.tokens) - run.prompt_length < enough:
        one, reason, _ = attempt(run)
        if one is not None:
            done.append(one)
    return done


def planner(prepared: Prepared) -> Planner | None:
    """The planner of a run whose draft length is `auto`, else None. It uses the costs of an earlier run where the
    request has them, and measures them otherwise. For a branch, it has followed the rounds before the branch."""
    if prepared.settings.draft_length != AUTO or not prepared.drafter.longest:
        return None
    made = Planner(prepared.calibration or _costs(prepared), prepared.drafter.longest)
    for one in prepared.opening.rounds:
        made.follow(one)
    return made


def _costs(prepared: Prepared) -> Calibration:
    """The measured costs. If measuring fails, costs under which drafting never pays, so that the run starts and its
    trace reports the error."""
    try:
        return calibrate(prepared)
    except Exception:
        log.exception("the costs could not be measured")
        return Calibration(1.0, (1.0,), 0.0)


def calibrate(prepared: Prepared) -> Calibration:
    """Measure the costs that `auto` plans with, on this prompt and machine: target passes of several widths, and a
    short run with a fixed draft length."""
    target, opening = prepared.pair.target, prepared.opening
    session, tokens = target.session(), list(opening.tokens)
    session.begin(list(opening.given))
    widths = [width for width in WIDTHS if len(tokens) + width <= target.limit + 1]
    taken = [[_seconds_of_pass(session, tokens, width) for width in widths] for _ in range(TURNS)]
    seconds = [median(turns) for turns in zip(*taken, strict=True)]
    plain, v = seconds[0], interpolate(widths, [one / seconds[0] for one in seconds])
    length = min(TOKENS, prepared.settings.max_new_tokens)
    short = prepared.with_settings(draft_length=LENGTH, max_new_tokens=length, stop=())
    for _ in range(2):  # the first run only warms up
        trial = _played(short)
    drafted = [(one, one.seconds.draft) for one in trial if one.seconds]
    c = median(spent / max(1, len(one.draft)) for one, spent in drafted) / plain
    o = median((one.end - one.start - spent) / plain - v[min(len(one.draft), len(v) - 1)] for one, spent in drafted)
    return Calibration(c, v, max(0.0, o))


def _seconds_of_pass(session: Session, tokens: list[int], width: int) -> float:
    """Seconds of one pass over the last token and `width` − 1 guesses after it. None of them is kept in the cache."""
    start = perf_counter()
    session.forward(tokens, session.model.tensor([tokens[-1]] * (width - 1)), range(-1, width - 2))
    synchronize(session.model.device)
    return perf_counter() - start


def plain_round_seconds(run: Run, done: list[Round]) -> float | None:
    """The median time of a few plain rounds, which the run's speed is compared with; None for a run that had too few
    rounds, or only plain ones. The run is already over, so an error here is logged and does not make the run fail."""
    turns = min(PLAIN_TURNS, len(done) // PLAIN_EVERY)
    if not turns or not any(one.draft for one in done):
        return None
    try:
        run.plain_round()  # the first of its width warms up
        return median(run.plain_round() for _ in range(turns))
    except Exception:
        log.exception("a plain round could not be measured")
        return None
