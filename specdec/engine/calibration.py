"""What is measured around a run: the costs that `auto` plans with, and a few plain rounds after it; and a warm-up."""

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

TURNS = 7  # widths take turns, so a slow moment of the machine meets all of them
LENGTH, TOKENS = 4, 16  # draft length and text of the runs that are measured
PLAIN_TURNS, PLAIN_EVERY = 3, 8  # plain rounds measured behind a run: at most so many, and one for so many of its own


def warm_up(prepared: Prepared, record: bool = True) -> None:
    """Run a few rounds and forget them: first passes pay for memory, kernels and caches of the machine."""
    is_auto = prepared.settings.draft_length == AUTO
    fixed = prepared.with_settings(stop=(), draft_length=LENGTH if is_auto else prepared.settings.draft_length)
    _played(fixed, record, enough=3 * (len(fixed.settings.shape) + 1))


def _played(prepared: Prepared, record: bool = True, enough: float = inf) -> list[Round]:
    """The rounds of a run from which no drafter learns, up to so many tokens."""
    run, done, reason = Run(prepared, record=record), [], None
    while reason is None and len(run.tokens) - run.prompt_length < enough:
        one, reason, _ = attempt(run)
        if one is not None:
            done.append(one)
    return done


def planner(prepared: Prepared) -> Planner | None:
    """What chooses the draft lengths of a run, where that was asked for: by costs of an earlier run, or else by those
    that are measured now. For a branch, it has followed the rounds before it."""
    if prepared.settings.draft_length != AUTO or not prepared.drafter.longest:
        return None
    made = Planner(prepared.calibration or _costs(prepared), prepared.drafter.longest)
    for one in prepared.opening.rounds:
        made.follow(one)
    return made


def _costs(prepared: Prepared) -> Calibration:
    """Measured; where that fails, costs under which nothing pays, so that the run itself says what is wrong."""
    try:
        return calibrate(prepared)
    except Exception:
        log.exception("the costs could not be measured")
        return Calibration(1.0, (1.0,), 0.0)


def calibrate(prepared: Prepared) -> Calibration:
    """Measure what `auto` has to know, on this prompt and machine: passes of several widths, and a short fixed run."""
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
    c = median(one.seconds.draft / max(1, len(one.draft)) for one in trial) / plain
    o = median((one.end - one.start - one.seconds.draft) / plain - v[min(len(one.draft), len(v) - 1)] for one in trial)
    return Calibration(c, v, max(0.0, o))


def _seconds_of_pass(session: Session, tokens: list[int], width: int) -> float:
    """One pass over the last token and guesses behind it, `width` in all; the session forgets them."""
    start = perf_counter()
    session.forward(tokens, session.model.tensor([tokens[-1]] * (width - 1)), range(-1, width - 2))
    synchronize(session.model.device)
    return perf_counter() - start


def plain_round_seconds(run: Run, done: list[Round]) -> float | None:
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
