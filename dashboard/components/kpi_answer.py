"""The answer before everything else: the figure, is it changing, does it meet the target."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components import kpi_projection
from dashboard.components.kpi_as_of import explain_view
from dashboard.components.kpi_choice import follow
from dashboard.components.kpi_names import cell_name
from dashboard.components.kpis import completeness, figures, verdicts
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.period import Period
from kpis.missing_days import speaks_daily
from kpis.scorecard import KpiView, ScorecardRow
from kpis.sources import Clock, Coverage

LINE = "  \n"


def draw(context: PageContext, view: KpiView) -> None:
    """The figure in a sentence, the questions apart, and what stands around them."""
    row = view.row
    st.markdown(f"#### {plain(sentence(context, view))}", anchors=False)
    changing, meeting, lasting = st.columns(3, gap="medium")
    with changing:
        _question(context, "variation.question", verdicts.change(context.texts, row))
    with meeting:
        _question(context, "assessment.question", *_against_target(context, row))
    with lasting:
        _question(context, "assurance.question", verdicts.assurance(context.texts, row))
    st.caption(plain(" · ".join(_around(context, view))))
    expected = kpi_projection.in_words(context.texts, row)
    if expected is not None:
        st.caption(plain(expected), help=context.texts.text("projection.how"))
    for note in _notes(context, view):
        st.markdown(f":material/info: {plain(note)}")
    _way_to_data(context, view)


def sentence(context: PageContext, view: KpiView) -> str:
    """'Median turnaround, Prizren, March 2025: 9.0 working days'."""
    return context.texts.text(
        "kpi_page.answer",
        kpi=figures.named(context.texts, view.row.names),
        part=cell_name(context, view.cell),
        period=view.period,
        figure=view.row.figure,
    )


def _question(context: PageContext, question_key: str, *answers: str) -> None:
    question = plain(context.texts.text(question_key))
    st.markdown(LINE.join([f":small[:gray[{question}]]", *answers]))


def _against_target(context: PageContext, row: ScorecardRow) -> Iterator[str]:
    texts = context.texts
    yield verdicts.status_of(texts, row)
    if row.target is not None:
        yield f":small[{plain(figures.target_in_words(texts, row))}]"
    if row.variance is not None:
        gap = f"{figures.variance(texts, row)} {texts.word(row.variance.unit)}"
        yield f":small[{plain(texts.text('kpi_page.variance', variance=gap))}]"


def _around(context: PageContext, view: KpiView) -> Iterator[str]:
    """What it was before, from how many cases, whose it is, how far the data reach."""
    texts, row = context.texts, view.row
    yield texts.text("kpi_page.previous", figure=figures.earlier(texts, row.previous))
    yield texts.text("kpi_page.year_ago", figure=figures.earlier(texts, row.year_ago))
    if row.reading.loaded:
        yield texts.text("kpi_page.cases", count=row.reading.cases)
    if row.reading.interval is not None:
        yield figures.interval(texts, row.reading.interval)
    yield texts.text("kpi_page.owner", owner=row.owner or texts.text("kpi_row.no_owner"))
    if row.objective is not None:
        objective = f"{row.objective_code} {figures.named(texts, row.objective)}"
        yield texts.text("kpi_page.objective", objective=objective)
    if view.clock.cut_off is not None:
        yield texts.text("kpi_page.known_until", day=view.clock.cut_off)
    if row.published is not None:
        yield texts.text("kpi_page.event", event=str(row.published.event_number))


def _notes(context: PageContext, view: KpiView) -> Iterator[str]:
    """What has to be known before the figure is believed."""
    texts, row = context.texts, view.row
    if row.partial:
        yield texts.text("kpi_page.partial", period=view.period)
    if row.completeness.lacks:
        yield completeness.lacking(texts, row.completeness)
    if not row.fresh:
        yield texts.text("kpi_page.outdated")
    if _lacks_days(context, view):
        yield texts.text("kpis.explain.some_days")
    earlier = verdicts.judged_earlier(row)
    if earlier is not None:
        yield texts.text("kpi_page.judged_earlier", period=earlier)
    own = view.kpi.definition.frequency
    if view.period.frequency is not own:
        yield texts.text("kpi_page.other_frequency", frequency=own)


def _lacks_days(context: PageContext, view: KpiView) -> bool:
    """Whether an extract that should speak every day does not."""
    formula = view.kpi.definition.formula
    if formula.entered or not speaks_daily(formula.query_of(formula.headline)):
        return False
    return bool(explain_view(context, view, None).missing)


def _way_to_data(context: PageContext, view: KpiView) -> None:
    """From a period that is not loaded to the newest that is."""
    newest = newest_loaded(view.clock, view.period)
    if view.row.reading.loaded or newest is None or newest == view.period:
        return
    st.button(
        context.texts.text("kpi_page.to_period", period=newest),
        icon=":material/arrow_forward:",
        key="kpi.newest",
        on_click=follow,
        args=(context.link_with(period=newest),),
    )


def newest_loaded(clock: Clock, like: Period) -> Period | None:
    """The newest period of the same length that is known, in whole if any is."""
    if clock.cut_off is None:
        return None
    last = Period.covering(clock.cut_off, like.frequency)
    whole = last if clock.coverage(last) is Coverage.FULL else last.shift(-1)
    return last if clock.coverage(whole) is Coverage.NONE else whole
