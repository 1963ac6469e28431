"""How a risk was judged over time: the levels as a chart, and every assessment with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import takewhile

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.risk_levels import (
    LevelLine,
    LevelPoint,
    Mark,
    RiskLevelsView,
    risk_levels,
)
from dashboard.components.kpi_drawing import Sheet, download, draw_chart, draw_words, marks
from dashboard.components.messages import empty, plain
from dashboard.components.risks.risk.forms import quantity
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.words import level_text
from data.period import Frequency, Period
from risks.register.kinds import Kind
from risks.register.record import Assessment

LINE = 84  # characters of a title line
MOST_TICKS = 6
HEADS = ("day", "kind", "level", "likelihood", "impacts", "rationale", "confidence", "who")


def draw(known: Known) -> None:
    """The chart, then each assessment, the newest first."""
    texts = known.texts
    if not known.risk.assessments:
        empty(texts, "risk_page.no_assessment", "risk_page.no_assessment_do")
        return
    draw_chart(view_of(known), risk_levels, key="risk.levels")
    if len({one.criteria_version for one in known.risk.assessments}) > 1:
        st.caption(plain(texts.text("risk_page.several_criteria")))
    made = sheet(known)
    with st.container(key="risk-assessments"):
        draw_words(made, alt=texts.text("risk_page.assessments_alt", risk=known.risk.code))
    download(texts, "risk.assessments", lambda: made, file=f"{known.risk.code}-assessments")


def view_of(known: Known) -> RiskLevelsView:
    """The steps of the three kinds, what is tolerable, and where criteria changed."""
    texts, criteria = known.texts, known.criteria
    lines = tuple(line for kind in Kind if (line := _line(known, kind)).points)
    title = _since(known) or texts.text("risk_page.levels_title")
    subtitle = texts.text("risk_page.levels_subtitle", risk=known.risk.code)
    return RiskLevelsView(
        heading=Heading(title, subtitle, marks(texts), LINE),
        levels=tuple(texts.value(one.names) for one in criteria.levels),
        lines=lines,
        ticks=_ticks(known),
        until=known.today,
        marks=tuple(_marks(known)),
        alt=_alt(known, lines),
    )


def _since(known: Known) -> str:
    """'▆ High since 3 Jun 2025': the first day of the run of current assessments that say so."""
    current = [one for one in known.risk.assessments if one.kind is Kind.CURRENT and one.level]
    if not current:
        return ""
    last = current[-1]
    run = list(takewhile(lambda one: one.level == last.level, reversed(current)))
    day = known.texts.day_short(known.day(run[-1].assessed_at))
    return known.texts.text("risk_page.level_since", level=level_of(known, last), day=day)


def _line(known: Known, kind: Kind) -> LevelLine:
    texts = known.texts
    told = [one for one in known.risk.assessments if one.kind is kind and one.level]
    points = tuple(
        LevelPoint(known.day(one.assessed_at), _rank(known, one), _hover(known, one))
        for one in told
    )
    last = told[-1] if told else None
    return LevelLine(kind, points, texts.word(kind), level_of(known, last) if last else "")


def _rank(known: Known, one: Assessment) -> float:
    """Its place among the levels of today; among other levels than today's, in proportion."""
    criteria, level = known.measured(one), one.level or ""
    if [each.code for each in criteria.levels] == [each.code for each in known.criteria.levels]:
        return float(criteria.rank(level))
    share = criteria.rank(level) / max(len(criteria.levels) - 1, 1)
    return share * (len(known.criteria.levels) - 1)


def level_of(known: Known, one: Assessment) -> str:
    """The level as sign and word by the criteria that it was made by."""
    return level_text(known.texts, known.measured(one), one.level)


def _hover(known: Known, one: Assessment) -> str:
    texts = known.texts
    day = texts.day_short(known.day(one.assessed_at))
    return f"{day} · {texts.word(one.kind)}: {level_of(known, one)}"


def _ticks(known: Known) -> tuple[tuple[date, str], ...]:
    """Months from the first assessment to today, as many as can be read."""
    first = min(known.day(one.assessed_at) for one in known.risk.assessments)
    months = _months(first, known.today)
    step = -(-len(months) // MOST_TICKS)
    shown = months[::step] if months else [first]
    month = Frequency.MONTH
    return tuple((day, known.texts.period_short(Period.covering(day, month))) for day in shown)


def _months(first: date, last: date) -> list[date]:
    found, day = [], (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found


def _marks(known: Known) -> Iterator[Mark]:
    """What is tolerable, as a line between its level and the one above; changes of criteria."""
    texts, criteria = known.texts, known.criteria
    if known.bound is not None:
        level = texts.value(criteria.level_of(known.bound.tolerable).names)
        said = texts.text("risk_page.tolerable", level=level)
        yield Mark(said, rank=criteria.rank(known.bound.tolerable) + 0.5)
    version = None
    for one in known.risk.assessments:
        if version is not None and one.criteria_version != version:
            said = texts.text("risk_page.criteria_from", version=one.criteria_version)
            yield Mark(said, day=known.day(one.assessed_at))
        version = one.criteria_version


def _alt(known: Known, lines: Sequence[LevelLine]) -> str:
    said = "; ".join(f"{line.name}: {line.text}" for line in lines)
    return known.texts.text("risk_page.levels_alt", risk=known.risk.code, levels=said)


def sheet(known: Known) -> Sheet:
    """Every assessment with what it rests on, the newest first."""
    texts = known.texts
    heads = HEADS if known.in_full else HEADS[:5]
    return Sheet(
        headers=tuple(texts.text(f"risk_page.head.{name}") for name in heads),
        rows=tuple(
            tuple(_row(known, one))[: len(heads)] for one in reversed(known.risk.assessments)
        ),
    )


def _row(known: Known, one: Assessment) -> Iterator[str]:
    texts, criteria = known.texts, known.measured(one)
    yield texts.day_short(known.day(one.assessed_at))
    yield texts.word(one.kind)
    version = texts.text("risk_page.version", version=one.criteria_version)
    yield f"{level_of(known, one)} ({version})"
    yield _likelihood(known, one)
    named = (
        f"{texts.value(criteria.dimension(code).names)} {step}"
        for code, step in one.impacts.items()
    )
    yield ", ".join(named) or texts.text("risk_page.not_judged")
    yield _reasons(known, one)
    yield texts.word(one.confidence)
    yield known.person(one.assessed_by)


def _likelihood(known: Known, one: Assessment) -> str:
    if one.likelihood is None:
        return known.texts.text("risk_page.not_judged")
    names = known.measured(one).likelihood[one.likelihood - 1].names
    return f"{one.likelihood} {known.texts.value(names)}"


def _reasons(known: Known, one: Assessment) -> str:
    """Why; the reason of an exception; the figures."""
    texts = known.texts
    parts = [one.rationale]
    if one.exception:
        parts.append(texts.text("risk_page.exception", reason=one.exception))
    if one.quantity is not None:
        expected = one.quantity.quantified(known.risk.number).expected_loss
        parts.append(quantity.said(texts, one.quantity))
        parts.append(texts.text("risk_page.expected_loss", loss=texts.number(expected, 0)))
    return " · ".join(part for part in parts if part)
