"""What people say on a control chart: rebases and annotations, and the form for one more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard import session
from dashboard.components.forms import confirm
from dashboard.components.kpi_names import cell_name
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from kpis.notes import Note, NoteKind, Place, add_note, withdraw_note
from kpis.notes.actions import LONGEST
from kpis.scorecard import KpiView, ScorecardRow


def draw(context: PageContext, view: KpiView) -> None:
    """The notes of this series; whoever may add and withdraw them finds both here."""
    may = context.may(Permission.KPI_ANNOTATE)
    for note in view.row.notes:
        _note(context, note, may=may)
    if may:
        with st.expander(context.texts.text("notes.add"), icon=":material/edit_note:"):
            _form(context, view)


def events(row: ScorecardRow) -> Mapping[date, str]:
    """What happened on which day, for the chart."""
    told: dict[date, list[str]] = {}
    for note in row.notes:
        if note.kind is NoteKind.ANNOTATION:
            told.setdefault(note.day, []).append(note.text)
    return {day: "; ".join(texts) for day, texts in told.items()}


def _note(context: PageContext, note: Note, *, may: bool) -> None:
    """A note in a line, with its end beside it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plain(_said(context, note)))
        key = f"kpi.note.withdraw.{note.id}"
        label = context.texts.text("notes.withdraw")
        if may and st.button(label, key=key, type="tertiary"):
            _confirm_withdrawal(context, note)


def _said(context: PageContext, note: Note) -> str:
    key = "chart.rebased_because" if note.kind is NoteKind.REBASE else "notes.happened"
    said = context.texts.text(key, date=note.day, reason=note.text, author=note.author)
    return f"{said} · {cell_name(context, note.cell)}"


def _form(context: PageContext, view: KpiView) -> None:
    texts = context.texts
    st.caption(texts.text("notes.holds_for", part=cell_name(context, view.cell)))
    with st.form("kpi.note", border=False):
        kind = st.radio(
            texts.text("notes.kind"),
            list(NoteKind),
            format_func=texts.word,
            captions=[texts.text(f"notes.kind_help.{kind.value}") for kind in NoteKind],
            key="kpi.note.kind",
        )
        day = st.date_input(
            texts.text("notes.day"),
            view.period.start,
            format="DD.MM.YYYY",
            key="kpi.note.day",
        )
        reason = st.text_input(texts.text("notes.reason"), max_chars=LONGEST, key="kpi.note.text")
        if st.form_submit_button(texts.text("notes.save"), key="kpi.note.save") and kind and day:
            _save(context, view, kind, day, reason)


def _save(context: PageContext, view: KpiView, kind: NoteKind, day: date, reason: str) -> None:
    members = view.cell.members
    place = Place(view.row.code, members.get("office"), members.get("service"))
    try:
        add_note(context.workspace, by=context.actor, place=place, kind=kind, day=day, text=reason)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("notes.added")
    st.rerun()


def _confirm_withdrawal(context: PageContext, note: Note) -> None:
    texts = context.texts
    stays = texts.text("notes.stays_on_record")
    effects = [texts.text("notes.limits_back"), stays] if note.kind is NoteKind.REBASE else [stays]
    confirm(
        texts,
        title=texts.text("notes.withdraw_title"),
        consequences=[_said(context, note), *effects],
        action=texts.text("notes.withdraw"),
        act=lambda: withdraw_note(context.workspace, by=context.actor, note_id=note.id),
        done="notes.withdrawn",
    )
