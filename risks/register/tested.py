"""Which controls work: what their last tests found, as assessments lean on it."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlmodel import col, select

from data.store.tables import RiskControl, RiskControlTest
from data.workspace import Reader


class Verdict(StrEnum):
    """Of a test: of how a control is made, and of how it runs."""

    EFFECTIVE = "effective"
    PARTIAL = "partial"
    INEFFECTIVE = "ineffective"


def last_tests(reader: Reader, control_ids: Collection[str]) -> dict[str, RiskControlTest]:
    """The newest test of each control, up to the reader's time."""
    table = RiskControlTest
    statement = select(table).where(col(table.control_id).in_(sorted(control_ids)))
    if reader.then is not None:
        statement = statement.where(table.tested_at < reader.then.until)
    rows = reader.all(statement.order_by(col(table.tested_at), col(table.id)))
    return {row.control_id: row for row in rows}


def working_controls(reader: Reader, control_ids: Collection[str]) -> frozenset[str]:
    """Those in use of which the last test found that they are well made and work."""
    in_use = select(RiskControl.id).where(
        col(RiskControl.id).in_(sorted(control_ids)), col(RiskControl.retired_at).is_(None)
    )
    tests = last_tests(reader, reader.all(in_use))
    works = Verdict.EFFECTIVE.value
    return frozenset(
        one for one, test in tests.items() if test.design == works and test.operating == works
    )
