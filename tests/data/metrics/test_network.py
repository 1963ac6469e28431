"""Offices that follow one another: measured as if every row had always named the successor."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data.errors import Invalid
from data.metrics.query import Dimension
from data.metrics.reference import Reference
from data.metrics.succession import Life, last_successors
from data.metrics.tracing import Span, events_touching
from data.period import Frequency
from tests.data.metrics.questions import BACKLOG, PERIODS, REJECTED, judge
from tests.data.metrics.test_any_history import check_periods, check_stock, happen, happenings
from tests.data.metrics.warehouse import APPLICATIONS, REFERENCE, Warehouse

OFFICES = ["O1", "O2", "O3", "O4"]
LINES = (REJECTED, *(query for query in PERIODS if query is not REJECTED))
mergers = st.dictionaries(
    st.sampled_from(OFFICES), st.sampled_from(OFFICES), min_size=1, max_size=3
)


def followed(into: dict[str, str], office: str) -> str:
    """Where an office ends up, one step after the other."""
    for _step in OFFICES:
        office = into.get(office, office)
    return office


def is_circle(into: dict[str, str]) -> bool:
    return any(followed(into, office) in into for office in into)


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(story=happenings, into=mergers.filter(lambda into: not is_circle(into)))
def test_any_mergers_in_any_history(story: list[Any], into: dict[str, str]) -> None:
    reference = replace(REFERENCE, successors=tuple(into.items()))
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder))
        happen(warehouse, story)
        for query in (*LINES, BACKLOG):
            warehouse.engine.refresh(query, warehouse.history, REFERENCE)
            again = warehouse.engine.refresh(query, warehouse.history, reference)
            assert again == 0  # no row is counted anew
            rebuilt = warehouse.engine.rebuild(query, warehouse.history, reference)
            assert warehouse.engine.contributed(query, warehouse.history, reference).equals(rebuilt)
            moved = [
                replace(one, office=followed(into, one.office))
                for one in judge(query, warehouse, len(warehouse.events))
            ]
            check = check_stock if query is BACKLOG else check_periods
            check(warehouse, query, moved, reference)


@given(into=mergers)
def test_chains_resolve_and_circles_are_refused(into: dict[str, str]) -> None:
    if is_circle(into):
        with pytest.raises(Invalid, match="circle"):
            last_successors(into)
        return
    found = last_successors(into)
    assert dict(found) == {office: followed(into, office) for office in into}
    assert last_successors(dict(found)) == found


def test_a_house_without_mergers_keeps_its_version() -> None:
    document = REFERENCE.to_json()
    assert not {"successors", "lives"} & set(document)
    merged = replace(REFERENCE, successors=(("O1", "O2"),), lives=(Life("O2", date(2020, 1, 1)),))
    assert merged.version != REFERENCE.version
    assert Reference.from_json(merged.to_json()) == merged
    assert merged.for_counting(by_place_of_office=False).version == REFERENCE.version


def test_the_places_of_a_merged_office_are_those_of_its_successor(warehouse: Warehouse) -> None:
    row = {"decision": "rejected", "decided_at": "2025-01-07T09:00"}
    at = {"application_id": "A1", "office_code": "O1"}
    warehouse.load(APPLICATIONS, [dated(row | at), dated(row | {"application_id": "A2"})])
    query = replace(
        REJECTED, dimensions=(Dimension("municipality", "office_municipality(office_code)"),)
    )
    here = replace(REFERENCE, offices=(("O1", "01"), ("O2", "02")))
    merged = replace(here, successors=(("O1", "O2"),))
    found = [
        [
            (each["municipality"], each["n"])
            for each in warehouse.engine.cells(
                query,
                reference,
                warehouse.history,
                frequency=Frequency.MONTH,
                group_by=["municipality"],
            ).to_pylist()
        ]
        for reference in (here, merged, here)
    ]
    before, after, again = found
    assert before == again == [("01", 1), ("not_stated", 1)]
    assert after == [("02", 1), ("not_stated", 1)]


def dated(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "decided_at": datetime.fromisoformat(row["decided_at"])}


def test_what_changed_a_successor_is_traced_through_the_merged_office(
    warehouse: Warehouse,
) -> None:
    row = {"decision": "rejected", "decided_at": "2025-01-07T09:00"}
    warehouse.load(APPLICATIONS, [dated(row | {"application_id": "A1", "office_code": "O2"})])
    warehouse.load(APPLICATIONS, [dated(row | {"application_id": "A2", "office_code": "O1"})])
    span = Span(date(2025, 1, 1), date(2025, 1, 31), {"office": "O2"})
    merged = replace(REFERENCE, successors=(("O1", "O2"),))
    touching = {
        name: [
            event.number
            for event in events_touching(
                warehouse.engine, REJECTED, reference, warehouse.history, span, after=0
            )
        ]
        for name, reference in (("apart", REFERENCE), ("merged", merged))
    }
    assert touching == {"apart": [1], "merged": [1, 2]}
