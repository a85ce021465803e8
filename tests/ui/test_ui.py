"""The page's own decisions: what its fields mean, what Stop leaves behind, what a run function yields."""

import json
from dataclasses import replace

import gradio as gr
import pytest
from msgspec import structs

from specdec.accelerate import accelerated
from specdec.backend import PairChoice, Progress, Report, RunRequest
from specdec.catalog import capabilities
from specdec.catalog.pairs import TASKS, wrap
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.messages import ENGLISH, say
from specdec.methods import DRAFTERS
from specdec.settings import Settings, from_form
from specdec.trace import Footer, Header, MessageRecord, dump, gather, loads
from specdec.ui import bundled_traces, engine, explore, form, run_summary, streaming
from specdec.ui.bundled_traces import last_header
from specdec.ui.sent_runs import MOST_CHARACTERS, SentRuns
from specdec.views import diagnosis

KIND = '{"kind":"header"'
VISITOR = gr.Request(session_hash="visitor")


@pytest.fixture(scope="module")
def run(tiny_pair):
    """A whole run of a tiny model, as lines."""
    return list(loop.rounds(prepare(tiny_pair, Request("Once", "model", Settings(draft_length=3, max_new_tokens=12)))))


def text_of(lines) -> str:
    return "".join(map(dump, lines))


def parse(**fields) -> Settings:
    return from_form(fields, fields.get("drafter", "model"))


def test_empty_fields_mean_the_defaults():
    assert parse() == Settings()


def test_whole_numbers_may_arrive_as_floats():
    assert parse(draft_length=4.0, seed=7.0, max_new_tokens=32.0, top_k=0.0) == Settings(
        draft_length=4, seed=7, max_new_tokens=32
    )


def test_stop_texts_stand_one_on_a_line_and_empty_lines_do_not_count():
    assert parse(stop="The end\n\n. \n").stop == ("The end", ". ")


def test_a_line_break_within_a_stop_text_is_written_as_an_escape():
    assert parse(stop="end\\n\r\n\\n\\n").stop == ("end\n", "\n\n")
    with gr.Blocks():
        field = form.more_fields(form.DEFAULTS | {"stop": ["end\n", "x"]}, ENGLISH)["stop"]
    assert parse(stop=field.value).stop == ("end\n", "x") and field.lines > 1, "Enter begins another line"


def test_the_shape_says_what_length_and_branching_mean():
    both = {"draft_length": 5.0, "branching": "3, 2,1"}
    assert parse(**both) == parse(**both, shape="chain") == Settings(draft_length=5)
    assert parse(**both, shape="tree") == Settings(branching=(3, 2, 1))
    assert parse(**both, shape="dynamic") == Settings(draft_length=5, branching="dynamic")
    assert parse(**both, shape="auto") == Settings(draft_length="auto")


def test_a_field_that_does_not_matter_is_not_looked_at():
    own = {"exit_layer": 2.0, "epsilon": 7, "delta": 0.5}
    assert parse(**own) == Settings()
    assert parse(**own, drafter="early_exit").exit_layer == 2
    assert parse(branching="nonsense") == Settings()
    asked = parse(rule="typical", temperature=1, epsilon=0.1, delta=0.5)
    assert (asked.epsilon, asked.delta) == (0.1, 0.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"shape": "star"},
        {"shape": "tree"},
        {"shape": "tree", "branching": "3,"},
        {"shape": "tree", "branching": "3,0"},
        {"shape": "tree", "branching": "²"},
        {"shape": "tree", "branching": "16,16,16"},
        {"shape": "tree", "branching": "3,2", "rule": "block"},
        {"shape": "dynamic", "rule": "match"},
        {"drafter": "early_exit", "exit_layer": 1.5},
        {"rule": "typical", "epsilon": 7},
        {"draft_length": 4.5},
        {"draft_length": 65},
        {"temperature": -1},
        {"top_p": 0},
        {"top_p": 1.5},
        {"seed": -1},
        {"max_new_tokens": 0},
        {"rule": "greedy", "temperature": 0.5},
        {"rule": "wishful"},
    ],
    ids=str,
)
def test_a_bad_field_is_refused_in_one_sentence(fields):
    with pytest.raises(UserError) as refusal:
        parse(**fields)
    assert str(refusal.value).count("\n") == 0 and str(refusal.value).endswith(".")


