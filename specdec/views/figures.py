"""Figures of a run that has ended, drawn with plotly from its trace alone.

They have no title (the page adds it), a transparent background, and every value printed beside its bar, so that they
can be read in light and dark themes and without a pointer. A run without drafts gets one sentence instead of bars.
Figures of a rule that changes the output's distribution are marked. The guesses of a tree are counted by depth.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import plotly.graph_objects as go

from specdec.messages import ENGLISH, Words
from specdec.methods import RULES
from specdec.trace import Trace

ACCEPTED = TARGET = "#0072B2"
DRAFTER = "#CC79A7"
NEUTRAL = "#8A8A94"
REFUSED = "#D55E00"
INK = "#7A7A84"  # one grey for both grounds: 4.2 : 1 on white and on the dark page; race.css gives each its own ink
GRID = "rgba(128, 128, 140, 0.22)"
FONT = "Specdec Sans, Source Sans Pro, Source Sans 3, system-ui, sans-serif"
HEIGHT = 260
CROWDED = 5  # with more bars than this, the values beside them are rotated
LABELLED = 18  # at most so many bars have a label and a printed value; the others show theirs on hover
SLOTS = 4  # fewer bars than this do not grow wider


def position_acceptance(trace: Trace, words: Words = ENGLISH) -> go.Figure:
    """How often a guess was kept, by its place in the draft or its depth, among the rounds that came so far."""
    rows = acceptance_by_position(trace)
    if not rows:
        return _sentence(words.say("figures.no_drafts"))
    places = list(range(1, len(rows) + 1))
    shares = [accepted / judged for accepted, judged in rows]
    crowded = len(rows) > CROWDED
    between = "  " if crowded else "<br>"
    texts = [
        f"<b>{_percent(share)}</b>{between}{words.say('figures.of_judged', accepted=accepted, n=judged)}"
        for share, (accepted, judged) in zip(shares, rows, strict=True)
    ]
    tree = _branched(trace)
    hover = "depth_hover" if tree else "position_hover"
    hovers = [
        words.say(f"figures.{hover}", place=place, accepted=accepted, n=judged, share=_percent(share))
        for place, share, (accepted, judged) in zip(places, shares, rows, strict=True)
    ]
    figure = _columns([str(place) for place in places], shares, texts, hovers, ACCEPTED, crowded)
    figure.update_xaxes(title_text=words.say("figures.depth_axis" if tree else "figures.position_axis"))
    return _mark_lossy(figure, trace, words).update_yaxes(
        range=[0, 1.9 if crowded else 1.32], tickvals=[0, 0.5, 1], ticktext=["0", "50 %", "100 %"]
    )


def acceptance_by_position(trace: Trace) -> list[tuple[int, int]]:
    """(accepted, judged) for each position of the draft that any round reached, from the first on.

    A position counts as judged in a round that accepted a token there or refused all that it tried; positions after a
    refusal or after the end of the text are not judged.
    """
    accepted: Counter[int] = Counter()
    judged: Counter[int] = Counter()
    for one in trace.rounds:
        kept = len(one.path)
        accepted.update(range(kept))
        judged.update(range(kept + one.refused))
    return [(accepted[place], judged[place]) for place in range(len(judged))]


def accepted_lengths(trace: Trace, words: Words = ENGLISH) -> go.Figure:
    """In how many rounds 0, 1, 2 … guesses were kept; rounds without a guess stand apart."""
    counts, guessless = rounds_by_length(trace)
    if not counts:
        return _sentence(words.say("figures.no_drafts"))
    total = len(trace.rounds)
    labels = [str(length) for length in range(len(counts))]
    hovers = [
        words.say("figures.length_hover", n=count, length=length, total=total, share=_percent(count / total))
        for length, count in enumerate(counts)
    ]
    colours = [ACCEPTED] * len(counts)
    if guessless:
        labels, counts = [words.say("figures.no_guess"), *labels], [guessless, *counts]
        hovers = [
            words.say("figures.guessless_hover", n=guessless, total=total, share=_percent(guessless / total)),
            *hovers,
        ]
        colours = [NEUTRAL, *colours]
    crowded = len(counts) > CROWDED
    between = "  " if crowded else "<br>"
    texts = [f"<b>{count}</b>{between}{_percent(count / total)}" if count else "" for count in counts]
    figure = _columns(labels, counts, texts, hovers, colours, crowded)
    figure.update_xaxes(title_text=words.say("figures.length_axis"))
    return _mark_lossy(figure, trace, words).update_yaxes(
        title_text=words.say("figures.rounds_axis"),
        range=[0, max(counts) * (1.9 if crowded else 1.32)],
        tickvals=[tick for tick in _ticks(max(counts)) if tick == int(tick)],
    )


def rounds_by_length(trace: Trace) -> tuple[list[int], int]:
    """(numbers of rounds that accepted 0, 1, 2 … guesses, up to the longest draft; number of rounds without a
    draft)."""
    lengths = Counter(len(one.path) for one in trace.rounds if one.draft)
    longest = max((one.depth for one in trace.rounds if one.draft), default=-1)
    return [lengths[length] for length in range(longest + 1)], sum(not one.draft for one in trace.rounds)


def time_split(trace: Trace, words: Words = ENGLISH) -> go.Figure:
    """The seconds spent drafting, in target passes and on everything else, and their shares."""
    seconds = seconds_by_part(trace)
    total = sum(seconds.values())
    if not total or _untimed(trace):
        return _sentence(words.say("figures.no_times" if _untimed(trace) else "figures.no_rounds"))
    names = [words.say(f"figures.part_{part}") for part in seconds]
    texts = [f"<b>{_seconds(value)}</b><br>{_percent(value / total)}" for value in seconds.values()]
    whole = _seconds(total)
    hovers = [
        words.say("figures.part_hover", part=name, seconds=_seconds(value), total=whole, share=_percent(value / total))
        for name, value in zip(names, seconds.values(), strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            x=list(seconds.values()),
            y=names,
            orientation="h",
            width=0.56,
            text=texts,
            hovertext=hovers,
            marker_color=[DRAFTER, TARGET, NEUTRAL],
            **_BAR,
        )
    )
    _dress(figure, left=104, bottom=12)
    figure.update_xaxes(range=[0, max(seconds.values()) * 1.5], tickvals=[], showticklabels=False)
    return figure.update_yaxes(autorange="reversed", tickvals=names, ticktext=names)


def seconds_by_part(trace: Trace) -> dict[str, float]:
    """The seconds of a run spent on drafting, on target passes and on everything else.

    >>> from specdec.trace import Header, Trace
    >>> seconds_by_part(Trace(header=None, rounds=(), footer=None))
    {'draft': 0.0, 'verify': 0.0, 'other': 0.0}
    """
    timed = [one.seconds for one in trace.rounds if one.seconds]
    return {part: sum((getattr(one, part) for one in timed), 0.0) for part in ("draft", "verify", "other")}


def _untimed(trace: Trace) -> bool:
    """Whether the trace's engine does not report how the time of a round was spent."""
    return any(one.seconds is None for one in trace.rounds)


