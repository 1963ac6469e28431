"""Requests to the City of Chicago: 74,401 rows nobody here wrote, and a small cut of them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from tests.real.comparison import compare
from tests.real.houses import CHICAGO, CUT, RealHouse, chicago_house, cra
from tests.real.plain_pandas import Measures, Rules, measures
from tests.real.sources import NOT_STATED, Source, chicago

KEY = "Service_Request_Number"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RealHouse:
    return chicago_house(tmp_path_factory)


@pytest.fixture(scope="module")
def source(house: RealHouse) -> Source:
    return chicago(house.file)


@pytest.fixture(scope="module")
def kpis(house: RealHouse, source: Source) -> Measures:
    return measures(source, Rules.of_house(house.home))


def test_the_rows_are_those_of_the_facts(shared: Path) -> None:
    """The facts were measured by somebody else: they check how pandas reads here."""
    raw = pd.read_csv(shared / "extracts" / CHICAGO, dtype=str)
    statuses = {"Completed": 70_567, "Completed - Dup": 3_509, "Open": 201, "Open - Dup": 124}
    assert raw["Status"].value_counts().to_dict() == statuses
    days = (pd.to_datetime(raw["Completion_Date"]) - pd.to_datetime(raw["Creation_Date"])).dt.days
    assert [days.median(), days.quantile(0.75)] == [3, 7]
    assert days.mean() == pytest.approx(8.1, abs=0.05)
    assert ((days == 0).sum(), (days > 365).sum()) == (4_997, 30)
    numbers = raw[KEY].value_counts()
    assert (raw[KEY].duplicated().sum(), (numbers > 1).sum()) == (375, 371)
    assert raw.duplicated().sum() == 3


def test_every_row_is_accounted_for(house: RealHouse) -> None:
    raw = pd.read_csv(house.file, dtype=str)
    repeated = int(raw[KEY].duplicated().sum())
    assert house.report["rows"] == {
        "read": len(raw),
        "accepted": len(raw) - repeated,
        "added": len(raw) - repeated,
        "changed": 0,
        "unchanged": 0,
        "vanished": 0,
        "duplicate": repeated,
        "excluded_test": 0,
        "excluded_total": 0,
        "quarantined": 0,
    }
    notes = {note["key"]: note["values"] for note in house.report["notes"]}
    assert notes["extracts.note.repeated_rows"] == {"count": 3}
    assert notes["extracts.note.superseded_rows"] == {"count": repeated - 3}


def test_the_cut_is_of_the_same_kind(house: RealHouse) -> None:
    """It stands in where the whole file is not at hand: it has to hold what makes that file odd."""
    rows = pd.read_csv(CUT, dtype=str)
    words = ("extract", "check", str(CUT), "--scope", "changes", "--json")
    checked = json.loads(cra(house.home, *words).stdout)
    assert checked["rows"]["read"] == len(rows) <= 300
    assert (
        checked["rows"]["duplicate"] == rows[KEY].duplicated().sum() > rows.duplicated().sum() > 0
    )
    assert (rows["Ward"].isna().sum(), (rows["Ward"] == "0.0").sum()) == (4, 3)
    assert set(rows["Status"]) == {"Completed", "Completed - Dup", "Open", "Open - Dup"}


def test_the_file_says_up_to_when_it_knows(house: RealHouse) -> None:
    assert (house.report["contract"], house.report["profile"]) == ("applications", "chicago-311")
    assert house.report["coverage"] == {"from": "2000-01-03", "to": "2015-01-01"}
    assert house.report["cut_at"] == "2015-01-02T00:00:00+01:00"
    assert house.report["refused"] is None


def test_the_same_file_again_changes_nothing(house: RealHouse) -> None:
    again = json.loads(cra(house.home, "extract", "load", str(house.file), "--json").stdout)
    assert again["nothing_new"]
    assert (again["event"], again["batch"]) == (house.report["event"], house.report["batch"])
    assert again["rows"]["added"] == again["rows"]["changed"] == 0


def test_nobody_learns_where_people_live(house: RealHouse) -> None:
    kept = next(house.home.glob("extracts/applications/batch-*/2014/*.parquet"))
    words = {"address", "zip", "coordinate", "latitude", "longitude", "location"}
    assert not [name for name in pd.read_parquet(kept).columns if words & set(name.split("_"))]


def test_every_reading_is_that_of_plain_pandas(
    house: RealHouse, kpis: Measures, source: Source
) -> None:
    carried = {key: one for key, one in kpis.items() if key[0] != "SD-06"}  # returns are not told
    with house.open() as workspace, workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        compared = compare(reader, carried, source)
    assert not compared.differences[:20], f"{len(compared.differences)} of {compared.readings}"
    assert compared.readings > 20_000


def test_the_command_says_the_same(house: RealHouse, kpis: Measures) -> None:
    said = cra(
        house.home,
        *("kpi", "values", "IN-01", "--by", "office", "--frequency", "year"),
        *("--from", "2000", "--to", "2015", "--format", "json"),
    )
    found = {
        (row["period"], row["office"]): (row["shown"], row["cases"])
        for row in json.loads(said.stdout)["values"]
        if row["cases"]
    }
    truth = kpis["IN-01", "value"].told("year", ("office",))
    assert found == {
        (str(start)[:4], str(ward)): tuple(told) for (start, ward), told in truth.items()
    }
    assert sum(cases for _, cases in found.values()) == house.report["rows"]["accepted"]
    assert sum(cases for (_, ward), (_, cases) in found.items() if ward == NOT_STATED) == 7
