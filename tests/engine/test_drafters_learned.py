"""Drafters that lean on the target (its first layers, its hidden states) guess as they say and leave it as it was."""

import copy
from dataclasses import replace

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

import specdec
from specdec import drafters
from specdec.drafters import dynamic_tree
from specdec.drafters.draft import Context, Outcome
from specdec.drafters.dynamic_tree import NODES, WIDTH, likeliest_tree
from specdec.drafters.eagle import EagleDrafter, FeatureSession
from specdec.drafters.early_exit import EarlyExitDrafter
from specdec.drafters.medusa import MedusaDrafter
from specdec.errors import UserError
from specdec.models.heads import EagleHead, MedusaHeads
from specdec.models.language_model import LanguageModel
from specdec.models.pair import Pair
from specdec.models.truncated import first_layers
from specdec.sampling import Coins, distribution, draw
from specdec.settings import DYNAMIC, Settings

ARCHITECTURES = ("llama", "qwen3", "opt", "gpt2", "neox")
SHAPES = {"chain": {"draft_length": 3}, "tree": {"branching": (3, 2, 1)}, "dynamic": {"branching": DYNAMIC}}
LEARNED = ("early_exit", "medusa", "eagle")
TEXT = [5, 60, 70, 80, 90, 100, 110]


def pair_of(target):
    """Heads that know nothing: whatever they guess, the text must be the target's own."""
    return Pair(None, target, None, 3, heads={"medusa": MedusaHeads.random(target), "eagle": EagleHead.random(target)})


def begin(name, pair, tokens=TEXT, **choices):
    settings = Settings(**choices)
    drafter = drafters.make(name, pair, settings)
    drafter.start(pair.target, list(tokens), settings)
    return drafter


def seen(target, tokens):
    """A context as the first round finds it."""
    session = target.session(keeps_hidden=True)
    return Context(list(tokens), hidden=session.prefill(tokens[:-1]), session=session)


def judge(context, draft, path):
    """The target's pass over a draft of which `path` is kept, then one more token: the next round's context."""
    context.session.forward(context.tokens, draft.ids, draft.parents)
    hidden = context.session.hidden[[0, *(node + 1 for node in path)]]
    ids = draft.ids[list(path)].tolist()
    context.session.keep(path, ids)
    return Outcome(tuple(path), tuple(ids)), replace(context, tokens=[*context.tokens, *ids, 11], hidden=hidden)


def leftmost(draft, length):
    """The first path of a draft, cut."""
    path, node = [], -1
    while len(path) < length and node in draft.parents:
        path.append(node := draft.parents.index(node))
    return path


def same(one, other):
    if one.q is not None:
        assert torch.allclose(one.q, other.q, atol=1e-5)
    return torch.equal(one.ids, other.ids) and one.parents == other.parents


# ------------------------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", LEARNED)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_greedy_text_is_the_targets_own(tiny_model, architecture, name, shape):
    pair = pair_of(tiny_model(architecture, layers=3))
    plain = specdec.run("The old lamp", pair, drafter="none", max_new_tokens=32)
    trace = specdec.run("The old lamp", pair, drafter=name, max_new_tokens=32, **SHAPES[shape])
    assert trace.ids == plain.ids and trace.footer.reason == plain.footer.reason
    assert trace.totals.drafted > 0


@pytest.mark.parametrize("name", LEARNED)
@pytest.mark.parametrize("shape", SHAPES)
def test_sampled_runs_reach_their_end(tiny_model, name, shape):
    pair = pair_of(tiny_model("llama", layers=3))
    trace = specdec.run("The old lamp", pair, drafter=name, max_new_tokens=40, temperature=1.0, **SHAPES[shape])
    assert trace.footer.reason in ("length", "eos") and trace.totals.drafted > 0


