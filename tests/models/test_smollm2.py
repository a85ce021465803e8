"""A real chat model: SmolLM2-135M-Instruct, which `make models` fetches. Without it these tests are left out; with
REQUIRE_MODELS=1 that is a failure."""

import os

import pytest
import torch

from specdec.backend import PairChoice, RunRequest
from specdec.backend.local import LocalBackend
from specdec.catalog import reach
from specdec.catalog.pairs import PAIRS
from specdec.models import chat, loading
from specdec.settings import Settings
from specdec.trace import gather

PAIR = "smollm2-135m"
QUESTIONS = (
    "What is the capital of France?",
    "Write one sentence about the sea.",
    "Repeat after me: one, two, three.",
)


@pytest.fixture(scope="module")
def backend(fetched_models):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPECDEC_CACHE", str(fetched_models.parent))
        if not reach.is_here(loading.files_of(PAIRS[PAIR].target), reach.CONFIG):
            missing = f"{PAIR} is not here: make models fetches it"
            pytest.fail(missing) if os.environ.get("REQUIRE_MODELS") else pytest.skip(missing)
        yield LocalBackend()


@pytest.mark.parametrize("question", QUESTIONS)
def test_copying_answers_as_plain_decoding_and_transformers_do(backend, question):
    model = backend.load(PairChoice(PAIR)).target
    prompt = chat.sent(model, question)
    runs = [
        gather(backend.submit(RunRequest(PairChoice(PAIR), prompt, drafter, Settings(max_new_tokens=24))))
        for drafter in ("none", "lookup")
    ]
    ids = model.tensor(model.begin(prompt)[1])[None]
    with torch.inference_mode():
        found = model.module.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24)
    expected = found[0, ids.shape[1] :].tolist()
    assert [[token.id for one in run.rounds for token in one.committed] for run in runs] == [expected, expected]


def test_the_trace_names_the_file_that_the_weights_come_from(backend):
    run = gather(backend.submit(RunRequest(PairChoice(PAIR), "Hello", "none", Settings(max_new_tokens=1))))
    place = loading.files_of(PAIRS[PAIR].target)
    expected = os.path.basename(place) if os.path.isdir(place) else place
    assert run.header.pair == PAIR and run.header.target.name == expected
