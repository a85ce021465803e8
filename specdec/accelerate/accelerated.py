"""Passes as compiled code, for a processor: the same step function, a quarter of the time for a small model.

A pass over few tokens of a small model is mostly the host's time, spent between the operations, and products of a few
rows, which no library is made for. AOTInductor turns the whole pass into one function and writes the products itself.
That wants a fixed number of tokens: there is a piece of code for each of a few WIDTHS, and a pass over fewer tokens is
filled up to the next one. A last piece, for any number, leaves the products to the library. The length of the context
stays free. So do the weights, which stay where they are.

What follows a pass, verdicts and what a trace keeps of them, is a dozen small operations each, and the host's time
altogether. It is compiled for chains as long as the widths judge, and for the rules that most runs are made with.

Making a piece takes up to a minute, so it happens in a process of its own, and the result is kept on disk for the next
start; whoever waits for nobody runs eagerly meanwhile.

A pair never changes under a measurement: `accelerated` returns another pair once more of its code is there.
"""

import copy
import logging
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

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

BUILDS = BuildQueue()  # of this process: its builds share one machine
quiet = BUILDS.quiet

FIRST = 1, ANY  # numbers that passes begin with: they can do without the others
BEHIND = 1, 5  # of who guesses: a token, and what was kept of a usual draft
LARGEST = 500_000_000  # parameters; above, the products are nearly all of a pass


def obstacle(pair: Pair) -> Message | None:
    """Why the passes of a pair stay eager, in a few words; None where nothing stands in the way."""
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
    """The same as a sentence; None where nothing stands in the way, and the code is made or not yet."""
    why = obstacle(pair)
    return Message("compiled.eager", why=why) if why else None


@lru_cache
def compiler() -> str | None:
    """The one that PyTorch will call; what makes the code needs a POSIX system as well."""
    return shutil.which(os.environ.get("CXX") or "g++") if os.name == "posix" else None


def _models(pair: Pair) -> list[ModelPass]:
    return [ModelPass(model) for model in (pair.target, pair.draft) if model is not None]


def _others(pair: Pair) -> list[Pass]:
    """An EAGLE head, and the first layers of a target that can leave early."""
    module, found = pair.target.module, []
    if head := pair.heads.get("eagle"):
        found.append(EaglePass(head, module.get_input_embeddings(), module.get_output_embeddings()))
    if not pair.target.encoder_decoder:
        with suppress(UserError):
            found.append(ModelPass(first_layers(pair.target)))
    return found


def _guesses(model: LanguageModel) -> list[GuessPass]:
    return [GuessPass(model, kind) for kind in KINDS]


def _verdicts(target: LanguageModel) -> list[VerdictsProgram]:
    """What follows a pass of the target, wherever its text goes on from it; then comes the excerpt."""
    return [VerdictsProgram(kind, target.vocab_size, target.module.dtype) for kind in KINDS]


def _needed(pair: Pair) -> list[Order]:
    """What has to be there before a pair is run as compiled."""
    return [order(one, tokens) for one in _models(pair) for tokens in FIRST]


def _orders(pair: Pair) -> list[Order]:
    """All its code, in the order in which it is missed."""
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
    """The pair over its code, loaded once. `pieces`: how many are made; more of them make another pair."""
    made = {type(one): one for one in _others(pair) if _is_ready(one)}
    excerpt = ExcerptProgram(pair.target.vocab_size)
    target = _compiled_model(pair.target, verdicts=_verdicts(pair.target), excerpt=excerpt)
    draft = _compiled_model(pair.draft, _guesses(pair.draft)) if pair.draft is not None else None
    heads = {"eagle": _compiled_head(made[EaglePass])} if EaglePass in made else {}
    first = _compiled_model(made[ModelPass].model) if ModelPass in made else None
    return replace(pair, target=target, draft=draft, heads={**pair.heads, **heads}, first=first)


def _compiled_model(
    model: LanguageModel,
    guesses: Sequence[GuessPass] = (),
    verdicts: Sequence[VerdictsProgram] = (),
    excerpt: ExcerptProgram | None = None,
) -> LanguageModel:
    return replace(model, accelerator=CompiledPass(ModelPass(model), guesses, verdicts, excerpt))


def _compiled_head(one: EaglePass) -> EagleHead:
    """The same head, with the same weights, and its code."""
    head = copy.copy(one.head)
    head.accelerator = CompiledPass(one)
    return head


def make_in_background(pair: Pair) -> None:
    """Order what is missing; `accelerated` finds it one day. Asked twice, it is made once."""
    BUILDS.in_background(missing(pair))


def make(pair: Pair) -> Pair:
    """The same, but what is missing is made first, also what could not be made before. Raises UserError where that
    cannot be."""
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
    """What has to be made before `accelerated` finds it; nothing where nothing can be."""
    if pair.target.device.type == "cuda":
        return []  # passes are recorded as they are run
    return [] if obstacle(pair) else [one for one in _orders(pair) if not one.is_made and not one.refused]