@pytest.mark.parametrize("name", LEARNED)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kept", range(4))
def test_whatever_is_kept_the_next_draft_is_as_from_a_fresh_start(tiny_model, name, shape, kept):
    """Five rounds, then the same question to a drafter that has seen the whole text at once."""
    pair = pair_of(tiny_model("llama", layers=3))
    drafter, context = begin(name, pair, **SHAPES[shape]), seen(pair.target, TEXT)
    for turn in range(5):
        draft = drafter.propose(context, Settings(**SHAPES[shape]).shape[: 4 - turn % 2], Coins(0))
        outcome, context = judge(context, draft, leftmost(draft, kept))
        drafter.observe(outcome)
    late = drafter.propose(context, Settings(**SHAPES[shape]).shape, Coins(0))
    fresh = begin(name, pair, context.tokens, **SHAPES[shape])
    assert same(late, fresh.propose(seen(pair.target, context.tokens), Settings(**SHAPES[shape]).shape, Coins(0)))


def depths(parents):
    """
    >>> depths((-1, 0, 0))
    [0, 1, 1]
    """
    found = []
    for parent in parents:
        found.append(0 if parent < 0 else found[parent] + 1)
    return found


@pytest.mark.parametrize("name", ["medusa", "eagle"])
def test_a_prompt_of_one_token_has_no_hidden_state_to_guess_from(tiny_model, name):
    pair = pair_of(tiny_model("llama"))
    drafter = begin(name, pair, [5])
    assert drafter.propose(Context([5]), (1, 1), Coins(0)).parents == ()
    plain = specdec.run("a", pair, drafter="none", max_new_tokens=8)
    assert len(plain.header.prompt.tokens) == 1
    for choice in LEARNED:
        assert specdec.run("a", pair, drafter=choice, max_new_tokens=8).ids == plain.ids


@pytest.mark.parametrize("name", ["early_exit", "eagle"])
@pytest.mark.parametrize("shape", ["chain", "tree"])
def test_recorded_coins_draw_the_same_guesses_again_from_the_recorded_law(tiny_model, name, shape):
    pair = pair_of(tiny_model("llama", layers=3))
    choice = {"temperature": 0.9, "top_k": 20, **SHAPES[shape]}
    draft = begin(name, pair, **choice).propose(seen(pair.target, TEXT), Settings(**choice).shape, Coins(4))
    assert draft.coins == tuple(Coins(4).draft(len(draft.parents))) and len(draft.parents) > 2
    assert torch.equal(draw(draft.q, torch.tensor(draft.coins, dtype=torch.float64)), draft.ids)
    assert (draft.q > 0).sum(-1).max() <= 20 and torch.allclose(draft.q.sum(-1), torch.ones(len(draft.ids)))


@pytest.mark.parametrize("name", LEARNED)
def test_a_drafter_names_what_it_needs_and_is_no_model_of_its_own(tiny_model, name):
    drafter = begin(name, pair_of(tiny_model("llama", layers=3)))
    assert drafter.needs == {"layers" if name == "early_exit" else "hidden"} and drafter.model is None


# ------------------------------------------------------------------------------------------------- early exit


def leaving(target, shape=(1, 1, 1), exit_layer=None, context=None, **choices):
    drafter = EarlyExitDrafter(first_layers(target, exit_layer))
    drafter.start(target, TEXT, Settings(**choices))
    return drafter.propose(context or seen(target, TEXT), shape, Coins(0))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("exit_layer", [1, 2, 3])
