"""A session: one sequence in one model, with its cache, the draft tree after it, and the tokens that are kept.

The committed token list is the only source of truth. A session compares it with what it has cached, rewinds to the
longest common prefix and feeds the rest; no other code computes with cache lengths.
"""

import weakref
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Protocol

import torch
from torch import Tensor

from specdec.models.accelerator import Chain, ChainInputs, PassInputs
from specdec.models.kv_cache import SlotCache
from specdec.sampling import Choice

PREFILL_CHUNK = 512

Choose = Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]  # logits [1, V], coin [1] → token [1], q [1, V]


class SteppedModel(Protocol):
    """What a session asks of a model (`specdec.models.language_model.LanguageModel`)."""

    @property
    def device(self) -> torch.device: ...

    def cache(self) -> SlotCache: ...

    def release(self, cache: SlotCache) -> None: ...

    def tensor(self, ids: list[int]) -> Tensor: ...

    def chain(
        self, cache: SlotCache, choice: Choice, length: int, run: Chain, inputs: ChainInputs
    ) -> tuple[Tensor, Tensor]: ...

    def step(
        self, cache: SlotCache, inputs: PassInputs, outputs: int, keep_hidden: bool = False, once: bool = False
    ) -> tuple[Tensor, Tensor | None]: ...


class Session:
    """Slots 0 … len(tokens) − 1 hold `tokens`; after them come the nodes of the current draft, in feeding order.

    With `keeps_hidden`, `hidden` [outputs, H] is the input of the output layer in the last pass. A session on the
    cache of another one writes into the same slots: an early-exit draft uses those in which the model will verify it.
    """

    def __init__(self, model: SteppedModel, keeps_hidden: bool = False, cache: SlotCache | None = None) -> None:
        self.model = model
        self.keeps_hidden = keeps_hidden
        self.hidden: Tensor | None = None
        self.cache = cache or model.cache()
        if cache is None:
            weakref.finalize(self, model.release, self.cache).atexit = False  # type: ignore[misc]  # typeshed takes it for a slot
        self.tokens: list[int] = []
        self.parents: list[int] = []

    def begin(self, prompt: list[int]) -> Tensor | None:
        """Feed a run's prompt before the clock starts, except for the last token, with which the first pass begins."""
        return self.prefill(prompt[:-1])

    def prefill(self, tokens: list[int]) -> Tensor | None:
        """Feed a prompt to the cache, in chunks. Returns the hidden states, if they are kept: [M, H] of the M tokens
        that were not cached before."""
        self._rewind(tokens)
        self.cache.reserve(len(tokens))  # at once: growing copies what is there
        seen = []
        while missing := tokens[len(self.tokens) :][:PREFILL_CHUNK]:
            outputs = len(missing) if self.keeps_hidden else 1
            self._pass(self.model.tensor(missing), [*range(-1, len(missing) - 1)], outputs, once=True)
            self.tokens += missing
            if self.hidden is not None:
                seen.append(self.hidden)
        return torch.cat(seen) if seen else None

    def forward(self, context: list[int], ids: Tensor | None = None, parents: Sequence[int] = ()) -> Tensor:
        """Feed the tokens of `context` that are not cached, and the draft tree after them, in one pass.

        ids [N] on the device, parents N indices into ids (-1: child of the context's last token). Returns logits
        [N + 1, V]: row 0 after the context, row i + 1 after node i.
        """
        self._rewind(context[:-1])  # the last token is always fed: its logits are asked for
        fresh = context[len(self.tokens) :]
        fed = self.model.tensor(fresh)
        if ids is not None:
            fed = torch.cat([fed, ids])
        root = len(fresh) - 1
        tree = [*range(-1, root), *(root if parent < 0 else root + 1 + parent for parent in parents)]
        logits = self._pass(fed, tree, len(parents) + 1)
        self.tokens, self.parents = list(context), list(parents)
        return logits

    def grow(self, ids: Tensor, parents: Sequence[int]) -> Tensor:
        """Feed more nodes of the same draft; parents index all its nodes so far. Returns logits [len(ids), V]."""
        self.parents += parents
        return self._pass(ids, self.parents, len(parents))

    def chain(
        self, context: list[int], length: int, choose: Choose, coins: Tensor | None, choice: Choice
    ) -> tuple[Tensor, Tensor]:
        """Feed the context's missing tokens and a chain after it, each of whose tokens is chosen from the logits
        of the one before: ids [length], distributions [length, V]. The last one is not fed. All of it stays on the
        device; `choice` has everything that `choose` depends on besides its arguments."""
        self._rewind(context[:-1])
        known, end = len(self.tokens), len(context)
        self.cache.reserve(end + length - 1)
        places = _places(self.cache.size, self.model.device)
        run = partial(_chain, self.model, self.cache, places, length, choose)
        inputs = ChainInputs(self.model.tensor(context[known:]), places[known:end], coins)
        ids, distributions = self.model.chain(self.cache, choice, length, run, inputs)
        self.tokens, self.parents = list(context), list(range(-1, length - 2))
        return ids, distributions

    def keep(self, path: Sequence[int], ids: Sequence[int]) -> None:
        """Commit the nodes of `path`, whose ids the host now knows, in place, and discard the rest of the draft."""
        base = len(self.tokens)
        if list(path) != list(range(len(path))):
            slots = torch.arange(base, base + len(path), device=self.model.device)
            self.cache.move(self.model.tensor([base + node for node in path]), slots)
        self.tokens += ids
        self.parents = []

    def _rewind(self, tokens: list[int]) -> None:
        common = min(len(self.tokens), len(tokens))
        if self.tokens[:common] != tokens[:common]:
            common = next(i for i in range(common) if self.tokens[i] != tokens[i])
        del self.tokens[common:]
        self.parents = []

    def _pass(self, ids: Tensor, tree: list[int], outputs: int, once: bool = False) -> Tensor:
        """Run the last len(ids) nodes of `tree`, which follows the cached tokens; returns the last `outputs`
        logits."""
        base, rows, nodes = len(self.tokens), len(ids), len(tree)
        self.cache.reserve(base + nodes)
        places = _places(self.cache.size, self.model.device)
        slots = positions = places[base + nodes - rows : base + nodes]
        mask = places <= slots[:, None]
        if tree != [*range(-1, nodes - 1)]:  # on a chain every token sees all before it; on branches it does not
            ancestors, depths = _shape(tuple(tree), rows)
            mask[:, base : base + nodes] = ancestors.to(self.model.device, non_blocking=True)
            positions = depths.to(self.model.device, non_blocking=True) + base
        inputs = PassInputs(ids, slots, positions, mask)
        logits, self.hidden = self.model.step(self.cache, inputs, outputs, self.keeps_hidden, once)
        return logits


