"""Where an entered reading comes from: who wrote each value, who approved it, what proves it."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components.entering import evidence
from dashboard.components.entering.known import Names, names_of, said_of
from dashboard.components.kpi_as_of import explain_view
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet, draw_words
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.definitions import Definition
from kpis.entered import Entered, EnteredKind
from kpis.entries.reading import Entry
from kpis.restatements import Cause
from kpis.scorecard import KpiView

HEAD = ("period", "office", "value", "entered", "decided", "reason", "evidence")
MOST_NAMED, MOST_WRAPPED = 8, 12


def draw(context: PageContext, view: KpiView) -> None:
    """The figure, the values it was pooled from, and those that still lack."""
    texts, found = context.texts, explain_view(context, view, None)
    made_of, names = found.entered, names_of(context)
    if made_of is None:
        return
    for line in how(texts, view.kpi.definition):
        st.markdown(plain(line))
    st.subheader(texts.text("entering.made_of"), anchor=False)
    rows = tuple(tuple(_row(context, names, view, entry)) for entry in made_of.entries)
    heads = tuple(texts.text(f"entering.head.{name}") for name in HEAD)
    if rows:
        draw_table = draw_words if len(rows) <= MOST_WRAPPED else draw_sheet
        draw_table(Sheet(heads, rows), alt=texts.text("entering.made_of"))
        file = f"{view.kpi.code}-{view.period.code}-entered"
        download(texts, "kpi.entered", lambda: Sheet(heads, rows), file=file)
    if made_of.lacking:
        named = [names.slot(slot) for slot in made_of.lacking[:MOST_NAMED]]
        more = " …" if len(made_of.lacking) > MOST_NAMED else ""
        said = texts.text("entering.lacking_here", slots=f"{', '.join(named)}{more}")
        st.markdown(f":material/info: {plain(said)}")
    if context.may(Permission.READING_VIEW):
        for entry in made_of.entries:
            if any(item.sha256 for item in entry.evidence):
                evidence.draw(context, entry, key=f"kpi.entered.{entry.id}")


def how(texts: Texts, definition: Definition) -> Iterator[str]:
    """In words, how the values come about."""
    entered = definition.formula.entered
    if entered is None:
        return
    yield texts.text("entering.how")
    yield _kind(texts, entered)
    if entered.by_office:
        yield texts.text("entering.how_offices")


def cause_in_words(texts: Texts, cause: Cause) -> str:
    """'Entered by …, approved by …: why' in the place of a file."""
    entry = cause.entry
    if entry is None:
        return cause.file_name
    reason = entry.reason or texts.text("entering.first_entry")
    return texts.text(
        "entering.cause", by=entry.entered_by, decided=entry.decided_by, reason=reason
    )


def _kind(texts: Texts, entered: Entered) -> str:
    if entered.kind is EnteredKind.RATIO:
        return texts.text("entering.how_ratio")
    return texts.text("entering.how_value", rule=entered.over_time)


def _row(context: PageContext, names: Names, view: KpiView, entry: Entry) -> Iterator[str]:
    texts = context.texts
    yield texts.period(entry.slot.period)
    yield names.office(entry.slot.office)
    yield said_of(texts, view.kpi.definition, entry)
    yield f"{', '.join(sorted(entry.writers))} {moment_short(texts, entry.submitted_at)}"
    yield f"{entry.decided_by} {moment_short(texts, entry.decided_at)}"
    yield entry.reason or texts.value(None)
    yield "; ".join(evidence.in_short(item) for item in entry.evidence)
