"""The app's own API, without a browser: two clients at once, and each gets its own run."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from gradio_client import Client

from specdec.trace import loads

FIELDS = {
    "drafter": "model",
    "draft_length": 3,
    "rule": "rejection",
    "temperature": 0.8,
    "top_k": 0,
    "top_p": 1,
    "min_p": 0,
    "seed": 7,
    "max_new_tokens": 16,
    "stop": "",
}


@pytest.fixture
def ask(app):
    def ask(prompt: str) -> list[str]:
        """The traces that one client was sent for a prompt, in order."""
        job = Client(app, verbose=False).submit(prompt=prompt, **FIELDS, api_name="/explore")
        job.result(timeout=120)
        return [trace for trace, _ in job.outputs() if isinstance(trace, str) and trace.startswith("{")]

    return ask


def test_two_clients_at_once_get_their_own_runs_and_the_same_as_alone(ask):
    prompts = ("A goat stood on the hill.", "The train was late again.")
    alone = [loads(ask(prompt)[-1]) for prompt in prompts]
    with ThreadPoolExecutor() as pool:
        together = list(pool.map(ask, prompts))
    for prompt, expected, sent in zip(prompts, alone, together, strict=True):
        assert all(later.startswith(earlier) for earlier, later in zip(sent, sent[1:], strict=False))
        trace = loads(sent[-1])
        assert trace.header.prompt.text == prompt
        assert trace.ids == expected.ids and trace.footer.reason == "length"
