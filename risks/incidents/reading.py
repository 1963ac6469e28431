"""Which incidents there were, as the actor may see them, now or at the reader's time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import select

from data.access.permissions import Permission
from data.codec import build
from data.errors import NotFound
from data.records import contents, history, standing
from data.store import tables
from data.store.tables import RecordVersion
from data.workspace import Reader
from risks.incidents.record import Incident
from risks.register.nouns import Noun
from risks.register.reading import read_register


def read_incidents(reader: Reader) -> tuple[Incident, ...]:
    """The incidents of the actor's units, those he recorded and those of risks he may see, the
    latest first; of each only the risks he may see. Who sees what is published sees none.
    """
    if not reader.by.may(Permission.RISK_VIEW):
        return ()
    units = reader.by.units_for(Permission.RISK_VIEW)
    found = all_incidents(reader)
    if units is not None:
        risks = frozenset(one.code for one in read_register(reader))
        seen = (_as_seen(one, risks) for one in found)
        found = [
            one
            for one in seen
            if one.risks or one.unit_code in units or one.recorded_by == reader.by.email
        ]
    return tuple(sorted(found, key=lambda one: (one.happened_on, one.recorded_at), reverse=True))


def read_incident(reader: Reader, code: str) -> Incident:
    """The incident of this code; none, or one the actor may not see, is NotFound."""
    for one in read_incidents(reader):
        if one.code == code:
            return one
    raise NotFound("risks.incidents.refused.no_incident", code=code)


def incidents_of(incidents: Iterable[Incident], risk_code: str) -> tuple[Incident, ...]:
    """Those in which a risk came true, in the order given."""
    return tuple(one for one in incidents if risk_code in one.risks)


def incidents_past(reader: Reader, incident: Incident) -> list[RecordVersion]:
    """Every change of an incident up to the reader's time, oldest first."""
    return history(reader, Noun.INCIDENT, incident.id)


def all_incidents(reader: Reader) -> list[Incident]:
    """Every incident with all its risks, whoever asks: for what counts them."""
    ids = [number for number, _said in standing(reader, Noun.INCIDENT)]
    return [build(Incident, content) for _said, content in contents(reader, ids)]


def read_rows(reader: Reader, incident_id: str) -> Incident:
    """The record that the rows of one incident make up; none is NotFound."""
    said = reader.get(tables.Incident, incident_id).model_dump()
    codes = (
        select(tables.Risk.code)
        .join(tables.IncidentRisk)
        .where(tables.IncidentRisk.incident_id == incident_id)
    )
    return build(Incident, said | {"risks": sorted(reader.all(codes))})


def _as_seen(incident: Incident, risks: frozenset[str]) -> Incident:
    return replace(incident, risks=tuple(code for code in incident.risks if code in risks))
