"""What the audit trail records, by name; each tag has a sentence in the catalogues."""

from __future__ import annotations

from enum import StrEnum


class AuditTag(StrEnum):
    # Access
    SIGNED_IN = "access.signed_in"
    SIGN_IN_FAILED = "access.sign_in_failed"
    LOCKED_OUT = "access.locked_out"
    SIGNED_OUT = "access.signed_out"
    SIGNED_OUT_EVERYWHERE = "access.signed_out_everywhere"
    PERSON_ADDED = "access.person_added"
    PERSON_DISABLED = "access.person_disabled"
    PERSON_ENABLED = "access.person_enabled"
    PASSWORD_CHANGED = "access.password_changed"  # noqa: S105  (a tag)
    LANGUAGE_CHANGED = "access.language_changed"
    ROLE_GRANTED = "access.role_granted"
    ROLE_ENDED = "access.role_ended"
    REFUSED = "access.refused"
    TOKEN_CREATED = "access.token_created"  # noqa: S105  (a tag)
    TOKEN_REVOKED = "access.token_revoked"  # noqa: S105  (a tag)
    TOKEN_REFUSED = "access.token_refused"  # noqa: S105  (a tag)
    # Extracts
    EXTRACT_LOADED = "extracts.loaded"
    EXTRACT_REFUSED = "extracts.refused"
    EXTRACT_WITHDRAWN = "extracts.withdrawn"
    # Performance
    KPI_DEFINED = "kpis.defined"
    KPI_RETIRED = "kpis.retired"
    KPI_REINSTATED = "kpis.reinstated"
    KPI_PUBLISHED = "kpis.published"
    TARGET_SET = "kpis.target_set"
    TARGET_ENDED = "kpis.target_ended"
    TARGET_WITHDRAWN = "kpis.target_withdrawn"
    TARGETS_IMPORTED = "kpis.targets_imported"
    CHART_NOTE_ADDED = "kpis.chart_note_added"
    CHART_NOTE_WITHDRAWN = "kpis.chart_note_withdrawn"
    COMMENTARY_WRITTEN = "kpis.commentary_written"
    ACTION_ASSIGNED = "kpis.action_assigned"
    ACTION_UPDATED = "kpis.action_updated"
    READING_ENTERED = "kpis.reading_entered"
    READING_SUBMITTED = "kpis.reading_submitted"
    READING_APPROVED = "kpis.reading_approved"
    READING_RETURNED = "kpis.reading_returned"
    READING_WITHDRAWN = "kpis.reading_withdrawn"
    READINGS_IMPORTED = "kpis.readings_imported"
    EVIDENCE_ADDED = "kpis.evidence_added"
    EVIDENCE_REMOVED = "kpis.evidence_removed"
    PERIOD_LOCKED = "kpis.period_locked"
    PERIOD_UNLOCKED = "kpis.period_unlocked"
    # The agency
    REFERENCE_CHANGED = "agency.reference_changed"
    DEMO_INSTALLED = "agency.demo_installed"
    # Work
    NOTICE_WRITTEN = "notices.written"
    NOTICE_CLOSED = "notices.closed"
    JOB_QUEUED = "jobs.queued"
    JOB_FINISHED = "jobs.finished"
    REPORT_BUILT = "reports.built"
