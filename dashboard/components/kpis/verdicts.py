"""Verdicts on a KPI as Markdown: always a shape in its colour, and words beside it.

What is returned is safe to draw; `look()` fits the drawings to their line, once on a page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

import streamlit as st

from dashboard.charts.icons import assurance_icon, status_icon, variation_icon
from dashboard.charts.judged_series import sparkline_view
from dashboard.charts.sparkline import HEIGHT, WIDTH, sparkline
from dashboard.charts.svg import data_uri
from dashboard.charts.tokens import Palette, palette
from dashboard.components.messages import plain
from data.language.texts import Texts
from data.period import Period
from kpis.assessment import StatusKind
from kpis.direction import Direction
from kpis.scorecard import ScorecardRow
from kpis.variation import AssuranceIcon, VariationIcon

NO_BREAK = "\N{NO-BREAK SPACE}"
STYLE = Template(Path(__file__).with_name("kpis.css").read_text(encoding="utf-8"))


def colours() -> Palette:
    """The palette of the appearance this person has chosen."""
    return palette(st.context.theme.type)


def look() -> None:
    """How drawings, cards and tables of KPIs are set."""
    chosen = colours()
    sheet = STYLE.substitute(background=chosen.background, primary=chosen.primary)
    st.html(f"<style>{sheet}</style>")


def status(texts: Texts, kind: StatusKind) -> str:
    """Does it meet the target? The shape with its word; loud only where it has to be."""
    words = plain(texts.word(kind))
    loud = kind is StatusKind.BEHIND_WORSENING
    return beside(_status_uri(kind, colours()), f"**{words}**" if loud else words)


def status_of(texts: Texts, row: ScorecardRow) -> str:
    """The status of a KPI, and the word for it where it is far behind."""
    said = status(texts, row.status.kind)
    return (
        f"{said} · **{plain(texts.text('targets.far_behind'))}**" if row.status.far_behind else said
    )


def status_in_words(texts: Texts, row: ScorecardRow) -> str:
    """The same as plain text."""
    word = texts.word(row.status.kind)
    return f"{word} · {texts.text('targets.far_behind')}" if row.status.far_behind else word


def status_count(texts: Texts, kind: StatusKind, count: int) -> str:
    """How many KPIs have a status: the shape, named for who cannot see it, and the number."""
    drawn = f"![{plain(texts.word(kind))}]({_status_uri(kind, colours())})"
    return f"{drawn} {plain(texts.number(count))}"


def variation(texts: Texts, row: ScorecardRow) -> str:
    """Is it changing? The icon with the kind of change, or why nothing is said."""
    words = plain(variation_in_words(texts, row))
    icon = row.chart.variation
    return words if icon is None else beside(_variation_uri(icon, colours()), words)


def variation_in_words(texts: Texts, row: ScorecardRow) -> str:
    """The kind of change; where the row's own period is not judged yet, of which period."""
    chart = row.chart
    if chart.variation is None:
        return texts.said(chart.summary)
    said, earlier = texts.word(chart.variation), judged_earlier(row)
    if earlier is None:
        return said
    return f"{said} ({texts.period_short(earlier).replace(' ', NO_BREAK)})"


def change(texts: Texts, row: ScorecardRow) -> str:
    """Is it changing? The icon with since when: 'Worsening since August 2026'."""
    said = texts.said(row.chart.summary)
    words = plain(said[:1].upper() + said[1:])
    icon = row.chart.variation
    return words if icon is None else beside(_variation_uri(icon, colours()), words)


def assurance(texts: Texts, row: ScorecardRow) -> str:
    """Will it meet the target if nothing changes? Icon and words, or why nothing is said."""
    words = plain(assurance_in_words(texts, row))
    icon = row.chart.assurance
    return words if icon is None else beside(_assurance_uri(icon, colours()), words)


def assurance_in_words(texts: Texts, row: ScorecardRow) -> str:
    """The word for it, or why there is none."""
    if row.chart.assurance is not None:
        return texts.word(row.chart.assurance)
    if row.target is None:
        return texts.word(StatusKind.NO_TARGET)
    is_range = row.chart.withheld is None and row.direction is Direction.RANGE
    return texts.text("kpi_row.not_for_ranges" if is_range else "kpi_row.not_judged")


def trend(texts: Texts, row: ScorecardRow, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The last periods as a sparkline (pixels), read out as the sentence that sums them up."""
    if not row.chart.points:
        return ""
    view = sparkline_view(row.chart, texts)
    drawn = data_uri(sparkline(view, colours(), width, height))
    return f"![{plain(texts.said(row.chart.summary))}]({drawn})"


def judged_earlier(row: ScorecardRow) -> Period | None:
    """The period the chart speaks of, where that is not the row's own."""
    if row.chart.judged is None:
        return None
    spoken_of = Period.covering(row.chart.judged.date, row.period.frequency)
    return None if spoken_of == row.period else spoken_of


def beside(uri: str, words: str) -> str:
    """A drawing, silent for who hears the page, and the words that say the same."""
    return f"![]({uri}) {words}"


@cache
def _status_uri(kind: StatusKind, chosen: Palette) -> str:
    return data_uri(status_icon(kind, chosen))


@cache
def _variation_uri(icon: VariationIcon, chosen: Palette) -> str:
    return data_uri(variation_icon(icon, chosen))


@cache
def _assurance_uri(icon: AssuranceIcon, chosen: Palette) -> str:
    return data_uri(assurance_icon(icon, chosen))