def test_a_guess_is_what_the_first_layers_make_of_the_text(tiny_model, architecture, exit_layer):
    target = tiny_model(architecture, layers=4)
    short = copy.deepcopy(target.module)
    name = next(n for n, m in short.named_modules() if isinstance(m, torch.nn.ModuleList) and len(m) == 4)
    del short.get_submodule(name)[exit_layer:]
    text = list(TEXT)
    for guess, law in zip(
        *(lambda draft: (draft.ids.tolist(), draft.q))(leaving(target, exit_layer=exit_layer)), strict=True
    ):
        with torch.inference_mode():
            logits = short(torch.tensor([text]), use_cache=False).logits[0, -1]
        assert guess == logits.argmax() and torch.allclose(law, logits.softmax(-1), atol=1e-5)
        text.append(guess)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_target_judges_as_if_nothing_had_been_drafted_in_its_cache(tiny_model, architecture):
    """To the last bit: every slot that the draft wrote is hidden from the target or written anew by it."""
    target = tiny_model(architecture, layers=3)
    for shape in ((1, 1, 1), (3, 2)):
        shared, alone = seen(target, TEXT), seen(target, TEXT)
        for _ in range(3):
            draft = leaving(target, shape, exit_layer=2, context=shared)
            verdicts = [c.session.forward(c.tokens, draft.ids, draft.parents) for c in (shared, alone)]
            assert torch.equal(*verdicts)
            path = leftmost(draft, len(shape))
            shared, alone = (judge(c, draft, path)[1] for c in (shared, alone))
        for one, other in zip(shared.session.cache.layers, alone.session.cache.layers, strict=True):
            length = len(shared.session.tokens)
            assert torch.equal(one.keys[:, :, :length], other.keys[:, :, :length])


def test_the_targets_module_stays_as_it_is_and_no_weight_is_copied(tiny_model):
    target = tiny_model("llama", layers=4)
    before = [name for name, _ in target.module.named_modules()]
    drafter = EarlyExitDrafter(first_layers(target, 3))
    assert [name for name, _ in target.module.named_modules()] == before
    assert len(drafter.first.module.model.layers) == 3
    own = {id(weight) for weight in target.module.parameters()}
    assert {id(weight) for weight in drafter.first.module.parameters()} < own


@pytest.mark.parametrize(("layers", "expected"), [(2, 1), (3, 1), (8, 2), (13, 3)])
def test_a_quarter_of_the_layers_is_enough_unless_told_otherwise(tiny_model, layers, expected):
    assert len(first_layers(tiny_model("llama", layers=layers)).module.model.layers) == expected


def refused(pair, name, **choices):
    with pytest.raises(UserError) as caught:
        drafters.make(name, pair, Settings(**choices))
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.endswith("."), said
    return said


def test_an_exit_that_is_none_is_refused_in_one_sentence(tiny_model):
    pair = pair_of(tiny_model("llama", layers=3))
    assert "1 to 2" in refused(pair, "early_exit", exit_layer=3)
    with pytest.raises(UserError, match="1 to 2"):
        first_layers(pair.target, 0)
    assert "single layer" in refused(pair_of(tiny_model("llama", layers=1)), "early_exit")
    headless = replace(pair.target, module=copy.deepcopy(pair.target.module))
    headless.module.model.layers = torch.nn.Sequential(*headless.module.model.layers)
    assert "does not find" in refused(pair_of(headless), "early_exit")


IDLE = (
    "o_proj",
    "down_proj",
    "out_proj",
    "fc2",
    "c_proj",
    "dense",
    "dense_4h_to_h",
)  # what a layer adds, it adds here


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_where_later_layers_add_nothing_every_guess_is_kept(tiny_model, architecture, shape):
    target = tiny_model(architecture, layers=3)
    idle = LanguageModel("idle", copy.deepcopy(target.module), target.tokenizer)
    for name, module in idle.module.named_modules():
        if name.split(".")[-1] in IDLE and {"1", "2"} & set(name.split(".")):
            for weight in module.parameters():
                weight.data.zero_()
    trace = specdec.run(
        "The old lamp", Pair(None, idle, None, 3), drafter="early_exit", max_new_tokens=20, **SHAPES[shape]
    )
    depth = 1 if shape == "dynamic" else Settings(**SHAPES[shape]).draft_length  # it may grow wide, not deep
    assert all(len(one.path) >= depth for one in trace.rounds[:-1]) and trace.totals.tokens == 20
    draft = leaving(idle, temperature=1.0)
    context = seen(idle, TEXT)
    logits = context.session.forward(TEXT, draft.ids, draft.parents)
    assert torch.allclose(draft.q, logits[:-1].softmax(-1), atol=1e-5)


