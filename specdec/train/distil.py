"""Distillation for any pair: the draft model learns its target's distributions on answers that the target generated
(Zhou et al. 2023, DistillSpec), and acceptance is measured before and after on held-out prompts.

Intermediate results are stored in a folder inside the output folder, so the same command resumes where it stopped;
that folder is deleted when the draft model is finished.
"""

import copy
import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from msgspec import to_builtins
from torch import nn
from transformers import GenerationConfig

from specdec import files
from specdec.device.machine import describe
from specdec.device.transfer import cast
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError, first_line
from specdec.models.accelerator import EAGER
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair, same_vocabulary
from specdec.settings import Settings
from specdec.trace import Totals, gather, together
from specdec.train import batched_generation, checkpoint
from specdec.train.batched_generation import Manner, Prompt, Written
from specdec.train.corpus import thousandth
from specdec.train.schedule import Schedule
from specdec.train.texts import TextRows, TextStream, divergence
from specdec.train.trainer import Options, Trainer

UNFINISHED, FACTS = "unfinished", "distillation.json"
HELD_OUT_PER_THOUSAND, FEW, MOST_MEASURED = 100, 4, 20  # prompts to measure on: their share, the fewest, the most
TEMPERATURE = 0.8  # of answers
TEMPERATURES = (0.0, 0.8)  # at which acceptance is measured
BATCH, MICRO_BATCH = 16, 4  # in texts
BETAS = (0.9, 0.98)
WARM_UP_STEPS = round(1 / (1 - BETAS[1]))  # Adam's estimate of squared gradients needs as many
SHARE_OF_WRITING = 0.4  # share of the remaining time, after the first measurement, for generating answers

Progress = Callable[[str, dict], None]  # progress callback: stage (writing, training, measuring) and entry


@dataclass(frozen=True)
class Plan:
    """The plan of a distillation: `texts` answers of at most `length` tokens, read in `passes` passes, all within
    `minutes` (None: no limit). Without `learning_rate` it depends on the size of the draft model."""

    texts: int = 1000
    length: int = 128
    passes: int = 3
    seed: int = 0
    minutes: float | None = None
    learning_rate: float | None = None

    def rate(self, parameters: int) -> float:
        """The learning rate for a draft model with that many parameters: smaller for larger models.

        >>> [f"{Plan().rate(size):.0e}" for size in (2_000_000, 124_000_000, 1_000_000_000)]
        ['7e-04', '9e-05', '3e-05']
        """
        return self.learning_rate or min(1e-3, parameters**-0.5)


def distil(
    pair: Pair, prompts: list[str], out: Path, plan: Plan, progress: Progress = lambda stage, entry: None
) -> dict:
    """Fine-tune a copy of the pair's draft model and write it to `out`; returns a report as plain JSON values. Raises
    UserError for a pair or prompts that cannot be used, and for an output folder with other contents."""
    check(pair)
    fitting = [prompt for prompt in dict.fromkeys(prompts) if _fits(pair, prompt, plan.length)]
    held_out, training = split(fitting)
    work = claim(out, _identity(pair, fitting, plan))
    start = time.monotonic()
    before = _measured(pair, held_out, plan, progress)
    clock = _Clock(plan.minutes, start, reserved=time.monotonic() - start)
    written = _write(pair.target, training, plan, work, clock, progress)
    trainer = teach(pair, written, plan, work, clock, progress)
    # eager passes: compiled ones would use the weights that they were loaded with
    draft = replace(student(pair), module=cast(trainer.model, student(pair).module.dtype).eval(), accelerator=EAGER)
    after = _measured(replace(pair, draft=draft), held_out, plan, progress)
    report = {
        **_models(pair, plan),
        "prompts": {
            "training": len(training),
            "held_out": len(held_out),
            "left_out": len(set(prompts) - set(fitting)),
        },
        **_lesson(written, trainer),
        "seconds": round(time.monotonic() - start, 1),
        "hardware": to_builtins(describe(draft.device, draft.dtype)),
        "measured": [_compared(*one) for one in zip(TEMPERATURES, before, after, strict=True)],
    }
    _save(draft, report, work, out)
    return report


# --------------------------------------------------------------------------------------- what it starts from


def check(pair: Pair) -> None:
    """Raise UserError unless the pair has a draft model with the target's vocabulary."""
    if not same_vocabulary(pair.target, student(pair)):
        raise UserError("errors.distil_tokenizers", target=pair.target.name, draft=student(pair).name)


def student(pair: Pair) -> LanguageModel:
    """The pair's draft model, which is the student. Raises UserError where there is none."""
    if (draft := pair.draft) is None:
        raise UserError("errors.distil_draft")
    return draft


