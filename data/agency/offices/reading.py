"""Offices as they stand, or stood, with what happened to each and which others it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.offices.history import OfficeEventKind
from data.metrics.succession import successors_on
from data.recalling import recalled
from data.store.tables import Office, OfficeEvent
from data.workspace import Reader, Workspace


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office with its history; `stands_for` are those whose cases count at it today."""

    office: Office
    events: tuple[OfficeEvent, ...]  # newest first, without those withdrawn
    successor: str | None  # the last one, where it was merged and the day has come
    stands_for: tuple[Office, ...]

    @property
    def code(self) -> str:
        return self.office.code

    def is_open(self, day: date) -> bool:
        """Whether it is open on a day."""
        begun = self.office.opened is None or self.office.opened <= day
        return begun and (self.office.closed is None or self.office.closed > day)

    def names_until(self, day: date) -> tuple[dict[str, str], date] | None:
        """The name it bore at the end of a day and until when, if it bears another today."""
        renamed = [
            event
            for event in self.events
            if event.kind == OfficeEventKind.RENAMED and event.day > day and event.former
        ]
        if not renamed:
            return None
        first = min(renamed, key=lambda event: event.day)
        return dict(first.former or {}), first.day


def read_offices(workspace: Workspace, *, by: Actor) -> tuple[OfficeView, ...]:
    """Every office that ever was, by its code, with its history."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        known = {row.code: row for row in offices_in_order(reader)}
        events = [event for event in recalled(reader, OfficeEvent) if not event.withdrawn]
    events.sort(key=lambda event: (event.day, event.id or 0), reverse=True)
    mergers = ((row.code, row.merged_into, row.closed) for row in known.values())
    successors = dict(successors_on(mergers, workspace.today))
    return tuple(
        OfficeView(
            office=row,
            events=tuple(event for event in events if event.office_code == row.code),
            successor=successors.get(row.code),
            stands_for=tuple(known[one] for one, last in successors.items() if last == row.code),
        )
        for row in known.values()
    )


def offices_in_order(reader: Reader) -> list[Office]:
    """Every office that ever was, by its code, within a look that is under way."""
    return sorted(recalled(reader, Office), key=lambda row: row.code)


def successor_of(workspace: Workspace, *, by: Actor, code: str) -> tuple[Office, Office] | None:
    """An office, and the one at which its cases count today; None where they are its own."""
    views = {view.code: view for view in read_offices(workspace, by=by)}
    view = views.get(code)
    if view is None or view.successor is None:
        return None
    return view.office, views[view.successor].office
