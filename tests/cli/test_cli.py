"""The command line does what its help says; bad usage is one sentence on stderr and exit status 2."""

import argparse
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from specdec import trace
from specdec.accelerate import accelerated
from specdec.catalog.hub import HUB_MODELS
from specdec.catalog.pairs import PAIRS, PLACE, TASKS, PairEntry, wrap
from specdec.cli import arguments as options_of
from specdec.cli import bench, models, validate
from specdec.cli.main import COMMANDS, main, parser_for
from specdec.device import memory
from specdec.lab import prompts
from specdec.messages import ENGLISH, say
from specdec.models.language_model import LanguageModel
from specdec.trace import Footer, Header, gather
from specdec.views.terminal import tame

ROOT = Path(__file__).resolve().parents[2]
PROMPT = "The old lamp on the wall"


@pytest.fixture
def pair(tiny_pair_folder):
    return ["--target", str(tiny_pair_folder / "target"), "--draft", str(tiny_pair_folder / "draft")]


@pytest.fixture
def short(pair):
    return [*pair, "--prompt", PROMPT, "--max-new-tokens", "16"]


@pytest.fixture(scope="module")
def family_entry(tiny_pair_folder, tmp_path_factory):
    """A pair that knows tasks and has several drafts, one of which is not on disk."""
    folder = tmp_path_factory.mktemp("family")
    small = shutil.copytree(tiny_pair_folder / "draft", folder / "small")
    target, best = (str(tiny_pair_folder / name) for name in ("target", "draft"))
    drafts = {"draft-kd": best, "draft-tiny": str(small), "draft-large": str(folder / "large")}
    suited = {"correct": ("lookup", 3)}
    return PairEntry("family", target, best, 4, tasks=("quote", "story", "correct"), drafts=drafts, suited=suited)


@pytest.fixture
def family(monkeypatch, family_entry):
    """The name of that pair, which is in the catalog until the test ends."""
    monkeypatch.setitem(PAIRS, "family", family_entry)
    return "family"


def ran(capsys, *arguments):
    """(exit status, stdout, stderr) of one command."""
    status = main([str(argument) for argument in arguments])
    return status, *capsys.readouterr()


def process(*arguments):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "specdec", *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def without_clock(lines):
    """The records of a trace, timings and dates apart."""
    records = [json.loads(line) for line in lines.splitlines()]
    for record in records:
        for name in ("created", "prefill_seconds", "start", "end", "seconds"):
            record.pop(name, None)
        for name in ("seconds", "peak_memory_bytes"):
            record.get("totals", {}).pop(name, None)
    return records


def test_run_shows_the_output_on_stdout_and_the_summary_on_stderr(capsys, short):
    status, out, err = ran(capsys, "run", *short)
    assert status == 0
    assert "16 tokens" in err and "α" in err and "tokens per pass" in err and "Ended" in err
    _, lines, _ = ran(capsys, "run", *short, "--json")
    assert "16 tokens" not in out and len(out) >= 16 and trace.loads(lines).totals.tokens == 16


def test_run_json_is_a_trace_and_the_trace_file_is_the_same_one(capsys, short, tmp_path):
    file = tmp_path / "run.ndjson"
    file.write_text("what stood here before")
    status, out, err = ran(capsys, "run", *short, "--json", "--trace", file, "--draft-length", 3, "--seed", 5,
                           "--compile", "off")  # fmt: skip
    assert status == 0 and len(err.splitlines()) == 1
    assert "of the time went into guessing" in err or say("diagnosis.busy") in err, "a busy machine gives no figures"
    read = trace.loads(out)
    assert read == trace.loads(file.read_text(encoding="utf-8"))
    assert read.header.source == "live" and read.header.prompt.text == PROMPT
    assert read.header.settings["draft_length"] == 3 and read.header.settings["seed"] == 5
    assert read.header.drafter.name == "model" and read.footer.reason == "length"


def test_every_drafter_gives_the_greedy_text_of_none(capsys, short):
    texts = {name: ran(capsys, "run", *short, "--drafter", name)[1] for name in ("none", "model", "lookup")}
    assert texts["none"] == texts["model"] == texts["lookup"] != "\n"


@pytest.mark.parametrize("drafter", ["model", "lookup", "suffix", "lookahead", "early_exit"])
def test_a_tree_is_drafted_where_one_is_asked_for(capsys, short, drafter):
    asked = ["--prompt", "the cat the cat the cat the", "--drafter", drafter, "--branching", "2,2,1"]
    read = trace.loads(ran(capsys, "run", *short, "--json", *asked)[1])
    assert read.header.settings["branching"] == [2, 2, 1] and read.header.settings["draft_length"] == 3
    assert all(len(one.draft) <= 10 for one in read.rounds) and any(one.draft for one in read.rounds)


def test_options_of_one_drafter_or_rule_are_in_the_header(capsys, short):
    asked = ["--drafter", "early_exit", "--exit-layer", 1, "--rule", "typical", "--temperature", 1, "--epsilon", 0.2]
    settings = trace.loads(ran(capsys, "run", *short, "--json", *asked, "--delta", 0.6)[1]).header.settings
    assert (settings["exit_layer"], settings["epsilon"], settings["delta"]) == (1, 0.2, 0.6)


def test_the_same_seed_gives_the_same_trace(capsys, short):
    sampled = ["run", *short, "--json", "--temperature", 0.8, "--top-k", 20, "--top-p", 0.9, "--min-p", 0.01, "--seed"]
    first, again, other = (without_clock(ran(capsys, *sampled, seed)[1]) for seed in (1, 1, 2))
    assert first == again
    assert first[1:] != other[1:]
    assert first[0]["settings"]["rule"] == "rejection"


