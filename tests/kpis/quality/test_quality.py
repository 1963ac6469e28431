"""Which KPIs lean on a column, whether refusals change, and which values corrections moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.extracts.history import Load, loads
from data.period import Period
from data.workspace import Workspace
from kpis.catalogue import catalogue
from kpis.quality import Part, judged_loads, leaning, most_moved
from kpis.readings import Ask, refresh, values
from kpis.register import Kpi, read_kpis
from kpis.sources import shapes
from kpis.variation import VariationIcon
from tests.kpis.conftest import Loads, applications, founded, settings_in

MARCH = Period.parse("2025-03")
CODES = ["SD-01", "SD-06", "SD-07"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Fifteen months of applications, then a late file that changes a fifth of them."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("moved"))))
    rows = applications(800, seed=8)
    story = Loads(workspace)
    story.load("applications", rows, cut_off=date(2025, 4, 10))
    refresh(workspace, by=SYSTEM, codes=CODES)
    late = rows.iloc[::5].assign(decision="rejected", returned_count=2)
    late["updated_at"] = late["updated_at"] + timedelta(days=300)
    story.load("applications", late, cut_off=date(2025, 4, 10))
    refresh(workspace, by=SYSTEM, codes=CODES)
    yield workspace
    workspace.database.dispose()


@pytest.fixture
def kpis(house: Workspace) -> dict[str, Kpi]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return read_kpis(reader)


@pytest.mark.parametrize("contract", ["applications", "production", "payments", "civil_events"])
def test_a_column_is_leaned_on_where_its_name_stands_in_a_formula(
    kpis: dict[str, Kpi], contract: str
) -> None:
    found = leaning(kpis, contract)
    expected: dict[str, set[str]] = {}
    for entry in catalogue():
        for column in _named(entry.definition.formula.to_json(), contract):
            expected.setdefault(column, set()).add(entry.definition.code)
    assert {column: {lean.code for lean in leans} for column, leans in found.items()} == expected


def _named(formula: dict[str, object], contract: str) -> set[str]:
    """The columns of an extract that stand as words in the formulas, the texts in quotes aside."""
    columns, found = set(shapes()[contract].columns), set[str]()
    for query in formula.get("queries", {}).values():  # type: ignore[attr-defined]
        others = [*query.get("joins", ()), *query.get("exists", ())]
        for other in others:
            own, theirs = other["on"].keys(), other["on"].values()
            found |= set(own) if query["contract"] == contract else set()
            found |= set(theirs) if other["contract"] == contract else set()
        for text in _texts({n: v for n, v in query.items() if n not in ("joins", "contract")}):
            for written in re.findall(r"[\w.]+", re.sub(r"'[^']*'", "", text)):
                relation, _, column = written.rpartition(".")
                if column in columns and (relation or query["contract"]) == contract:
                    found.add(column)
    return found


def _texts(part: object) -> Iterator[str]:
    """The formulas of a query; names of dimensions, existences and reasons are none."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in ("name", "reason", "contract", "on", "form", "run_id_of"):
                yield from _texts(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)


def test_counting_and_breaking_down_are_told_apart(kpis: dict[str, Kpi]) -> None:
    found = leaning(kpis, "applications")
    parts = {lean.code: lean for lean in found["municipality_code"]}
    assert parts["SD-01"].part is Part.BREAKDOWN
    assert "municipality" in parts["SD-01"].dimensions
    assert {lean.part for lean in found["returned_count"]} == {Part.COUNTED}
    (reason,) = found["rejection_reason"]
    assert (reason.code, reason.of_some) == ("SD-07", True)
    assert not parts["SD-01"].of_some


def test_the_share_of_refused_rows_is_judged_load_by_load(house: Workspace) -> None:
    (one, *_) = loads(house, by=SYSTEM)
    shares = [2, 3, 2, 4, 3, 2, 3, 4, 2, 3, 4, 3, 2, 3, 30]
    chart = judged_loads([_month(one, n, share) for n, share in enumerate(shares)])
    assert [point.value for point in chart.points] == pytest.approx([100 * n / 500 for n in shares])
    assert chart.variation is VariationIcon.CONCERN_HIGH
    steady = judged_loads([_month(one, n, share) for n, share in enumerate(shares[:-1])])
    assert steady.variation is VariationIcon.COMMON_CAUSE


def test_two_files_of_one_month_are_one_point(house: Workspace) -> None:
    (one, *_) = loads(house, by=SYSTEM)
    chart = judged_loads([_month(one, 0, 5), _month(one, 0, 15), _month(one, 1, 0)])
    assert [point.value for point in chart.points] == [2.0, 0.0]
    assert judged_loads([]).points == ()


def _month(load: Load, number: int, refused: int) -> Load:
    """A load of the month so many after January 2024, of 500 rows."""
    last = Period.parse("2024-01").shift(number).last_day
    parts = load.batch.model_dump() | {"coverage_to": last, "rows_read": 500}
    batch = type(load.batch)(**parts | {"rows_quarantined": refused})
    return replace(load, batch=batch)


def test_the_value_that_moved_most_is_found_with_the_load_that_moved_it(
    house: Workspace, kpis: dict[str, Kpi]
) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = most_moved(reader, kpis, "applications", MARCH, 20)
        first = {
            each.period: each.figure.value
            for each in values(reader, Ask("SD-06", Period.parse("2024-01"), MARCH, as_of=1))
        }
        now = {
            each.period: each.figure.value
            for each in values(reader, Ask("SD-06", Period.parse("2024-01"), MARCH))
        }
    moved = {one.kpi.code: one for one in found}["SD-06"]
    differences = {
        period: after - before
        for period, after in now.items()
        if after is not None and (before := first[period]) is not None
    }
    largest = max(differences, key=lambda period: abs(differences[period]))
    assert moved.restated.period == largest
    assert moved.by == pytest.approx(differences[largest])
    assert moved.of == sum(1 for difference in differences.values() if difference)
    assert [cause.event for cause in moved.causes] == [2]
    steps = [one.steps for one in found]
    assert steps == sorted(steps, reverse=True, key=lambda step: step or 0)
    assert len({one.kpi.code for one in found}) == len(found)


def test_what_leans_on_another_extract_is_not_told(house: Workspace, kpis: dict[str, Kpi]) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert most_moved(reader, kpis, "payments", MARCH, 20) == ()
