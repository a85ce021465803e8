"""The registry of drafters and verification rules: what each needs, supports and guarantees, and where its code is.

Each has one entry, the only place where these facts are defined: settings, capabilities, the command line, the page
and its scripts (`as_json`), the lab and the docs read them here. Torch-free: code is referred to by name and imported
when it is run.

A program adds a drafter by calling `register_drafter`; a package adds one by an entry point in the group
`specdec.drafters`, whose name is the drafter's and whose object is a `DrafterMethod`.
"""

import logging
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, TypeVar

from specdec.errors import UserError, first_line
from specdec.messages import Message, knows

log = logging.getLogger(__name__)

GROUP = "specdec.drafters"  # of entry points
PLAIN = "none"  # the drafter that guesses nothing: plain decoding
ALWAYS = "lookup"  # a drafter that works with every pair

Code = str | Callable[..., Any]  # "module:name", or the object itself


def resolve(code: Code) -> Any:
    """The object that "module:name" refers to, imported now; any other object is returned as it is."""
    if not isinstance(code, str):
        return code
    module, _, name = code.partition(":")
    return getattr(import_module(module), name)


@dataclass(frozen=True, slots=True)
class HeadsKind:
    """A kind of draft heads, which are trained on one target; `code`: their class, a `specdec.models.heads.Heads`."""

    name: str
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class DrafterMethod:
    """A drafting method. `code` creates its drafter: (pair, settings) → `specdec.drafters.draft.Drafter`.

    What it needs from a pair: a `draft_model`, a `datastore`, `heads` of a kind, a target with at least `layers`
    layers, or what one of the drafters in `one_of` needs. What it supports: `trees`; dynamic trees if it has the
    `probabilities` of its guesses; `encoder_decoders` as targets.

    copies: its guesses are copied from text.
    steady: it makes one forward pass per guess and as many guesses as the draft length, as the formulas assume.
    riders: it adds tokens of its own to the target's pass, besides the draft.
    preference: a pair's default drafter is the one with the highest value that it has the parts for; None: never the
    default.
    synthetic: it can be measured on the prescribed texts of pairs with random weights.
    settings: names of settings that only this drafter uses; `settle` fills in open ones: (pair, settings) → settings.
    transformers: its counterparts, lanes of transformers' `generate` (`specdec.lab.transformers_lane`).
    label, about: name and description, where the message catalog has none.
    broken: the reason why its package cannot be loaded.
    """

    name: str
    code: Code
    draft_model: bool = False
    datastore: bool = False
    heads: HeadsKind | None = None
    layers: int = 1
    one_of: tuple[str, ...] = ()
    trees: bool = True
    probabilities: bool = False
    encoder_decoders: bool = False
    copies: bool = False
    steady: bool = False
    riders: bool = False
    preference: int | None = None
    synthetic: bool = False
    settings: tuple[str, ...] = ()
    settle: Code | None = None
    transformers: tuple[str, ...] = ()
    label: str = ""
    about: str = ""
    broken: Message | None = None

    @property
    def title(self) -> Message | str:
        """The drafter's name on the page."""
        return self.label or _worded(f"settings.drafter_{self.name}") or self.name

    @property
    def line(self) -> Message | str:
        """A one-line description of the drafter."""
        return self.about or _worded(f"choices.drafter_{self.name}") or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMethod:
    """A verification rule, which turns the target's pass into verdicts. `code` judges a draft: see `specdec.verify`.

    `lossless`: the output's distribution is exactly the target's. `chain_only`: it does not support trees. `coins`:
    which random numbers it uses: none; the final token's; also those of the nodes that were tried; or every node's.
    `redraws`: the coin of a refused guess has drawn the target's own token. `settings`: names of settings that only
    this rule uses, passed to `code`. `transformers`: transformers' `generate` has this rule too. `formula`: under this
    rule α is a property of the two models, so the formulas of `specdec.theory` hold.
    """

    name: str
    code: Code
    coins: Literal["none", "final", "tried", "all"]
    lossless: bool = True
    chain_only: bool = False
    encoder_decoders: bool = False
    redraws: bool = False
    settings: tuple[str, ...] = ()
    transformers: bool = False
    formula: bool = False

    @property
    def judge(self) -> Callable[..., Any]:
        return resolve(self.code)


def _worded(key: str) -> Message | None:
    return Message(key) if knows(key) else None


Method = TypeVar("Method", DrafterMethod, RuleMethod)


class Table(MutableMapping[str, Method]):
    """Methods by name, in the order in which they are offered. The entry points of other packages are read on first
    access."""

    def __init__(self, *methods: Method, group: str | None = None) -> None:
        self._given: tuple[Method, ...] = methods
        self._group = group

    @cached_property
    def _methods(self) -> dict[str, Method]:
        methods: dict[str, Any] = {method.name: method for method in self._given}
        for point in entry_points(group=self._group) if self._group else ():
            methods.setdefault(point.name, _plugin(point))
        return methods

    def __getitem__(self, name: object) -> Method:
        if not isinstance(name, str):  # traces and clients may name anything
            raise KeyError(name)
        return self._methods[name]

    def __setitem__(self, name: str, method: Method) -> None:
        self._methods[name] = method

    def __delitem__(self, name: str) -> None:
        del self._methods[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)


def _plugin(point: EntryPoint) -> DrafterMethod:
    """The drafter of another package; where it cannot be loaded, a placeholder whose `broken` gives the reason."""
    try:
        method = point.load()
        if isinstance(method, DrafterMethod):
            return replace(method, name=point.name)
        why: Message | str = Message("errors.why_no_method", value=point.value)
    except Exception as error:
        log.debug("a drafter's package cannot be loaded", exc_info=True)  # readers get the sentence
        why = first_line(error)
    package = point.dist.name if point.dist else point.module
    broken = Message("errors.plugin_broken", drafter=point.name, package=package, why=why)
    return DrafterMethod(name=point.name, code=point.value, broken=broken)


