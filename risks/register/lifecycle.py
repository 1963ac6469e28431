"""The ways of a risk from its draft to its end: what each needs, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from data.errors import Invalid
from risks.criteria.scale import Criteria
from risks.register.assessing import review_due
from risks.register.kinds import AcceptanceState, EscalationCause, Kind, Part, Response
from risks.register.record import Acceptance, Assessment, Escalation, Risk
from risks.register.states import ACTIVE, Act, Status, after

ACTIVE_RESPONSES = frozenset({Response.TREAT, Response.TRANSFER, Response.TERMINATE})
PROPOSED_PARTS = (Part.TITLE, Part.CAUSE, Part.EVENT, Part.CONSEQUENCE, Part.CATEGORY)
REQUESTS = frozenset({Act.REQUEST_ACCEPTANCE, Act.REQUEST_CLOSE})


def moved(risk: Risk, act: Act) -> Risk:
    """The risk in the state to which the act leads; a request remembers the one it left."""
    status = after(risk.status, risk.status_before, act)
    return replace(risk, status=status, status_before=risk.status if act in REQUESTS else None)


def proposed(risk: Risk) -> Risk:
    """Handed to the coordinator: all said that makes it a risk, and judged once as it is now."""
    for part in PROPOSED_PARTS:
        if not (getattr(risk, part) or "").strip():
            raise Invalid("risks.refused.empty", part=part)
    _whole(risk)
    return moved(risk, Act.PROPOSE)


def approved(risk: Risk, criteria: Criteria, today: date) -> Risk:
    """Taken into the register."""
    level = _whole(risk).level
    opened = moved(risk, Act.APPROVE)
    return replace(opened, opened_on=today, next_review=today + review_due(criteria, level))


def rejected(risk: Risk, reason: str) -> Risk:
    """Not taken in, with the reason."""
    return replace(moved(risk, Act.REJECT), close_reason=said(reason, Part.REASON))


def in_treatment(risk: Risk, response: Response) -> Risk:
    """Something is done about it: there is an open treatment, and it is not to make it larger."""
    if response not in ACTIVE_RESPONSES:
        raise Invalid("risks.refused.response")
    if not risk.open_treatments:
        raise Invalid("risks.refused.no_treatment")
    current, target = _whole(risk), risk.assessment(Kind.TARGET)
    if target is None or None in (target.likelihood, target.impact):
        raise Invalid("risks.refused.no_target")
    above = (target.likelihood or 0) > (current.likelihood or 0)
    above = above or (target.impact or 0) > (current.impact or 0)
    if above and not target.exception:
        raise Invalid("risks.refused.order", kind=Kind.TARGET, than=Kind.CURRENT)
    return replace(moved(risk, Act.TREAT), response=response)


def acceptance_requested(
    risk: Risk,
    rationale: str,
    valid_until: date,
    criteria: Criteria,
    *,
    acceptance_id: str,
    by: str,
    now: datetime,
    today: date,
) -> Risk:
    """The owner asks to bear the risk as it is until a day; what he asks for is frozen."""
    current = _fresh(risk, criteria)
    if valid_until <= today:
        raise Invalid("risks.refused.acceptance_over", day=valid_until)
    if valid_until > today + timedelta(days=criteria.acceptance_days):
        raise Invalid("risks.refused.acceptance_long", days=criteria.acceptance_days)
    level = criteria.level_of(current.level or "")
    if level.accepted_by is None:
        raise Invalid("risks.refused.never_accepted", level=level.names)
    asked = Acceptance(
        id=acceptance_id,
        assessment_id=current.id,
        criteria_version=current.criteria_version,
        level=level.code,
        rationale=said(rationale, Part.RATIONALE),
        requested_by=by,
        requested_at=now,
        valid_until=valid_until,
        state=AcceptanceState.REQUESTED,
    )
    return replace(moved(risk, Act.REQUEST_ACCEPTANCE), acceptances=(*risk.acceptances, asked))


def acceptance_decided(
    risk: Risk, criteria: Criteria, note: str, *, accept: bool, by: str, now: datetime, today: date
) -> Risk:
    """Borne or not, as somebody else decides; what changed since it was asked for is not borne."""
    asked = requested(risk)
    if by == asked.requested_by:
        raise Invalid("risks.refused.own_request")
    if not accept:
        refused = _decided(asked, AcceptanceState.REFUSED, said(note, Part.REASON), by, now)
        return _with(moved(risk, Act.REFUSE_ACCEPTANCE), refused)
    if asked.valid_until <= today:
        raise Invalid("risks.refused.acceptance_over", day=asked.valid_until)
    if _fresh(risk, criteria).id != asked.assessment_id:
        raise Invalid("risks.refused.assessed_since")
    accepted = _decided(asked, AcceptanceState.ACCEPTED, note.strip(), by, now)
    answer = replace(moved(risk, Act.ACCEPT), response=Response.TOLERATE)
    return _with(answer, accepted)


def requested(risk: Risk) -> Acceptance:
    """The acceptance asked for; none is Invalid."""
    asked = risk.acceptance
    if asked is None or asked.state is not AcceptanceState.REQUESTED:
        raise Invalid("risks.refused.no_way", status=risk.status, act=Act.ACCEPT)
    return asked


def acceptance_ended(risk: Risk, because: str, *, now: datetime) -> Risk:
    """The system's: it ran out, or what was accepted is not so any more. The risk is open again."""
    standing = risk.acceptance
    opened = replace(moved(risk, Act.END_ACCEPTANCE), reopened_because=because)
    if standing is None:
        return opened
    ended = replace(standing, state=AcceptanceState.ENDED, ended_at=now, ended_because=because)
    return _with(opened, ended)


