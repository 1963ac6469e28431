"""When a draft may be adopted, and what becomes of the edition before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from graphlib import CycleError, TopologicalSorter

from data.errors import Conflict, Invalid, Refusal
from kpis.strategy.record import Edition, EditionState, StrategyObjective


def faults(edition: Edition) -> Iterator[Refusal]:
    """Everything that keeps a draft from being adopted."""
    if not edition.objectives:
        yield Invalid("strategy.refused.empty")
    lanes = {one.code for one in edition.perspectives}
    for code, one in edition.by_code.items():
        if not one.owner:
            yield Invalid("strategy.refused.no_owner", code=code)
        if not one.kpis:
            yield Invalid("strategy.refused.no_kpi", code=code)
        if one.perspective not in lanes:
            yield Invalid("strategy.refused.no_perspective", code=code)
        yield from _rule_faults(one)
    if circle := circle_of(edition):
        yield Invalid("strategy.refused.circle", codes=" → ".join(circle))


def _rule_faults(objective: StrategyObjective) -> Iterator[Refusal]:
    """What is wrong with its rule, now that its KPIs may be others."""
    try:
        objective.rule.check(objective.kpis)
    except Invalid as fault:
        yield fault


def circle_of(edition: Edition) -> tuple[str, ...]:
    """Objectives that lead back to themselves, the first again at the end; none: empty."""
    graph: dict[str, set[str]] = {}
    for link in edition.links:
        graph.setdefault(link.effect, set()).add(link.cause)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def adopted(edition: Edition, by: str, at: datetime) -> Edition:
    """The draft in force; the first thing that is wrong with it refuses."""
    if not edition.is_draft:
        raise Conflict("strategy.refused.no_draft", code=edition.code, state=edition.state)
    for fault in faults(edition):
        raise fault
    return replace(edition, state=EditionState.ADOPTED, adopted_by=by, adopted_at=at)


def replaced(edition: Edition, at: datetime) -> Edition:
    """The edition in force, given way to the next one."""
    return replace(edition, state=EditionState.REPLACED, replaced_at=at)


def withdrawn(edition: Edition) -> Edition:
    """The draft, not wanted any more."""
    if not edition.is_draft:
        raise Conflict("strategy.refused.no_draft", code=edition.code, state=edition.state)
    return replace(edition, state=EditionState.WITHDRAWN)