def test_every_drafter_and_rule_can_be_chosen_and_says_what_it_is():
    offered = {one.value for one in capabilities.drafters(engine.ENTRIES[0])}
    assert offered == set(DRAFTERS)
    for listed in (capabilities.drafters, capabilities.rules, capabilities.shapes):
        for choice in capabilities.across(listed, engine.ENTRIES):
            assert choice.name and str(choice.what).endswith(".")
    assert [one.value for one in capabilities.rules(engine.ENTRIES[0]) if one.lossy] == ["typical"]


def test_the_fold_says_the_shape():
    draft = {"draft_length": 3, "branching": None, "rule": "greedy"}
    assert json.loads(form.folded("story", "model", draft)) == {
        **{"task": "story", "drafter": "model", "shape": "chain", "draft_length": 3, "branching": "", "rule": "greedy"}
    }
    of_a_tree = json.loads(form.folded("story", "model", draft | {"branching": [3, 2]}))
    assert (of_a_tree["shape"], of_a_tree["branching"]) == ("tree", "3,2")


def test_stopping_completes_a_cut_off_trace(run):
    cut = text_of(run[:4])
    stopped = loads(cut + streaming.missing_footer(cut))
    assert stopped.footer.reason == "cancelled"
    assert stopped.rounds == gather(run[:4]).rounds


def test_stopping_adds_nothing_to_a_whole_trace(run):
    assert streaming.missing_footer(text_of(run)) == ""


def test_stopping_a_race_completes_the_lane_that_ran(run):
    plain, cut = text_of(run), text_of(run[:3])
    assert loads(cut + streaming.missing_footer(plain + cut)).footer.reason == "cancelled"


def test_a_run_that_fails_from_outside_is_closed_and_the_error_goes_on(run):
    def broken(*_):
        yield streaming.Update(text_of(run[:2]))
        yield streaming.Update(text_of(run[2:3]))
        raise RuntimeError("the GPU is gone")

    updates = streaming.unbroken(broken)({})
    sent = next(updates).lines + next(updates).lines
    ending, notice, _ = next(updates)
    assert sent == text_of(run[:3]) and not notice
    assert loads(sent + ending).footer.reason == "error"
    with pytest.raises(RuntimeError, match="the GPU is gone"):
        next(updates)


