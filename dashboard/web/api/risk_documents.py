"""Risks as JSON: in short for a list, and one with everything that the asker may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dashboard.components.extracts.names import text_or
from data.language.texts import Texts
from risks.appetite.above import Bound
from risks.criteria.scale import Names
from risks.indicators.thresholds import IndicatorState
from risks.lexicon import Coded, Lexicon
from risks.register.kinds import AcceptanceState, Kind
from risks.register.record import (
    Acceptance,
    Assessment,
    Escalation,
    IndicatorLink,
    Quantity,
    Review,
    Risk,
    Treatment,
)

HERE = "/api/v1/risks"
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Speaker:
    """What is needed to say a risk: names, language, the day, and what is above appetite."""

    lexicon: Lexicon
    texts: Texts
    today: date
    above: Mapping[str, Bound] = field(default_factory=dict)  # by the code of a risk
    states: Mapping[str, IndicatorState] = field(default_factory=dict)  # by the id of an indicator
    _said: dict[int, str] = field(default_factory=dict)  # a list says few names many times

    def named(self, names: Names | None) -> str | None:
        """The name in the language spoken."""
        if names is None:
            return None
        key = id(names)  # of a name that the lexicon holds for as long as this speaks
        if key not in self._said:
            self._said[key] = self.texts.value(names)
        return self._said[key]

    def said(self, text: str | None) -> str | None:
        """What stands for a reason: the words of a person, or the message the system left."""
        return text_or(self.texts, text, text) if text else None


def summary_of(risk: Risk, speaker: Speaker) -> Node:
    """A risk in a list."""
    naming, borne = speaker.lexicon.naming, risk.acceptance
    late = [one for one in risk.open_treatments if one.days_late(speaker.today)]
    return {
        "code": risk.code,
        "title": risk.title,
        "category": _called(risk.category_code, naming.categories, speaker),
        "unit": _called(risk.unit_code, naming.units, speaker),
        "owner": risk.owner or None,
        "status": risk.status.value,
        "response": risk.response.value if risk.response else None,
        **{kind.value: _score(risk.assessment(kind), speaker) for kind in Kind},
        "above_appetite": speaker.above[risk.code].value if risk.code in speaker.above else None,
        "reassess": speaker.said(risk.reassess),
        "escalated": risk.is_escalated,
        "open_treatments": len(risk.open_treatments),
        "late_treatments": len(late),
        "next_review": _day(risk.next_review),
        "review_days_late": review_days_late(risk, speaker.today),
        "accepted_until": _day(borne.valid_until)
        if borne and borne.state is AcceptanceState.ACCEPTED
        else None,
        "opened_on": _day(risk.opened_on),
        "closed_on": _day(risk.closed_on),
        "objectives": list(risk.objectives),
        "kpis": list(risk.kpis),
        "demo": risk.demo,
        "version": risk.row_version,
        "updated_at": _moment(risk.updated_at),
        "links": {"self": f"{HERE}/{risk.code}"},
    }


def risk_of(risk: Risk, speaker: Speaker) -> Node:
    """A risk with everything said and done about it, each part in the order in which it came."""
    return summary_of(risk, speaker) | {
        "cause": risk.cause,
        "event": risk.event,
        "consequence": risk.consequence,
        "author": risk.author or None,
        "created_at": _moment(risk.created_at),
        "close_reason": risk.close_reason,
        "close_evidence": risk.close_evidence,
        "reopened_because": speaker.said(risk.reopened_because),
        "assessments": [_assessment(one, speaker) for one in risk.assessments],
        "treatments": [_treatment(one, speaker.today) for one in risk.treatments],
        "controls": [
            {**_linked(speaker.lexicon.controls.get(one.control_id)), "side": one.side.value}
            for one in risk.control_links
        ],
        "indicators": [_indicator(one, speaker) for one in risk.indicator_links],
        "reviews": [_review(one) for one in risk.reviews],
        "acceptances": [_acceptance(one, speaker) for one in risk.acceptances],
        "escalations": [_escalation(one, speaker) for one in risk.escalations],
        "comments": [
            {"text": one.text, "author": one.author, "written_at": _moment(one.written_at)}
            for one in risk.comments
        ],
    }


def review_days_late(risk: Risk, today: date) -> int:
    """For how long its review is overdue; 0 when it is not, or none is due."""
    if risk.next_review is None or not risk.is_active:
        return 0
    return max(0, (today - risk.next_review).days)


def _called(code: str | None, names: Mapping[str, Names], speaker: Speaker) -> Node | None:
    if code is None:
        return None
    return {"code": code, "name": speaker.named(names.get(code)) or code}


def _score(one: Assessment | None, speaker: Speaker) -> Node | None:
    if one is None:
        return None
    return {
        "likelihood": one.likelihood,
        "impact": one.impact,
        "level": one.level,
        "level_name": speaker.named(speaker.lexicon.level(one)),
        "criteria_version": one.criteria_version,
        "assessed_at": _moment(one.assessed_at),
    }


def _assessment(one: Assessment, speaker: Speaker) -> Node:
    return {
        "kind": one.kind.value,
        **(_score(one, speaker) or {}),
        "impacts": dict(one.impacts),
        "confidence": one.confidence.value,
        "rationale": one.rationale or None,
        "exception": one.exception,
        "quantity": _quantity(one.quantity),
        "assessed_by": one.assessed_by or None,
    }


def _quantity(one: Quantity | None) -> Node | None:
    if one is None:
        return None
    return {
        "frequency": one.frequency.value,
        "rate": one.rate,
        "severity": one.severity.value,
        "low": one.low,
        "high": one.high,
        "mode": one.mode,
    }


def _treatment(one: Treatment, today: date) -> Node:
    return {
        "id": one.id,
        "text": one.text,
        "owner": one.owner or None,
        "state": one.state.value,
        "start": _day(one.start),
        "due": _day(one.due),
        "original_due": _day(one.original_due),
        "slipped_days": one.slippage,
        "days_late": one.days_late(today),
        "done_on": _day(one.done_on),
        "evidence": one.evidence or None,
        "cost": one.cost,
        "expected": _quantity(one.expected),
        "due_changes": [
            {
                "old": _day(each.old),
                "new": _day(each.new),
                "reason": each.reason or None,
                "by": each.by or None,
                "at": _moment(each.at),
            }
            for each in one.due_changes
        ],
    }


def _linked(one: Coded | None) -> Node:
    return {"code": one.code if one else None, "title": one.title if one else None}


def _indicator(link: IndicatorLink, speaker: Speaker) -> Node:
    state = speaker.states.get(link.indicator_id)
    return {
        **_linked(speaker.lexicon.indicators.get(link.indicator_id)),
        "state": state.value if state else None,
        "effect": link.effect.value,
        "linked_at": _moment(link.linked_at),
    }


def _review(one: Review) -> Node:
    return {
        "due": _day(one.due),
        "outcome": one.outcome.value,
        "note": one.note or None,
        "reviewed_by": one.reviewed_by or None,
        "reviewed_at": _moment(one.reviewed_at),
    }


def _acceptance(one: Acceptance, speaker: Speaker) -> Node:
    return {
        "level": one.level,
        "level_name": speaker.named(speaker.lexicon.level_named(one.level, one.criteria_version)),
        "criteria_version": one.criteria_version,
        "rationale": one.rationale,
        "state": one.state.value,
        "valid_until": _day(one.valid_until),
        "requested_by": one.requested_by,
        "requested_at": _moment(one.requested_at),
        "decided_by": one.decided_by,
        "decided_at": _moment(one.decided_at),
        "decision_note": one.decision_note or None,
        "ended_at": _moment(one.ended_at),
        "ended_because": speaker.said(one.ended_because),
    }


def _escalation(one: Escalation, speaker: Speaker) -> Node:
    return {
        "to_role": one.to_role,
        "cause": one.cause.value,
        "reason": speaker.said(one.reason),
        "raised_by": one.raised_by,
        "raised_at": _moment(one.raised_at),
        "answer": one.answer or None,
        "answered_by": one.answered_by,
        "answered_at": _moment(one.answered_at),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
