"""Reports as tables, in aligned text or in Markdown: benchmarks, models, datastores."""

from collections.abc import Callable, Sequence
from typing import Any

from specdec.messages import ENGLISH, Words
from specdec.views.terminal import milliseconds, number, one_line, percent, rule_name, shape, times

Row = dict[str, Any]
Layout = Callable[[list[list[str]]], str]  # rows of cells, the head first → text

WIDEST = 10_000  # cells of a line: tables are never wrapped


def table(rows: list[list[str]], numbers_from: int = 1) -> str:
    """Rows of text as aligned columns, the head first; columns from `numbers_from` on are right-aligned.

    >>> print(table([["name", "MB"], ["a", "12"]]), end="")
    name  MB
    a     12
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))  # a gap of two cells after each column
    for place in range(len(rows[0])):
        grid.add_column(justify="right" if place >= numbers_from else "left", no_wrap=True)
    for row in rows:
        grid.add_row(*(Text(one_line(cell)) for cell in row))
    console = Console(width=WIDEST, color_system=None)
    with console.capture() as captured:
        console.print(grid)
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def markdown(rows: list[list[str]]) -> str:
    """Rows of text as a table in GitHub's Markdown, the head first; all columns but the first are right-aligned.

    >>> print(markdown([["name", "a|b"], ["x", "12"]]), end="")
    | name | a\\|b |
    |---|---:|
    | x | 12 |
    """
    head, *body = [[one_line(cell).replace("|", "\\|") for cell in row] for row in rows]
    rule = "|---|" + "---:|" * (len(head) - 1)
    first, *others = ["| " + " | ".join(cells) + " |" for cells in (head, *body)]
    return "\n".join([first, rule, *others]) + "\n"


def bench(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.bench.report` as a table, with the texts that loop apart below it; then one for each
    category of the prompts."""
    columns = ("drafter", "shape", "ms", "range", "speedup", "alpha", "per_pass", "drafting", "same")
    notes = [
        words.say("terminal.bench_note") + "\n",
        _looping(report["rows"], words),
        _left_out(report["settings"], words),
    ]
    return _measured(report, columns, [_bench_title(report, words)], notes, layout, words)