# ------------------------------------------------------------------------------------------------ heads that are right


def after(token, times=1):
    """Token 299 is followed by 1, every other by the next; 0 ends a text and never comes."""
    return (token - 1 + times) % 299 + 1


@pytest.fixture(scope="module")
def counting(tiny_tokenizer):
    """A Llama that writes `after` of its last token: its layer adds nothing, its output layer knows the embeddings."""
    config = LlamaConfig(
        vocab_size=300,
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=4,
        eos_token_id=None,
        bos_token_id=None,
    )
    torch.manual_seed(0)
    module = LlamaForCausalLM(config).eval()
    module.set_attn_implementation("sdpa")
    rows = torch.randn(300, 64)
    rows /= rows.square().mean(-1, keepdim=True).sqrt()
    with torch.no_grad():
        module.model.layers[0].self_attn.o_proj.weight.zero_()
        module.model.layers[0].mlp.down_proj.weight.zero_()
        module.model.embed_tokens.weight.copy_(rows)
        module.lm_head.weight.copy_(knowing(rows, 1))
    return LanguageModel("counting", module, tiny_tokenizer)


def knowing(rows, times):
    """An output layer that answers a token's embedding with the token `times` places after it."""
    weight = torch.zeros_like(rows)
    weight[[after(token, times) for token in range(1, 300)]] = rows[1:]
    return weight


def right_medusa(target, heads=3):
    made = MedusaHeads.random(target, heads)
    with torch.no_grad():
        for times, (block, output) in enumerate(made, start=2):
            block.linear.weight.zero_()
            block.linear.bias.zero_()
            output.weight.copy_(knowing(target.module.model.embed_tokens.weight, times))
    return made


def right_eagle(target):
    """The feature of a token is its embedding, whatever came before."""
    made = EagleHead.random(target)
    with torch.no_grad():
        made.fc.weight.copy_(torch.eye(64, 128))
        made.fc.bias.zero_()
        made.layers[0].self_attn.o_proj.weight.zero_()
        made.layers[0].mlp.down_proj.weight.zero_()
    return made


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["medusa", "eagle"])
def test_heads_that_are_right_are_believed(counting, name, shape, temperature):
    pair = Pair(None, counting, None, 3, heads={"medusa": right_medusa(counting), "eagle": right_eagle(counting)})
    choices = {**SHAPES[shape], "draft_length": 3, "temperature": temperature, "max_new_tokens": 24}
    trace = specdec.run("The old lamp", pair, drafter=name, **choices)
    unready = name == "medusa"  # the prompt's end is not what its hidden state foretells; all that is written later is
    assert all(len(one.path) == 3 for one in trace.rounds[unready:-1]) and len(trace.rounds) == 6 + unready
    start = trace.header.prompt.tokens[-1].id
    assert trace.ids == [after(start, times) for times in range(1, 25)]


# ------------------------------------------------------------------------------------------------- medusa


def test_greedily_every_combination_of_the_heads_best_tokens_is_guessed(tiny_model):
    target = tiny_model("llama")
    heads = MedusaHeads.random(target, heads=3)
    drafter = MedusaDrafter(heads)
    drafter.start(target, TEXT, Settings())
    context = seen(target, TEXT)
    draft = drafter.propose(context, (3, 2), Coins(0))
    laws = heads(context.hidden[-1], None)[:2].softmax(-1)
    first, second = (row.topk(3).indices.tolist() for row in laws)
    assert draft.ids.tolist() == [*first, *second[:2] * 3] and draft.parents == (-1, -1, -1, 0, 0, 1, 1, 2, 2)
    assert torch.allclose(draft.q, laws[[0] * 3 + [1] * 6])
    assert draft.coins == (None,) * 9 and draft.passes == 1


