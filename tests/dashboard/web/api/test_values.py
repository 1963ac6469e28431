"""The same numbers as everywhere: the readings, the command line, plain pandas from raw rows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.command_line.kpi import app as command
from dashboard.web.api.figures import reading_of
from dashboard.web.api.lineage import _counts
from data.access.permissions import Permission
from data.figure import Figure, Missing, Unit
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency, Period
from data.workspace import Workspace
from kpis.completeness import Completeness
from kpis.lineage import explain
from kpis.readings import Ask, Reading, values
from kpis.scorecard import scorecard
from kpis.stored_readings import WHOLE
from kpis.targets import target_history
from tests.dashboard.pages.measured import CUT, MANAGER, rounded
from tests.dashboard.pages.recounted import by_member, in_month, recount
from tests.dashboard.web.api.conftest import Program
from tests.house import actor

EIGHT = [f"SD-0{number}" for number in range(1, 9)]
MARCH = Period.parse("2025-03")
ASKS: list[dict[str, str]] = [
    {},
    {"from_": "2024-06", "to": "2025-04"},
    {"from_": "2024-06", "to": "2025-04", "by": "office"},
    {"from_": "2024-Q1", "to": "2025-Q1", "by": "service"},
    {"from_": "2024", "to": "2024", "by": "office,service"},
    {"from_": "2025-01", "to": "2025-03", "by": "service", "office": "O02"},
    {"from_": "2025-01", "to": "2025-02", "by": "office,municipality"},
    {"from_": "2024-11", "to": "2025-02", "as_of": "1"},
    {"from_": "2025-W01", "to": "2025-W06", "measure": "value"},
]


def readings(house: Workspace, code: str, asked: dict[str, str]) -> tuple[Reading, ...]:
    """What the readings say to the same question, put by hand."""
    newest = Period.covering(CUT, Frequency.WEEK if code == "SD-05" else Frequency.MONTH)
    first = Period.parse(asked["from_"]) if "from_" in asked else newest.shift(-12)
    last = Period.parse(asked["to"]) if "to" in asked else newest
    where = {name: text for name, text in asked.items() if name in {"office", "service"}}
    ask = Ask(
        code,
        first,
        last,
        tuple(asked["by"].split(",")) if "by" in asked else (),
        where,
        ("value",) if "measure" in asked else None,
        int(asked["as_of"]) if "as_of" in asked else None,
    )
    with house.read(actor(house, MANAGER), Permission.KPI_VIEW) as reader:
        return values(reader, ask)


@pytest.mark.parametrize("asked", ASKS, ids=str)
@pytest.mark.parametrize("code", ["SD-01", "SD-03", "SD-05"])
def test_values_are_the_readings(
    house: Workspace, manager: Program, code: str, asked: dict[str, str]
) -> None:
    told = manager.every(f"/kpis/{code}/values", **asked)
    expected = readings(house, code, asked)
    assert len(told) == len(expected) > 0
    for item, reading in zip(told, expected, strict=True):
        figure = reading.figure
        assert item["value"] == figure.value
        assert item["shown"] == (None if figure.shown is None else str(figure.shown))
        assert item["missing"] == (figure.missing and figure.missing.value)
        assert (item["unit"], item["decimals"]) == (figure.unit, figure.decimals)
        assert (item["period"], item["measure"]) == (reading.period.code, reading.measure)
        assert (item["cell"], item["partial"]) == (reading.cell.members, reading.partial)


@pytest.mark.parametrize(("code", "line"), [("SD-03", "value"), ("SD-06", "value")])
def test_values_are_what_pandas_counts_from_the_rows(
    house: Workspace, manager: Program, code: str, line: str
) -> None:
    counted = by_member(recount(house)[code, line], "office", MARCH.start)
    told = manager.every(
        f"/kpis/{code}/values", from_="2025-03", to="2025-03", by="office", measure=line
    )
    found = {item["cell"]["office"]: (item["shown"], item["cases"]) for item in told}
    assert found == {office: (rounded(value), cases) for office, (value, cases) in counted.items()}


@pytest.mark.parametrize("code", EIGHT)
def test_the_command_line_says_the_same(
    house: Workspace, manager: Program, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRA_HOME", str(house.settings.home))
    asked = ["values", code, "--from", "2024-10", "--to", "2025-04", "--as", MANAGER]
    printed = json.loads(CliRunner().invoke(command, [*asked, "--format", "json"]).stdout)
    told = manager.read(f"/kpis/{code}/values", from_="2024-10", to="2025-04")
    assert told["event"] == printed["as_of"]
    same = ("period", "measure", "value", "shown", "missing", "partial", "unit")
    assert [[item[name] for name in same] for item in told["items"]] == [
        [item[name] for name in same] for item in printed["values"]
    ]


def test_the_head_says_of_what_and_as_of_when(manager: Program) -> None:
    told = manager.read("/kpis/sd-03/values", from_="2025-01", to="2025-02", by="office")
    assert (told["code"], told["unit"], told["frequency"]) == ("SD-03", "percent", "month")
    assert (told["definition_version"], told["event"]) == (1, 2)
    assert len(told["reference_version"]) == 64
    assert told["names"]["office"]["O01"] == "O01"
    assert told["names"]["office"]["not_stated"] == "not stated"
    assert manager.read("/kpis/SD-03/values", as_of="1")["event"] == 1


def test_a_value_that_is_hidden_or_not_loaded_carries_no_cases() -> None:
    shown = without_value(Missing.SUPPRESSED), without_value(Missing.NOT_LOADED)
    texts = Texts(Language.EN)
    known = Completeness()
    assert [reading_of(each, known, texts)["cases"] for each in shown] == [None, None]
    assert reading_of(without_value(Missing.NO_DATA), known, texts)["cases"] == 7


def without_value(missing: Missing) -> Reading:
    """A reading without a value that still has a number of cases on it."""
    return Reading("SD-01", "value", MARCH, WHOLE, Figure(None, Unit.CASES, 0, missing), cases=7)


def test_names_and_words_come_in_the_language_asked_for(manager: Program) -> None:
    names = {
        language: manager.read("/kpis/SD-01", language=language)["name"]
        for language in ("sq", "sr", "en")
    }
    assert len(set(names.values())) == 3
    by_header = manager.ask("/kpis/SD-01", {"Accept-Language": "sr-RS,sr;q=0.9"})
    assert by_header.json()["name"] == names["sr"]
    assert by_header.headers["content-language"] == "sr-Latn"
    both = manager.ask("/kpis/SD-01", {"Accept-Language": "sr"}, language="sq")
    assert both.json()["name"] == names["sq"]


def test_the_scorecard_is_the_page(house: Workspace, manager: Program) -> None:
    with house.read(actor(house, MANAGER), Permission.KPI_VIEW) as reader:
        expected = scorecard(reader, period=MARCH, office="O01")
    told = manager.read("/scorecard", period="2025-03", office="O01")
    assert told["without"] == list(expected.without)
    assert [item["code"] for item in told["items"]] == [row.code for row in expected.rows]
    for item, row in zip(told["items"], expected.rows, strict=True):
        assert item["value"] == row.figure.value
        assert item["status"] == row.status.kind
        assert item["variation"] == row.chart.variation
        assert item["assurance"] == row.chart.assurance
        aim = row.target
        assert (item["target"] or {}).get("low") == (aim.low if aim else None)
        assert item["previous"]["value"] == (row.previous and row.previous.figure.value)
        assert item["year_ago"]["value"] == (row.year_ago and row.year_ago.figure.value)


def test_the_status_is_what_the_rows_and_the_target_say(house: Workspace, manager: Program) -> None:
    value, _ = in_month(recount(house)["SD-06", "value"], MARCH.start)
    row = next(
        item
        for item in manager.read("/scorecard", period="2025-03")["items"]
        if item["code"] == "SD-06"
    )
    assert row["shown"] == rounded(value)
    assert row["target"] == {
        "low": 20.0,
        "high": None,
        "source": "Agreed",
        "assumption": False,
        "tolerance": None,
    }
    assert row["far_behind"] is False
    assert (row["status"] == "met") is (value >= 20.0)


def test_targets_are_told_with_their_history(house: Workspace, manager: Program) -> None:
    with house.read(actor(house, MANAGER), Permission.KPI_VIEW) as reader:
        expected = target_history(reader, "SD-06")
    told = manager.read("/kpis/SD-06/targets")["items"]
    assert [(one["valid_from"], one["low"], one["reason"]) for one in told] == [
        (entry.valid_from.isoformat(), entry.target and entry.target.low, entry.reason)
        for entry in expected
    ]
    assert [(one["course"], one["due"], one["stages"], one["ended"]) for one in told] == [
        ("at_once", None, [], False) for _ in expected
    ]
    assert told[0]["low"] == 20.0


def test_lineage_counts_what_was_counted_and_shows_no_row(
    house: Workspace, manager: Program
) -> None:
    told = manager.read("/kpis/SD-06/lineage", period="2025-03", office="O01")
    value, cases = by_member(recount(house)["SD-06", "value"], "office", MARCH.start)["O01"]
    assert told["values"][0]["shown"] == rounded(value)
    assert told["denominator"] == cases
    assert {batch["extract"] for batch in told["batches"]} == {"applications"}
    assert "application_id" not in json.dumps([told["values"], told["batches"]])
    assert not [name for name in told if "row" in name and name != "rows"]


def test_lineage_of_a_hidden_value_tells_no_counts(house: Workspace) -> None:
    with house.read(actor(house, MANAGER), Permission.KPI_VIEW) as reader:
        found = explain(reader, "SD-06", MARCH)
    assert None not in _counts(found).values()
    hidden = replace(found, readings=(without_value(Missing.SUPPRESSED),))
    assert set(_counts(hidden).values()) == {None}


def test_the_kpis_are_told_with_what_they_mean(manager: Program) -> None:
    told: list[dict[str, Any]] = manager.every("/kpis")
    assert [one["code"] for one in told][:8] == EIGHT
    one = told[0]
    assert one["objective"] == {"code": "3.1", "name": "Ready within the deadline"}
    assert (one["owner"], one["challenge"], one["direction"]) == ("Manager", 3, "lower")
    assert "office" in one["dimensions"]
    assert manager.read("/kpis/SD-01")["versions"][0]["version"] == 1