def against(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.vs_transformers.report`: our lanes, each with those of transformers below it."""
    columns = ["drafter", "shape", "ms", "range", "speedup", "against", "alpha", "per_pass", "host", "memory", "same"]
    notes = [words.say("terminal.against_note"), words.say("terminal.against_alpha")]
    return _beside_hf(report, columns, _against_title(report, words), notes, layout, words)


def shapes_against(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.synthetic_bench.report_against`: both plain, then both for every stated α."""
    columns = ["drafter", "stated", "shape", "ms", "range", "speedup", "against", "per_pass", "host", "memory", "same"]
    title = words.say(
        "terminal.shapes_against_title",
        models=words.say("terminal.unweighted_models", models=_models(report["settings"])),
        context=report["settings"]["context"],
        software=_versions(report["software"], words),
        **_circumstances(report, words),
    )
    notes = [
        words.say("terminal.against_note"),
        words.say("terminal.shapes_stated"),
        words.say("terminal.shapes_sure"),
    ]
    return _beside_hf(report, columns, one_line(title) + "\n", notes, layout, words)


def _beside_hf(
    report: dict[str, Any], columns: list[str], title: str, notes: list[str], layout: Layout, words: Words
) -> str:
    """The table under its title, and the notes below it; then what transformers could not run, and why."""
    below = [" ".join(notes) + "\n"]
    if speed := report["memory_bytes_per_second"]:
        below.append(words.say("terminal.against_memory", speed=f"{speed / 1e9:,.0f}") + "\n")
    else:
        columns.remove("memory")
    missing = {row["drafter"]: row["why"] for row in report["rows"] if row["why"]}
    below += [
        one_line(words.say("terminal.against_missing", drafter=name, why=why)) + "\n" for name, why in missing.items()
    ]
    below.append(_left_out(report["settings"], words))
    return _measured(report, columns, [title], below, layout, words)


def recording(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.recording_overhead.report`: every lane, and what of its time its record takes."""
    columns = ("drafter", "shape", "ms", "unrecorded", "recording", "host", "unrecorded_host", "unrecorded_same")
    notes = [words.say("terminal.recording_note") + "\n", _left_out(report["settings"], words)]
    return _measured(report, columns, [_bench_title(report, words)], notes, layout, words)


def _measured(
    report: dict[str, Any], columns: Sequence[str], above: list[str], below: list[str], layout: Layout, words: Words
) -> str:
    """The table of all prompts between the paragraphs `above` and `below`, then a table for each category."""
    # under the block rule the share of accepted guesses is not a property of the two models, so it is not called α
    own = {"alpha": "terminal.kept_per_judged"} if report["settings"]["rule"] == "block" else {}
    head = [words.say(own.get(column, f"terminal.head_{column}")) for column in columns]

    def laid_out(rows: list[Row]) -> str:
        return layout([head, *([_cell(column, row, words) for column in columns] for row in rows)])

    parts = [*above, laid_out(report["rows"]), *below]
    for name, rows in report.get("categories", {}).items():
        prompts = words.say("terminal.prompts", n=rows[0]["prompts"])
        title = one_line(words.say("terminal.task", task=name, prompts=prompts))
        parts += [title + "\n", laid_out(rows)]
    return "\n".join(part for part in parts if part)


CELLS: dict[str, Callable[[Row, Words], str]] = {
    "drafter": lambda row, words: row["drafter"],
    "shape": lambda row, words: words.say("terminal.shape_own") if row["draft_length"] is None else shape(row, words),
    "stated": lambda row, words: percent(row["acceptance"]),
    "rate": lambda row, words: f"{row['tokens_per_second']:,.1f}",
    "predicted": lambda row, words: times(row["predicted"]),
    "ms": lambda row, words: milliseconds(row["seconds_per_token"]["median"]),
    "range": lambda row, words: "–".join(milliseconds(row["seconds_per_token"][end]) for end in ("min", "max")),
    "speedup": lambda row, words: times(row["speedup"]),
    "against": lambda row, words: times(row["against"]),
    "alpha": lambda row, words: _rate(row, words),
    "per_pass": lambda row, words: number(row["tokens_per_pass"]),
    "drafting": lambda row, words: milliseconds(row["draft_seconds"]),
    "host": lambda row, words: milliseconds(row["host_seconds"]),
    "memory": lambda row, words: percent(row["memory_share"]),
    "recording": lambda row, words: share(row["recording"]),
    "unrecorded": lambda row, words: milliseconds(row["unrecorded"]["seconds_per_token"]),
    "unrecorded_host": lambda row, words: milliseconds(row["unrecorded"]["host_seconds"]),
    "unrecorded_same": lambda row, words: _yes(row["unrecorded"]["same_text"], words),
    "same": lambda row, words: _yes(row["same_text"], words),
}


def _cell(column: str, row: Row, words: Words) -> str:
    """A cell of the comparison; a dash in the row of a lane that was not run."""
    return (
        words.say("terminal.nothing")
        if row.get("why") and column not in ("drafter", "stated")
        else CELLS[column](row, words)
    )


def distil(report: dict[str, Any], out: str, words: Words = ENGLISH) -> str:
    """The report of `specdec.train.distil.distil`: acceptance before and after, greedy and sampled."""
    columns = ("prompts", "before", "after", "per_pass_before", "per_pass_after", "moved")
    rows = [[words.say(f"terminal.distil_head_{column}") for column in columns]]
    for one in report["measured"]:
        temperature, turns = one["temperature"], (one["before"], one["after"])
        sampled = words.say("terminal.distil_temperature", temperature=temperature)
        kind = sampled if temperature else words.say("terminal.distil_greedy")
        rows.append([kind, *(share(turn["acceptance_rate"]) for turn in turns)])
        rows[-1] += [number(turn["tokens_per_pass"]) for turn in turns]
        rows[-1].append(words.say("terminal.distil_moved", **one["prompts"]))
    hardware = report["hardware"]
    title = words.say(
        "terminal.distil_title",
        target=report["target"],
        draft=report["draft"],
        texts=words.say("terminal.distil_texts", n=report["texts"]),
        tokens=f"{report['tokens']:,}",
        passes=f"{report['passes']:.1f}",
        seconds=f"{report['seconds']:.0f}",
        device=hardware["name"] or hardware["device"],
        dtype=hardware["dtype"],
    )
    note = words.say("terminal.distil_note", n=report["prompts"]["held_out"])
    path = words.say("terminal.distil_out", path=out)
    return f"{one_line(title)}\n\n{table(rows)}\n{note}\n{one_line(path)}\n"


def share(value: float | None) -> str:
    """A percentage with one decimal: distillation may gain less than a point."""
    return "–" if value is None else f"{value:.1%}"


def compare_rules(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.compare_rules.report`: a row for each rule, and what lies between them."""
    head = [words.say(f"terminal.head_{column}") for column in ("rule", "kept", "per_pass", "rounds")]
    rows = [
        [
            rule_name(row["rule"], words),
            number(row["accepted_per_round"]),
            number(row["tokens_per_pass"]),
            str(row["rounds"]),
        ]
        for row in report["rows"]
    ]
    difference, settings = report["difference"], report["settings"]
    between = words.say(
        "terminal.compare_rules",
        first=settings["rules"][0],
        second=settings["rules"][1],
        mean=f"{difference['mean']:+.3f}",
        low=f"{difference['low']:+.3f}",
        high=f"{difference['high']:+.3f}",
        level=f"{difference['level']:.0%}",
        prompts=_prompts(settings, words),
        runs=words.say("terminal.runs", n=settings["runs"]),
    )
    lossy = [words.say("terminal.compare_lossy", rule=row["rule"]) for row in report["rows"] if not row["lossless"]]
    between_rules = one_line(" ".join([between, *lossy])) + "\n"
    parts = [_compare_title(report, words), layout([head, *rows]), between_rules, _left_out(settings, words)]
    return "\n".join(part for part in parts if part)


def _compare_title(report: dict[str, Any], words: Words) -> str:
    settings, hardware = report["settings"], report["hardware"]
    return (
        one_line(
            words.say(
                "terminal.compare_title",
                target=settings["target"],
                drafter=settings["draft"] or settings["drafter"],
                shape=shape(settings, words),
                temperature=settings["temperature"],
                device=hardware["name"] or hardware["device"],
                dtype=hardware["dtype"],
                mode=hardware["mode"],
            )
        )
        + "\n"
    )


def _prompts(settings: dict[str, Any], words: Words) -> str:
    """How many there were, and under which task."""
    prompts = words.say("terminal.prompts", n=settings["prompts"])
    return words.say("terminal.task", task=settings["task"], prompts=prompts) if settings.get("task") else prompts


def _left_out(settings: dict[str, Any], words: Words) -> str:
    """How many prompts were not run, and why; nothing where all were."""
    if not (n := settings.get("left_out")):
        return ""
    return words.say("terminal.left_out", n=n, prompts=n + settings["prompts"], new=settings["max_new_tokens"]) + "\n"


def _models(settings: dict[str, Any]) -> str:
    return " + ".join(filter(None, (settings["target"], settings["draft"])))


def _bench_title(report: dict[str, Any], words: Words) -> str:
    settings, hardware = report["settings"], report["hardware"]
    return (
        one_line(
            words.say(
                "terminal.bench_title",
                models=_models(settings),
                device=hardware["name"] or hardware["device"],
                dtype=hardware["dtype"],
                mode=hardware["mode"],
                rule=rule_name(settings["rule"], words),
                prompts=_prompts(settings, words),
                runs=words.say("terminal.runs", n=settings["runs"]),
            )
        )
        + "\n"
    )


def _against_title(report: dict[str, Any], words: Words) -> str:
    settings, hardware = report["settings"], report["hardware"]
    return (
        one_line(
            words.say(
                "terminal.against_title",
                models=_models(settings),
                shape=shape(settings, words),
                rule=rule_name(settings["rule"], words),
                temperature=f"{settings['temperature']:g}",
                device=hardware["name"] or hardware["device"],
                dtype=hardware["dtype"],
                mode=hardware["mode"],
                prompts=_prompts(settings, words),
                length=settings["max_new_tokens"],
                runs=words.say("terminal.runs", n=settings["runs"]),
                software=_versions(report["software"], words),
            )
        )
        + "\n"
    )


def _yes(value: bool | None, words: Words) -> str:
    return words.say({True: "terminal.yes", False: "terminal.no", None: "terminal.nothing"}[value])


def _versions(software: dict[str, str], words: Words) -> str:
    return ", ".join(words.say("terminal.version", name=name, version=number) for name, number in software.items())


def _rate(row: Row, words: Words) -> str:
    share = percent(row["acceptance_rate"])
    if row["acceptance_rate"] is None:
        return share
    return words.say("terminal.share", share=share, part=row["accepted"], whole=row["accepted"] + row["refusals"])


def _looping(rows: list[dict[str, Any]], words: Words) -> str:
    """What each drafter gained where texts repeat themselves and where they do not; nothing when none does."""
    apart = [(row["drafter"], row["apart"]["looping"], row["apart"]["others"]) for row in rows if row["drafted"]]
    return "".join(
        words.say(
            "terminal.looping",
            drafter=name,
            looping=words.say("terminal.prompts", n=looping["prompts"]),
            others=words.say("terminal.prompts", n=others["prompts"]),
            looping_speedup=times(looping["speedup"]),
            others_speedup=times(others["speedup"]),
        )
        + "\n"
        for name, looping, others in apart
        if looping["prompts"]
    )


def proposals(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.drafter_latency.proposal_cost`: what a guess costs each drafter."""
    head = [words.say(f"terminal.head_{column}") for column in ("drafter", "proposal", "nine", "guesses")]
    rows = [
        [
            row["drafter"],
            fine(row["seconds"]["median"]),
            fine(row["seconds"]["nine_in_ten"]),
            number(row["guesses"]),
        ]
        for row in report["rows"]
    ]
    settings, hardware = report["settings"], report["hardware"]
    title = words.say(
        "terminal.proposals_title",
        target=settings["target"],
        device=hardware["name"] or hardware["device"],
        tokens=f"{settings['tokens']:,}",
        shape=shape(settings, words),
    )
    note = words.say("terminal.proposals_note", rounds=report["rows"][0]["rounds"])
    return f"{one_line(title)}\n\n{layout([head, *rows])}\n{note}\n"


def shapes(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.synthetic_bench.report`: plain decoding, then every stated α and draft length."""
    columns = ["stated", "shape", "rate", "speedup", "predicted", "per_pass", "memory"]
    settings, costs = report["settings"], report["costs"]
    lengths = sorted({row["draft_length"] for row in report["rows"]} - {0})
    title = words.say(
        "terminal.shapes_title",
        models=words.say("terminal.unweighted_models", models=_models(settings)),
        context=settings["context"],
        **_circumstances(report, words),
    )
    measured = words.say(
        "terminal.shapes_costs",
        ms=milliseconds(report["rows"][0]["seconds_per_token"]),
        c=number(costs["c"]),
        widths=", ".join(str(length + 1) for length in lengths),
        v=", ".join(number(costs["v"][min(length, len(costs["v"]) - 1)]) for length in lengths),
        o=number(costs["o"]),
    )
    notes = [measured, " ".join((words.say("terminal.shapes_stated"), words.say("terminal.shapes_predicted")))]
    if speed := report["memory_bytes_per_second"]:
        notes.append(words.say("terminal.against_memory", speed=f"{speed / 1e9:,.0f}"))
    else:
        columns.remove("memory")
    head = [words.say(f"terminal.head_{column}") for column in columns]
    rows = [[CELLS[column](row, words) for column in columns] for row in report["rows"]]
    return "\n".join([one_line(title) + "\n", layout([head, *rows]), *(note + "\n" for note in notes)])


def context(report: dict[str, Any], layout: Layout = table, words: Words = ENGLISH) -> str:
    """The report of `specdec.lab.long_context.report`: each lane after contexts of growing length, and how its times
    grew."""
    columns = ("drafter", "context", "ms", "attention", "longer", "attention_longer", "per_pass")
    head = [words.say(f"terminal.head_{column}") for column in columns]
    rows = [
        [
            row["drafter"],
            f"{row['context']:,}",
            milliseconds(row["seconds_per_token"]),
            milliseconds(row["attention"]),
            milliseconds(row["longer"]["seconds_per_token"]),
            milliseconds(row["longer"]["attention"]),
            number(row["tokens_per_pass"]),
        ]
        for row in report["rows"]
    ]
    settings = report["settings"]
    models = words.say("terminal.unweighted_models", models=_models(settings))
    title = words.say(
        "terminal.context_title", models=models, shape=shape(settings, words), **_circumstances(report, words)
    )
    furthest = {row["drafter"]: row for row in report["rows"]}  # the last of each
    grown = [
        words.say(
            "terminal.context_growth",
            drafter=row["drafter"],
            low=f"{report['rows'][0]['context']:,}",
            high=f"{row['context']:,}",
            more=milliseconds(row["longer"]["seconds_per_token"]),
            attention=milliseconds(row["longer"]["attention"]),
        )
        for row in furthest.values()
    ]
    notes = [words.say("terminal.context_note")]
    if settings["acceptance"] is not None:
        notes.append(words.say("terminal.context_draft", share=percent(settings["acceptance"])))
    return "\n".join([one_line(title) + "\n", layout([head, *rows]), *(part + "\n" for part in (*grown, *notes))])


def _circumstances(report: dict[str, Any], words: Words) -> dict[str, Any]:
    """What a title says of the machine and the runs."""
    settings, hardware = report["settings"], report["hardware"]
    return {
        "rule": rule_name(settings["rule"], words),
        "device": hardware["name"] or hardware["device"],
        "dtype": hardware["dtype"],
        "mode": hardware["mode"],
        "length": settings["max_new_tokens"],
        "runs": words.say("terminal.runs", n=settings["runs"]),
    }


def fine(seconds: float) -> str:
    """A time below a millisecond, in milliseconds with three decimals.

    >>> fine(0.00012345)
    '0.123'
    """
    return f"{seconds * 1000:.3f}"


def models(pairs: list[dict[str, Any]], words: Words = ENGLISH) -> str:
    """Every pair's models: where they live, how large they are, whether they are on disk; and the tasks it knows."""
    columns = ("pair", "role", "place", "parameters", "size", "disk")
    head = [words.say(f"terminal.head_{column}") for column in columns]
    rows = [
        [
            pair["name"],
            role,
            model["location"],
            _count(model["parameters"], words),
            _megabytes(model["size_bytes"], words),
            words.say("terminal.yes" if model["on_disk"] else "terminal.no"),
        ]
        for pair in pairs
        for role, model in ((words.say("terminal.role_target"), pair["target"]), *pair["drafts"].items())
    ]
    return table([head, *rows], numbers_from=3) + "\n" + "".join(_known_tasks(pair, words) for pair in pairs)


def _known_tasks(pair: dict[str, Any], words: Words) -> str:
    tasks = pair["tasks"]
    return one_line(words.say("terminal.tasks", n=len(tasks), pair=pair["name"], tasks=", ".join(tasks))) + "\n"


def public_models(pairs: list[dict[str, Any]], words: Words = ENGLISH) -> str:
    """Public pairs: on whose terms, the memory they need and whether it is there; what they consist of, and why."""
    head = [words.say(f"terminal.head_{column}") for column in ("pair", "licence", "memory_needed", "fits")]
    rows = [
        [
            pair["name"],
            _terms(pair["models"], words),
            _gigabytes(pair["memory"]["needed_bytes"], words),
            words.say({True: "terminal.yes", False: "terminal.no", None: "terminal.nothing"}[pair["memory"]["fits"]]),
        ]
        for pair in pairs
    ]
    parts = [
        table([head, *rows], numbers_from=2),
        _counted(pairs[0]["memory"], words),
        "".join(_described(pair, words) for pair in pairs),
    ]
    return "\n".join(parts)


def _terms(models: list[dict[str, Any]], words: Words) -> str:
    licences = ", ".join(dict.fromkeys(model["licence"] for model in models))
    gated = any(model["gated"] for model in models)
    return words.say("terminal.licence_gated", licence=licences) if gated else licences


def _described(pair: dict[str, Any], words: Words) -> str:
    models = " + ".join(model["location"] for model in pair["models"])
    return one_line(words.say("terminal.public_pair", pair=pair["name"], models=models, why=pair["why"])) + "\n"


def _counted(memory: dict[str, Any], words: Words) -> str:
    """What the memory is the sum of, and what is free."""
    free = _gigabytes(memory["free_bytes"], words)
    note = words.say(
        "terminal.memory_note",
        context=f"{memory['context_tokens']:,}",
        dtype=memory["dtype"],
        free=free,
        place=memory["place"],
    )
    return one_line(note) + "\n"


def datastore(info: dict[str, Any], size_bytes: int, words: Words = ENGLISH) -> str:
    """A datastore's header, an entry a line."""
    counts = ("format", "texts", "tokens", "entries")
    rows = [[words.say(f"terminal.datastore_{name}"), f"{info[name]:,}"] for name in counts]
    rows += [[words.say("terminal.datastore_fingerprint"), info["fingerprint"][:16]]]
    return table([*rows, [words.say("terminal.datastore_size"), _megabytes(size_bytes, words)]])


def _count(parameters: int | None, words: Words) -> str:
    return words.say("terminal.nothing") if parameters is None else f"{parameters:,}"


def _gigabytes(size: int | None, words: Words) -> str:
    return words.say("terminal.nothing") if size is None else words.say("terminal.gigabytes", size=f"{size / 1e9:.1f}")


def _megabytes(size: int, words: Words) -> str:
    return words.say("terminal.megabytes", size=f"{size / 1e6:.1f}") if size else words.say("terminal.nothing")
