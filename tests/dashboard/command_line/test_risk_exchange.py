"""`cra risk export` and `import`: a workbook goes out, comes back changed, and is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from dashboard.command_line.main import app
from tests.risks.house import RiskHouse
from tests.risks.told import told

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return told(tmp_path_factory)


@pytest.fixture
def run(house: RiskHouse, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CRA_HOME", str(house.workspace.settings.home))

    def go(*words: str, by: str = "owner") -> Result:
        return CliRunner().invoke(app, ["risk", *words, "--as", f"{by}@example.org"])

    return go


def rename(file: Path, title: str) -> None:
    book = load_workbook(file)
    book["Risks"]["B2"].value = title
    book.save(file)


def test_a_workbook_goes_out_is_changed_and_comes_back(
    house: RiskHouse, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "register.xlsx"
    out = run("export", "--out", str(file), "--json")
    assert json.loads(out.stdout)["snapshot"].startswith("RR-")
    assert "Nothing in this file differs" in run("import", str(file)).stdout
    rename(file, "Blanks run short")
    shown = run("import", str(file))
    assert shown.exit_code == 0
    assert (
        "R-0001  Risks B2  Changed  Title: Blank passports ran short → Blanks run short"
        in shown.stdout
    )
    assert "Nothing was changed" in shown.stderr
    assert house.risk().title == "Blank passports ran short"
    done = run("import", str(file), "--reason", "Shorter")
    assert (done.exit_code, house.risk().title) == (0, "Blanks run short")
    assert "1 risks were changed" in done.stderr
    again = run("import", str(file), "--reason", "Shorter", "--json")
    assert again.exit_code == 1
    fates = {one["code"]: one["fate"] for one in json.loads(again.stdout)["risks"]}
    assert fates["R-0001"] == "conflict"


def test_what_is_chosen_goes_out_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "chosen.xlsx"
    words = ("--status", "draft", "--language", "sr")
    assert run("export", "--out", str(file), *words).exit_code == 0
    book = load_workbook(file)
    assert [row[0].value for row in book["Rizici"].iter_rows(min_row=2)] == ["R-0003"]


@pytest.mark.parametrize(
    ("words", "by", "code"),
    [
        (("export",), "owner", 2),
        (("export", "--out", "{folder}"), "owner", 1),
        (("export", "--out", "{folder}/none/r.xlsx"), "owner", 1),
        (("export", "--out", "{folder}/r.xlsx", "--unit", "O99"), "owner", 1),
        (("import", "{folder}/broken.xlsx"), "owner", 1),
        (("import", "{folder}/absent.xlsx"), "owner", 2),
        (("import", "{folder}/broken.xlsx"), "viewer", 1),
    ],
)
def test_refusals_end_with_1_and_wrong_use_with_2(
    run: Run, tmp_path: Path, words: tuple[str, ...], by: str, code: int
) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    result = run(*(word.format(folder=tmp_path) for word in words), by=by)
    assert result.exit_code == code
    assert result.stderr.strip()
