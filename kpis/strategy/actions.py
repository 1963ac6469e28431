"""Every write of the strategy: draft, keep its parts, adopt, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound
from data.records import amend, begin, take
from data.store.tables import Agency, KpiDefinition, Objective, Person
from data.workspace import Change, Workspace, snapshot
from kpis.definitions import LANGUAGES, Words
from kpis.strategy import adopting, drafting
from kpis.strategy.reading import draft_of, in_force
from kpis.strategy.record import EDITION, CauseLink, Edition, Perspective, StrategyObjective

KEEP = Permission.STRATEGY_KEEP
Rule = Callable[[Edition], Edition]


def draft_edition(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    names: Words,
    vision: Words,
    first_day: date,
    last_day: date,
    assumption: bool = False,
) -> Edition:
    """Begin an edition with nothing in it; beside another draft it is a Conflict."""
    with workspace.change(by, KEEP) as change:
        made = drafting.first_draft(code, names, vision, first_day, last_day, assumption=assumption)
        return _begun(change, made)


def copy_edition(
    workspace: Workspace, *, by: Actor, code: str, names: Words, first_day: date, last_day: date
) -> Edition:
    """Begin an edition with all that the one in force says, and the KPIs as they serve now."""
    with workspace.change(by, KEEP) as change:
        former = in_force(change)
        if former is None:
            raise NotFound("strategy.refused.none")
        today = _as_served(change, former.value)
        return _begun(change, drafting.copied(today, code, names, first_day, last_day))


def keep_frame(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    names: Words,
    vision: Words,
    first_day: date,
    last_day: date,
    assumption: bool,
) -> Edition:
    """Change the names, vision and years of a draft."""

    def rule(edition: Edition) -> Edition:
        return drafting.with_frame(
            edition, names, vision, first_day, last_day, assumption=assumption
        )

    return _amended(workspace, by, code, version, rule)


def keep_perspective(
    workspace: Workspace, *, by: Actor, code: str, version: int, perspective: Perspective
) -> Edition:
    """Add a perspective to a draft, or word it anew."""
    return _amended(
        workspace, by, code, version, lambda one: drafting.with_perspective(one, perspective)
    )


def drop_perspective(
    workspace: Workspace, *, by: Actor, code: str, version: int, perspective: str
) -> Edition:
    """Take a perspective without objectives out of a draft."""
    return _amended(
        workspace, by, code, version, lambda one: drafting.without_perspective(one, perspective)
    )


def keep_objective(
    workspace: Workspace, *, by: Actor, code: str, version: int, objective: StrategyObjective
) -> Edition:
    """Add an objective to a draft, or say it anew; owner and KPIs have to exist."""
    with workspace.change(by, KEEP) as change:
        _check_people(change, objective)
        _check_kpis(change, objective)
        wanted = replace(objective, owner=objective.owner.lower())
        return _settled(change, code, version, lambda one: drafting.with_objective(one, wanted))


def drop_objective(
    workspace: Workspace, *, by: Actor, code: str, version: int, objective: str
) -> Edition:
    """Take an objective and its links out of a draft."""
    return _amended(
        workspace, by, code, version, lambda one: drafting.without_objective(one, objective)
    )


def keep_link(
    workspace: Workspace, *, by: Actor, code: str, version: int, link: CauseLink
) -> Edition:
    """Add a cause-effect link to a draft, or change its note."""
    return _amended(workspace, by, code, version, lambda one: drafting.with_link(one, link))


def drop_link(
    workspace: Workspace, *, by: Actor, code: str, version: int, cause: str, effect: str
) -> Edition:
    """Take a link out of a draft."""
    return _amended(
        workspace, by, code, version, lambda one: drafting.without_link(one, cause, effect)
    )


def adopt_edition(workspace: Workspace, *, by: Actor, code: str, version: int) -> Edition:
    """Put a draft in force: the former is replaced, objectives and KPIs are what it says."""
    with workspace.change(by, KEEP) as change:
        former = in_force(change)
        kept = take(change, EDITION, code, Edition, version)
        for objective in kept.value.objectives:
            _check_people(change, objective)
        made = adopting.adopted(kept.value, by.email, change.now)
        if former is not None:
            gone = adopting.replaced(former.value, change.now)
            amend(change, EDITION, former.id, gone, AuditTag.STRATEGY_KEPT)
        amend(change, EDITION, code, made, AuditTag.STRATEGY_ADOPTED)
        _write_objectives(change, made)
        _charge_kpis(change, made)
        return made


def withdraw_edition(workspace: Workspace, *, by: Actor, code: str, version: int) -> Edition:
    """Put a draft aside; its past stays."""
    return _amended(workspace, by, code, version, adopting.withdrawn)


def _begun(change: Change, made: Edition) -> Edition:
    standing = draft_of(change)
    if standing is not None:
        raise Conflict("strategy.refused.one_draft", code=standing.id)
    begin(change, EDITION, made.code, made, AuditTag.STRATEGY_KEPT)
    return made


def _amended(workspace: Workspace, by: Actor, code: str, version: int, rule: Rule) -> Edition:
    with workspace.change(by, KEEP) as change:
        return _settled(change, code, version, rule)


def _settled(change: Change, code: str, version: int, rule: Rule) -> Edition:
    made = rule(take(change, EDITION, code, Edition, version).value)
    amend(change, EDITION, code, made, AuditTag.STRATEGY_KEPT)
    return made


def _check_people(change: Change, objective: StrategyObjective) -> None:
    """Refuse an owner whom nobody knows or who left; none is allowed in a draft."""
    if not objective.owner:
        return
    statement = select(Person).where(Person.email == objective.owner.lower())
    person = change.first(statement)
    if person is None or not person.active:
        raise Invalid("strategy.refused.nobody", email=objective.owner, code=objective.code)


def _check_kpis(change: Change, objective: StrategyObjective) -> None:
    for code in objective.kpis:
        found = change.find(KpiDefinition, code)
        if found is None or found.retired_at is not None:
            raise NotFound("kpis.refused.no_kpi", code=code)


def _as_served(change: Change, edition: Edition) -> Edition:
    """The edition with the KPIs that serve each objective by now."""
    rows = change.all(
        select(KpiDefinition)
        .where(col(KpiDefinition.retired_at).is_(None))
        .order_by(col(KpiDefinition.position), col(KpiDefinition.code))
    )
    serving: dict[str | None, tuple[str, ...]] = {}
    for row in rows:
        serving[row.objective_code] = (*serving.get(row.objective_code, ()), row.code)
    objectives = tuple(replace(one, kpis=serving.get(one.code, ())) for one in edition.objectives)
    return replace(edition, objectives=objectives)


def _write_objectives(change: Change, edition: Edition) -> None:
    """The rows that KPIs and risks refer to say what the strategy says; none is ever deleted."""
    house = change.find(Agency, 1)
    for place, one in enumerate(edition.by_code.values()):
        row = change.find(Objective, one.code)
        old = snapshot(row) if row else None
        values = {"challenge": one.challenge, "position": place}
        values |= {f"name_{language}": getattr(one.names, language) for language in LANGUAGES}
        if row is None:
            demo = house is not None and house.demo
            row = Objective.model_validate({"code": one.code, "demo": demo, **values})
        elif all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        change.add(row)
        change.record(AuditTag.OBJECTIVE_KEPT, row, old=old, new=snapshot(row))


def _charge_kpis(change: Change, edition: Edition) -> None:
    """Each KPI serves the objective that names it, and none where no objective does."""
    serves = edition.serves()
    for row in change.all(select(KpiDefinition).order_by(col(KpiDefinition.code))):
        wanted = serves.get(row.code)
        if row.objective_code == wanted or row.retired_at is not None:
            continue
        old = {"objective_code": row.objective_code}
        row.objective_code = wanted
        change.add(row)
        change.record(AuditTag.KPI_DEFINED, row, old=old, new={"objective_code": wanted})
