"""Newest runs, messages beside documents, and rolling windows, held against plain Python.

Random loads and withdrawals; as of every event the engine must say what a look at the rows says.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Invalid
from data.metrics.compilation import compile_query
from data.metrics.history import History, Shape
from data.metrics.query import Dimension, Existence, Form, Inclusion, Query
from data.metrics.windows import Window
from data.period import Frequency, Period
from tests.data.metrics.warehouse import (
    CHECKS,
    DOCUMENTS,
    MESSAGES,
    REFERENCE,
    SHAPES,
    Row,
    Warehouse,
)

FIRST, CUT_OFF = date(2024, 1, 1), date(2025, 3, 20)
MATCHED = Query(
    contract="checks",
    form=Form.LATEST,
    day="run_date",
    numerator="checked - failed",
    denominator="checked",
    run=("register", "place"),
    dimensions=(Dimension("register", "register"), Dimension("place", "place")),
)
WEIGHED = Query(
    contract="checks",
    form=Form.LATEST,
    day="run_date",
    numerator="failed",
    denominator="checked",
    run=("rule", "register", "place"),
    weight="weight",
    strata=("rule", "register"),
    dimensions=(Dimension("register", "register"), Dimension("place", "place")),
)
REACHED = Query(
    contract="documents",
    form=Form.COHORT,
    day="expiry",
    numerator="coalesce(reached, FALSE)",
    inclusions=(Inclusion("inactive", "coalesce(active, FALSE)"),),
    dimensions=(Dimension("kind", "kind"), Dimension("reminded", "coalesce(reached, FALSE)")),
    exists=(
        Existence(
            "reached",
            "messages",
            {"document_id": "document_id"},
            "messages.status = 'delivered' AND date(messages.delivered_at) "
            "BETWEEN add_days(expiry, -90) AND add_days(expiry, -7)",
        ),
    ),
)
LATE = Query(
    contract="documents",
    form=Form.COHORT,
    day="expiry",
    enters="add_days(expiry, 30)",
    numerator="coalesce(active, FALSE)",
    dimensions=(Dimension("kind", "kind"),),
)
DAYS = st.integers(0, 430).map(lambda n: FIRST + timedelta(days=n))
KEYS = st.integers(1, 8).map(str)
CHECK = st.builds(
    lambda key, day, register, place, rule, checked, failed: {
        "check_id": key,
        "run_date": day,
        "register": register,
        "place": place,
        "rule": rule,
        "weight": Decimal(len(rule)),
        "checked": checked,
        "failed": min(failed, checked),
    },
    st.integers(1, 30).map(str),
    DAYS,
    st.sampled_from(["births", "cars"]),
    st.sampled_from(["01", "02"]),
    st.sampled_from(["a", "bb"]),
    st.integers(0, 50),
    st.integers(0, 50),
)
DOCUMENT = st.builds(
    lambda key, kind, expiry, active: {
        "document_id": key,
        "kind": kind,
        "expiry": expiry,
        "active": active,
    },
    KEYS,
    st.sampled_from(["PASSPORT", "ID_CARD"]),
    DAYS,
    st.sampled_from([True, True, False]),
)
MESSAGE = st.builds(
    lambda key, document, status, day: {
        "message_id": key,
        "document_id": document,
        "status": status,
        "delivered_at": datetime.combine(day, time(9)),
    },
    st.integers(1, 12).map(str),
    KEYS,
    st.sampled_from(["delivered", "delivered", "failed"]),
    DAYS,
)


def unique(rows: Iterable[Row], key: str) -> list[Row]:
    return list({row[key]: row for row in rows}.values())


def batches(shape: Shape, rows: st.SearchStrategy[Row]) -> st.SearchStrategy[tuple[Shape, Any]]:
    several = st.lists(rows, min_size=1, max_size=14)
    return several.map(lambda found: (shape, unique(found, shape.key[0])))


def happen(warehouse: Warehouse, steps: Iterable[tuple[Shape, Any] | int]) -> None:
    """Load batches; a number takes back one of those that still count."""
    live: list[str] = []
    for step in steps:
        if not isinstance(step, int):
            live.append(warehouse.load(*step))
        elif live:
            warehouse.withdraw(live.pop(step % len(live)))


WITHDRAWAL = st.integers(0, 9)
CHECKING = st.lists(st.one_of(batches(CHECKS, CHECK), WITHDRAWAL), min_size=1, max_size=5)
REMINDING = st.lists(
    st.one_of(batches(DOCUMENTS, DOCUMENT), batches(MESSAGES, MESSAGE), WITHDRAWAL),
    min_size=1,
    max_size=6,
)
Slices = dict[tuple[Any, ...], tuple[Any, ...]]


def asked(
    warehouse: Warehouse,
    query: Query,
    history: History,
    groupings: list[tuple[str, ...]],
    **ask: Any,
) -> list[dict[str, Any]]:
    given = {"frequencies": [Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR], **ask}
    table = warehouse.engine.slices(
        query, REFERENCE, history, groupings=groupings, cut_off=CUT_OFF, **given
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def as_slices(rows: list[dict[str, Any]], *more: str) -> Slices:
    """(frequency, start, member, member2, ...) -> (n, numerator, denominator)."""
    keys = ("frequency", "period_start", "member", "member2", *more)
    found = {
        tuple(row[name] for name in keys): (row["n"], row["numerator"], row["denominator"])
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def periods(frequency: Frequency) -> list[Period]:
    first = Period.covering(FIRST, frequency)
    return list(first.until(Period.covering(CUT_OFF, frequency)))


def add_up(
    rows: Iterable[tuple[Row, tuple[Any, Any]]],
    members: Callable[[Row], Iterable[tuple[str, ...]]],
    into: dict[tuple[Any, ...], list[Any]],
    prefix: tuple[Any, ...],
) -> None:
    for row, (numerator, denominator) in rows:
        for cell in members(row):
            sums = into[(*prefix, *cell)]
            sums[0] += 1
            sums[1] += numerator
            sums[2] += denominator


def newest(warehouse: Warehouse, event: int, period: Period, run: tuple[str, ...]) -> list[Row]:
    """The rows of the newest run of each group within a period, a tie to the later load."""
    loads = {
        id(row): next(e.number for e in warehouse.events if e.batch == batch)
        for batch, (held, _) in warehouse.batches.items()
        for row in held
    }
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in warehouse.winners(CHECKS, event):
        if period.start <= row["run_date"] <= min(period.last_day, CUT_OFF):
            groups[tuple(row[name] for name in run)].append(row)
    picked = []
    for rows in groups.values():
        last = max((row["run_date"], loads[id(row)]) for row in rows)
        picked += [row for row in rows if (row["run_date"], loads[id(row)]) == last]
    return picked


@given(CHECKING)
@settings(max_examples=25, deadline=None)
def test_the_newest_run_counts_as_of_every_event(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        warehouse = Warehouse(Path(name))
        happen(warehouse, steps)
        for event in range(1, len(warehouse.events) + 1):
            expected: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0, 0])
            for frequency in (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR):
                for period in periods(frequency):
                    rows = newest(warehouse, event, period, ("register", "place"))
                    judged = [(r, (r["checked"] - r["failed"], r["checked"])) for r in rows]
                    prefix = (frequency.value, period.start)
                    add_up(judged, lambda r: [("", ""), (r["place"], "")], expected, prefix)
            found = asked(warehouse, MATCHED, warehouse.history.as_of(event), [(), ("place",)])
            assert as_slices(found) == {key: tuple(sums) for key, sums in expected.items()}


@given(CHECKING)
@settings(max_examples=15, deadline=None)
def test_strata_pool_places_and_keep_their_weight(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        warehouse = Warehouse(Path(name))
        happen(warehouse, steps)
        event = len(warehouse.events)
        expected: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0, 0])
        for period in periods(Frequency.QUARTER):
            for row in newest(warehouse, event, period, ("rule", "register", "place")):
                stratum = f"{row['rule']}/{row['register']}"
                for member in ("", row["register"]):
                    sums = expected["quarter", period.start, member, "", stratum, row["weight"]]
                    sums[0] += 1
                    sums[1] += row["failed"]
                    sums[2] += row["checked"]
        found = asked(
            warehouse,
            WEIGHED,
            warehouse.history,
            [(), ("register",)],
            frequencies=[Frequency.QUARTER],
        )
        slices = as_slices(found, "stratum", "weight")
        assert slices == {key: tuple(sums) for key, sums in expected.items()}


def reached(document: Row, messages: list[Row]) -> bool:
    expiry = document["expiry"]
    return any(
        one["document_id"] == document["document_id"]
        and one["status"] == "delivered"
        and expiry - timedelta(90) <= one["delivered_at"].date() <= expiry - timedelta(7)
        for one in messages
    )


@given(REMINDING)
@settings(max_examples=40, deadline=None)
def test_messages_beside_documents_as_of_every_event(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        warehouse = Warehouse(Path(name))
        happen(warehouse, steps)
        for event in range(1, len(warehouse.events) + 1):
            messages = warehouse.winners(MESSAGES, event)
            expected: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0, 0])
            for row in warehouse.winners(DOCUMENTS, event):
                if not row["active"] or row["expiry"] > CUT_OFF:
                    continue
                hit = reached(row, messages)
                start = Period.covering(row["expiry"], Frequency.MONTH).start
                members = lambda r, hit=hit: [("", ""), (r["kind"], ""), (str(hit).lower(), "")]  # noqa: E731
                add_up([(row, (int(hit), 1))], members, expected, ("month", start))
            found = asked(
                warehouse,
                REACHED,
                warehouse.history.as_of(event),
                [(), ("kind",), ("reminded",)],
                frequencies=[Frequency.MONTH],
            )
            assert as_slices(found) == {key: tuple(sums) for key, sums in expected.items()}
        engine, history = warehouse.engine, warehouse.history
        rebuilt = engine.rebuild(REACHED, history, REFERENCE)
        assert engine.contributed(REACHED, history, REFERENCE).equals(rebuilt)


@given(st.lists(batches(DOCUMENTS, DOCUMENT), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_members_enter_on_their_own_day_and_windows_reach_back(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        warehouse = Warehouse(Path(name))
        happen(warehouse, steps)
        rows = warehouse.winners(DOCUMENTS, len(warehouse.events))
        entered = [row for row in rows if row["expiry"] + timedelta(30) <= CUT_OFF]
        for window in (Window(days=365), Window(months=12)):
            found = asked(
                warehouse,
                LATE,
                warehouse.history,
                [()],
                frequencies=[Frequency.QUARTER],
                first=FIRST,
                window=window,
            )
            expected = {}
            for period in periods(Frequency.QUARTER):
                since = window.first_day(period)
                inside = [row for row in entered if since <= row["expiry"] <= period.last_day]
                hits = sum(bool(row["active"]) for row in inside)
                if inside:
                    key = ("quarter", period.start, "", "")
                    expected[key] = (len(inside), hits, len(inside))
            assert as_slices(found) == expected


def test_the_rows_behind_a_newest_run_are_just_those(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    check = {"register": "births", "place": "01", "rule": "a", "weight": Decimal(1), "failed": 1}
    rows = [
        {**check, "check_id": str(n), "run_date": day, "checked": 10}
        for n, day in enumerate([date(2025, 1, 5), date(2025, 1, 20), date(2025, 2, 3)])
    ]
    warehouse.load(CHECKS, rows)
    found = warehouse.engine.rows(
        MATCHED, REFERENCE, warehouse.history, first=date(2025, 1, 1), last=date(2025, 1, 31)
    )
    assert found.column("check_id").to_pylist() == ["1"]


@pytest.mark.parametrize(
    ("query", "window"),
    [(MATCHED, Window(months=3)), (LATE, Window()), (LATE, Window(months=1, days=1))],
)
def test_a_window_that_does_not_fit_is_refused(
    tmp_path: Path, query: Query, window: Window
) -> None:
    with pytest.raises(Invalid, match="window_unfit"):
        window.check(query.form)


def test_an_existence_needs_columns_that_are_there() -> None:
    one = REACHED.exists[0]
    wrong = Existence(one.name, one.contract, {"document_id": "nothing"}, one.condition)
    query = Query.from_json({**REACHED.to_json(), "exists": []})
    with pytest.raises(Invalid, match="unknown_column"):
        compile_query(query, SHAPES)  # nothing answers `reached` any more
    broken = Query.from_json(REACHED.to_json() | {"exists": [vars_of(wrong)]})
    with pytest.raises(Invalid, match="existence_without_columns"):
        compile_query(broken, SHAPES)


def vars_of(one: Existence) -> dict[str, Any]:
    return {
        "name": one.name,
        "contract": one.contract,
        "on": dict(one.on),
        "condition": one.condition,
    }
