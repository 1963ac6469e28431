"""Roles are code: what each may do. The database holds only who has which role in which unit."""

from __future__ import annotations

from enum import StrEnum

from data.access.permissions import Permission


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


_EVERYONE = frozenset(
    {Permission.KPI_VIEW, Permission.REFERENCE_VIEW, Permission.SELF_CHANGE}
    | {Permission.ACTION_UPDATE, Permission.RISK_VIEW_PUBLISHED}
    | {Permission.STRATEGY_VIEW}
)
_SEES_RISKS = frozenset({Permission.RISK_VIEW})
_SPEAKS_OF_RISKS = _SEES_RISKS | {Permission.RISK_COMMENT}
_RAISES_RISKS = _SPEAKS_OF_RISKS | {Permission.RISK_DRAFT, Permission.INCIDENT_RECORD}
_WORKS_ON_RISKS = _RAISES_RISKS | {Permission.RISK_WORK}
_ABOVE_OWNERS = frozenset({Permission.RISK_ACCEPT, Permission.RISK_ANSWER})
_SEES_ROWS = frozenset({Permission.ROWS_VIEW})
_SEES_EXTRACTS = frozenset({Permission.EXTRACT_VIEW})
_REPORTS = frozenset({Permission.REPORT_BUILD})
_ANNOTATES = frozenset({Permission.KPI_ANNOTATE})
_COMMENTS = frozenset({Permission.COMMENT_WRITE})
_SEES_ENTERED = frozenset({Permission.READING_VIEW})
_APPROVES = _SEES_ENTERED | {Permission.READING_APPROVE}
_ASSIGNS = frozenset({Permission.ACTION_ASSIGN})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _EVERYONE,
    Role.TWINNING_EXPERT: _EVERYONE | _SEES_EXTRACTS | _REPORTS,
    Role.RISK_OWNER: _EVERYONE
    | _SEES_ROWS
    | _WORKS_ON_RISKS
    | {Permission.RISK_IMPORT, Permission.INDICATOR_KEEP, Permission.DELEGATE},
    Role.DEPUTY: _EVERYONE | _SEES_ROWS | _WORKS_ON_RISKS,
    Role.UNIT_HEAD: _EVERYONE
    | _SEES_ROWS
    | _SEES_EXTRACTS
    | _REPORTS
    | _COMMENTS
    | _SEES_ENTERED
    | _RAISES_RISKS
    | _ABOVE_OWNERS
    | {Permission.RISK_IMPORT},
    Role.RISK_COORDINATOR: _EVERYONE
    | _SEES_EXTRACTS
    | _REPORTS
    | _WORKS_ON_RISKS
    | {Permission.RISK_COORDINATE, Permission.RISK_DECIDE, Permission.RISK_CLOSE}
    | {Permission.RISK_IMPORT, Permission.REGISTER_PUBLISH, Permission.CRITERIA_PROPOSE}
    | {Permission.CONTROL_KEEP, Permission.INDICATOR_KEEP, Permission.DELEGATE},
    Role.KPI_OWNER: _EVERYONE
    | _SEES_ROWS
    | _SEES_EXTRACTS
    | _REPORTS
    | _ANNOTATES
    | _COMMENTS
    | _ASSIGNS
    | _APPROVES
    | {Permission.KPI_DEFINE, Permission.KPI_PUBLISH, Permission.TARGET_SET}
    | {Permission.READING_ENTER},
    Role.DATA_STEWARD: _EVERYONE
    | _SEES_ROWS
    | _SEES_EXTRACTS
    | _REPORTS
    | {Permission.EXTRACT_LOAD, Permission.EXTRACT_WITHDRAW, Permission.QUARANTINE_VIEW}
    | {Permission.KPI_PUBLISH},
    Role.MANAGER: _EVERYONE
    | _SEES_ROWS
    | _SEES_EXTRACTS
    | _REPORTS
    | _ANNOTATES
    | _COMMENTS
    | _ASSIGNS
    | _APPROVES
    | _SPEAKS_OF_RISKS
    | _ABOVE_OWNERS
    | {Permission.STRATEGY_KEEP}
    | {Permission.TARGET_SET, Permission.READING_LOCK}
    | {Permission.RISK_CLOSE, Permission.CRITERIA_DECIDE},
    Role.INTERNAL_AUDITOR: _EVERYONE
    | _SEES_ROWS
    | _SEES_EXTRACTS
    | _REPORTS
    | _SEES_ENTERED
    | _SEES_RISKS
    | {Permission.QUARANTINE_VIEW, Permission.PEOPLE_VIEW, Permission.AUDIT_VIEW},
    Role.ADMINISTRATOR: _EVERYONE
    | _SEES_EXTRACTS
    | _ANNOTATES
    | {Permission.REFERENCE_CHANGE, Permission.PEOPLE_VIEW, Permission.PEOPLE_MANAGE}
    | {Permission.AUDIT_VIEW, Permission.RISK_VIEW_OWNERS},
}
