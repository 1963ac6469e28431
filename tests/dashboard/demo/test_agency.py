"""The demo agency covers what the product needs, and nobody could take it for the real one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from dashboard.demo import agency
from data.access.actor import WHOLE_AGENCY
from data.access.roles import Role
from data.store import reference

AT = datetime(2026, 1, 7, 9, tzinfo=UTC)


def test_about_45_offices_in_all_municipalities() -> None:
    offices = agency.offices()
    assert len(offices) == 46
    assert all(office.demo for office in offices)
    places = Counter(office.municipality_code for office in offices)
    assert set(places) == {row.code for row in reference.municipalities()}
    assert places["19"] == 5  # four and the training office


def test_one_small_office_has_been_merged() -> None:
    closed = [office for office in agency.offices() if office.closed]
    assert [(o.code, o.merged_into, o.closed) for o in closed] == [
        ("O16A", "O16", date(2024, 7, 1))
    ]
    codes = [office.code for office in agency.offices()]
    assert codes.index("O16") < codes.index("O16A")


def test_units_form_one_tree_with_parents_first() -> None:
    seen: set[str] = set()
    for unit in agency.units():
        assert unit.parent_code in seen or (unit.code == WHOLE_AGENCY and not seen)
        seen.add(unit.code)
    kinds = Counter(unit.kind for unit in agency.units())
    assert kinds == {"agency": 1, "department": 13, "office": 46}
    assert {office.unit_code for office in agency.offices()} <= seen


def test_offices_lie_in_the_region_of_their_district() -> None:
    parents = {unit.code: unit.parent_code for unit in agency.units()}
    assert parents["O25"] == "R-FERIZAJ"
    assert parents["O38"] == "R-MITROVICE"
    assert parents["O19B"] == "R-PRISHTINE"
    assert parents["OTRN"] == "STRATEGY"


def test_people_cover_every_role_and_are_plainly_invented() -> None:
    people = agency.people(AT)
    assert len(people) == 29
    assert {role for one in people for role, _ in one.grants} == set(Role)
    units = {unit.code for unit in agency.units()}
    for one in people:
        assert one.person.email.endswith("@example.org")
        assert one.person.email == one.person.email.lower()
        assert one.person.name.endswith(" Demo")
        assert one.person.demo
        assert one.person.password_hash is None
        assert {unit for _, unit in one.grants} <= units
    assert len({one.person.email for one in people}) == len(people)
    assert {one.person.language for one in people} == {"sq", "sr", "en"}


def test_grants_become_rows_once_a_person_has_a_number() -> None:
    head = next(p for p in agency.people(AT) if p.person.email == "head-ferizaj@example.org")
    rows = head.grant_rows(7, by="SYSTEM", at=AT)
    assert [(row.person_id, row.role, row.unit_code) for row in rows] == [
        (7, "unit_head", "R-FERIZAJ"),
        (7, "risk_owner", "R-FERIZAJ"),
    ]


def test_one_to_three_objectives_for_each_challenge() -> None:
    objectives = agency.objectives()
    per_challenge = Counter(row.challenge for row in objectives)
    assert set(per_challenge) == {1, 2, 3, 4, 5}
    assert max(per_challenge.values()) <= 3
    assert all(row.demo for row in objectives)
    for row in objectives:
        assert row.code.startswith(f"{row.challenge}.")
        assert len({row.name_sq, row.name_sr, row.name_en}) == 3


def test_every_kpi_has_an_objective_and_an_owner_who_may_own_it() -> None:
    objectives = {row.code for row in agency.objectives()}
    owners = {
        one.person.email
        for one in agency.people(AT)
        if Role.KPI_OWNER in {role for role, _ in one.grants}
    }
    charges = agency.kpi_charges()
    numbers = {"SD": 8, "CS": 9, "CR": 6, "DQ": 4, "IT": 4, "MG": 4}
    assert [charge.kpi_code for charge in charges] == [
        f"{family}-{n:02}" for family, count in numbers.items() for n in range(1, count + 1)
    ]
    for charge in charges:
        assert charge.objective_code in objectives
        assert charge.owner_email in owners


def test_the_agency_says_it_is_a_demo() -> None:
    row = agency.agency()
    assert row.demo
    assert "demo" in row.name_en.lower()
    assert "demonstr" in row.name_sq.lower()
    assert "demonstr" in row.name_sr.lower()
