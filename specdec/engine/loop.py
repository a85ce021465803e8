"""The decoding loop: draft → target pass → verdicts → commit, one Round at a time. Plain decoding is the same loop
with empty drafts.

Read this and `run.py`, then `verify/`, then `trace/records.py`, and you have read the project.
"""

from collections.abc import Iterator

from specdec.device.machine import peak_memory
from specdec.engine.calibration import plain_round_seconds, planner, warm_up
from specdec.engine.request import Prepared
from specdec.engine.run import Run, attempt
from specdec.trace import Footer, Line, Round, count


def rounds(prepared: Prepared, *, remember: bool = True, record: bool = True) -> Iterator[Line]:
    """Yield the Header, each Round as it happens, then the Footer. The time that the caller spends between two lines
    is not counted.

    A draft length of `auto` is planned with an earlier run's calibration, or with one that is measured here first. A
    drafter that learns from earlier runs learns from this one if `remember` is true. With `record` false, the rounds
    say only which tokens were written and when, and cannot be saved as a trace. Raises UserError before the header for
    a prompt that cannot be read; any later error ends the trace with reason `error`, so the rounds before it are kept.
    """
    target = prepared.pair.target
    if target.mode == "graphs":
        warm_up(prepared)  # most CUDA graphs are recorded here; recording the others later is not timed
    run = Run(prepared, planner(prepared), record)
    yield run.header
    done: list[Round] = []
    reason, message = None, None
    try:
        while reason is None:
            one, reason, message = attempt(run)
            if one is not None:
                done.append(one)
                yield one
    finally:  # a caller who stops early leaves here
        if remember:
            prepared.drafter.finish([*run.source, *run.tokens])
    totals = count(done, peak_memory(target.device))
    yield Footer(reason, message, totals, plain_round_seconds(run, done) if reason != "error" else None)
