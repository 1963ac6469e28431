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
    # Strategy
    STRATEGY_VIEW = "kpis:strategy:view"
    STRATEGY_KEEP = "kpis:strategy:change"
    # Risks
    RISK_VIEW = "risks:risk:view"  # those of the units, and one's own wherever they are
    RISK_VIEW_PUBLISHED = "risks:published:view"  # the register as it was last published
    RISK_VIEW_OWNERS = "risks:owner:view"  # whose each is, and nothing else of it
    RISK_DRAFT = "risks:risk:draft"
    RISK_WORK = "risks:risk:work"  # on one's own: text, assessments, treatments, reviews, requests
    RISK_COMMENT = "risks:risk:comment"
    RISK_COORDINATE = "risks:risk:coordinate"  # on anybody's, with a reason; owner and category
    RISK_DECIDE = "risks:proposal:decide"  # never on what one proposed oneself
    RISK_CLOSE = "risks:risk:close"  # and re-open
    RISK_ACCEPT = "risks:acceptance:decide"  # up to the level that the criteria name
    RISK_ANSWER = "risks:escalation:answer"
    RISK_IMPORT = "risks:register:import"
    REGISTER_PUBLISH = "risks:register:publish"
    CRITERIA_PROPOSE = "risks:criteria:propose"  # also appetite
    CRITERIA_DECIDE = "risks:criteria:decide"
    CONTROL_KEEP = "risks:control:keep"
    INDICATOR_KEEP = "risks:indicator:keep"
    INCIDENT_RECORD = "risks:incident:record"
    DELEGATE = "risks:deputy:name"
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

    @property
    def changes(self) -> bool:
        """Whether what it allows changes anything; looking and building a report do not."""
        return self.rpartition(":")[2] not in LOOKS


LOOKS = frozenset({"view", "build"})  # verbs after which everything is as it was