def test_without_a_draft_model_lookup_is_the_drafter(capsys, short):
    out = ran(capsys, "run", *short[:2], *short[4:], "--json")[1]
    assert trace.loads(out).header.drafter.name == "lookup"


def test_a_stop_text_ends_the_run(capsys, short):
    text = ran(capsys, "run", *short)[1]
    stop = next(char for char in text[3:] if char.isascii() and char.isprintable())
    read = trace.loads(ran(capsys, "run", *short, "--json", "--stop", "never this", "--stop", stop)[1])
    assert read.footer.reason == "stop" and stop in read.text and stop not in read.text[:-1]
    assert text.startswith(tame(read.text))


def test_the_prompt_may_come_from_stdin(capsys, monkeypatch, pair):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Ein Wörtchen\nmehr\n".encode()), "ascii"))
    out = ran(capsys, "run", *pair, "--prompt", "-", "--max-new-tokens", 2, "--json")[1]
    assert trace.loads(out).header.prompt.text == "Ein Wörtchen\nmehr"


@pytest.mark.parametrize("raw", ["\ufeffOnce\r\nmore\r\n", "\ufeffOnce\nmore", "Once\rmore\r"], ids=ascii)
def test_a_prompt_from_stdin_is_read_as_it_would_be_typed(capsys, monkeypatch, pair, raw):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw.encode()), "ascii"))
    out = ran(capsys, "run", *pair, "--prompt", "-", "--max-new-tokens", 1, "--json")[1]
    assert trace.loads(out).header.prompt.text == "Once\nmore"


@pytest.mark.parametrize("option", ["--target", "--draft"])
def test_an_empty_name_is_no_default(capsys, option):
    status, _, err = ran(capsys, "run", option, "", "--prompt", "Hi")
    assert status == 2 and "it is empty" in err and len(err.splitlines()) == 1


def test_settings_of_a_model_that_are_not_followed_are_named(capsys, tiny_pair_folder, tmp_path):
    target = tmp_path / "penalised"
    shutil.copytree(tiny_pair_folder / "target", target)
    (target / "generation_config.json").write_text('{"repetition_penalty": 1.5}')
    status, _, err = ran(
        capsys, "run", "--target", target, "--prompt", "Hi", "--max-new-tokens", 2, "--drafter", "lookup"
    )
    assert status == 0 and "repetition_penalty" in err


