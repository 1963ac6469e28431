"""What the list of loads, the calendar of completeness and the quarantine say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from data.errors import NotFound, PermissionDenied
from data.extracts.actions import withdraw_load
from data.extracts.checked_file import Declared
from data.extracts.completeness import MonthState, calendar, calendars
from data.extracts.contracts import all_contracts
from data.extracts.history import (
    events,
    load_of,
    loads,
    quarantine,
    quarantine_csv,
    refused_csv,
)
from data.store.batches import BatchStore
from data.workspace import Workspace
from tests.data.extracts.loads import STEWARD, VIEWER, application, founded, load, stock, written

TODAY = date(2025, 6, 3)


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    return founded(workspace)


def covering(first: date, last: date, cut: datetime | None = None) -> Declared:
    cut_at = cut or datetime(last.year, last.month, last.day, 20, tzinfo=UTC)
    return Declared(coverage_from=first, coverage_to=last, cut_at=cut_at)


def bring(house: Workspace, folder: Path, number: int, declared: Declared) -> str:
    path = written(folder / f"{number}.csv", [application(number)])
    return load(house, path, declared=declared).batch or ""


def states(house: Workspace) -> dict[str, MonthState]:
    found = calendar(house, by=STEWARD, contract="applications", today=TODAY)
    return {month.period.code: month.state for month in found.months}


def test_loads_are_listed_newest_first_with_their_fate(house: Workspace, tmp_path: Path) -> None:
    first = load(house, written(tmp_path / "a.csv", [application(1)]))
    load(house, written(tmp_path / "b.csv", [stock(1, 1)]))
    event = withdraw_load(house, by=STEWARD, batch_id=first.batch or "", reason="twice")
    listed = loads(house, by=STEWARD)
    assert [(one.event.number, one.batch.file_name, one.is_live) for one in listed] == [
        (2, "b.csv", True),
        (1, "a.csv", False),
    ]
    assert [one.batch.file_name for one in loads(house, by=STEWARD, contract="applications")] == [
        "a.csv"
    ]
    assert load_of(house, by=STEWARD, batch_id=first.batch or "").withdrawal == event
    assert [one.kind for one in events(house, by=STEWARD)] == ["load", "load", "withdrawal"]
    with pytest.raises(NotFound):
        load_of(house, by=STEWARD, batch_id="nothing")


def test_the_calendar_tells_covered_partial_missing_and_not_due(
    house: Workspace, tmp_path: Path
) -> None:
    bring(house, tmp_path, 1, covering(date(2025, 1, 1), date(2025, 1, 31)))
    bring(house, tmp_path, 2, covering(date(2025, 2, 1), date(2025, 2, 14)))
    bring(house, tmp_path, 3, covering(date(2025, 4, 1), date(2025, 4, 20)))
    bring(house, tmp_path, 4, covering(date(2025, 4, 21), date(2025, 4, 30)))
    assert states(house) == {
        "2025-01": MonthState.COVERED,
        "2025-02": MonthState.PARTIAL,
        "2025-03": MonthState.MISSING,
        "2025-04": MonthState.COVERED,  # by two loads that meet
        "2025-05": MonthState.NOT_DUE,  # it ended three days ago
        "2025-06": MonthState.NOT_DUE,
    }


def test_a_withdrawn_load_covers_nothing(house: Workspace, tmp_path: Path) -> None:
    bring(house, tmp_path, 1, covering(date(2025, 3, 1), date(2025, 3, 31)))
    gone = bring(house, tmp_path, 2, covering(date(2025, 4, 1), date(2025, 4, 30)))
    withdraw_load(house, by=STEWARD, batch_id=gone, reason="wrong month")
    assert states(house)["2025-03"] is MonthState.COVERED
    assert states(house)["2025-04"] is MonthState.MISSING


def test_days_after_the_cut_off_are_not_covered(house: Workspace, tmp_path: Path) -> None:
    cut = datetime(2025, 3, 30, 22, 30, tzinfo=UTC)  # already the 31st on the agency's clock
    bring(house, tmp_path, 1, covering(date(2025, 3, 1), date(2025, 4, 30), cut))
    found = calendar(house, by=STEWARD, contract="applications", today=TODAY)
    march, april = found.months[0], found.months[1]
    assert (march.state, march.days_covered, march.days) == (MonthState.COVERED, 31, 31)
    assert (april.state, april.days_covered) == (MonthState.MISSING, 0)
    assert found.cut_at == march.cut_at == cut
    assert found.age_days(datetime(2025, 4, 10, tzinfo=UTC)) == 10


def test_every_contract_has_a_calendar_even_without_loads(house: Workspace, tmp_path: Path) -> None:
    bring(house, tmp_path, 1, covering(date(2025, 3, 1), date(2025, 3, 31)))
    found = {one.contract: one for one in calendars(house, by=STEWARD, today=TODAY)}
    assert set(found) == {one.name for one in all_contracts()}
    assert found["applications"].live_loads == 1
    assert found["applications"].cut_at is not None
    assert (found["payments"].months, found["payments"].age_days(datetime.now(UTC))) == ((), None)


def test_quarantine_is_read_in_pages_and_downloaded(house: Workspace, tmp_path: Path) -> None:
    batch_id = bring(house, tmp_path, 1, covering(date(2025, 3, 1), date(2025, 3, 31)))
    assert quarantine(house, by=STEWARD, batch_id=batch_id).total == 0
    with pytest.raises(NotFound):
        quarantine_csv(house, by=STEWARD, batch_id=batch_id, to=tmp_path / "q.csv")
    laid_down(BatchStore(house.settings.extracts).quarantine_path("applications", batch_id))
    page = quarantine(house, by=STEWARD, batch_id=batch_id, limit=1, offset=1)
    assert page.columns == ("row", "column", "reason")
    assert (page.rows, page.total) == (((9, "=cmd()", "bad_date"),), 2)
    quarantine_csv(house, by=STEWARD, batch_id=batch_id, to=tmp_path / "q.csv")
    assert (tmp_path / "q.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "row,column,reason",
        "7,decided_at,bad_date",
        "9,'=cmd(),bad_date",
    ]


def test_who_may_not_see_the_quarantine_is_refused(house: Workspace, tmp_path: Path) -> None:
    batch_id = bring(house, tmp_path, 1, covering(date(2025, 3, 1), date(2025, 3, 31)))
    with pytest.raises(PermissionDenied):
        quarantine(house, by=VIEWER, batch_id=batch_id)
    with pytest.raises(PermissionDenied):
        loads(house, by=VIEWER)
    with pytest.raises(PermissionDenied):
        refused_csv(house, by=VIEWER, sha256="0" * 64)


@pytest.mark.parametrize("name", ["0" * 64, "../../cra", "A" * 64, ""])
def test_a_quarantine_never_kept_is_not_found(house: Workspace, name: str) -> None:
    with pytest.raises(NotFound):
        refused_csv(house, by=STEWARD, sha256=name)


def laid_down(path: Path) -> None:
    with duckdb.connect() as connection:
        rows = "(VALUES (7, 'decided_at', 'bad_date'), (9, '=cmd()', 'bad_date'))"
        table = f"""SELECT * FROM {rows} AS q("row", "column", reason)"""
        connection.execute(f"COPY ({table}) TO '{path}' (FORMAT parquet)")