def why_acceptance_ends(
    risk: Risk, criteria: Criteria, today: date, red: Collection[str] = ()
) -> str | None:
    """Why an accepted risk cannot stay so (a message key), or None.

    `red` are the ids of indicators that are red; an acceptance holds up to the day before the one
    on which it is no longer valid.
    """
    standing = risk.acceptance
    if risk.status is not Status.ACCEPTED or standing is None:
        return None
    if standing.valid_until <= today:
        return "risks.ended.expired"
    if standing.criteria_version != criteria.version:
        return "risks.ended.criteria"
    current = risk.current
    if current and current.level and criteria.rank(current.level) > criteria.rank(standing.level):
        return "risks.ended.level"
    if any(link.indicator_id in red for link in risk.indicator_links):
        return "risks.ended.indicator"
    return None


def close_requested(risk: Risk, reason: str, evidence: str, *, source_gone: bool) -> Risk:
    """The owner asks to close: why, what proves it, and nothing left to do."""
    if risk.open_treatments:
        raise Invalid("risks.refused.open_treatments", count=len(risk.open_treatments))
    return replace(
        moved(risk, Act.REQUEST_CLOSE),
        close_reason=said(reason, Part.REASON),
        close_evidence=said(evidence, Part.EVIDENCE),
        source_gone=source_gone,
    )


def closed(risk: Risk, criteria: Criteria, optimal: str | None, today: date) -> Risk:
    """Closed: small enough for the appetite or its source gone, and nothing left to do."""
    if risk.open_treatments:
        raise Invalid("risks.refused.open_treatments", count=len(risk.open_treatments))
    level = _whole(risk).level or ""
    bound = optimal or criteria.levels[0].code
    if not risk.source_gone and criteria.rank(level) > criteria.rank(bound):
        names = (criteria.level_of(level).names, criteria.level_of(bound).names)
        raise Invalid("risks.refused.above_optimal", level=names[0], optimal=names[1])
    if risk.is_escalated:
        raise Invalid("risks.refused.escalation_open")
    return replace(moved(risk, Act.CLOSE), closed_on=today, next_review=None)


def close_refused(risk: Risk) -> Risk:
    """Left in the register, as if closing had not been asked for."""
    kept = moved(risk, Act.REFUSE_CLOSE)
    return replace(kept, close_reason=None, close_evidence=None, source_gone=False)


def reopened(risk: Risk, because: str, *, today: date) -> Risk:
    """A closed risk is open again, with the cause; it is to be assessed anew."""
    return replace(
        moved(risk, Act.REOPEN),
        reopened_because=said(because, Part.REASON),
        reassess="risks.reassess.reopened",
        closed_on=None,
        close_reason=None,
        close_evidence=None,
        source_gone=False,
        next_review=today,
    )


def escalated(
    risk: Risk,
    to_role: str,
    cause: EscalationCause,
    reason: str,
    *,
    escalation_id: str,
    by: str,
    now: datetime,
) -> Risk:
    """Laid before a role that owes an answer; the same cause is not laid before it twice."""
    if risk.status not in ACTIVE:
        raise Invalid("risks.refused.not_active", status=risk.status)
    if any(one.cause is cause and one.to_role == to_role for one in risk.open_escalations):
        raise Invalid("risks.refused.escalated_already")
    made = Escalation(escalation_id, to_role, cause, said(reason, Part.REASON), by, now)
    return replace(risk, escalations=(*risk.escalations, made))


def answered(risk: Risk, escalation_id: str, answer: str, *, by: str, now: datetime) -> Risk:
    """The answer that was owed; one given already is Invalid."""
    found = next((one for one in risk.open_escalations if one.id == escalation_id), None)
    if found is None:
        raise Invalid("risks.refused.answered_already")
    done = replace(found, answer=said(answer, Part.ANSWER), answered_by=by, answered_at=now)
    kept = tuple(done if one.id == escalation_id else one for one in risk.escalations)
    return replace(risk, escalations=kept)


def said(text: str, part: Part) -> str:
    """The text, trimmed; an empty one is Invalid."""
    kept = text.strip()
    if not kept:
        raise Invalid("risks.refused.empty", part=part)
    return kept


def _whole(risk: Risk) -> Assessment:
    """The current assessment, judged on both axes."""
    current = risk.current
    if current is None or current.level is None:
        raise Invalid("risks.refused.not_assessed")
    return current


def _fresh(risk: Risk, criteria: Criteria) -> Assessment:
    """The current assessment, made by the criteria in force."""
    current = _whole(risk)
    if current.criteria_version != criteria.version:
        raise Invalid("risks.refused.old_criteria", version=criteria.version)
    return current


def _decided(
    asked: Acceptance, state: AcceptanceState, note: str, by: str, now: datetime
) -> Acceptance:
    return replace(asked, state=state, decided_by=by, decided_at=now, decision_note=note)


def _with(risk: Risk, acceptance: Acceptance) -> Risk:
    kept = tuple(acceptance if one.id == acceptance.id else one for one in risk.acceptances)
    return replace(risk, acceptances=kept)
