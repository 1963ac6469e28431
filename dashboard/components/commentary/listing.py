"""Actions as a table that is read like any text, and the same as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.components.commentary.cards import state_text
from dashboard.components.kpis.acting import part_name
from dashboard.components.kpis.links import KPI
from dashboard.components.messages import plain
from dashboard.context import Link, PageContext
from data.language.texts import Texts
from data.period import Period
from kpis.commentary import Action
from kpis.commentary.due import overdue

ROWS_AT_ONCE, HEIGHT = 12, 560  # more rows scroll under their header; pixels
NEWLINE = "  \n"
COMMENTARY = "commentary"  # a part of the KPI page


@dataclass(frozen=True, slots=True)
class Names:
    """How what actions are of is called: KPIs and offices by their codes."""

    kpis: Mapping[str, str]
    offices: Mapping[str, str]


def about(texts: Texts, action: Action, names: Names) -> str:
    """'SD-01 Median turnaround · Whole agency · answers August 2026'."""
    return " · ".join(part for part in (_kpi(action, names), _where(texts, action, names)) if part)


def _kpi(action: Action, names: Names) -> str:
    return f"{action.code} {names.kpis.get(action.code, '')}".strip() if action.code else ""


def _where(texts: Texts, action: Action, names: Names) -> str:
    """Of which part it is, and which period it answers."""
    part = part_name(texts, action.office, names.offices)
    if action.period is None:
        return part
    return f"{part} · {texts.text('actions.answers', period=action.period)}"


def action_table(
    context: PageContext, actions: Sequence[Action], names: Names, today: date
) -> None:
    """The actions row by row: what and of which KPI, who, until when, how it stands."""
    texts = context.texts
    heads = [texts.text(f"actions.head.{name}") for name in ("what", "person", "due", "state")]
    lines = [_line(context, one, names, today) for one in actions]
    with st.container(key="action-table"):
        st.table(
            pd.DataFrame(lines, columns=heads),
            border="horizontal",
            hide_index=True,
            height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
            alt=texts.text("actions.alt"),
        )


def _line(context: PageContext, one: Action, names: Names, today: date) -> list[str]:
    texts = context.texts
    what = plain(f"№{one.id} {one.what}")
    due = plain(texts.day_short(one.due))
    if one.slipped_days:
        first = texts.text("actions.first_due", first=texts.day_short(one.first_due))
        due += NEWLINE + _small(f"{first} ({texts.signed(one.slipped_days)})")
    return [
        f"{what}{NEWLINE}{_of(context, one, names)}",
        plain(one.assignee),
        due,
        _stands(texts, one, today),
    ]


def _of(context: PageContext, one: Action, names: Names) -> str:
    """Of what it is; the KPI leads to what is said and done about it."""
    where = _small(_where(context.texts, one, names))
    if one.code is None:
        return where
    kpi = plain(_kpi(one, names))
    if KPI not in context.places:
        return f":small[{kpi}]{NEWLINE}{where}"
    link = commentary_link(context, one.code, one.period, one.office)
    return f":small[[{kpi}]({KPI}{link.query()})]{NEWLINE}{where}"


def commentary_link(
    context: PageContext, code: str, period: Period | None, office: str | None
) -> Link:
    """To what is said and done about a KPI in a period and part."""
    changes = {"kpi": code, "period": period, "office": office, "service": None}
    return context.link_with(**changes, part=COMMENTARY)


def _stands(texts: Texts, one: Action, today: date) -> str:
    shown, late = plain(state_text(texts, one.state)), overdue(one, today)
    if late is None:
        heard = texts.text("actions.heard", day=texts.day_short(one.heard_on))
        return f"{shown}{NEWLINE}{_small(heard)}"
    said = texts.text(f"actions.late.{late.kind.value}", since=texts.day_short(late.since))
    return f"{shown}{NEWLINE}**{plain(said)}**"


def _small(text: str) -> str:
    return f":small[:gray[{plain(text)}]]"


_IN_FILE = (
    "number", "kpi", "name", "office", "period", "what", "person",
    "due", "first", "slipped", "state", "overdue", "heard", "result",
)  # fmt: skip


def file_headers(texts: Texts) -> list[str]:
    """The headers of the table as a file."""
    return [texts.text(f"actions.head.{name}") for name in _IN_FILE]


def file_row(texts: Texts, one: Action, names: Names, today: date) -> list[str]:
    """An action in plain text, days as a spreadsheet reads them."""
    return [
        str(one.id),
        one.code or "",
        names.kpis.get(one.code or "", ""),
        part_name(texts, one.office, names.offices),
        one.period.code if one.period else "",
        one.what,
        one.assignee,
        one.due.isoformat(),
        one.first_due.isoformat(),
        str(one.slipped_days),
        texts.word(one.state),
        texts.value(one.is_overdue(today)),
        one.heard_on.isoformat(),
        one.result or "",
    ]
