"""How rows that hold on spans of days are said, and the fields in which one is entered."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import streamlit as st

from dashboard.components.kpi_names import member_name, member_names
from dashboard.context import PageContext
from data.agency.directory import services
from data.agency.spans import SpanKind, SpanRow
from data.agency.spans.kinds import MOST, MOST_DAYS, MOST_MINUTES
from data.store import reference
from data.store.tables import OnlineService, Parameter, ServiceRule, StandardMinutes


class Speed(StrEnum):
    NORMAL = "normal"
    ACCELERATED = "accelerated"


class DayBasis(StrEnum):
    WORKING = "working"
    CALENDAR = "calendar"


def of(context: PageContext, row: SpanRow) -> str:
    """What the row is of: 'Passport · normal', 'Civil certificate', a number by its name."""
    match row:
        case ServiceRule():
            return f"{_service(context, row.service_code)} · {_speed(context, row.speed)}"
        case OnlineService() | StandardMinutes():
            return _service(context, row.service_code)
        case Parameter():
            return _parameter(context, row.name)


def says(context: PageContext, row: SpanRow) -> str:
    """What it says: '15 working days', 'online', '30 minutes', a number or that it is not known."""
    texts = context.texts
    match row:
        case ServiceRule():
            return texts.text(
                "reference.deadline.says", days=row.deadline_days, basis=DayBasis(row.day_basis)
            )
        case OnlineService():
            return texts.text("reference.online.says")
        case StandardMinutes():
            return texts.text("reference.minutes.says", minutes=row.minutes)
        case Parameter():
            return texts.number(row.value) if row.value is not None else _unknown(context)


def sentence(context: PageContext, kind: SpanKind, said: Mapping[str, Any]) -> str:
    """The same of a row that is not entered yet."""
    texts = context.texts
    if kind is SpanKind.PARAMETER:
        return f"{_parameter(context, said['name'])} · {texts.number(said['value'])}"
    service = _service(context, said["service_code"])
    if kind is SpanKind.DEADLINE:
        days, basis = said["deadline_days"], DayBasis(said["day_basis"])
        told = texts.text("reference.deadline.says", days=days, basis=basis)
        return f"{service} · {_speed(context, said['speed'])} · {told}"
    if kind is SpanKind.MINUTES:
        return f"{service} · {texts.text('reference.minutes.says', minutes=said['minutes'])}"
    return f"{service} · {texts.text('reference.online.says')}"


def asked(context: PageContext, kind: SpanKind, key: str) -> dict[str, Any] | None:
    """What is entered of a row; None while something lacks."""
    if kind is SpanKind.PARAMETER:
        return _asked_parameter(context, key)
    names, texts = member_names(context, "service"), context.texts
    offered = [row.code for row in services(context.workspace, by=context.actor)]
    columns = st.columns(4 if kind is SpanKind.DEADLINE else 2)
    with columns[0]:
        service = st.selectbox(
            texts.text("shell.service"),
            offered,
            index=None,
            format_func=lambda one: names[one],
            placeholder=texts.text("reference.choose"),
            key=f"{key}.service",
        )
    if service is None and kind is SpanKind.ONLINE:
        return None
    said: dict[str, Any] = {"service_code": service}
    if kind is SpanKind.DEADLINE:
        said |= _asked_deadline(context, key, columns[1:])
    elif kind is SpanKind.MINUTES:
        with columns[1]:
            said["minutes"] = st.number_input(
                texts.text("reference.minutes.field"),
                min_value=0.1,
                max_value=float(MOST_MINUTES),
                value=30.0,
                key=f"{key}.minutes",
            )
    return said if service is not None else None


def _asked_deadline(context: PageContext, key: str, columns: Any) -> dict[str, Any]:
    texts = context.texts
    with columns[0]:
        speed = st.selectbox(
            texts.text("reference.speed"),
            list(Speed),
            format_func=lambda one: _speed(context, one),
            key=f"{key}.speed",
        )
    with columns[1]:
        days = st.number_input(
            texts.text("reference.days"), min_value=1, max_value=MOST_DAYS, value=15,
            key=f"{key}.days",
        )  # fmt: skip
    with columns[2]:
        basis = st.selectbox(
            texts.text("reference.basis"), list(DayBasis), format_func=texts.word,
            key=f"{key}.basis",
        )  # fmt: skip
    return {"speed": str(speed), "deadline_days": int(days), "day_basis": str(basis)}


def _asked_parameter(context: PageContext, key: str) -> dict[str, Any] | None:
    texts = context.texts
    names = [row.name for row in reference.parameters()]
    which, number = st.columns(2)
    with which:
        name = st.selectbox(
            texts.text("reference.parameter.field"),
            names,
            index=None,
            format_func=lambda one: _parameter(context, one),
            placeholder=texts.text("reference.choose"),
            key=f"{key}.name",
        )
    with number:
        value = st.number_input(
            texts.text("reference.parameter.value"), min_value=0, max_value=MOST, value=None,
            key=f"{key}.value",
        )  # fmt: skip
    return None if name is None or value is None else {"name": name, "value": int(value)}


def _service(context: PageContext, code: str) -> str:
    return member_names(context, "service").get(code, code)


def _speed(context: PageContext, speed: str) -> str:
    return member_name(context.texts, "speed", speed, {})


def _parameter(context: PageContext, name: str) -> str:
    known = {row.name for row in reference.parameters()}
    return context.texts.text(f"reference.parameter.{name}") if name in known else name


def _unknown(context: PageContext) -> str:
    return context.texts.text("reference.parameter.unknown")
