"""The app's own API, without a browser: each of two clients at once gets its own run, and what is refused says why."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from specdec.messages import say
from specdec.methods import DRAFTERS, RULES
from specdec.settings import MAX_DRAFT_LENGTH, SHAPES
from specdec.trace import loads
from specdec.ui import engine
from specdec.ui.door import MOST_BODY

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
NONSENSE = (None, 5, [1], "x", {"a": 1})


@pytest.fixture(scope="module")
def client(app):
    return Client(app, verbose=False)


@pytest.fixture
def ask(app):
    def ask(prompt: str) -> list[str]:
        """What one client was sent for a prompt, in order."""
        job = Client(app, verbose=False).submit(prompt=prompt, **FIELDS, api_name="/explore")
        job.result(timeout=120)
        return job.outputs()

    return ask


def test_two_clients_at_once_get_their_own_runs_and_the_same_as_alone(ask):
    prompts = ("A goat stood on the hill.", "The train was late again.")
    alone = [loads(ask(prompt)[-1]) for prompt in prompts]
    with ThreadPoolExecutor() as pool:
        together = list(pool.map(ask, prompts))
    for prompt, expected, sent in zip(prompts, alone, together, strict=True):
        *lines, whole = sent
        assert "".join(lines) == whole and len(lines) > 1, "its new lines as they come, then all of them"
        trace = loads(whole)
        assert trace.header.prompt.text == prompt
        assert trace.ids == expected.ids and trace.footer.reason == "length"


def test_the_api_names_its_fields_their_choices_and_its_result(client):
    described = client.view_api(return_format="dict")["named_endpoints"]
    assert set(described) == {"/explore", "/race"}
    for endpoint in described.values():
        fields = {field["parameter_name"]: field for field in endpoint["parameters"]}
        assert all(field["python_type"]["description"] and field["parameter_has_default"] for field in fields.values())
        offered = {name: tuple(field["type"].get("enum", ())) for name, field in fields.items()}
        assert set(offered["drafter"]) <= set(DRAFTERS) and len(offered["drafter"]) >= len(DRAFTERS) - 1
        assert (offered["rule"], offered["shape"], offered["task"]) == (tuple(RULES), SHAPES, engine.tasks())
        assert set(offered["draft"]) == {name for entry in engine.ENTRIES for name in entry.drafts}
        assert [(one["label"], one["python_type"]["type"]) for one in endpoint["returns"]] == [("trace", "str")]
        assert endpoint["returns"][0]["python_type"]["description"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"prompt": " "}, say("errors.prompt_empty")),
        ({"drafter": {"a": 1}}, say("errors.not_text", name="drafter")),
        ({"draft": {"a": 1}}, say("errors.not_text", name="draft")),
        ({"rule": "wishful"}, say("errors.rule_unknown", value="wishful", choices=", ".join(RULES))),
        ({"draft_length": 65}, say("errors.draft_length", low=0, high=MAX_DRAFT_LENGTH, value=65)),
        ({"temperature": 11}, say("errors.temperature", low=0, high=10, value=11)),
    ],
    ids=str,
)
def test_a_refusal_is_an_exception_with_one_sentence(client, fields, sentence):
    with pytest.raises(AppError) as refusal:
        client.predict(**({"prompt": "Once"} | FIELDS | fields), api_name="/explore")
    assert str(refusal.value) == sentence


def test_the_draft_length_goes_as_far_as_its_sentence_says(client):
    sent = client.predict(prompt="Once", **(FIELDS | {"draft_length": MAX_DRAFT_LENGTH}), api_name="/explore")
    assert loads(sent).footer.reason == "length"


def test_a_prompt_of_megabytes_is_refused_before_it_is_read(client):
    with pytest.raises(AppError, match="characters"):
        client.predict(prompt="word " * 400_000, **FIELDS, api_name="/explore")


def test_no_call_passes_by_the_queue(app):
    for name in ("explore", "race"):
        for door in ("run", "api"):
            call = httpx.post(f"{app}/gradio_api/{door}/{name}", json={"data": ["Once", *FIELDS.values()]})
            assert call.status_code == 404


def test_nothing_can_be_uploaded(app):
    for door in ("upload", "upload/", "process_recording"):
        assert httpx.post(f"{app}/gradio_api/{door}", files={"files": b"x"}).status_code == 403
    assert httpx.get(f"{app}/config").json()["max_file_size"] == 0


def test_a_request_larger_than_any_page_sends_is_refused(app):
    body = {"data": ["x" * MOST_BODY], "session_hash": "large"}
    said = httpx.post(f"{app}/gradio_api/queue/join", json=body)
    assert said.status_code == 413 and "MB" in said.text
    unsaid = (chunk for chunk in [b'{"data": ["'] + [b"x" * 2**16] * (MOST_BODY // 2**16 + 1))
    with pytest.raises(httpx.HTTPError):
        httpx.post(f"{app}/gradio_api/queue/join", content=unsaid).raise_for_status()


@pytest.mark.parametrize("asked", [*NONSENSE, {"run": "unknown", "first": 0}], ids=str)
def test_lines_of_a_run_that_is_not_known_are_none(app, asked):
    components = httpx.get(f"{app}/config").json()["components"]
    (stage,) = [one["id"] for one in components if one["props"].get("elem_id") == "explore-stage"]
    body = {"component_id": stage, "fn_name": "lines", "data": asked, "session_hash": "nonsense"}
    answer = httpx.post(f"{app}/gradio_api/component_server", json=body)
    assert answer.status_code == 200 and answer.json() == ""


def test_functions_of_the_page_take_nonsense_without_a_failure(app):
    """Gradio tells a client of an error that a function raised."""
    events = [event for event in httpx.get(f"{app}/config").json()["dependencies"] if event["backend_fn"]]
    for event in events:
        for nonsense in NONSENSE:
            asked = {"fn_index": event["id"], "data": [nonsense] * len(event["inputs"]), "session_hash": "nonsense"}
            assert httpx.post(f"{app}/gradio_api/queue/join", json=asked).status_code == 200
            (*_, last) = [
                json.loads(line.removeprefix("data:"))
                for line in httpx.get(
                    f"{app}/gradio_api/queue/data?session_hash=nonsense", timeout=60
                ).text.splitlines()
                if "process_completed" in line
            ]
            assert last["success"] or event["api_visibility"] == "public"


def test_the_page_starts_where_the_environment_names_a_proxy(app_behind_a_proxy):
    assert httpx.get(app_behind_a_proxy).status_code == 200


def test_a_link_preview_is_the_pages_own(app):
    head = httpx.get(app).text.partition("<script")[0]
    assert f'<meta property="og:title" content="{say("app.name")}: {say("app.tagline")}">' in head
    assert head.count("og:title") == head.count("og:description") == 1
    assert "gradio" not in head.lower() and "Click to try" not in head
