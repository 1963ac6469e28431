"""What of the register needs attention first, for the overview: counts, and which risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.components.kpis.links import page_link
from dashboard.components.messages import plain
from dashboard.components.risks.words import REGISTER, risk_link
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import NotFound
from data.workspace import Reader, Then
from risks.appetite.statement import read_appetite
from risks.criteria.reading import in_force
from risks.pressing import Pressing, pressing
from risks.register.reading import published_at, read_register
from risks.register.record import Risk

NAMED = 3  # risks of a kind before the rest is only counted
SIGNS = {
    Pressing.UNANSWERED: ":material/priority_high:",
    Pressing.ESCALATED: ":material/campaign:",
    Pressing.TREATMENT_LATE: ":material/assignment_late:",
    Pressing.REVIEW_LATE: ":material/event_busy:",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The risks that call for attention, and as of which day that was published, if told so."""

    pressing: Mapping[Pressing, tuple[Risk, ...]]
    published: date | None


def draw(context: PageContext) -> None:
    """Why and which, the gravest first; nothing where nothing presses or nothing may be seen."""
    found = _read(context)
    if found is None or not found.pressing:
        return
    shown: set[str] = set()
    with st.container(border=True, gap="xsmall", key="risk-attention"):
        for why, risks in found.pressing.items():
            _line(context, why, risks, shown)
        _others(context, found, shown)
        if found.published is not None:
            day = context.texts.day_short(found.published)
            st.caption(plain(context.texts.text("attention.published", day=day)))


def _read(context: PageContext) -> Found | None:
    """The register as the person may see it: in full, or as it was last published."""
    permission = Permission.RISK_VIEW_PUBLISHED
    if not context.actor.may(permission):
        return None
    with context.workspace.read(context.actor, permission) as reader:
        risks = read_register(reader)
        until = None if context.actor.may(Permission.RISK_VIEW) else published_at(reader)
        if not risks:
            return None
        if until is None:
            return _found(reader, risks, None)
    then = context.workspace.at(Then(0, until))  # what is told beside it is of the same moment
    with then.read(context.actor, permission) as reader:
        return _found(reader, risks, reader.today)


def _found(reader: Reader, risks: tuple[Risk, ...], published: date | None) -> Found | None:
    try:
        criteria = in_force(reader)
    except NotFound:
        return None
    return Found(pressing(risks, read_appetite(reader), criteria, reader.today), published)


def _line(context: PageContext, why: Pressing, risks: tuple[Risk, ...], shown: set[str]) -> None:
    """How many, and the first of them by name that were not named for a graver reason."""
    said = context.texts.text(f"attention.{why.value}", count=len(risks))
    st.markdown(f"{SIGNS[why]} **{plain(said)}**")
    for one in [one for one in risks if one.code not in shown][:NAMED]:
        shown.add(one.code)
        risk_link(context, one)


def _others(context: PageContext, found: Found, shown: set[str]) -> None:
    """How many more there are, with the way to them."""
    every = {one.code for risks in found.pressing.values() for one in risks}
    if left := len(every - shown):
        label = context.texts.text("attention.more", count=left)
        link = context.link_with(risk=None, part=None)
        page_link(context, REGISTER, plain(label), link, ":material/arrow_forward:")
