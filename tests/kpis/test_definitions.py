"""Definitions: the catalogue says what the project's KPI list says, and can be measured."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from data.errors import Invalid
from data.figure import Unit
from data.metrics.engine import Engine
from data.metrics.query import Form
from data.period import Frequency
from data.store.batches import BatchStore
from kpis.catalogue import Entry, catalogue
from kpis.definitions import Definition, Formula
from kpis.direction import Direction
from kpis.measures import Statistic
from kpis.sources import shapes

BY_CODE = {entry.definition.code: entry for entry in catalogue()}
LISTED = [
    code for code in BY_CODE if not code.startswith("IN-")
]  # the others stand beside the list
UNITS = {
    "working days": Unit.WORKING_DAYS,
    "days": Unit.DAYS,
    "hours": Unit.HOURS,
    "minutes": Unit.MINUTES,
    "%": Unit.PERCENT,
    "percentage points": Unit.PERCENTAGE_POINTS,
    "cases": Unit.CASES,
    "per 1,000": Unit.PER_1000,
    "per 10,000": Unit.PER_10000,
    "per staff day": Unit.PER_STAFF_DAY,
    "index 0-100": Unit.INDEX,
    "EUR": Unit.EUR,
}
FREQUENCIES = {
    "weekly": Frequency.WEEK,
    "monthly": Frequency.MONTH,
    "quarterly": Frequency.QUARTER,
    "yearly": Frequency.YEAR,
}
# A service of the IT department is not one the agency delivers to citizens, and the dimensions of
# data quality are members of a breakdown.
CALLED = {(code, "service"): "it_service" for code in ("IT-01", "IT-02", "IT-04")}
CALLED |= {("DQ-02", "dimension"): "quality_dimension"}
STRUCK = {("CR-03", "sex")}  # breakdowns that the list takes back in its clarification


@pytest.fixture(scope="module")
def listed(shared: Path) -> dict[str, dict[str, Any]]:
    """The project's KPI list."""
    document = yaml.safe_load((shared / "domain" / "kpis.yaml").read_text(encoding="utf-8"))
    return {row["code"]: row for row in document["kpis"]}


@pytest.mark.parametrize("code", LISTED)
def test_the_catalogue_says_what_the_list_says(
    listed: dict[str, dict[str, Any]], code: str
) -> None:
    row, entry = listed[code], BY_CODE[code]
    definition = entry.definition
    assert definition.names.en == row["name"]
    assert definition.unit is UNITS[row["unit"]]
    assert definition.frequency is FREQUENCIES[row["frequency"]]
    assert definition.direction is Direction(row["direction"].split()[0])
    assert entry.challenge == row["challenge"]
    assert entry.position == list(listed).index(code) + 1
    names = [dimension.name for dimension in definition.dimensions]
    wanted = {name for name in row["breakdowns"] if (code, name) not in STRUCK}
    assert {CALLED.get((code, name), name) for name in wanted} <= set(names)
    assert _bounds(entry) == _bounds_listed(row)


def _bounds(entry: Entry) -> tuple[float | None, ...]:
    target = entry.target
    return (target.low, target.high) if target else (None, None)


def _bounds_listed(row: dict[str, Any]) -> tuple[float | None, ...]:
    text = str(row["target"])
    if "office" in text or "baseline" in text:
        return None, None  # set for each office, or once the first values are known
    if re.match(r"range \d", row["direction"]):
        text = row["direction"].removeprefix("range ")
    level = re.split(r" \(| in year | by ", text)[0]  # "30 in year 1", "98 (deadline 30 days)"
    if "-" in level:
        low, high = level.split("-")
        return float(low), float(high)
    return (float(level), None) if row["direction"] == "higher" else (None, float(level))


def test_a_target_without_a_source_is_an_assumption(listed: dict[str, dict[str, Any]]) -> None:
    for code, entry in BY_CODE.items():
        if entry.target and code in listed:
            # Where only the deadline or the formula has a source, the level is still assumed.
            assumed = "assumption" in listed[code]["target_source"]
            assert entry.target.assumption is assumed
            assert entry.target.source


@pytest.mark.parametrize("code", list(BY_CODE))
def test_every_formula_can_be_measured(code: str, tmp_path: Path) -> None:
    engine = Engine(BatchStore(tmp_path), shapes())
    for query in BY_CODE[code].definition.formula.queries.values():
        engine.check(query)


@pytest.mark.parametrize("code", list(BY_CODE))
def test_every_text_is_there_in_three_languages(code: str) -> None:
    definition = BY_CODE[code].definition
    for words in (definition.names, definition.explanation):
        assert len({words.sq, words.sr, words.en}) == 3
        assert all(text.strip() for text in (words.sq, words.sr, words.en))


@pytest.mark.parametrize("code", list(BY_CODE))
def test_a_formula_comes_back_from_json_as_it_went(code: str) -> None:
    formula = BY_CODE[code].definition.formula
    back = Formula.from_json(formula.to_json())
    assert back.to_json() == formula.to_json()
    assert back.measures == formula.measures


def test_turnaround_is_always_in_working_days() -> None:
    for code in ("SD-01", "SD-02"):
        (query,) = BY_CODE[code].definition.formula.queries.values()
        assert query.value is not None
        assert "working_days(" in query.value
        assert "deadline(" not in query.value


def test_backlog_is_a_stock_and_needs_open_rows() -> None:
    for code in ("SD-04", "SD-05"):
        formula = BY_CODE[code].definition.formula
        assert formula.query_of(formula.headline).form is Form.STOCK
        assert all(measure.needs_open_rows for measure in formula.measures)


def test_equal_content_has_an_equal_hash_and_other_content_another() -> None:
    definition = BY_CODE["SD-01"].definition
    assert replace(definition, version=7).content_hash == definition.content_hash
    assert replace(definition, direction=Direction.HIGHER).content_hash != definition.content_hash
    assert len({entry.definition.content_hash for entry in catalogue()}) == len(catalogue())


def formula(**changes: Any) -> dict[str, Any]:
    return {**BY_CODE["SD-03"].definition.formula.to_json(), **changes}


@pytest.mark.parametrize(
    "document",
    [
        {},
        formula(measures=[]),
        formula(queries={}),
        formula(open_rows=None),
        formula(queries={"due": {"contract": "applications", "form": "no such form"}}),
        formula(measures=[{"name": "value", "query": "due", "statistic": "median"}]),
    ],
)
def test_what_cannot_be_a_formula_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        Formula.from_json(document)


def test_a_statistic_needs_its_form() -> None:
    document = formula()
    document["measures"] = [{**document["measures"][0], "statistic": Statistic.MEDIAN.value}]
    with pytest.raises(Invalid, match="statistic"):
        Formula.from_json(document)


def test_asking_for_a_line_that_is_not_there_is_refused() -> None:
    definition: Definition = BY_CODE["SD-01"].definition
    with pytest.raises(Invalid, match="no_measure"):
        definition.formula.measure("nonsense")
