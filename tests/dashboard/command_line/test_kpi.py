"""`cra kpi`: what is printed, for people and for programs, and how refusals end."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from dashboard.command_line.kpi import app
from dashboard.command_line.main import app as whole_app
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.store.tables import Person, RoleGrant
from data.workspace import Workspace
from kpis.comparing import compare
from kpis.readings import Ask, refresh, values
from tests.kpis.conftest import Loads, applications, founded, production, settings_in

PEOPLE = {"owner@example.org": Role.KPI_OWNER, "viewer@example.org": Role.VIEWER}
ZONE = ZoneInfo("Europe/Belgrade")  # the agency's day, which begins before the one in UTC
CUT = date(2025, 4, 20)


@pytest.fixture(scope="module")
def loads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loads]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("kpi"))))
    now = datetime.now(UTC)
    with workspace.database.writing() as session:
        for email, role in PEOPLE.items():
            person = Person(email=email, name=email, created_at=now)
            session.add(person)
            session.flush()
            assert person.id is not None
            session.add(
                RoleGrant(
                    person_id=person.id,
                    role=role.value,
                    unit_code="CRA",
                    granted_by="test",
                    granted_at=now,
                )
            )
    told = Loads(workspace)
    rows = applications(600, seed=31)
    told.load("applications", rows, cut_off=CUT)
    told.load("production", production(rows, seed=32), cut_off=CUT)
    refresh(workspace, by=SYSTEM)
    yield told
    workspace.database.dispose()


@pytest.fixture(autouse=True)
def at_home(loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRA_HOME", str(loads.workspace.settings.home))
    monkeypatch.setenv("CRA_AS", "owner@example.org")
    monkeypatch.setenv("CRA_LANGUAGE", "en")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def as_json(*words: str) -> Any:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_list_names_every_kpi() -> None:
    found = as_json("list", "--format", "json")
    assert [row["code"] for row in found][:3] == ["SD-01", "SD-02", "SD-03"]
    assert found[0]["target_high"] == 10.0
    assert found[0]["target_is_assumption"] is True
    table = run("list").stdout
    assert "Median turnaround" in table
    assert "10 (assumption)" in table


def test_a_table_prints_values_as_pages_do(loads: Loads) -> None:
    table = run("values", "SD-03", "--from", "2025-01", "--to", "2025-03").stdout
    texts = Texts(Language.EN)
    period = Period.parse("2025-02")
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (reading,) = values(reader, Ask("SD-03", period, period))
    (line,) = (row for row in table.splitlines() if "February" in row and "headline" in row)
    assert texts.figure(reading.figure) in line


def test_json_and_csv_carry_full_precision(loads: Loads) -> None:
    words = ("values", "SD-07", "--from", "2025-01", "--to", "2025-03", "--by", "office")
    found = as_json(*words, "--format", "json")
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").stdout)))
    assert found["unit"] == "percent"
    assert found["as_of"] == 2
    assert len(found["values"]) == len(rows)
    first, last = Period.parse("2025-01"), Period.parse("2025-03")
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        readings = values(reader, Ask("SD-07", first, last, by=("office",)))
    for reading, document, row in zip(readings, found["values"], rows, strict=True):
        assert document["value"] == reading.figure.value
        assert float(row["value"]) == reading.figure.value
        assert document["office"] == row["office"] == reading.cell.member
        assert document["shown"] == row["shown"] == str(reading.figure.shown)


def test_filters_and_frequencies(loads: Loads) -> None:
    quarter = as_json(
        "values",
        "SD-04",
        *("--from", "2025-Q1", "--to", "2025-Q1"),
        *("--by", "office,service"),
        *("--format", "json"),
    )
    assert quarter["frequency"] == "quarter"
    one = as_json(
        "values",
        "SD-04",
        *("--from", "2025-03", "--to", "2025-03", "--frequency", "quarter"),
        *("--office", "O01", "--service", "PASSPORT"),
        *("--format", "json"),
    )
    (expected,) = (
        row
        for row in quarter["values"]
        if (row["office"], row["service"], row["measure"]) == ("O01", "PASSPORT", "value")
    )
    (found,) = (row for row in one["values"] if row["measure"] == "value")
    assert found["value"] == expected["value"]
    assert found["period"] == "2025-Q1"


def test_without_periods_the_last_known_ones_are_shown() -> None:
    found = as_json("values", "SD-01", "--format", "json")["values"]
    assert (found[0]["period"], found[-1]["period"]) == ("2024-04", "2025-04")
    assert found[-1]["partial"] is True


def test_as_of_an_event_or_a_day() -> None:
    words = ("values", "SD-08", "--from", "2025-02", "--to", "2025-02", "--format", "json")
    before = as_json(*words, "--as-of", "1")["values"]
    now = as_json(*words)["values"]
    today = as_json(*words, "--as-of", datetime.now(ZONE).date().isoformat())["values"]
    assert before[0]["missing"] == "not_loaded"
    assert now[0]["value"] is not None
    assert today == now


def test_an_explanation_accounts_for_the_value() -> None:
    found = as_json("explain", "SD-03", "--period", "2025-02", "--office", "O01", "--json")
    assert found["rows"] == found["denominator"]
    assert found["values"][0]["value"] == pytest.approx(
        100 * found["numerator"] / found["denominator"]
    )
    assert [batch["contract"] for batch in found["batches"]] == ["applications"]
    text = run("explain", "SD-03", "--period", "2025-02").stdout
    for part in ("Rows counted", "numerator", "Test cases", "event 2"):
        assert part in text


@pytest.mark.parametrize("language", ["sq", "sr"])
@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("values", "SD-05", "--by", "office"),
        ("values", "SD-07", "--by", "rejection_reason", "--from", "2025-03"),
        ("explain", "SD-01", "--period", "2025-02"),
        ("explain", "SD-08", "--period", "2025-04"),
    ],
)
def test_every_command_speaks_the_other_languages(
    loads: Loads, language: str, words: tuple[str, ...]
) -> None:
    with loads.workspace.database.writing() as session:
        person = session.exec(select(Person).where(Person.email == "viewer@example.org")).one()
        person.language = language
    result = run(*words, "--as", "viewer@example.org")
    assert result.exit_code == 0
    assert "kpis." not in result.stdout


def test_refreshing_what_is_up_to_date_changes_nothing() -> None:
    assert as_json("refresh", "--json") == {"event": 2, "written": {}}
    assert as_json("refresh", "SD-06", "--rebuild", "--json") == {"event": 2, "written": {}}
    assert "event 2 already" in run("refresh").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("values", "XX-01"), 1),
        (("values", "SD-01", "--by", "defect_code"), 1),
        (("values", "SD-01", "--by", "office,service,channel"), 1),
        (("values", "SD-01", "--from", "yesterday"), 1),
        (("values", "SD-01", "--from", "2025-03", "--to", "2025-01"), 1),
        (("values", "SD-01", "--as-of", "soon"), 1),
        (("values", "SD-01", "--as", "nobody@example.org"), 1),
        (("refresh", "--as", "viewer@example.org"), 1),
        (("values", "SD-01", "--frequency", "decade"), 2),
        (("values",), 2),
        (("values", "SD-01", "--format", "xml"), 2),
    ],
)
def test_exit_codes_tell_the_truth(words: tuple[str, ...], code: int) -> None:
    assert run(*words).exit_code == code


def compared(*words: str) -> Result:
    asked = ["kpi", "compare", "SD-03", "--period", "2025-01", "--by", "office", *words]
    return CliRunner().invoke(whole_app, asked, catch_exceptions=False)


def test_a_comparison_is_that_of_the_page(loads: Loads) -> None:
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = compare(reader, "SD-03", Period.parse("2025-01"), "office")
    said = json.loads(compared("--json").stdout)
    assert found.why_none is not None  # three offices are too few for a funnel
    assert said["why_no_funnel"] == found.why_none.value
    for row, each in zip(said["members"], found.members, strict=True):
        assert (row["office"], row["value"]) == (each.member, each.reading.figure.value)
        assert row["difference"] == (each.difference.value if each.difference else None)
    assert said["members"]


def test_a_comparison_is_a_table_and_a_file() -> None:
    table, rows = compared(), list(csv.reader(io.StringIO(compared("--csv").stdout)))
    assert table.exit_code == 0
    assert rows[0][0] in table.stdout
    assert all(row[0] in table.stdout for row in rows)
    by_service = compared("--service", "PASSPORT", "--json")
    assert json.loads(by_service.stdout)["members"]


def test_what_was_known_earlier_is_told_by_commands_too(loads: Loads) -> None:
    day = ("--as-of", "2020-01-01", "--format", "json")
    assert as_json("list", *day) == []  # no KPI was defined by then
    known = as_json("list", "--as-of", "1", "--format", "json")
    assert [one["code"] for one in known] == [
        one["code"] for one in as_json("list", "--format", "json")
    ]
    then = json.loads(compared("--as-of", "1", "--json").stdout)
    now = json.loads(compared("--json").stdout)
    assert [one["value"] for one in then["members"]] == [one["value"] for one in now["members"]]
    refused = compared("--as-of", "soon")
    assert refused.exit_code == 1
