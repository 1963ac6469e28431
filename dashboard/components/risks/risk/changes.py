"""What a change did to a risk, field by field, in the reader's words: before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.components.risks.risk.forms import quantity
from dashboard.components.risks.risk.head import keyed
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.words import level_text
from data.access.roles import Role
from data.codec import build
from data.records import differ
from risks.register.kinds import Response
from risks.register.record import (
    Acceptance,
    Assessment,
    Comment,
    ControlLink,
    Escalation,
    IndicatorLink,
    Review,
    Treatment,
)
from risks.register.states import Status

Document = Mapping[str, Any]
Titles = Mapping[str, str]  # controls and indicators by their ids
DOT = " · "
Changed = tuple[str, str, str]  # the field, before, after; '' for nothing


def changes(known: Known, before: Document, after: Document, titles: Titles) -> list[Changed]:
    """Every field that differs, in the order in which a risk is read."""
    return [*_fields(known, before, after), *_parts(known, before, after, titles)]


def _fields(known: Known, before: Document, after: Document) -> Iterator[Changed]:
    for name, show in _FIELDS.items():
        old, new = before.get(name), after.get(name)
        if differ(old, new) and not (_is_empty(old) and _is_empty(new)):
            shown = ("" if _is_empty(one) else show(known, one) for one in (old, new))
            first, second = shown
            nothing = known.texts.value(None)
            yield known.texts.text(f"risk_page.changed.{name}"), first, second or nothing


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], False)


def _parts(known: Known, before: Document, after: Document, titles: Titles) -> Iterator[Changed]:
    """New parts, and those that are not what they were."""
    for name, (kind, show) in _PARTS.items():
        label = known.texts.text(f"risk_page.changed.{name}")
        old_ones = {one["id"]: one for one in before.get(name, ())}
        for new in after.get(name, ()):
            old = old_ones.get(new["id"])
            if old is None or differ(old, new):
                said = show(known, build(kind, new), titles)
                was = show(known, build(kind, old), titles) if old else []
                yield from _differing(label, was, said)


def _differing(label: str, was: Sequence[str], said: Sequence[str]) -> Iterator[Changed]:
    """All of a new part; of one that stood already, which it is and what of it differs."""
    old = [one for one in was if one not in said]
    new = [one for one in said if one not in was]
    if was and (old or new):
        yield f"{label} “{said[0]}”", DOT.join(old), DOT.join(new)
    elif new:
        yield label, "", DOT.join(new)


def _text(_known: Known, value: Any) -> str:
    """The text in one line."""
    return " / ".join(line.strip() for line in str(value).splitlines() if line.strip())


def _day(known: Known, value: Any) -> str:
    return known.texts.day_short(date.fromisoformat(value))


_FIELDS: Mapping[str, Callable[[Known, Any], str]] = {
    "title": _text,
    "cause": _text,
    "event": _text,
    "consequence": _text,
    "category_code": lambda known, value: known.category(value),
    "unit_code": lambda known, value: known.unit(value),
    "owner": lambda known, value: known.person(value),
    "status": lambda known, value: known.texts.word(Status(value)),
    "response": lambda known, value: known.texts.word(Response(value)),
    "next_review": _day,
    "reassess": keyed,
    "opened_on": _day,
    "closed_on": _day,
    "close_reason": _text,
    "close_evidence": _text,
    "source_gone": lambda known, value: known.texts.value(value),
    "reopened_because": keyed,
    "objectives": lambda known, value: ", ".join(
        known.texts.value(known.naming.objectives.get(one, one)) for one in value
    ),
    "kpis": lambda _known, value: ", ".join(value),
}


def _assessment(known: Known, one: Assessment, _titles: Titles) -> list[str]:
    texts, criteria = known.texts, known.measured(one)
    likelihood = texts.value(one.likelihood)
    impacts = ", ".join(
        f"{texts.value(criteria.dimension(code).names)} {step}"
        for code, step in one.impacts.items()
    )
    level = level_text(texts, criteria, one.level)
    said = texts.text(
        "risk_page.judged", kind=one.kind, level=level, likelihood=likelihood, impacts=impacts
    )
    parts = [said, one.rationale]
    if one.exception:
        parts.append(texts.text("risk_page.exception", reason=one.exception))
    if one.quantity is not None:
        parts.append(quantity.said(texts, one.quantity))
    return _said(parts)


def _treatment(known: Known, one: Treatment, _titles: Titles) -> list[str]:
    texts = known.texts
    parts = [one.text, known.person(one.owner), texts.word(one.state)]
    parts.append(texts.text("risk_page.until", day=texts.day_short(one.due)))
    if one.cost is not None:
        parts.append(texts.text("risk_page.cost", cost=texts.number(one.cost, 0)))
    return _said([*parts, one.evidence])


def _control(known: Known, one: ControlLink, titles: Titles) -> list[str]:
    title = titles.get(one.control_id, one.control_id)
    return _ended(known, f"{title} · {known.texts.word(one.side)}", is_over=one.ended_at)


def _indicator(known: Known, one: IndicatorLink, titles: Titles) -> list[str]:
    effect = known.texts.text(f"risk_page.effect.{one.effect.value}")
    title = titles.get(one.indicator_id, one.indicator_id)
    return _ended(known, f"{title} · {effect}", is_over=one.ended_at)


def _ended(known: Known, said: str, *, is_over: object) -> list[str]:
    return [said, known.texts.text("risk_page.no_longer")] if is_over else [said]


def _said(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]


def _review(known: Known, one: Review, _titles: Titles) -> list[str]:
    return _said([known.texts.word(one.outcome), one.note])


def _acceptance(known: Known, one: Acceptance, _titles: Titles) -> list[str]:
    texts = known.texts
    parts = [texts.word(one.state), texts.text("risk_page.until", day=_short(known, one))]
    parts += [one.rationale, one.decision_note]
    if one.ended_because:
        parts.append(keyed(known, one.ended_because))
    return _said(parts)


def _short(known: Known, one: Acceptance) -> str:
    return known.texts.day_short(one.valid_until)


def _escalation(known: Known, one: Escalation, _titles: Titles) -> list[str]:
    role = known.texts.text("risk_page.before_role", role=Role(one.to_role))
    return _said([role, keyed(known, one.reason), one.answer or ""])


def _comment(_known: Known, one: Comment, _titles: Titles) -> list[str]:
    return [one.text]


_PARTS: Mapping[str, tuple[type[Any], Callable[[Known, Any, Titles], list[str]]]] = {
    "assessments": (Assessment, _assessment),
    "treatments": (Treatment, _treatment),
    "controls": (ControlLink, _control),
    "indicators": (IndicatorLink, _indicator),
    "reviews": (Review, _review),
    "acceptances": (Acceptance, _acceptance),
    "escalations": (Escalation, _escalation),
    "comments": (Comment, _comment),
}
