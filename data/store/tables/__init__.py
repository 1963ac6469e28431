"""Every table of the product, so that migrations see them all."""

from data.store.tables.agency import (
    Agency,
    CalendarDay,
    OnlineService,
    Parameter,
    ReferenceSnapshot,
    Service,
    ServiceRule,
    StandardMinutes,
)
from data.store.tables.annotations import ChartNote
from data.store.tables.audit import AuditEntry
from data.store.tables.commentary import Action, ActionUpdate, Commentary
from data.store.tables.desk import FormDraft, SavedView
from data.store.tables.entered import EnteredReading, Evidence, PeriodLock
from data.store.tables.extracts import Batch, ExtractEvent
from data.store.tables.jobs import Job
from data.store.tables.kpis import KpiDefinition, KpiDefinitionVersion, Objective, Target
from data.store.tables.notices import Notice
from data.store.tables.people import ApiToken, Person, RoleGrant, SignInSession
from data.store.tables.places import District, Municipality, Office, OfficeEvent, OrgUnit
from data.store.tables.readings import Publication, PublicationPointer, StoredReading
from data.store.tables.records import FrozenDocument, RecordVersion
from data.store.tables.risk_keeping import (
    Delegation,
    RegisterSnapshot,
)
from data.store.tables.risk_watch import (
    Incident,
    IncidentRisk,
    RiskControl,
    RiskControlTest,
    RiskIndicator,
    RiskIndicatorReading,
)
from data.store.tables.risks import (
    AppetiteStatement,
    Risk,
    RiskAcceptance,
    RiskAssessment,
    RiskCategory,
    RiskComment,
    RiskControlLink,
    RiskCriteria,
    RiskEscalation,
    RiskIndicatorLink,
    RiskKpi,
    RiskObjective,
    RiskReview,
    RiskTreatment,
)

__all__ = [
    "Action",
    "ActionUpdate",
    "Agency",
    "ApiToken",
    "AppetiteStatement",
    "AuditEntry",
    "Batch",
    "CalendarDay",
    "ChartNote",
    "Commentary",
    "Delegation",
    "District",
    "EnteredReading",
    "Evidence",
    "ExtractEvent",
    "FormDraft",
    "FrozenDocument",
    "Incident",
    "IncidentRisk",
    "Job",
    "KpiDefinition",
    "KpiDefinitionVersion",
    "Municipality",
    "Notice",
    "Objective",
    "Office",
    "OfficeEvent",
    "OnlineService",
    "OrgUnit",
    "Parameter",
    "PeriodLock",
    "Person",
    "Publication",
    "PublicationPointer",
    "RecordVersion",
    "ReferenceSnapshot",
    "RegisterSnapshot",
    "Risk",
    "RiskAcceptance",
    "RiskAssessment",
    "RiskCategory",
    "RiskComment",
    "RiskControl",
    "RiskControlLink",
    "RiskControlTest",
    "RiskCriteria",
    "RiskEscalation",
    "RiskIndicator",
    "RiskIndicatorLink",
    "RiskIndicatorReading",
    "RiskKpi",
    "RiskObjective",
    "RiskReview",
    "RiskTreatment",
    "RoleGrant",
    "SavedView",
    "Service",
    "ServiceRule",
    "SignInSession",
    "StandardMinutes",
    "StoredReading",
    "Target",
]
