"""The targets as they stand become a workbook to fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.language.languages import Language, LocalText
from data.language.texts import Texts
from data.period import Frequency, Period
from data.store.tables import Agency, Office
from data.workspace import Reader, Workspace
from kpis.register import read_kpis
from kpis.targets.listing import Listed, list_targets
from reports.packs.common import Cover, Verdict
from reports.targets_exchange.laying_out import build_exchange
from reports.targets_exchange.notes import Offices


def export_targets(
    workspace: Workspace,
    *,
    by: Actor,
    language: Language,
    day: date,
    codes: Collection[str] | None = None,
    every_office: bool = False,
) -> bytes:
    """The targets of these KPIs (or all) as they stand on a day, one row each, to be changed.

    `every_office` adds a row to fill in for each open office that has no target of its own.
    """
    texts = Texts(language, workspace.settings.zone)
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader, codes)
        offices = _offices(reader)
        asked = [code for code, office in offices.items() if _is_open(office, day)]
        rows = list_targets(reader, kpis, day, offices=asked if every_office else ())
        cover = _cover(reader, rows, day, by)
    names = {code: LocalText.name_of(office) for code, office in offices.items()}
    return build_exchange(texts, cover, rows, Offices(names, tuple(asked)))


def file_name(day: date, language: Language) -> str:
    """How the workbook of a day is called."""
    return f"targets-{day.isoformat()}-{language.value}.xlsx"


def _offices(reader: Reader) -> dict[str, Office]:
    rows: Sequence[Office] = reader.all(select(Office).order_by(col(Office.code)))
    return {office.code: office for office in rows}


def _is_open(office: Office, day: date) -> bool:
    begun = office.opened is None or office.opened <= day
    return begun and (office.closed is None or office.closed > day)


def _cover(reader: Reader, rows: Sequence[Listed], day: date, by: Actor) -> Cover:
    """Whose targets, of when; the snapshot names exactly which of them are in it."""
    said = repr([(row.kpi.code, row.office, row.entry and row.entry.id) for row in rows])
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    agency = reader.find(Agency, 1)
    return Cover(
        agency=LocalText.name_of(agency) if agency else LocalText.same("-"),
        period=Period.covering(day, Frequency.MONTH),
        as_of=datetime(day.year, day.month, day.day, tzinfo=UTC),
        event_number=0,
        snapshot_id=f"T-{fingerprint[:12]}",
        snapshot_hash=fingerprint,
        prepared_by=by.name,
        approved_by=None,
        verdict=Verdict.SOUND,
        demo=bool(agency and agency.demo),
    )
