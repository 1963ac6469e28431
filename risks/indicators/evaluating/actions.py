"""What the system does with indicators: keep what each says now, and act where one is red.

Killed anywhere it goes on where it was: readings and the turn they make are one transaction, each
step on a risk is another, and what was done for a red episode is read from the risk's own log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import col, select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.store.tables import RecordVersion, RiskIndicatorLink
from data.store.tables import Risk as RiskRow
from data.workspace import Change, Reader, UnrecordedChange, Workspace
from risks.indicators.effects import TAGS, Step, next_step, taken
from risks.indicators.evaluating.differing import Evaluated, evaluated
from risks.indicators.keeping import (
    find_indicator,
    kept_indicators,
    links_to,
    settle_indicator,
    take_indicator,
)
from risks.indicators.record import Indicator
from risks.indicators.thresholds import IndicatorState
from risks.register.keeping import find, new_id, settle, take
from risks.register.kinds import Effect
from risks.register.nouns import Noun
from risks.register.record import Risk

BECAUSE_RED = "risks.indicators.because_red"
BECAUSE_TURNED = "risks.indicators.because_turned"


@dataclass(frozen=True, slots=True)
class Turned:
    """An indicator that stands otherwise than before; `before` None: it never was evaluated."""

    code: str
    kpi_code: str
    before: IndicatorState | None
    state: IndicatorState
    period: str | None


@dataclass(frozen=True, slots=True)
class Acted:
    """What was done to a risk because an indicator is red."""

    risk: str
    indicator: str
    step: Step


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation brought: how many readings it kept, what turned, what was done."""

    readings: int = 0
    turned: tuple[Turned, ...] = ()
    acted: tuple[Acted, ...] = ()


def evaluate_indicators(workspace: Workspace, *, by: Actor = SYSTEM) -> Evaluation:
    """Bring every indicator up to date with what is published, then act on what is red.

    Done twice it does nothing more. Only the system may.
    """
    with workspace.read(by, Permission.JOBS_RUN) as reader:
        indicators = [one for one in kept_indicators(reader) if not one.is_retired]
        waiting = [one.code for one in indicators if evaluated(reader, one).is_new]
    kept = [_evaluate(workspace, by, code) for code in waiting]
    return Evaluation(
        readings=sum(count for count, _turned in kept),
        turned=tuple(turned for _count, turned in kept if turned),
        acted=tuple(_act(workspace, by)),
    )


def _evaluate(workspace: Workspace, by: Actor, code: str) -> tuple[int, Turned | None]:
    """One indicator, in one transaction: how many readings are new, and whether it turned."""
    # Whoever was faster may have left nothing to do.
    with suppress(UnrecordedChange), workspace.change(by, Permission.JOBS_RUN) as change:
        found = evaluated(change, take_indicator(change, code, None))
        _keep_readings(change, found)
        return len(found.new), _turn(change, found)
    return 0, None


def _keep_readings(change: Change, found: Evaluated) -> None:
    """Close the readings that are no longer so, beside those that are."""
    for row in found.gone:
        row.replaced_at = change.now
    change.add(*found.gone, *found.rows(change.now))
    if found.gone or found.new:
        indicator = found.indicator
        told = {"kind": indicator.code, "written": len(found.new), "replaced": len(found.gone)}
        change.record(
            AuditTag.INDICATOR_EVALUATED,
            noun=Noun.INDICATOR.value,
            noun_id=indicator.id,
            new=told,
        )


def _turn(change: Change, found: Evaluated) -> Turned | None:
    """Keep that it stands otherwise, where it does."""
    if not found.is_turned:
        return None
    before = found.indicator.standing
    standing = replace(found.standing, turned_at=change.now)
    after = replace(found.indicator, standing=standing)
    cause = {"key": BECAUSE_TURNED, **_told(after)}
    settle_indicator(change, after, AuditTag.INDICATOR_TURNED, cause)
    old = before.state if before else None
    return Turned(after.code, after.kpi_code, old, standing.state, standing.period)


def _act(workspace: Workspace, by: Actor) -> Iterator[Acted]:
    """Every step that is due on risks, each in one transaction, until a look finds none."""
    while waiting := _look(workspace, by):
        for code, indicator_code, link_id in waiting:
            step = _step(workspace, by, code, indicator_code, link_id)
            if step is not None:
                yield Acted(code, indicator_code, step)


def _look(workspace: Workspace, by: Actor) -> tuple[tuple[str, str, str], ...]:
    with workspace.read(by, Permission.JOBS_RUN) as reader:
        return tuple(_due(reader))


def _due(reader: Reader) -> Iterator[tuple[str, str, str]]:
    """The links on which a red indicator has something to do: risk, indicator, link."""
    for indicator in kept_indicators(reader):
        if indicator.is_retired or not indicator.is_red:
            continue
        for link in links_to(reader, indicator.id):
            code = reader.get(RiskRow, link.risk_id).code
            if _next(reader, find(reader, code), indicator, link):
                yield code, indicator.code, link.id


def _step(
    workspace: Workspace, by: Actor, code: str, indicator_code: str, link_id: str
) -> Step | None:
    """The next step on a risk, done; None when none is due any more."""
    with suppress(UnrecordedChange), workspace.change(by, Permission.JOBS_RUN) as change:
        risk, _hand = take(change, code, None)
        indicator = find_indicator(change, indicator_code)
        link = change.get(RiskIndicatorLink, link_id)
        step = _next(change, risk, indicator, link)
        if step is not None:
            after = taken(
                risk, step, new_id=new_id(), by=by.email, now=change.now, today=change.today
            )
            cause = {"key": BECAUSE_RED, **_told(indicator), **_mark(indicator, link)}
            settle(change, risk, after, TAGS[step], cause)
        return step
    return None


def _next(reader: Reader, risk: Risk, indicator: Indicator, link: RiskIndicatorLink) -> Step | None:
    if not indicator.is_red or link.ended_at is not None:
        return None
    return next_step(risk, Effect(link.effect), _done(reader, risk, _mark(indicator, link)))


def _mark(indicator: Indicator, link: RiskIndicatorLink) -> dict[str, Any]:
    """By what the log of a risk tells for which link and episode something was done."""
    episode = indicator.standing.episode if indicator.standing else 0
    return {"link": link.id, "episode": episode}


def _done(reader: Reader, risk: Risk, mark: dict[str, Any]) -> frozenset[Step]:
    """The steps that were done on a risk for a link and episode."""
    table, steps = RecordVersion, {tag.value: step for step, tag in TAGS.items()}
    statement: Any = select(table.tag, table.cause).where(
        table.noun == Noun.RISK.value, table.noun_id == risk.id, col(table.tag).in_(sorted(steps))
    )
    return frozenset(
        steps[tag]
        for tag, cause in reader.all(statement)
        if cause and mark.items() <= cause.items()
    )


def _told(indicator: Indicator) -> dict[str, Any]:
    """Which value made it stand as it does, what that crossed, and which rows are behind it."""
    standing = indicator.standing
    return {
        "indicator": indicator.code,
        "title": indicator.title,
        "kpi": indicator.kpi_code,
        "threshold": indicator.red,
        "state": standing.state.value if standing else None,
        "period": standing.period if standing else None,
        "value": standing.value if standing else None,
        "publication": standing.publication_id if standing else None,
        "event": standing.event_number if standing else None,
    }
