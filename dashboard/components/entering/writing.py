"""The form in which a value is written down, proved and handed on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components.entering import evidence
from dashboard.components.entering.known import Names, said_of
from dashboard.components.forms import confirm
from dashboard.components.messages import plain, refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import NotFound, Refusal
from kpis.definitions import Definition
from kpis.entered import Entered, EnteredKind
from kpis.entering import (
    Implausible,
    Written,
    attach_file,
    attach_note,
    save_reading,
    submit_reading,
    withdraw_reading,
)
from kpis.entering.checks import LONGEST_REASON
from kpis.entering.waiting import Expected
from kpis.entries.reading import Entry, EntryState, read_entries
from kpis.evidence.files import MEDIA_TYPES, MOST_BYTES

UNUSUAL = "entering.unusual"  # the value that was said to be unusual, in this tab


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form holds."""

    written: Written | None
    note: str
    file: Any
    reason: str
    confirmed: bool


def draw(context: PageContext, names: Names, row: Expected) -> None:
    """How the value stands, the form, and what proves it."""
    key = _key(row)
    _standing(context, row)
    with st.form(key, border=True):
        filled = _fields(context, row, key)
        with st.container(horizontal=True):
            texts = context.texts
            submit = st.form_submit_button(
                texts.text("entering.submit"), type="primary", key=f"{key}.submit"
            )
            save = st.form_submit_button(texts.text("entering.save"), key=f"{key}.save")
    if submit or save:
        _act(context, row, filled, hand_on=submit)
    entry = row.on_its_way
    if entry is not None:
        st.markdown(f"**{plain(context.texts.text('entering.evidence'))}**")
        evidence.draw(context, entry, key=key)
        _withdrawal(context, names, row, entry)


def _standing(context: PageContext, row: Expected) -> None:
    """What is approved, what is on its way and why it came back, who locked the period."""
    texts, entry = context.texts, row.on_its_way
    if row.approved is not None:
        value = said_of(texts, row.definition, row.approved)
        by = row.approved.decided_by or ""
        st.caption(plain(texts.text("entering.stands", value=value, by=by)))
    if entry is not None:
        values = {"state": entry.state, "by": entry.entered_by}
        at = moment_short(texts, entry.changed_at)
        st.caption(plain(texts.text("entering.on_its_way", at=at, **values)))
    if entry is not None and entry.state is EntryState.RETURNED:
        said = texts.text("entering.returned_because", by=entry.decided_by, comment=entry.comment)
        st.warning(plain(said), icon=":material/undo:")
    if row.lock is not None:
        locked = {"period": row.lock.period, "by": row.lock.locked_by}
        st.info(plain(texts.text("entering.locked_request", **locked)), icon=":material/lock:")


def _fields(context: PageContext, row: Expected, key: str) -> Filled:
    texts = context.texts
    written = _figures(context, row, key)
    note = st.text_input(
        texts.text("entering.note"),
        max_chars=LONGEST_REASON,
        placeholder=texts.text("entering.note_example"),
        key=f"{key}.note",
    )
    file = st.file_uploader(
        texts.text("entering.upload", most=MOST_BYTES >> 20),
        type=sorted({*MEDIA_TYPES, "jpeg"}),
        max_upload_size=MOST_BYTES >> 20,
        key=f"{key}.file",
    )
    reason, entry = "", row.on_its_way
    if row.approved is not None:
        known = entry.reason if entry else ""
        label = texts.text("entering.reason")
        reason = st.text_input(label, known, max_chars=LONGEST_REASON, key=f"{key}.reason")
    confirmed = False
    if st.session_state.get(UNUSUAL) == row.slot:
        confirmed = st.checkbox(texts.text("entering.is_right"), key=f"{key}.confirmed")
    return Filled(written, note or "", file, reason or "", confirmed)


def _figures(context: PageContext, row: Expected, key: str) -> Written | None:
    """The number or the two numbers; None while one is empty."""
    entered = _spec(row.definition)
    shown = row.on_its_way
    unit = context.texts.word(row.definition.unit)
    if entered.kind is EnteredKind.VALUE:
        label = context.texts.text("entering.value", unit=unit)
        value = _number(label, shown.numerator if shown else None, entered.decimals, f"{key}.first")
        return None if value is None else Written(value)
    first, second = st.columns(2)
    with first:
        label = context.texts.text("entering.numerator")
        start = shown.numerator if shown else None
        numerator = _number(label, start, entered.part_decimals, f"{key}.first")
    with second:
        label = context.texts.text("entering.denominator")
        start = shown.denominator if shown else None
        denominator = _number(label, start, entered.part_decimals, f"{key}.second")
    if numerator is None or denominator is None:
        return None
    return Written(numerator, denominator)


