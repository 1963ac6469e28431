"""Lineage: what is said to be counted is what drilling through gives, to the row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import PermissionDenied
from data.extracts.contracts import contract
from data.period import Frequency, Period
from data.workspace import Workspace
from kpis.drilling import rows, shown_columns
from kpis.lineage import explain
from kpis.readings import refresh
from kpis.sources import Coverage
from tests.kpis.conftest import (
    OFFICES,
    SERVICES,
    Loads,
    applications,
    founded,
    open_offices,
    production,
    settings_in,
)

CODES = [f"SD-{n:02}" for n in range(1, 9)]
MONTH = Period.parse("2025-02")


@pytest.fixture(scope="module")
def loads_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loads]:

    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("lineage"))))
    open_offices(workspace, OFFICES)
    loads = Loads(workspace)
    truth = applications(1200, seed=21)
    loads.load("applications", truth, cut_off=date(2025, 4, 20))
    loads.load("production", production(truth, seed=22), cut_off=date(2025, 2, 10))
    loads.load("applications", applications(600, seed=23), cut_off=date(2025, 5, 31))
    refresh(workspace, by=SYSTEM, codes=CODES)
    yield loads
    workspace.database.dispose()


def officer(*units: str) -> Actor:
    return Actor("h@example.org", "H", "en", (Grant(Role.UNIT_HEAD, "R", frozenset(units)),))


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "office": st.sampled_from([*OFFICES, "not_stated", "O99"]),
        "service": st.sampled_from(SERVICES),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    code=st.sampled_from(CODES),
    frequency=st.sampled_from(list(Frequency)),
    day=st.dates(date(2024, 1, 1), date(2025, 5, 31)),
    where=FILTERS,
    as_of=st.sampled_from([None, 1, 2, 3]),
)
def test_counts_and_rows_agree(
    loads_told: Loads,
    code: str,
    frequency: Frequency,
    day: date,
    where: dict[str, str],
    as_of: int | None,
) -> None:
    period = Period.covering(day, frequency)
    with loads_told.workspace.read(SYSTEM, Permission.ROWS_VIEW) as reader:
        told = explain(reader, code, period, where=where, as_of=as_of)
        drilled = rows(reader, code, period, where=where, as_of=as_of, limit=100_000)
    assert told.counted == drilled.total == len(drilled.rows)
    keys = [row[0] for row in drilled.rows]
    assert len(set(keys)) == len(keys)
    headline = told.readings[0]
    if headline.loaded and headline.figure.value is not None:
        assert headline.cases == told.counted
    if "numerator" in drilled.columns:
        place = drilled.columns.index("numerator")
        assert sum(row[place] or 0 for row in drilled.rows) == told.numerator
    if code == "SD-05":
        place = drilled.columns.index("overdue")
        assert sum(row[place] for row in drilled.rows) == told.numerator
    for dimension, column in (("office", "office_code"), ("service", "service_code")):
        if dimension in where and column in drilled.columns:
            place = drilled.columns.index(column)
            asked = where[dimension]
            expected = {None if asked == "not_stated" else asked}
            assert {row[place] for row in drilled.rows} <= expected


def test_an_explanation_names_everything_it_rests_on(loads_told: Loads) -> None:
    with loads_told.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        told = explain(reader, "SD-08", MONTH)
        earlier = explain(reader, "SD-08", MONTH, as_of=2)
    assert told.definition.version == 1
    assert told.event == 3
    assert [batch.contract for batch in told.batches] == [
        "applications",
        "applications",
        "production",
    ]
    assert {batch.file_name for batch in told.batches} >= {
        f"production-{loads_told.batches[2]}.csv"
    }
    assert told.gaps == {"production": Coverage.PARTIAL}
    assert told.published is not None
    assert told.published.reference_version == told.reference_version
    assert [line.role for line in told.formula] == ["inclusion", "day", "numerator"]
    assert len(earlier.batches) == 2


def test_rows_left_out_are_counted_by_reason(loads_told: Loads) -> None:
    with loads_told.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        told = explain(reader, "SD-01", Period.parse("2024"))
    assert {"test", "not_approved", "negative"} <= set(told.excluded)
    assert all(count > 0 for count in told.excluded.values())


def test_nobody_sees_who_somebody_is(loads_told: Loads) -> None:
    hidden = {"community", "sex", "birth_year", "applicant_pseudo", "officer_pseudo"}
    assert not hidden & set(shown_columns(contract("applications")))
    with loads_told.workspace.read(SYSTEM, Permission.ROWS_VIEW) as reader:
        for code in CODES:
            assert not hidden & set(rows(reader, code, MONTH, limit=1).columns)


def test_a_unit_head_sees_the_rows_of_his_units_only(loads_told: Loads) -> None:
    with loads_told.workspace.read(officer("O01", "O02"), Permission.ROWS_VIEW) as reader:
        own = rows(reader, "SD-04", MONTH, limit=100_000)
        place = own.columns.index("office_code")
        assert {row[place] for row in own.rows} == {"O01", "O02"}
        assert own.total == len(own.rows)
        assert own.offices == ("O01", "O02")
        one = rows(reader, "SD-04", MONTH, where={"office": "O01"}, limit=100_000)
        assert 0 < one.total < own.total
        with pytest.raises(PermissionDenied):
            rows(reader, "SD-04", MONTH, where={"office": "O03"})
        with pytest.raises(PermissionDenied):
            rows(reader, "SD-08", MONTH, where={"office": "not_stated"})


def test_without_the_right_to_rows_there_are_none(loads_told: Loads) -> None:
    viewer = Actor("v@example.org", "V", "en", (Grant(Role.VIEWER, "CRA", None),))
    with loads_told.workspace.read(viewer, Permission.KPI_VIEW) as reader:
        assert explain(reader, "SD-01", MONTH).counted
        with pytest.raises(PermissionDenied):
            rows(reader, "SD-01", MONTH)


def test_the_right_in_a_unit_holds_whatever_the_reader_was_opened_for(loads_told: Loads) -> None:
    """Aggregates are open to all; a reader opened for them must not open all rows."""
    with loads_told.workspace.read(officer("O01"), Permission.KPI_VIEW) as reader:
        found = rows(reader, "SD-04", MONTH, limit=100_000)
    assert found.offices == ("O01",)


def test_rows_come_in_pages(loads_told: Loads) -> None:
    with loads_told.workspace.read(SYSTEM, Permission.ROWS_VIEW) as reader:
        whole = rows(reader, "SD-06", MONTH, limit=100_000)
        pages: list[Any] = []
        while len(pages) < whole.total:
            pages += rows(reader, "SD-06", MONTH, limit=7, offset=len(pages)).rows
    assert tuple(pages) == whole.rows
