"""What an office's history must not say: nothing before it opened, no merger with what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from data.errors import Invalid
from data.metrics.succession import last_successors
from data.store.tables import Office, OfficeEvent


class OfficeEventKind(StrEnum):
    OPENED = "opened"
    CLOSED = "closed"
    MERGED = "merged"
    RENAMED = "renamed"


def check_open(office: Office, day: date) -> None:
    """Refuse a day before the office opened, or an office that is closed already."""
    if office.opened is not None and day < office.opened:
        raise Invalid(
            "reference.refused.before_opening", office=office.code, day=day, opened=office.opened
        )
    if office.closed is not None:
        raise Invalid("reference.refused.already_closed", office=office.code, closed=office.closed)


def check_absorbed(offices: Mapping[str, Office], code: str, day: date) -> None:
    """Refuse to close an office before others were merged into it."""
    for office in offices.values():
        if office.merged_into == code and office.closed is not None and office.closed > day:
            raise Invalid(
                "reference.refused.closed_before_merger",
                office=code,
                merged=office.code,
                day=office.closed,
            )


def check_merger(offices: Mapping[str, Office], office: Office, into: Office, day: date) -> None:
    """Refuse a merger into an office that is not open on the day, or that leads back."""
    mergers = {row.code: row.merged_into for row in offices.values() if row.merged_into}
    last_successors({**mergers, office.code: into.code})
    if into.opened is not None and day < into.opened:
        raise Invalid(
            "reference.refused.before_opening", office=into.code, day=day, opened=into.opened
        )
    if into.closed is not None and day >= into.closed:
        raise Invalid("reference.refused.into_closed", into=into.code, closed=into.closed)


def check_opening(offices: Mapping[str, Office], office: Office, opened: date) -> None:
    """Refuse an opening after the office was closed, or after another was merged into it."""
    merged = (row for row in offices.values() if row.merged_into == office.code)
    ends = [row.closed for row in (office, *merged) if row.closed is not None]
    if ends and opened >= min(ends):
        raise Invalid("reference.refused.opened_late", office=office.code, day=min(ends))


def check_renaming(
    events: Iterable[OfficeEvent], office: Office, day: date, names: Mapping[str, str], today: date
) -> None:
    """Refuse a name it has, a day to come, one before it opened or before its last renaming."""
    if {name: getattr(office, f"name_{name}") for name in names} == dict(names):
        raise Invalid("reference.refused.same_name", office=office.code)
    if day > today:
        raise Invalid("reference.refused.renamed_ahead", day=day)
    if office.opened is not None and day < office.opened:
        raise Invalid(
            "reference.refused.before_opening", office=office.code, day=day, opened=office.opened
        )
    renamed = [one.day for one in events if one.kind == OfficeEventKind.RENAMED]
    if renamed and day <= max(renamed):
        raise Invalid("reference.refused.renamed_later", office=office.code, day=max(renamed))
