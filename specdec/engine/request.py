"""The request for a run, and the same request once it is checked and every default is filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

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
    """A prompt that is the beginning of an earlier run, up to a token that one of its rounds wrote; that token is
    replaced by another one.

    `token` is an index into the tokens that the round added to the text. If the replacement is the same token, nothing
    changes: the new run begins with that round and repeats the rest of the earlier run.
    """

    trace: Trace
    round: int
    token: int
    replacement: int


@dataclass(frozen=True, slots=True)
class Request:
    """One run: its prompt, its drafter and its settings.

    prompt: a text; token ids; a Branch, the beginning of an earlier run (`max_new_tokens` then counts from the earlier
    run's prompt); or the Header of an earlier run, to repeat it. chat: whether a text goes through the target's chat
    template: `on`, `off`, or `auto`, which uses the template if there is one. calibration: costs measured before, for
    a draft length of `auto`.
    """

    prompt: str | Sequence[int] | Branch | Header
    drafter: str
    settings: Settings = field(default_factory=Settings)
    source: Literal["live", "recorded"] = "live"
    chat: str = "off"
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a run begins. text: the prompt; source: the encoder's input, empty for a decoder-only model; tokens: the
    tokens that the target continues. A branch also has its `parent` and the `rounds` of the earlier run before it."""

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
        """The tokens at the end of the prompt that an earlier run wrote; empty unless this is a branch."""
        return self.tokens[len(self.tokens) - self.parent.written :] if self.parent else ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked request with every default filled in, ready to run. It holds a drafter, which has the state of one
    run, so it can be used for one run at a time."""

    pair: Pair
    request: Request
    settings: Settings
    drafter: Drafter
    opening: Opening
    calibration: Calibration | None

    def with_settings(self, **changes: Any) -> "Prepared":
        """The same prompt under other settings, with a new drafter."""
        settings = replace(self.settings, **changes)
        drafter, settings = _settled(self.pair, self.request.drafter, settings)
        return replace(self, settings=settings, drafter=drafter)


def prepare(pair: Pair, request: Request) -> Prepared:
    """Check a request against a pair, and fill in its defaults. Raises UserError for a request that cannot be run, and
    NoRoom for a prompt that is too long for a model."""
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
            ids = tuple(token.id for token in header.prompt.tokens)
            return _of_text(target, sent_again(target, header.prompt.text, list(ids)))
        case Header() as header:
            ids = tuple(token.id for token in header.prompt.tokens)
            return Opening(header.prompt.text, (), _known(target, ids), header.parent)
        case given_ids:
            given = _known(target, tuple(given_ids))
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
    """The prompt with surrogate pairs joined and lone surrogates replaced, since no tokenizer accepts them. Raises
    UserError for an empty prompt."""
    if not prompt.strip():
        raise BadPrompt("errors.prompt_empty")
    return type(prompt)(prompt.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _check_characters(model: LanguageModel, prompt: str) -> None:
    """Raises NoRoom for a prompt with so many characters that it must have more tokens than the model can hold. It is
    called before the prompt is tokenized, which would take long."""
    most = model.limit * _longest_piece(model.tokenizer)
    if len(prompt) > most:
        size = {"characters": len(prompt), "most": most, "limit": model.limit}
        raise NoRoom("errors.prompt_characters", model=model.name, **size)


@lru_cache(maxsize=8)
def _longest_piece(tokenizer: PreTrainedTokenizerBase) -> int:
    """The number of characters in the longest entry of the vocabulary. A byte-level entry has one character for each
    byte, so it is never shorter than the text it stands for."""
    return max(map(len, tokenizer.get_vocab()))


def _known(target: LanguageModel, ids: tuple[int, ...]) -> tuple[int, ...]:
    """The ids, unchanged. Raises UserError if there are none, or if one is not a token of the target."""
    if not ids:
        raise BadPrompt("errors.prompt_empty")
    for one in ids:
        if type(one) is not int or not 0 <= one < target.vocab_size:
            raise BadPrompt("errors.id_unknown", value=one, high=target.vocab_size - 1, model=target.name)
    return ids


def _of_branch(target: LanguageModel, branch: Branch) -> Opening:
    """The opening of a branch. Both streams of random numbers continue where the earlier run had them: before the
    branch's round if the token stays the same, after that round if the token is replaced."""
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
    """The tokens with their texts, and the detokenizer's position after them. The last `written` of the ids were
    generated after the prompt."""
    reader, position, shown = detokenizer(target.tokenizer), Position(), []
    for place, token in enumerate(ids):
        text, position = reader.add(position, token)
        if place == len(ids) - written - 1:  # a prompt is complete text: none of its characters continues after it
            ending, position = reader.finish(position)
            text += ending
        shown.append(Token(token, reader.piece(token), text))
    return tuple(shown), position


def _check_branch(target: LanguageModel, branch: Branch) -> None:
    """Raises UserError for a trace that this target cannot continue, and for a round or token that is not in it."""
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
    """The number of random numbers that the rounds were judged with: one for every guess and one for every final
    token; 0 for a rule that uses none."""
    tosses = RULES[header.settings["rule"]].coins != "none"
    return sum(len(one.draft) + 1 for one in rounds) if tosses else 0


def _rest(target: LanguageModel, settings: Settings, opening: Opening, begun: int) -> Settings:
    """The settings with `max_new_tokens` reduced by the tokens already written after the `begun` tokens of the earlier
    run's prompt. Raises UserError if the text has already ended."""
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
    """The calibration of the request, else that of the earlier run which the prompt repeats or continues."""
    prompt = request.prompt
    header = prompt.trace.header if isinstance(prompt, Branch) else prompt if isinstance(prompt, Header) else None
    return request.calibration or (header.calibration if header else None)
