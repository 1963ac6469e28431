"""Whatever is loaded and withdrawn in whatever order: contributions, a rebuild and pandas agree."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data.metrics.query import Form, Query
from data.metrics.reference import Reference
from data.period import Frequency, Period
from tests.data.metrics.questions import BACKLOG, PERIODS, Judged, expected, in_stock, judge, spread
from tests.data.metrics.warehouse import APPLICATIONS, PRODUCTION, REFERENCE, Warehouse

FIRST = datetime.fromisoformat("2024-12-16T08:00")  # weeks here cross a month and a year
CUT_OFF = date(2025, 1, 8)
ENDS = [date(2024, 12, 31), date(2025, 1, 5), date(2025, 1, 31)]
GROUPINGS: tuple[tuple[str, ...], ...] = ((), ("office",), ("office", "service"))
moments = st.none() | st.integers(0, 24 * 30).map(lambda hours: FIRST + timedelta(hours=hours))
ids = st.sampled_from(["A1", "A2", "A3", "A4"])
applications = st.fixed_dictionaries(
    {
        "application_id": ids,
        "service_code": st.sampled_from(["PASSPORT", "ID_CARD", "OTHER"]),
        "speed": st.sampled_from(["normal", "accelerated", None]),
        "office_code": st.sampled_from(["O1", "O2", "O3", None]),
        "municipality_code": st.sampled_from(["01", "03", "99", None]),
        "submitted_at": moments,
        "complete_at": moments,
        "suspended_days": st.none() | st.integers(0, 3),
        "due_date": st.none() | moments.map(lambda moment: moment.date() if moment else None),
        "decision": st.sampled_from(["approved", "approved", "rejected", "withdrawn", None]),
        "decided_at": moments,
        "rejection_reason": st.sampled_from(["papers", None]),
        "ready_at": moments,
        "issued_at": moments,
        "is_test": st.sampled_from([False, False, False, True, None]),
        "updated_at": moments,
    }
)
production = st.fixed_dictionaries(
    {
        "production_id": st.sampled_from(["P1", "P2", "P3"]),
        "application_id": ids | st.none(),
        "document_type": st.sampled_from(["PASSPORT", "ID_CARD"]),
        "personalised_at": moments,
        "quality_result": st.sampled_from(["pass", "fail", None]),
        "defect_code": st.sampled_from(["scratch", None]),
        "reprint_of": st.sampled_from([None, "P1"]),
    }
)


def batch_of(rows: Any, key: str) -> Any:
    return st.lists(rows, max_size=4, unique_by=lambda row: row[key])


happenings: st.SearchStrategy[list[Any]] = st.lists(
    st.tuples(
        st.just("applications"), batch_of(applications, "application_id"), st.sets(ids, max_size=2)
    )
    | st.tuples(st.just("production"), batch_of(production, "production_id"), st.just(set()))
    | st.tuples(st.just("withdraw"), st.integers(0, 5), st.just(set())),
    min_size=1,
    max_size=5,
)


def happen(warehouse: Warehouse, story: list[Any]) -> None:
    loaded: list[str] = []
    for kind, what, buried in story:
        if kind == "applications":
            held = {row["application_id"] for row in what}
            loaded.append(warehouse.load(APPLICATIONS, what, buried - held))
        elif kind == "production":
            loaded.append(warehouse.load(PRODUCTION, what))
        elif loaded:
            warehouse.withdraw(loaded.pop(what % len(loaded)))


# Without shrinking: an example writes files and runs a database, so shrinking takes minutes.
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(story=happenings)
def test_any_history(story: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder))
        happen(warehouse, story)
        for query in (*PERIODS, BACKLOG):
            warehouse.engine.refresh(query, warehouse.history, REFERENCE)
            for known in (warehouse.history.as_of(len(warehouse.events) // 2), warehouse.history):
                rebuilt = warehouse.engine.rebuild(query, known, REFERENCE)
                assert warehouse.engine.contributed(query, known, REFERENCE).equals(rebuilt)
            check = check_stock if query is BACKLOG else check_periods
            check(warehouse, query, judge(query, warehouse, len(warehouse.events)))


def check_periods(
    warehouse: Warehouse, query: Query, judged: list[Judged], reference: Reference = REFERENCE
) -> None:
    """Every slice at every frequency, and the rows behind some of them."""
    groupings = (*GROUPINGS, ("why",)) if "why" in {d.name for d in query.dimensions} else GROUPINGS
    found = warehouse.engine.slices(
        query,
        reference,
        warehouse.history,
        frequencies=list(Frequency),
        groupings=groupings,
        cut_off=CUT_OFF,
    ).to_pylist()
    wanted = [
        as_slice(row, frequency, by)
        for frequency in Frequency
        for by in groupings
        for row in expected(query, judged, frequency, by, CUT_OFF)
    ]
    assert [plain(row) for row in found] == sorted(wanted, key=lambda row: list(row.values())[:6])
    check_exclusions(warehouse, query, judged, reference)
    weeks = [row for row in found if row["frequency"] == "week" and row["dimension"] == "office"]
    for row in weeks[:2]:
        check_rows(warehouse, query, row, reference)


def check_exclusions(
    warehouse: Warehouse, query: Query, judged: list[Judged], reference: Reference
) -> None:
    """Every row left out is counted once, under its reason and in the month of its day."""
    found = warehouse.engine.exclusions(
        query, reference, warehouse.history, frequency=Frequency.MONTH
    ).to_pylist()
    counted = {(row["period_start"], row["reason"]): row["n"] for row in found}
    assert counted == Counter(
        (one.day.replace(day=1) if one.day else None, one.reason) for one in judged if one.reason
    )


def check_rows(
    warehouse: Warehouse, query: Query, row: dict[str, Any], reference: Reference
) -> None:
    """The rows behind a slice are as many as it counts, and come to the same."""
    period = Period(row["period_start"], Frequency.WEEK)
    pairs = [(row["dimension"], row["member"]), (row["dimension2"], row["member2"])]
    rows = warehouse.engine.rows(
        query,
        reference,
        warehouse.history,
        first=period.start,
        last=period.last_day,
        where={name: member for name, member in pairs if name},
        cut_off=CUT_OFF,
    ).to_pylist()
    assert len(rows) == row["n"]
    if query.form is Form.HISTOGRAM:
        assert spread([one["value"] for one in rows])["p90"] == float(row["p90"])
    else:
        assert sum(one["numerator"] for one in rows) == row["numerator"]
        assert sum(one["denominator"] for one in rows) == row["denominator"]


def check_stock(
    warehouse: Warehouse, query: Query, judged: list[Judged], reference: Reference = REFERENCE
) -> None:
    """The stock at a few ends by office, its ages, and its rows."""
    engine, history = warehouse.engine, warehouse.history
    ask: dict[str, Any] = {"ends": ENDS, "cut_off": CUT_OFF, "group_by": ("office",)}
    found = {
        (row["day"], row["office"]): row
        for row in engine.stock(query, reference, history, **ask).to_pylist()
    }
    ages = engine.ages(query, reference, history, **ask).to_pylist()
    assert set(found) == {(end, office) for end in ENDS for office in seen(judged, end)}
    for (end, office), row in found.items():
        cases = [one for one in in_stock(judged, end, CUT_OFF) if one.office == office]
        check_end(plain(row), cases, min(end, CUT_OFF))
        of_this = [one for one in ages if (one["day"], one["office"]) == (end, office)]
        counted = {one["age"]: one["n"] for one in of_this}
        assert counted == dict(Counter(worked(cases, min(end, CUT_OFF))))
    for end, office in sorted(found)[:2]:
        where = {"office": office}
        rows = engine.rows(query, reference, history, last=end, cut_off=CUT_OFF, where=where)
        cases = [one for one in in_stock(judged, end, CUT_OFF) if one.office == office]
        assert sorted(rows["age"].to_pylist()) == sorted(worked(cases, min(end, CUT_OFF)))
        assert sum(rows["overdue"].to_pylist()) == found[end, office]["overdue"]


def check_end(row: dict[str, Any], cases: list[Judged], at: date) -> None:
    ages = worked(cases, at)
    assert row["n"] == len(cases)
    assert row["overdue"] == sum(one.due is not None and one.due <= at for one in cases)
    assert row["up_to_15"] == sum(age <= 15 for age in ages)
    assert row["up_to_30"] == sum(15 < age <= 30 for age in ages)
    assert row["age_maximum"] == max(ages, default=None)
    if ages:
        assert {"median": row["age_median"], "p90": row["age_p90"]} == spread(ages)


def seen(judged: list[Judged], end: date) -> set[str]:
    """The offices that had a case by then."""
    return {
        one.office
        for one in judged
        if one.reason is None and one.opened and one.opened <= min(end, CUT_OFF)
    }


def worked(cases: list[Judged], at: date) -> list[int]:
    return [REFERENCE.calendar.working_days(one.opened, at) for one in cases if one.opened]


def as_slice(row: dict[str, Any], frequency: Frequency, by: tuple[str, ...]) -> dict[str, Any]:
    names = [*by, "", ""][:2]
    members = {
        "dimension": names[0],
        "member": row.get(names[0], ""),
        "dimension2": names[1],
        "member2": row.get(names[1], ""),
    }
    measured = {name: value for name, value in row.items() if name not in (*by, "period_start")}
    start = {"frequency": frequency.value, "period_start": row["period_start"]}
    return {**start, **members, **measured}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Decimals as floats, to compare with numpy's."""
    return {
        name: float(value)
        if name in {"median", "p90", "age_median", "age_p90"} and value is not None
        else value
        for name, value in row.items()
    }
