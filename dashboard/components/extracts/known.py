"""What is loaded and how complete it is, kept for the next rerun: below the door, by event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.extracts.completeness import ContractCalendar, calendars
from data.extracts.history import Load, loads
from data.workspace import Workspace
from kpis.sources import event_on

KEPT, AT_MOST = 3600, 4  # seconds; answers


@dataclass(frozen=True, slots=True)
class Known:
    """Every load, the newest first, and the calendar of every extract, as of an event and a day."""

    event: int
    loads: tuple[Load, ...]
    calendars: tuple[ContractCalendar, ...]


def known_to(workspace: Workspace, *, by: Actor) -> Known:
    """What the actor may see; the door is asked every time, the reading is done once."""
    zone, today = workspace.settings.zone, workspace.today
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        event = event_on(reader, today, zone)
    home, address = str(workspace.settings.home), workspace.settings.database_url
    return _known(home, address, event, today, workspace)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _known(home: str, address: str, event: int, today: date, _workspace: Workspace) -> Known:
    found = loads(_workspace, by=SYSTEM)
    return Known(event, found, calendars(_workspace, by=SYSTEM, today=today))