def _branched(trace: Trace) -> bool:
    return any(token.parent != i - 1 for one in trace.rounds for i, token in enumerate(one.draft))


def _mark_lossy(figure: go.Figure, trace: Trace, words: Words) -> go.Figure:
    """What was kept by a rule that changes the output says so in the figure itself."""
    if (rule := RULES.get(str(trace.header.settings.get("rule")))) is None or rule.lossless:
        return figure
    place = {"x": 1, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "bottom"}
    figure.update_layout(margin_t=34)  # above the columns and their values
    return figure.add_annotation(
        text=f"<b>{words.say('figures.lossy')}</b>", showarrow=False, font={"color": REFUSED, "size": 13}, **place
    )


_BAR: dict[str, Any] = {
    "textposition": "outside",
    "cliponaxis": False,
    "hovertemplate": "%{hovertext}<extra></extra>",
    "marker_line_width": 0,
    "constraintext": "none",
}


def _columns(x: list[str], y: list, texts: list[str], hovers: list[str], colour: Any, crowded: bool) -> go.Figure:
    every = -(-len(x) // LABELLED)
    texts = [text if i % every == 0 else "" for i, text in enumerate(texts)]
    bars = go.Bar(x=x, y=y, width=0.62, text=texts, hovertext=hovers, marker_color=colour, **_BAR)
    bars.update(textangle=-90 if crowded else 0, textfont_size=11 if crowded else 13)
    figure = _dress(go.Figure(bars), left=52)
    ticks = {
        "tickvals": x[::every],
        "ticktext": [name.replace(" ", "<br>") for name in x[::every]],
    }
    figure.update_xaxes(type="category", range=[-0.5, max(len(x), SLOTS) - 0.5], tickangle=0, **ticks)
    return figure.update_yaxes(showgrid=True, gridcolor=GRID)


def _dress(figure: go.Figure, left: int = 16, bottom: int = 44) -> go.Figure:
    figure.update_layout(
        template="none",
        height=HEIGHT,
        autosize=True,
        margin={"l": left, "r": 16, "t": 12, "b": bottom, "pad": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": INK},
        hoverlabel={"bgcolor": "#18181B", "bordercolor": "#18181B", "font": {"family": FONT, "color": "#FFFFFF"}},
        modebar={"remove": ["toImage", "select2d", "lasso2d"]},
        showlegend=False,
        dragmode=False,
    )
    quiet = {"showgrid": False, "zeroline": False, "showline": False, "fixedrange": True, "tickmode": "array"}
    figure.update_xaxes(**quiet, title_standoff=8, title_font_size=13)
    return figure.update_yaxes(**quiet, title_standoff=8, title_font_size=13)


def _sentence(text: str) -> go.Figure:
    figure = _dress(go.Figure())
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure.add_annotation(text=text, x=0, y=1, xref="paper", yref="paper", showarrow=False, align="left")


def _ticks(top: float) -> list[float]:
    """Round numbers from 0 up to `top`, three to six of them.

    >>> _ticks(0.42)
    [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    step = 10.0 ** math.floor(math.log10(top))
    step *= 2 if top / step > 5 else 1 if top / step >= 2 else 0.5
    return [round(i * step, 12) for i in range(int(top / step) + 1)]


def _seconds(value: float) -> str:
    """
    >>> _seconds(0.1464), _seconds(1.4189), _seconds(0.0), _seconds(0.2)
    ('146 ms', '1.42 s', '0', '200 ms')
    """
    if value < 1:
        return f"{value * 1000:.3g} ms" if value else "0"
    return f"{value:.2f} s"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
