"""How a risk is judged: what makes an assessment whole, and what it may not claim."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from data.errors import Invalid
from risks.criteria.scale import SIZE, Criteria, Names, impact_of
from risks.register.kinds import Confidence, Kind, Part, TreatmentState
from risks.register.record import Assessment, Quantity, Risk
from risks.register.states import ACTIVE, EDITABLE

LONGEST = 2000  # characters of a rationale


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody says of a risk; what he leaves open is None or absent, never 0."""

    kind: Kind
    likelihood: int | None
    impacts: Mapping[str, int]
    rationale: str
    confidence: Confidence = Confidence.MEDIUM
    exception: str | None = None
    quantity: Quantity | None = None


def assessed(
    risk: Risk,
    said: Judged,
    criteria: Criteria,
    working_controls: Collection[str],
    *,
    assessment_id: str,
    by: str,
    now: datetime,
    today: date,
) -> Risk:
    """The risk with one assessment more; the level is computed, never taken over.

    `working_controls` are the ids of controls whose last test found them to work. Above the
    inherent assessment, or a target above the current one, it needs a written exception (X-ray
    rules of CISO Assistant); a lower current level needs a working control or a finished treatment.
    """
    if risk.status not in EDITABLE:
        raise Invalid("risks.refused.not_editable", status=risk.status)
    _check_scales(said, criteria)
    if said.quantity is not None:
        said.quantity.quantified(risk.number)
    made = Assessment(
        id=assessment_id,
        kind=said.kind,
        criteria_version=criteria.version,
        likelihood=said.likelihood,
        impacts=dict(sorted(said.impacts.items())),
        impact=impact_of(said.impacts),
        level=criteria.level(said.likelihood, impact_of(said.impacts)),
        confidence=said.confidence,
        rationale=_text(said.rationale),
        exception=(said.exception or "").strip() or None,
        quantity=said.quantity,
        assessed_by=by,
        assessed_at=now,
    )
    _check_order(risk, made)
    _check_lowered(risk, made, criteria, working_controls)
    after = replace(risk, assessments=(*risk.assessments, made))
    return _looked_at(after, made, criteria, today) if made.kind is Kind.CURRENT else after


def review_due(criteria: Criteria, level: str | None) -> timedelta:
    """How long a risk of a level may go unreviewed."""
    days = criteria.level_of(level).review_days if level else criteria.levels[-1].review_days
    return timedelta(days=days)


def _looked_at(risk: Risk, made: Assessment, criteria: Criteria, today: date) -> Risk:
    """A current assessment settles that one was due."""
    due = risk.next_review
    if risk.status in ACTIVE:
        due = today + review_due(criteria, made.level)
    return replace(risk, reassess=None, next_review=due)


def _check_scales(said: Judged, criteria: Criteria) -> None:
    for code, value in said.impacts.items():
        _check_step(value, criteria.dimension(code).names)
    if said.likelihood is not None:
        _check_step(said.likelihood, Part.LIKELIHOOD)


def _check_step(value: int, part: Part | Names) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= SIZE:
        raise Invalid("risks.refused.step", part=part, size=SIZE)


def _check_order(risk: Risk, made: Assessment) -> None:
    """Current is at most inherent, and target at most current, on each axis; else a reason."""
    pairs: dict[Kind, list[tuple[Assessment | None, Assessment | None]]] = {
        Kind.CURRENT: [(made, risk.assessment(Kind.INHERENT))],
        Kind.TARGET: [(made, risk.assessment(Kind.CURRENT))],
        Kind.INHERENT: [(risk.assessment(Kind.CURRENT), made)],
    }
    for lower, upper in pairs[made.kind]:
        if lower and upper and _is_above(lower, upper) and not made.exception:
            raise Invalid("risks.refused.order", kind=lower.kind, than=upper.kind)


def _is_above(one: Assessment, other: Assessment) -> bool:
    pairs = ((one.likelihood, other.likelihood), (one.impact, other.impact))
    return any(a is not None and b is not None and a > b for a, b in pairs)


def _check_lowered(
    risk: Risk, made: Assessment, criteria: Criteria, working_controls: Collection[str]
) -> None:
    """Nothing gets smaller by being talked of."""
    last = risk.current
    if made.kind is not Kind.CURRENT or last is None or None in (last.level, made.level):
        return
    if last.criteria_version != criteria.version:
        return  # by other criteria a level says nothing of a change
    if criteria.rank(made.level or "") >= criteria.rank(last.level or ""):
        return
    has_control = any(link.control_id in working_controls for link in risk.control_links)
    has_done = any(
        one.state is TreatmentState.DONE and one.done_on and one.done_on >= last.assessed_at.date()
        for one in risk.treatments
    )
    if not (has_control or has_done):
        old, new = (criteria.level_of(one.level or "").names for one in (last, made))
        raise Invalid("risks.refused.lowered", old=old, new=new)


def _text(text: str) -> str:
    kept = text.strip()
    if not kept:
        raise Invalid("risks.refused.empty", part=Part.RATIONALE)
    if len(kept) > LONGEST:
        raise Invalid("risks.refused.too_long", part=Part.RATIONALE, longest=LONGEST)
    return kept