DRAFTERS: Table[DrafterMethod] = Table(
    DrafterMethod(
        name=PLAIN,
        code="specdec.drafters.none:make",
        encoder_decoders=True,
        transformers=("hf-plain",),
    ),
    DrafterMethod(
        name="model",
        code="specdec.drafters.draft_model:make",
        draft_model=True,
        probabilities=True,
        encoder_decoders=True,
        steady=True,
        preference=3,
        synthetic=True,
        transformers=("hf-assisted", "hf-assisted-defaults"),
    ),
    DrafterMethod(
        name="lookup",
        code="specdec.drafters.prompt_lookup:make",
        encoder_decoders=True,
        copies=True,
        preference=0,
        synthetic=True,
        transformers=("hf-lookup",),
    ),
    DrafterMethod(
        name="suffix",
        code="specdec.drafters.suffix_decoding:make",
        copies=True,
    ),
    DrafterMethod(
        name="retrieval",
        code="specdec.drafters.retrieval:make",
        datastore=True,
        encoder_decoders=True,
        copies=True,
        settings=("datastore",),
        settle="specdec.drafters.retrieval:settle",
    ),
    DrafterMethod(
        name="lookahead",
        code="specdec.drafters.lookahead:make",
        riders=True,
    ),
    DrafterMethod(
        name="early_exit",
        code="specdec.drafters.early_exit:make",
        layers=2,
        probabilities=True,
        steady=True,
        settings=("exit_layer",),
        settle="specdec.drafters.early_exit:settle",
    ),
    DrafterMethod(
        name="medusa",
        code="specdec.drafters.medusa:make",
        heads=HeadsKind("medusa", "specdec.models.heads:MedusaHeads"),
        probabilities=True,
        preference=1,
    ),
    DrafterMethod(
        name="eagle",
        code="specdec.drafters.eagle:make",
        heads=HeadsKind("eagle", "specdec.models.heads:EagleHead"),
        probabilities=True,
        steady=True,
        preference=2,
    ),
    DrafterMethod(
        name="mixed",
        code="specdec.drafters.mixed:make",
        one_of=("model", "eagle", "medusa"),
    ),
    group=GROUP,
)

RULES: Table[RuleMethod] = Table(
    RuleMethod(
        name="greedy",
        code="specdec.verify.greedy:judge",
        coins="none",
        encoder_decoders=True,
        transformers=True,
        formula=True,
    ),
    RuleMethod(
        name="rejection",
        code="specdec.verify.rejection:judge",
        coins="tried",
        encoder_decoders=True,
        transformers=True,
        formula=True,
    ),
    RuleMethod(
        name="block",
        code="specdec.verify.block:judge",
        coins="all",
        chain_only=True,
        encoder_decoders=True,
    ),
    RuleMethod(
        name="match",
        code="specdec.verify.match:judge",
        coins="tried",
        chain_only=True,
        redraws=True,
        formula=True,
    ),
    RuleMethod(
        name="typical",
        code="specdec.verify.typical:judge",
        coins="final",
        lossless=False,
        settings=("epsilon", "delta"),
    ),
)


def register_drafter(method: DrafterMethod) -> None:
    """Register a drafter under its name, for the page, the command line and Python alike. Raises UserError for a name
    that is taken."""
    if method.name in DRAFTERS:
        raise UserError("errors.drafter_taken", value=method.name)
    DRAFTERS[method.name] = method


def drafter(name: str) -> DrafterMethod:
    """The drafter of that name. Raises UserError for an unknown name, and for a drafter whose package cannot be
    loaded.

    >>> drafter("lookup").copies
    True
    """
    if name not in DRAFTERS:
        raise UserError("errors.drafter_unknown", value=name, choices=", ".join(DRAFTERS))
    if broken := DRAFTERS[name].broken:
        raise UserError(broken)
    return DRAFTERS[name]


def rule(name: str) -> RuleMethod:
    """The rule of that name. Raises UserError for an unknown name.

    >>> rule("typical").lossless
    False
    """
    if name not in RULES:
        raise UserError("errors.rule_unknown", value=name, choices=", ".join(RULES))
    return RULES[name]


def names(table: Table[Method], fact: Callable[[Method], Any]) -> list[str]:
    """The names of the methods for which `fact` holds, without plain decoding.

    >>> names(RULES, lambda rule: rule.chain_only)
    ['block', 'match']
    """
    return [method.name for method in table.values() if method.name != PLAIN and fact(method)]


def owner(setting: str) -> DrafterMethod | RuleMethod | None:
    """The only drafter or rule that uses a setting, None for a setting that applies to every run.

    >>> owner("exit_layer").name, owner("seed")
    ('early_exit', None)
    """
    methods: list[DrafterMethod | RuleMethod] = [*DRAFTERS.values(), *RULES.values()]
    return next((method for method in methods if setting in method.settings), None)


def as_json() -> dict[str, list[dict[str, Any]]]:
    """Both tables as plain values, for the page's scripts: all facts except where the code is."""
    left_out = {"code", "settle", "broken"}

    def plain(method: DrafterMethod | RuleMethod) -> dict[str, Any]:
        facts = {name: value for name, value in asdict(method).items() if name not in left_out}
        if isinstance(method, DrafterMethod):
            facts["heads"] = method.heads.name if method.heads else None
        return facts

    return {"drafters": list(map(plain, DRAFTERS.values())), "rules": list(map(plain, RULES.values()))}
