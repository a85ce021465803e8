"""An independent draft model (Leviathan et al. 2023; Chen et al. 2023).

Needs a second, smaller model with the target's tokenizer. Costs one pass of it per guess.
"""

import torch
from torch import Tensor

from specdec.drafters.draft import Context, Draft, Outcome
from specdec.models.language_model import LanguageModel
from specdec.sampling import Coins, distribution, draw, exact
from specdec.settings import Settings


class ModelDrafter:
    needs = frozenset()

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    def start(self, target: LanguageModel, prompt: list[int], settings: Settings) -> None:
        self.settings, self.vocab_size = settings, target.vocab_size
        self.session = self.model.session()
        self.session.prefill(self._known(prompt[:-1]))

    @torch.inference_mode()
    def propose(self, context: Context, length: int, coins: Coins) -> Draft:
        """Guess one after the other; ids stay on the device, so nothing here waits for it."""
        drawn = coins.draft(length) if self.settings.temperature > 0 else [None] * length
        ids, laws = [], []
        for i, coin in enumerate(drawn):
            logits = self.session.grow(ids[-1], [i - 2]) if i else self.session.forward(self._known(context.tokens))
            laws.append(distribution(fit(logits, self.vocab_size), self.settings))
            ids.append(self._pick(laws[-1], coin))
        parents = tuple(range(-1, length - 1))
        return Draft(torch.cat(ids), parents, torch.cat(laws), tuple(drawn), passes=length)

    def _known(self, tokens: list[int]) -> list[int]:
        """Tokens it has an entry for. A target with more padding may write one of those; any stand-in will do here:
        a poorer guess is still judged by the same rule."""
        size = self.model.vocab_size
        return tokens if size >= self.vocab_size else [token if token < size else 0 for token in tokens]

    def _pick(self, q: Tensor, coin: float | None) -> Tensor:
        """q [1, V] → id [1]."""
        if coin is None:
            return q.argmax(-1)
        return draw(q, torch.tensor([coin], dtype=exact(q.device), device=q.device))

    def observe(self, outcome: Outcome) -> None:
        """The last guess was never fed; if it was kept, the next round feeds it."""
        fed = min(len(outcome.path), len(self.session.parents))
        self.session.keep(outcome.path[:fed], outcome.ids[:fed])

    def finish(self, tokens: list[int]) -> None:
        pass


def fit(logits: Tensor, vocab_size: int) -> Tensor:
    """Cut or pad logits [N, v] to the target's vocabulary [N, V]: padding entries are not tokens, so they get -inf.

    >>> fit(torch.zeros(1, 2), 3).tolist()
    [[0.0, 0.0, -inf]]
    """
    return torch.nn.functional.pad(logits[:, :vocab_size], (0, max(0, vocab_size - logits.shape[1])), value=-torch.inf)