def test_stdin_that_is_no_text_is_refused(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    _refused(ran(capsys, "run", "--prompt", "-"))


def test_ctrl_c_ends_the_trace_in_a_cancelled_footer(tiny_pair_folder, tmp_path):
    file = tmp_path / "run.ndjson"
    run = process("run", "--target", tiny_pair_folder / "target", "--draft", tiny_pair_folder / "draft",
                  "--prompt", PROMPT, "--max-new-tokens", "900", "--compile", "off",
                  "--json", "--trace", file)  # fmt: skip
    first = [run.stdout.readline() for _ in range(3)]
    run.send_signal(signal.SIGINT)
    rest, err = run.communicate()
    read = trace.loads((b"".join(first) + rest).decode())
    assert (run.returncode, err) == (130, b"")
    assert read.footer.reason == "cancelled" and 0 < read.totals.tokens < 900
    assert read == trace.loads(file.read_text(encoding="utf-8"))


def test_a_reader_that_goes_away_ends_the_run(monkeypatch, short, tmp_path):
    file = tmp_path / "run.ndjson"
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setattr(sys, "stdout", open(writing, "w"))
    assert main(["run", *short, "--json", "--trace", str(file)]) == 141
    assert trace.loads(file.read_text(encoding="utf-8")).footer.reason == "cancelled"


def test_a_reader_that_goes_away_is_no_reason_to_complain():
    listing = process("models")
    listing.stdout.close()
    assert (listing.wait(), listing.stderr.read()) == (141, b"")


def test_record_keeps_a_recorded_run(capsys, short, tmp_path):
    file = tmp_path / "run.ndjson"
    status, out, err = ran(capsys, "record", *short, "--out", file)
    read = trace.loads(file.read_text(encoding="utf-8"))
    assert status == 0 and read.header.source == "recorded" and "16 tokens" in err
    assert out == ran(capsys, "run", *short)[1]


def test_record_keeps_a_race(capsys, short, tmp_path):
    file = tmp_path / "race.ndjson"
    status, _, err = ran(capsys, "record", *short, "--out", file, "--race")
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    second = next(i for i, line in enumerate(lines) if i and '"kind":"header"' in line)
    plain, speculative = (trace.loads("".join(part)) for part in (lines[:second], lines[second:]))
    verdict = err.splitlines()[-1]  # a figure, or, on a busy machine, none
    assert status == 0 and re.fullmatch(
        r"A token came [\d.]+× as fast .*|" + re.escape(say("terminal.race_busy")), verdict
    )
    assert plain.header.source == speculative.header.source == "recorded"
    assert (plain.header.drafter.name, speculative.header.drafter.name) == ("none", "model")
    assert plain.text == speculative.text


def test_bench_prints_one_object(capsys, pair, tmp_path):
    file = tmp_path / "prompts.jsonl"
    file.write_text('{"prompt": "The cat"}\n{"turns": ["One, two", "three"]}\n')
    status, out, err = ran(capsys, "bench", *pair, "--prompts", file, "--runs", 2, "--drafters", "lookup, model",
                           "--max-new-tokens", 8, "--draft-length", 2, "--compile", "off", "--json")  # fmt: skip
    result = json.loads(out)
    assert (status, err) == (0, "prompt 1 of 2\nprompt 2 of 2\n")
    assert set(result) == {"hardware", "settings", "rows"} and result["hardware"]["device"] == "cpu"
    assert (result["settings"]["prompts"], result["settings"]["runs"]) == (2, 2)
    assert [row["drafter"] for row in result["rows"]] == ["none", "lookup", "model"]
    named = "drafter rule draft_length seconds_per_token speedup acceptance_rate tokens_per_pass accepted rejected"
    for row in result["rows"]:
        assert set((named + " discarded refusals drafted looping same_text").split()) <= set(row)
        assert set(row["seconds_per_token"]) == {"median", "min", "max"} and row["same_text"] is True


@pytest.mark.parametrize("how", [[], ["--compile", "auto"]], ids=["unasked", "auto"])
def test_what_keeps_passes_eager_is_said_in_a_line_on_stderr(capsys, monkeypatch, short, pair, tmp_path, how):
    monkeypatch.setattr(accelerated, "compiler", lambda: None)
    said = "The models’ passes stay eager: there is no C++ compiler here (g++, or what $CXX names).\n"
    status, out, err = ran(capsys, "run", *short, *how, "--json")
    assert status == 0 and err.startswith(said) and trace.loads(out).header.hardware.mode == "eager"
    file = tmp_path / "prompts.txt"
    file.write_text("The cat\n")
    asked = ["bench", *pair, "--prompts", file, "--runs", 1, "--max-new-tokens", 4, "--drafters", "lookup", "--json"]
    status, out, err = ran(capsys, *asked, *how)
    assert (status, err) == (0, said + "prompt 1 of 1\n") and json.loads(out)["hardware"]["mode"] == "eager"


def test_nothing_is_said_of_passes_that_are_eager_by_choice_or_for_now(capsys, monkeypatch, short, tmp_path):
    monkeypatch.setenv("SPECDEC_CACHE", str(tmp_path))
    monkeypatch.setattr(accelerated, "compiler", lambda: "g++")
    assert "stay eager" not in ran(capsys, "run", *short)[2]
    monkeypatch.setattr(accelerated, "compiler", lambda: None)
    assert "stay eager" not in ran(capsys, "run", *short, "--compile", "off")[2]


def test_bench_prints_a_table(capsys, pair, tmp_path):
    file = tmp_path / "prompts.txt"
    file.write_text("The cat\n")
    status, out, _ = ran(capsys, "bench", *pair, "--prompts", file, "--runs", 1, "--max-new-tokens", 8)
    assert status == 0
    starts = [line.split()[0] for line in out.splitlines() if line]
    assert [start for start in starts if start in ("none", "model", "lookup")] == ["none", "model", "lookup"]


def test_bench_compares_two_rules(capsys, pair, tmp_path):
    file = tmp_path / "prompts.txt"
    file.write_text("The cat\nA dog\n")
    asked = ["bench", *pair, "--rules", "rejection, block", "--prompts", file, "--runs", 2, "--max-new-tokens", 8]
    status, out, err = ran(capsys, *asked, "--temperature", 1, "--compile", "off", "--json")
    result = json.loads(out)
    assert (status, err) == (0, "prompt 1 of 2\nprompt 2 of 2\n") and [row["rule"] for row in result["rows"]] == [
        "rejection",
        "block",
    ]
    difference = result["difference"]
    assert difference["low"] <= difference["mean"] <= difference["high"] and len(difference["by_prompt"]) == 2
    assert "block − rejection: " in ran(capsys, *asked, "--temperature", 1)[1]


TEXT = "He goed home.\nShe runned {text}."


@pytest.mark.parametrize("task", ["correct", "quote", "story"])
def test_a_prompt_is_wrapped_in_its_task_and_the_trace_keeps_it_as_it_was_sent(capsys, family, task, tmp_path):
    short = ["--pair", family, "--task", task, "--prompt", TEXT, "--max-new-tokens", 2]
    file = tmp_path / "run.ndjson"
    assert ran(capsys, "record", *short, "--out", file)[0] == 0
    for text in (ran(capsys, "run", *short, "--json")[1], file.read_text(encoding="utf-8")):
        assert trace.loads(text).header.prompt.text == wrap(task, TEXT) == TASKS[task].replace("{text}", TEXT)


@pytest.mark.parametrize(
    ("asked", "pair"),
    [([], "stories"), (["--task", "correct"], "stories"), (["--task", "translate"], "translate"),
     (["--task", "translate", "--pair", "stories"], "stories")],
)  # fmt: skip
def test_a_task_names_the_pair_that_has_learned_it_unless_another_is_asked_for(asked, pair):
    parser = argparse.ArgumentParser()
    options_of.add_models(parser, ENGLISH)
    parser.add_argument("--task")
    assert validate.pair_name(parser.parse_args(asked)) == pair


@pytest.mark.parametrize(
    ("asked", "drafter", "draft_length"),
    [
        ([], "model", 4),
        (["--task", "quote"], "model", 4),
        (["--task", "correct"], "lookup", 3),
        (["--task", "correct", "--draft-length", 2], "lookup", 2),
        (["--task", "correct", "--drafter", "lookup"], "lookup", 3),
        (["--task", "correct", "--drafter", "model"], "model", 4),
        (["--task", "correct", "--draft", "draft-tiny"], "model", 4),
        (["--task", "correct", "--branching", "dynamic"], "model", 4),
    ],
)
def test_a_task_brings_the_drafter_that_suits_it_unless_another_is_asked_for(
    capsys, family, asked, drafter, draft_length
):
    out = ran(capsys, "run", "--pair", family, "--prompt", TEXT, "--max-new-tokens", 1, *asked, "--json")[1]
    header = trace.loads(out).header
    assert (header.drafter.name, header.settings["draft_length"]) == (drafter, draft_length)


def test_a_model_that_has_not_learned_the_words_of_a_task_is_not_sent_them(capsys, short, family, family_entry):
    for task in TASKS:
        outcome = ran(capsys, "run", *short[2:], "--target", "own/model", "--task", task)
        if TASKS[task] == PLACE:
            assert "own/model" in _refused(outcome) and "learned" not in outcome[2]  # only the model is not there
        else:
            assert "own/model is not known to have learned" in _refused(outcome) and "story, translate" in outcome[2]
    assert "no task called" in _refused(ran(capsys, "run", *short, "--task", "fly"))
    assert "has not learned" not in ran(capsys, "run", *short, "--task", "correct")[2]
    assert "story, translate" in _refused(ran(capsys, "bench", "--pair", "smollm2-1.7b", "--task", "correct"))


def test_the_target_of_a_pair_knows_the_tasks_of_that_pair_by_whatever_path(capsys, family, short, tmp_path):
    (tmp_path / "link").symlink_to(short[1])
    for folder in (short[1], tmp_path / "link"):
        asked = ["run", "--target", folder, "--prompt", TEXT, "--task", "correct", "--max-new-tokens", 1, "--json"]
        assert trace.loads(ran(capsys, *asked)[1]).header.prompt.text == wrap("correct", TEXT)


@pytest.mark.parametrize("task", ["split", "fly", "", "\x1b[31m\n"])
def test_a_task_that_a_pair_has_not_learned_is_refused_with_those_it_has(capsys, family, task):
    for command in (["run", "--prompt", "x"], ["record", "--prompt", "x", "--out", os.devnull], ["bench"]):
        assert "quote, story, correct" in _refused(ran(capsys, *command, "--pair", family, "--task", task))


def test_an_empty_prompt_is_refused_under_a_task_too(capsys, family):
    assert "empty" in _refused(ran(capsys, "run", "--pair", family, "--task", "correct", "--prompt", " \n"))


def test_a_draft_is_taken_by_its_name_in_the_pair(capsys, family):
    asked = ["run", "--pair", family, "--prompt", PROMPT, "--max-new-tokens", 4, "--json"]
    named = ["draft-kd", "draft-tiny", None]
    models = [
        trace.loads(ran(capsys, *asked, *(["--draft", name] if name else []))[1]).header.drafter.model
        for name in named
    ]
    assert models == ["draft", "small", "draft"]


@pytest.mark.parametrize("more", [["--draft", "draft-large"], ["--draft", "draft-tiny", "--drafter", "medusa"]])
def test_a_draft_that_is_not_there_or_is_no_heads_is_refused(capsys, family, more):
    told = _refused(ran(capsys, "run", "--pair", family, "--prompt", "x", *more))
    assert ("draft-large" in told) if "draft-large" in more else ("heads" in told)


def prompts_of(*arguments):
    """What `bench` would run."""
    options = parser_for(["bench"]).parse_args(["bench", *arguments])
    return [prompt.text for prompt in bench.chosen_prompts(options)]


def test_a_bench_of_a_task_runs_its_prompts_in_its_words(tmp_path, family, family_entry):
    family_target = family_entry.target
    for task in family_entry.tasks:
        typed = prompts.read(prompts.of_task(task))
        assert prompts_of("--target", family_target, "--task", task) == [wrap(task, text) for text in typed]
    (tmp_path / "own.txt").write_text("He goed.\n")
    assert prompts_of("--task", "correct", "--pair", family, "--prompts", str(tmp_path / "own.txt")) == [
        wrap("correct", "He goed.")
    ]


def test_a_bench_without_a_task_runs_what_the_pair_usually_does(family):
    assert prompts_of("--pair", family) == prompts.read(prompts.of_task("quote"))
    assert prompts_of() == prompts_of("--target", "any") == prompts.read()


def test_a_bench_says_which_task_it_measured(capsys, family, tmp_path):
    (tmp_path / "prompts.txt").write_text("The cat\n")
    asked = ["bench", "--pair", family, "--task", "correct", "--prompts", tmp_path / "prompts.txt", "--runs", 1,
             "--max-new-tokens", 4, "--drafters", "lookup"]  # fmt: skip
    assert json.loads(ran(capsys, *asked, "--json")[1])["settings"]["task"] == "correct"
    assert "correct: 1 prompt," in ran(capsys, *asked)[1]


def test_models_lists_drafts_and_tasks(capsys, family):
    listed = next(pair for pair in json.loads(ran(capsys, "models", "--json")[1]) if pair["name"] == family)
    assert listed["tasks"] == ["quote", "story", "correct"]
    assert {name: facts["on_disk"] for name, facts in listed["drafts"].items()} == {
        "draft-kd": True, "draft-tiny": True, "draft-large": False,
    }  # fmt: skip
    assert listed["draft"] == listed["drafts"]["draft-kd"]
    table = ran(capsys, "models")[1]
    assert "draft-large" in table and "family knows the tasks quote, story, correct." in table


def test_models_lists_every_pair_with_what_is_on_disk(capsys):
    status, out, _ = ran(capsys, "models", "--json")
    assert status == 0
    for pair in json.loads(out):
        for model in (pair["target"], *pair["drafts"].values()):
            assert model["location"] and not model["location"].startswith("/")
            if model["on_disk"]:
                assert model["size_bytes"] > model["parameters"] > 0
        assert pair["name"] in ran(capsys, "models")[1]


def test_models_lists_public_pairs_with_the_memory_they_need_and_their_terms(capsys, monkeypatch):
    monkeypatch.setattr(models, "this_machine", lambda: ("cpu", 10**10))
    listed = {pair["name"]: pair for pair in json.loads(ran(capsys, "models", "--json")[1])}
    small, gated = listed["smollm2-1.7b"], listed["layerskip-1b"]
    assert small["memory"]["fits"] and not listed["qwen3-8b"]["memory"]["fits"]
    parts = [HUB_MODELS[model["location"]].memory("float32") for model in small["models"]]
    assert len(parts) == 2 and small["memory"]["needed_bytes"] == sum(parts)
    assert (gated["draft"], gated["drafter"]) == (None, "early_exit")
    assert gated["models"][0]["gated"] and not any(model["gated"] for model in small["models"])
    table = ran(capsys, "models")[1].splitlines()
    assert next(line for line in table if line.startswith("smollm2-1.7b ")).split() == [
        "smollm2-1.7b", "apache-2.0", "9.2", "GB", "yes",
    ]  # fmt: skip
    assert any("10.0 GB of main memory are free" in line and "4,096" in line for line in table)
    assert f"smollm2-1.7b: {small['target']['location']} + {small['draft']['location']}. {small['why']}" in table


def test_a_machine_without_a_gpu_lists_its_models_without_torch():
    if models.this_machine()[0] != "cpu":
        pytest.skip("this machine has a GPU to ask")
    code = "from specdec.cli.main import main; import sys; main(['models']); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_public_pair_that_does_not_fit_is_refused_with_both_numbers(capsys, monkeypatch):
    monkeypatch.setattr(memory, "main_memory", lambda: 10**10)
    status, out, err = ran(capsys, "run", "--pair", "qwen3-8b", "--prompt", PROMPT, "--device", "cpu")
    assert (status, out, err.count("\n")) == (2, "", 1) and "37.3 GB" in err and "10.0 GB" in err


def test_what_a_public_pair_cannot_be_run_with_is_told_by_what_is_published(capsys):
    for pair, drafter in (("layerskip-1b", "model"), ("flan-t5-xl", "early_exit"), ("qwen3-8b", "medusa")):
        status, _, err = ran(capsys, "run", "--pair", pair, "--prompt", PROMPT, "--drafter", drafter)
        assert status == 2 and err.count("\n") == 1 and "GB" not in err


@pytest.fixture
def talking(tiny_pair_folder, tmp_path):
    """A pair whose target has a chat template."""
    target = shutil.copytree(tiny_pair_folder / "target", tmp_path / "target")
    (target / "chat_template.jinja").write_text("<{{ messages[0]['content'] }}>")
    return ["--target", str(target), "--draft", str(tiny_pair_folder / "draft"), "--max-new-tokens", "4"]


def test_prompts_go_through_the_chat_template_unless_it_is_off(capsys, talking, pair):
    def sent(*asked):
        return trace.loads(ran(capsys, "run", *asked, "--prompt", PROMPT, "--json")[1]).header.prompt.text

    assert sent(*talking) == f"<{PROMPT}>" and sent(*talking, "--chat", "off") == sent(*pair) == PROMPT
    status, _, err = ran(capsys, "run", *pair, "--prompt", PROMPT, "--chat", "on")
    assert status == 2 and "no chat template" in err


def test_bench_and_record_send_what_run_sends(capsys, talking, tmp_path, monkeypatch):
    seen = []
    begin = LanguageModel.begin
    monkeypatch.setattr(LanguageModel, "begin", lambda model, text: seen.append(text) or begin(model, text))
    (tmp_path / "prompts.txt").write_text(PROMPT)
    bench = ["bench", *talking, "--prompts", tmp_path / "prompts.txt", "--runs", 1, "--drafters", "lookup"]
    record = ["record", *talking, "--prompt", PROMPT, "--out", tmp_path / "trace.ndjson"]
    for command in (bench, record):
        assert ran(capsys, *command)[0] == 0
        assert set(seen) == {f"<{PROMPT}>"}
        seen.clear()


def test_parameters_are_counted_from_the_weight_files(tiny_pair_folder, tiny_pair):
    from specdec.cli.models import described

    facts = described(str(tiny_pair_folder / "target"))
    assert facts["parameters"] == tiny_pair.target.parameters and facts["on_disk"]
    assert facts["size_bytes"] > 4 * facts["parameters"]


BAD = {
    "no command": [],
    "unknown command": ["fly"],
    "unknown option": ["run", "--prompt", "x", "--speed", "9"],
    "abbreviated option": ["run", "--prom", "x"],
    "no prompt": ["run"],
    "empty prompt": ["run", "--prompt", " \n"],
    "prompt that is no text": ["run", "--prompt", "a\udcff"],
    "K = -3": ["run", "--prompt", "x", "--draft-length", "-3"],
    "K = 10000": ["run", "--prompt", "x", "--draft-length", "10000"],
    "K = 2.5": ["run", "--prompt", "x", "--draft-length", "2.5"],
    "K = many": ["run", "--prompt", "x", "--draft-length", "many"],
    "branching of words": ["run", "--prompt", "x", "--branching", "wide"],
    "branching with a gap": ["run", "--prompt", "x", "--branching", "3,,1"],
    "branching of nothing": ["run", "--prompt", "x", "--branching", ""],
    "branching too wide": ["run", "--prompt", "x", "--branching", "3,99"],
    "branching too large": ["run", "--prompt", "x", "--branching", "16,16,16"],
    "branching and K": ["run", "--prompt", "x", "--branching", "3,2", "--draft-length", "2"],
    "dynamic and auto": ["run", "--prompt", "x", "--branching", "dynamic", "--draft-length", "auto"],
    "dynamic and nothing": ["run", "--prompt", "x", "--branching", "dynamic", "--draft-length", "0"],
    "proposals and rules": ["bench", "--proposals", "--rules", "block,rejection"],
    "proposals and runs": ["bench", "--proposals", "--runs", "3"],
    "proposals and prompts": ["bench", "--proposals", "--prompts", str(ROOT / "README.md")],
    "dynamic proposals": ["bench", "--proposals", "--branching", "dynamic"],
    "dynamic lookup": ["run", "--prompt", "x", "--branching", "dynamic", "--drafter", "lookup"],
    "tree under block": ["run", "--prompt", "x", "--branching", "3,2", "--rule", "block"],
    "tree under match": ["run", "--prompt", "x", "--branching", "dynamic", "--rule", "match"],
    "epsilon": ["run", "--prompt", "x", "--rule", "typical", "--epsilon", "1.5"],
    "delta": ["run", "--prompt", "x", "--rule", "typical", "--delta", "nan"],
    "exit layer": ["run", "--prompt", "x", "--drafter", "early_exit", "--exit-layer", "0"],
    "no datastore there": ["run", "--prompt", "x", "--drafter", "retrieval", "--datastore", "/nowhere/x"],
    "no heads": ["run", "--pair", "qwen3-8b", "--prompt", "x", "--drafter", "medusa"],
    "negative temperature": ["run", "--prompt", "x", "--temperature", "-1"],
    "temperature nan": ["run", "--prompt", "x", "--temperature", "nan"],
    "temperature hot": ["run", "--prompt", "x", "--temperature", "hot"],
    "greedy above zero": ["run", "--prompt", "x", "--temperature", "1", "--rule", "greedy"],
    "top-p": ["run", "--prompt", "x", "--top-p", "1.5"],
    "min-p": ["run", "--prompt", "x", "--min-p", "-0.1"],
    "top-k": ["run", "--prompt", "x", "--top-k", "-1"],
    "seed": ["run", "--prompt", "x", "--seed", "-1"],
    "length": ["run", "--prompt", "x", "--max-new-tokens", "0"],
    "empty stop": ["run", "--prompt", "x", "--stop", ""],
    "unknown rule": ["run", "--prompt", "x", "--rule", "luck"],
    "unknown drafter": ["run", "--prompt", "x", "--drafter", "oracle"],
    "empty drafter": ["run", "--prompt", "x", "--drafter", ""],
    "unknown pair": ["run", "--prompt", "x", "--pair", "nobody"],
    "pair and target": ["run", "--prompt", "x", "--pair", "stories", "--target", "x"],
    "trace in no folder": ["run", "--prompt", "x", "--trace", "/nowhere/x"],
    "trace is a folder": ["run", "--prompt", "x", "--trace", "/"],
    "record without a file": ["record", "--prompt", "x"],
    "hostile name": ["run", "--prompt", "x", "--pair", "\x1b[31m\nred"],
    "no runs": ["bench", "--runs", "0"],
    "too many runs": ["bench", "--runs", "100000"],
    "unknown drafters": ["bench", "--drafters", "model,oracle"],
    "empty drafters": ["bench", "--drafters", "model,"],
    "one rule": ["bench", "--rules", "block"],
    "the same rule twice": ["bench", "--rules", "block,block"],
    "three rules": ["bench", "--rules", "block,match,rejection"],
    "unknown rules": ["bench", "--rules", "block,luck"],
    "rule and rules": ["bench", "--rules", "block,rejection", "--rule", "block"],
    "rules and drafters": ["bench", "--rules", "block,rejection", "--drafters", "model,lookup"],
    "rules and a tree": ["bench", "--rules", "block,rejection", "--branching", "3,2"],
    "unknown task": ["run", "--prompt", "x", "--task", "fly"],
    "task of another pair": [
        "record",
        "--pair",
        "stories",
        "--prompt",
        "x",
        "--task",
        "translate",
        "--out",
        os.devnull,
    ],
    "unknown bench task": ["bench", "--task", "fly"],
    "proposals and task": ["bench", "--proposals", "--task", "story"],
    "against nobody known": ["bench", "--against", "vllm"],
    "against hf and rules": ["bench", "--against", "hf", "--rules", "block,rejection"],
    "against hf and proposals": ["bench", "--against", "hf", "--proposals"],
    "against hf, another drafter": ["bench", "--against", "hf", "--drafters", "model,suffix"],
    "against hf, block": ["bench", "--against", "hf", "--rule", "block"],
    "against hf, match": ["bench", "--against", "hf", "--rule", "match"],
    "against hf, typical": ["bench", "--against", "hf", "--rule", "typical", "--temperature", "1"],
    "against hf, a tree": ["bench", "--against", "hf", "--drafters", "model", "--branching", "2,1"],
    "against hf, K = auto": ["bench", "--against", "hf", "--draft-length", "auto"],
    "against hf, K = 0": ["bench", "--against", "hf", "--draft-length", "0"],
    "against hf, stop": ["bench", "--against", "hf", "--stop", "."],
    "bench as JSON and Markdown": ["bench", "--json", "--markdown"],
    "no prompts file": ["bench", "--prompts", "/nowhere/prompts.txt"],
    "bench takes no prompt": ["bench", "--prompt", "x"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD.keys())
def test_bad_usage_is_one_sentence_and_exit_status_2(capsys, arguments):
    _refused(ran(capsys, *arguments))


def test_a_dynamic_tree_of_no_depth_is_told_what_it_needs(capsys):
    told = _refused(ran(capsys, "run", "--prompt", "x", "--branching", "dynamic", "--draft-length", 0))
    assert "depth" in told and "1 to 64" in told and "auto" not in told


@pytest.mark.parametrize("command", [["run", "--prompt", "x"], ["record", "--prompt", "x", "--out", os.devnull]])
@pytest.mark.parametrize(
    ("more", "option", "owner"),
    [
        (["--drafter", "lookup", "--exit-layer", 1], "--exit-layer", "early_exit drafter"),
        (["--exit-layer", 1], "--exit-layer", "early_exit drafter"),
        (["--drafter", "early_exit", "--datastore", ROOT / "README.md"], "--datastore", "retrieval drafter"),
        (["--datastore", ROOT / "README.md"], "--datastore", "retrieval drafter"),
        (["--temperature", 1, "--epsilon", 0.2], "--epsilon", "typical rule"),
        (["--rule", "rejection", "--delta", 0.3], "--delta", "typical rule"),
    ],
)
def test_an_option_of_another_drafter_or_rule_is_refused(capsys, command, more, option, owner):
    told = _refused(ran(capsys, *command, *more))
    assert option in told and owner in told


def test_a_bench_takes_the_options_of_each_drafter_and_rule_it_measures(capsys, pair, tmp_path):
    (tmp_path / "prompts.txt").write_text("The cat\n")
    short = ["bench", *pair, "--prompts", tmp_path / "prompts.txt", "--runs", 1, "--max-new-tokens", 4]
    assert ran(capsys, *short, "--drafters", "lookup,early_exit", "--exit-layer", 1)[0] == 0
    assert ran(capsys, *short, "--rules", "rejection,typical", "--temperature", 1, "--epsilon", 0.2)[0] == 0
    assert "early_exit" in _refused(ran(capsys, *short, "--drafters", "lookup", "--exit-layer", 1))
    assert "typical" in _refused(ran(capsys, *short, "--rules", "rejection,block", "--delta", 0.2))


def test_the_cost_of_a_guess_goes_with_no_prompts_runs_or_rules(capsys):
    assert "--runs" in _refused(ran(capsys, "bench", "--proposals", "--runs", 3))
    assert "lookup drafter cannot tell" in _refused(ran(capsys, "bench", "--proposals", "--branching", "dynamic"))


@pytest.mark.parametrize(
    "more",
    [
        ["--device", "abacus"],
        ["--dtype", "float3"],
        ["--max-new-tokens", "1024"],
        ["--target", "/nowhere/model"],
        ["--draft", "nobody/nothing"],
        ["--draft", "", "--drafter", "model"],
        ["--drafter", "retrieval"],
        ["--drafter", "early_exit", "--exit-layer", "99"],
    ],
    ids=" ".join,
)
def test_what_the_models_cannot_do_is_one_sentence_too(capsys, short, more):
    _refused(ran(capsys, "run", *short, *more))


def test_a_race_of_plain_decoding_is_refused(capsys, short, tmp_path):
    _refused(ran(capsys, "record", *short, "--race", "--drafter", "none", "--out", tmp_path / "x"))


def test_a_broken_prompts_file_names_its_line(capsys, tmp_path):
    (tmp_path / "prompts.jsonl").write_text('{"prompt": "x"}\n{"text": "y"}\n')
    assert "Line 2" in _refused(ran(capsys, "bench", "--prompts", tmp_path / "prompts.jsonl"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_disk_that_is_full_is_one_sentence(capsys, short):
    status, _, err = ran(capsys, "run", *short, "--json", "--trace", "/dev/full")
    assert status == 2 and err.count("\n") == 1 and "/dev/full" in err


def test_a_disk_that_becomes_full_leaves_whole_lines(short, tmp_path):
    file = tmp_path / "run.ndjson"
    limited = [
        "sh",
        "-c",
        'ulimit -f 16 && exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "specdec",
    ]  # 16 blocks of 512 bytes
    done = subprocess.run([*limited, "run", *short, "--trace", file], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and str(file) in done.stderr.splitlines()[-1]
    kept = file.read_text(encoding="utf-8")
    assert kept.endswith("}\n") and trace.loads(kept).rounds


def test_a_trace_goes_through_a_link_and_into_a_pipe(capsys, short, tmp_path):
    link, real, pipe = (tmp_path / name for name in ("link", "real", "pipe"))
    real.write_text("what stood here before")
    link.symlink_to(real)
    assert ran(capsys, "run", *short, "--trace", link)[0] == 0
    assert link.is_symlink() and trace.loads(real.read_text(encoding="utf-8")).footer
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert ran(capsys, "run", *short, "--max-new-tokens", 2, "--trace", pipe)[0] == 0
    assert trace.loads(os.read(reader, 1 << 16).decode()).footer and pipe.is_fifo()
    os.close(reader)


def test_what_a_trace_file_held_stays_when_nothing_could_be_run(capsys, short, tmp_path):
    file = tmp_path / "run.ndjson"
    file.write_text("kept")
    _refused(ran(capsys, "run", *short, "--max-new-tokens", "1024", "--trace", file))
    assert file.read_text() == "kept"


def _refused(outcome):
    """The sentence of a refusal, which is all there is."""
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert err.endswith(".\n") and err.count("\n") == 1
    assert err[:-1].isprintable() and "usage:" not in err and "Traceback" not in err
    return err


@pytest.mark.parametrize(
    "bad",
    [
        ["--drafter", "oracle"],
        ["--pair", "qwen3-8b", "--drafter", "medusa"],
        ["--branching", "x"],
        ["--exit-layer", "1"],
        ["--task", "fly"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_told_without_torch(bad):
    code = "import sys; from specdec.cli.main import main; main(sys.argv[1:]); sys.exit('torch' in sys.modules)"
    bad = ["run", "--prompt", "x", *bad]
    assert subprocess.run([sys.executable, "-c", code, *bad], cwd=ROOT, capture_output=True).returncode == 0


HELPS = [[], *([name] for name in COMMANDS), ["datastore", "build"], ["datastore", "info"]]


@pytest.mark.parametrize("command", HELPS, ids=" ".join)
def test_every_command_has_a_help_with_examples_that_are_commands(capsys, command):
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--help"])
    out, err = capsys.readouterr()
    assert (stopped.value.code, err) == (0, "") and out.startswith("usage: python -m specdec")
    examples = out.partition("\nexamples:\n")[2].splitlines()
    assert examples and all(line.startswith("  python -m specdec ") for line in examples)
    for line in examples:
        arguments = shlex.split(re.split(" [<>] ", line)[0])[3:]
        assert arguments[: len(command)] == command
        parser_for(arguments).parse_args(arguments)  # raises for what the command line does not know


def test_what_is_needed_is_named_by_its_option(capsys, short):
    without_draft = [*short[:2], *short[4:]]
    assert "--draft" in _refused(ran(capsys, "run", *without_draft, "--drafter", "model"))
    assert "--draft" in _refused(ran(capsys, "bench", *short[:2], "--drafters", "lookup,model"))
    assert "--datastore" in _refused(ran(capsys, "run", *short, "--drafter", "retrieval"))
    assert "--draft" in _refused(ran(capsys, "run", "--prompt", "x", "--pair", "layerskip-1b", "--drafter", "model"))


def test_a_device_that_is_not_there_is_refused_with_those_that_are(capsys, short):
    devices = ["cpu", "cuda", "cuda:1", "mps"]
    there = [name for name in devices if ran(capsys, "run", *short, "--max-new-tokens", 1, "--device", name)[0] == 0]
    for name in ("abacus", *(name for name in devices if name not in there)):
        told = _refused(ran(capsys, "run", *short, "--device", name)).partition("choose among ")[2]
        assert [one for one in re.findall(r"[\w:]+", told) if one not in ("auto", "cuda:0")] == there


def test_a_log_is_told_how_far_a_bench_is_in_a_few_lines(capsys, pair, tmp_path):
    (tmp_path / "prompts.txt").write_text("The cat\n" * 30)
    asked = ["bench", *pair, "--prompts", tmp_path / "prompts.txt", "--runs", 1, "--max-new-tokens", 1]
    _, out, err = ran(capsys, *asked, "--drafters", "lookup", "--compile", "off", "--json")
    assert json.loads(out) and err.splitlines() == [f"prompt {number} of 30" for number in range(3, 31, 3)]


def test_a_run_that_fails_midway_is_told_and_keeps_what_was_there(capsys, tiny_pair, short, tmp_path):
    from specdec.cli.output import play, trace_file
    from specdec.lab.race import race
    from specdec.settings import Settings

    lines = []
    for line in race(tiny_pair, PROMPT, "lookup", Settings(max_new_tokens=4)):
        if isinstance(line, Footer):
            lines.append(Footer("error", "RuntimeError: out of luck", line.totals))
            break
        lines.append(line)
    for as_json in (True, False):
        with trace_file(str(tmp_path / "run.ndjson")) as file:
            assert play(lines, file, as_json) == 1
        assert "out of luck" in capsys.readouterr().err
        assert trace.loads((tmp_path / "run.ndjson").read_text()) == gather(lines)
    assert isinstance(lines[0], Header)


@pytest.mark.parametrize("port", ["0", "65536", "-1"])
def test_a_port_that_cannot_be_is_refused(capsys, port):
    status, _, err = ran(capsys, "page", "--port", port)
    assert status == 2 and err == f"A port is a whole number from 1 to 65535, not {port}.\n"


def test_a_port_that_is_taken_is_one_sentence(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, _, err = ran(capsys, "page", "--port", taken.getsockname()[1])
    assert status == 2 and err.startswith("The page cannot be served there: ") and err.count("\n") == 1


def test_without_gradio_the_page_says_what_to_install():
    code = "import sys; sys.modules['gradio'] = None; from specdec.cli.main import main; sys.exit(main(['page']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and "gradio" in done.stderr and "specdec-stage[app]" in done.stderr
