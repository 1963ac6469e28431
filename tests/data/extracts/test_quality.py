"""The quality of extracts: what is missing, silent, refused, empty, corrected, by plain pandas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.access.actor import Actor, Grant
from data.access.roles import Role
from data.errors import PermissionDenied
from data.extracts import quality
from data.extracts.checked_file import Declared
from data.extracts.history import Load, loads
from data.extracts.quality import ExtractQuality, ExtractState
from data.period import Frequency, Period
from data.store.tables import Office
from data.workspace import Workspace
from tests.data.extracts.loads import STEWARD, VIEWER, load
from tests.kpis.conftest import founded, open_offices, settings_in

OFFICES = {"O01": 30, "O02": 12, "O03": 1}  # cases a month
BEFORE, MARCH, APRIL = "2024-01", Period.parse("2025-03"), Period.parse("2025-04")
TODAY = date(2025, 4, 20)
MANAGER = Actor("manager@example.org", "Manager", "en", (Grant(Role.MANAGER, "CRA", None),))
COLUMNS = ("channel", "municipality_code", "decision", "decided_at")


def cases() -> pd.DataFrame:
    """Applications from January 2024 to March 2025; in March one office sends nothing."""
    random, rows = np.random.default_rng(5), []
    for month in pd.period_range(BEFORE, "2025-03", freq="M"):
        for office, count in OFFICES.items():
            if month == pd.Period("2025-03") and office != "O01":
                continue
            days = random.permutation(np.tile(np.arange(month.days_in_month), 2))[:count]
            rows += [(office, month.start_time + pd.Timedelta(days=int(n), hours=9)) for n in days]
    frame = pd.DataFrame(rows, columns=["office_code", "submitted_at"])
    frame["application_id"] = [f"A-{n:04}" for n in range(len(frame))]
    frame["service_code"] = "PASSPORT"
    frame["channel"] = np.where(random.random(len(frame)) < 0.2, "", "counter")
    frame["municipality_code"] = ""
    frame["decision"] = np.where(frame["submitted_at"].dt.year == 2024, "approved", "")
    moved = frame["submitted_at"] + pd.to_timedelta(random.integers(1, 40, len(frame)), "D")
    frame["decided_at"] = moved.where(frame["decision"] == "approved")
    frame["ready_at"] = frame["decided_at"]
    frame["is_test"] = np.where(np.arange(len(frame)) % 17 == 0, "true", "false")
    frame["updated_at"] = frame["decided_at"].fillna(frame["submitted_at"])
    return frame


def corrected(frame: pd.DataFrame) -> pd.DataFrame:
    """Some cases of March, changed in April, and two rows that cannot be let in."""
    march = frame["submitted_at"] >= "2025-03-01"
    late = frame[march].iloc[::4].assign(updated_at=pd.Timestamp("2025-04-10 08:00"))
    late = late.assign(decision="rejected")
    bad = late.iloc[:3].assign(application_id=["B-1", "B-2", "B-3"])
    bad = bad.assign(decided_at="soon", service_code=["PASSPORT", "PASSPORT", "FISHING"])
    return pd.concat([late.astype(object), bad.astype(object)])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("quality")
    workspace = Workspace.open(settings_in(folder / "home"))
    founded(workspace)
    open_offices(workspace, list(OFFICES))
    frame = cases()
    before = frame["submitted_at"] < "2025-03-01"
    bring(workspace, folder / "until-february.csv", frame[before], "2024-01-01", "2025-02-28")
    bring(workspace, folder / "march.csv", frame[~before], "2025-03-01", "2025-03-31")
    late = corrected(frame)
    cut = datetime(2025, 4, 12, 12, tzinfo=UTC)
    bring(workspace, folder / "late.csv", late, "2025-04-01", "2025-04-30", cut, threshold=0.9)
    yield workspace
    workspace.database.dispose()


def bring(
    workspace: Workspace,
    path: Path,
    rows: pd.DataFrame,
    first: str,
    last: str,
    cut: datetime | None = None,
    **options: Any,
) -> None:
    """Load rows that claim to cover the days from one to another."""
    rows.to_csv(path, index=False)
    days = date.fromisoformat(first), date.fromisoformat(last)
    midnight = datetime.combine(days[1], datetime.max.time(), workspace.settings.zone)
    declared = Declared(cut_at=cut or midnight, coverage_from=days[0], coverage_to=days[1])
    load(workspace, path, declared=declared, **options)


def found(house: Workspace, period: Period, today: date = TODAY) -> ExtractQuality:
    every = quality.qualities(house, by=STEWARD, period=period, today=today)
    return next(one for one in every if one.contract == "applications")


def live(house: Workspace) -> tuple[Load, ...]:
    return tuple(reversed(loads(house, by=STEWARD)))


def test_an_office_that_usually_reports_is_missed_and_a_small_one_is_not(house: Workspace) -> None:
    march = found(house, MARCH)
    frame = cases()
    months = frame["submitted_at"].dt.to_period("M")
    counted = frame.groupby(["office_code", months]).size().unstack(fill_value=0)
    absent = counted[counted["2025-03"] == 0].index
    assert list(absent) == ["O02", "O03"]
    assert march.silence.offices == ("O02",)  # one case a month is soon none, by chance alone
    assert march.state is ExtractState.SILENT
    assert march.missing == ()


def test_a_quarter_finds_the_month_in_which_an_office_is_silent(house: Workspace) -> None:
    quarter = found(house, Period.parse("2025-Q1"))
    assert quarter.silence.offices == ("O02",)
    assert found(house, Period.parse("2025-02")).state is ExtractState.COMPLETE


def test_an_office_that_closed_is_not_missed(house: Workspace) -> None:
    with house.database.writing() as session:
        office = session.get(Office, "O02")
        assert office is not None
        office.closed = date(2025, 3, 1)
    try:
        assert found(house, MARCH).state is ExtractState.COMPLETE
    finally:
        with house.database.writing() as session:
            office = session.get(Office, "O02")
            assert office is not None
            office.closed = None


def test_days_after_the_cut_off_are_missing_also_the_one_it_is_in(house: Workspace) -> None:
    april = found(house, APRIL, today=date(2025, 5, 20))
    assert april.state is ExtractState.PARTIAL
    assert april.missing == ((date(2025, 4, 12), date(2025, 4, 30)),)
    assert (april.days_missing, april.days) == (19, 30)
    assert found(house, APRIL).state is ExtractState.NOT_DUE  # on 20 April it is not over


def test_what_was_never_loaded_and_what_is_not_known_at_all(house: Workspace) -> None:
    every = quality.qualities(house, by=STEWARD, period=MARCH, today=TODAY)
    others = {one.state for one in every if one.contract != "applications"}
    assert others == {ExtractState.NEVER}
    assert found(house, Period.parse("2023-12")).state is ExtractState.MISSING


def test_fresh_or_stale_by_the_newest_month_that_is_due(house: Workspace) -> None:
    assert found(house, MARCH).known_until == date(2025, 4, 11)
    assert not found(house, MARCH, today=date(2025, 5, 4)).is_stale  # April is due on 6 May
    late = found(house, MARCH, today=date(2025, 5, 6))
    assert late.is_stale
    assert (late.due_until, late.age_days) == (date(2025, 4, 30), 25)
    assert late.expected is Frequency.MONTH


def test_rows_by_fate_and_reasons_are_those_of_the_file(house: Workspace) -> None:
    late = corrected(cases())
    rows = quality.fates(found(house, APRIL).of_period)
    bad = late["application_id"].str.startswith("B-")
    assert (rows.read, rows.quarantined, rows.changed) == (len(late), 3, (~bad).sum())
    counted = {one.reason: one.rows for one in quality.reasons(live(house))}
    assert counted == {"not_a_date": 3, "unknown_code": 1}
    first, second = quality.reasons(live(house))
    assert (first.share, first.up_to_here, second.up_to_here) == (0.75, 0.75, 1.0)
    assert [load.batch.file_name for load in first.loads] == ["late.csv"]


def test_the_columns_of_refused_rows_are_for_those_who_may_see_the_quarantine(
    house: Workspace,
) -> None:
    told = quality.refused_columns(house, by=STEWARD, loads=live(house))
    assert {(one.reason, one.column): one.rows for one in told} == {
        ("not_a_date", "decided_at"): 3,
        ("unknown_code", "service_code"): 1,
    }
    with pytest.raises(PermissionDenied):
        quality.refused_columns(house, by=MANAGER, loads=live(house))


def test_nobody_without_sight_of_extracts_learns_of_their_quality(house: Workspace) -> None:
    with pytest.raises(PermissionDenied):
        quality.qualities(house, by=VIEWER, period=MARCH, today=TODAY)
    with pytest.raises(PermissionDenied):
        quality.column_report(house, by=VIEWER, name_of="applications", period=MARCH)
    with pytest.raises(PermissionDenied):
        quality.corrections(house, by=VIEWER, loads=live(house))


def test_columns_that_are_not_stated_this_year_and_the_one_before(house: Workspace) -> None:
    frame = cases().set_index("application_id")
    late = corrected(cases()).set_index("application_id")
    late = late[~late.index.str.startswith("B-")]
    frame.loc[late.index, ["decision", "updated_at"]] = late[["decision", "updated_at"]]
    frame = frame[frame["is_test"] == "false"]
    years = {
        "now": frame[frame["submitted_at"].between("2024-04-01", "2025-03-31 23:59")],
        "then": frame[frame["submitted_at"] < "2024-04-01"],
    }
    report = quality.column_report(house, by=STEWARD, name_of="applications", period=MARCH)
    assert report.span == (date(2024, 4, 1), date(2025, 3, 31))
    gaps = {gap.column: gap for gap in report.gaps}
    for column in COLUMNS:
        empty = {name: (rows[column].isna() | rows[column].eq("")) for name, rows in years.items()}
        gap = gaps[column]
        assert (gap.rows, gap.unstated) == (len(years["now"]), empty["now"].sum())
        assert (gap.rows_before, gap.unstated_before) == (len(years["then"]), empty["then"].sum())
    stated = [gap.share or 0.0 for gap in report.gaps if not gap.may_be_empty]
    assert stated == sorted(stated, reverse=True)
    assert gaps["decided_at"].may_be_empty
    assert not gaps["channel"].may_be_empty
    assert "submitted_at" not in gaps  # every row states it, or is refused


def test_corrections_say_how_many_and_how_far_back(house: Workspace) -> None:
    frame, late = cases(), corrected(cases())
    late = late[~late["application_id"].str.startswith("B-")]
    opened = frame.set_index("application_id").loc[late["application_id"], "submitted_at"]
    age = (pd.Timestamp("2025-04-12") - opened.dt.normalize()).dt.days
    first, second, third = quality.corrections(house, by=STEWARD, loads=live(house))
    assert (first.changed, second.changed, third.changed) == (0, 0, len(late))
    assert (first.oldest, second.oldest) == (None, None)
    assert third.oldest == opened.min().date()
    assert (third.longest_days, third.median_days) == (age.max(), age.median())


def test_the_delay_is_counted_from_the_last_day_covered(house: Workspace) -> None:
    zone = house.settings.zone
    for one in live(house):
        last = one.batch.coverage_to
        assert last is not None
        assert quality.delay_days(one, zone) == (datetime.now(zone).date() - last).days
        assert quality.is_of_its_time(one)


def test_ways_in_are_counted_apart(house: Workspace) -> None:
    (one,) = quality.sources(live(house))
    assert (one.loads, one.read) == (3, len(cases()) + len(corrected(cases())))
    assert (one.quarantined, one.share) == (3, 3 / one.read)
    assert quality.sources(()) == ()
    assert quality.reasons(()) == ()


def test_a_working_day_without_a_row_is_missed_where_rows_are_daily(
    tmp_path: Path, workspace: Workspace
) -> None:
    founded(workspace)
    days = pd.date_range("2024-06-01", "2025-03-31").difference(pd.to_datetime(["2025-03-19"]))
    rows = pd.DataFrame({"service": "portal", "day": days.strftime("%Y-%m-%d")})
    rows["agreed_minutes"], rows["unplanned_down_minutes"] = 1440, 0
    rows["planned_down_minutes"] = 0
    bring(workspace, tmp_path / "availability.csv", rows, "2024-06-01", "2025-03-31")
    every = quality.qualities(workspace, by=STEWARD, period=MARCH, today=TODAY)
    one = next(one for one in every if one.contract == "it_availability")
    assert one.silence.days == (date(2025, 3, 19),)
    assert one.state is ExtractState.SILENT
