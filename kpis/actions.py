"""The write of a refresh: one publication, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, update
from sqlmodel import col

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict
from data.metrics.reference import Reference
from data.store.tables import Publication, PublicationPointer, ReferenceSnapshot, StoredReading
from data.workspace import Change, Workspace
from kpis.publishing import Difference, records

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Edition:
    """What a publication of a KPI rests on; `replaces` is the one current when it was computed."""

    code: str
    definition_version_id: int
    event_number: int
    reference: Reference
    replaces: int | None


def publish(workspace: Workspace, *, by: Actor, edition: Edition, difference: Difference) -> int:
    """Write one publication whole: close what it replaces, add what is new, swap the pointer.

    Returns its id. A Conflict if somebody else published the KPI since it was computed.
    """
    with workspace.change(by, Permission.KPI_PUBLISH) as change:
        pointer = change.find(PublicationPointer, edition.code)
        if (pointer.publication_id if pointer else None) != edition.replaces:
            raise Conflict("kpis.refused.published_meanwhile", code=edition.code)
        publication = _new_publication(change, edition, len(difference.new))
        number = publication.id or 0
        _write(change, edition.code, number, difference)
        if pointer is None:
            change.add(PublicationPointer(kpi_code=edition.code, publication_id=number))
        else:
            pointer.publication_id = number
            change.add(pointer)
        change.record(
            AuditTag.KPI_PUBLISHED,
            publication,
            old={"publication": edition.replaces} if edition.replaces else None,
            new={
                "code": edition.code,
                "event": edition.event_number,
                "written": len(difference.new),
                "replaced": len(difference.replaced),
            },
        )
        return number


def _new_publication(change: Change, edition: Edition, written: int) -> Publication:
    version, now = edition.reference.version, datetime.now(UTC)
    if change.find(ReferenceSnapshot, version) is None:
        content = edition.reference.to_json()
        change.add(ReferenceSnapshot(version=version, content=content, recorded_at=now))
    publication = Publication(
        kpi_code=edition.code,
        definition_version_id=edition.definition_version_id,
        event_number=edition.event_number,
        reference_version=version,
        published_at=now,
        readings_written=written,
    )
    change.add(publication)
    return publication


def _write(change: Change, code: str, number: int, difference: Difference) -> None:
    row = col(StoredReading.id) == bindparam("row")
    close = update(StoredReading).where(row).values(replaced_in=number)
    for start in range(0, len(difference.replaced), ROWS_AT_ONCE):
        ids = difference.replaced[start : start + ROWS_AT_ONCE]
        change.execute(close, [{"row": one} for one in ids])
    names = ["kpi_code", "published_in", *difference.new.columns]
    for rows in records(difference.new, (code, number), ROWS_AT_ONCE):
        change.insert_many(StoredReading, names, rows)
