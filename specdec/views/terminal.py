"""A run as text for a terminal: the output in the colours of its verdicts as it happens, then a summary.

Model text is untrusted: this module replaces every control character and direction override in it by a visible sign.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from specdec.lab.validity import disturbance, speedup
from specdec.messages import ENGLISH, Words, knows
from specdec.methods import PLAIN, RULES
from specdec.settings import DYNAMIC
from specdec.trace import DrafterInfo, Footer, Header, Line, Round, Totals, Trace
from specdec.views import diagnosis

# Okabe-Ito hues, with the text style as a second cue: a correction is underlined, a bonus bold.
STYLES = {
    "accepted": "38;2;0;114;178",
    "correction": "38;2;230;159;0;4",
    "bonus": "38;2;0;158;115;1",
    "plain": "",
    "prompt": "2",
}
RESET = "\x1b[0m"

_C0 = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_C1_AND_DIRECTION = (*range(0x80, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ESCAPED = {code: f"\\u{code:04x}" for code in _C1_AND_DIRECTION}
_LINE = _C0 | _ESCAPED
_TEXT = {code: sign for code, sign in _LINE.items() if chr(code) not in "\n\t"}
_JSON = _ESCAPED | {0x7F: "\\u007f"}


def tame(text: str) -> str:
    """Text with its control characters replaced by visible signs, except line ends and tabs.

    >>> tame("red: \\x1b[31m")
    'red: ␛[31m'
    """
    return text.translate(_TEXT)


def one_line(text: str) -> str:
    """Text with all control characters, line ends and tabs included, replaced by visible signs: for messages that must
    be one line."""
    return text.translate(_LINE)


def tame_json(line: str) -> str:
    """A line of JSON in which also the control characters that JSON does not escape are escaped: the same value, safe
    to show on a terminal."""
    return line.translate(_JSON)


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to write in colour: on a terminal, unless NO_COLOR is set and not empty (no-color.org) or TERM is
    `dumb`."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def ink(text: str, style: str, colour: bool) -> str:
    text = tame(text)
    return f"\x1b[{STYLES[style]}m{text}{RESET}" if colour and text and STYLES[style] else text


def show(line: Line, colour: bool) -> str:
    """The text that a trace line adds to the screen. With colour the prompt is shown before the output; without, only
    the output."""
    if isinstance(line, Header):
        gap = "\n" if line.target.encoder_decoder else ""  # the output does not continue the encoder's input
        return ink(line.prompt.text, "prompt", colour) + gap if colour else ""
    if isinstance(line, Round):
        return "".join(ink(token.text, token.verdict, colour) for token in line.committed)
    return "\n"


def summary(
    header: Header, rounds: Iterable[Round], footer: Footer, colour: bool = False, words: Words = ENGLISH
) -> str:
    """The totals of a run, one per line, each rate with its counts."""
    rounds, totals = tuple(rounds), footer.totals
    facts = [
        _where(header, words),
        _pace(totals, words),
        *_guesses(header, totals, rounds, colour, words),
        _clock(totals, rounds, words),
        _memory(header, totals, words),
        diagnosis.sentence(Trace(header, rounds, footer), words=words),
        ending(footer, words),
    ]
    return "".join(f"{fact}\n" for fact in facts if fact)


def _memory(header: Header, totals: Totals, words: Words) -> str:
    whose = "process" if header.hardware.device == "cpu" else "device"
    size = totals.peak_memory_bytes
    return words.say(f"terminal.memory_{whose}", size=f"{size / 2**20:,.0f}") if size else ""


def ending(footer: Footer, words: Words = ENGLISH) -> str:
    """Why the run ended, in a sentence."""
    return words.say(f"terminal.ended_{footer.reason}", message=one_line(words.render(footer.failure)))


def race_result(plain: Trace, speculative: Trace, words: Words = ENGLISH) -> str:
    """How much faster a token came than in plain decoding; below 1× it was slower. Nothing of the kind for clocks that
    ran beside other work."""
    if disturbance(speculative, plain):
        return words.say("terminal.race_busy") + "\n"
    return words.say("terminal.race", ratio=times(speedup(speculative, plain))) + "\n"


def _where(header: Header, words: Words) -> str:
    hardware, drafter = header.hardware, header.drafter
    key = "where_plain" if drafter.name == PLAIN else "where"
    return one_line(
        words.say(
            f"terminal.{key}",
            target=header.target.name,
            drafter=drafter_name(drafter, words),
            rule=rule_name(header.settings["rule"], words),
            shape=shape(header.settings, words),
            device=hardware.name or hardware.device,
            dtype=hardware.dtype,
            mode=hardware.mode,
        )
    )


def drafter_name(drafter: DrafterInfo, words: Words = ENGLISH) -> str:
    """Who guesses: a model by its name, and for the others where their guesses come from.

    >>> drafter_name(DrafterInfo("suffix", None, None)), drafter_name(DrafterInfo("model", "small", 1))
    ('suffix (copied from earlier outputs)', 'small')
    >>> [drafter_name(DrafterInfo("eagle", name, 1)).split(" (")[0] for name in ("eagle", "eagle-7b")]
    ['eagle', 'eagle eagle-7b']
    """
    source = f"stage.source_{drafter.name}"
    if drafter.name == "model" or not knows(source):
        return drafter.model or drafter.name
    named = f"{drafter.name} {drafter.model}" if drafter.model not in (None, drafter.name) else drafter.name
    return words.say("terminal.drafter", name=named, source=words.say(source))


def rule_name(rule: str, words: Words = ENGLISH) -> str:
    """The name of a rule, with a warning if it changes the output.

    >>> rule_name("greedy"), rule_name("typical")
    ('greedy rule', 'typical rule (≠ changes the output)')
    """
    known = RULES.get(rule)
    return words.say("terminal.rule" if known is None or known.lossless else "terminal.rule_lossy", rule=rule)


def shape(settings: Mapping[str, Any], words: Words = ENGLISH) -> str:
    """How far, or as which tree, a run drafts.

    >>> shape({"draft_length": "auto"}), shape({"draft_length": 2, "branching": [3, 2]})
    ('K = auto', 'tree 3,2')
    """
    branching, length = settings.get("branching"), settings["draft_length"]
    if branching == DYNAMIC:
        return words.say("terminal.shape_dynamic", length=length)
    if branching:
        return words.say("terminal.shape_tree", branching=",".join(map(str, branching)))
    return words.say("terminal.shape_chain", length=length)


def _pace(totals: Totals, words: Words) -> str:
    return words.say(
        "terminal.pace",
        tokens=words.say("terminal.tokens", n=totals.tokens),
        passes=words.say("terminal.passes", n=totals.rounds),
        per_pass=number(totals.tokens_per_pass),
    )


def _guesses(header: Header, totals: Totals, rounds: tuple[Round, ...], colour: bool, words: Words) -> list[str]:
    if not totals.drafted:
        return []
    # under the block rule the share of accepted guesses is not a property of the two models, so it is not called α
    judged = "kept_per_judged" if header.settings["rule"] == "block" else "alpha"
    return [
        _origins(rounds, colour, words),
        words.say(
            "terminal.rates",
            kept=words.say(f"terminal.{judged}"),
            alpha=percent(totals.acceptance_rate),
            accepted=totals.accepted,
            judged=totals.accepted + totals.refusals,
            efficiency=percent(totals.draft_efficiency),
            drafted=totals.drafted,
            rejected=totals.rejected,
            discarded=totals.discarded,
        ),
    ]


def _origins(rounds: tuple[Round, ...], colour: bool, words: Words) -> str:
    """Who wrote the output: the legend of its colours, with counts."""
    written = [token.verdict for one in rounds for token in one.committed]
    verdicts = [verdict for verdict in ("accepted", "correction", "bonus", "plain") if verdict in written]
    parts = [
        ink(words.say(f"terminal.kept_{verdict}", n=written.count(verdict)), verdict, colour) for verdict in verdicts
    ]
    return " · ".join(parts)


def _clock(totals: Totals, rounds: tuple[Round, ...], words: Words) -> str:
    if not totals.tokens:
        return ""
    whole = {"seconds": f"{totals.seconds:.2f}", "each": milliseconds(totals.seconds / totals.tokens)}
    spent = [one.seconds for one in rounds]
    if None in spent:
        return words.say("terminal.clock_whole", **whole)
    parts = {part: f"{sum(getattr(one, part) for one in spent):.2f}" for part in ("draft", "verify", "other")}
    return words.say("terminal.clock", **whole, **parts)


def percent(value: float | None) -> str:
    """A share as a whole percentage; a dash for None."""
    return "–" if value is None else f"{value:.0%}"


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def times(value: float | None) -> str:
    """A ratio with two decimals, such as 1.21×; a dash for None."""
    return "–" if value is None else f"{value:.2f}×"


def milliseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds * 1000:.2f}"
