"""Targets: what is aimed at everywhere, one to be set, and all of them as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import streamlit as st

from dashboard.components.kpi_names import member_names
from dashboard.components.messages import empty
from dashboard.components.parts import choose_part
from dashboard.components.targets import exchange, form, table
from dashboard.components.targets.house import TargetHouse
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.register import read_kpis
from kpis.targets.listing import list_targets


class TargetPart(StrEnum):
    """What is looked at."""

    LIST = "list"
    SET = "set"
    WORKBOOK = "workbook"


PART = "targets.part"  # key of the widget
DRAWN: dict[TargetPart, Callable[[PageContext, TargetHouse], None]] = {
    TargetPart.LIST: table.draw,
    TargetPart.SET: form.draw,
    TargetPart.WORKBOOK: exchange.draw,
}


def draw(context: PageContext) -> None:
    """Read the targets as they stand, say how many there are, draw the part that is chosen."""
    house = _read(context)
    if not house.kpis:
        empty(context.texts, "kpi_page.no_kpis", "kpi_page.no_kpis_why")
        return
    st.markdown(house.sentence(context.texts))
    may_set = context.may(Permission.TARGET_SET)
    offered = tuple(TargetPart) if may_set else (TargetPart.LIST,)
    DRAWN[choose_part(context.texts, "targets.part", offered, key=PART)](context, house)


def _read(context: PageContext) -> TargetHouse:
    day = context.period.last_day
    with context.workspace.read(context.actor, Permission.TARGET_SET) as reader:
        kpis = read_kpis(reader)
        listed = list_targets(reader, kpis, day) if kpis else ()
    return TargetHouse(kpis, listed, member_names(context, "office"), day)
