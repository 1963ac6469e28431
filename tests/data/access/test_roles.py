"""Every permission with every role, held against a table written down here a second time."""

from __future__ import annotations

import pytest

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import PERMISSIONS, Role
from data.audit.tags import AuditTag
from data.auditing import Wanted, count
from data.errors import PermissionDenied
from data.workspace import Workspace

# v viewer, t twinning expert, o risk owner, d deputy, h head of unit,
# r risk coordinator, k KPI owner, s data steward, m manager, i internal auditor, a administrator
ROLES = dict(zip("vtodhrksmia", Role, strict=True))
WHO_MAY = {
    "kpis:reading:view": "vtodhrksmia",
    "kpis:definition:change": "k",
    "kpis:reading:publish": "ks",
    "kpis:target:set": "km",
    "kpis:chart:annotate": "kma",
    "kpis:commentary:write": "hkm",
    "kpis:action:assign": "km",
    "kpis:action:update": "vtodhrksmia",
    "kpis:entered:view": "hkmi",
    "kpis:entered:enter": "k",
    "kpis:entered:approve": "km",
    "kpis:entered:lock": "m",
    "kpis:strategy:view": "vtodhrksmia",
    "kpis:strategy:change": "m",
    "risks:risk:view": "odhrmi",
    "risks:published:view": "vtodhrksmia",
    "risks:owner:view": "a",
    "risks:risk:draft": "odhr",
    "risks:risk:work": "odr",
    "risks:risk:comment": "odhrm",
    "risks:risk:coordinate": "r",
    "risks:proposal:decide": "r",
    "risks:risk:close": "rm",
    "risks:acceptance:decide": "hm",
    "risks:escalation:answer": "hm",
    "risks:register:import": "ohr",
    "risks:register:publish": "r",
    "risks:criteria:propose": "r",
    "risks:criteria:decide": "m",
    "risks:control:keep": "r",
    "risks:indicator:keep": "or",
    "risks:incident:record": "odhr",
    "risks:deputy:name": "or",
    "extracts:batch:view": "thrksmia",
    "extracts:batch:load": "s",
    "extracts:batch:withdraw": "s",
    "extracts:quarantine:view": "si",
    "extracts:row:view": "odhksmi",
    "agency:reference:view": "vtodhrksmia",
    "agency:reference:change": "a",
    "reports:pack:build": "thrksmi",
    "access:self:change": "vtodhrksmia",
    "access:person:view": "ia",
    "access:person:manage": "a",
    "audit:entry:view": "ia",
    "jobs:job:run": "",
}


def holder(role: Role, units: frozenset[str] | None = None) -> Actor:
    grant = Grant(role, "CRA" if units is None else "O01", units)
    return Actor(email=f"{role}@example.org", name=role, language="en", grants=(grant,))


def test_the_table_names_every_permission_and_every_role() -> None:
    assert set(WHO_MAY) == {permission.value for permission in Permission}
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("letter", ROLES)
def test_a_role_may_what_the_table_says_and_no_more(workspace: Workspace, letter: str) -> None:
    by, refused = holder(ROLES[letter]), 0
    for permission in Permission:
        if letter in WHO_MAY[permission]:
            with workspace.read(by, permission) as reader:
                assert reader.units is None
        else:
            assert_shut(workspace, by, permission)
            refused += 2
    attempts = Wanted(actor=by.email, tag=AuditTag.REFUSED)
    assert count(workspace, by=SYSTEM, wanted=attempts) == refused


def test_somebody_without_a_role_may_nothing(workspace: Workspace) -> None:
    nobody = Actor(email="nobody@example.org", name="Nobody", language="en")
    for permission in Permission:
        assert_shut(workspace, nobody, permission)


def assert_shut(workspace: Workspace, by: Actor, permission: Permission) -> None:
    for way in (workspace.read, workspace.change):
        with pytest.raises(PermissionDenied), way(by, permission):
            pytest.fail(f"the door opened to {by.email} for {permission}")


def test_a_role_in_one_unit_does_not_reach_another() -> None:
    local = holder(Role.UNIT_HEAD, frozenset({"O01", "O01.A"}))
    assert local.may_in(Permission.ROWS_VIEW, "O01.A")
    assert not local.may_in(Permission.ROWS_VIEW, "O02")
    assert local.units_for(Permission.PEOPLE_MANAGE) == frozenset()


def test_two_roles_reach_as_far_as_both_together() -> None:
    grants = (
        Grant(Role.UNIT_HEAD, "O01", frozenset({"O01"})),
        Grant(Role.RISK_OWNER, "O02", frozenset({"O02"})),
    )
    both = Actor(email="b@example.org", name="Both", language="en", grants=grants)
    assert both.units_for(Permission.ROWS_VIEW) == frozenset({"O01", "O02"})
    assert both.units_for(Permission.REPORT_BUILD) == frozenset({"O01"})
