"""What the system does to risks by itself, each time with its cause: acceptances end, things
that are late or above what the agency bears are laid before those who owe an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.workspace import Change, Reader, Workspace
from risks.appetite.statement import Appetite, above_tolerable, read_appetite
from risks.criteria.reading import in_force
from risks.criteria.scale import Criteria
from risks.register import lifecycle
from risks.register.keeping import new_id, settle, take
from risks.register.kinds import EscalationCause, Kind
from risks.register.reading import read_register
from risks.register.record import Risk
from risks.register.states import ACTIVE

UNIT_HEAD, DIRECTOR = "unit_head", "manager"


@dataclass(frozen=True, slots=True)
class Due:
    """Something the system is to do: end an acceptance, or lay a risk before a role."""

    code: str
    because: str  # a message key
    cause: EscalationCause | None = None
    to_role: str = ""

    @property
    def told(self) -> dict[str, Any]:
        return {"key": self.because}


def watch_risks(workspace: Workspace) -> tuple[Due, ...]:
    """Do all that time itself brings about; doing it twice does nothing more. What was done."""
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        waiting = tuple(due_now(reader))
    for one in waiting:
        with workspace.change(SYSTEM, Permission.JOBS_RUN) as change:
            _do(change, one)
    return waiting


def _do(change: Change, one: Due) -> None:
    risk, _hand = take(change, one.code, None)
    if one.cause is None:
        after = lifecycle.acceptance_ended(risk, one.because, now=change.now)
        settle(change, risk, after, AuditTag.ACCEPTANCE_ENDED, one.told)
        return
    after = lifecycle.escalated(
        risk,
        one.to_role,
        one.cause,
        one.because,
        escalation_id=new_id(),
        by=SYSTEM.email,
        now=change.now,
    )
    settle(change, risk, after, AuditTag.RISK_ESCALATED, one.told)


def due_now(reader: Reader) -> Iterator[Due]:
    """What time has brought about and nobody has done yet."""
    criteria, appetite, zone = in_force(reader), read_appetite(reader), reader.settings.zone
    for risk in read_register(reader):
        because = lifecycle.why_acceptance_ends(risk, criteria, reader.today)
        if because is not None:
            yield Due(risk.code, because)
        if risk.status in ACTIVE:
            for cause, role, since in _happened(risk, criteria, appetite, reader.today, zone):
                if not _is_said(risk, cause, since, zone):
                    yield Due(risk.code, f"risks.escalated.{cause.value}", cause, role)


def _happened(
    risk: Risk, criteria: Criteria, appetite: Mapping[str, Appetite], today: date, zone: ZoneInfo
) -> Iterator[tuple[EscalationCause, str, date]]:
    """What is to be laid before somebody: the cause, before which role, since when it is so."""
    late = today - timedelta(days=criteria.late_review_days)
    if risk.next_review and risk.next_review < late:
        yield EscalationCause.LATE_REVIEW, UNIT_HEAD, risk.next_review
    for one in risk.open_treatments:
        if one.days_late(today) > criteria.late_treatment_days:
            yield EscalationCause.LATE_TREATMENT, UNIT_HEAD, one.due
            break
    if above_tolerable(risk, appetite, criteria):
        said = appetite[risk.category_code or ""].valid_from
        since = max(said, _this_high_since(risk, criteria, zone))
        yield EscalationCause.ABOVE_TOLERABLE, DIRECTOR, since


def _this_high_since(risk: Risk, criteria: Criteria, zone: ZoneInfo) -> date:
    """Since when its level is as high as now: confirmed where it is, it has not got there again."""
    least, since = criteria.rank(risk.level or ""), date.max
    for one in reversed(risk.assessments):
        if one.kind is Kind.CURRENT:
            if one.level is None or criteria.rank(one.level) < least:
                break
            since = one.assessed_at.astimezone(zone).date()
    return since


def _is_said(risk: Risk, cause: EscalationCause, since: date, zone: ZoneInfo) -> bool:
    """Whether an answer is owed on it already, or was given since it is so."""
    return any(
        one.cause is cause and (one.is_open or one.raised_at.astimezone(zone).date() >= since)
        for one in risk.escalations
    )
