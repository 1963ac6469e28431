"""What the page reads of rows and loads, kept for the next rerun: below the door, by event.

Loads never change, so an answer holds until the next event; the door is asked every time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.context import PageContext
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.extracts.history import Load
from data.extracts.quality import (
    ColumnReport,
    Correction,
    ExtractQuality,
    RefusedColumn,
    column_report,
    corrections,
    qualities,
    refused_columns,
)
from data.period import Period
from data.workspace import Reader, Then, Workspace
from kpis.quality import Moved, most_moved
from kpis.register import Kpi
from kpis.sources import event_on

KEPT, AT_MOST = 3600, 24  # seconds; answers kept of each kind
MOST_MOVED = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose house, as of which event, of which period, on which day, in which past."""

    home: str
    address: str
    event: int
    period: Period
    today: date
    then: Then | None  # offices and days off as known then


def asked(context: PageContext) -> Asked:
    """What is asked, by somebody who may see extracts."""
    settings, today = context.workspace.settings, context.today
    with context.workspace.read(context.actor, Permission.EXTRACT_VIEW) as reader:
        event = event_on(reader, today, settings.zone)
    then, address = context.workspace.then, settings.database_url
    return Asked(str(settings.home), address, event, context.period, today, then)


def qualities_of(context: PageContext, what: Asked) -> tuple[ExtractQuality, ...]:
    """Every extract in the period."""
    return _qualities(what, context.workspace)


def columns_of(context: PageContext, what: Asked, contract: str) -> ColumnReport:
    """The columns of an extract over the year up to the period."""
    return _columns(what, contract, context.workspace)


def corrections_of(
    context: PageContext, what: Asked, loads: tuple[Load, ...]
) -> tuple[Correction, ...]:
    """What some loads corrected."""
    return _corrections(what, tuple(load.batch.id for load in loads), context.workspace, loads)


def refused_of(
    context: PageContext, what: Asked, loads: tuple[Load, ...]
) -> tuple[RefusedColumn, ...]:
    """The columns of refused rows; nothing for those who may not see the quarantine."""
    if not context.may(Permission.QUARANTINE_VIEW):
        return ()
    with context.workspace.read(context.actor, Permission.QUARANTINE_VIEW):  # the door decides
        pass
    return _refused(what, tuple(load.batch.id for load in loads), context.workspace, loads)


def moved_of(
    reader: Reader, what: Asked, kpis: Mapping[str, Kpi], contract: str
) -> tuple[Moved, ...]:
    """The values that moved most, of KPIs that lean on an extract."""
    published = tuple((code, kpi.published) for code, kpi in kpis.items())
    return _moved(what, contract, published, reader, kpis)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _qualities(what: Asked, _workspace: Workspace) -> tuple[ExtractQuality, ...]:
    return qualities(_workspace, by=SYSTEM, period=what.period, today=what.today)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _columns(what: Asked, contract: str, _workspace: Workspace) -> ColumnReport:
    return column_report(_workspace, by=SYSTEM, name_of=contract, period=what.period)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _corrections(
    what: Asked, batches: tuple[str, ...], _workspace: Workspace, _loads: tuple[Load, ...]
) -> tuple[Correction, ...]:
    return corrections(_workspace, by=SYSTEM, loads=_loads)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _refused(
    what: Asked, batches: tuple[str, ...], _workspace: Workspace, _loads: tuple[Load, ...]
) -> tuple[RefusedColumn, ...]:
    return refused_columns(_workspace, by=SYSTEM, loads=_loads)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _moved(
    what: Asked,
    contract: str,
    published: tuple[object, ...],
    _reader: Reader,
    _kpis: Mapping[str, Kpi],
) -> tuple[Moved, ...]:
    return most_moved(_reader, _kpis, contract, what.period, MOST_MOVED)
