"""What codes are called, and who is told the names of people."""

from __future__ import annotations

from data.access.permissions import Permission
from data.store.tables import Objective
from data.workspace import Workspace
from risks.criteria.reading import default_categories
from risks.register.naming import Naming, read_naming
from tests.house import OFFICES
from tests.risks.house import PEOPLE, RiskHouse, risk_house


def naming_for(house: RiskHouse, name: str) -> Naming:
    with house.workspace.read(house[name], Permission.RISK_VIEW_PUBLISHED) as reader:
        return read_naming(reader)


def test_names_are_those_of_the_agency_in_its_order(workspace: Workspace) -> None:
    house = risk_house(workspace)
    named = {f"name_{language}": f"Goal {language}" for language in ("sq", "sr", "en")}
    rows = [
        Objective.model_validate({"code": code, "challenge": 1, "position": place, **named})
        for code, place in (("2.1", 1), ("1.1", 2))
    ]
    with workspace.database.writing() as session:
        session.add_all(rows)
    found = naming_for(house, "owner")
    assert list(found.objectives) == ["2.1", "1.1"]
    assert found.objectives["1.1"] == {"sq": "Goal sq", "sr": "Goal sr", "en": "Goal en"}
    assert list(found.categories) == [row["code"] for row in default_categories()]
    assert {code: found.units[code]["en"] for code in OFFICES} == OFFICES
    assert {f"{name}@example.org" for name in PEOPLE} <= found.people.keys()
    assert found.people["owner@example.org"] == "Owner"


def test_who_sees_only_what_is_published_learns_nobodys_name(workspace: Workspace) -> None:
    assert naming_for(risk_house(workspace), "viewer").people == {}
