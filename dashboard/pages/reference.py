"""Reference data: offices, services, deadlines, calendar, places; an edit is seen before it is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.parts import choose_part
from dashboard.components.reference import calendar, offices, places, services, spans
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.spans import SpanKind


class ReferencePart(StrEnum):
    """The parts of the page."""

    OFFICES = "offices"
    SERVICES = "services"
    DEADLINES = "deadlines"
    CALENDAR = "calendar"
    ONLINE = "online"
    MINUTES = "minutes"
    PARAMETERS = "parameters"
    PLACES = "places"


def draw(context: PageContext) -> None:
    """Choose a part, see it, and for those who may, edit it."""
    texts = context.texts
    may = context.may(Permission.REFERENCE_CHANGE)
    st.caption(plain(texts.text("reference.how_to" if may else "reference.read_only")))
    chosen = choose_part(texts, "reference.part", tuple(ReferencePart), key="reference.part")
    parts: dict[ReferencePart, Callable[[PageContext], None]] = {
        ReferencePart.OFFICES: offices.draw,
        ReferencePart.SERVICES: services.draw,
        ReferencePart.DEADLINES: partial(spans.draw, kind=SpanKind.DEADLINE),
        ReferencePart.CALENDAR: calendar.draw,
        ReferencePart.ONLINE: partial(spans.draw, kind=SpanKind.ONLINE),
        ReferencePart.MINUTES: partial(spans.draw, kind=SpanKind.MINUTES),
        ReferencePart.PARAMETERS: partial(spans.draw, kind=SpanKind.PARAMETER),
        ReferencePart.PLACES: places.draw,
    }
    parts[chosen](context)
