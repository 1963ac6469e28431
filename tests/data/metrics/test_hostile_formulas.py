"""Formulas that try to reach beyond their contract: refused at a place in the text, or harmless."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from data.errors import Invalid
from data.metrics.beside import scope_of
from data.metrics.compilation import compile_query
from data.metrics.formula import LONGEST, Scope, Source
from data.metrics.functions import FUNCTIONS
from data.metrics.grammar import compile_formula
from data.metrics.kinds import FormulaKind
from data.metrics.lookups import Lookups
from data.metrics.proofreading import faults, formulas
from data.metrics.query import Dimension, Form, Inclusion, Query
from kpis.catalogue import catalogue
from kpis.sources import shapes

CONTRACT = "applications"
QUERY = Query(contract=CONTRACT, form=Form.RATIO, day="date(ready_at)", numerator="TRUE")
SCOPE = scope_of(QUERY, shapes())
SLOWEST = 2.0  # seconds, on a machine that has much else to do
# What the SQL of an understood formula may be made of: nothing that reads, writes or waits.
NODES = {
    "Abs", "Add", "AddMonths", "And", "Anonymous", "Between", "Boolean", "Case", "Cast", "Coalesce",
    "Column", "DataType", "DateDiff", "DateFromParts", "EQ", "Extract", "GT", "GTE", "Greatest",
    "Identifier", "If", "In", "IntDiv", "Is", "LT", "LTE", "Least", "Literal", "Mul", "NEQ", "Neg",
    "Not", "Null", "Or", "Paren", "Sub", "Var",
}  # fmt: skip
CALLED = {"EPOCH_US"}


def outcome(text: str, scope: Scope = SCOPE) -> exp.Expr | Invalid:
    """The SQL a formula became, or how it was refused; neither may take long."""
    begun = time.perf_counter()
    lookups = Lookups()
    found: exp.Expr | Invalid
    try:
        found = compile_formula(Source(text, "part"), scope, lookups, list(FormulaKind)).sql
    except Invalid as refused:
        found = refused
    assert time.perf_counter() - begun < SLOWEST
    if isinstance(found, Invalid):
        assert_placed(found, text)
    else:
        assert_harmless(found, lookups, scope)
    return found


def assert_placed(refused: Invalid, text: str) -> None:
    """The fault lies in the text, and line and column say the same place as the position."""
    values: Mapping[str, object] = refused.values
    position, line, column = (values[name] for name in ("position", "line", "column"))
    assert isinstance(position, int)
    assert isinstance(line, int)
    assert isinstance(column, int)
    assert 1 <= position <= len(text) + 1
    lines = text.split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1
    assert sum(len(one) + 1 for one in lines[: line - 1]) + column == position


def assert_harmless(sql: exp.Expr, lookups: Lookups, scope: Scope) -> None:
    """Only columns of the contract and of reference tables, only known nodes and functions."""
    allowed = {(relation, name) for relation, name, _ in scope.columns.values()}
    allowed |= {(relation, f"{name}_utc") for relation, name in allowed}
    for node in sql.walk():
        assert type(node).__name__ in NODES, type(node).__name__
        if isinstance(node, exp.Anonymous):
            assert node.this in CALLED
        if isinstance(node, exp.Column) and not node.table.startswith("ref_"):
            assert (node.table, node.name) in allowed
    # Written out and read again, it is still one expression that selects from nothing else.
    text = f'SELECT {sql.sql(dialect="duckdb")} FROM "{CONTRACT}" {lookups.joins()}'
    again = parse_one(text, dialect="duckdb")
    assert len(list(again.find_all(exp.Select))) == 1
    tables = {table.name for table in again.find_all(exp.Table)} - {CONTRACT}
    assert all(name.startswith("ref_") for name in tables)


HOSTILE = [
    "read_csv('/etc/passwd') IS NULL",
    "read_parquet('x') = 1",
    "read_text('/etc/passwd')",
    "glob('/*')",
    "getenv('HOME')",
    "current_setting('home_directory')",
    "pg_read_file('/etc/passwd')",
    "query('SELECT 1')",
    "query_table('applications')",
    "ATTACH 'x.db' AS y",
    "COPY applications TO 'x.csv'",
    "EXPORT DATABASE 'x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA database_list",
    "SET memory_limit = '1TB'",
    "CALL pragma_version()",
    "DROP TABLE applications",
    "CREATE TABLE x AS SELECT 1",
    "TRUE; DROP TABLE applications",
    "TRUE) FROM applications; COPY applications TO 'x' --",
    "(SELECT count(*) FROM applications)",
    "EXISTS (SELECT 1)",
    "speed IN (SELECT speed FROM applications)",
    "TRUE UNION SELECT 1",
    "(TABLE applications)",
    "(VALUES (1))",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "FROM applications",
    "*",
    "applications.*",
    "COLUMNS('.*')",
    "COLUMNS(*) IS NULL",
    "applications",
    "rowid = 1",
    "_batch IS NULL",
    "main.applications.speed = 'x'",
    "memory.main.applications.speed = 'x'",
    "information_schema.tables.table_name = 'x'",
    "payments.amount = 1",
    '"speed"" = 1 --" = \'x\'',
    '"applications"."speed; DROP" = \'x\'',
    "speed = 'a' -- rest",
    "speed = 'a' /* hidden */",
    "speed /**/ = 'a'",
    "speed = 'a' # rest",
    "CAST(CAST(speed AS JSON) AS VARCHAR) = 'x'",
    "TRY_CAST(speed AS INT) = 1",
    "speed::TEXT::JSON",
    "speed LIKE '%'",
    "speed SIMILAR TO '(a+)+$'",
    "regexp_matches(speed, '(a+)+$')",
    "speed ~ '(a+)+$'",
    "repeat('x', 1000000000) = 'y'",
    "range(1000000000) IS NULL",
    "list_aggregate([1], 'sum') = 1",
    "[1, 2, 3] IS NULL",
    "{'a': 1} IS NULL",
    "x -> x + 1",
    "list_transform([1], x -> x) IS NULL",
    "sum(suspended_days) OVER ()",
    "count(*) FILTER (WHERE TRUE)",
    "suspended_days = $1",
    "suspended_days = ?",
    "suspended_days = :name",
    "suspended_days = @x",
    "suspended_days = 1e308",
    "suspended_days = 0x41",
    "suspended_days = 'x' COLLATE NOCASE",
    "INTERVAL 1 DAY = INTERVAL 1 DAY",
    "TIMESTAMP '2025-01-01' = ready_at",
    "now() > ready_at",
    "current_date > due_date",
    "random() > 0",
    "nextval('x') = 1",
    "speed\N{CYRILLIC SMALL LETTER IE} = 'x'",
    "sp\N{CYRILLIC SMALL LETTER IE}ed = 'x'",
    "\N{FULLWIDTH LATIN CAPITAL LETTER S}ELECT 1",
    "speed \N{FULLWIDTH EQUALS SIGN} 'x'",
    "speed = \N{RIGHT SINGLE QUOTATION MARK}x\N{RIGHT SINGLE QUOTATION MARK}",
    "speed\N{ZERO WIDTH SPACE} = 'x'",
    "\N{RIGHT-TO-LEFT OVERRIDE}speed = 'x'",
    "speed\0 = 'x'",
    "\0",
    "'",
    '"',
    "((((",
    "))))",
    "CASE",
    "CASE WHEN",
    "BETWEEN AND",
    "IN ()",
    "speed IN ()",
    "coalesce()",
    "date(",
    "NOT",
    "--",
    "/*",
    "\\",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_hostile_formulas_are_refused_at_their_place(text: str) -> None:
    assert isinstance(outcome(text), Invalid)


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST + 1),
        "(" * 1_000,
        "(" * 190 + "TRUE" + ")" * 190,
        "NOT " * 450 + "TRUE",
        "-" * 399 + "suspended_days = 1",
        "- " * 199 + "suspended_days = 1",
        "CASE WHEN TRUE THEN " * 60 + "1",
        "coalesce(" * 120 + "speed" + ")" * 120,
        "'" + "x" * (LONGEST - 2) + "'" * 2,
        "speed IN (" + ", ".join(["'a'"] * 250) + ")",
        "suspended_days + " * 130 + "1",
        "TRUE OR " * 180 + "TRUE",
        "/" * LONGEST,
        "'a' 'b' " * 199,
        ".".join("a" * 199),
    ],
    ids=range(15),
)
def test_the_very_long_and_the_very_deep_end_soon(text: str) -> None:
    assert isinstance(outcome(text), Invalid)


def test_a_text_stays_a_text_whatever_it_says() -> None:
    for said in ("'; DROP TABLE applications; --", "{alias}", "$$", "\\", "%s", "\0"):
        quoted = said.replace("'", "''")
        found = outcome(f"speed = '{quoted}'")
        assert not isinstance(found, Invalid)
        (literal,) = found.find_all(exp.Literal)
        assert literal.this == said


def known_formulas() -> Iterator[str]:
    """Every formula of the catalogue over this contract."""
    for entry in catalogue():
        for query in entry.definition.formula.queries.values():
            if query.contract == CONTRACT and query.is_alone:
                yield from (one.text for one in formulas(query))


KNOWN = sorted(set(known_formulas()))
PIECES = [
    *SCOPE.columns, *FUNCTIONS, *(f"{name}(" for name in FUNCTIONS),
    "payments.amount", "_batch", "rowid", "read_csv('x')", "SELECT", "FROM", "UNION", "OVER",
    "(", ")", ",", ".", "=", "<>", "<", ">=", "+", "-", "*", "/", "||", "::", ";", "--", "/*", "*/",
    "LIKE", "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "TRUE", "CASE", "WHEN", "THEN",
    "ELSE", "END", "DATE '2025-01-31'", "'x'", "''", "1", "2.5", "1e9", '"speed"', "\n", "\0",
    "\N{NO-BREAK SPACE}",
]  # fmt: skip
soup = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A formula of the catalogue with a few pieces cut out, put in or said twice."""
    text = draw(st.sampled_from(KNOWN))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        piece = draw(st.sampled_from([*PIECES, "", text[start:end] * 2]))
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=soup | mutated() | st.text(max_size=40))
def test_whatever_is_written_is_refused_in_place_or_harmless(text: str) -> None:
    outcome(text)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(numerator=soup | mutated(), condition=mutated(), member=st.sampled_from(KNOWN) | soup)