def _number(label: str, start: float | None, decimals: int, key: str) -> float | None:
    step = 10.0**-decimals
    shape = f"%.{decimals}f"
    return st.number_input(label, value=start, step=step, format=shape, key=key)


def _act(context: PageContext, row: Expected, filled: Filled, *, hand_on: bool) -> None:
    """Save, prove and, where it is wanted, hand on; what is refused leaves all that was typed."""
    if filled.written is None:
        st.warning(context.texts.text("entering.refused.no_number"), icon=":material/info:")
        return
    try:
        entry = _saved(context, row, filled, filled.written)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    st.session_state.pop(UNUSUAL, None)
    try:
        entry = _proved(context, entry, filled)
        if hand_on:
            confirmed = filled.confirmed
            submit_reading(context.workspace, by=context.actor, entry=entry, confirmed=confirmed)
        session.say_next("entering.submitted" if hand_on else "entering.saved")
    except Implausible as unusual:
        st.session_state[UNUSUAL] = row.slot
        session.say_next("entering.say_it_is_right", why=unusual)
    except Refusal as refused:
        session.say_next("entering.kept", why=refused)
    st.rerun()


def _saved(context: PageContext, row: Expected, filled: Filled, written: Written) -> Entry:
    """The draft with these figures; what says the same already is left as it is."""
    entry = row.on_its_way
    if entry is not None and entry.state is EntryState.DRAFT:
        same = Written(entry.numerator, entry.denominator) == written
        if same and entry.reason == filled.reason:
            return entry
    return save_reading(
        context.workspace,
        by=context.actor,
        slot=row.slot,
        written=written,
        reason=filled.reason,
        row_version=entry.row_version if entry else None,
    )


def _proved(context: PageContext, entry: Entry, filled: Filled) -> Entry:
    """The draft with the evidence of the form; what is attached already is not attached twice."""
    entry = _again(context, entry)
    notes = {item.note for item in entry.evidence}
    note = " ".join(filled.note.split())
    if note and note not in notes:
        attach_note(context.workspace, by=context.actor, entry=entry, note=note)
        entry = _again(context, entry)
    if filled.file is not None:
        content = filled.file.getvalue()
        if hashlib.sha256(content).hexdigest() not in {one.sha256 for one in entry.evidence}:
            name = filled.file.name
            attach_file(
                context.workspace, by=context.actor, entry=entry, name=name, content=content
            )
            entry = _again(context, entry)
    return entry


def _again(context: PageContext, entry: Entry) -> Entry:
    with context.workspace.read(context.actor, Permission.READING_ENTER) as reader:
        found = read_entries(reader, ids=[entry.id])
    if not found:
        raise NotFound("entering.refused.gone")
    return found[0]


def _withdrawal(context: PageContext, names: Names, row: Expected, entry: Entry) -> None:
    texts = context.texts
    if not st.button(texts.text("entering.withdraw"), key=f"{_key(row)}.withdraw"):
        return
    value = said_of(texts, row.definition, entry)
    what = f"{names.kpi(row.definition)}, {names.slot(row.slot)}: {value}"
    confirm(
        texts,
        title=texts.text("entering.withdraw_title"),
        consequences=[what, texts.text("entering.stays_on_record")],
        action=texts.text("entering.withdraw"),
        act=lambda: withdraw_reading(context.workspace, by=context.actor, entry=entry),
        done="entering.withdrawn",
    )


def _spec(definition: Definition) -> Entered:
    entered = definition.formula.entered
    if entered is None:
        raise NotFound("entering.refused.computed", code=definition.code)
    return entered


def _key(row: Expected) -> str:
    """One form a value and version: another's changes do not hide behind what was typed."""
    slot, entry = row.slot, row.on_its_way
    version = entry.id if entry else 0
    return f"entering.{slot.code}.{slot.period.code}.{slot.office or 'CRA'}.{version}"
