"""Service delivery for a pack: every service, every office, each in the other, and all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from data.language.languages import LocalText
from data.period import Period
from data.recalling import recalled
from data.store.tables import Office, Service
from data.workspace import Reader
from kpis.service_delivery import DeliveryRow as Counted
from kpis.service_delivery import delivery
from reports.packs.management import DeliveryRow

SLICES = ((), ("service",), ("office",), ("office", "service"))


def delivery_rows(reader: Reader, period: Period) -> Iterable[DeliveryRow]:
    """The rows of a period at all four levels; a member nobody knows keeps its code as name."""
    offices = {row.code: LocalText.name_of(row) for row in recalled(reader, Office)}
    services = {row.code: LocalText.name_of(row) for row in recalled(reader, Service)}
    for by in SLICES:
        table = delivery(reader, period, by=by)
        for row in table.rows if by else (table.total,):
            yield _row(row, offices, services)


def _row(
    row: Counted, offices: Mapping[str, LocalText], services: Mapping[str, LocalText]
) -> DeliveryRow:
    figures = row.figures
    return DeliveryRow(
        service=_name(row.service, services),
        office=_name(row.office, offices),
        intake=figures["intake"],
        output=figures["output"],
        backlog=figures["backlog"],
        overdue_share=figures["overdue"],
        median=figures["median"],
        p90=figures["p90"],
        within_deadline=figures["within_deadline"],
    )


def _name(code: str | None, names: Mapping[str, LocalText]) -> LocalText | None:
    return None if code is None else names.get(code, LocalText.same(code))
