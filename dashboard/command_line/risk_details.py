"""How `cra risk show` tells one risk: paragraph by paragraph, empty ones left out."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from dashboard.command_line.kpi_output import GAP
from dashboard.command_line.risk_output import Spoken
from dashboard.components.extracts.names import text_or
from risks.register.record import (
    Acceptance,
    Assessment,
    Comment,
    ControlLink,
    Escalation,
    IndicatorLink,
    Quantity,
    Review,
    Risk,
    Treatment,
)

DASH = "\N{EN DASH}"


def show_risk(risk: Risk, spoken: Spoken) -> None:
    """Everything of a risk."""
    typer.echo(f"{risk.code}{GAP}{risk.title}")
    typer.echo(f"{spoken.status(risk)} · {spoken.level(risk.current)}")
    for name, said in _facts(risk, spoken):
        if said:
            typer.echo(f"{spoken.texts.text(f'risk_command.fact.{name}')}: {said}")
    for name, lines in _sections(risk, spoken):
        told = list(lines)
        if told:
            typer.echo(f"\n{spoken.texts.text(f'risk_command.part.{name}')}")
        for line in told:
            typer.echo(f"{GAP}{line}")


def _facts(risk: Risk, spoken: Spoken) -> Iterator[tuple[str, str]]:
    texts, naming = spoken.texts, spoken.lexicon.naming
    yield "cause", risk.cause
    yield "event", risk.event
    yield "consequence", risk.consequence
    yield "category", texts.value(naming.categories.get(risk.category_code or "", ""))
    yield "unit", f"{texts.value(naming.units.get(risk.unit_code, ''))} ({risk.unit_code})"
    yield "owner", _person(risk.owner, spoken)
    yield "response", texts.word(risk.response) if risk.response else ""
    yield "next_review", spoken.day(risk.next_review)
    yield "reassess", said(risk.reassess, spoken)
    yield "reopened", said(risk.reopened_because, spoken)
    yield "closed", " · ".join(one for one in (risk.close_reason, risk.close_evidence) if one)
    yield (
        "objectives",
        ", ".join(
            f"{code} {texts.value(naming.objectives.get(code, ''))}".strip()
            for code in risk.objectives
        ),
    )
    yield "kpis", ", ".join(risk.kpis)


def _sections(risk: Risk, spoken: Spoken) -> Iterator[tuple[str, Iterator[str]]]:
    yield "assessments", (assessment_line(one, spoken) for one in risk.assessments)
    yield "treatments", (line for one in risk.treatments for line in _treatment(one, spoken))
    yield "controls", (control_line(one, spoken) for one in risk.control_links)
    yield "indicators", (indicator_line(one, spoken) for one in risk.indicator_links)
    yield "acceptances", (acceptance_line(one, spoken) for one in risk.acceptances)
    yield "escalations", (escalation_line(one, spoken) for one in risk.escalations)
    yield "reviews", (review_line(one, spoken) for one in risk.reviews)
    yield "comments", (comment_line(one, spoken) for one in risk.comments)


def assessment_line(one: Assessment, spoken: Spoken) -> str:
    """'2025-01-08  Current  High (4 × 3)  Owner  Counted in the store'."""
    parts = [spoken.day(one.assessed_at.date()), spoken.texts.word(one.kind), spoken.level(one)]
    parts += [_quantity(one.quantity, spoken), _person(one.assessed_by, spoken), one.rationale]
    return _joined(*parts, one.exception or "")


def treatment_line(one: Treatment, spoken: Spoken) -> str:
    """What is done, how it stands, by whom and until when; how far it slipped."""
    texts = spoken.texts
    due = texts.text("risk_command.due", day=spoken.day(one.due))
    slipped = texts.text("risk_command.slipped", days=one.slippage) if one.slippage > 0 else ""
    days = one.days_late(spoken.today)
    late = texts.text("risk_command.overdue", days=days) if days else ""
    done = texts.text("risk_command.done", day=spoken.day(one.done_on)) if one.done_on else ""
    cost = f"EUR {texts.number(one.cost, 0)}" if one.cost is not None else ""
    state = texts.word(one.state)
    return _joined(
        one.text, state, due, slipped, late, done, _person(one.owner, spoken), cost, one.evidence
    )


def _treatment(one: Treatment, spoken: Spoken) -> Iterator[str]:
    yield treatment_line(one, spoken)
    for moved in one.due_changes:
        days = f"{spoken.day(moved.old)} → {spoken.day(moved.new)}"
        yield GAP + _joined(days, _person(moved.by, spoken), moved.reason)


def control_line(one: ControlLink, spoken: Spoken) -> str:
    known = spoken.lexicon.controls.get(one.control_id)
    named = _joined(known.code, known.title) if known else one.control_id
    return _joined(named, spoken.texts.word(one.side))


def indicator_line(one: IndicatorLink, spoken: Spoken) -> str:
    known = spoken.lexicon.indicators.get(one.indicator_id)
    named = _joined(known.code, known.title) if known else one.indicator_id
    state = spoken.states.get(one.indicator_id)
    said = spoken.texts.word(state) if state else ""
    return _joined(named, said, spoken.texts.word(one.effect))


def acceptance_line(one: Acceptance, spoken: Spoken) -> str:
    """What was asked, by whom, how it was decided and why it ended."""
    texts = spoken.texts
    level = texts.value(spoken.lexicon.level_named(one.level, one.criteria_version))
    until = texts.text("risk_command.until", day=spoken.day(one.valid_until))
    asked = texts.text("risk_command.asked", person=_person(one.requested_by, spoken))
    by = _person(one.decided_by or "", spoken)
    decided = texts.text("risk_command.decided", person=by) if by else ""
    ended = said(one.ended_because, spoken)
    return _joined(
        texts.word(one.state), level, until, asked, one.rationale, decided, one.decision_note, ended
    )


def escalation_line(one: Escalation, spoken: Spoken) -> str:
    """When, before whom, why, and what was answered."""
    texts = spoken.texts
    role = text_or(texts, f"role.{one.to_role}", one.to_role)
    answer = _joined(_person(one.answered_by or "", spoken), one.answer)
    owed = texts.text("risk_command.no_answer")
    cause = texts.word(one.cause)
    raised = spoken.day(one.raised_at.date())
    return _joined(raised, f"→ {role}", cause, said(one.reason, spoken), answer or owed)


def review_line(one: Review, spoken: Spoken) -> str:
    day = spoken.day(one.reviewed_at.date())
    outcome = spoken.texts.word(one.outcome)
    return _joined(day, outcome, _person(one.reviewed_by, spoken), one.note)


def comment_line(one: Comment, spoken: Spoken) -> str:
    return _joined(spoken.day(one.written_at.date()), _person(one.author, spoken), one.text)


def said(text: str | None, spoken: Spoken) -> str:
    """The words of a person, or the message the system left."""
    return text_or(spoken.texts, text, text) if text else ""


def _quantity(one: Quantity | None, spoken: Spoken) -> str:
    if one is None:
        return ""
    texts = spoken.texts
    money = f"EUR {texts.number(one.low, 0)}{DASH}{texts.number(one.high, 0)}"
    rate = texts.number(one.rate, 2)
    return f"{rate} {texts.word(one.frequency)}, {money}"


def _person(email: str, spoken: Spoken) -> str:
    return spoken.lexicon.person(email)


def _joined(*parts: str) -> str:
    return GAP.join(part for part in parts if part)
