"""What the engine promises, case by case; test_any_history holds it against pandas at random."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.errors import Invalid
from data.metrics.history import History
from data.metrics.query import Dimension, Form, Inclusion, Query
from data.metrics.reference import Reference, Rule
from data.period import Frequency
from tests.data.metrics.questions import BACKLOG, ON_TIME, REJECTED, REPRINTED, TURNAROUND
from tests.data.metrics.warehouse import APPLICATIONS, PRODUCTION, REFERENCE, Warehouse

MONDAY = datetime.fromisoformat("2025-03-31T10:00")


def application(number: int, **values: Any) -> dict[str, Any]:
    return {
        "application_id": f"A{number}",
        "office_code": "O1",
        "service_code": "PASSPORT",
        "speed": "normal",
        "is_test": False,
        "decision": "approved",
        "decided_at": MONDAY,
        "updated_at": MONDAY,
        **values,
    }


def months(warehouse: Warehouse, query: Query, as_of: int | None = None, **ask: Any) -> list[Any]:
    """(month, n, numerator) of a ratio."""
    history = warehouse.history if as_of is None else warehouse.history.as_of(as_of)
    ask = {"frequency": Frequency.MONTH, **ask}
    rows = warehouse.engine.cells(query, REFERENCE, history, **ask).to_pylist()
    return [(row["period_start"].month, row["n"], row["numerator"]) for row in rows]


def test_nothing_loaded_gives_empty_tables_with_all_columns(warehouse: Warehouse) -> None:
    engine, history = warehouse.engine, History()
    cells = engine.cells(
        REJECTED, REFERENCE, history, frequency=Frequency.WEEK, group_by=("office",)
    )
    assert cells.num_rows == 0
    assert cells.column_names == ["period_start", "office", "n", "numerator", "denominator"]
    assert engine.stock(BACKLOG, REFERENCE, history, ends=[date(2025, 1, 1)]).num_rows == 0
    assert engine.rows(REJECTED, REFERENCE, history).num_rows == 0
    for query in (TURNAROUND, BACKLOG, ON_TIME, REPRINTED):
        slices = engine.slices(
            query, REFERENCE, history, frequencies=list(Frequency), groupings=[(), ("office",)]
        )
        assert slices.num_rows == 0


def test_a_week_across_two_months_sums_from_the_same_cells_as_the_months(
    warehouse: Warehouse,
) -> None:
    """31 March 2025 is a Monday, so its week has one day in March and six in April."""
    days = [MONDAY + timedelta(days=offset) for offset in range(8)]
    warehouse.load(APPLICATIONS, [application(n, decided_at=day) for n, day in enumerate(days)])
    assert months(warehouse, REJECTED) == [(3, 1, 0), (4, 7, 0)]
    weeks = warehouse.engine.cells(
        REJECTED, REFERENCE, warehouse.history, frequency=Frequency.WEEK
    ).to_pylist()
    assert [(row["period_start"], row["n"]) for row in weeks] == [
        (date(2025, 3, 31), 7),
        (date(2025, 4, 7), 1),
    ]


def test_withdrawing_the_middle_version_puts_the_right_one_back(warehouse: Warehouse) -> None:
    """v1 -> v2 -> v3, v2 withdrawn: v3 stays; then v3 withdrawn: v1 is back. As of each event."""
    later = [MONDAY + timedelta(hours=hours) for hours in range(3)]
    versions = ["approved", "rejected", None]
    ids = [
        warehouse.load(APPLICATIONS, [application(1, decision=decision, updated_at=at)])
        for decision, at in zip(versions, later, strict=True)
    ]
    warehouse.withdraw(ids[1])
    warehouse.withdraw(ids[2])
    found = [months(warehouse, REJECTED, as_of) for as_of in range(6)]
    assert found == [[], [(3, 1, 0)], [(3, 1, 1)], [], [], [(3, 1, 0)]]


def test_an_older_version_loaded_late_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.load(APPLICATIONS, [application(1, decision="rejected")])
    old = MONDAY - timedelta(days=1)
    warehouse.load(APPLICATIONS, [application(1, updated_at=old), application(2, updated_at=old)])
    assert months(warehouse, REJECTED) == [(3, 2, 1)]


def test_a_tombstone_buries_and_its_withdrawal_brings_back(warehouse: Warehouse) -> None:
    warehouse.load(APPLICATIONS, [application(1), application(2)])
    full = warehouse.load(APPLICATIONS, [application(2)], tombstones=["A1"])
    assert months(warehouse, REJECTED) == [(3, 1, 0)]
    warehouse.withdraw(full)
    assert months(warehouse, REJECTED) == [(3, 2, 0)]


def test_a_late_test_flag_on_the_application_corrects_production(warehouse: Warehouse) -> None:
    attempts = [
        {"production_id": f"P{n}", "application_id": f"A{n}", "personalised_at": MONDAY}
        for n in (1, 2)
    ]
    warehouse.load(PRODUCTION, [{**one, "quality_result": "fail"} for one in attempts])
    assert months(warehouse, REPRINTED, group_by=("office",)) == [(3, 2, 2)]
    warehouse.load(APPLICATIONS, [application(1), application(2)])
    later = MONDAY + timedelta(days=1)
    flagged = warehouse.load(APPLICATIONS, [application(1, is_test=True, updated_at=later)])
    assert months(warehouse, REPRINTED) == [(3, 1, 1)]
    warehouse.withdraw(flagged)
    assert [months(warehouse, REPRINTED, n) for n in range(1, 5)] == [
        [(3, 2, 2)],
        [(3, 2, 2)],
        [(3, 1, 1)],
        [(3, 2, 2)],
    ]
    offices = warehouse.engine.cells(
        REPRINTED,
        REFERENCE,
        warehouse.history,
        frequency=Frequency.YEAR,
        group_by=("office",),
    )
    assert offices["office"].to_pylist() == ["O1"]


def test_members_enter_a_cohort_when_their_day_has_passed_at_the_cut_off(
    warehouse: Warehouse,
) -> None:
    days = [date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 12)]
    warehouse.load(APPLICATIONS, [application(n, due_date=day) for n, day in enumerate(days)])
    assert months(warehouse, ON_TIME, cut_off=date(2025, 3, 11)) == [(3, 2, 0)]
    assert months(warehouse, ON_TIME, cut_off=date(2025, 3, 12)) == [(3, 3, 0)]
    assert months(warehouse, ON_TIME, cut_off=date(2025, 3, 9)) == []


def test_what_only_the_numerator_carries_keeps_the_parents_denominator(
    warehouse: Warehouse,
) -> None:
    april = MONDAY + timedelta(days=2)
    rejected = {"decision": "rejected"}
    warehouse.load(
        APPLICATIONS,
        [
            application(1, **rejected, rejection_reason="papers"),
            application(2, **rejected, rejection_reason="photo"),
            application(3, rejection_reason="left over"),
            application(4, decided_at=april),
            application(5, decided_at=april, **rejected, rejection_reason="photo"),
        ],
    )
    rows = warehouse.engine.cells(
        REJECTED, REFERENCE, warehouse.history, frequency=Frequency.MONTH, group_by=("why",)
    ).to_pylist()
    assert [tuple(row.values())[1:] for row in rows] == [
        ("papers", 3, 1, 3),
        ("photo", 3, 1, 3),
        ("papers", 2, 0, 2),
        ("photo", 2, 1, 2),
    ]
    assert months(warehouse, REJECTED, where={"why": "photo"}) == [(3, 3, 1), (4, 2, 1)]
    behind = warehouse.engine.rows(
        REJECTED, REFERENCE, warehouse.history, last=date(2025, 3, 31), where={"why": "photo"}
    ).to_pylist()
    assert [(row["application_id"], row["numerator"]) for row in behind] == [
        ("A1", 0),
        ("A2", 1),
        ("A3", 0),
    ]


def test_filters_take_one_member_or_several_and_hostile_ones(warehouse: Warehouse) -> None:
    offices = ["O1", "O2", "O3", "x' OR 1=1 --", None]
    rows = [application(n, office_code=office) for n, office in enumerate(offices)]
    warehouse.load(APPLICATIONS, rows)
    for member, n in [("O1", 1), (["O1", "O2"], 2), ("x' OR 1=1 --", 1), ("not_stated", 1)]:
        assert months(warehouse, REJECTED, where={"office": member}) == [(3, n, 0)]
    assert months(warehouse, REJECTED, where={"office": []}) == []
    with pytest.raises(Invalid, match=r"formulas\.unknown_dimension"):
        months(warehouse, REJECTED, where={"ofice": "O1"})


def test_exclusions_are_counted_by_the_first_reason_that_applies(warehouse: Warehouse) -> None:
    warehouse.load(
        APPLICATIONS,
        [
            application(1, is_test=True, decision=None),
            application(2, decision="withdrawn"),
            application(3, decided_at=None),
            application(4),
        ],
    )
    ask: dict[str, Any] = {"frequency": Frequency.MONTH}
    engine, history = warehouse.engine, warehouse.history
    found = engine.exclusions(REJECTED, REFERENCE, history, **ask).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        (None, "no_day", 1),
        (date(2025, 3, 1), "not_decided", 1),
        (date(2025, 3, 1), "test", 1),
    ]
    march: dict[str, Any] = {"first": date(2025, 3, 1), "last": date(2025, 3, 31)}
    dated = engine.exclusions(REJECTED, REFERENCE, history, **ask, **march).to_pylist()
    assert [row["reason"] for row in dated] == ["not_decided", "test"]


def test_exclusions_of_a_stock_are_those_that_would_be_in_it(warehouse: Warehouse) -> None:
    opened = {"submitted_at": MONDAY, "decided_at": None}
    april = MONDAY + timedelta(days=3)
    warehouse.load(
        APPLICATIONS,
        [
            application(1, is_test=True, **opened),
            application(2, is_test=True, submitted_at=MONDAY, decided_at=april),
            application(3, **opened),
        ],
    )
    found = warehouse.engine.exclusions(
        BACKLOG,
        REFERENCE,
        warehouse.history,
        frequency=Frequency.MONTH,
        first=date(2025, 2, 1),
        last=date(2025, 4, 30),
    ).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        (date(2025, 3, 1), "test", 2),
        (date(2025, 4, 1), "test", 1),
    ]


def test_an_office_whose_last_case_closed_has_a_true_zero(warehouse: Warehouse) -> None:
    closed = MONDAY + timedelta(days=3)
    warehouse.load(APPLICATIONS, [application(1, submitted_at=MONDAY, decided_at=closed)])
    found = warehouse.engine.slices(
        BACKLOG,
        REFERENCE,
        warehouse.history,
        frequencies=[Frequency.MONTH],
        groupings=[("office",)],
        first=date(2025, 2, 1),
        last=date(2025, 4, 30),
    ).to_pylist()
    shown = ("period_start", "member", "n", "up_to_15", "age_median")
    assert [tuple(row[name] for name in shown) for row in found] == [
        (date(2025, 3, 1), "O1", 1, 1, Decimal("0.0")),
        (date(2025, 4, 1), "O1", 0, 0, None),
    ]


def test_quantiles_are_exact_tenths(warehouse: Warehouse) -> None:
    start = datetime.fromisoformat("2025-03-03T00:00")
    ready = [start + timedelta(days=days) for days in (1, 2, 3, 4)]
    rows = [application(n, complete_at=start, ready_at=at) for n, at in enumerate(ready)]
    warehouse.load(APPLICATIONS, rows)
    found = warehouse.engine.slices(
        TURNAROUND, REFERENCE, warehouse.history, frequencies=[Frequency.YEAR], groupings=[()]
    ).to_pylist()
    assert [(row["n"], row["median"], row["p90"]) for row in found] == [
        (4, Decimal("2.5"), Decimal("3.7"))
    ]
    histogram = warehouse.engine.histogram(
        TURNAROUND, REFERENCE, warehouse.history, frequency=Frequency.YEAR
    )
    assert histogram["value"].to_pylist() == [1, 2, 3, 4]


def test_amounts_add_up_without_rounding(warehouse: Warehouse) -> None:
    spent = Query(
        contract="production", form=Form.RATIO, day="personalised_at", numerator="cost * 3"
    )
    rows = [
        {"production_id": f"P{n}", "personalised_at": MONDAY, "cost": Decimal("0.1")}
        for n in range(10)
    ]
    warehouse.load(PRODUCTION, [*rows, {"production_id": "P", "personalised_at": MONDAY}])
    (row,) = warehouse.engine.cells(
        spent, REFERENCE, warehouse.history, frequency=Frequency.YEAR
    ).to_pylist()
    assert (row["numerator"], row["denominator"]) == (Decimal(3), 11)


def test_a_figure_no_number_can_hold_is_refused(warehouse: Warehouse) -> None:
    warehouse.load(APPLICATIONS, [application(1, suspended_days=9_000_000_000)])
    huge = replace(REJECTED, numerator="suspended_days * 900000000000")
    with pytest.raises(Invalid, match=r"formulas\.out_of_range"):
        warehouse.engine.refresh(huge, warehouse.history, REFERENCE)


def test_rows_come_in_pages_with_the_columns_asked_for(warehouse: Warehouse) -> None:
    warehouse.load(APPLICATIONS, [application(n) for n in range(5)])
    pages = [
        warehouse.engine.rows(
            REJECTED,
            REFERENCE,
            warehouse.history,
            columns=["office_code", "submitted_at"],
            limit=2,
            offset=offset,
        )
        for offset in (0, 2, 4)
    ]
    assert [key for page in pages for key in page["application_id"].to_pylist()] == [
        "A0",
        "A1",
        "A2",
        "A3",
        "A4",
    ]
    assert pages[0].column_names[:3] == ["application_id", "office_code", "submitted_at"]
    with pytest.raises(Invalid, match=r"formulas\.no_such_column"):
        warehouse.engine.rows(REJECTED, REFERENCE, warehouse.history, columns=["secret"])


def test_other_reference_data_is_measured_anew(warehouse: Warehouse) -> None:
    warehouse.load(APPLICATIONS, [application(1, submitted_at=MONDAY)])
    slower = Reference(rules=(Rule("PASSPORT", "normal", date(2020, 1, 1), 60, "calendar"),))
    days = [
        warehouse.engine.rows(ON_TIME, reference, warehouse.history)["day"].to_pylist()
        for reference in (REFERENCE, slower)
    ]
    assert days == [[date(2025, 4, 3)], [date(2025, 5, 30)]]


def files(warehouse: Warehouse) -> Iterator[Path]:
    return warehouse.root.glob("*/contributions/*/*")


def test_only_what_is_missing_is_made_and_made_the_same(warehouse: Warehouse) -> None:
    warehouse.load(APPLICATIONS, [application(n) for n in range(50)])
    warehouse.load(APPLICATIONS, [application(n, decision="rejected") for n in range(9)])
    assert warehouse.engine.refresh(REJECTED, warehouse.history, REFERENCE) == 2
    assert warehouse.engine.refresh(REJECTED, warehouse.history, REFERENCE) == 0
    first = {path: path.read_bytes() for path in files(warehouse)}
    next(iter(first)).unlink()
    assert warehouse.engine.refresh(REJECTED, warehouse.history, REFERENCE) == 1
    assert {path: path.read_bytes() for path in files(warehouse)} == first
    warehouse.engine.forget(REJECTED, REFERENCE)
    assert not list(files(warehouse))
    assert months(warehouse, REJECTED) == [(3, 50, 9)]


def test_several_may_ask_at_once_for_what_is_not_made_yet(warehouse: Warehouse) -> None:
    for number in range(3):
        warehouse.load(APPLICATIONS, [application(number)])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: months(warehouse, REJECTED), range(4)))
    assert found == [[(3, 3, 0)]] * 4
    assert {path.suffix for path in files(warehouse)} == {".parquet"}


def test_events_of_other_contracts_make_no_files(warehouse: Warehouse) -> None:
    warehouse.load(PRODUCTION, [{"production_id": "P1", "personalised_at": MONDAY}])
    assert warehouse.engine.refresh(REJECTED, warehouse.history, REFERENCE) == 0
    assert warehouse.engine.refresh(REPRINTED, warehouse.history, REFERENCE) == 1


def test_a_history_put_back_and_gone_on_differently_is_never_mixed_up(warehouse: Warehouse) -> None:
    one = warehouse.load(APPLICATIONS, [application(1)])
    warehouse.load(APPLICATIONS, [application(2)])
    warehouse.withdraw(one)
    assert months(warehouse, REJECTED) == [(3, 1, 0)]
    del warehouse.events[1:]
    warehouse.load(PRODUCTION, [])  # files of the other history are still there
    warehouse.withdraw(one)
    assert months(warehouse, REJECTED) == []


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"numerator": None}, "part_missing"),
        ({"value": "suspended_days"}, "part_unused"),
        ({"contract": "vehicles"}, "unknown_contract"),
        (
            {"joins": (replace(REPRINTED.joins[0], on={"service_code": "office_code"}),)},
            "joined_twice",
        ),
        ({"dimensions": (Dimension("n", "office_code"),)}, "bad_name"),
        ({"dimensions": (Dimension('x"y', "office_code"),)}, "bad_name"),
        ({"dimensions": (REJECTED.dimensions[0],) * 2}, "bad_name"),
        ({"dimensions": (Dimension("late", "updated_at"),)}, "wrong_kind"),
        ({"inclusions": (Inclusion("test", "suspended_days"),)}, "wrong_kind"),
        ({"day": "office_code"}, "wrong_kind"),
    ],
)
def test_a_query_that_cannot_be_measured_is_refused(
    warehouse: Warehouse, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        warehouse.engine.check(replace(REJECTED, **changes))
    assert refused.value.key == f"formulas.{key}"


def test_a_join_goes_by_the_whole_key(warehouse: Warehouse) -> None:
    astray = replace(REPRINTED.joins[0], on={"application_id": "office_code"})
    with pytest.raises(Invalid, match=r"formulas\.join_not_by_key"):
        warehouse.engine.check(replace(REPRINTED, joins=(astray,)))
