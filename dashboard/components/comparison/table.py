"""The comparison as a table and as a file: what is drawn, and what stands apart from it."""

from __future__ import annotations

from dashboard.components.comparison.words import FAR, NEAR, Told, verdict_words
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet
from dashboard.components.kpi_names import dimension_name
from data.figure import Missing
from kpis.comparing import ComparedMember


def draw(told: Told) -> None:
    """Every member, those that differ most first; the same as a file."""
    comparison, texts = told.comparison, told.texts
    sheet = sheet_of(told)
    draw_sheet(sheet, alt=texts.text("comparison.table_alt", members=told.members))
    name = f"{comparison.kpi.code}-{comparison.period.code}-compared-by-{comparison.by}"
    download(texts, "comparison", lambda: sheet, file=name)


def sheet_of(told: Told) -> Sheet:
    """With limits where there is a funnel."""
    texts, comparison = told.texts, told.comparison
    value = f"{texts.text('kpi_page.head.value')} ({texts.word(comparison.row.unit)})"
    measured = [value, texts.text("kpi_page.head.cases")]
    verdict = texts.text("comparison.head.verdict")
    limits = [
        texts.text(key, share=share)
        for share in (NEAR, FAR)
        for key in ("comparison.head.lower", "comparison.head.upper")
        if comparison.funnel is not None
    ]
    rows = tuple(_row(told, each) for each in comparison.members)
    headers = (dimension_name(texts, comparison.by), *measured, verdict, *limits)
    return Sheet(headers, rows, frozenset([*measured, *limits]))


def _row(told: Told, each: ComparedMember) -> tuple[str, ...]:
    texts = told.texts
    return (
        told.name(each.member),
        texts.figure_number(each.reading.figure),
        _cases(told, each),
        verdict_words(texts, each),
        *(_limits(told, each) if told.comparison.funnel is not None else ()),
    )


def _cases(told: Told, each: ComparedMember) -> str:
    """How many cases; of a suppressed cell nothing is said."""
    hidden = each.reading.figure.missing is Missing.SUPPRESSED
    return told.texts.value(None if hidden else each.reading.cases)


def _limits(told: Told, each: ComparedMember) -> tuple[str, ...]:
    if each.compared is None:
        return (told.texts.value(None),) * 4
    limits = each.compared.limits
    bounds = (limits.lower_95, limits.upper_95, limits.lower_99_8, limits.upper_99_8)
    return tuple(told.figure(bound) for bound in bounds)
