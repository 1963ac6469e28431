"""From what exactly a figure was made: loads, versions, rows counted, rows left out and why."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components.entering import lineage as entered_lineage
from dashboard.components.extracts.names import days, extract_name
from dashboard.components.kpi_as_of import choose_as_of, explain_view
from dashboard.components.kpi_backfill import is_backfilled
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet, opening
from dashboard.components.kpi_names import line_name, member_name, reason_name
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.lineage import BatchUse, Explanation
from kpis.scorecard import KpiView


def draw(context: PageContext, view: KpiView) -> None:
    """Choose as of when; see the figures then, what was counted, and the loads behind."""
    texts = context.texts
    if view.kpi.definition.formula.entered:
        entered_lineage.draw(context, view)
        return
    as_of = choose_as_of(context, view)
    found = explain_view(context, view, as_of)
    values, counts = st.columns(2, gap="large")
    with values:
        _values(texts, view, found, as_of)
        if is_backfilled(context, view, as_of):
            st.markdown(f":material/history: {plain(texts.text('history.reading'))}")
    with counts:
        _counts(texts, found)
    _loads(context, view, found)


def _values(texts: Texts, view: KpiView, found: Explanation, as_of: int | None) -> None:
    """The figures as known then, beside what is published if that is another time."""
    st.subheader(texts.text("kpi_page.figures"), anchor=False)
    if as_of is not None:
        values = {"event": str(as_of), "figure": view.row.figure}
        st.markdown(plain(texts.text("kpi_page.published_now", **values)))
    named = [(opening(line_name(texts, one.measure)), one.figure) for one in found.readings]
    lines = [f"- {plain(name)}: **{plain(texts.figure(figure))}**" for name, figure in named]
    st.markdown("\n".join(lines))
    st.caption(
        plain(
            texts.text(
                "kpis.explain.rests_on",
                version=str(found.definition.version),
                event=str(found.event),
                reference=found.reference_version[:12],
            )
        )
    )
    for name, coverage in found.gaps.items():
        key = f"kpis.explain.gap_{coverage.value}"
        st.markdown(f":material/info: {plain(texts.text(key, extract=extract_name(texts, name)))}")


def _counts(texts: Texts, found: Explanation) -> None:
    """Rows counted, and rows left out by reason."""
    st.subheader(texts.text("kpi_page.rows_behind"), anchor=False)
    st.markdown("\n".join(f"- {plain(line)}" for line in _counted(texts, found)))
    st.markdown(f"**{plain(texts.text('kpis.explain.excluded'))}**")
    left_out = [
        f"- {plain(reason_name(texts, reason))}: {plain(texts.number(count))}"
        for reason, count in found.excluded.items()
        if count
    ]
    st.markdown("\n".join(left_out) or plain(texts.text("kpi_page.none_excluded")))
    _missing_days(texts, found)


def _missing_days(texts: Texts, found: Explanation) -> None:
    """Days without a row, of each member of an extract that should speak every day."""
    if not found.missing:
        return
    st.markdown(f"**{plain(texts.text('kpis.explain.no_days'))}**")
    dimension = found.definition.dimensions[0].name
    lines = [
        texts.text(
            "kpis.explain.days_missing",
            member=member_name(texts, dimension, member, {}),
            count=len(days),
            day=days[0],
        )
        for member, days in found.missing.items()
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _counted(texts: Texts, found: Explanation) -> Iterator[str]:
    if found.counted is None:
        yield texts.text("kpis.explain.suppressed")
        return
    yield texts.text("kpis.explain.counted", count=found.counted)
    if found.numerator is not None:
        yield texts.text("kpis.explain.numerator", count=found.numerator)
    if found.denominator is not None:
        yield texts.text("kpis.explain.denominator", count=found.denominator)


def _loads(context: PageContext, view: KpiView, found: Explanation) -> None:
    texts = context.texts
    st.subheader(texts.text("kpis.explain.loads"), anchor=False)
    head = ("extract", "file", "coverage", "cut_at", "rows", "loaded_at", "batch")
    headers = {name: texts.text(f"kpi_page.head.{name}") for name in head}
    newest = sorted(found.batches, key=lambda batch: batch.loaded_at, reverse=True)
    sheet = Sheet(
        tuple(headers.values()),
        tuple(tuple(_load(texts, batch)) for batch in newest),
        frozenset({headers["rows"]}),
    )
    draw_sheet(sheet, alt=texts.text("kpis.explain.loads"))
    download(
        texts,
        "kpi.lineage",
        lambda: sheet,
        file=f"{view.kpi.code}-{view.period.code}-loads",
    )


def _load(texts: Texts, batch: BatchUse) -> Iterator[str]:
    yield extract_name(texts, batch.contract)
    mark = f" ({texts.text('history.mark')})" if batch.history else ""
    yield f"{batch.file_name}{mark}"
    yield days(texts, batch.coverage_from, batch.coverage_to)
    yield moment_short(texts, batch.cut_at)
    yield texts.number(batch.rows)
    yield moment_short(texts, batch.loaded_at)
    yield batch.id[:12]
