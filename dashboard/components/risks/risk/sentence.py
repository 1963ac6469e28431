"""How a risk stands, in one sentence: level, appetite, what is late, who owes an answer."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.components.kpi_drawing import opening
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.words import level_text
from data.access.roles import Role
from risks.appetite.statement import above_optimal, above_tolerable
from risks.criteria.scale import Criteria
from risks.register.kinds import AcceptanceState, Kind
from risks.register.record import Assessment
from risks.register.states import Status

OVER = frozenset({Status.CLOSED, Status.REJECTED})


def sentence(known: Known) -> str:
    """'High, above what is tolerable; treatment "x" is 12 days late; ...'."""
    said = "; ".join([_level(known), *_rest(known)])
    return f"{opening(said)}."


def _level(known: Known) -> str:
    """The level now, and against what the agency says it bears."""
    texts, risk = known.texts, known.risk
    if risk.current is None or risk.level is None:
        return texts.text("risk.not_assessed")
    level = texts.value(known.measured(risk.current).level_of(risk.level).names)
    if risk.status in OVER:
        return f"{texts.word(risk.status)}, {texts.text('risk_page.says.last', level=level)}"
    return texts.text(f"risk_page.says.{_appetite(known)}", level=level)


def _appetite(known: Known) -> str:
    """Where the level stands against the appetite; by replaced criteria nothing is said."""
    risk, appetite, criteria = known.risk, known.appetite, known.criteria
    current = risk.current
    if known.bound is None or current is None or current.criteria_version != criteria.version:
        return "level"
    if above_tolerable(risk, appetite, criteria):
        return "above_tolerable"
    return "above_optimal" if above_optimal(risk, appetite, criteria) else "within"


def _rest(known: Known) -> Iterator[str]:
    risk = known.risk
    if risk.status not in OVER:
        yield from _awaited(known)
        yield from _treatments(known)
        yield from _answers(known)
        yield from _dates(known)


def _awaited(known: Known) -> Iterator[str]:
    """What was asked for and is not decided."""
    texts, risk = known.texts, known.risk
    borne = risk.acceptance
    if borne and borne.state is AcceptanceState.ACCEPTED:
        yield texts.text("risk_page.says.accepted", until=texts.day_short(borne.valid_until))
    awaited = (Status.DRAFT, Status.PROPOSED, Status.ACCEPTANCE_REQUESTED, Status.CLOSE_REQUESTED)
    if risk.status in awaited:
        yield texts.text(f"risk_page.says.{risk.status.value}")
    if risk.reassess:
        yield texts.text("risk_page.says.reassess")


def _treatments(known: Known) -> Iterator[str]:
    """The one that is latest by name, how many more; else when the next one is due."""
    texts, open_ones = known.texts, known.risk.open_treatments
    late = sorted((one for one in open_ones if one.days_late(known.today)), key=lambda one: one.due)
    if late:
        days = late[0].days_late(known.today)
        yield texts.counted("risk_page.says.late", days, text=late[0].text)
        if len(late) > 1:
            yield texts.counted("risk_page.says.more_late", len(late) - 1)
    elif open_ones:
        due = min(one.due for one in open_ones)
        yield texts.text("risk_page.says.next_due", due=texts.day_short(due))
    elif known.risk.status in (Status.OPEN, Status.IN_TREATMENT):
        yield texts.text("risk_page.says.no_treatment")


def _answers(known: Known) -> Iterator[str]:
    for one in known.risk.open_escalations:
        days = (known.today - known.day(one.raised_at)).days
        yield known.texts.counted("risk_page.says.escalated", days, role=Role(one.to_role))


def _dates(known: Known) -> Iterator[str]:
    due = known.risk.next_review
    if due is not None and due < known.today:
        yield known.texts.counted("risk_page.says.review_late", (known.today - due).days)


def movements(known: Known) -> list[str]:
    """How the level moved: from the inherent one, and since it was judged before."""
    risk, current = known.risk, known.risk.current
    if current is None or current.level is None:
        return []
    earlier = [one for one in risk.assessments if one.kind is Kind.CURRENT][:-1]
    pairs = [("inherent", risk.assessment(Kind.INHERENT))]
    pairs.append(("before", earlier[-1] if earlier else None))
    return [said for key, one in pairs if (said := _moved(known, key, one, current))]


def _moved(known: Known, key: str, old: Assessment | None, new: Assessment) -> str:
    """'▼ from Critical (inherent)'; scales that were replaced cannot be compared."""
    if old is None or old.level is None or new.level is None:
        return ""
    texts = known.texts
    criteria: Criteria = known.measured(old)
    level = level_text(texts, criteria, old.level)
    day = texts.day_short(known.day(old.assessed_at))
    if old.criteria_version != new.criteria_version:
        return texts.text("risk_page.moved.other_criteria", level=level, day=day)
    before, now = criteria.rank(old.level), criteria.rank(new.level)
    way = "same" if before == now else "up" if now > before else "down"
    said = texts.text(f"risk_page.moved.{way}", level=level)
    since = texts.text(f"risk_page.moved.since_{key}", day=day)
    return f"{said} ({since})"
