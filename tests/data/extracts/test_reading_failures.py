"""How reading goes wrong: letters, separators, headers, files cut short; each with its file."""

from __future__ import annotations

import pytest

from data.extracts.checking import Declared
from tests.data.extracts.checks import (
    HEAD,
    ROW,
    Desk,
    notes,
    numbered,
    refusal,
    rows,
    table,
)

# ENC: encodings and mangled letters


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1250", "cp1250"),
    ],
)
def test_letters_survive_every_encoding_and_the_encoding_is_recorded(
    desk: Desk, encoding: str, recorded: str
) -> None:
    text = table(numbered(1, office_code="Zyra-Gjakovë-çš"), numbered(2, office_code="Šalter-1"))
    checked = desk.check(text.encode(encoding))
    assert checked.encoding == recorded
    assert list(rows(checked)["office_code"]) == ["Zyra-Gjakovë-çš", "Šalter-1"]


def test_cp1252_is_tried_after_cp1250(desk: Desk) -> None:
    text = table(numbered(1, office_code="Zyra ë ˆ"))  # ˆ is 0x88, which cp1250 does not define
    checked = desk.check(text.encode("cp1252"))
    assert (checked.encoding, rows(checked)["office_code"][0]) == ("cp1252", "Zyra ë ˆ")


def test_serbian_cyrillic_stands_beside_latin(desk: Desk) -> None:
    text = "Број захтева,Usluga,Opština,Податo,datum podnošenja,Odlučeno,Spremno\n"
    text += "A-1,Pasoš,Приштина,,2025-03-03 09:00:00,,\nA-2,Лична карта,Priština,,2025-03-03,,\n"
    checked = desk.check(text)
    assert list(rows(checked)["service_code"]) == ["PASSPORT", "ID_CARD"]
    assert list(rows(checked)["municipality_code"]) == ["19", "19"]


@pytest.mark.parametrize(
    "damage", ["Prishtin\ufffd", "PrishtinÃ«", "Å¡alter", "PrishtinĂ«", "Ä\x8d"]
)
def test_mangled_letters_refuse_the_file(desk: Desk, damage: str) -> None:
    said = refusal(lambda: desk.check(table(numbered(1, office_code=damage))))
    assert said.key in {"extracts.refused.lost_letters", "extracts.refused.misread_letters"}


def test_a_profile_can_insist_on_an_encoding(desk: Desk) -> None:
    profile = desk.profile('[file]\nencodings = ["utf-8"]')
    text = table(numbered(1, office_code="ë")).encode("cp1250")
    assert refusal(lambda: desk.check(text, profile)).key == "extracts.refused.undecodable"
    wide = table(ROW).encode("utf-16")
    said = refusal(lambda: desk.check(wide, profile))
    assert (said.key, said.values["encoding"]) == (
        "extracts.refused.encoding_not_accepted",
        "utf-16",
    )


# SEP: separators, sep=, quoted newlines


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_separators_of_the_profile_are_found(desk: Desk, separator: str) -> None:
    checked = desk.check(table(ROW).replace(",", separator))
    assert checked.counts.accepted == 1


def test_a_first_line_may_declare_the_separator(desk: Desk) -> None:
    checked = desk.check("sep=;\n" + table(ROW).replace(",", ";"))
    assert checked.counts.accepted == 1


def test_quoted_line_breaks_and_separators_are_part_of_the_value(desk: Desk) -> None:
    checked = desk.check(table(numbered(1, office_code='"PR,\n1"')))
    assert rows(checked)["office_code"][0] == "PR,\n1"


@pytest.mark.parametrize(("line", "found"), [(ROW + ",more", 8), ("A-2,PASSPORT", 2)])
def test_another_number_of_columns_fails_with_its_line(desk: Desk, line: str, found: int) -> None:
    said = refusal(lambda: desk.check(table(ROW, line)))
    assert said.key == "extracts.refused.column_count"
    assert said.values == {"line": 3, "expected": 7, "found": found}


# HEAD: headers in three languages, title rows, several rows of headers


