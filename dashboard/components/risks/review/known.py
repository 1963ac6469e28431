"""What a round of reviews is drawn from, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard.context import PageContext
from data.access.permissions import Permission
from data.codec import build
from risks.criteria.reading import in_force
from risks.criteria.scale import Criteria
from risks.incidents.reading import incidents_of, read_incidents
from risks.incidents.record import Incident
from risks.indicators.reading import IndicatorView, indicators_of
from risks.register.hands import owners_stood_in_for
from risks.register.naming import Naming, read_naming
from risks.register.reading import read_past, read_register
from risks.register.record import Risk
from risks.register.reviewing import Round, review_round


@dataclass(frozen=True, slots=True)
class Known:
    """The round, its first card in turn with what watches over it, and the words for all of it."""

    round: Round
    risks: Mapping[str, Risk]  # all that the person may see, by code
    own: tuple[Risk, ...]  # active, whether due or not
    criteria: Criteria
    naming: Naming
    today: date


@dataclass(frozen=True, slots=True)
class Watched:
    """What happened around a risk: incidents that were this risk, indicators that warn of it."""

    incidents: tuple[Incident, ...]
    indicators: tuple[IndicatorView, ...]


def read(context: PageContext, *, early: bool) -> Known:
    """The round of the person who looks: his own risks and those of whom he stands in for.

    A risk that the link names is in it although its time has not come, if he may work on it.
    """
    actor = context.actor
    with context.workspace.read(actor, Permission.RISK_WORK) as reader:
        risks, today = read_register(reader), reader.today
        owners = {actor.email} | owners_stood_in_for(reader, actor.email)
        asked = {one.code for one in risks if _is_asked(context, one, owners)}
        zone = context.workspace.settings.zone
        return Known(
            review_round(risks, owners, actor.email, today, zone, asked=asked, early=early),
            {one.code: one for one in risks},
            tuple(one for one in risks if one.is_active and one.owner in owners),
            in_force(reader),
            read_naming(reader),
            today,
        )


def watched(context: PageContext, risk: Risk) -> Watched:
    """What happened around one risk, as far as the person may see it."""
    with context.workspace.read(context.actor, Permission.RISK_WORK) as reader:
        indicators = tuple(view for _link, view in indicators_of(reader, risk))
        incidents = incidents_of(read_incidents(reader), risk.code)
    return Watched(tuple(incidents), indicators)


def seen(context: PageContext, risk: Risk, version: int) -> Risk | None:
    """A risk as it stood in an earlier version."""
    with context.workspace.read(context.actor, Permission.RISK_WORK) as reader:
        past = read_past(reader, risk)
    found = next((one for one in past if one.document["row_version"] == version), None)
    return build(Risk, found.document) if found else None


def _is_asked(context: PageContext, risk: Risk, owners: set[str]) -> bool:
    """Whether the link names it and the person works on it, for himself or as a coordinator."""
    coordinates = context.may_in(Permission.RISK_COORDINATE, risk.unit_code)
    return risk.code == context.link.risk and (risk.owner in owners or coordinates)