def test_sampled_guesses_are_drawn_from_each_heads_own_law(tiny_model):
    target = tiny_model("llama")
    heads, settings = MedusaHeads.random(target, heads=2), Settings(rule="rejection", temperature=0.7)
    drafter = MedusaDrafter(heads)
    drafter.start(target, TEXT, settings)
    context = seen(target, TEXT)
    draft = drafter.propose(context, (1, 1), Coins(5))
    laws = distribution(heads(context.hidden[-1], None), settings)
    assert torch.allclose(draft.q, laws) and draft.coins == tuple(Coins(5).draft(2))
    assert draft.ids.tolist() == draw(laws, torch.tensor(draft.coins)).tolist()


def test_a_draft_is_no_deeper_than_there_are_heads(tiny_model):
    pair = pair_of(tiny_model("llama"))
    for choices in ({"draft_length": 8}, {"draft_length": 8, "branching": DYNAMIC}):
        draft = begin("medusa", pair, **choices).propose(seen(pair.target, TEXT), (1,) * 8, Coins(0))
        assert max(depths(draft.parents)) < 3
    assert begin("medusa", pair, draft_length=8).propose(seen(pair.target, TEXT), (1,) * 8, Coins(0)).parents == (
        -1,
        0,
        1,
    )


def test_a_dynamic_tree_of_heads_holds_the_likeliest_combinations(tiny_model):
    """Heads know nothing of each other, so a path is as likely as the product says: all of them can be listed."""
    pair = pair_of(tiny_model("llama"))
    context = seen(pair.target, TEXT)
    draft = begin("medusa", pair, branching=DYNAMIC, draft_length=2).propose(context, (1, 1), Coins(0))
    first, second = pair.heads["medusa"](context.hidden[-1], None)[:2].softmax(-1)
    begin_with, go_on = (law.topk(WIDTH).indices.tolist() for law in (first, second))
    listed = {(i,): first[i].item() for i in begin_with}
    listed |= {(i, j): first[i].item() * second[j].item() for i in begin_with for j in go_on}
    expected = sorted(listed, key=listed.get, reverse=True)[:NODES]
    assert set(paths(draft)) == set(expected)


@pytest.mark.parametrize("name", ["medusa", "eagle"])
def test_a_pair_without_heads_is_told_what_to_do(tiny_pair, name):
    said = refused(tiny_pair, name)
    assert tiny_pair.target.name in said and "early-exit" in said


# ------------------------------------------------------------------------------------------------- eagle


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_cached_features_are_those_of_one_pass_over_everything(tiny_model, architecture):
    target = tiny_model(architecture, layers=2)
    head, context = EagleHead.random(target, seed=2), seen(target, TEXT)
    session = FeatureSession(head, target)
    hidden = torch.cat([context.hidden, torch.randn(3, 32)])  # the last three, as if they were fed a round later
    tokens = [*TEXT, 3, 4, 5]
    with torch.inference_mode():
        session.fresh = hidden[: len(TEXT) - 1]
        session.forward(TEXT)
        session.grow(torch.tensor([7, 8]), [-1, -1])  # a draft that will be forgotten
        session.fresh = hidden[len(TEXT) - 1 :]
        logits = session.forward(tokens)
        count = len(tokens) - 1
        embedded = target.module.get_input_embeddings()(torch.tensor(tokens[1:]))
        whole = head(embedded, hidden, torch.arange(count), torch.ones(count, count).tril().bool())
        assert torch.allclose(session.features, whole[-1:], atol=1e-5)
        assert torch.allclose(logits, target.module.get_output_embeddings()(whole[-1:]), atol=1e-4)


