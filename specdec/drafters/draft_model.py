"""Drafting with an independent draft model (Leviathan et al. 2023; Chen et al. 2023), as a chain or as a tree
(Sequoia, Chen et al. 2024).

It needs a second, smaller model with the target's tokenizer, and costs one pass of it per depth of the draft.
"""

import torch
from torch import Tensor

from specdec.drafters.cross_tokenizer import TranslatedDrafter
from specdec.drafters.draft import Context, Draft, Drafter, Outcome, Shape, certain_chain
from specdec.drafters.dynamic_tree import likeliest_tree
from specdec.drafters.tree_sampling import children, levels
from specdec.errors import UserError
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair, same_vocabulary
from specdec.models.session import Session
from specdec.sampling import Choice, Coins, tossed
from specdec.settings import DYNAMIC, Settings, tree_size


class ModelDrafter(Drafter):
    """Drafts with a second model. Once the text is longer than that model's context, it guesses nothing more, and the
    target continues alone."""

    model: LanguageModel

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings, self.vocab_size, self.device = settings, target.vocab_size, target.device
        self.session = self.model.session()
        self.fits = len(prompt) <= self.model.limit
        if self.fits:
            self.session.begin(self._known(prompt))

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """Guess one level of the tree after the other. Ids stay on the device, so the host does not wait for it."""
        room = self.model.limit + 1 - len(context.tokens) if self.fits else 0  # + 1: the last level is never fed
        if not (shape := shape[: max(0, room)]):
            return certain_chain([], self.device)
        return guess(self.session, self._known(context.tokens), shape, coins, self.settings, self.vocab_size)

    def _known(self, tokens: list[int]) -> list[int]:
        """The tokens, with 0 in place of those that the draft model has no embedding for: the target's vocabulary may
        have more padding entries. This can only make a guess worse, and the rule judges it as any other."""
        size = self.model.vocab_size
        return tokens if size >= self.vocab_size else [token if token < size else 0 for token in tokens]

    def observe(self, outcome: Outcome) -> None:
        if self.settings.branching != DYNAMIC:  # a dynamic tree is reordered after its nodes were fed: feed them again
            keep(self.session, outcome)


def guess(session: Session, tokens: list[int], shape: Shape, coins: Coins, settings: Settings, size: int) -> Draft:
    """A draft by a model, through its session, over a vocabulary of `size`: a chain in one call, a tree level by
    level."""
    if settings.branching == DYNAMIC or any(width > 1 for width in shape):
        return grow(session, tokens, shape, coins, settings, size)
    drawn, flips = _flips(coins, len(shape), settings, session.model.device)

    def choose(logits: Tensor, coin: Tensor | None) -> tuple[Tensor, Tensor]:
        return children(fit(logits, size), settings, 1, coin)

    ids, q = session.chain(tokens, len(shape), choose, flips, Choice.of(settings, size))
    return Draft(ids, tuple(range(-1, len(shape) - 1)), q, drawn, passes=len(shape))


def _flips(
    coins: Coins, count: int, settings: Settings, device: torch.device
) -> tuple[tuple[float | None, ...], Tensor | None]:
    """The random numbers of `count` guesses, on the host and on the device [count]; Nones at temperature 0, where
    nothing is drawn."""
    if settings.temperature == 0:
        return (None,) * count, None
    drawn = coins.draft(count)
    return tuple(drawn), tossed(drawn, device)


def grow(session, tokens: list[int], shape: Shape, coins: Coins, settings: Settings, vocab_size: int) -> Draft:
    """A tree over a vocabulary of `vocab_size`, level by level: each level is guessed in one pass over the level
    before it. The session may be a model's, or any object with the same `forward`, `grow` and `model`."""
    if settings.branching == DYNAMIC:

        def more(ids: Tensor, parents: Tensor) -> Tensor:
            return fit(session.grow(ids, parents.tolist()), vocab_size)  # a session builds its masks on the host

        return likeliest_tree(fit(session.forward(tokens), vocab_size), more, len(shape))
    drawn, flips = _flips(coins, tree_size(shape), settings, session.model.device)
    ids: list[Tensor] = []
    rows: list[Tensor] = []
    parents: tuple[int, ...] = ()
    for depth, (width, level) in enumerate(zip(shape, levels(shape), strict=True)):
        logits = session.grow(ids[-1], levels(shape)[depth - 1]) if depth else session.forward(tokens)
        own = flips[len(parents) : len(parents) + len(level)] if flips is not None else None
        guesses, q = children(fit(logits, vocab_size), settings, width, own)
        ids.append(guesses)
        rows.append(q)
        parents += level
    return Draft(torch.cat(ids), parents, torch.cat(rows), drawn, passes=len(shape))


def keep(session, outcome: Outcome) -> None:
    """Keep the accepted nodes in the session's cache. The last level of a draft was never fed; if a node of it was
    accepted, the next round feeds it."""
    fed = sum(node < len(session.parents) for node in outcome.path)
    session.keep(outcome.path[:fed], outcome.ids[:fed])


def fit(logits: Tensor, vocab_size: int) -> Tensor:
    """Cut or pad logits [N, v] to the target's vocabulary, [N, V]. Entries that are added get -inf.

    >>> fit(torch.zeros(1, 2), 3).tolist()
    [[0.0, 0.0, -inf]]
    """
    if logits.shape[1] == vocab_size:
        return logits
    return torch.nn.functional.pad(logits[:, :vocab_size], (0, max(0, vocab_size - logits.shape[1])), value=-torch.inf)


def make(pair: Pair, settings: Settings) -> Drafter:
    """The drafter of a pair with a draft model. If the tokenizers differ, guesses are translated through text; raises
    UserError if that is not possible."""
    draft = pair.draft
    assert draft is not None, "`drafters.make` refuses a pair without one"
    if same_vocabulary(pair.target, draft):
        return ModelDrafter(draft)
    _check_translation(pair.target, draft, settings)
    return TranslatedDrafter(draft)


def _check_translation(target: LanguageModel, draft: LanguageModel, settings: Settings) -> None:
    """Raises UserError for cases that drafting through text does not support: encoder–decoders, and trees."""
    if target.encoder_decoder:
        sizes = {"target_size": f"{len(target.tokenizer):,}", "draft_size": f"{len(draft.tokenizer):,}"}
        raise UserError("errors.tokenizers_differ", target=target.name, draft=draft.name, **sizes)
    if settings.branching is not None:
        raise UserError("errors.translated_tree", target=target.name, draft=draft.name)
