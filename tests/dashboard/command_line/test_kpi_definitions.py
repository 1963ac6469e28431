"""`cra kpi export | import | retire | reinstate`: there and back, all or nothing, with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.main import app
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.people import add_first_administrator
from data.workspace import Workspace
from kpis.catalogue import catalogue
from kpis.defining.document import read_documents
from kpis.defining.reading import read_one
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import founded, settings_in

OWNER, VIEWER = "owner@example.org", "viewer@example.org"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("definitions"))))
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, OWNER, Role.KPI_OWNER)
    join(workspace, VIEWER, Role.VIEWER)
    yield workspace
    workspace.database.dispose()


@pytest.fixture(autouse=True)
def at_home(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRA_HOME", str(told.settings.home))
    monkeypatch.setenv("CRA_AS", OWNER)
    monkeypatch.setenv("CRA_LANGUAGE", "en")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["kpi", *words], catch_exceptions=False)


def version(told: Workspace, code: str) -> int:
    with told.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        return read_one(reader, code).version


def written(tmp_path: Path, *changes: tuple[str, str], code: str = "SD-01") -> str:
    """The export of a KPI in a file, with changes."""
    text = run("export", code).stdout
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "kpis.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_all_are_exported_and_import_nothing_new(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    result = run("export", "--to", str(path))
    assert result.exit_code == 0
    assert f"KPIs written to all.yaml: {len(catalogue())}" in result.stdout
    codes = [one.entry.definition.code for one in read_documents(path.read_text("utf-8"))]
    assert codes == [entry.definition.code for entry in catalogue()]
    found = json.loads(run("import", str(path), "--dry-run", "--json").stdout)
    assert {one["verdict"] for one in found} == {"same"}
    result = run("import", str(path), "--reason", "again")
    assert result.exit_code == 1
    assert "Nothing is new" in result.stderr


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    told: Workspace, tmp_path: Path
) -> None:
    path = written(tmp_path, ("minimum_points: 13", "minimum_points: 18"))
    result = run("import", path, "--dry-run")
    assert result.exit_code == 0
    assert "SD-01: changed" in result.stdout
    assert "chart.minimum_points: 13 -> 18" in result.stdout
    assert version(told, "SD-01") == 1


def test_an_import_needs_a_reason_and_makes_a_version(told: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, ("minimum_points: 13", "minimum_points: 18"), code="SD-02")
    refused = run("import", path)
    assert refused.exit_code == 1
    assert "a change needs a reason" in refused.stderr
    assert version(told, "SD-02") == 1
    done = run("import", path, "--reason", "agreed", "--from", "2025-01-01")
    assert done.exit_code == 0
    assert "Imported: SD-02." in done.stdout
    assert version(told, "SD-02") == 2


def test_one_that_is_refused_stops_them_all_and_its_line_is_told(
    told: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "two.yaml"
    text = run("export", "SD-03", "SD-04").stdout
    text = text.replace("minimum_points: 13", "minimum_points: 20")
    lines = text.replace("coalesce(is_test", "coalesc(is_test", 1).split("\n")
    path.write_text("\n".join(lines), encoding="utf-8")
    result = run("import", str(path), "--reason", "both")
    assert result.exit_code == 1
    line = next(n for n, one in enumerate(lines, start=1) if "coalesc(" in one)
    assert f"Line {line}, queries." in result.stdout
    assert "There is no such function" in result.stdout
    assert (version(told, "SD-03"), version(told, "SD-04")) == (1, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code: [", "no YAML that can be read: line 1"),
        (b"code: SD-01\ncode: SD-02\n", "Line 2: “code” stands here twice"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"", "The text holds no KPI"),
        (b"a: &x 1\nb: *x\n", "anchors, aliases and tags are not allowed"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "kpis.yaml"
    path.write_bytes(content)
    result = run("import", str(path), "--dry-run")
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())


def test_a_file_that_is_not_there_and_a_day_that_is_none_are_refused(tmp_path: Path) -> None:
    assert run("import", str(tmp_path / "none.yaml")).exit_code == 1
    result = run("import", written(tmp_path), "--reason", "x", "--from", "tomorrow")
    assert "is no day" in result.stderr


def test_a_kpi_is_retired_and_taken_back_with_a_reason(told: Workspace) -> None:
    assert run("retire", "SD-07").exit_code == 2  # without a reason it is wrong use
    done = run("retire", "sd-07", "--reason", "not asked for")
    assert (done.exit_code, done.stdout.strip()) == (0, "SD-07 is retired.")
    listed = json.loads(run("list", "--format", "json").stdout)
    assert "SD-07" not in {row["code"] for row in listed}
    assert "code: SD-07" not in run("export").stdout
    assert "code: SD-07" in run("export", "SD-07").stdout
    assert run("retire", "SD-07", "--reason", "twice").exit_code == 1
    assert run("reinstate", "SD-07", "--reason", "asked for").exit_code == 0
    assert "code: SD-07" in run("export").stdout
    assert run("export", "XX-99").exit_code == 1


def test_a_viewer_exports_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = written(tmp_path, ("minimum_points: 13", "minimum_points: 18"))
    monkeypatch.setenv("CRA_AS", VIEWER)
    assert run("export", "SD-01").exit_code == 0
    assert run("import", path, "--dry-run").exit_code == 1
    assert run("import", path, "--reason", "mine").exit_code == 1
    assert run("retire", "SD-01", "--reason", "mine").exit_code == 1
