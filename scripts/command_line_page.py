"""docs/command-line.md: every command with its options, from the parsers that read them."""

import argparse
from collections import Counter
from collections.abc import Iterable

from specdec.cli.main import COMMANDS
from specdec.cli.usage import PROGRAM, Parser
from specdec.messages import ENGLISH, say

HEAD = """# The command line

<!-- Written by `python scripts/docs.py` from the commands' own options: change those, not this page. -->

`python -m specdec COMMAND`, or `specdec COMMAND` where the package is installed; every command has `--help`. What
cannot be run is refused before it starts, in one sentence on stderr and with exit status 2; a run that failed exits
with 1, one that was interrupted with 130. Options that must be given are set bold.
"""
SHARED = "## Options that several commands have\n"


class Sections(argparse.HelpFormatter):
    """What a parser tells its formatter, kept as tables of options under their headings instead of as text."""

    def __init__(self, prog: str, **_) -> None:
        super().__init__(prog)
        self.headings: list[str] = []
        self.tables: dict[str, str] = {}
        self.commands: dict[str, argparse.ArgumentParser] = {}

    def start_section(self, heading: str | None) -> None:
        self.headings.append(heading or "")

    def end_section(self) -> None:
        self.headings.pop()

    def add_usage(self, *_, **__) -> None:
        pass

    def add_text(self, text: str | None) -> None:
        pass

    def add_arguments(self, actions: Iterable[argparse.Action]) -> None:
        rows = []
        for action in actions:
            if isinstance(action.choices, dict):
                self.commands |= action.choices
            elif action.default != argparse.SUPPRESS:  # --help
                rows.append(f"| {_name(action)} | {_cell(action.help or '')} |\n")
        if rows:
            self.tables[self.headings[-1]] = "| option | |\n|---|---|\n" + "".join(rows)

    def format_help(self) -> str:
        return ""


def _name(action: argparse.Action) -> str:
    """How it is written, its value included; one that must be given is set bold."""
    value = action.metavar or ("|".join(action.choices) if action.choices else "")
    names = " ".join(filter(None, (*action.option_strings[-1:], str(value))))
    code = f"`{names}`".replace("|", "\\|")
    return f"**{code}**" if action.required else code


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def sections(parser: argparse.ArgumentParser) -> Sections:
    """A parser's groups of options, read through the interface that argparse has for formatters."""
    told = Sections(parser.prog)
    parser.formatter_class = lambda **_: told
    parser.format_help()
    return told


def render() -> str:
    commands = {name: _parser(name) for name in COMMANDS}
    told = {name: sections(parser) for name, parser in commands.items()}
    seen = Counter((title, table) for one in told.values() for title, table in one.tables.items())
    common = {title: table for (title, table), times in seen.items() if times > 1}
    parts = [HEAD, _contents(), *(_command(name, told[name], common) for name in COMMANDS), SHARED]
    parts += [f"### {_title(title)}\n\n{table}" for title, table in common.items()]
    return "\n".join(parts)


def _parser(name: str) -> argparse.ArgumentParser:
    parser = Parser(prog=f"{PROGRAM} {name}", words=ENGLISH, about=say(f"cli.about_{name}"), examples=[])
    COMMANDS[name].add_arguments(parser, ENGLISH)
    return parser


def _contents() -> str:
    rows = (f"| [`{name}`](#{name}) | {_cell(say(f'cli.about_{name}'))} |\n" for name in COMMANDS)
    return "| command | |\n|---|---|\n" + "".join(rows)


def _command(name: str, told: Sections, common: dict[str, str]) -> str:
    examples = "\n".join(f"{PROGRAM} {example}" for example in COMMANDS[name].EXAMPLES)
    parts = [f"## {name}\n", say(f"cli.about_{name}") + "\n", f"```\n{examples}\n```\n", *_tables(told, common)]
    for inner, parser in told.commands.items():
        parts += [f"### {name} {inner}\n", *_tables(sections(parser), common)]
    return "\n".join(map(str, parts))


def _tables(told: Sections, common: dict[str, str]) -> list[str]:
    own = [f"{_title(title)}:\n\n{table}" for title, table in told.tables.items() if common.get(title) != table]
    shared = [title for title, table in told.tables.items() if common.get(title) == table]
    links = ", ".join(f"[{title}](#{title.replace(' ', '-')})" for title in shared)
    return own + ([f"Also {links}.\n"] if shared else [])


def _title(heading: str) -> str:
    return heading[:1].upper() + heading[1:]
