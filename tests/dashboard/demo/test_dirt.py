"""A few demo files are as untidy as real ones, and what they say can still be read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from dashboard.demo.dirt import BLEMISHES, MISSING_OFFICE, WRONG_OFFICE
from dashboard.demo.generator import generate, profile_files
from dashboard.demo.spec import DemoSpec
from data.extracts.profile_files import read_profile
from data.language.languages import Language
from data.language.texts import Texts

from .conftest import Delivery, as_text


@pytest.fixture(scope="module")
def tidy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files without dirt."""
    folder = tmp_path_factory.mktemp("tidy")
    generate(DemoSpec(dirt=False), folder)
    return folder


def test_the_old_system_writes_its_own_way(dirty: Delivery, tidy: Path) -> None:
    file = dirty.named("applications-2023-03.csv")
    assert file.profile == "demo-legacy"
    rows = pd.read_csv(file.path, sep=";", encoding="cp1250", dtype=str)
    plain = as_text(tidy / file.path.name)
    assert list(rows["Nr. i kërkesës"]) == list(plain.application_id)
    submitted = pd.to_datetime(rows["Data e parashtrimit"], format="%d.%m.%Y %H:%M:%S")
    assert (submitted == pd.to_datetime(plain.submitted_at)).all()
    assert {"Prishtinë", "Fushë Kosovë", "Deçan"} <= set(rows["Komuna"])
    assert rows["Tarifa (€)"].str.fullmatch(r"\d+,\d\d").all()
    with pytest.raises(UnicodeDecodeError):
        file.path.read_text(encoding="utf-8")


def test_the_profiles_name_every_header_and_value(dirty: Delivery) -> None:
    profiles = {profile.id: profile for profile in map(read_profile, profile_files())}
    assert {"demo-legacy", "demo-workbook"} == set(profiles)
    legacy = profiles["demo-legacy"]
    file = dirty.named("applications-2023-03.csv")
    rows = pd.read_csv(file.path, sep=";", encoding="cp1250", dtype=str)
    headers = {column.headers[0]: column for column in legacy.columns}
    assert {*headers, *legacy.dropped} == set(rows.columns)
    for header, column in headers.items():
        if column.values:
            assert set(rows[header].dropna()) <= set(column.values)


def test_the_workbook_holds_the_same_rows(dirty: Delivery, tidy: Path) -> None:
    file = dirty.named("production-2024-05.xlsx")
    assert file.profile == "demo-workbook"
    cells = CalamineWorkbook.from_path(str(file.path)).get_sheet_by_name("Prodhimi").to_python()
    assert cells[0][0] == "Departamenti i Prodhimit të Dokumenteve"
    plain = as_text(tidy / "production-2024-05.csv").fillna("")
    assert cells[3] == list(plain.columns)
    assert cells[-1][:2] == ["Totali", str(len(plain))]
    assert cells[4:-1] == plain.to_numpy().tolist()


def test_a_month_arrives_after_the_next(dirty: Delivery) -> None:
    names = [file.path.name for file in dirty.files]
    assert names.index("applications-2024-07.csv") > names.index("applications-2024-08.csv")
    assert names.index("production-2024-07.csv") < names.index("production-2024-08.csv")


def test_damaged_rows_are_few(dirty: Delivery, tidy: Path) -> None:
    rows, plain = (
        as_text(dirty.folder / "applications-2024-10.csv"),
        as_text(tidy / "applications-2024-10.csv"),
    )
    assert rows.duplicated().sum() == 3
    rows = rows.drop_duplicates()
    changed = ~rows.reset_index(drop=True).fillna("").eq(plain.fillna("")).all(axis=1)
    assert changed.sum() == 6
    assert "O99" in set(rows.office_code)
    assert "PASPORT" in set(rows.service_code)
    assert pd.to_datetime(rows.submitted_at, errors="coerce").isna().sum() == 2
    assert (rows.complete_at < rows.submitted_at).sum() == 1


def test_some_rows_come_twice(dirty: Delivery) -> None:
    assert as_text(dirty.folder / "applications-2024-12.csv").duplicated().sum() == 3


def test_a_month_is_sent_again_with_corrections(dirty: Delivery, tidy: Path) -> None:
    names = [file.path.name for file in dirty.files]
    again = dirty.named("applications-2025-09-corrected.csv")
    assert names.index(again.path.name) > names.index("applications-2025-10.csv")
    assert again.period.code == "2025-09"
    assert again.cut_at == dirty.named("applications-2025-10.csv").cut_at
    first, second = as_text(dirty.folder / "applications-2025-09.csv"), as_text(again.path)
    missing = second[~second.application_id.isin(first.application_id)]
    assert set(missing.office_code) == {MISSING_OFFICE}
    both = first.merge(second, on="application_id", suffixes=("", "_now"))
    ready = both[both.ready_at.notna()]
    corrected = ready[ready.ready_at != ready.ready_at_now]
    assert set(corrected.office_code) == {WRONG_OFFICE}
    assert (corrected.ready_at < corrected.ready_at_now).all()
    assert (both.updated_at <= both.updated_at_now).all()
    assert set(second.application_id) == set(
        as_text(tidy / "applications-2025-09.csv").application_id
    )


def test_in_the_end_dirty_files_say_what_clean_ones_say(dirty: Delivery, tidy: Path) -> None:
    """Winners by updated_at, then load order; the one damaged row that stays readable aside."""

    def latest(paths: list[Path]) -> pd.DataFrame:
        rows = pd.concat([as_text(path) for path in paths])
        rows = rows[pd.to_datetime(rows.submitted_at, errors="coerce").notna()]
        rows = rows.sort_values("updated_at", kind="stable")
        rows = rows.drop_duplicates("application_id", keep="last").set_index("application_id")
        return rows.drop(columns="extracted_at").sort_index()

    legacy, damaged = "applications-2023-03.csv", "applications-2024-10.csv"
    given = [
        tidy / file.path.name if file.path.name in {legacy, damaged} else file.path
        for file in dirty.files
        if file.contract == "applications"
    ]
    pd.testing.assert_frame_equal(latest(given), latest(sorted(tidy.glob("applications-*.csv"))))


@pytest.mark.parametrize("language", list(Language))
def test_every_blemish_can_be_told(language: Language) -> None:
    told = {Texts(language).text(blemish.text_key) for blemish in BLEMISHES}
    assert len(told) == len(BLEMISHES)
