"""Compiled passes for a CPU: the same step function in a quarter of the time for a small model.

A pass over few tokens of a small model spends most of its time between the operations, and on matrix products of a few
rows, which libraries are not optimized for. AOTInductor compiles the whole pass into one function and generates the
code of the products. This needs a fixed number of tokens, so there is one artifact for each of a few WIDTHS, and a
pass over fewer tokens is padded to the next width. One more artifact, for any number of tokens, leaves the products to
the library. The length of the context is variable. The weights are not part of an artifact; it uses the model's own.

After a pass come the verdicts and the excerpt for the trace, a dozen small operations each, whose time is nearly all
overhead. They are compiled for chains that the widths can judge, and for the most common rules.

Compiling an artifact takes up to a minute, so it is done in a separate process, and the result is kept on disk for
later starts; until it is there, passes run in eager mode.

A pair never changes during a measurement: `accelerated` returns a new pair once more of its code is compiled.
"""

import copy
import logging
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import cast

from specdec.accelerate import cuda_graphs
from specdec.accelerate.artifact import Order, order
from specdec.accelerate.build_queue import BuildQueue
from specdec.accelerate.programs import EaglePass, GuessPass, ModelPass, Pass
from specdec.accelerate.runtime import ANY, LINKS, WIDTHS, CompiledPass
from specdec.accelerate.verify_programs import ExcerptProgram, VerdictsProgram
from specdec.errors import UserError
from specdec.messages import Message
from specdec.models.accelerator import Accelerator
from specdec.models.heads import EagleHead
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.truncated import first_layers
from specdec.sampling import KINDS

__all__ = ["accelerated", "make", "make_in_background", "missing", "obstacle", "quiet", "remark"]

log = logging.getLogger(__name__)

BUILDS = BuildQueue()  # one for the whole process, since all builds share the machine
quiet = BUILDS.quiet

FIRST = 1, ANY  # the widths that a model needs before it runs compiled; it can do without the others
BEHIND = 1, 5  # the widths of a drafter: a single token, and what was accepted of a usual draft
LARGEST = 500_000_000  # parameters; in larger models, the products take nearly all the time of a pass


def obstacle(pair: Pair) -> Message | None:
    """The reason why the passes of a pair stay eager, in a few words; None if they can be accelerated."""
    models = [model for model in (pair.target, pair.draft) if model is not None]
    if pair.target.device.type == "cuda":
        return cuda_graphs.obstacle(pair)
    if any(model.device.type != "cpu" for model in models):
        return Message("compiled.device")
    if any(model.parameters > LARGEST for model in models):
        return Message("compiled.large", most=f"{LARGEST // 10**6}")
    if compiler() is None:
        return Message("compiled.no_compiler")
    return next(filter(None, (one.refused for one in _needed(pair))), None)


def remark(pair: Pair) -> Message | None:
    """The obstacle as a whole sentence; None if there is none, whether the code is already compiled or not."""
    why = obstacle(pair)
    return Message("compiled.eager", why=why) if why else None


@lru_cache
def compiler() -> str | None:
    """The path of the C++ compiler that PyTorch will call; None without one, or on a system other than POSIX, which
    the build queue needs."""
    return shutil.which(os.environ.get("CXX") or "g++") if os.name == "posix" else None


def _models(pair: Pair) -> list[ModelPass]:
    return [ModelPass(model) for model in (pair.target, pair.draft) if model is not None]


def _others(pair: Pair) -> list[Pass]:
    """The passes of the pair's drafters that are not a draft model's: an EAGLE head's, and the target's first layers
    for early exit."""
    module = pair.target.module
    found: list[Pass] = []
    if head := cast("EagleHead | None", pair.heads.get("eagle")):
        found.append(EaglePass(head, module.get_input_embeddings(), head.output_layer(module.get_output_embeddings())))
    if not pair.target.encoder_decoder:
        with suppress(UserError):
            found.append(ModelPass(first_layers(pair.target)))
    return found


def _guesses(model: LanguageModel) -> list[GuessPass]:
    return [GuessPass(model, kind) for kind in KINDS]


def _verdicts(target: LanguageModel) -> list[VerdictsProgram]:
    """The programs that compute the verdicts after a pass of the target, one for each kind of choice."""
    return [VerdictsProgram(kind, target.vocab_size, target.module.dtype) for kind in KINDS]


def _needed(pair: Pair) -> list[Order]:
    """The artifacts that must exist before a pair runs compiled."""
    return [order(one, tokens) for one in _models(pair) for tokens in FIRST]