def test_no_fault_is_found_exactly_where_the_whole_compiles(
    numerator: str, condition: str, member: str
) -> None:
    query = Query(
        contract=CONTRACT,
        form=Form.RATIO,
        day="date(ready_at)",
        numerator=numerator,
        inclusions=(Inclusion("some", condition),),
        dimensions=(Dimension("part", member),),
    )
    found = dict(faults(query, shapes()))
    first = refusal_of(query)
    if first is None:
        assert {fault.key for fault in found.values()} <= {"formulas.tells_who"}
    else:
        same_part = {"part": first.values["part"]}
        assert first.values in [fault.values | same_part for fault in found.values()]


def refusal_of(query: Query) -> Invalid | None:
    """Why the query as a whole cannot be compiled, if it cannot."""
    try:
        compile_query(query, shapes())
    except Invalid as refused:
        return refused
    return None


def test_every_formula_of_the_catalogue_is_sound() -> None:
    for entry in catalogue():
        if entry.definition.formula.entered is None:
            for query in entry.definition.formula.queries.values():
                assert dict(faults(query, shapes())) == {}


@pytest.mark.parametrize(
    "member", ["application_id", "applicant_pseudo", "district(officer_pseudo)"]
)
def test_no_breakdown_tells_single_people_or_cases_apart(member: str) -> None:
    query = Query(
        contract=CONTRACT,
        form=Form.RATIO,
        day="date(ready_at)",
        numerator="TRUE",
        dimensions=(Dimension("who", member),),
    )
    (found,) = faults(query, shapes())
    assert found[0] == "dimensions.0.formula"
    assert found[1].key == "formulas.tells_who"


def test_every_fault_is_found_at_once_with_what_may_have_been_meant() -> None:
    query = Query(
        contract=CONTRACT,
        form=Form.RATIO,
        day="dat(redy_at)",
        numerator="speed = 'normal' AND\n  desicion = 'approved'",
        inclusions=(Inclusion("some", "suspended_days / 2 = 1"),),
    )
    found = dict(faults(query, shapes()))
    assert list(found) == ["day", "numerator", "inclusions.0.condition"]
    assert "date" in found["day"].values["near"]
    numerator = found["numerator"].values
    assert (numerator["line"], numerator["column"]) == (2, 3)
    assert numerator["near"][0] == "decision"
    assert found["inclusions.0.condition"].values["text"].startswith("/")