@pytest.mark.parametrize(
    "head",
    [
        "Nr. i kërkesës,Shërbimi,Zyra,Data e aplikimit,Data e vendimit,Gati më,Vendimi",
        "BROJ ZAHTEVA,usluga,Kancelarija,Datum podnošenja,Datum odluke,Spremno,Odluka",
        "Број захтева,Услуга,Канцеларија,Датум подношења,Датум одлуке,Спремно,Одлука",
        "application number,Service,OFFICE,Submission date,Decided,Ready,decision",
        "Nr i kerkeses,Sherbimi,Zyra,Data e aplikimit,Data e vendimit,Gati me,Vendimi",
    ],
)
def test_headers_are_known_in_three_languages_and_two_scripts(desk: Desk, head: str) -> None:
    checked = desk.check(table(ROW, head=head))
    assert (checked.counts.accepted, rows(checked)["decision"][0]) == (1, "approved")


def test_title_rows_stand_above_the_header_row_of_the_profile(desk: Desk) -> None:
    profile = desk.profile("[file]\nheader_row = 3")
    checked = desk.check("Raporti mujor,,,,,,\n,,,,,,\n" + table(ROW), profile)
    assert checked.counts.accepted == 1


def test_two_rows_of_headers_are_read_downwards(desk: Desk) -> None:
    columns = "\n".join(
        f'[columns.{name}]\nheaders = ["{header}"]'
        for name, header in (
            ("application_id", "Kërkesa numri"),
            ("service_code", "Kërkesa shërbimi"),
            ("submitted_at", "Datat parashtruar"),
            ("decided_at", "Datat vendosur"),
            ("ready_at", "Datat gati"),
        )
    )
    profile = desk.profile("[file]\nheader_rows = 2", columns=columns)
    head = "Kërkesa,Kërkesa,Datat,Datat,Datat\nnumri,shërbimi,parashtruar,vendosur,gati"
    checked = desk.check(f"{head}\nA-1,PASSPORT,2025-03-03,,\n", profile)
    assert checked.counts.accepted == 1


def test_missing_columns_are_named(desk: Desk) -> None:
    said = refusal(lambda: desk.check("application_id,submitted_at\nA-1,2025-03-03\n"))
    assert said.key == "extracts.refused.missing_columns"
    assert said.values["columns"] == ("service_code", "decided_at", "ready_at")


def test_a_column_named_twice_is_refused(desk: Desk) -> None:
    said = refusal(lambda: desk.check(table(ROW + ",x", head=HEAD + ",Zyra")))
    assert (said.key, said.values["headers"]) == ("extracts.refused.header_twice", ("Zyra",))


# TRUNC: files cut short


def test_a_file_cut_in_the_middle_of_a_line_is_refused(desk: Desk) -> None:
    said = refusal(lambda: desk.check(table(ROW, numbered(2))[:-60]))
    assert said.key == "extracts.refused.column_count"


def test_a_file_cut_within_a_quoted_value_is_refused(desk: Desk) -> None:
    said = refusal(lambda: desk.check(table(ROW, '"A-2') + "PASSPORT"))
    assert said.key == "extracts.refused.open_quote"


def test_a_last_line_without_its_end_is_noticed(desk: Desk) -> None:
    assert "no_final_line_end" in notes(desk.check(table(ROW).rstrip("\n")))
    assert "no_final_line_end" not in notes(desk.check(table(ROW)))


def test_exactly_as_many_rows_as_a_sheet_can_hold_raise_the_alarm(desk: Desk) -> None:
    lines = [numbered(n) for n in range(65_535)]
    said = refusal(lambda: desk.check(table(*lines)))
    assert said.values == {"rows": 65_536, "format": "xls"}
    declared = Declared(control_totals={"rows": 65_535})
    assert desk.check(table(*lines), declared=declared).counts.accepted == 65_535


def test_declared_control_totals_are_compared(desk: Desk) -> None:
    text = table(ROW, numbered(2))
    agreed = desk.check(text, declared=Declared(control_totals={"rows": 2}))
    assert agreed.control_totals == {"rows": 2}
    said = refusal(lambda: desk.check(text, declared=Declared(control_totals={"rows": 3})))
    assert said.key == "extracts.refused.control_total"