def _orders(pair: Pair) -> list[Order]:
    """All artifacts of a pair, the most useful first."""
    target, *draft = _models(pair)
    guesses = [guess for model in draft for guess in _guesses(model.model)]
    links, chains = ([order(guess, count) for guess in guesses] for count in sorted(LINKS))
    programs = [*_verdicts(pair.target), ExcerptProgram(pair.target.vocab_size)]
    judging = [order(one, tokens) for tokens in WIDTHS for one in programs]
    wider = [order(target, tokens) for tokens in WIDTHS] + [order(one, tokens) for one in draft for tokens in BEHIND]
    rest = [order(one, tokens) for one in _others(pair) for tokens in (*FIRST, *BEHIND)]
    return list(dict.fromkeys([*_needed(pair), *links, *wider, *judging, *chains, *rest]))


def _is_ready(one: Pass) -> bool:
    return all(order(one, tokens).is_made for tokens in FIRST)


def accelerated(pair: Pair) -> Pair:
    """The pair with quicker passes than eager ones: on a processor compiled, if the code of its models is there; on
    CUDA recorded; else the pair as it is."""
    if why := obstacle(pair):
        return replace(pair, target=_eager(pair.target, why))
    if pair.target.device.type == "cuda":
        return cuda_graphs.recorded(pair)
    if not all(map(_is_ready, _models(pair))):
        return pair
    try:
        made = with_code(pair, sum(one.is_made for one in _orders(pair)))
        return replace(made, memory=pair.memory)
    except (RuntimeError, OSError):
        log.exception("the compiled passes could not be loaded")
        for one in _orders(pair):
            BUILDS.throw_away(one)
        return pair


@lru_cache(maxsize=16)
def _eager(model: LanguageModel, why: Message) -> LanguageModel:
    """The model with eager passes that say why they are: one object for as long as that holds."""
    return replace(model, accelerator=Accelerator(why))


@lru_cache(maxsize=16)
def with_code(pair: Pair, pieces: int) -> Pair:
    """The pair with its compiled code, loaded once. `pieces`: the number of artifacts that exist; it is part of the
    cache key, so that the pair is loaded again when there are more."""
    ready = [one for one in _others(pair) if _is_ready(one)]
    eagle = next((one for one in ready if isinstance(one, EaglePass)), None)
    layers = next((one for one in ready if isinstance(one, ModelPass)), None)
    excerpt = ExcerptProgram(pair.target.vocab_size)
    target = _compiled_model(pair.target, verdicts=_verdicts(pair.target), excerpt=excerpt)
    draft = _compiled_model(pair.draft, _guesses(pair.draft)) if pair.draft is not None else None
    heads = {"eagle": _compiled_head(eagle)} if eagle else {}
    first = _compiled_model(layers.model) if layers else None
    return replace(pair, target=target, draft=draft, heads={**pair.heads, **heads}, first=first)


def _compiled_model(
    model: LanguageModel,
    guesses: Sequence[GuessPass] = (),
    verdicts: Sequence[VerdictsProgram] = (),
    excerpt: ExcerptProgram | None = None,
) -> LanguageModel:
    return replace(model, accelerator=CompiledPass(ModelPass(model), guesses, verdicts, excerpt))


def _compiled_head(one: EaglePass) -> EagleHead:
    """The same head with the same weights, run by its compiled code."""
    head = copy.copy(one.head)
    head.accelerator = CompiledPass(one)
    return head


def make_in_background(pair: Pair) -> None:
    """Queue the pair's missing artifacts for compilation in the background. A repeated call queues nothing twice."""
    BUILDS.in_background(missing(pair))


def make(pair: Pair) -> Pair:
    """The accelerated pair, after compiling all its missing artifacts, including those that failed before. Raises
    UserError if the pair's passes cannot be compiled."""
    try:
        for one in _orders(pair):
            one.refusal.unlink(missing_ok=True)
        BUILDS.at_once(missing(pair))
    except OSError as error:
        raise UserError("errors.cannot_compile", why=error) from None
    if why := obstacle(pair):
        raise UserError("errors.cannot_compile", why=why)
    return accelerated(pair)


def missing(pair: Pair) -> list[Order]:
    """The artifacts that are still to be compiled for a pair; empty if it cannot be compiled."""
    if pair.target.device.type == "cuda":
        return []  # passes are recorded as they are run
    return [] if obstacle(pair) else [one for one in _orders(pair) if not one.is_made and not one.refused]
