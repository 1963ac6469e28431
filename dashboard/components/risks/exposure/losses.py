"""The losses of a year: curve, figures with their error, what drives them, what is left out."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.charts.loss_curve import loss_curve
from dashboard.components.kpi_drawing import Sheet, draw_chart, draw_sheet, draw_words, table_behind
from dashboard.components.messages import empty, plain
from dashboard.components.risks.exposure.drawing import BAD, curve_view, verdict
from dashboard.components.risks.exposure.known import Known
from dashboard.components.risks.money import euros, give_or_take
from dashboard.components.risks.words import risk_link
from dashboard.context import PageContext
from data.language.texts import Texts
from risks.exposure import Percentile, Tolerance
from risks.exposure.estimates import Z
from risks.exposure.summary import Share, Years, bad_year_of
from risks.exposure.tolerated import tolerated_loss
from risks.portfolio import LeftOut, tolerance_of

IN_WORDS = frozenset({"risk", "law", "figure", "category", "verdict"})
DRIVERS = 10  # rows before the rest is left to the file


def draw(context: PageContext, known: Known) -> None:
    """The answer as a picture, its figures, its drivers, its categories, and what is not in it."""
    texts = context.texts
    if not known.found.estimated:
        empty(texts, "exposure.nothing", "exposure.nothing_do")
        _left_out(context, known)
        return
    view = curve_view(texts, known)
    draw_chart(view, loss_curve, key="exposure.curve")
    _verdict(texts, known)
    table_behind(texts, "exposure.points", lambda: _points(texts, known), file="exposure")
    st.subheader(texts.text("exposure.figures"), anchor=False)
    draw_sheet(_figures(texts, known), alt=texts.text("exposure.figures"))
    st.subheader(texts.text("exposure.drivers"), anchor=False)
    draw_sheet(_drivers(texts, known), alt=texts.text("exposure.drivers"))
    st.caption(plain(texts.text("exposure.drivers_how")))
    _categories(texts, known)
    _left_out(context, known)


def _verdict(texts: Texts, known: Known) -> None:
    """Within what is borne or not; or why nothing is held against the years."""
    borne = known.tolerated
    if said := verdict(texts, known.exposure, borne.tolerance):
        st.markdown(f"**{plain(said)}**")
    elif not known.sees_all or known.unit is not None:
        st.caption(plain(texts.text("exposure.part_only")))
    else:
        st.caption(plain(texts.text("exposure.no_tolerance")))
    if borne.tolerance is not None and borne.silent:
        names = [_category(texts, known, code) for code in borne.silent]
        st.caption(plain(texts.text("exposure.silent", categories=names)))


def _points(texts: Texts, known: Known) -> Sheet:
    """The curve as a table: at each loss the chance of a costlier year, now and once treated."""
    heads = ("loss", "now", "interval", "after")
    before, after = known.exposure.before.curve, known.exposure.after.curve
    rows = tuple(
        (
            texts.number(one.loss, 0),
            texts.percent(100 * one.probability, 2),
            f"{texts.percent(100 * one.low, 2)} – {texts.percent(100 * one.high, 2)}",
            texts.percent(100 * other.probability, 2),
        )
        for one, other in zip(before, after, strict=True)
    )
    return _sheet(texts, "points", heads, rows)


def _figures(texts: Texts, known: Known) -> Sheet:
    """Mean and percentiles, each with its simulation error, beside what is borne there."""
    heads = ("figure", "now", "interval", "after", "tolerated")
    return _sheet(texts, "figure", heads, tuple(_figure_rows(texts, known)))


def _figure_rows(texts: Texts, known: Known) -> Iterator[tuple[str, ...]]:
    now, after, borne = known.exposure.before, known.exposure.after, known.tolerated.tolerance
    none = texts.value(None)
    yield (
        texts.text("exposure.mean"),
        give_or_take(texts, now.mean.value, Z * now.mean.error),
        _between(texts, now.mean.low, now.mean.high),
        euros(texts, after.mean.value),
        none,
    )
    yield (
        texts.text("exposure.expected"),
        euros(texts, now.expected),
        none,
        euros(texts, after.expected),
        none,
    )
    for (level, one), (_, other) in zip(now.percentiles, after.percentiles, strict=True):
        yield (
            texts.text("exposure.percentile", chance=texts.percent(100 * (1 - level), 0)),
            euros(texts, one.value),
            _between(texts, one.low, one.high),
            euros(texts, other.value),
            _tolerated(texts, borne, 1 - level),
        )
    yield _worst(texts, now, after)


def _worst(texts: Texts, now: Years, after: Years) -> tuple[str, ...]:
    shown = give_or_take(texts, now.shortfall.value, Z * now.shortfall.error)
    between = _between(texts, now.shortfall.low, now.shortfall.high)
    later = euros(texts, after.shortfall.value)
    return texts.text("exposure.worst_tenth"), shown, between, later, texts.value(None)


def _tolerated(texts: Texts, borne: Tolerance | None, chance: float) -> str:
    loss = tolerated_loss(borne, chance) if borne else None
    return texts.value(None) if loss is None else euros(texts, loss)


def _between(texts: Texts, low: float | None, high: float | None) -> str:
    """The 95 % interval; an end that so few years lack stays open."""
    ends = (texts.value(None) if end is None else euros(texts, end) for end in (low, high))
    return " – ".join(ends)


def _drivers(texts: Texts, known: Known) -> Sheet:
    """Which risks the bad years are made of, the largest part first."""
    heads = ("risk", "law", "expected", "of_expected", "bad_years", "of_bad_years")
    by_number = {one.risk.number: one for one in known.found.estimated}
    rows = tuple(
        (
            f"{by_number[one.number].risk.code} {by_number[one.number].risk.title}",
            texts.word(by_number[one.number].before.frequency.kind),
            euros(texts, one.expected),
            texts.percent(100 * one.of_expected, 0),
            _bad(texts, one),
            texts.percent(100 * one.of_bad_years, 0),
        )
        for one in known.exposure.shares[:DRIVERS]
    )
    return _sheet(texts, "driver", heads, rows)


def _bad(texts: Texts, one: Share) -> str:
    return give_or_take(texts, one.in_bad_years.value, Z * one.in_bad_years.error)


def _categories(texts: Texts, known: Known) -> None:
    """Each category by itself against what is borne of it; only where all of it is seen."""
    codes = list(dict.fromkeys(one.risk.category_code for one in known.found.estimated))
    if not known.sees_all or known.unit is not None or len(codes) < 2:
        return
    st.subheader(texts.text("exposure.categories"), anchor=False)
    heads = ("category", "risks", "bad_year", "interval", "tolerated", "verdict")
    rows = tuple(_category_row(texts, known, code) for code in codes if code)
    draw_words(_sheet(texts, "category", heads, rows), alt=texts.text("exposure.categories"))


def _category_row(texts: Texts, known: Known, code: str) -> tuple[str, ...]:
    risks = known.found.of_category(code)
    bad, tolerance = bad_year_of(risks), tolerance_of(known.appetite.get(code))
    borne = tolerated_loss(tolerance, BAD) if tolerance else None
    return (
        _category(texts, known, code),
        texts.number(len(risks)),
        euros(texts, bad.value),
        _between(texts, bad.low, bad.high),
        texts.value(None) if borne is None else euros(texts, borne),
        _held(texts, bad, borne),
    )


def _held(texts: Texts, bad: Percentile, borne: float | None) -> str:
    """Above or within what is borne, where the interval leaves no doubt."""
    if borne is None:
        return texts.text("tolerance_verdict.not_stated")
    if bad.low is not None and bad.low > borne:
        return f"▲ {texts.text('tolerance_verdict.above')}"
    is_within = bad.high is not None and bad.high <= borne
    return texts.text("tolerance_verdict.within" if is_within else "tolerance_verdict.unclear")


def _category(texts: Texts, known: Known, code: str) -> str:
    names = known.naming.categories.get(code)
    return texts.value(names) if names else texts.text("exposure.no_category")


def _left_out(context: PageContext, known: Known) -> None:
    """The active risks that are in no sum, by the reason why."""
    for reason in LeftOut:
        risks = known.found.left_out.get(reason, ())
        if risks:
            title = context.texts.text(f"exposure.left_out.{reason.value}", count=len(risks))
            with st.expander(title, icon=":material/info:"):
                for one in risks:
                    risk_link(context, one)


def _sheet(
    texts: Texts, kind: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> Sheet:
    """Under their headers; figures stand to the right."""
    names = tuple(texts.text(f"exposure.{kind}.{head}") for head in heads)
    pairs = zip(names, heads, strict=True)
    return Sheet(names, rows, frozenset(name for name, head in pairs if head not in IN_WORDS))
