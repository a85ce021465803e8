"""What a run is asked for, and what it is once everything about it is checked and settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from transformers import PreTrainedTokenizerBase

from specdec import drafters
from specdec.drafters.draft import Drafter
from specdec.errors import BadPrompt, NoRoom
from specdec.methods import RULES
from specdec.models.chat import sent, sent_again
from specdec.models.detokenizer import Position, detokenizer
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.settings import Settings
from specdec.trace import Calibration, DraftToken, Header, Parent, Round, Token, Trace


@dataclass(frozen=True, slots=True)
class Branch:
    """The beginning of an earlier run: up to a token that a round of it wrote, with another one put in its place.

    `token` counts what the round added to the text, from 0. If the replacement is the token that stood there, nothing
    is changed: the run begins with that round and is the rest of the earlier one.
    """

    trace: Trace
    round: int
    token: int
    replacement: int


@dataclass(frozen=True, slots=True)
class Request:
    """One run: what it goes on from, who guesses, and how.

    prompt: a text, token ids, the beginning of an earlier run, from whose prompt the length asked for then counts, or
    the header of one, to run it once more. chat: whether a text goes through the target's chat template: `on`, `off`,
    `auto` where there is one. calibration: costs that were measured before, for a draft length of `auto`.
    """

    prompt: str | Sequence[int] | Branch | Header
    drafter: str
    settings: Settings = field(default_factory=Settings)
    source: Literal["live", "recorded"] = "live"
    chat: str = "off"
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a run begins: its prompt as text; an encoder's input, if there is one; the tokens that the target goes on
    from. A branch also has its `parent`, and the `rounds` of the earlier run that lie before it."""

    text: str
    source: tuple[int, ...]
    tokens: tuple[int, ...]
    parent: Parent | None = None
    rounds: tuple[Round, ...] = ()

    @property
    def given(self) -> tuple[int, ...]:
        """The prompt's tokens."""
        return self.source or self.tokens

    @property
    def written(self) -> tuple[int, ...]:
        """Those of them that an earlier run wrote."""
        return self.tokens[len(self.tokens) - self.parent.written :] if self.parent else ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that can be run: nothing about it is open. It has its own drafter, and so serves one run at a time."""

    pair: Pair
    request: Request
    settings: Settings
    drafter: Drafter
    opening: Opening
    calibration: Calibration | None

    def with_settings(self, **changes: object) -> "Prepared":
        """The same beginning under other settings, with a drafter of its own."""
        settings = replace(self.settings, **changes)
        drafter, settings = _settled(self.pair, self.request.drafter, settings)
        return replace(self, settings=settings, drafter=drafter)


def prepare(pair: Pair, request: Request) -> Prepared:
    """Check and settle everything that a run of this pair depends on. Raises UserError for what cannot be run, NoRoom
    for a prompt that is too long for a model."""
    drafter, settings = _settled(pair, request.drafter, request.settings)
    opening = _opening(pair.target, request)
    if isinstance(request.prompt, Branch):
        settings = _rest(pair.target, settings, opening, begun=len(request.prompt.trace.header.prompt.tokens))
    _check_room(pair.target, opening, settings)
    return Prepared(pair, request, settings, drafter, opening, _calibration(request))


def _settled(pair: Pair, name: str, settings: Settings) -> tuple[Drafter, Settings]:
    return drafters.make(name, pair, settings), drafters.settle(name, pair, settings)


def _opening(target: LanguageModel, request: Request) -> Opening:
    match request.prompt:
        case str(text):
            return _of_text(target, sent(target, text, request.chat))
        case Branch() as branch:
            return _of_branch(target, branch)
        case Header(parent=None) as header:
            ids = [token.id for token in header.prompt.tokens]
            return _of_text(target, sent_again(target, header.prompt.text, ids))
        case Header() as header:
            ids = tuple(token.id for token in header.prompt.tokens)
            return Opening(header.prompt.text, (), _known(target, ids), header.parent)
        case ids:
            given = _known(target, tuple(ids))
            text = "".join(token.text for token in spell(target, given)[0])
            return Opening(text, given, tuple(target.start)) if target.encoder_decoder else Opening(text, (), given)


def _of_text(target: LanguageModel, text: str) -> Opening:
    text = _well_formed(text)
    _check_characters(target, text)
    source, tokens = target.begin(text)
    opening = Opening(text, tuple(source), tuple(tokens))
    if not opening.given:
        raise BadPrompt("errors.prompt_empty")
    return opening


def _well_formed(prompt: str) -> str:
    """Surrogate pairs joined, lone ones replaced: no tokenizer can take them. Raises UserError for an empty prompt."""
    if not prompt.strip():
        raise BadPrompt("errors.prompt_empty")
    return type(prompt)(prompt.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _check_characters(model: LanguageModel, prompt: str) -> None:
    """Raises NoRoom, before it is tokenized, for a prompt that no tokenization makes short enough for the model."""
    most = model.limit * _longest_piece(model.tokenizer)
    if len(prompt) > most:
        size = {"characters": len(prompt), "most": most, "limit": model.limit}
        raise NoRoom("errors.prompt_characters", model=model.name, **size)


@lru_cache(maxsize=8)
def _longest_piece(tokenizer: PreTrainedTokenizerBase) -> int:
    """Characters of the longest entry of the vocabulary. An entry spelled in bytes has one for each byte: never fewer
    than it writes."""
    return max(map(len, tokenizer.get_vocab()))


def _known(target: LanguageModel, ids: tuple[int, ...]) -> tuple[int, ...]:
    """Raises UserError for ids that are no tokens of the target, and for none at all."""
    if not ids:
        raise BadPrompt("errors.prompt_empty")
    for one in ids:
        if type(one) is not int or not 0 <= one < target.vocab_size:
            raise BadPrompt("errors.id_unknown", value=one, high=target.vocab_size - 1, model=target.name)
    return ids


def _of_branch(target: LanguageModel, branch: Branch) -> Opening:
    """Both streams of coins go on where they stood: before the round that is begun with, or after the one that is left
    at the replacement."""
    header, rounds = branch.trace.header, branch.trace.rounds
    _check_branch(target, branch)
    row = rounds[branch.round].committed
    changed = row[branch.token].id != branch.replacement
    over = rounds[: branch.round + changed]
    written = [token.id for one in rounds[: branch.round] for token in one.committed]
    if changed:
        written += [*(token.id for token in row[: branch.token]), branch.replacement]
    before = header.parent
    parent = Parent(
        trace=header.created,
        round=branch.round,
        token=branch.token,
        written=len(written) + (before.written if before else 0),
        draft_coins=sum(_drawn(one) for one in over) + (before.draft_coins if before else 0),
        judge_coins=_judged(header, over) + (before.judge_coins if before else 0),
    )
    tokens = _known(target, (*(token.id for token in header.prompt.tokens), *written))
    added = spell(target, tokens, parent.written)[0][len(header.prompt.tokens) :]
    return Opening(header.prompt.text + "".join(token.text for token in added), (), tokens, parent, over)


def spell(target: LanguageModel, ids: Sequence[int], written: int = 0) -> tuple[tuple[Token, ...], Position]:
    """The tokens of a prompt and of what was `written` behind it, and where the text then stands."""
    reader, position, shown = detokenizer(target.tokenizer), Position(), []
    for place, token in enumerate(ids):
        text, position = reader.add(position, token)
        if place == len(ids) - written - 1:  # a prompt is a text: no character goes on behind it
            ending, position = reader.finish(position)
            text += ending
        shown.append(Token(token, reader.piece(token), text))
    return tuple(shown), position


def _check_branch(target: LanguageModel, branch: Branch) -> None:
    """Raises UserError for a trace that cannot be gone on from, and a token that is not in it."""
    header, rounds = branch.trace.header, branch.trace.rounds
    if target.encoder_decoder or header.target.encoder_decoder:
        raise BadPrompt("errors.branch_encoder")
    if header.target.name != target.name:
        raise BadPrompt("errors.branch_target", target=target.name, other=header.target.name)
    if not (0 <= branch.round < len(rounds) and 0 <= branch.token < len(rounds[branch.round].committed)):
        raise BadPrompt("errors.branch_place", round=branch.round, token=branch.token)
    _known(target, (branch.replacement,))


def _drawn(one: Round) -> int:
    """Coins that its guesses were drawn with."""
    return sum(isinstance(token, DraftToken) and token.draft_coin is not None for token in one.draft)


def _judged(header: Header, rounds: Sequence[Round]) -> int:
    """Coins that rounds were judged with: one for every guess and one for the final token, where the rule has any."""
    tosses = RULES[header.settings["rule"]].coins != "none"
    return sum(len(one.draft) + 1 for one in rounds) if tosses else 0


def _rest(target: LanguageModel, settings: Settings, opening: Opening, begun: int) -> Settings:
    """What is left of the length asked for, behind the `begun` tokens of the earlier run's prompt. Raises UserError
    where the text has ended."""
    left = settings.max_new_tokens - (len(opening.tokens) - begun)
    if left < 1 or (opening.written and opening.written[-1] in target.end_ids):
        raise BadPrompt("errors.branch_ended")
    return replace(settings, max_new_tokens=left)


def _check_room(model: LanguageModel, opening: Opening, settings: Settings) -> None:
    if max(len(opening.source), len(opening.tokens) + settings.max_new_tokens) > model.limit:
        size = {"tokens": len(opening.given), "new": settings.max_new_tokens, "limit": model.limit}
        key = "errors.prompt_long_rope" if model.limit == model.original_context else "errors.prompt_long"
        raise NoRoom(key, model=model.name, **size)


def _calibration(request: Request) -> Calibration | None:
    """The costs asked for, else those of the run that is gone on from."""
    prompt = request.prompt
    header = prompt.trace.header if isinstance(prompt, Branch) else prompt if isinstance(prompt, Header) else None
    return request.calibration or (header.calibration if header else None)
