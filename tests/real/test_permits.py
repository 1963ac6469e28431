"""Permit applications to a municipality: 1,434 cases with channels, deadlines and two offsets."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from tests.real.comparison import compare
from tests.real.houses import PERMITS, RealHouse, cra, filled
from tests.real.plain_pandas import Measures, Rules, measures
from tests.real.sources import Source, permits


@pytest.fixture(scope="module")
def house(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> RealHouse:
    return filled(tmp_path_factory, shared / "extracts" / PERMITS)


@pytest.fixture(scope="module")
def source(house: RealHouse) -> Source:
    return permits(house.file)


@pytest.fixture(scope="module")
def kpis(house: RealHouse, source: Source) -> Measures:
    return measures(source, Rules.of_house(house.home))


def test_the_rows_are_those_of_the_facts(house: RealHouse) -> None:
    """The facts were measured by somebody else: they check how pandas reads here."""
    raw = pd.read_csv(house.file, dtype=str)
    start, end, due = (
        pd.to_datetime(raw[name], utc=True, format="ISO8601")
        for name in ("startdate", "enddate", "deadline")
    )
    assert (len(raw), end.isna().sum()) == (1_434, 105)
    assert ((end > due).sum(), (end < start).sum()) == (377, 2)


def test_every_row_is_accounted_for(house: RealHouse) -> None:
    rows = house.report["rows"]
    assert rows["read"] == rows["accepted"] == rows["added"] == 1_434
    assert sum(rows.values()) == 3 * 1_434
    notes = {note["key"]: note["values"] for note in house.report["notes"]}
    assert notes["extracts.note.wrong_order"]["count"] == 2
    assert (house.report["contract"], house.report["profile"]) == ("applications", "permit-receipt")


def test_the_file_knows_nothing_after_its_last_event(house: RealHouse) -> None:
    """Deadlines lie ahead: they do not tell when the file was cut off."""
    assert house.report["coverage"] == {"from": "2010-10-01", "to": "2012-01-17"}
    assert house.report["cut_at"] == "2012-01-20T16:08:56.917000+01:00"


def test_every_reading_is_that_of_plain_pandas(
    house: RealHouse, kpis: Measures, source: Source
) -> None:
    carried = {key: one for key, one in kpis.items() if key[0] != "SD-06"}  # returns are not told
    with house.open() as workspace, workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        compared = compare(reader, carried, source)
    assert not compared.differences[:20], f"{len(compared.differences)} of {compared.readings}"
    assert compared.readings > 5_000


def test_the_command_says_the_same(house: RealHouse, kpis: Measures) -> None:
    said = cra(
        house.home,
        *("kpi", "values", "SD-03", "--by", "channel", "--frequency", "quarter"),
        *("--from", "2010-Q4", "--to", "2012-Q1", "--format", "csv"),
    )
    rows = pd.read_csv(io.StringIO(said.stdout), dtype=str)
    for line in ("value", "original_due_date"):
        found = {
            (row.period, row.channel): (row.shown, int(str(row.cases)))
            for row in rows[(rows["measure"] == line) & rows["shown"].notna()].itertuples()
        }
        truth = kpis["SD-03", line].told("quarter", ("channel",))
        quarter = {start: str(pd.Period(start, "Q")).replace("Q", "-Q") for start, _ in truth}
        assert found == {(quarter[s], str(m)): tuple(told) for (s, m), told in truth.items()}
