"""The rows behind a value: exactly those counted, without what would tell who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from data.access.permissions import Permission
from data.errors import Invalid, PermissionDenied
from data.extracts.contracts import Contract, contract
from data.period import Period
from data.store.tables import Office
from data.workspace import Reader
from kpis.lineage import counts, ground_of, matched_of
from kpis.measurement import SENSITIVE

PSEUDONYM = "_pseudo"  # columns of this ending tell people apart; drilling does not need them
OFFICE = "office"


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Some of the rows counted, those in the actor's units only; `total` is how many there are."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    offices: tuple[str, ...] | None  # those looked into; None: all


def rows(
    reader: Reader,
    code: str,
    period: Period,
    *,
    where: Mapping[str, str] | None = None,
    as_of: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> CountedRows:
    """Exactly the rows behind a value, without columns that tell who somebody is.

    PermissionDenied without the right to see rows, for an office outside the actor's units, or for
    the members of a community.
    """
    members: dict[str, str | list[str]] = dict(where or {})
    for name in sorted(SENSITIVE & set(members)):  # each row would say it of somebody
        raise PermissionDenied("kpis.refused.rows_sensitive", dimension=name)
    offices = _offices(reader, (where or {}).get(OFFICE))
    if offices is not None:
        members[OFFICE] = offices
    ground = ground_of(reader, code, period, members, as_of)
    if offices is not None and not ground.kpi.definition.has_dimension(OFFICE):
        raise PermissionDenied("kpis.refused.rows_not_by_office", code=code)
    if ground.kpi.definition.formula.entered:
        raise Invalid("entering.refused.no_rows", code=code)
    shape = contract(ground.query.contract)
    both = matched_of(ground)
    table = ground.engine.rows(
        ground.query,
        ground.known.reference,
        ground.known.history,
        **ground.span,
        among=both.among if both else None,
        columns=shown_columns(shape),
        limit=limit,
        offset=offset,
    )
    return CountedRows(
        columns=tuple(table.column_names),
        rows=tuple(zip(*(column.to_pylist() for column in table.columns), strict=True)),
        total=counts(ground)[0],
        offices=None if offices is None else tuple(offices),
    )


def shown_columns(shape: Contract) -> tuple[str, ...]:
    """The columns of a contract that may be shown row by row, beside its key."""
    return tuple(
        column.name
        for column in shape.columns
        if not column.protected
        and not column.name.endswith(PSEUDONYM)
        and column.name not in shape.key
    )


def _offices(reader: Reader, asked: str | None) -> list[str] | None:
    """The offices whose rows the actor may see; None means all."""
    if not reader.by.may(Permission.ROWS_VIEW):
        raise PermissionDenied("door.denied", permission=Permission.ROWS_VIEW.value)
    units = reader.by.units_for(Permission.ROWS_VIEW)
    if units is None:
        return None
    known: Iterable[Office] = reader.all(select(Office))
    allowed = sorted(office.code for office in known if office.unit_code in units)
    if asked is None:
        return allowed
    if asked not in allowed:
        raise PermissionDenied("kpis.refused.rows_in_unit", office=asked)
    return [asked]
