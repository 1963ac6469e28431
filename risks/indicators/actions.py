"""Every write of indicators by people: what is watched from where on, and for which risks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid, NotFound, PermissionDenied
from data.period import Frequency
from data.store import tables
from data.workspace import Change, Workspace
from risks.indicators.judging import is_broken_down, published_frequencies
from risks.indicators.keeping import (
    find_indicator,
    links_to,
    next_code,
    settle_indicator,
    take_indicator,
)
from risks.indicators.record import Indicator
from risks.indicators.thresholds import Thresholds
from risks.register.keeping import because, new_id, settle, take
from risks.register.kinds import Effect, Part
from risks.register.lifecycle import said as text_of
from risks.register.record import IndicatorLink, Risk
from risks.register.states import EDITABLE, Status

LONGEST_TITLE = 200
WATCHED = ("kpi_code", "measure", "office_code", "service_code", "frequency")
LINKABLE = EDITABLE | {Status.CLOSED}  # closed ones are what an indicator can re-open


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of an indicator: its title, what it watches, from where on it warns."""

    title: str
    kpi_code: str
    frequency: Frequency
    thresholds: Thresholds
    measure: str = "value"
    office_code: str | None = None
    service_code: str | None = None


def keep_indicator(
    workspace: Workspace,
    *,
    by: Actor,
    said: Said,
    code: str | None = None,
    version: int | None = None,
    demo: bool = False,
) -> Indicator:
    """Begin to watch something (no code), or say anew how an indicator is called and warns.

    What it watches stays what it is, so that its past means one thing. Others than its author need
    the coordinator's rights to change it.
    """
    with workspace.change(by, Permission.INDICATOR_KEEP) as change:
        if code is None:
            indicator = _begun(change, said, demo=demo)
            _require_published(change, indicator)
        else:
            indicator = _changed(_in_hand(change, code, version), said)
        return settle_indicator(change, indicator, AuditTag.INDICATOR_KEPT)


def retire_indicator(workspace: Workspace, *, by: Actor, code: str, version: int) -> Indicator:
    """Watch it no longer; while a risk leans on it, it stays."""
    with workspace.change(by, Permission.INDICATOR_KEEP) as change:
        indicator = _in_hand(change, code, version)
        links = links_to(change, indicator.id)
        if links:
            raise Invalid("risks.indicators.refused.linked_still", code=code, count=len(links))
        after = replace(indicator, retired_at=change.now)
        return settle_indicator(change, after, AuditTag.INDICATOR_KEPT)


def link_indicator(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    indicator: str,
    effect: Effect,
    reason: str = "",
) -> Risk:
    """Let an indicator warn of a risk; one that is red already acts at the next evaluation."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        if risk.status not in LINKABLE:
            raise Invalid("risks.refused.not_editable", status=risk.status)
        found = find_indicator(change, indicator)
        if found.is_retired:
            raise Invalid("risks.indicators.refused.retired", code=indicator)
        if any(link.indicator_id == found.id for link in risk.indicator_links):
            raise Invalid("risks.indicators.refused.linked_already", code=indicator)
        link = IndicatorLink(new_id(), found.id, effect, by.email, change.now)
        after = replace(risk, indicators=(*risk.indicators, link))
        return settle(change, risk, after, AuditTag.INDICATOR_LINKED, because(reason))


def unlink_indicator(
    workspace: Workspace, *, by: Actor, code: str, version: int, link_id: str, reason: str
) -> Risk:
    """Let an indicator warn of a risk no longer, with the reason; that it did stays on record."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        why = because(text_of(reason, Part.REASON))
        if link_id not in {link.id for link in risk.indicator_links}:
            raise NotFound("risks.indicators.refused.not_linked")
        kept = tuple(
            replace(link, ended_by=by.email, ended_at=change.now) if link.id == link_id else link
            for link in risk.indicators
        )
        after = replace(risk, indicators=kept)
        return settle(change, risk, after, AuditTag.INDICATOR_LINKED, why)


def _in_hand(change: Change, code: str, version: int | None) -> Indicator:
    """An indicator in use, for whoever may change it."""
    indicator = take_indicator(change, code, version)
    coordinates = change.by.may(Permission.RISK_COORDINATE)
    if not (change.by.email == indicator.author or coordinates):
        raise PermissionDenied("risks.indicators.refused.not_yours")
    if indicator.is_retired:
        raise Invalid("risks.indicators.refused.retired", code=code)
    return indicator


def _begun(change: Change, said: Said, *, demo: bool) -> Indicator:
    rule = said.thresholds
    rule.check(said.frequency)
    return Indicator(
        id=new_id(),
        code=next_code(change),
        title=_title(said),
        kpi_code=said.kpi_code,
        measure=said.measure,
        office_code=said.office_code,
        service_code=said.service_code,
        frequency=said.frequency,
        direction=rule.side,
        amber=rule.amber,
        red=rule.red,
        periods=rule.periods,
        min_cases=rule.min_cases,
        stale_after_days=rule.stale_after_days,
        author=change.by.email,
        demo=demo,
        created_at=change.now,
    )


def _changed(indicator: Indicator, said: Said) -> Indicator:
    if any(getattr(indicator, name) != getattr(said, name) for name in WATCHED):
        raise Invalid("risks.indicators.refused.watches", code=indicator.code)
    rule = said.thresholds
    rule.check(indicator.frequency)
    after = replace(
        indicator,
        title=_title(said),
        direction=rule.side,
        amber=rule.amber,
        red=rule.red,
        periods=rule.periods,
        min_cases=rule.min_cases,
        stale_after_days=rule.stale_after_days,
    )
    if after == indicator:
        raise Invalid("risks.refused.nothing_changed")
    return after


def _title(said: Said) -> str:
    title = text_of(said.title, Part.TITLE)
    if len(title) > LONGEST_TITLE:
        raise Invalid("risks.refused.too_long", part=Part.TITLE, longest=LONGEST_TITLE)
    return title


def _require_published(change: Change, indicator: Indicator) -> None:
    """What is to be watched must be there: the KPI in use, and values of it at the frequency."""
    kpi = change.find(tables.KpiDefinition, indicator.kpi_code)
    if kpi is None or kpi.retired_at is not None:
        raise NotFound("risks.indicators.refused.no_kpi", code=indicator.kpi_code)
    if indicator.office_code is not None:
        change.get(tables.Office, indicator.office_code)
    if indicator.service_code is not None:
        change.get(tables.Service, indicator.service_code)
    known = published_frequencies(change, indicator.kpi_code, indicator.measure)
    if not known:
        raise Invalid("risks.indicators.refused.not_published", code=indicator.kpi_code)
    if indicator.frequency not in known:
        raise Invalid(
            "risks.indicators.refused.no_frequency",
            code=indicator.kpi_code,
            frequency=indicator.frequency,
            known=known,
        )
    if not is_broken_down(change, indicator):
        raise Invalid("risks.indicators.refused.not_broken_down", code=indicator.kpi_code)
