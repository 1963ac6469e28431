"""Personal data never comes in: not by a header, not by a value, and not in a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import ExtractRejected, Invalid
from data.extracts import vocabulary
from data.extracts.contracts import all_contracts
from data.extracts.quarantine import as_csv
from tests.data.extracts.checks import COLUMNS, HEAD, ROW, Desk, listed, numbered, table

SECRET = "1234567890"


@pytest.mark.parametrize(
    "header",
    ["Numri personal", "NR. PERSONAL", "JMBG", "Lični broj", "Лични број", "Emri",
     "Mbiemri", "Ime i prezime", "Father's name", "Emri i babait", "E-mail", "Telefoni",
     "Broj telefona", "Adresa e banimit", "Street_Address", "Data e lindjes", "Nr. i pasaportës"],
)  # fmt: skip
def test_headers_of_personal_data_refuse_the_file(desk: Desk, header: str) -> None:
    with pytest.raises(ExtractRejected) as caught:
        desk.check(table(f"{ROW},x", head=f"{HEAD},{header}"))
    assert caught.value.key == "extracts.refused.personal_headers"
    assert caught.value.values["headers"] == (header,)


def test_a_column_the_profile_drops_stays_outside_the_door(desk: Desk) -> None:
    profile = desk.profile('[dropped]\nheaders = ["Emri dhe mbiemri"]')
    checked = desk.check(table(f"{ROW},Agim {SECRET}", head=f"{HEAD},EMRI DHE MBIEMRI"), profile)
    assert checked.counts.accepted == 1
    kept = b"".join(path.read_bytes() for path in desk.staging.rglob("*") if path.is_file())
    assert SECRET.encode() not in kept
    assert b"Agim" not in kept


def test_a_profile_cannot_map_a_header_of_personal_data(desk: Desk) -> None:
    mapped = COLUMNS + '[columns.applicant_pseudo]\nheaders = ["Numri personal"]\n'
    with pytest.raises(Invalid) as caught:
        desk.profile(columns=mapped)
    assert caught.value.key == "extracts.definition.personal_header"
    assert caught.value.values["setting"] == "columns.applicant_pseudo.headers"


def test_no_contract_has_a_header_that_would_be_refused() -> None:
    for contract in all_contracts():
        mapped = {header for name in contract.names for header in (name,)}
        refused = vocabulary.personal_headers(mapped)
        assert {one.header for one in refused} <= {"address_missing"}  # a count, known to the door


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("application_id", SECRET),
        ("office_code", SECRET),
        ("office_code", f"zyra {SECRET} sot"),
        ("office_code", "+383 44 123 456"),
        ("office_code", "tel. 044 123 456"),
        ("office_code", "00383 44123456"),
        ("application_id", "+38344123456"),
        ("application_id", "044123456"),
        ("office_code", "agim.b@example.org"),
        ("application_id", "agim@example.org"),
    ],
)
def test_values_that_look_personal_block_the_file(desk: Desk, column: str, value: str) -> None:
    with pytest.raises(ExtractRejected) as caught:
        desk.check(table(numbered(1), numbered(2, **{column: value})))
    assert caught.value.key == "extracts.refused.personal_values"
    assert caught.value.values["counts"] == {column: 1}
    assert value not in repr(caught.value)
    left = [path for path in desk.staging.rglob("*") if path.is_file()]
    assert left == []


@pytest.mark.parametrize(
    "value",
    ["12345678901", "123456789", "A1234567890", "d41d8cd98f00b204e9800998ecf8427e",
     "9b74c9897bac770ffc029102a200c5de1234567890", "0391234567x"],
)  # fmt: skip
def test_pseudonyms_and_ordinary_numbers_pass(desk: Desk, value: str) -> None:
    checked = desk.check(table(f"{ROW},{value}", head=f"{HEAD},applicant_pseudo"))
    assert checked.counts.accepted == 1


def test_a_profile_can_say_that_ten_digits_are_no_personal_number(desk: Desk) -> None:
    allowed = COLUMNS.replace(
        'headers = ["application_id"]', 'headers = ["application_id"]\ndigits_ok = true'
    )
    text = table(numbered(1, application_id=SECRET))
    assert desk.check(text, desk.profile(columns=allowed)).counts.accepted == 1


def test_bad_values_are_shown_only_where_they_can_hardly_be_about_a_person(desk: Desk) -> None:
    desk.codes = {"office": frozenset({"PR-1"})}
    checked = desk.check(
        table(
            numbered(1, office_code="PR-2"),
            numbered(2, office_code="Agim Berisha"),
            numbered(3, office_code=SECRET),
            numbered(4, submitted_at="31.02.2025"),
            numbered(5, submitted_at="born in Prizren"),
            numbered(6, submitted_at=SECRET),
            numbered(7, decision="044123456"),
            numbered(8),
        )
    )
    found = listed(checked.quarantine)
    assert [one["shown"] for one in found] == ["PR-2", None, None, "31.02.2025", None, None, None]
    assert [one["kind"] for one in found] == [
        "text", "text", "digits", "number", "text", "digits", "digits"
    ]  # fmt: skip
    assert [one["row"] for one in found] == [2, 3, 4, 5, 6, 7, 8]
    assert {one["file"] for one in found} == {"file.csv"}


def test_the_list_for_download_runs_nothing(desk: Desk, tmp_path: Path) -> None:
    profile = desk.profile(columns=COLUMNS.replace('"office_code"]', '"=cmd|calc"]'))
    desk.codes = {"office": frozenset({"PR-1"})}
    text = table(
        numbered(1, office_code="-2+3"), numbered(2), head=HEAD.replace("office_code", "=cmd|calc")
    )
    checked = desk.check(text, profile)
    assert checked.quarantine is not None
    target = tmp_path / "list.csv"
    assert as_csv(checked.quarantine, target) == 1
    written = target.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert b",'=cmd|calc," in written
    assert b",=cmd" not in written
