"""The reference data the product brings along says what its sources say."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from data.calendar import WorkingCalendar
from data.store import reference


def given_municipalities(shared: Path) -> list[dict[str, str]]:
    with (shared / "domain" / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_municipality_is_as_given(shared: Path) -> None:
    ours = {row.code: row for row in reference.municipalities()}
    district_names = {row.code: row.name_sq for row in reference.districts()}
    given = given_municipalities(shared)
    assert list(ours) == [row["code"] for row in given]
    assert len(given) == 38
    for row in given:
        mine = ours[row["code"]]
        assert (mine.name_sq, mine.name_sr) == (row["name_sq"], row["name_sr_latn"])
        assert district_names[mine.district_code] == row["district_sq"]
        assert row["note"].lower() in mine.note.lower()


def test_population_is_the_newest_that_can_be_used(shared: Path) -> None:
    ours = {row.code: row for row in reference.municipalities()}
    for row in given_municipalities(shared):
        mine = ours[row["code"]]
        census, boycotted = row["population_2024_census"], "boycotted" in row["note"]
        usable = bool(census) and not boycotted
        assert mine.population == int(census if usable else row["population_2014_est"])
        assert mine.population_year == (2024 if usable else 2014)
        assert str(mine.population_year) in mine.source
        if boycotted:
            assert f"{census} persons enumerated" in mine.note


def test_codes_are_text_and_the_two_mitrovicas_stay_apart() -> None:
    ours = {row.code: row for row in reference.municipalities()}
    assert sorted(ours) == [f"{number:02}" for number in range(1, 39)]
    south, north = ours["11"], ours["38"]
    assert (south.name_sq, south.name_sr) == ("Mitrovicë", "Južna Mitrovica")
    assert (north.name_sq, north.name_sr) == ("Mitrovicë e Veriut", "Severna Mitrovica")
    for language in ("name_sq", "name_sr", "name_en"):
        assert len({getattr(row, language) for row in ours.values()}) == 38


def test_districts_say_which_memberships_are_assumed() -> None:
    assumed = {row.name_en: row.assumption for row in reference.districts()}
    assert len(assumed) == 7
    assert {name for name, assumption in assumed.items() if not assumption} == {
        "Ferizaj",
        "Gjakova",
    }
    members = Counter(row.district_code for row in reference.municipalities())
    assert set(members) == {row.code for row in reference.districts()}


def test_services_are_those_of_the_applications_extract(shared: Path) -> None:
    text = (shared / "domain" / "extracts.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)["extracts"]["applications"]["columns"]["service_code"]
    assert [row.code for row in reference.services()] == listed.removeprefix("code: ").split("|")
    for row in reference.services():
        assert len({row.name_sq, row.name_sr, row.name_en}) == 3


def test_every_service_has_a_rule_and_only_sourced_ones_are_no_assumption() -> None:
    rules = {(row.service_code, row.speed): row for row in reference.service_rules()}
    assert {service for service, _ in rules} == {row.code for row in reference.services()}
    sourced = {key: row.deadline_days for key, row in rules.items() if not row.assumption}
    assert sourced == {("PASSPORT", "normal"): 15, ("DRIVING_LICENCE", "normal"): 15}
    for row in rules.values():
        assert row.day_basis in {"working", "calendar"}
        assert row.source.startswith("Assumption") == row.assumption


def test_the_official_languages_come_first() -> None:
    standing = {row.code: row.standing for row in reference.languages()}
    assert list(standing)[:2] == ["sq", "sr"]
    assert {code for code, text in standing.items() if text == "official"} == {"sq", "sr"}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 2), False),
        (date(2025, 2, 17), False),
        (date(2025, 4, 9), False),
        (date(2023, 1, 3), False),  # moved from a Sunday
        (date(2026, 5, 11), False),  # moved from a Saturday
        (date(2025, 11, 28), True),  # a memorial day, no public holiday
        (date(2025, 7, 1), True),
    ],
)
def test_holidays_of_kosovo(day: date, *, works: bool) -> None:
    holidays = frozenset(row.day for row in reference.calendar_days([day.year]))
    assert WorkingCalendar(holidays).is_working(day) is works


def test_moved_days_name_the_disputed_rule() -> None:
    days = {row.day: row for row in reference.calendar_days([2023])}
    assert "moved" in days[date(2023, 1, 3)].source
    assert "moved" not in days[date(2023, 1, 2)].source
    assert days[date(2023, 2, 17)].name == "Dita e Pavarësisë së Republikës së Kosovës"


def test_a_day_can_be_struck_out_made_to_work_or_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calendar.toml").write_text(
        """
        source = "package"
        moved_source = "moved"
        [days]
        2026-05-11 = { kind = "none" }
        2026-06-12 = { kind = "holiday", name = "Dita e Çlirimit", source = "Decision" }
        2026-06-13 = { kind = "working", name = "Ditë pune", source = "Decision" }
        2031-06-12 = { kind = "holiday", name = "Dita e Çlirimit", source = "Decision" }
        """,
        encoding="utf-8",
    )
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    days = {row.day: row for row in reference.calendar_days([2026])}
    assert date(2026, 5, 11) not in days
    assert days[date(2026, 6, 12)].source == "Decision"
    assert days[date(2026, 6, 13)].kind == "working"
    assert {day.year for day in days} == {2026}
    assert list(days) == sorted(days)
