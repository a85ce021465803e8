"""The page's own decisions: what its fields mean, what Stop leaves behind, what a run function yields."""

from dataclasses import replace

import pytest

from specdec import decode
from specdec.errors import UserError
from specdec.settings import Settings
from specdec.trace import Footer, Header, dump, gather, loads
from specdec.ui import engine, live, settings
from specdec.ui.recorded import last_header
from specdec.words import say


@pytest.fixture(scope="module")
def run(tiny_pair):
    """A whole run of a tiny model, as lines."""
    return list(decode.rounds(tiny_pair, "model", "Once", Settings(draft_length=3, max_new_tokens=12)))


def text_of(lines) -> str:
    return "".join(map(dump, lines))


def parse(**fields) -> Settings:
    empty = dict.fromkeys(
        ("draft_length", "rule", "temperature", "top_k", "top_p", "min_p", "seed", "max_new_tokens", "stop")
    )
    return settings.parse(**(empty | fields))


def test_empty_fields_mean_the_defaults():
    assert parse() == Settings()


def test_whole_numbers_may_arrive_as_floats():
    assert parse(draft_length=4.0, seed=7.0, max_new_tokens=32.0, top_k=0.0) == Settings(
        draft_length=4, seed=7, max_new_tokens=32
    )


def test_stop_texts_stand_one_on_a_line_and_empty_lines_do_not_count():
    assert parse(stop="The end\n\n. \n").stop == ("The end", ". ")


@pytest.mark.parametrize(
    "fields",
    [
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


def test_stopping_completes_a_cut_off_trace(run):
    cut = text_of(run[:4])
    stopped = loads(live.closed(cut))
    assert stopped.footer.reason == "cancelled"
    assert stopped.rounds == gather(run[:4]).rounds
    assert live.closed(cut).startswith(cut), "the page appends, so what is on it stays where it is"


def test_stopping_leaves_a_whole_trace_alone(run):
    assert live.closed(text_of(run)) == text_of(run)


def test_stopping_a_race_completes_the_lane_that_ran(run):
    stopped = live.closed(text_of(run) + text_of(run[:3]))
    assert stopped.startswith(text_of(run))
    assert loads(stopped.removeprefix(text_of(run))).footer.reason == "cancelled"


def test_a_race_opens_with_the_settings_of_its_second_run(run):
    plain = [line if not isinstance(line, Header) else replace_drafter(line) for line in run]
    assert last_header(text_of(plain) + text_of(run)).drafter.name == "model"
    assert last_header("") is None


def replace_drafter(header: Header) -> Header:
    return replace(header, drafter=replace(header.drafter, name="none"))


@pytest.fixture
def shown(monkeypatch, tiny_pair, run):
    """What a run function yields for a prompt, over lines that are already there."""
    monkeypatch.setattr(engine, "load", lambda: tiny_pair)

    def shown(experiment, silent=False, **fields):
        empty = dict.fromkeys(("top_k", "top_p", "min_p", "seed", "max_new_tokens", "stop"))
        given = {"prompt": "Once", "drafter": "model", "draft_length": 3, "rule": "greedy", "temperature": 0} | empty
        return list(live.runner(experiment, silent)(**(given | fields)))

    return shown


def traces(updates) -> list[str]:
    return [trace for trace, _ in updates if isinstance(trace, str)]


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
    assert updates[-1][1] == say("errors.greedy_temperature", value=0.7)


def test_what_the_engine_refuses_is_said_the_same_way(shown):
    def refuse(*_):
        raise UserError("Nothing fits.")
        yield

    updates = shown(refuse)
    assert not traces(updates) and updates[-1][1] == "Nothing fits."


def test_a_run_that_fails_shows_how_far_it_came(shown, run):
    failed = [*run[:2], Footer("error", "it broke", gather(run[:2]).totals)]
    assert loads(traces(shown(lambda *_: iter(failed)))[-1]).footer.message == "it broke"