def test_a_page_is_sent_no_more_than_it_can_take_and_the_last_of_it_in_any_case(monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(
        streaming, "monotonic", lambda: next(clock) * streaming.FRAME / 4
    )  # a quarter for every look at it

    def quick(*_):
        for number in range(40):
            yield streaming.Update(f"{number}\n")

    updates = [update.lines for update in streaming.paced(quick)({})]
    assert "".join(updates).split() == [str(number) for number in range(40)]
    assert updates[0] == "0\n" and len(updates) < 14


def test_what_is_held_back_is_sent_before_a_failure_goes_on(monkeypatch):
    monkeypatch.setattr(streaming, "monotonic", lambda: 1.0)

    def broken(*_):
        for lines in ("a\n", "b\n", "c\n"):
            yield streaming.Update(lines)
        raise RuntimeError("the GPU is gone")

    updates = streaming.paced(broken)({})
    assert [next(updates), next(updates)] == [streaming.Update("a\n"), streaming.Update("b\nc\n")]
    with pytest.raises(RuntimeError, match="the GPU is gone"):
        next(updates)


def test_a_run_that_is_stopped_ends_where_it_is():
    ended = []

    def endless(*_):
        try:
            while True:
                yield streaming.Update(notice="on it goes")
        finally:
            ended.append(True)

    updates = streaming.unbroken(streaming.paced(endless))({})
    next(updates)
    updates.close()
    assert ended


def test_a_race_opens_with_the_settings_of_its_second_run(run):
    plain = [line if not isinstance(line, Header) else replace_drafter(line) for line in run]
    assert last_header(text_of(plain) + text_of(run)).drafter.name == "model"
    assert last_header("") is None


def replace_drafter(header: Header) -> Header:
    return structs.replace(header, drafter=structs.replace(header.drafter, name="none"))


class Served:
    """A backend that answers with lines which are there already, and notes what it was asked for."""

    def __init__(self) -> None:
        self.lines, self.asked = [], []

    def submit(self, work):
        self.asked.append(work)
        return iter(self.lines)

    def is_ready(self) -> bool:
        return True


@pytest.fixture
def served(monkeypatch):
    monkeypatch.setattr(engine, "ENTRIES", (replace(engine.ENTRIES[0], tasks=("story", "correct")),))
    monkeypatch.setattr(engine, "choose", lambda task, draft: PairChoice())
    monkeypatch.setattr(engine, "BACKEND", Served())
    return engine.BACKEND


@pytest.fixture
def shown(served):
    """What a run function yields for its fields, over lines that are already there."""

    def shown(lines=(), silent=False, **fields):
        served.lines = lines
        given = {"prompt": "Once", "drafter": "model", "draft_length": 3, "rule": "greedy", "temperature": 0}
        return list(streaming.runner(RunRequest, silent)(given | fields))

    return shown


def sent(updates) -> list[str]:
    return [update.lines for update in updates if update.lines]


def test_of_a_run_every_line_is_sent_once(shown, run):
    assert sent(shown(run)) == [dump(line) for line in run]


def test_of_a_job_the_lines_are_sent_that_it_is_made_of(shown, run):
    steps = [*(Progress(number, None, line) for number, line in enumerate(run)), Report({})]
    assert sent(shown(steps)) == [dump(line) for line in run]


def test_nothing_of_a_race_is_sent_while_a_clock_runs(shown, run):
    assert sent(shown([*run, *run], silent=True)) == [text_of(run) * 2]


def test_a_bad_request_keeps_the_stage_and_says_what_is_wrong(shown):
    (update,) = shown(rule="greedy", temperature=0.7)
    assert update == streaming.Update(notice=say("errors.greedy_temperature", value=0.7), refused=True)
    runs = SentRuns()
    event = streaming.on_page(lambda fields: (one for one in [update]), "explore", {}, runs)
    assert list(event({}, VISITOR)) == [(gr.skip(), update.notice)]
    assert runs.last(VISITOR.session_hash, "explore") is None


@pytest.mark.parametrize("value", [{"a": 1}, ["model"], 5, 1.5, True], ids=str)
@pytest.mark.parametrize("field", ["prompt", "drafter", "rule", "stop", "shape", "branching", "task", "draft"])
def test_a_field_of_text_refuses_everything_else_in_a_sentence_that_names_it(shown, field, value):
    (update,) = shown(**{field: value})
    assert update == streaming.Update(notice=say("errors.not_text", name=field), refused=True)


@pytest.mark.parametrize("value", [{"a": 1}, ["4"], "four", True], ids=str)
@pytest.mark.parametrize(
    ("field", "name"),
    [("draft_length", "draft length"), ("temperature", "temperature"), ("top_k", "Top-k"), ("top_p", "Top-p"),
     ("min_p", "Min-p"), ("seed", "seed"), ("max_new_tokens", "length")],
)  # fmt: skip
def test_a_field_of_numbers_refuses_everything_else_in_a_sentence_that_names_it(shown, field, name, value):
    (update,) = shown(rule="rejection", **{field: value})
    assert update.refused and name in update.notice and update.notice.endswith(".")


def test_megabytes_of_stop_texts_are_refused_in_a_short_sentence(shown):
    for stop in ("x" * 5_000_000, "x\n" * 300_000):
        (update,) = shown(stop=stop)
        assert update.refused and len(update.notice) < 200


def test_a_task_wraps_the_prompt_and_none_leaves_it_alone(shown, served):
    for fields in ({}, {"task": ""}, {"task": "story"}, {"task": "correct", "prompt": "He goed.\nHe ranned.\n"}):
        shown(**fields)
    assert [work.prompt for work in served.asked] == ["Once"] * 3 + [
        "With mistakes:\nHe goed.\nHe ranned.\n\nCorrected:\n"
    ]


@pytest.mark.parametrize("fields", [{"task": "split"}, {"task": "fly"}, {"task": "correct", "prompt": " \n"}], ids=str)
def test_a_task_that_is_not_known_or_has_no_text_is_refused(shown, fields):
    (update,) = shown(**fields)
    assert update.refused and update.notice.endswith(".")


def test_only_the_drafts_of_the_pair_are_asked_for():
    for hostile in ("owner/model", "/etc", "../draft", "<b>"):
        with pytest.raises(UserError, match="draft"):
            engine.choose(draft=hostile)


def test_every_task_has_an_example_that_its_template_does_not_change():
    assert set(form.EXAMPLES) == set(TASKS)
    for names in form.EXAMPLES.values():
        assert all(text == text.strip() for text in form.example_texts(names, ENGLISH).values())
    texts = [text for names in form.EXAMPLES.values() for text in form.example_texts(names, ENGLISH).values()]
    assert len(texts) == len(set(texts))


def test_the_page_opens_with_what_was_typed_for_its_recording(monkeypatch, run):
    monkeypatch.setattr(form, "ENTRY", replace(form.ENTRY, tasks=("story", "correct")))
    header = next(line for line in run if isinstance(line, Header))
    sent = structs.replace(header, prompt=structs.replace(header.prompt, text=wrap("correct", "He goed.")))
    with gr.Blocks():
        openings = [form.opening(start, ENGLISH) for start in (sent, header, None)]
        opened = [[part.value for part in form.prompt_fields(*one, ENGLISH)] for one in openings]
    assert opened[:2] == [["correct", "He goed."], ["story", "Once"]]
    assert opened[2] == ["story", say("examples.lily_prompt")]


@pytest.mark.parametrize("drafts", [1, 2])
def test_a_draft_is_chosen_where_there_are_several(monkeypatch, drafts):
    ladder = dict(list(form.ENTRY.drafts.items())[:drafts])
    monkeypatch.setattr(form, "ENTRY", replace(form.ENTRY, drafts=ladder))
    with gr.Blocks():
        assert form.draft_picker(None, ENGLISH).visible == (drafts > 1)


def test_what_the_engine_refuses_is_said_the_same_way(shown):
    def refuse():
        raise UserError("errors.prompt_empty")
        yield

    assert shown(refuse()) == [streaming.Update(notice=say("errors.prompt_empty"), refused=True)]


def test_what_is_told_and_drawn_belongs_to_a_run_that_has_ended(run):
    line, section, *figures = explore.summary(text_of(run))
    assert line == diagnosis.sentence(gather(run)) != "" and section["visible"]
    assert len(figures) == len(explore.FIGURES)
    for cut in (text_of(run[:-1]), "", "nonsense"):
        assert explore.summary(cut) == [gr.skip()] * (2 + len(figures))


def test_a_run_that_fails_shows_how_far_it_came(shown, run):
    failed = [*run[:2], Footer("error", "it broke", gather(run[:2]).totals)]
    assert loads("".join(sent(shown(failed)))).footer.message == "it broke"


def test_it_is_told_what_keeps_the_passes_of_a_run_eager(run):
    header, *lines = run
    why = MessageRecord("compiled.no_compiler")
    kept = structs.replace(header, hardware=structs.replace(header.hardware, mode_reason=why))
    said = say("compiled.eager", why=say("compiled.no_compiler"))
    assert run_summary.explanation(text_of([kept, *lines])) == f"{diagnosis.sentence(gather([header, *lines]))} {said}"
    assert run_summary.explanation(text_of(run)) == diagnosis.sentence(gather(run)), "eager by choice needs no reason"


def test_a_pair_that_cannot_be_compiled_says_so_in_its_runs_headers(tiny_pair, monkeypatch):
    monkeypatch.setattr(accelerated, "compiler", lambda: None)
    request = Request("Once", "lookup", Settings(max_new_tokens=4))
    header = next(loop.rounds(prepare(accelerated.accelerated(tiny_pair), request)))
    assert header.hardware.mode_reason == MessageRecord("compiled.no_compiler")
    assert next(loop.rounds(prepare(tiny_pair, request))).hardware.mode_reason is None


def test_of_a_race_it_is_told_where_the_speculative_time_went():
    stream = bundled_traces.read("race-stories")
    plain, speculative = (KIND + one for one in stream.split(KIND)[1:])
    assert run_summary.explanation(stream) == diagnosis.sentence(loads(speculative), loads(plain)) != ""
    assert run_summary.explanation(stream) != run_summary.explanation(speculative), (
        "the plain run itself says what a plain round takes"
    )
    assert (
        run_summary.explanation(plain) == run_summary.explanation("") == run_summary.explanation(stream[:-200]) == ""
    )


def test_a_page_is_sent_new_lines_with_their_number_and_the_server_keeps_them(run):
    runs, lines = SentRuns(), [dump(line) for line in run]
    updates = [streaming.Update("".join(lines[:2])), streaming.Update(notice="wait"), streaming.Update(lines[2])]
    event = streaming.on_page(lambda fields: (one for one in updates), "explore", {}, runs)
    (first, _), (nothing, notice), (second, _) = event({}, VISITOR)
    assert (first["first"], second["first"]) == (0, 2) and first["run"] == second["run"]
    assert (first["lines"], second["lines"]) == ("".join(lines[:2]), lines[2])
    assert (nothing, notice) == (gr.skip(), "wait")
    assert runs.lines({"run": first["run"], "first": 1}) == "".join(lines[1:3])
    assert runs.last("visitor", "explore").text == "".join(lines[:3])


def test_stop_brings_the_footer_and_only_where_one_is_missing(run):
    runs = SentRuns()
    stop = streaming.stopped("explore", runs)
    assert stop(VISITOR) == (gr.skip(), "")
    sent = runs.begin("visitor", "explore")
    sent.add(text_of(run[:3]))
    ending, notice = stop(VISITOR)
    assert (ending["run"], ending["first"], notice) == (sent.id, 3, "")
    assert loads(sent.text).footer.reason == "cancelled"
    assert stop(VISITOR) == (gr.skip(), "")


@pytest.mark.parametrize("asked", [None, 5, "x", [1], {}, {"run": 1, "first": 0}, {"run": "x", "first": "0"}], ids=str)
def test_whoever_asks_for_nonsense_gets_no_lines(asked):
    runs = SentRuns()
    known = runs.begin("visitor", "explore")
    known.add("a\n")
    assert runs.lines(asked) == runs.lines({"run": known.id, "first": -1}) == ""


def test_runs_are_kept_for_the_last_of_a_tab_while_there_is_room_and_until_the_session_ends():
    runs = SentRuns()
    first = runs.begin("visitor", "explore")
    second = runs.begin("visitor", "explore")
    other = runs.begin("visitor", "race")
    for one in (first, second, other):
        one.add("a\n")
    assert [runs.lines({"run": one.id, "first": 0}) for one in (first, second, other)] == ["", "a\n", "a\n"]
    second.add((MOST_CHARACTERS + 1) * "x" + "\n")
    newest = runs.begin("another", "explore")
    assert runs.last("visitor", "explore") is None and runs.last("visitor", "race") is other
    runs.forget("visitor")
    assert runs.last("visitor", "race") is None and runs.last("another", "explore") is newest


def test_a_line_ends_where_json_says_so():
    sent = SentRuns().begin("visitor", "explore")
    sent.add('{"text":"a\x85b"}\n')
    assert sent.lines == ['{"text":"a\x85b"}\n']
