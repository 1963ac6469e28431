"""Profiles: one for every contract, an installation's own beside them, faults named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.errors import Invalid, NotFound
from data.extracts.contracts import all_contracts
from data.extracts.profile import Duplicates
from data.extracts.profile_files import read_profile
from data.extracts.profiles import load_profiles
from tests.data.extracts.checks import COLUMNS, PROFILE, Desk, rows

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "extract-profiles.md"


def test_every_contract_has_a_native_profile() -> None:
    profiles = load_profiles(None)
    for contract in all_contracts():
        found = profiles.get(f"{contract.name}-native")
        assert found.contract is contract
        assert found.built_in
        assert found in profiles.for_contract(contract.name)
    assert {"chicago-311", "permit-receipt"} <= {profile.id for profile in profiles}
    assert len(profiles) == len(list(profiles))
    assert len({profile.hash for profile in profiles}) == len(profiles)
    with pytest.raises(NotFound):
        profiles.get("nobody's")


def test_an_installation_adds_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(PROFILE + COLUMNS)
    (tmp_path / "notes.txt").write_text("not a profile")
    found = load_profiles(tmp_path).get("office-export")
    assert not found.built_in
    assert found.duplicates is Duplicates.NEWEST_UPDATED
    assert found.title("sq") == "office-export"
    assert load_profiles(tmp_path / "nowhere")


def test_titles_speak_three_languages() -> None:
    found = load_profiles(None).get("chicago-311")
    assert len({found.title(language) for language in ("sq", "sr", "en")}) == 3


def test_an_id_is_given_once(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text((PROFILE + COLUMNS).replace("office-export", "chicago-311"))
    with pytest.raises(Invalid) as caught:
        load_profiles(tmp_path)
    assert caught.value.values == {"file": "mine.toml", "id": "chicago-311"}


@pytest.mark.parametrize(
    ("change", "key", "setting"),
    [
        (("version = 1", "version = 1\ncolour = 2"), "unknown_key", "colour"),
        (('"applications"', '"visas"'), "unknown_choice", "contract"),
        (('"newest_updated"', '"newest"'), "unknown_choice", "duplicates"),
        (('"office-export"', '"Office Export"'), "bad_id", "id"),
        (("[columns.decision]", "[columns.verdict]"), "unknown_column", "columns.verdict.headers"),
        (("[columns.ready_at]", "[columns.issued_at]"), "column_not_mapped", "columns"),
        (('headers = ["decision"]', "headers = []"), "missing_key", "columns.decision.headers"),
        (('headers = ["decision"]', 'headers = "decision"'), "wrong_type",
         "columns.decision.headers"),
        (('headers = ["decision"]', 'headers = ["d"]\nvalues = { "po" = "ja" }'),
         "unknown_choice", "columns.decision.values"),
        (('headers = ["ready_at"]', 'headers = ["r"]\nvalues = { "a" = "b" }'),
         "only_texts", "columns.ready_at.values"),
        (('headers = ["ready_at"]', 'headers = ["r"]\nzone = "paris"'),
         "unknown_choice", "columns.ready_at.zone"),
        (('headers = ["ready_at"]', 'headers = ["r"]\nformat = "%d.%m"'),
         "bad_format", "columns.ready_at.format"),
        (("version = 1", "version = 1\nbad_row_limit = 5"), "not_a_share", "bad_row_limit"),
    ],
)  # fmt: skip
def test_faults_name_file_and_setting(
    tmp_path: Path, change: tuple[str, str], key: str, setting: str
) -> None:
    _assert_fault(tmp_path, (PROFILE + COLUMNS).replace(*change), key, setting)


@pytest.mark.parametrize(
    ("table", "key", "setting"),
    [
        ('[file]\nseparators = [";;"]', "one_sign", "file.separators"),
        ("[file]\nheader_row = 0", "from_one", "file.header_row"),
        ('[file]\nencodings = ["latin-5"]', "unknown_choice", "file.encodings"),
        ('[formats]\ndecimal = ","\nthousands = ","', "same_marks", "formats.thousands"),
        ('[formats]\ndate = "%d-%b"', "bad_format", "formats.date"),
        ('[formats]\nsentinels = ["1900-01-01"]', "not_dates", "formats.sentinels"),
        ('[constants]\nservice_code = "VISA"', "unknown_choice", "constants.service_code"),
        ('[constants]\nprice = "1"', "unknown_column", "constants"),
        ("[cut_off]\nrules = ['file_name']", "missing_key", "cut_off.file_name"),
        ("[cut_off]\nfile_name = '('", "bad_pattern", "cut_off.file_name"),
        ("[cut_off]\nfile_name = '[0-9]+'", "bad_pattern", "cut_off.file_name"),
        ("[dropped]\nheader = ['x']", "unknown_key", "dropped.header"),
        ("[test.values]\nshelf = ['x']", "unknown_column", "test.values"),
    ],
)
def test_faults_in_tables_are_named(tmp_path: Path, table: str, key: str, setting: str) -> None:
    _assert_fault(tmp_path, f"{PROFILE}{COLUMNS}\n{table}\n", key, setting)


def _assert_fault(folder: Path, text: str, key: str, setting: str) -> None:
    (folder / "mine.toml").write_text(text)
    with pytest.raises(Invalid) as caught:
        load_profiles(folder)
    assert caught.value.key == f"extracts.definition.{key}"
    assert caught.value.values["file"] == "mine.toml"
    assert caught.value.values["setting"] == setting


def test_constants_fill_what_the_source_lacks(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    without = COLUMNS.replace('[columns.service_code]\nheaders = ["service_code"]\n', "")
    profile = desk.profile('[constants]\nservice_code = "ID_CARD"', columns=without)
    text = "application_id,submitted_at,decided_at,ready_at\nA-1,2025-03-03,,\n"
    assert rows(desk.check(text, profile))["service_code"][0] == "ID_CARD"


def test_the_example_of_the_guide_works_as_it_is_printed(tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(toml|csv)\n(.*?)```", text, flags=re.S))
    path = tmp_path / "gjakova.toml"
    path.write_text(blocks["toml"], encoding="utf-8")
    checked = Desk(tmp_path).check(blocks["csv"].encode("cp1250"), read_profile(path))
    found = rows(checked)
    assert checked.counts.accepted == 3
    assert checked.counts.excluded_total == 1
    assert checked.counts.excluded_test == 1
    assert list(found["decision"].fillna("")) == ["approved", "", "rejected"]
    assert list(found["municipality_code"]) == ["02", "02", "38"]
    assert checked.control_totals == {"suspended_days": 3}
