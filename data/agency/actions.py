"""Every write to the agency's reference data."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.store import reference
from data.store.tables import Agency, CalendarDay, OrgUnit
from data.workspace import Workspace

CALENDAR_FROM, YEARS_AHEAD = 2000, 2


def found_agency(workspace: Workspace, *, by: Actor, demo: bool = False) -> bool:
    """Give an empty house its agency, places, services and calendar; True if it was empty."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        if reader.find(Agency, 1) is not None:
            return False
    with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
        name = reference.agency_name()
        agency = Agency(id=1, demo=demo, **name.model_dump())
        change.add(agency, OrgUnit(code=WHOLE_AGENCY, kind="agency", **name.model_dump()))
        for rows in (reference.districts(), reference.municipalities(), reference.services()):
            change.add(*rows)
        change.add(*reference.service_rules(), *reference.parameters())
        change.record(AuditTag.REFERENCE_CHANGED, agency, new={"founded": True, "demo": demo})
    this_year = datetime.now(workspace.settings.zone).year
    extend_calendar(workspace, by=by, until=this_year + YEARS_AHEAD)
    return True


def extend_calendar(workspace: Workspace, *, by: Actor, until: int) -> int:
    """Add the holidays of years the calendar does not know yet; returns how many days."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        known = {day.year for day in reader.all(select(CalendarDay.day))}
    missing = [year for year in range(CALENDAR_FROM, until + 1) if year not in known]
    days = reference.calendar_days(missing)
    if days:
        with workspace.change(by, Permission.REFERENCE_CHANGE) as change:
            change.add(*days)
            change.record(
                AuditTag.REFERENCE_CHANGED,
                noun="calendar_day",
                noun_id=f"{missing[0]}-{missing[-1]}",
                new={"days": len(days), "years": missing},
            )
    return len(days)
