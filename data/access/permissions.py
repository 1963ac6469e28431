"""What can be allowed, named room:noun:verb."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    # Performance
    KPI_VIEW = "kpis:reading:view"
    KPI_DEFINE = "kpis:definition:change"
    KPI_PUBLISH = "kpis:reading:publish"
    TARGET_SET = "kpis:target:set"
    KPI_ANNOTATE = "kpis:chart:annotate"  # rebases and annotations
    COMMENT_WRITE = "kpis:commentary:write"
    ACTION_ASSIGN = "kpis:action:assign"  # also its end without a result, and a new due day
    ACTION_UPDATE = "kpis:action:update"  # the actions that are one's own
    READING_VIEW = "kpis:entered:view"  # values that people enter, on their way and their evidence
    READING_ENTER = "kpis:entered:enter"
    READING_APPROVE = "kpis:entered:approve"  # never what one wrote on oneself
    READING_LOCK = "kpis:entered:lock"  # and unlock
    # Extracts
    EXTRACT_VIEW = "extracts:batch:view"
    EXTRACT_LOAD = "extracts:batch:load"
    EXTRACT_WITHDRAW = "extracts:batch:withdraw"
    QUARANTINE_VIEW = "extracts:quarantine:view"
    ROWS_VIEW = "extracts:row:view"  # drill-through to single cases
    # The agency
    REFERENCE_VIEW = "agency:reference:view"
    REFERENCE_CHANGE = "agency:reference:change"
    # Reports
    REPORT_BUILD = "reports:pack:build"
    # People
    SELF_CHANGE = "access:self:change"
    PEOPLE_VIEW = "access:person:view"
    PEOPLE_MANAGE = "access:person:manage"
    # Oversight
    AUDIT_VIEW = "audit:entry:view"
    JOBS_RUN = "jobs:job:run"  # the worker; nobody holds it but the system
