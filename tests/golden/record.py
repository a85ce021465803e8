"""Records runs of the embedded pairs: every drafter, rule and shape of draft, with fixed seeds, eager, on one thread.

`python tests/golden/record.py` writes golden.json: to be run again only where decoding is meant to change.
`test_golden.py` decodes the same in a fresh process (the suffix drafter learns from the process's earlier runs, so
their order belongs to the recording) and compares. Only the package's public names are used.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import specdec

RECORDING = Path(__file__).with_name("golden.json")
PROMPTS = {
    "stories": "Once upon a time, there was a small blue boat that wanted to see the other side of the lake.",
    "translate": "The boy went to the park with his dog. The dog ran to the boy, and the boy was happy.",
}
COPIED = "With mistakes:\nThe boat sailed over the the lake. It were a sunny day.\n\nCorrected:\n"  # pays for lookup
TOKENS = {"chain": 24, "tree": 18, "dynamic": 14, "auto": 20}
SHAPES = {
    "chain": {"draft_length": 4},
    "tree": {"branching": (3, 2, 1)},
    "dynamic": {"draft_length": 4, "branching": "dynamic"},
}
SAMPLED = {"temperature": 0.8, "seed": 7}
RULES = {
    "greedy": {"temperature": 0.0},
    "rejection": SAMPLED,
    "rejection top-k": {**SAMPLED, "top_k": 20},
    "rejection top-p": {**SAMPLED, "top_p": 0.95},
    "rejection min-p": {**SAMPLED, "min_p": 0.05},
    "block": {**SAMPLED, "rule": "block"},
    "match": {**SAMPLED, "rule": "match"},
    "typical": {**SAMPLED, "rule": "typical"},
}
CHAIN_RULES = ("block", "match")
DRAFTERS = {
    "stories": ("none", "model", "lookup", "suffix", "retrieval", "lookahead", "early_exit", "medusa", "eagle"),
    "translate": ("none", "model", "lookup", "retrieval"),
}
DYNAMIC_DRAFTERS = ("model", "early_exit", "medusa", "eagle")
ENCODER_RULES = ("greedy", "rejection", "rejection top-k", "rejection top-p", "rejection min-p", "block")
AUTO_RULES = ("greedy", "rejection")
COSTS = {"c": 0.2, "v": [1.0, 1.02, 1.06, 1.1, 1.14, 1.3, 1.34, 1.38, 1.42, 1.6, 1.66, 1.72, 1.78], "o": 0.1}

Case = tuple[str, str, str, str]  # pair, drafter, rule, shape


def cases() -> Iterator[Case]:
    for pair, drafters in DRAFTERS.items():
        for drafter in drafters:
            for rule in RULES if pair == "stories" else ENCODER_RULES:
                yield from ((pair, drafter, rule, shape) for shape in shapes(pair, drafter, rule))


def shapes(pair: str, drafter: str, rule: str) -> Iterator[str]:
    """A chain always; trees where pair, drafter and rule take them; lengths chosen by a recorded calibration."""
    yield "chain"
    if pair == "stories" and drafter != "none" and rule not in CHAIN_RULES:
        yield "tree"
        if drafter in DYNAMIC_DRAFTERS:
            yield "dynamic"
    if drafter != "none" and rule in AUTO_RULES:
        yield "auto"


def decode(case: Case) -> specdec.Trace:
    name, drafter, rule, shape = case
    pair, prompt = _pair(name), COPIED if (name, drafter) == ("stories", "lookup") else PROMPTS[name]
    settings = RULES[rule] | {"max_new_tokens": TOKENS[shape]}
    own = {"datastore": str(_translations())} if (name, drafter) == ("translate", "retrieval") else {}
    if shape != "auto":
        return specdec.run(prompt, pair, drafter=drafter, **settings, **SHAPES[shape], **own)
    fixed = specdec.run(prompt, pair, drafter=drafter, **settings | {"max_new_tokens": 1}, **own)
    asked = fixed.header.settings | {"draft_length": "auto", "max_new_tokens": TOKENS[shape]}
    planned = replace(fixed, header=replace(fixed.header, settings=asked, calibration=COSTS))
    return specdec.replay(planned, pair, **own)


def _pair(name: str):
    return specdec.load(name, device="cpu", dtype="float32")


@cache
def _translations() -> Path:
    """A datastore for the pair that has none: a translation that it wrote."""
    folder = Path(tempfile.mkdtemp())
    text, datastore = folder / "translations.txt", folder / "translations.datastore"
    text.write_text(specdec.run(PROMPTS["translate"], _pair("translate"), drafter="none").text, encoding="utf-8")
    build = ["datastore", "build", str(text), "--out", str(datastore), "--pair", "translate"]
    subprocess.run([sys.executable, "-m", "specdec", *build], check=True, capture_output=True)
    return datastore


def compact(trace: specdec.Trace) -> dict[str, Any]:
    return {"ids": trace.ids, "reason": trace.footer.reason, "rounds": [_compact(one) for one in trace.rounds]}


def _compact(one) -> dict[str, Any]:
    """Columns over the drafted tokens and, last, the target's own (q over the drafted only); a verdict is its first
    letter. What says nothing is left out: the parents of a chain, coins that were not used, q without a draft."""
    tokens = [*one.draft, *filter(None, [one.final])]
    parents = [token.parent for token in one.draft]
    kept = {"ids": [token.id for token in tokens], "verdicts": "".join(token.verdict[0] for token in tokens)}
    if parents != list(range(-1, len(parents) - 1)):
        kept["parents"] = parents
    kept["p"] = [round(token.target_prob, 6) for token in tokens]
    if one.draft:
        kept["q"] = [round(token.draft_prob, 6) for token in one.draft]
    if any(token.coin is not None for token in tokens):
        kept["coins"] = [token.coin if token.coin is None else round(token.coin, 6) for token in tokens]
    return kept


def record() -> dict[str, Any]:
    """Name of the run → what it decoded."""
    return {", ".join(case): compact(decode(case)) for case in cases()}


if __name__ == "__main__":
    os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}  # torch is imported when a pair is loaded
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDING
    lines = (f"{json.dumps(name)}: {json.dumps(run, separators=(',', ':'))}" for name, run in record().items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