def test_a_node_of_a_tree_is_guessed_as_if_its_path_stood_alone(tiny_model):
    target = tiny_model("llama")
    head, context = EagleHead.random(target), seen(target, TEXT)
    ids, parents = [21, 22, 23, 24, 25], [-1, -1, 0, 1, 3]
    with torch.inference_mode():
        tree = FeatureSession(head, target)
        tree.fresh = context.hidden
        tree.forward(TEXT)
        tree.grow(torch.tensor(ids[:2]), parents[:2])
        tree.grow(torch.tensor(ids[2:4]), parents[2:4])
        tree.grow(torch.tensor(ids[4:]), torch.tensor(parents[4:]))
        features, tokens = context.hidden, TEXT[1:]
        for guess in [22, 24, 25, None]:  # without a cache; every guess joins the feature that was predicted before it
            embedded, count = target.module.get_input_embeddings()(torch.tensor(tokens)), len(tokens)
            alone = head(embedded, features, torch.arange(count), torch.ones(count, count).tril().bool())
            features, tokens = torch.cat([features, alone[-1:]]), [*tokens, guess]
    assert torch.allclose(tree.features[[0, 2, 4, 5]], alone[-4:], atol=1e-5)


def test_an_eagle_outgrows_its_buffer_in_the_middle_of_a_draft(tiny_model):
    pair = pair_of(tiny_model("llama", layers=2))
    tokens = [5 + i % 200 for i in range(254)]
    draft = begin("eagle", pair, tokens).propose(seen(pair.target, tokens), (2, 2, 2), Coins(0))
    drafter = begin("eagle", pair, tokens)
    drafter.session.cache.reserve(600)
    assert same(draft, drafter.propose(seen(pair.target, tokens), (2, 2, 2), Coins(0)))


def test_a_guess_costs_one_pass_of_the_head_per_depth(tiny_model):
    pair, passes = pair_of(tiny_model("llama")), []
    hook = pair.heads["eagle"].register_forward_hook(lambda *_: passes.append(1))
    for choices in SHAPES.values():
        passes.clear()
        shape = Settings(**choices).shape
        draft = begin("eagle", pair, **choices).propose(seen(pair.target, TEXT), shape, Coins(0))
        assert draft.passes == len(passes) == len(shape)
    hook.remove()


def test_rounds_that_were_drafted_by_nobody_are_caught_up_with(tiny_model):
    pair = pair_of(tiny_model("llama"))
    drafter, context = begin("eagle", pair), seen(pair.target, TEXT)
    drafter.propose(context, (1, 1), Coins(0))
    more = [*TEXT, 8, 9, 10]
    whole = seen(pair.target, more)
    late = drafter.propose(replace(context, tokens=more, hidden=whole.hidden[-3:]), (1, 1), Coins(0))
    assert same(late, begin("eagle", pair, more).propose(whole, (1, 1), Coins(0)))


def test_an_eagle_guesses_by_the_targets_own_output_layer(tiny_model):
    target = tiny_model("llama")
    drafter = EagleDrafter(EagleHead.random(target))
    drafter.start(target, TEXT, Settings(temperature=1.0))
    draft = drafter.propose(seen(target, TEXT), (1, 1), Coins(0))
    expected = (drafter.session.features @ target.module.lm_head.weight.detach().T).softmax(-1)
    assert torch.allclose(draft.q, expected, atol=1e-6)


# ------------------------------------------------------------------------------------------------- dynamic trees


def paths(draft):
    """Every node as the tokens that lead to it."""
    found = []
    for token, parent in zip(draft.ids.tolist(), draft.parents, strict=True):
        found.append((*(found[parent] if parent >= 0 else ()), token))
    return found


def slow_tree(table, depth, width, nodes):
    """The same tree, grown from lists of paths: table[last token] holds what may follow, -1 stands for the context."""
    pool, level = {}, {(): 1.0}
    for _ in range(depth):
        followed = sorted(level, key=level.get, reverse=True)[:width]
        level = {}
        for path in followed:
            law = table[path[-1] if path else -1]
            for token in sorted(range(len(law)), key=law.__getitem__, reverse=True)[:width]:
                level[*path, token] = (pool[path] if path else 1.0) * law[token]
        pool |= level
    return pool, sorted(pool, key=pool.get, reverse=True)[:nodes]


