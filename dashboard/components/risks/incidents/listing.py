"""The incidents, newest first, with the losses and the risks that came true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.incidents import recording
from dashboard.components.risks.words import risk_in_text
from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.incidents.reading import read_incidents
from risks.incidents.record import Incident
from risks.register.naming import Naming, read_naming
from risks.register.reading import read_register
from risks.register.record import Risk

COLUMNS = ("incident", "day", "loss", "risks", "unit")
NEWLINE = "  \n"
ROWS_AT_ONCE, HEIGHT = 10, 640  # more rows scroll under their header; pixels
YEAR = 365  # days


def draw(context: PageContext) -> None:
    """How many and what they cost in a sentence; the table; for those who may, the form."""
    texts = context.texts
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        risks = {one.code: one for one in read_register(reader)}
        incidents, naming = read_incidents(reader), read_naming(reader)
    if incidents:
        st.markdown(plain(_sentence(context, incidents)))
        _table(context, incidents, risks, naming)
    else:
        empty(texts, "incidents.none", "incidents.none_do")
    if context.may(Permission.INCIDENT_RECORD):
        recording.draw(context, incidents, risks, naming)


def _sentence(context: PageContext, incidents: Sequence[Incident]) -> str:
    """Of the last year: how many, what those of which a loss is known cost, how many foreseen."""
    recent = [one for one in incidents if 0 <= (context.today - one.happened_on).days < YEAR]
    known = [one.loss for one in recent if one.loss is not None]
    return context.texts.text(
        "incidents.sentence",
        count=len(recent),
        loss=round(sum(known)),
        known=len(known),
        foreseen=sum(bool(one.risks) for one in recent),
    )


def _table(
    context: PageContext,
    incidents: Sequence[Incident],
    risks: Mapping[str, Risk],
    naming: Naming,
) -> None:
    texts = context.texts
    lines = [_line(context, one, risks, naming) for one in incidents]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"incidents.head.{name}") for name in COLUMNS]),
        border="horizontal",
        hide_index=True,
        height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
        alt=texts.text("incidents.alt"),
    )


def _line(
    context: PageContext, one: Incident, risks: Mapping[str, Risk], naming: Naming
) -> list[str]:
    texts = context.texts
    linked = NEWLINE.join(
        risk_in_text(context, risks[code]) if code in risks else plain(code) for code in one.risks
    )
    loss = texts.value(None) if one.loss is None else texts.number(one.loss, 0)
    unit = texts.value(naming.units.get(one.unit_code, one.unit_code))
    return [
        f"{plain(f'{one.code} {one.title}')}{NEWLINE}{plain(one.description)}",
        plain(texts.day_short(one.happened_on)),
        plain(loss),
        linked or plain(texts.text("incidents.unforeseen")),
        plain(unit),
    ]
