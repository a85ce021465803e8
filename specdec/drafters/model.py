"""An independent draft model (Leviathan et al. 2023; Chen et al. 2023), in a chain or a tree (Sequoia, Chen 2024).

Needs a second, smaller model with the target's tokenizer. Costs one pass of it per depth of the draft.
"""

import torch
from torch import Tensor

from specdec.drafters.draft import Context, Draft, Outcome, Shape
from specdec.drafters.dynamic import likeliest_tree
from specdec.drafters.tree import children, levels
from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins, exact
from specdec.settings import DYNAMIC, Settings, tree_size


class ModelDrafter:
    needs = frozenset()

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings, self.vocab_size = settings, target.vocab_size
        self.session = self.model.session()
        self.session.begin(self._known(prompt))

    @torch.inference_mode()
    def propose(self, context: Context, shape: Shape, coins: Coins) -> Draft:
        """Guess one level after the other; ids stay on the device, so nothing here waits for it."""
        return grow(self.session, self._known(context.tokens), shape, coins, self.settings, self.vocab_size)

    def _known(self, tokens: list[int]) -> list[int]:
        """Tokens it has an entry for. A target with more padding may write one of those; any stand-in will do here:
        a poorer guess is still judged by the same rule."""
        size = self.model.vocab_size
        return tokens if size >= self.vocab_size else [token if token < size else 0 for token in tokens]

    def observe(self, outcome: Outcome) -> None:
        if self.settings.branching != DYNAMIC:  # else nodes were chosen again after they were fed: feed what was kept
            keep(self.session, outcome)

    def finish(self, tokens: list[int]) -> None:
        pass


def grow(session, tokens: list[int], shape: Shape, coins: Coins, settings: Settings, vocab_size: int) -> Draft:
    """A draft by a model behind its session: every level is guessed in one pass over the level before it."""
    if settings.branching == DYNAMIC:

        def more(ids: Tensor, parents: Tensor) -> Tensor:
            return fit(session.grow(ids, parents.tolist()), vocab_size)  # a session's masks are made on the host

        return likeliest_tree(fit(session.forward(tokens), vocab_size), more, len(shape))
    drawn = coins.draft(tree_size(shape)) if settings.temperature > 0 else [None] * tree_size(shape)
    device = session.model.device
    flips = torch.tensor(drawn, dtype=exact(device), device=device) if settings.temperature > 0 else None
    ids: list[Tensor] = []
    laws: list[Tensor] = []
    parents: tuple[int, ...] = ()
    for depth, (width, level) in enumerate(zip(shape, levels(shape), strict=True)):
        logits = session.grow(ids[-1], levels(shape)[depth - 1]) if depth else session.forward(tokens)
        own = flips[len(parents) : len(parents) + len(level)] if flips is not None else None
        guesses, q = children(fit(logits, vocab_size), settings, width, own)
        ids.append(guesses)
        laws.append(q)
        parents += level
    return Draft(torch.cat(ids), parents, torch.cat(laws), tuple(drawn), passes=len(shape))


def keep(session, outcome: Outcome) -> None:
    """Follow the target. The last level was never fed; what was kept of it, the next round feeds."""
    fed = sum(node < len(session.parents) for node in outcome.path)
    session.keep(outcome.path[:fed], outcome.ids[:fed])


def fit(logits: Tensor, vocab_size: int) -> Tensor:
    """Cut or pad logits [N, v] to the target's vocabulary [N, V]: padding entries are not tokens, so they get -inf.

    >>> fit(torch.zeros(1, 2), 3).tolist()
    [[0.0, 0.0, -inf]]
    """
    if logits.shape[1] == vocab_size:
        return logits
    return torch.nn.functional.pad(logits[:, :vocab_size], (0, max(0, vocab_size - logits.shape[1])), value=-torch.inf)