def _chain(
    model: SteppedModel,
    cache: SlotCache,
    places: Tensor,
    length: int,
    choose: Choose,
    inputs: ChainInputs,
) -> tuple[Tensor, Tensor]:
    """One pass over ids [T] at their slots [T], then one for every further token of the chain but the last."""
    ids, slots, coins = inputs
    chosen: list[Tensor] = []
    distributions: list[Tensor] = []
    for place in range(length):
        if place:
            ids, slots = chosen[-1], slots[-1:] + 1
        logits, _ = model.step(cache, PassInputs(ids, slots, slots, places <= slots[:, None]), outputs=1)
        token, distribution = choose(logits, None if coins is None else coins[place : place + 1])
        chosen.append(token)
        distributions.append(distribution)
    return torch.cat(chosen), torch.cat(distributions)


@lru_cache(maxsize=64)
def _places(size: int, device: torch.device) -> Tensor:
    """0 … size − 1."""
    return torch.arange(size, device=device)


@lru_cache(maxsize=64)
def _shape(tree: tuple[int, ...], rows: int) -> tuple[Tensor, Tensor]:
    """For the last `rows` nodes: which nodes are their ancestors or themselves, [rows, N] bool, and their depths
    [rows].

    >>> ancestors, depths = _shape((-1, 0, 0), 2)
    >>> ancestors.long().tolist(), depths.tolist()
    ([[1, 1, 0], [1, 0, 1]], [1, 1])
    """
    ancestors = torch.eye(len(tree), dtype=torch.bool)
    for node, parent in enumerate(tree):
        if parent >= 0:
            ancestors[node] |= ancestors[parent]
    return ancestors[-rows:], ancestors[-rows:].sum(-1) - 1
