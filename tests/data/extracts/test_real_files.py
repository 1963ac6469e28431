"""Two real files nobody here wrote, against plain pandas and the facts measured independently."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.extracts.checking import CheckedFile
from data.extracts.profile_files import FOLDER, read_profile
from tests.data.extracts.checks import Desk, listed, notes, rows

STATUSES = {"Completed": 70_567, "Completed - Dup": 3_509, "Open": 201, "Open - Dup": 124}


@pytest.fixture(scope="module")
def chicago_raw(shared: Path) -> pd.DataFrame:
    path = shared / "extracts" / "chicago_311_sanitation_code.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def chicago(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> CheckedFile:
    desk = Desk(tmp_path_factory.mktemp("chicago"), {"office": frozenset({"PR-1"})})
    path = shared / "extracts" / "chicago_311_sanitation_code.csv"
    return desk.check_path(path, "chicago-311", threshold=0.05)


@pytest.fixture(scope="module")
def permits(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> CheckedFile:
    desk = Desk(tmp_path_factory.mktemp("permits"))
    path = shared / "extracts" / "receipt_phase_permit_cases.csv"
    return desk.check_path(path, "permit-receipt", threshold=0.05)


def test_every_request_is_accounted_for(chicago: CheckedFile, chicago_raw: pd.DataFrame) -> None:
    counts = chicago.counts
    keys = chicago_raw["Service_Request_Number"]
    assert counts.read == len(chicago_raw) == 74_401
    assert counts.accepted == keys.nunique() == 74_026
    assert counts.duplicate == 375
    assert counts.quarantined == counts.excluded_total == 0
    assert dict(chicago_raw["Status"].value_counts()) == STATUSES


def test_the_later_row_of_a_repeated_number_wins_and_each_is_listed(
    chicago: CheckedFile, chicago_raw: pd.DataFrame
) -> None:
    again = chicago_raw["Service_Request_Number"].duplicated(keep="last")
    found = listed(chicago.noted)
    assert [one["row"] for one in found] == [index + 2 for index in chicago_raw.index[again]]
    repeated = notes(chicago)["repeated_rows"]["count"]
    assert repeated == chicago_raw.duplicated().sum() == 3
    assert notes(chicago)["superseded_rows"]["count"] == 375 - repeated


def test_no_accepted_value_differs_from_a_plain_reading(
    chicago: CheckedFile, chicago_raw: pd.DataFrame
) -> None:
    raw = chicago_raw.drop_duplicates("Service_Request_Number", keep="last")
    raw = raw.sort_values("Service_Request_Number", ignore_index=True)
    found = rows(chicago)
    text = found.fillna({"decision": "", "office_code": "", "rejection_reason": ""})
    assert list(text["application_id"]) == list(raw["Service_Request_Number"])
    assert list(text["status"]) == list(raw["Status"])
    meant = {"Completed": "approved", "Completed - Dup": "withdrawn"}
    assert list(text["decision"]) == [meant.get(one, "") for one in raw["Status"]]
    wards = raw["Ward"].str.removesuffix(".0").replace("0", "")
    assert list(text["office_code"]) == list(wards)
    assert list(text["rejection_reason"]) == list(raw["What_is_the_Nature_of_this_Code_Violation"])
    for column, header in (
        ("submitted_at", "Creation_Date"),
        ("ready_at", "Completion_Date"),
        ("decided_at", "Completion_Date"),
    ):
        expected = pd.to_datetime(raw[header].replace("", None)).astype("datetime64[us]")
        pd.testing.assert_series_equal(found[column], expected, check_names=False)


def test_the_reader_sees_the_published_facts(chicago_raw: pd.DataFrame, tmp_path: Path) -> None:
    """Over all raw rows, as the facts were measured: every number made a case of its own."""
    profile_text = (FOLDER / "chicago-311.toml").read_text(encoding="utf-8")
    own = profile_text.replace('"chicago-311"', '"chicago-rows"')
    own = own.replace('headers = ["Service_Request_Number"]', 'headers = ["row"]')
    path = tmp_path / "rows.toml"
    path.write_text(own, encoding="utf-8")
    desk = Desk(tmp_path)
    raw = chicago_raw.assign(row=[f"R{n}" for n in range(len(chicago_raw))])
    found = rows(desk.check(raw.to_csv(index=False), read_profile(path)))
    done = found[found["decided_at"].notna()]
    days = (done["ready_at"] - done["submitted_at"]).dt.days
    assert dict(found["status"].value_counts()) == STATUSES
    assert days.describe()[["50%", "75%"]].tolist() == [3, 7]
    assert round(float(days.mean()), 1) == 8.1
    assert ((days == 0).sum(), (days > 365).sum()) == (4_997, 30)
    assert found["ready_at"].isna().sum() == 325


def test_addresses_stay_outside_the_door(chicago: CheckedFile) -> None:
    assert "unknown_columns" not in notes(chicago)
    kept = b"".join(path.read_bytes() for path in chicago.accepted.rglob("*.parquet"))
    assert b"MOZART" not in kept


def test_permit_cases_are_read_on_the_local_clock(permits: CheckedFile, shared: Path) -> None:
    path = shared / "extracts" / "receipt_phase_permit_cases.csv"
    raw = pd.read_csv(path, dtype=str).sort_values("case_id", ignore_index=True)
    found = rows(permits)
    assert permits.counts.read == permits.counts.accepted == len(raw) == 1_434
    for column, header in (("submitted_at", "startdate"), ("ready_at", "enddate")):
        moments = pd.to_datetime(raw[header], utc=True, format="ISO8601")
        local = moments.dt.tz_convert("Europe/Belgrade").dt.tz_localize(None)
        pd.testing.assert_series_equal(
            found[column], local.astype("datetime64[us]"), check_names=False
        )
    deadline = pd.to_datetime(raw["deadline"], utc=True, format="ISO8601")
    due = deadline.dt.tz_convert("Europe/Belgrade").dt.date
    assert list(pd.to_datetime(found["due_date"]).dt.date) == list(due)
    channels = {"Internet": "online", "Desk": "counter", "Post": "post", "e-mail": "email",
                "Intern": "counter"}  # fmt: skip
    assert list(found["channel"]) == [channels[one] for one in raw["channel"]]
    assert (found["decision"] == "approved").sum() == raw["enddate"].notna().sum() == 1_329


def test_the_known_oddities_of_the_permits_are_found(permits: CheckedFile) -> None:
    found = rows(permits)
    assert found["ready_at"].isna().sum() == 105
    assert notes(permits)["wrong_order"]["count"] == 2
    assert len({one["row"] for one in listed(permits.noted)}) == 2
