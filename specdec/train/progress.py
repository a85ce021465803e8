"""The progress of training steps: a bar on a terminal, log lines elsewhere."""

from specdec.messages import ENGLISH, Words
from specdec.progress import Bar


class Board(Bar):
    """Shows the log entries of training steps: `tokens` of `total` after `seconds`, with `loss` or `held_out`
    losses."""

    def __init__(self, words: Words = ENGLISH) -> None:
        super().__init__()
        self.words = words

    def report(self, step: str, entry: dict) -> None:
        text = line(step, entry, self.words)
        if not self.is_seen or entry.get("held_out"):
            self.print(text)
        self.show(entry["tokens"], entry["total"], text)  # the total is an estimate for generated texts

    def done(self, step: str) -> None:
        self.close()
        self.print(self.words.say("train.progress_done", step=step))


def line(step: str, entry: dict, words: Words = ENGLISH) -> str:
    """One entry in words.

    >>> line("draft", {"tokens": 8192, "total": 16384, "seconds": 4.0, "loss": 5.1234})
    'draft: 8,192 of 16,384 tokens, 2,048 tokens/s, 0 min left, loss 5.123'
    """
    rate = entry["tokens"] / entry["seconds"] if entry["seconds"] else 0.0
    left = (entry["total"] - entry["tokens"]) / rate / 60 if rate else 0.0
    sizes = {"tokens": f"{entry['tokens']:,}", "total": f"{entry['total']:,}"}
    facts = [words.say("train.progress", step=step, rate=f"{rate:,.0f}", minutes=f"{left:.0f}", **sizes)]
    if "loss" in entry:
        facts.append(words.say("train.progress_loss", loss=f"{entry['loss']:.3f}"))
    facts += [f"{name} {value:.3f}" for name, value in entry.get("held_out", {}).items()]
    return ", ".join(facts)
