"""What holds on spans of days: deadlines, online services, standard minutes, numbers of law."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.reference import draft, fields, span_fields
from dashboard.components.reference.draft import Edit
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.spans import SpanKind, SpanRow, begin_span, end_span, read_spans, remove_span


class SpanDeed(StrEnum):
    """What can be entered."""

    BEGIN = "begin"
    END = "end"
    REMOVE = "remove"


def draw(context: PageContext, kind: SpanKind) -> None:
    """Every row with its source; for those who may, what holds from a day on."""
    texts = context.texts
    st.markdown(plain(texts.text(f"reference.{kind}.sentence")))
    rows = read_spans(context.workspace, by=context.actor, kind=kind)
    if rows:
        _table(context, kind, rows)
    else:
        empty(texts, f"reference.{kind}.none", f"reference.{kind}.none_why")
    if context.may(Permission.REFERENCE_CHANGE):
        _enter(context, kind, rows)
        draft.draw(context, kind.value)


def _table(context: PageContext, kind: SpanKind, rows: Sequence[SpanRow]) -> None:
    texts = context.texts
    columns: dict[str, list[str]] = {
        texts.text("reference.head.of"): [span_fields.of(context, row) for row in rows],
        texts.text("reference.head.says"): [span_fields.says(context, row) for row in rows],
        texts.text("reference.head.from"): [texts.day_short(row.valid_from) for row in rows],
    }
    if kind is not SpanKind.PARAMETER:
        ends = [getattr(row, "valid_to", None) for row in rows]
        columns[texts.text("reference.head.to")] = [
            texts.day_short(day) if day else "" for day in ends
        ]
    columns[texts.text("reference.head.source")] = [row.source for row in rows]
    columns[texts.text("reference.head.assumption")] = [
        texts.text("reference.assumption") if row.assumption else "" for row in rows
    ]
    table(columns, key=f"reference.{kind}")


def _enter(context: PageContext, kind: SpanKind, rows: Sequence[SpanRow]) -> None:
    texts = context.texts
    st.subheader(texts.text("reference.enter"), anchor=False)
    offered = [one for one in SpanDeed if one is not SpanDeed.END or kind is not SpanKind.PARAMETER]
    deed = st.segmented_control(
        texts.text("reference.what"),
        offered,
        default=SpanDeed.BEGIN,
        required=True,
        format_func=texts.word,
        label_visibility="collapsed",
        key=f"reference.{kind}.deed",
    )
    forms: Mapping[SpanDeed, Callable[..., Edit | None]] = {
        SpanDeed.BEGIN: _begin,
        SpanDeed.END: _end,
        SpanDeed.REMOVE: _remove,
    }
    chosen = deed or SpanDeed.BEGIN
    with st.form(f"reference.{kind}.{chosen}", enter_to_submit=False):
        edit = forms[chosen](context, kind, rows)
        if st.form_submit_button(texts.text("reference.preview")):
            if edit is None:
                st.warning(texts.text("reference.incomplete"), icon=":material/info:")
            else:
                draft.propose(context, edit)


def _begin(context: PageContext, kind: SpanKind, _rows: Sequence[SpanRow]) -> Edit | None:
    texts, key = context.texts, f"reference.{kind}.begin"
    said = span_fields.asked(context, kind, key)
    first, last, assumed = st.columns(3, vertical_alignment="bottom")
    with first:
        valid_from = fields.day(texts, "reference.valid_from", f"{key}.from")
    valid_to: date | None = None
    if kind is not SpanKind.PARAMETER:
        with last:
            valid_to = fields.day(texts, "reference.valid_to", f"{key}.to")
    with assumed:
        assumption = st.checkbox(texts.text("reference.is_assumption"), key=f"{key}.assumption")
    grounds = fields.grounds(texts, key)
    if said is None or valid_from is None:
        return None
    act = partial(
        begin_span, by=context.actor, kind=kind, said=said, valid_from=valid_from,
        valid_to=valid_to, grounds=grounds, assumption=assumption,
    )  # fmt: skip
    values = {"what": span_fields.sentence(context, kind, said), "day": valid_from}
    return Edit(kind.value, "reference.will.begin", values, act)


def _end(context: PageContext, kind: SpanKind, rows: Sequence[SpanRow]) -> Edit | None:
    texts, key = context.texts, f"reference.{kind}.end"
    open_rows = [row for row in rows if getattr(row, "valid_to", None) is None]
    row = _one(context, open_rows, key)
    last = fields.day(texts, "reference.last_day", f"{key}.day")
    reason = fields.why(texts, key)
    if row is None or last is None:
        return None
    act = partial(
        end_span, by=context.actor, kind=kind, row_id=row.id or 0, version=row.row_version,
        last_day=last, reason=reason,
    )  # fmt: skip
    return Edit(kind.value, "reference.will.end", {"what": _label(context, row), "day": last}, act)


def _remove(context: PageContext, kind: SpanKind, rows: Sequence[SpanRow]) -> Edit | None:
    key = f"reference.{kind}.remove"
    row = _one(context, rows, key)
    reason = fields.why(context.texts, key)
    if row is None:
        return None
    act = partial(
        remove_span, by=context.actor, kind=kind, row_id=row.id or 0, version=row.row_version,
        reason=reason,
    )  # fmt: skip
    values = {"what": _label(context, row)}
    return Edit(kind.value, "reference.will.take_back", values, act)


def _one(context: PageContext, rows: Sequence[SpanRow], key: str) -> SpanRow | None:
    known: dict[Any, SpanRow] = {row.id: row for row in rows}
    chosen = st.selectbox(
        context.texts.text("reference.which"),
        list(known),
        index=None,
        format_func=lambda one: _label(context, known[one]),
        placeholder=context.texts.text("reference.choose"),
        key=f"{key}.row",
    )
    return known[chosen] if chosen else None


def _label(context: PageContext, row: SpanRow) -> str:
    texts = context.texts
    parts = (span_fields.of(context, row), span_fields.says(context, row))
    said = " · ".join(part for part in parts if part)
    return texts.text("reference.since", what=said, day=row.valid_from)
