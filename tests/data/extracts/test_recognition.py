"""Files are recognised by their headers; when they are not, it is said what was found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.errors import ExtractRejected
from data.extracts.contracts import all_contracts
from data.extracts.profiles import load_profiles
from data.extracts.recognition import recognise
from data.language.languages import Language
from data.language.texts import Texts
from tests.data.extracts.checks import COLUMNS, HEAD, PROFILE, ROW, table


@pytest.mark.parametrize("name", [contract.name for contract in all_contracts()])
def test_a_file_with_the_columns_of_a_contract_is_recognised(tmp_path: Path, name: str) -> None:
    profiles = load_profiles(None)
    path = tmp_path / "any.csv"
    path.write_text(";".join(profiles.get(f"{name}-native").contract.names) + "\n")
    assert recognise(path, path.name, profiles).profile.id == f"{name}-native"


def test_real_files_are_recognised(shared: Path) -> None:
    profiles = load_profiles(None)
    for name, expected in (
        ("chicago_311_sanitation_code.csv", "chicago-311"),
        ("receipt_phase_permit_cases.csv", "permit-receipt"),
    ):
        assert recognise(shared / "extracts" / name, name, profiles).profile.id == expected


def test_an_own_profile_comes_before_a_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(PROFILE + COLUMNS)
    path = tmp_path / "a.csv"
    path.write_text(table(ROW))
    found = recognise(path, path.name, load_profiles(tmp_path))
    assert found.profile.id == "office-export"
    assert found.candidates[1].profile.id == "applications-native"


def test_two_that_fit_alike_are_ambiguous_unless_the_name_tells(tmp_path: Path) -> None:
    other = (PROFILE + COLUMNS).replace("office-export", "other-export")
    (tmp_path / "one.toml").write_text(PROFILE + COLUMNS)
    (tmp_path / "two.toml").write_text(other)
    path = tmp_path / "gjakova-2025.csv"
    path.write_text(table(ROW))
    with pytest.raises(ExtractRejected) as caught:
        recognise(path, path.name, load_profiles(tmp_path))
    assert set(caught.value.values["profiles"]) == {"office-export", "other-export"}
    (tmp_path / "two.toml").write_text(other + '[file]\nnames = ["Gjakova-*"]\n')
    assert recognise(path, path.name, load_profiles(tmp_path)).profile.id == "other-export"


def test_a_file_of_nobody_is_refused_with_what_it_has_and_lacks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("application_id,submitted_at,colour\n1,2,3\n")
    with pytest.raises(ExtractRejected) as caught:
        recognise(path, path.name, load_profiles(None))
    said = caught.value
    assert said.key == "extracts.refused.no_profile"
    assert said.values["headers"] == ("application_id", "submitted_at")
    assert said.values["others"] == 1
    assert "applications-native" in said.values["nearest"]
    assert "service_code" in said.values["missing"]


def refused(path: Path, content: str) -> ExtractRejected:
    path.write_text(content)
    with pytest.raises(ExtractRejected) as caught:
        recognise(path, path.name, load_profiles(None))
    return caught.value


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("# A text\n\nand no table.\n", "unknown_headers"),
        ("\n\n\n", "no_headers"),
        (",,\n1,2,3\n", "no_headers"),
        ("application_id,,colour\n1,2,3\n", "no_profile"),
        (table(ROW + ",A-1", head=HEAD + ",application_id"), "header_twice"),
    ],
)
def test_a_refusal_is_a_sentence_without_empty_lists(
    tmp_path: Path, content: str, key: str, language: Language
) -> None:
    said = refused(tmp_path / "a.csv", content)
    assert said.key == f"extracts.refused.{key}"
    assert all(said.values.values())
    sentence = Texts(language).said(said)
    assert sentence != said.key
    assert not re.search(r"[:;,] *[.,;]|  |[{}]", sentence)


def test_what_may_be_somebodys_data_is_counted_and_not_quoted(tmp_path: Path) -> None:
    without_headers = refused(tmp_path / "a.csv", "Arta Demo,1985\nBlerim Demo,1990\n")
    assert without_headers.values == {"count": 2}
    told = refused(tmp_path / "b.csv", "application_id,Arta Demo\n1,2\n")
    assert "Arta" not in Texts(Language.EN).said(told)


def test_a_file_with_personal_data_is_recognised_so_that_the_refusal_can_say_why(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table(ROW + ",x", head=table().strip() + ",Emri"))
    assert recognise(path, path.name, load_profiles(None)).profile.id == "applications-native"
