"""The page's own decisions: what its fields mean, what Stop leaves behind, what a run function yields."""

import json
from dataclasses import replace

import gradio as gr
import pytest
from msgspec import structs

from specdec.accelerate import accelerated
from specdec.catalog import capabilities
from specdec.catalog.pairs import PAIRS, TASKS, PairEntry, wrap
from specdec.engine import loop
from specdec.engine.request import Request, prepare
from specdec.errors import UserError
from specdec.messages import say
from specdec.methods import DRAFTERS
from specdec.models import loading
from specdec.settings import Settings
from specdec.trace import Footer, Header, dump, gather, loads
from specdec.ui import bundled_traces, engine, explore, form, run_summary, streaming
from specdec.ui.bundled_traces import last_header
from specdec.views import diagnosis

KIND = '{"kind":"header"'


@pytest.fixture(scope="module")
def run(tiny_pair):
    """A whole run of a tiny model, as lines."""
    return list(loop.rounds(prepare(tiny_pair, Request("Once", "model", Settings(draft_length=3, max_new_tokens=12)))))


def text_of(lines) -> str:
    return "".join(map(dump, lines))


def parse(**fields) -> Settings:
    names = "drafter draft_length rule temperature top_k top_p min_p seed max_new_tokens stop"
    return form.parse(**(dict.fromkeys(names.split()) | fields))


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
        *_, field = form._more(form.DEFAULTS | {"stop": ["end\n", "x"]})
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
    assert json.loads(form._folded("story", "model", draft)) == ["story", "model", "chain", 3, "", "greedy"]
    assert json.loads(form._folded("story", "model", draft | {"branching": [3, 2]}))[2:5] == ["tree", 3, "3,2"]


def test_stopping_completes_a_cut_off_trace(run):
    cut = text_of(run[:4])
    stopped = loads(streaming.closed(cut))
    assert stopped.footer.reason == "cancelled"
    assert stopped.rounds == gather(run[:4]).rounds
    assert streaming.closed(cut).startswith(cut), "the page appends, so what is on it stays where it is"


def test_stopping_leaves_a_whole_trace_alone(run):
    assert streaming.closed(text_of(run)) == text_of(run)


@pytest.mark.parametrize("posted", [None, 5, [1], {"a": 1}, "x", "{}"], ids=str)
def test_what_is_no_trace_is_left_alone_by_what_follows_a_run(posted):
    assert streaming.stopped(posted) in ((gr.skip(), ""), ("", ""))
    assert run_summary.told(posted) == "" and explore._draw(posted) == [gr.skip()] * (2 + len(explore.FIGURES))


def test_stopping_a_race_completes_the_lane_that_ran(run):
    stopped = streaming.closed(text_of(run) + text_of(run[:3]))
    assert stopped.startswith(text_of(run))
    assert loads(stopped.removeprefix(text_of(run))).footer.reason == "cancelled"


def test_a_run_that_fails_from_outside_is_closed_and_the_error_goes_on(run):
    def broken(*_):
        yield streaming.Update(text_of(run[:3]))
        raise RuntimeError("the GPU is gone")

    updates = streaming.unbroken(broken)("Once")
    assert next(updates) == streaming.Update(text_of(run[:3]))
    trace, notice, _ = next(updates)
    assert trace.startswith(text_of(run[:3])) and loads(trace).footer.reason == "error" and not notice
    with pytest.raises(RuntimeError, match="the GPU is gone"):
        next(updates)