def _fits(pair: Pair, prompt: str, length: int) -> bool:
    source, tokens = pair.target.begin(prompt)
    return all(max(len(source), len(tokens) + length) <= model.limit for model in (pair.target, student(pair)))


def split(prompts: list[str]) -> tuple[list[str], list[str]]:
    """(held-out prompts, training prompts), divided by the hash of their text; at least FEW of each, and at most
    MOST_MEASURED held out. Raises UserError for too few prompts."""
    if len(prompts) < 2 * FEW:
        raise UserError("errors.distil_few", low=2 * FEW, n=len(prompts))
    ordered = sorted(prompts, key=lambda prompt: (thousandth(prompt), prompt))
    falling = sum(thousandth(prompt) < HELD_OUT_PER_THOUSAND for prompt in prompts)
    count = max(FEW, min(falling, len(prompts) - FEW, MOST_MEASURED))
    return ordered[:count], ordered[count:]


def _identity(pair: Pair, prompts: list[str], plan: Plan) -> dict[str, Any]:
    """The values that must be equal for a distillation to resume an earlier one."""
    digest = hashlib.sha256("\0".join(prompts).encode()).hexdigest()[:16]
    kept = {name: value for name, value in asdict(plan).items() if name != "minutes"}
    return {"target": pair.target.name, "draft": student(pair).name, "prompts": digest, **kept}


def claim(out: Path, identity: dict[str, Any]) -> Path:
    """Create or reopen the working folder inside `out` and return it. Raises UserError where `out` has other contents
    or belongs to another distillation, and where it cannot be written."""
    work = out / UNFINISHED
    plan = work / "plan.json"
    try:
        if out.exists() and not out.is_dir() or out.is_dir() and any(out.iterdir()) and not plan.is_file():
            raise UserError("errors.distil_out", path=out)
        if plan.is_file() and plan.read_text(encoding="utf-8") != json.dumps(identity):
            raise UserError("errors.distil_other", path=out)
        work.mkdir(parents=True, exist_ok=True)
        files.write_text(plan, json.dumps(identity))
    except OSError as error:
        raise _unwritable(out, error) from None
    return work


def _unwritable(out: Path, error: OSError) -> UserError:
    return UserError("errors.distil_unwritable", path=out, why=error.strerror or first_line(error))


@dataclass(frozen=True)
class _Clock:
    """The time limits of generation and training; `reserved` seconds are kept for the measurement at the end."""

    minutes: float | None
    start: float
    reserved: float

    @property
    def left(self) -> float | None:
        """Seconds that are left, at least one; None without a limit."""
        if self.minutes is None:
            return None
        return max(1.0, self.start + 60 * self.minutes - self.reserved - time.monotonic())

    @property
    def end_of_writing(self) -> float | None:
        return None if self.left is None else time.monotonic() + SHARE_OF_WRITING * self.left


# ------------------------------------------------------------------------------------------- what it learns


def _write(
    target: LanguageModel, prompts: list[str], plan: Plan, work: Path, clock: _Clock, progress: Progress
) -> list[Written]:
    """Generate `plan.texts` answers with the target, going through the prompts repeatedly if they are fewer."""
    read = [target.begin(prompt) for prompt in prompts[: plan.texts]]
    encoded = [Prompt(source or tokens, plan.length) for source, tokens in read]
    manner = Manner((TEMPERATURE,), batch=32 if target.device.type == "cpu" else 128, seed=plan.seed)
    start = time.monotonic()

    def report(texts: int, tokens: int) -> None:
        total = round(tokens * plan.texts / texts)
        progress("writing", {"tokens": tokens, "total": total, "seconds": time.monotonic() - start})

    asked = list(islice(cycle(encoded), plan.texts))
    learning = checkpoint.latest(work) is not None  # once training has begun, no texts are added
    return batched_generation.write(
        target, asked, manner, work / "texts", report, 0.0 if learning else clock.end_of_writing
    )