@pytest.mark.parametrize(
    ("size", "depth", "width", "nodes"), [(12, 1, 8, 24), (12, 3, 8, 24), (12, 6, 4, 9), (5, 4, 8, 24)]
)
def test_a_dynamic_tree_holds_the_likeliest_nodes_in_order(monkeypatch, size, depth, width, nodes):
    monkeypatch.setattr(dynamic_tree, "WIDTH", width)
    monkeypatch.setattr(dynamic_tree, "NODES", nodes)
    for seed in range(20):
        logits = 2 * torch.randn(size + 1, size, generator=torch.Generator().manual_seed(seed)).double()
        table = {token: law.tolist() for token, law in zip([*range(size), -1], logits.softmax(-1), strict=True)}
        draft = likeliest_tree(logits[-1:], lambda ids, _, logits=logits: logits[ids], depth)
        pool, expected = slow_tree(table, depth, width, nodes)
        found = paths(draft)
        assert sorted(found) == sorted(expected)
        assert all(parent < node for node, parent in enumerate(draft.parents))
        for node, parent in enumerate(draft.parents):  # siblings: the likelier one first
            earlier = [other for other in range(node) if draft.parents[other] == parent]
            assert all(pool[found[other]] >= pool[found[node]] for other in earlier)
        assert draft.q is None and draft.passes == depth and draft.coins == (None,) * len(found)


def test_of_equally_likely_nodes_the_one_nearer_the_root_is_judged():
    """A certain drafter: every path has probability 1, and no child may be chosen before its parent."""
    sure = torch.full((1, 30), -torch.inf)
    sure[0, 7] = 0.0
    draft = likeliest_tree(sure, lambda ids, _: sure.expand(len(ids), -1), 40)
    assert len(draft.ids) == NODES and draft.ids.tolist() == [7] * NODES
    assert draft.parents == tuple(range(-1, NODES - 1))


def test_the_draft_model_grows_a_dynamic_tree_too(tiny_pair):
    plain = specdec.run("The old lamp", tiny_pair, drafter="none", max_new_tokens=40)
    chain = specdec.run("The old lamp", tiny_pair, drafter="model", max_new_tokens=40)
    tree = specdec.run("The old lamp", tiny_pair, drafter="model", max_new_tokens=40, branching=DYNAMIC)
    assert tree.ids == chain.ids == plain.ids
    assert tree.totals.tokens_per_pass >= chain.totals.tokens_per_pass
    assert max(len(one.draft) for one in tree.rounds) == NODES


def test_the_header_says_after_which_layer_an_early_exit_left(tiny_pair):
    one = specdec.run("The old lamp", tiny_pair, drafter="early_exit", max_new_tokens=4)
    assert one.header.settings["exit_layer"] == 1
    other = specdec.run("The old lamp", tiny_pair, drafter="early_exit", exit_layer=2, max_new_tokens=4)
    assert other.header.settings["exit_layer"] == 2
    assert (
        specdec.run("The old lamp", tiny_pair, drafter="lookup", max_new_tokens=4).header.settings["exit_layer"]
        is None
    )


def test_the_first_layers_of_a_model_that_is_spread_are_no_more_than_those(tiny_model):
    """accelerate hangs its own forward on a module, which runs the module that it was made for."""
    target = tiny_model("llama", layers=3)
    model, twin = copy.deepcopy(target.module), copy.deepcopy(target.module)
    for part in (model, model.model):
        part._old_forward = part.forward
        part.forward = part._old_forward
    ids = torch.tensor([TEXT])
    expected = first_layers(LanguageModel("twin", twin, None), 1).module(input_ids=ids).logits
    found = first_layers(LanguageModel("spread", model, None), 1).module(input_ids=ids).logits
    assert torch.equal(found, expected) and not torch.allclose(found, model(input_ids=ids).logits)
