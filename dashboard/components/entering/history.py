"""Everything that was ever written of one value, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.components.entering import evidence
from dashboard.components.entering.known import (
    Names,
    expected_of,
    names_of,
    of_code,
    said_of,
)
from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import empty, plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.definitions import Definition
from kpis.entering.waiting import Expected
from kpis.entries.reading import Entry, Slot, read_entries

HEAD = ("value", "state", "entered", "decided", "reason", "evidence")


def draw(context: PageContext) -> None:
    """Choose a value; see all that was written of it, and what proves it."""
    rows = [row for row in expected_of(context, Permission.READING_VIEW) if not row.is_missing]
    if not rows:
        empty(context.texts, "entering.nothing_entered", "entering.nothing_entered_why")
        return
    names = names_of(context)
    row = _chosen(context, names, rows)
    entries = entries_of(context, row.slot)
    draw_words(_sheet(context, entries, row.definition), alt=context.texts.text("entering.history"))
    for entry in entries:
        if any(item.sha256 for item in entry.evidence):
            value = said_of(context.texts, row.definition, entry)
            st.caption(plain(context.texts.text("entering.proves", value=value)))
            evidence.draw(context, entry, key=f"entering.history.{entry.id}")


def draw_of(context: PageContext, slot: Slot, definition: Definition) -> None:
    """The history of one value beside its form, in short."""
    texts = context.texts
    st.markdown(f"**{plain(texts.text('entering.history'))}**")
    entries = entries_of(context, slot)
    if not entries:
        st.caption(texts.text("entering.no_history"))
    for entry in entries:
        st.markdown(f"- {plain(_line(context, entry, definition))}")


def entries_of(context: PageContext, slot: Slot) -> list[Entry]:
    """Everything written of a value, the newest first."""
    with context.workspace.read(context.actor, Permission.READING_VIEW) as reader:
        found = read_entries(reader, codes=[slot.code])
    return [entry for entry in reversed(found) if entry.slot == slot]


def _line(context: PageContext, entry: Entry, definition: Definition) -> str:
    texts = context.texts
    parts = [
        said_of(texts, definition, entry),
        texts.word(entry.state),
        _by(context, entry.entered_by, entry),
    ]
    if entry.decided_by is not None:
        at = moment_short(texts, entry.decided_at)
        parts.append(texts.text("entering.decided", by=entry.decided_by, at=at))
    parts += [part for part in (entry.reason, entry.comment) if part]
    return " · ".join(parts)


def _by(context: PageContext, by: str, entry: Entry) -> str:
    at = moment_short(context.texts, entry.entered_at)
    return context.texts.text("entering.entered", by=by, at=at)


def _sheet(context: PageContext, entries: Sequence[Entry], definition: Definition) -> Sheet:
    heads = tuple(context.texts.text(f"entering.head.{name}") for name in HEAD)
    return Sheet(heads, tuple(tuple(_row(context, entry, definition)) for entry in entries))


def _row(context: PageContext, entry: Entry, definition: Definition) -> Iterator[str]:
    texts = context.texts
    yield said_of(texts, definition, entry)
    yield texts.word(entry.state)
    yield f"{entry.entered_by} {moment_short(texts, entry.entered_at)}"
    decided = f"{entry.decided_by} {moment_short(texts, entry.decided_at)}"
    yield decided if entry.decided_by else texts.value(None)
    yield " · ".join(part for part in (entry.reason, entry.comment) if part) or texts.value(None)
    yield "; ".join(map(evidence.in_short, entry.evidence)) or texts.value(None)


def _chosen(context: PageContext, names: Names, rows: Sequence[Expected]) -> Expected:
    texts = context.texts
    kinds = {row.slot.code: row.definition for row in rows}
    with st.container(horizontal=True):
        code = st.selectbox(
            texts.text("entering.kpi"),
            list(kinds),
            format_func=lambda one: names.kpi(kinds[one]),
            key="entering.history.kpi",
        )
        slots = {row.slot: row for row in reversed(of_code(rows, code or next(iter(kinds))))}
        slot = st.selectbox(
            texts.text("entering.period_and_office"),
            list(slots),
            format_func=names.slot,
            key=f"entering.history.slot.{code}",
        )
    return slots[slot] if slot in slots else next(iter(slots.values()))
