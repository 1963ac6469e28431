"""History brought in afterwards, in any order: the same readings as one load of everything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.extracts.actions import load_extract
from data.extracts.checked_file import Declared
from data.extracts.completeness import calendar
from data.period import Frequency, Period
from data.workspace import Workspace
from kpis.backfill import backfilled_periods
from kpis.lineage import explain
from kpis.readings import Ask, refresh, values
from kpis.register import read_kpi
from kpis.restatements import causes_of, read_restatements
from kpis.stored_readings import stored_frame
from tests.data.extracts.loads import STEWARD
from tests.kpis.conftest import applications, founded, open_offices, settings_in

CODE = "SD-07"  # of the cases decided in a period, those rejected
MONTHS = [Period(date(2024, month, 1), Frequency.MONTH) for month in range(1, 13)]
FIRST_REGULAR = 8  # from September on the system is there
COLUMNS = ["application_id", "service_code", "submitted_at", "decided_at", "decision"]
COLUMNS += ["ready_at", "rejection_reason", "office_code", "is_test", "updated_at"]


def raw() -> pd.DataFrame:
    """A year of applications, each opened and decided in 2024."""
    rows = applications(700, seed=11)
    rows = rows[(rows["submitted_at"].dt.year == 2024) & (rows["decided_at"].dt.year == 2024)]
    rows = rows.assign(updated_at=rows["decided_at"], office_code="O01", is_test=False)
    rows["ready_at"] = None
    found: pd.DataFrame = rows[COLUMNS].reset_index(drop=True)
    return found


@dataclass
class House:
    """A workspace and the files brought to it."""

    workspace: Workspace
    folder: Path

    def bring(self, rows: pd.DataFrame, first: Period, last: Period, *, history: bool) -> None:
        """Load a file that speaks for these months, as the data steward does."""
        path = self.folder / f"{first.code}-{last.code}-{len(list(self.folder.iterdir()))}.csv"
        rows.to_csv(path, index=False, date_format="%Y-%m-%d %H:%M:%S")
        load_extract(
            self.workspace,
            by=STEWARD,
            path=path,
            file_name=path.name,
            declared=Declared(
                coverage_from=first.start, coverage_to=last.last_day, cut_at=END_OF_YEAR
            ),
            history=history,
            reason="kept in a register before" if history else "",
            threshold=1,
        )
        refresh(self.workspace, by=SYSTEM, codes=[CODE])

    def readings(self) -> pd.DataFrame:
        with self.workspace.read(SYSTEM, Permission.KPI_PUBLISH) as reader:
            frame = stored_frame(reader, CODE).drop(columns="id")
        order = [str(name) for name in frame if name not in {"numerator", "denominator", "value"}]
        return frame.sort_values(order).reset_index(drop=True)


END_OF_YEAR = pd.Timestamp("2025-01-01", tz="Europe/Belgrade").to_pydatetime()


def opened(folder: Path) -> House:
    workspace = founded(Workspace.open(settings_in(folder / "home")))
    open_offices(workspace, ["O01"])
    (folder / "files").mkdir()
    return House(workspace, folder / "files")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return raw()


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory, rows: pd.DataFrame) -> Iterator[House]:
    """Everything in one file."""
    house = opened(tmp_path_factory.mktemp("at_once"))
    house.bring(rows, MONTHS[0], MONTHS[-1], history=False)
    yield house
    house.workspace.database.dispose()


@pytest.fixture(scope="module")
def backfilled(tmp_path_factory: pytest.TempPathFactory, rows: pd.DataFrame) -> Iterator[House]:
    """The new months first, then the old ones, each by the month in which cases were opened."""
    house = opened(tmp_path_factory.mktemp("backfilled"))
    new = rows[rows["submitted_at"] >= pd.Timestamp(MONTHS[FIRST_REGULAR].start)]
    house.bring(new, MONTHS[FIRST_REGULAR], MONTHS[-1], history=False)
    old = MONTHS[:FIRST_REGULAR]
    random.Random(4).shuffle(old)  # noqa: S311  (an order, nothing secret)
    assert old != sorted(old)
    for month in old:
        opened_then = rows[rows["submitted_at"].dt.to_period("M") == month.code]
        house.bring(opened_then, month, month, history=True)
    yield house
    house.workspace.database.dispose()


def decided(rows: pd.DataFrame, since: Period | None = None) -> pd.Series:
    """Month of the decision -> share rejected in percent, in plain pandas."""
    known = rows
    if since is not None:
        known = rows[rows["submitted_at"] >= pd.Timestamp(since.start)]
    known = known[known["decision"].isin(["approved", "rejected"])]
    rejected = known["decision"] == "rejected"
    return 100 * rejected.groupby(known["decided_at"].dt.strftime("%Y-%m")).mean()


def test_in_any_order_it_is_the_same_as_everything_at_once(
    at_once: House, backfilled: House, rows: pd.DataFrame
) -> None:
    pd.testing.assert_frame_equal(backfilled.readings(), at_once.readings())
    with backfilled.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask(CODE, MONTHS[0], MONTHS[-1]))
    expected = decided(rows)
    told = {each.period.code: each.figure.value for each in found if each.figure.value is not None}
    assert told == pytest.approx(expected[list(told)].to_dict(), abs=1e-9)
    assert len(told) > 6


def test_only_what_rows_truly_changed_counts_as_restated(
    backfilled: House, rows: pd.DataFrame
) -> None:
    with backfilled.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, CODE)
        series = values(reader, Ask(CODE, MONTHS[0], MONTHS[-1]))
        found = read_restatements(reader, kpi, series)
        causes = {each.period.code: causes_of(reader, kpi, each) for each in found}
    regular = MONTHS[FIRST_REGULAR:]
    before, after = decided(rows, since=regular[0]), decided(rows)
    told = {each.period: each for each in found if each.period in regular}
    for month in regular:
        changed = round(before[month.code], 1) != round(after[month.code], 1)
        if month in told:
            assert told[month].first.figure.value == pytest.approx(before[month.code])
            assert told[month].now.figure.value == pytest.approx(after[month.code])
            assert causes[month.code]
        else:
            assert not changed
    assert told  # cases opened before the system were decided within it
    # An old month is restated only where another old month, loaded later, brought rows of it.
    assert all(each.first.loaded for each in found)


def test_it_is_told_as_backfilled(backfilled: House, at_once: House) -> None:
    old, regular = MONTHS[:FIRST_REGULAR], MONTHS[FIRST_REGULAR:]
    quarters = [Period.parse(f"2024-Q{number}") for number in range(1, 5)]
    with backfilled.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, CODE)
        assert backfilled_periods(reader, kpi, MONTHS) == tuple(old)
        assert backfilled_periods(reader, kpi, quarters) == tuple(quarters[:3])
        assert backfilled_periods(reader, kpi, MONTHS, as_of=1) == ()
        found = explain(reader, CODE, regular[0])
    assert sum(batch.history for batch in found.batches) == len(old)
    with at_once.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert backfilled_periods(reader, read_kpi(reader, CODE), MONTHS) == ()
    known = calendar(
        backfilled.workspace, by=SYSTEM, contract="applications", today=date(2025, 1, 20)
    )
    marked = [month.period for month in known.months if month.backfilled]
    assert marked == old
