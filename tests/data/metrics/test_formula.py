"""What a formula may say, what it comes to, and how it is refused."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from data.errors import Invalid
from data.metrics.formula import DEEPEST, LONGEST, Scope, Source
from data.metrics.grammar import compile_formula
from data.metrics.kinds import SQL_TYPE, FormulaKind
from data.metrics.lookups import Lookups
from tests.data.metrics.warehouse import REFERENCE

KINDS = {
    "office": FormulaKind.TEXT,
    "service": FormulaKind.TEXT,
    "count": FormulaKind.WHOLE,
    "weight": FormulaKind.DECIMAL,
    "is_test": FormulaKind.TRUTH,
    "due": FormulaKind.DAY,
    "opened": FormulaKind.MOMENT,
    "closed": FormulaKind.MOMENT,
}
SCOPE = Scope(
    {name: ("cases", name, kind) for name, kind in KINDS.items()}
    | {"beside.flag": ("beside", "flag", FormulaKind.TRUTH)},
    frozenset({"opened", "closed"}),
)
ROW: dict[str, Any] = {
    "office": "O'1",
    "service": "PASSPORT",
    "count": 3,
    "weight": None,
    "is_test": False,
    "due": date(2025, 1, 10),
    "opened": datetime.fromisoformat("2024-12-30T09:00"),
    "closed": None,
}


def compiled(text: str, *expected: FormulaKind) -> tuple[str, FormulaKind, str]:
    lookups = Lookups()
    typed = compile_formula(Source(text, "part"), SCOPE, lookups, expected or list(FormulaKind))
    return typed.sql.sql(dialect="duckdb"), typed.kind, lookups.joins()


def value(text: str, **changes: Any) -> Any:
    """What the formula comes to for ROW with changes, computed by DuckDB."""
    row = ROW | changes
    sql, _, joins = compiled(text)
    columns = (
        ", ".join(f'CAST(? AS {SQL_TYPE[kind]}) AS "{name}"' for name, kind in KINDS.items())
        + ", CAST(? AS TIMESTAMP) AS opened_utc, CAST(? AS TIMESTAMP) AS closed_utc"
    )
    given = [row[name] for name in KINDS] + [row.get("opened_utc"), row.get("closed_utc")]
    with duckdb.connect() as connection:
        for name, table in REFERENCE.tables().items():
            connection.register(name, table)
        found = f"SELECT {sql} FROM (SELECT {columns}) AS cases {joins}"
        answer = connection.execute(found, given).fetchone()
        assert answer is not None
        return answer[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("office = 'O''1'", True),
        ("office IN ('x', 'O''1') AND NOT is_test", True),
        ("count + 2 * 3", 9),
        ("(count + 2) * 3", 15),
        ("-count", -3),
        ("count - (2 - 1)", 2),
        ("NOT (is_test OR count = 4)", True),
        ("coalesce(weight, count)", 3),
        ("CASE WHEN count > 5 THEN 'many' WHEN count > 2 THEN 'some' END", "some"),
        ("count BETWEEN 3 AND 4", True),
        ("closed IS NULL", True),
        ("is_test IS NOT TRUE", True),
        ("due > DATE '2025-01-09'", True),
        ("due + 5", date(2025, 1, 15)),
        ("date(opened)", date(2024, 12, 30)),
        ("date(least(opened, closed))", date(2024, 12, 30)),
        ("greatest(count, 7)", 7),
        ("abs(2 - count * 2)", 4),
        ("calendar_days(opened, due)", 11),
        ("working_days(opened, due)", 7),  # 1 and 2 January are off
        ("working_days(due, opened)", -7),
        ("working_days(opened, closed)", None),
        ("district('03')", "D2"),
        ("district(office)", None),
        ("district('{alias} {0} }')", None),
    ],
)
def test_what_formulas_come_to(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("service", "speed", "submitted", "expected"),
    [
        (
            "PASSPORT",
            "normal",
            date(2024, 12, 23),
            date(2024, 12, 30),
        ),  # 25 off, Saturday 28 worked
        ("PASSPORT", "normal", date(2024, 12, 31), date(2025, 1, 9)),  # the rule of 2024: five days
        ("PASSPORT", "normal", date(2025, 1, 3), date(2025, 1, 8)),  # the rule of 2025: three
        ("ID_CARD", "normal", date(2024, 12, 31), date(2025, 1, 7)),  # calendar days
        ("ID_CARD", "normal", date(2025, 1, 1), None),  # no rule any more
        ("PASSPORT", "accelerated", date(2025, 1, 3), None),
    ],
)
def test_the_deadline_follows_the_rule_at_submission(
    service: str, speed: str, submitted: date, expected: date | None
) -> None:
    moment = datetime.combine(submitted, time(23, 59))
    assert (
        value(f"deadline(opened, service, '{speed}')", service=service, opened=moment) == expected
    )


def test_elapsed_time_does_not_see_the_clocks_change() -> None:
    """From noon to noon across the night of 26 October 2025 it is 25 hours, not 24."""
    at = datetime.fromisoformat
    local = {"opened": at("2025-10-25T12:00"), "closed": at("2025-10-26T12:00")}
    utc = {"opened_utc": at("2025-10-25T10:00"), "closed_utc": at("2025-10-26T11:00")}
    assert value("seconds_between(opened, closed)", **local, **utc) == 25 * 3600


@pytest.mark.parametrize(
    ("text", "key", "position"),
    [
        ("", "empty", 1),
        ("   ", "empty", 1),
        ("ofice = 'x'", "unknown_column", 1),
        ("count = 1 AND beside.other", "unknown_column", 15),
        ("count > 1 AND ofice = 'x'", "unknown_column", 15),
        ("count >", "unreadable", 7),
        ("count = 1 2", "unreadable", 11),
        ("count = 'x'", "wrong_kind", 9),
        ("due = '2025-01-01'", "wrong_kind", 7),
        ("office < 'x'", "wrong_kind", 1),
        ("NOT count", "wrong_kind", 5),
        ("count = 1 AND office", "wrong_kind", 15),
        ("CASE WHEN is_test THEN 1 ELSE 'x' END", "wrong_kind", 31),
        ("office = NULL", "equals_nothing", 1),
        ("count / 2", "not_allowed", 7),
        ("count::text", "not_allowed", 6),
        ("CAST(count AS text)", "not_allowed", 12),
        ("office LIKE 'x%'", "not_allowed", 8),
        ("count IN (SELECT 1)", "not_allowed", 11),
        ("(SELECT 1)", "not_allowed", 2),
        ("count = 1; DROP TABLE cases", "not_allowed", 10),
        ("DROP TABLE cases", "not_allowed", 1),
        ("COPY cases TO 'x'", "not_allowed", 1),
        ("count = $1", "not_allowed", 9),
        ("office || 'x' = 'y'", "not_allowed", 8),
        ("count -- why", "comment", 1),
        ("count /* why */ = 1", "comment", 1),
        ("read_csv('/etc/passwd') = 'x'", "unknown_function", 1),
        ("sum(count)", "unknown_function", 1),
        ("upper(office)", "unknown_function", 1),
        ("sum(count) OVER ()", "not_allowed", 12),
        ("date(due, opened)", "not_allowed", 1),
        ("date(count)", "wrong_arguments", 1),
        ("working_days(due)", "wrong_arguments", 1),
        ("least(due, count)", "wrong_arguments", 1),
        ("seconds_between(opened, due)", "not_instant", 25),
        ("due = DATE '2025-02-30'", "bad_day", 12),
        ("count = 1e9", "bad_number", 9),
        ("count = 1234567890123456", "bad_number", 9),
        ("(" * (DEEPEST + 5) + "count" + ")" * (DEEPEST + 5), "too_deep", None),
        ("NOT " * 390 + "is_test", "too_deep", None),
        ("is_test OR " * (DEEPEST + 5) + "is_test", "too_deep", None),
        ("is_test OR " * (LONGEST // 10) + "is_test", "too_long", None),
        ("a " * 500, "too_many_parts", None),
    ],
)
def test_refusals_point_at_the_place(text: str, key: str, position: int | None) -> None:
    with pytest.raises(Invalid) as refused:
        compiled(text)
    assert refused.value.key == f"formulas.{key}"
    assert refused.value.values["part"] == "part"
    if position is not None:
        assert refused.value.values["position"] == position


def test_an_unknown_column_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid) as refused:
        compiled("ofice = 'x'")
    assert refused.value.values["columns"] == tuple(sorted(SCOPE.columns))
    assert refused.value.values["text"] == "ofice = 'x'"


def test_the_kind_that_is_wanted_decides() -> None:
    with pytest.raises(Invalid) as refused:
        compiled("count + 1", FormulaKind.TRUTH)
    assert refused.value.values["expected"] == (FormulaKind.TRUTH,)
    assert refused.value.values["found"] is FormulaKind.WHOLE


WORDS = """
office service count weight is_test due opened closed beside.flag secret cases.secret
'x' ';-- 1 2.5 ( ) , = < <> + - * / . ; -- /* */ { } [ ] " $1 :: DATE'2025-01-01'
AND OR NOT IN BETWEEN IS NULL CASE WHEN THEN ELSE END DATE LIKE OVER SELECT FROM
date( coalesce( least( working_days( deadline( district( seconds_between( read_csv( sum(
"""
LEAVES = ["count", "is_test", "due", "opened", "office", "beside.flag", "secret", "cases.secret"]
LEAVES += ["1", "2.5", "'x'", "NULL", "DATE '2025-01-01'", "cases.count", '"count"', "count.office"]
SHAPES = ["({0})", "NOT {0}", "-{0}", "abs({0})", "{0} IS NULL", "{0} AND {1}", "{0} = {1}"]
SHAPES += ["{0} + {1}", "{0} IN ({1}, {1})", "coalesce({0}, {1})", "working_days({0}, {1})"]
SHAPES += ["CASE WHEN {0} THEN {1} END", "deadline({0}, office, {1})", "district({0})", "{0} < {1}"]
SHAPES += ["{0} BETWEEN {1} AND {1}", "(SELECT {0} FROM {1})", "seconds_between({0}, {1})"]

words = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)
sentences = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.tuples(st.sampled_from(SHAPES), inner, inner).map(
        lambda parts: parts[0].format(*parts[1:])
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(text=st.text(max_size=60) | words | sentences)
def test_arbitrary_text_is_refused_or_names_allowed_columns_only(text: str) -> None:
    try:
        sql, _, joins = compiled(text)
    except Invalid:
        return
    tree = parse_one(f"SELECT {sql} FROM cases {joins}", dialect="duckdb")
    allowed = {(relation, name) for relation, name, _ in SCOPE.columns.values()}
    allowed |= {("cases", f"{name}_utc") for name in SCOPE.instants}
    for column in tree.find_all(exp.Column):
        if not column.table.startswith("ref_"):
            assert (column.table, column.name) in allowed
    assert len(list(tree.find_all(exp.Select))) == 1
    tables = {table.name for table in tree.find_all(exp.Table)}
    assert tables <= {"cases", "ref_calendar", "ref_workdays", "ref_rules", "ref_districts"}
