"""Roles are code: what each may do. The database holds only who has which role in which unit."""

from __future__ import annotations

from enum import StrEnum

from data.access.permissions import Permission as P


class Role(StrEnum):
    VIEWER = "viewer"
    TWINNING_EXPERT = "twinning_expert"
    RISK_OWNER = "risk_owner"
    DEPUTY = "deputy"
    UNIT_HEAD = "unit_head"
    RISK_COORDINATOR = "risk_coordinator"
    KPI_OWNER = "kpi_owner"
    DATA_STEWARD = "data_steward"
    MANAGER = "manager"
    INTERNAL_AUDITOR = "internal_auditor"
    ADMINISTRATOR = "administrator"


_EVERYONE = frozenset({P.KPI_VIEW, P.REFERENCE_VIEW, P.SELF_CHANGE})

PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.VIEWER: _EVERYONE,
    Role.TWINNING_EXPERT: _EVERYONE | {P.EXTRACT_VIEW, P.REPORT_BUILD},
    Role.RISK_OWNER: _EVERYONE | {P.ROWS_VIEW},
    Role.DEPUTY: _EVERYONE | {P.ROWS_VIEW},
    Role.UNIT_HEAD: _EVERYONE | {P.ROWS_VIEW, P.EXTRACT_VIEW, P.REPORT_BUILD},
    Role.RISK_COORDINATOR: _EVERYONE | {P.EXTRACT_VIEW, P.REPORT_BUILD},
    Role.KPI_OWNER: _EVERYONE
    | {P.KPI_DEFINE, P.KPI_PUBLISH, P.TARGET_SET, P.EXTRACT_VIEW, P.ROWS_VIEW, P.REPORT_BUILD},
    Role.DATA_STEWARD: _EVERYONE
    | {P.EXTRACT_VIEW, P.EXTRACT_LOAD, P.EXTRACT_WITHDRAW, P.QUARANTINE_VIEW, P.ROWS_VIEW}
    | {P.KPI_PUBLISH, P.REPORT_BUILD},
    Role.MANAGER: _EVERYONE | {P.EXTRACT_VIEW, P.ROWS_VIEW, P.TARGET_SET, P.REPORT_BUILD},
    Role.INTERNAL_AUDITOR: _EVERYONE
    | {P.EXTRACT_VIEW, P.QUARANTINE_VIEW, P.ROWS_VIEW, P.PEOPLE_VIEW, P.AUDIT_VIEW}
    | {P.REPORT_BUILD},
    Role.ADMINISTRATOR: _EVERYONE
    | {P.EXTRACT_VIEW, P.REFERENCE_CHANGE, P.PEOPLE_VIEW, P.PEOPLE_MANAGE, P.AUDIT_VIEW},
}
