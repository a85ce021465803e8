"""The decoding loop: draft → target pass → verdicts → commit, one Round at a time. Plain decoding is the same loop
with empty drafts.

Read this and `run.py`, then `verify/`, then `trace/records.py`, and you have read the project.
"""

from collections.abc import Generator

from specdec.device.machine import peak_memory
from specdec.engine.calibration import plain_round_seconds, planner, warm_up
from specdec.engine.request import Prepared
from specdec.engine.run import Run, attempt
from specdec.trace import Footer, Line, Reason, Round, count


def rounds(prepared: Prepared, *, remember: bool = True, record: bool = True) -> Generator[Line, None, None]:
    """Yield the Header, each Round as it happens, the Footer. The clock stands still while the caller holds a line.

    A draft length of `auto` is planned by an earlier run's calibration, or else by one that is measured here first. A
    drafter that learns from runs learns from this one, unless it is not to be remembered. Without a record, tokens are
    opaque. Raises UserError before the header for a prompt that cannot be read; whatever fails later ends the trace
    with reason `error`, so what was there is kept.
    """
    target = prepared.pair.target
    if target.mode == "graphs":
        warm_up(prepared)  # most CUDA graphs are recorded here; recording the others later is not timed
    run = Run(prepared, planner(prepared), record)
    yield run.header
    done: list[Round] = []
    reason: Reason | None = None
    message = None
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
