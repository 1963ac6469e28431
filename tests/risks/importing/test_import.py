"""Changes of many risks in one transaction: all of them, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.errors import Conflict, Invalid, PermissionDenied
from data.workspace import Workspace
from risks.importing.actions import RiskChange, import_risks
from risks.register.wording import Wording
from risks.treating.actions import Plan, add_treatment
from tests.risks.house import WORDING, RiskHouse, risk_house

ORIGIN = {"file": "r.xlsx"}


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    made = risk_house(workspace)
    made.draft()
    made.draft(wording=Wording(title="Second"))
    return made


def change(house: RiskHouse, code: str, title: str) -> RiskChange:
    risk = house.risk(code)
    return RiskChange(code, risk.row_version, replace(WORDING, title=title))


def test_all_risks_change_together_each_by_one_version(house: RiskHouse) -> None:
    due = house.clock.now.date() + timedelta(days=30)
    house.do(add_treatment, "owner", plan=Plan("Stock", "owner@example.org", due))
    (plan,) = house.risk().treatments
    first = replace(change(house, "R-0001", "One"), dues={plan.id: due + timedelta(days=5)})
    said = [first, change(house, "R-0002", "Two")]
    before = [house.risk(one.code).row_version for one in said]
    kept = import_risks(
        house.workspace, by=house["owner"], changes=said, reason="Agreed", origin=ORIGIN
    )
    assert [one.title for one in kept] == ["One", "Two"]
    assert [house.risk(one.code).row_version for one in said] == [v + 1 for v in before]
    assert house.risk().treatments[0].due == due + timedelta(days=5)
    assert house.risk().treatments[0].original_due == due


def test_one_that_cannot_be_undoes_all(house: RiskHouse) -> None:
    good = change(house, "R-0001", "One")
    bad = {
        Conflict: replace(change(house, "R-0002", "Two"), version=7),
        Invalid: change(house, "R-0002", ""),
        PermissionDenied: change(house, "R-0002", "Two"),
    }
    for kind, other in bad.items():
        by = house["head" if kind is PermissionDenied else "owner"]
        with pytest.raises(kind):
            import_risks(
                house.workspace, by=by, changes=[good, other], reason="Agreed", origin=ORIGIN
            )
        assert house.risk("R-0001").title == WORDING.title
