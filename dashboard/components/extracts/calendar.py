"""Completeness month by month and freshness of each extract: a shape and a word in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd
import streamlit as st

from dashboard.components.extracts.names import extract_name
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.extracts.completeness import (
    DAYS_TO_DELIVER,
    CalendarMonth,
    ContractCalendar,
    MonthState,
    overdue,
)
from data.period import Period

MONTHS = 12  # shown at once
SIGNS = {
    MonthState.COVERED: ":blue[:material/check_circle:]",
    MonthState.PARTIAL: ":yellow[:material/clock_loader_40:]",
    MonthState.MISSING: ":red[:material/error:]",
    MonthState.NOT_DUE: ":gray[:material/remove:]",
}
BACKFILLED = ":gray[:material/history:]"
STALE, FRESH = ":gray[:material/schedule:]", SIGNS[MonthState.COVERED]


def is_stale(calendar: ContractCalendar, today: date) -> bool:
    """Whether the newest month that should be here is not wholly here."""
    late = overdue(calendar, today)
    due = [month for month in calendar.months if month.period.end <= today]
    return bool(late) and late[-1].period in {month.period for month in due[-2:]}


def draw(context: PageContext, calendars: Sequence[ContractCalendar], now: datetime) -> None:
    """The loaded extracts as a table of months; those never loaded in a line below it."""
    loaded = [calendar for calendar in calendars if calendar.live_loads]
    if loaded:
        _table(context, loaded, _window(context, loaded), now)
        shown = [month for calendar in loaded for month in calendar.months]
        _legend(context, backfilled=any(month.backfilled for month in shown))
    _never_loaded(context, [one.contract for one in calendars if not one.live_loads])


def _legend(context: PageContext, *, backfilled: bool) -> None:
    texts = context.texts
    said = [
        f"{sign} {plain(texts.word(state))}: "
        f"{plain(texts.text(f'extracts_page.month.{state}', days=DAYS_TO_DELIVER))}"
        for state, sign in SIGNS.items()
    ]
    if backfilled:
        said.append(f"{BACKFILLED} {plain(texts.text('history.month'))}")
    st.caption("\N{EM SPACE}".join(said))


def _window(context: PageContext, loaded: Sequence[ContractCalendar]) -> list[Period]:
    """The months shown: the last twelve, or those of a year where there are more."""
    every = sorted({month.period for calendar in loaded for month in calendar.months})
    return every if len(every) <= MONTHS else _chosen(context, every)


def _chosen(context: PageContext, every: Sequence[Period]) -> list[Period]:
    texts = context.texts
    year = st.selectbox(
        texts.text("extracts_page.months"),
        [None, *sorted({period.start.year for period in every}, reverse=True)],
        format_func=lambda one: (
            texts.text("extracts_page.last_months") if one is None else f"{one}"
        ),
        key="extracts.year",
        width=220,
    )
    if year is None:
        return list(every[-MONTHS:])
    return [period for period in every if period.start.year == year]


def _table(
    context: PageContext,
    loaded: Sequence[ContractCalendar],
    window: Sequence[Period],
    now: datetime,
) -> None:
    texts = context.texts
    rows = [_row(context, calendar, window, now) for calendar in loaded]
    heads = [
        texts.text("loading.head.contract"),
        texts.text("extracts_page.known_until"),
        *(texts.period_short(period) for period in window),
    ]
    st.table(
        pd.DataFrame(rows, columns=heads),
        border="horizontal",
        hide_index=True,
        alt=texts.text("extracts_page.calendar_alt"),
    )


def _row(
    context: PageContext, calendar: ContractCalendar, window: Sequence[Period], now: datetime
) -> list[str]:
    known = {month.period: month for month in calendar.months}
    name = f"**{plain(extract_name(context.texts, calendar.contract))}**"
    cells = [_cell(context, known.get(period)) for period in window]
    return [name, _freshness(context, calendar, now), *cells]


def _freshness(context: PageContext, calendar: ContractCalendar, now: datetime) -> str:
    """Until when the extract knows anything, and whether that is long enough."""
    texts, zone = context.texts, context.workspace.settings.zone
    if calendar.cut_at is None:
        return plain(texts.value(None))
    until = _whole(texts.day_short(calendar.cut_at.astimezone(zone).date()))
    if not is_stale(calendar, now.astimezone(zone).date()):
        return f"{FRESH} {until}"
    stale = texts.text("extracts_page.stale", days=calendar.age_days(now))
    return f"{STALE} {until}, {plain(stale)}"


def _whole(text: str) -> str:
    """The text on one line, however narrow its column."""
    return plain(text.replace(" ", "\N{NO-BREAK SPACE}"))


def _cell(context: PageContext, month: CalendarMonth | None) -> str:
    """A month in a shape and a word; nothing before the first month that was ever covered."""
    if month is None:
        return ""
    texts = context.texts
    sign = f"{SIGNS[month.state]} {BACKFILLED}" if month.backfilled else SIGNS[month.state]
    if month.state is MonthState.PARTIAL:
        said = texts.text("extracts_page.partly", covered=month.days_covered, days=month.days)
        return f"{sign} {plain(said)}"
    return f"{sign} {plain(texts.word(month.state))}"


def _never_loaded(context: PageContext, contracts: Sequence[str]) -> None:
    if not contracts:
        return
    texts = context.texts
    names = sorted((extract_name(texts, one) for one in contracts), key=str.casefold)
    st.subheader(texts.text("extracts_page.never_loaded"), anchor=False)
    st.markdown(plain(", ".join(names)))
    st.caption(texts.text("extracts_page.never_loaded_why"))
