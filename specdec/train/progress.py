"""Training progress: a progress bar on a terminal, log lines elsewhere."""

import sys
from typing import Self

from tqdm import tqdm


class Board:
    """Shows the log entries of training steps: `tokens` of `total` after `seconds`, with `loss` or `held_out`
    losses."""

    def __init__(self) -> None:
        self.bar: tqdm | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc) -> None:
        self._close()

    def report(self, step: str, entry: dict) -> None:
        if not sys.stderr.isatty():
            print(line(step, entry), file=sys.stderr, flush=True)
            return
        if self.bar is None or self.bar.desc != f"{step}: ":
            self._close()
            start = entry["tokens"]
            self.bar = tqdm(
                total=entry["total"], initial=start, desc=step, unit="token", unit_scale=True, dynamic_ncols=True
            )
        self.bar.total = entry["total"]  # an estimate while texts are being generated
        self.bar.update(entry["tokens"] - self.bar.n)
        if "loss" in entry:
            self.bar.set_postfix(loss=f"{entry['loss']:.3f}")
        if entry.get("held_out"):
            self.bar.write(line(step, entry), file=sys.stderr)

    def done(self, step: str) -> None:
        self._close()
        print(f"{step}: done", file=sys.stderr, flush=True)

    def _close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None


def line(step: str, entry: dict) -> str:
    """One entry in words.

    >>> line("draft", {"tokens": 8192, "total": 16384, "seconds": 4.0, "loss": 5.1234})
    'draft: 8,192 of 16,384 tokens, 2,048 tokens/s, 0 min left, loss 5.123'
    """
    rate = entry["tokens"] / entry["seconds"] if entry["seconds"] else 0.0
    left = (entry["total"] - entry["tokens"]) / rate / 60 if rate else 0.0
    facts = [f"{step}: {entry['tokens']:,} of {entry['total']:,} tokens"]
    facts += [f"{rate:,.0f} tokens/s", f"{left:.0f} min left"]
    if "loss" in entry:
        facts.append(f"loss {entry['loss']:.3f}")
    facts += [f"{name} {value:.3f}" for name, value in entry.get("held_out", {}).items()]
    return ", ".join(facts)