def test_a_page_is_sent_no_more_than_it_can_take_and_the_last_of_it_in_any_case(monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(
        streaming, "monotonic", lambda: next(clock) * streaming.FRAME / 4
    )  # a quarter for every look at it

    def quick(*_):
        for length in range(1, 41):
            yield streaming.Update(length * "x")

    lengths = [len(update.trace) for update in streaming.paced(quick)("Once")]
    assert lengths[0] == 1 and lengths[-1] == 40 and len(lengths) < 14
    assert lengths == sorted(set(lengths))


def test_what_is_held_back_is_sent_before_a_failure_goes_on(monkeypatch):
    monkeypatch.setattr(streaming, "monotonic", lambda: 1.0)

    def broken(*_):
        yield streaming.Update("a")
        yield streaming.Update("ab")
        raise RuntimeError("the GPU is gone")

    updates = streaming.paced(broken)("Once")
    assert [next(updates), next(updates)] == [streaming.Update("a"), streaming.Update("ab")]
    with pytest.raises(RuntimeError, match="the GPU is gone"):
        next(updates)


def test_a_run_that_is_stopped_ends_where_it_is():
    ended = []

    def endless(*_):
        try:
            while True:
                yield streaming.Update("")
        finally:
            ended.append(True)

    updates = streaming.unbroken(streaming.paced(endless))("Once")
    next(updates)
    updates.close()
    assert ended


def test_a_race_opens_with_the_settings_of_its_second_run(run):
    plain = [line if not isinstance(line, Header) else replace_drafter(line) for line in run]
    assert last_header(text_of(plain) + text_of(run)).drafter.name == "model"
    assert last_header("") is None


def replace_drafter(header: Header) -> Header:
    return structs.replace(header, drafter=structs.replace(header.drafter, name="none"))


@pytest.fixture
def shown(monkeypatch, tiny_pair, run):
    """What a run function yields for a prompt, over lines that are already there."""
    monkeypatch.setattr(engine, "ENTRIES", (replace(engine.ENTRIES[0], tasks=("story", "correct")),))
    monkeypatch.setattr(engine, "load", lambda task, draft: tiny_pair)

    def shown(experiment, silent=False, **fields):
        empty = dict.fromkeys(("top_k", "top_p", "min_p", "seed", "max_new_tokens", "stop"))
        given = {"prompt": "Once", "drafter": "model", "draft_length": 3, "rule": "greedy", "temperature": 0} | empty
        return list(streaming.runner(experiment, silent)(**(given | fields)))

    return shown


def traces(updates) -> list[str]:
    return [update.trace for update in updates if update.trace is not None]


def test_a_run_is_shown_once_a_line_and_only_grows(shown, run):
    seen = traces(shown(lambda *_: iter(run)))
    assert len(seen) == len(run)
    assert all(later.startswith(earlier) for earlier, later in zip(seen, seen[1:], strict=False))
    assert seen[-1] == text_of(run)


def test_nothing_of_a_race_is_sent_while_a_clock_runs(shown, run):
    seen = traces(shown(lambda *_: iter([*run, *run]), silent=True))
    assert seen == [text_of(run) * 2]


def test_a_bad_request_keeps_the_stage_and_says_what_is_wrong(shown):
    updates = shown(lambda *_: iter(()), rule="greedy", temperature=0.7)
    assert not traces(updates)
    assert updates[-1] == streaming.Update(None, say("errors.greedy_temperature", value=0.7), refused=True)
    (shown,) = streaming.on_page(lambda: (update for update in updates))()
    assert shown == (gr.skip(), updates[-1].notice)


@pytest.mark.parametrize("value", [{"a": 1}, ["model"], 5, 1.5, True], ids=str)
@pytest.mark.parametrize("field", ["prompt", "drafter", "rule", "stop", "shape", "branching", "task", "draft"])
def test_a_field_of_text_refuses_everything_else_in_a_sentence_that_names_it(shown, field, value):
    (update,) = shown(lambda *_: iter(()), **{field: value})
    assert update == streaming.Update(None, say("errors.not_text", name=field), refused=True)


@pytest.mark.parametrize("value", [{"a": 1}, ["4"], "four", True], ids=str)
@pytest.mark.parametrize(
    ("field", "name"),
    [("draft_length", "draft length"), ("temperature", "temperature"), ("top_k", "Top-k"), ("top_p", "Top-p"),
     ("min_p", "Min-p"), ("seed", "seed"), ("max_new_tokens", "length")],
)  # fmt: skip
def test_a_field_of_numbers_refuses_everything_else_in_a_sentence_that_names_it(shown, field, name, value):
    (update,) = shown(lambda *_: iter(()), rule="rejection", **{field: value})
    assert update.refused and name in update.notice and update.notice.endswith(".")


def test_megabytes_of_stop_texts_are_refused_in_a_short_sentence(shown):
    for stop in ("x" * 5_000_000, "x\n" * 300_000):
        (update,) = shown(lambda *_: iter(()), stop=stop)
        assert update.refused and len(update.notice) < 200


def test_a_task_wraps_the_prompt_and_none_leaves_it_alone(shown, run):
    sent = []

    def note(pair, prompt, *_):
        sent.append(prompt)
        return iter(run)

    for fields in ({}, {"task": ""}, {"task": "story"}, {"task": "correct", "prompt": "He goed.\nHe ranned.\n"}):
        shown(note, **fields)
    assert sent == ["Once"] * 3 + ["With mistakes:\nHe goed.\nHe ranned.\n\nCorrected:\n"]


@pytest.mark.parametrize("fields", [{"task": "split"}, {"task": "fly"}, {"task": "correct", "prompt": " \n"}], ids=str)
def test_a_task_that_is_not_known_or_has_no_text_is_refused(shown, fields):
    updates = shown(lambda *_: iter(()), **fields)
    assert not traces(updates) and updates[-1][1].endswith(".")


def test_only_the_drafts_of_the_pair_are_loaded():
    for hostile in ("owner/model", "/etc", "../draft", "<b>"):
        with pytest.raises(UserError, match="draft"):
            engine.load(draft=hostile)


def test_every_task_has_an_example_that_its_template_does_not_change():
    assert set(form.EXAMPLES) == set(TASKS)
    for names in form.EXAMPLES.values():
        assert all(text == text.strip() for text in form._examples(names).values())
    texts = [text for names in form.EXAMPLES.values() for text in form._examples(names).values()]
    assert len(texts) == len(set(texts))


def test_the_page_opens_with_what_was_typed_for_its_recording(monkeypatch, run):
    monkeypatch.setattr(form, "ENTRY", replace(form.ENTRY, tasks=("story", "correct")))
    header = next(line for line in run if isinstance(line, Header))
    sent = structs.replace(header, prompt=structs.replace(header.prompt, text=wrap("correct", "He goed.")))
    with gr.Blocks():
        opened = [[part.value for part in form._prompt(*form._typed(start))] for start in (sent, header, None)]
    assert opened[:2] == [["correct", "He goed."], ["story", "Once"]]
    assert opened[2] == ["story", say("examples.lily_prompt")]


@pytest.mark.parametrize("drafts", [1, 2])
def test_a_draft_is_chosen_where_there_are_several(monkeypatch, drafts):
    ladder = dict(list(form.ENTRY.drafts.items())[:drafts])
    monkeypatch.setattr(form, "ENTRY", replace(form.ENTRY, drafts=ladder))
    with gr.Blocks():
        assert form._draft_model(None).visible == (drafts > 1)


def test_what_the_engine_refuses_is_said_the_same_way(shown):
    def refuse(*_):
        raise UserError("Nothing fits.")
        yield

    updates = shown(refuse)
    assert not traces(updates) and updates[-1][1] == "Nothing fits."


def test_what_is_told_and_drawn_belongs_to_a_run_that_has_ended(run):
    run_summary, section, *figures = explore._draw(text_of(run))
    assert run_summary == diagnosis.sentence(gather(run)) != "" and section["visible"]
    assert len(figures) == len(explore.FIGURES)
    for cut in (text_of(run[:-1]), "", "nonsense"):
        assert explore._draw(cut) == [gr.skip()] * (2 + len(figures))


def test_a_run_that_fails_shows_how_far_it_came(shown, run):
    failed = [*run[:2], Footer("error", "it broke", gather(run[:2]).totals)]
    assert loads(traces(shown(lambda *_: iter(failed)))[-1]).footer.message == "it broke"


@pytest.fixture
def of_ours(monkeypatch, tiny_pair_folder, run):
    """A run of a pair that the page offers, as its header and lines; the page has passes compiled."""
    folders = {name: str(tiny_pair_folder / name) for name in ("target", "draft")}
    entry = PairEntry("stories", folders["target"], folders["draft"], 4)
    monkeypatch.setitem(PAIRS, "stories", entry)
    monkeypatch.setattr(engine, "ENTRIES", (entry,))
    monkeypatch.delenv("SPECDEC_COMPILE")
    monkeypatch.setattr(accelerated, "compiler", lambda: None)
    loading.loaded.cache_clear()
    header = gather(run).header
    target, draft = structs.replace(header.target, name="target"), structs.replace(header.drafter, model="draft")
    yield structs.replace(header, target=target, drafter=draft), run[1:]
    loading.loaded.cache_clear()


def test_it_is_told_what_keeps_the_passes_of_a_run_eager(of_ours, monkeypatch):
    header, lines = of_ours
    said = say("compiled.eager", why=say("compiled.no_compiler"))
    assert run_summary.told(text_of([header, *lines])) == f"{diagnosis.sentence(gather([header, *lines]))} {said}"
    assert engine.why_eager(header) == said
    for other in (
        structs.replace(header, source="recorded"),
        structs.replace(header, hardware=structs.replace(header.hardware, mode="compiled")),
        structs.replace(header, target=structs.replace(header.target, name="/etc")),
    ):
        assert engine.why_eager(other) == ""
    monkeypatch.setattr(accelerated, "obstacle", lambda pair: None)  # until its code is made
    assert engine.why_eager(header) == ""


def test_passes_that_are_eager_by_choice_need_no_reason(of_ours, monkeypatch):
    monkeypatch.setenv("SPECDEC_COMPILE", "off")
    assert engine.why_eager(of_ours[0]) == ""


def test_of_a_race_it_is_told_where_the_speculative_time_went():
    stream = bundled_traces.read("race-stories")
    plain, speculative = (KIND + one for one in stream.split(KIND)[1:])
    assert run_summary.told(stream) == diagnosis.sentence(loads(speculative), loads(plain)) != ""
    assert run_summary.told(stream) != run_summary.told(speculative), (
        "the plain run itself says what a plain round takes"
    )
    assert run_summary.told(plain) == run_summary.told("") == run_summary.told(stream[:-200]) == ""