def teach(pair: Pair, written: list[Written], plan: Plan, work: Path, clock: _Clock, progress: Progress) -> Trainer:
    """Train a copy of the draft model in float32. A text counts as one row of the mean text's length, so token counts
    are approximate."""
    stream = TextStream(written, pair.target.start if pair.target.encoder_decoder else None, plan.seed)
    unit, rate = stream.mean_length, plan.rate(student(pair).parameters)
    total = math.ceil(plan.passes * len(written) / BATCH) * BATCH * unit
    options = Options(
        Schedule(total, warm_up=total // 10, cool_down=total // 2, least_warm_up=WARM_UP_STEPS * BATCH * unit),
        batch=BATCH * unit,
        micro_batch=(MICRO_BATCH if pair.target.device.type == "cpu" else BATCH) * unit,
        row_length=unit,
        learning_rate=rate,
        embedding_rate=rate,
        weight_decay=0.01,
        seed=plan.seed,
        seconds=clock.left,
        log_steps=5,
        measure_every=total + 1,
        checkpoint_minutes=1.0,
    )

    def loss(draft: nn.Module, rows: TextRows, random: np.random.Generator) -> torch.Tensor:
        return divergence(draft, pair.target, rows)

    draft = copy.deepcopy(student(pair).module).float()
    trainer = Trainer(work, draft, stream, loss, options, report=partial(progress, "training"), optimizers=adam)
    trainer.resume()
    trainer.train()
    return trainer


def adam(model: nn.Module, options: Options) -> list[torch.optim.Optimizer]:
    """AdamW for all parameters: a pretrained draft model is fine-tuned in small, even steps."""
    learning = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learning if p.ndim > 1], "weight_decay": options.weight_decay},
        {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, betas=BETAS)
    for group in optimizer.param_groups:
        group["peak"] = group["lr"]
    return [optimizer]


# ---------------------------------------------------------------------------------------- what came of it


def _measured(pair: Pair, prompts: list[str], plan: Plan, progress: Progress) -> list[list[Totals]]:
    """The totals of a run on every prompt, for each of TEMPERATURES, made by the engine itself. Raises UserError for a
    run that ended in an error."""
    start, done = time.monotonic(), []
    total = 2 * len(prompts) * plan.length

    def runs(temperature: float) -> Iterator[Totals]:
        settings = Settings(
            temperature=temperature, draft_length=pair.draft_length, max_new_tokens=plan.length, seed=plan.seed
        )
        for prompt in prompts:
            trace = gather(loop.rounds(prepare(pair, Request(prompt, "model", settings)), remember=False))
            if trace.footer is None or trace.footer.reason == "error":
                raise UserError("errors.distil_run", why=trace.footer.failure if trace.footer else "")
            done.append(trace.totals)
            tokens, seconds = len(done) * plan.length, time.monotonic() - start
            progress("measuring", {"tokens": tokens, "total": total, "seconds": seconds})
            yield trace.totals

    return [list(runs(temperature)) for temperature in TEMPERATURES]


def _compared(temperature: float, before: list[Totals], after: list[Totals]) -> dict[str, Any]:
    """The rates before and after, and the numbers of prompts with more and with fewer tokens per target pass than
    before, some of which may be chance."""
    gains = [(b.tokens_per_pass or 0.0) - (a.tokens_per_pass or 0.0) for a, b in zip(before, after, strict=True)]
    moved = {"better": sum(gain > 0 for gain in gains), "worse": sum(gain < 0 for gain in gains)}
    return {"temperature": temperature, "before": _rates(before), "after": _rates(after), "prompts": moved}


def _rates(runs: list[Totals]) -> dict[str, float | None]:
    totals = together(runs)
    return {"acceptance_rate": totals.acceptance_rate, "tokens_per_pass": totals.tokens_per_pass}


def _models(pair: Pair, plan: Plan) -> dict[str, Any]:
    return {"target": pair.target.name, "draft": student(pair).name, "length": plan.length, "seed": plan.seed}


def _lesson(written: list[Written], trainer: Trainer) -> dict[str, Any]:
    return {
        "texts": len(written),
        "tokens": sum(len(one.answer) for one in written),
        "read_tokens": trainer.progress.tokens,
        "passes": round(trainer.progress.tokens / (trainer.options.row_length * len(written)), 2),
        "learning_rate": trainer.options.learning_rate,
    }


def _save(draft: LanguageModel, report: dict[str, Any], work: Path, out: Path) -> None:
    """Write the draft model, its tokenizer and the report to `out` and delete the working folder. Of the generation
    config only the ids of special tokens are kept, since transformers refuses to save invalid sampling settings."""
    folder, old = work / "draft", draft.module.generation_config
    names = ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id", "forced_bos_token_id")
    draft.module.generation_config = GenerationConfig(**{name: getattr(old, name, None) for name in names})
    draft.module.save_pretrained(folder)
    draft.tokenizer.save_pretrained(folder)
    files.write_text(folder / FACTS, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    try:
        for path in folder.iterdir():
            files.copy(path, out / path.name)
    except OSError as error:
        raise _unwritable(out, error) from None
    shutil.rmtree(work)
